//! Accounts, made through Synapse's registration by shared secret, which needs neither an administrator nor a second process.

use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha1::Sha1;

use crate::{
    UserId, config,
    wire::{Api, Failed},
};

const PATH: &str = "/_synapse/admin/v1/register";

/// What somebody needs for logging in.
#[derive(Clone, Debug)]
pub struct Account {
    /// The display name from the start.
    pub name: String,
    /// The full user id.
    pub user_id: UserId,
    /// The user id's part between `@` and `:`.
    pub localpart: String,
    /// In plain text.
    pub password: String,
}

impl Account {
    pub(crate) fn new(name: &str, suffix: &str, server: &str) -> Self {
        let plain = name.to_lowercase();
        let plain: String = plain
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        let localpart = format!("{plain}-{suffix}");
        Self {
            name: name.to_owned(),
            user_id: UserId::from(format!("@{localpart}:{server}")),
            password: format!("secret of {localpart}"),
            localpart,
        }
    }
}

/// Makes the account known to the server.
///
/// # Panics
/// When the server cannot be reached or refuses.
pub(crate) async fn register(url: &str, account: &Account) {
    if let Err(failed) = try_register(&Api::new(url), account).await {
        panic!("registering {}: {failed}", account.user_id);
    }
}

async fn try_register(api: &Api, account: &Account) -> Result<(), Failed> {
    let nonce = api.get(PATH).await?;
    let nonce = nonce
        .get("nonce")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let body = json!({
        "nonce": nonce,
        "username": account.localpart,
        "displayname": account.name,
        "password": account.password,
        "admin": false,
        "mac": mac(nonce, account),
        "inhibit_login": true,
    });
    api.post(PATH, &body).await?;
    Ok(())
}

/// The proof that the secret is known, as Synapse's documentation of shared-secret registration says it is made.
fn mac(nonce: &str, account: &Account) -> String {
    let secret = config::REGISTRATION_SECRET.as_bytes();
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("a key of any length will do");
    mac.update(
        [nonce, &account.localpart, &account.password, "notadmin"]
            .join("\0")
            .as_bytes(),
    );
    mac.finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
