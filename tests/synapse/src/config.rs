//! What the homeserver is told: loopback only, no rate limits, and either no federation and a fixed name or federation with
//! others of the same test. Pure.

use serde_json::{Value, json};

use crate::{certificates::Certificates, federation::Federation};

/// What a server is called that does not federate.
pub(crate) const NAME: &str = "localhost";

/// Lets [`crate::register`] make accounts.
pub(crate) const REGISTRATION_SECRET: &str = "for tests on loopback only";

const CA: &str = "ca.pem";
const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "key.pem";

/// Where a server listens, on 127.0.0.1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ports {
    /// To its own people.
    pub(crate) client: u16,
    /// To other servers, if it federates.
    pub(crate) federation: u16,
}

/// What a data folder has to hold before the start: names and contents.
pub(crate) type Files = Vec<(&'static str, String)>;

/// For a server that does not federate, with these keys of `homeserver.yaml` set otherwise.
pub(crate) fn alone(port: u16, settings: &Value) -> Files {
    files(with(homeserver(port), settings))
}

/// For one of several that federate.
pub(crate) fn federating(ports: Ports, federation: &Federation) -> Files {
    let Certificates {
        ca,
        certificate,
        key,
    } = federation.certificates.clone();
    let mut files = files(with(homeserver(ports.client), &shared(ports, federation)));
    files.extend([(CA, ca), (CERTIFICATE, certificate), (KEY, key)]);
    files
}

fn files(homeserver: Value) -> Files {
    vec![
        ("homeserver.yaml", homeserver.to_string()),
        ("log.yaml", log().to_string()),
    ]
}

fn with(mut homeserver: Value, settings: &Value) -> Value {
    for (key, value) in settings.as_object().into_iter().flatten() {
        homeserver[key] = value.clone();
    }
    homeserver
}

/// `homeserver.yaml` (JSON is YAML) for a server whose current folder is its data folder.
fn homeserver(port: u16) -> Value {
    let open = json!({ "per_second": 100_000, "burst_count": 100_000 });
    json!({
        "server_name": NAME,
        "pid_file": "homeserver.pid",
        "listeners": [{
            "port": port,
            "type": "http",
            "tls": false,
            "bind_addresses": ["127.0.0.1"],
            "resources": [{ "names": ["client"], "compress": false }],
        }],
        "database": { "name": "sqlite3", "args": { "database": "homeserver.db" } },
        "log_config": "log.yaml",
        "media_store_path": "media",
        "report_stats": false,
        "registration_shared_secret": REGISTRATION_SECRET,
        // A key written down here saves a run of `--generate-keys`; nobody verifies what it signs.
        "signing_key": format!("ed25519 a_test {}", "A".repeat(43)),
        "macaroon_secret_key": "for tests on loopback only",
        "form_secret": "for tests on loopback only",
        // The least there is: the default makes each registration and each login take a quarter of a second.
        "bcrypt_rounds": 4,
        "trusted_key_servers": [],
        "suppress_key_server_warning": true,
        "federation_domain_whitelist": [],
        "url_preview_enabled": false,
        "presence": { "enabled": false },
        "rc_message": open,
        "rc_registration": open,
        "rc_registration_token_validity": open,
        "rc_login": { "address": open, "account": open, "failed_attempts": open },
        "rc_admin_redaction": open,
        "rc_joins": { "local": open, "remote": open },
        "rc_joins_per_room": open,
        "rc_key_requests": open,
        "rc_3pid_validation": open,
        "rc_invites": { "per_room": open, "per_user": open, "per_issuer": open },
        "rc_third_party_invite": open,
        "rc_media_create": open,
        "rc_presence": { "per_user": open },
        "rc_delayed_event_mgmt": open,
        "rc_room_creation": open,
        "rc_reports": open,
        "rc_user_directory": open,
        "rc_profile": open,
    })
}

/// What of `homeserver.yaml` is otherwise for a server that federates: it listens to the others too, with TLS.
fn shared(ports: Ports, federation: &Federation) -> Value {
    let listener = |port: u16, tls: bool, name: &str| {
        json!({
            "port": port,
            "type": "http",
            "tls": tls,
            "bind_addresses": ["127.0.0.1"],
            "resources": [{ "names": [name], "compress": false }],
        })
    };
    json!({
        "server_name": federation.name,
        "listeners": [
            listener(ports.client, false, "client"),
            listener(ports.federation, true, "federation"),
        ],
        // Each server's own, or the others would take its events for forged.
        "signing_key": format!("ed25519 a_test {:A<43}", ports.federation),
        "tls_certificate_path": CERTIFICATE,
        "tls_private_key_path": KEY,
        "federation_custom_ca_list": [CA],
        "federation_domain_whitelist": federation.names,
        "ip_range_blacklist": [],
        "http_proxy": null,
        "https_proxy": null,
        "rc_federation": {
            "window_size": 1000,
            "sleep_limit": 100_000,
            "sleep_delay": 1,
            "reject_limit": 100_000,
            "concurrent": 1000,
        },
        // Milliseconds. What is to be sent is tried again and again until the link is whole, and a server that was out of reach
        // is never left alone for long; what somebody waits for fails at once.
        "federation": {
            "client_timeout": 20_000,
            "max_long_retries": 10_000,
            "max_long_retry_delay": 200,
            "max_short_retries": 1,
            "max_short_retry_delay": 100,
            "destination_min_retry_interval": 1,
            "destination_max_retry_interval": 1,
        },
    })
}

/// `log.yaml`: warnings and worse, into a file.
fn log() -> Value {
    json!({
        "version": 1,
        "disable_existing_loggers": false,
        "formatters": { "line": { "format": "%(asctime)s %(levelname)s %(name)s %(message)s" } },
        "handlers": {
            "file": { "class": "logging.FileHandler", "filename": "homeserver.log", "formatter": "line" },
        },
        "root": { "level": "WARNING", "handlers": ["file"] },
    })
}
