//! The three ways to Discord: straight, through a REST proxy, or a server of one's own with its certificate.

use std::fs;
use std::time::Duration;

use bot_core::settings::DiscordSettings;
use serde_json::Value;
use serenity::http::{Http, HttpBuilder, Route};
use serenity::model::id::{ApplicationId, UserId};
use serenity_reqwest::{Certificate, Client, Url};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::fault::DiscordFault;
use crate::names;
use crate::rest::{Failure, Rest};
use crate::transport::Transport;

/// How long a gateway has to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest that a request may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Who the bot is, and where it is to listen.
#[derive(Clone, Debug)]
pub(crate) struct BotIdentity {
    /// Its application.
    pub(crate) application: ApplicationId,
    /// Its user.
    pub(crate) user: UserId,
    /// Where the gateway is.
    pub(crate) gateway: String,
    /// Over how many connections Discord recommends to listen.
    pub(crate) shards: u32,
}

/// The way to Discord, as the settings have it. Blocking: it reads the certificate.
pub(crate) fn way(settings: &DiscordSettings) -> Result<Transport, DiscordFault> {
    let client = client(settings)?;
    Ok(Transport::new(
        client,
        &settings.token.0,
        settings.proxy.clone(),
    ))
}

/// The same for serenity, which asks how to listen. Blocking.
pub(crate) fn http(settings: &DiscordSettings) -> Result<Http, DiscordFault> {
    let builder = HttpBuilder::new(&settings.token.0).client(client(settings)?);
    Ok(match &settings.proxy {
        // A proxy keeps to the limits itself; serenity would not use one beside its own limiter.
        Some(proxy) => builder.proxy(proxy).ratelimiter_disabled(true),
        None => builder,
    }
    .build())
}

fn client(settings: &DiscordSettings) -> Result<Client, DiscordFault> {
    let mut client = Client::builder().timeout(TIMEOUT);
    if let Some(path) = &settings.ca_file {
        let wrong = |why: String| DiscordFault::Certificate {
            path: path.clone(),
            why,
        };
        let pem = fs::read(path).map_err(|error| wrong(error.to_string()))?;
        let authority = Certificate::from_pem(&pem).map_err(|error| wrong(error.to_string()))?;
        client = client.add_root_certificate(authority);
    }
    client.build().map_err(|error| DiscordFault::Unreachable {
        address: address(settings),
        why: error.to_string(),
    })
}

/// Asks whether Discord is there and knows the bot, before anything is begun: serenity itself would fall back silently.
pub(crate) async fn preflight(
    rest: &Rest,
    settings: &DiscordSettings,
) -> Result<BotIdentity, DiscordFault> {
    let unreachable = |why: String| {
        let address = address(settings);
        match speaks_no_tls(&address, &why) {
            true => DiscordFault::NoTls { address, why },
            false => DiscordFault::Unreachable { address, why },
        }
    };
    let fault = |failure: Failure| match failure {
        Failure::Refused { status: 401, .. } => DiscordFault::Token,
        failure => unreachable(failure.to_string()),
    };
    let ask = |route| rest.get(route, Vec::new());
    let gateway = ask(Route::GatewayBot).await.map_err(fault)?;
    let user = ask(Route::UserMe).await.map_err(fault)?;
    let application = ask(Route::Oauth2ApplicationCurrent).await.map_err(fault)?;
    let id = |of: &Value| of["id"].as_str().and_then(names::id);
    let own = id(&user).zip(id(&application)).zip(gateway["url"].as_str());
    let Some(((user, application), url)) = own else {
        return Err(unreachable("what answers there is not Discord".to_owned()));
    };
    Ok(BotIdentity {
        application: ApplicationId::new(application),
        user: UserId::new(user),
        gateway: settings
            .gateway_url
            .clone()
            .unwrap_or_else(|| url.to_owned()),
        shards: gateway["shards"]
            .as_u64()
            .and_then(|shards| shards.try_into().ok())
            .unwrap_or(1),
    })
}

/// Whether what failed is TLS, because plain text came in its place, as the library for it says that.
fn speaks_no_tls(address: &str, why: &str) -> bool {
    address.starts_with("https://") && why.contains("corrupt message")
}

/// Where Discord is asked.
pub(crate) fn address(settings: &DiscordSettings) -> String {
    settings
        .proxy
        .clone()
        .unwrap_or_else(|| "https://discord.com".to_owned())
}

/// Connects and hangs up: a session that begins would count.
pub(crate) async fn connects(url: &str) -> Result<(), String> {
    let url = Url::parse(url).map_err(|error| error.to_string())?;
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err("it is no address".to_owned());
    };
    match timeout(PATIENCE, TcpStream::connect((host, port))).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer for {} s", PATIENCE.as_secs())),
    }
}
