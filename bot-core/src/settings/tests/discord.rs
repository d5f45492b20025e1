//! The section `[discord]`.

use super::*;

const TOKEN: &str = "[discord]\ntoken = \"MTk4.not.a-real_one\"\n";
const CERTIFICATE: &str = "# mine\n-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";

#[test]
fn discord_is_served_once_there_is_a_token() {
    for text in [
        "",
        "[discord]\n",
        "[discord]\nproxy = \"not looked at\"\nchannels = [\"x\"]\n",
    ] {
        let settings = World::with(text).load(&[]).expect("good settings");
        assert_eq!(settings.discord, None, "{text}");
    }
    let world = World::with(&format!(
        "{TOKEN}proxy = \"http://localhost:3000/\"\ngateway_url = \"ws://[::1]:3001\"\nca_file = \"ca.pem\"\n\
         channels = [\"1093476245310504990\", \"18446744073709551615\"]\n"
    ));
    world.write("ca.pem", CERTIFICATE);
    let settings = world
        .load(&[("STOA__DISCORD__IGNORE", "1, 80351110224678912")])
        .expect("good settings");
    assert_eq!(
        settings.discord,
        Some(DiscordSettings {
            token: Secret("MTk4.not.a-real_one".to_owned()),
            proxy: Some("http://localhost:3000".to_owned()),
            gateway_url: Some("ws://[::1]:3001".to_owned()),
            ca_file: Some(world.dir.path().join("ca.pem")),
            channels: vec![Snowflake(1_093_476_245_310_504_990), Snowflake(u64::MAX)],
            ignore: vec![Snowflake(1), Snowflake(80_351_110_224_678_912)],
            read_again_after: std::time::Duration::from_secs(30),
        })
    );
    let shown = format!("{settings:?}");
    assert!(
        shown.contains("(secret)") && !shown.contains("MTk4"),
        "{shown}"
    );
}

#[test]
fn reactions_are_read_again_within_an_hour() {
    for wrong in [0, -1, 3601] {
        assert_eq!(
            World::with(&format!("{TOKEN}read_again_after = {wrong}\n")).complaint(&[]),
            format!(
                "discord.read_again_after in stoa.toml is {wrong}, which is not from 1 to 3600; write a number of seconds, \
                 such as 30"
            )
        );
    }
}

#[test]
fn a_number_of_seconds_may_stand_in_a_variable() {
    let variable = |seconds| [("STOA__DISCORD__READ_AGAIN_AFTER", seconds)];
    let settings = World::with(TOKEN).load(&variable("5")).expect("good");
    let after = settings.discord.expect("a section").read_again_after;
    assert_eq!(after, std::time::Duration::from_secs(5));
    assert_eq!(
        World::with(TOKEN).complaint(&variable("soon")),
        "discord.read_again_after in the variable STOA__DISCORD__READ_AGAIN_AFTER is soon, which is not from 1 to 3600; write \
         a number of seconds, such as 30"
    );
}

#[test]
fn the_token_stands_here_or_in_a_file_not_both() {
    assert_eq!(
        World::with(TOKEN).complaint(&[("STOA__DISCORD__TOKEN_FILE", "token")]),
        "discord.token (in stoa.toml) and discord.token_file (in the variable STOA__DISCORD__TOKEN_FILE) are both set; keep \
         one of them"
    );
    let world = World::with("[discord]\ntoken_file = \"token\"\n");
    assert_eq!(
        world.complaint(&[]),
        "the file token that discord.token_file in stoa.toml names can’t be read; check its name and who may read it: (what \
         the system says)"
    );
    world.write("token", "\r\n");
    assert_eq!(
        world.complaint(&[]),
        "discord.token_file in stoa.toml names token, which is empty; put the secret in, or leave the key out"
    );
    world.write("token", "MTk4.x\n");
    let settings = world.load(&[]).expect("good settings").discord;
    assert_eq!(
        settings.map(|discord| discord.token),
        Some(Secret("MTk4.x".to_owned()))
    );
}

#[test]
fn what_is_no_token_is_told_but_not_shown() {
    let remedy = "put in the token alone, as the developer portal shows it under Bot";
    for (token, wrong) in [
        (
            "Bot MTk4",
            "holds a token with the word Bot before it, which Stoa adds itself",
        ),
        (
            "bot MTk4",
            "holds a token with the word Bot before it, which Stoa adds itself",
        ),
        (
            "MTk4 Cl2F",
            "holds white space or another sign that no token has",
        ),
        (
            " MTk4",
            "holds white space or another sign that no token has",
        ),
        (
            "MTk4…",
            "holds white space or another sign that no token has",
        ),
    ] {
        assert_eq!(
            complaint(&format!("[discord]\ntoken = \"{token}\"\n")),
            format!("discord.token in stoa.toml {wrong}; {remedy}")
        );
    }
    assert_eq!(
        complaint("[discord]\ntoken = \"\"\n"),
        "discord.token in stoa.toml is empty; put the secret in, or leave the key out"
    );
    assert_eq!(
        complaint("[discord]\ntoken = 198\n"),
        "discord.token in stoa.toml is a number, but must be a text in quotes, such as \"text\""
    );
}

#[test]
fn what_cannot_be_meant_for_discord_is_told_with_what_to_write() {
    for (key, value, wrong) in [
        (
            "proxy",
            "\"localhost:3000\"",
            "does not begin with https:// or http://",
        ),
        (
            "proxy",
            "\"ws://localhost\"",
            "does not begin with https:// or http://",
        ),
        ("proxy", "\"http://:3000\"", "names no server"),
        ("proxy", "\"http://localhost:\"", "has no valid port"),
        ("proxy", "\"http://localhost:0\"", "has no valid port"),
        ("proxy", "\"http://localhost:+80\"", "has no valid port"),
        ("proxy", "\"http://localhost:65536\"", "has no valid port"),
        (
            "proxy",
            "\"http://mira:x@localhost\"",
            "has a name or password in it, which do not belong into an address",
        ),
        (
            "gateway_url",
            "\"https://gateway.discord.gg\"",
            "does not begin with wss:// or ws://",
        ),
        ("gateway_url", "\"wss://\"", "names no server"),
        ("gateway_url", "\"wss://x:port\"", "has no valid port"),
        ("gateway_url", "\"wss://x?v=10\"", "is no address"),
        ("ca_file", "\"\"", "is empty"),
        (
            "channels",
            "[\"help\"]",
            "has \"help\" in it, which is no channel’s id",
        ),
        (
            "channels",
            "[\"1\", \"0\"]",
            "has \"0\" in it, which is no channel’s id",
        ),
        (
            "channels",
            "[\"18446744073709551616\"]",
            "has \"18446744073709551616\" in it, which is no channel’s id",
        ),
        (
            "channels",
            "[\"000000000000000000001\"]",
            "has \"000000000000000000001\" in it, which is no channel’s id",
        ),
        (
            "ignore",
            "[\"+1\"]",
            "has \"+1\" in it, which is no user’s id",
        ),
        ("ignore", "[\"\"]", "has \"\" in it, which is no user’s id"),
    ] {
        let said = complaint(&format!("{TOKEN}{key} = {value}\n"));
        assert!(
            said.starts_with(&format!("discord.{key} in stoa.toml {wrong}; ")),
            "{said}"
        );
    }
    assert_eq!(
        complaint(&format!("{TOKEN}channels = [1093476245310504990]\n")),
        "a part of discord.channels in stoa.toml is a number, but must be a text in quotes, such as \"text\""
    );
}

#[test]
fn a_file_of_certificates_can_be_read_and_holds_one() {
    let world = World::with(&format!("{TOKEN}ca_file = \"ca.pem\"\n"));
    assert_eq!(
        world.complaint(&[]),
        "the file ca.pem that discord.ca_file in stoa.toml names can’t be read; check its name and who may read it: (what \
         the system says)"
    );
    world.write("ca.pem", "MAA=");
    assert_eq!(
        world.complaint(&[]),
        "discord.ca_file in stoa.toml names ca.pem, which holds no certificate; name a PEM file with the authority’s \
         certificate, or leave it out"
    );
}
