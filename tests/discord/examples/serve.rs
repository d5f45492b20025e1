//! Runs the fake by itself, for a look at a bot by hand: a guild with a channel and a forum, until Ctrl-C.

use discord::{Discord, Options};

#[tokio::main]
async fn main() {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok());
    let options = Options {
        port: port.unwrap_or(0),
        ..Options::default()
    };
    let discord = Discord::start_with(options).await;
    let guild = discord.guild("Kitchen").await;
    guild.text_channel("help").await;
    guild.forum_channel("questions", &["setup", "rust"]).await;
    println!("REST     {}/api/v10", discord.rest_url());
    println!("TLS      {}/api/v10", discord.tls_url());
    println!("proxy    {} (to discord.com)", discord.connect_proxy());
    println!("gateway  {}", discord.gateway_url());
    println!("token    {}", discord.token());
    println!("trust for TLS:\n{}", discord.ca_pem());
    println!("Ctrl-C ends it.");
    // Without a signal handler it simply runs on until it is killed.
    let _ = tokio::signal::ctrl_c().await;
    for violation in discord.violations() {
        println!("violation: {violation}");
    }
}
