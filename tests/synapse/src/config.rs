//! What the homeserver is told: loopback only, no federation, no rate limits, and a fixed name. Pure.

use serde_json::{Value, json};

/// Lets [`crate::register`] make accounts.
pub(crate) const REGISTRATION_SECRET: &str = "for tests on loopback only";

/// `homeserver.yaml` (JSON is YAML) for a server whose current folder is its data folder.
pub(crate) fn homeserver(port: u16) -> Value {
    let open = json!({ "per_second": 100_000, "burst_count": 100_000 });
    json!({
        "server_name": "localhost",
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

/// `log.yaml`: warnings and worse, into a file.
pub(crate) fn log() -> Value {
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
