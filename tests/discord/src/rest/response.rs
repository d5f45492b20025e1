//! What an answer looks like on the wire: JSON with the headers of rate limits, a 429, or a page of HTML.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::faults::Scope;

pub(super) fn json_response(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (status, kind, body.to_string()).into_response()
}

pub(super) fn limited(mut response: Response, path: &str) -> Response {
    let headers = response.headers_mut();
    let bucket = path.split(['/', '?']).nth(1).unwrap_or("root");
    for (name, value) in [
        ("x-ratelimit-limit", "50"),
        ("x-ratelimit-remaining", "49"),
        ("x-ratelimit-reset", "1772442001.000"),
        ("x-ratelimit-reset-after", "1.000"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(bucket) = HeaderValue::from_str(bucket) {
        headers.insert("x-ratelimit-bucket", bucket);
    }
    response
}

pub(super) fn too_many(after: f64, scope: Scope) -> Response {
    let (name, text) = match scope {
        Scope::Route => ("user", "You are being rate limited."),
        Scope::Global => (
            "global",
            "You are being blocked from accessing our API temporarily due to exceeding our rate limits frequently.",
        ),
        Scope::Shared => ("shared", "The resource is being rate limited."),
    };
    let is_global = scope == Scope::Global;
    let body = json!({ "message": text, "retry_after": after, "global": is_global });
    let mut response = json_response(429, &body);
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    set("retry-after", format!("{}", after.ceil()));
    set("x-ratelimit-scope", name.to_owned());
    if is_global {
        set("x-ratelimit-global", "true".to_owned());
        return response;
    }
    set("x-ratelimit-limit", "5".to_owned());
    set("x-ratelimit-remaining", "0".to_owned());
    set("x-ratelimit-reset", format!("{after:.3}"));
    set("x-ratelimit-reset-after", format!("{after:.3}"));
    set("x-ratelimit-bucket", "fault".to_owned());
    response
}

pub(super) fn page(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let kind = [(header::CONTENT_TYPE, "text/html")];
    let page = format!("<html><head><title>{status}</title></head><body>cloudflare</body></html>");
    (status, kind, page).into_response()
}
