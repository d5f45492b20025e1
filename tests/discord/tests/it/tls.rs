//! Discord as clients find it by its own name: over TLS, straight or through a proxy.

use std::net::SocketAddr;

use discord::Discord;
use serenity::all::HttpBuilder;
use serenity_reqwest::{Certificate, Client, ClientBuilder, Proxy};

fn trusting(discord: &Discord) -> ClientBuilder {
    let authority = Certificate::from_pem(discord.ca_pem().as_bytes()).unwrap();
    Client::builder()
        .no_proxy()
        .add_root_certificate(authority)
        .user_agent("DiscordBot (https://example.org, 1)")
}

async fn me(discord: &Discord, client: Client) -> Option<String> {
    let http = HttpBuilder::new(discord.token()).client(client).build();
    let me = http.get_current_user().await;
    me.ok().map(|me| me.name.clone())
}

#[tokio::test]
async fn a_client_that_trusts_the_authority_takes_it_for_discord() {
    let discord = Discord::start().await;
    let here = SocketAddr::from(([127, 0, 0, 1], discord.tls_port()));
    let client = trusting(&discord).resolve("discord.com", here);
    assert_eq!(
        me(&discord, client.build().unwrap()).await.as_deref(),
        Some("bot")
    );
    let by_number = trusting(&discord).build().unwrap();
    let gateway = format!("{}/api/v10/gateway", discord.tls_url());
    let asked = by_number
        .get(gateway)
        .header("authorization", format!("Bot {}", discord.token()));
    let told = asked.send().await.unwrap().text().await.unwrap();
    assert!(told.contains(&discord.gateway_url()), "{told}");
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn a_stranger_does_not_get_through() {
    let discord = Discord::start().await;
    let stranger = Client::builder().no_proxy().build().unwrap();
    let error = stranger.get(discord.tls_url()).send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert!(discord.requests().is_empty());
}

#[tokio::test]
async fn a_proxy_finds_discord_and_nothing_else() {
    let discord = Discord::start().await;
    let proxied = || {
        let proxy = Proxy::https(discord.connect_proxy()).unwrap();
        trusting(&discord).proxy(proxy).build().unwrap()
    };
    assert_eq!(me(&discord, proxied()).await.as_deref(), Some("bot"));
    assert!(proxied().get("https://example.org").send().await.is_err());
    assert_eq!(discord.tunnels(), ["discord.com:443", "example.org:443"]);
    assert_eq!(discord.violations(), []);
}
