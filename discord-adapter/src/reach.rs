//! The three ways to Discord: straight, through a REST proxy, or a server of one's own with its certificate.

use std::fs;
use std::time::Duration;

use bot_core::settings::DiscordSettings;
use serenity::Error;
use serenity::http::{Http, HttpBuilder, HttpError};
use serenity::model::id::{ApplicationId, UserId};

use crate::fault::DiscordFault;

/// The longest that a request may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Who the bot is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Own {
    /// Its application.
    pub(crate) application: ApplicationId,
    /// Its user.
    pub(crate) user: UserId,
}

/// The interface as the settings say it is reached. Blocking: it reads the certificate.
pub(crate) fn http(settings: &DiscordSettings) -> Result<Http, DiscordFault> {
    let mut client = serenity_reqwest::Client::builder().timeout(TIMEOUT);
    if let Some(path) = &settings.ca_file {
        let wrong = |why: String| DiscordFault::Certificate {
            path: path.clone(),
            why,
        };
        let pem = fs::read(path).map_err(|error| wrong(error.to_string()))?;
        let authority = serenity_reqwest::Certificate::from_pem(&pem)
            .map_err(|error| wrong(error.to_string()))?;
        client = client.add_root_certificate(authority);
    }
    let client = client.build().map_err(|error| DiscordFault::Unreachable {
        address: address(settings),
        why: error.to_string(),
    })?;
    let builder = HttpBuilder::new(&settings.token.0).client(client);
    Ok(match &settings.proxy {
        // A proxy keeps to the limits itself; serenity would not use one beside its own limiter.
        Some(proxy) => builder.proxy(proxy).ratelimiter_disabled(true),
        None => builder,
    }
    .build())
}

/// Asks whether Discord is there and knows the bot, before anything is begun: serenity itself would fall back silently.
pub(crate) async fn preflight(
    http: &Http,
    settings: &DiscordSettings,
) -> Result<Own, DiscordFault> {
    let fault = |error: Error| match error {
        Error::Http(HttpError::UnsuccessfulRequest(refused))
            if refused.status_code.as_u16() == 401 =>
        {
            DiscordFault::Token
        }
        error => DiscordFault::Unreachable {
            address: address(settings),
            why: error.to_string(),
        },
    };
    http.get_bot_gateway().await.map_err(fault)?;
    let user = http.get_current_user().await.map_err(fault)?;
    let application = http.get_current_application_info().await.map_err(fault)?;
    Ok(Own {
        application: application.id,
        user: user.id,
    })
}

/// Where Discord is asked.
pub(crate) fn address(settings: &DiscordSettings) -> String {
    settings
        .proxy
        .clone()
        .unwrap_or_else(|| "https://discord.com".to_owned())
}
