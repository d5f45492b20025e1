//! How a request is refused: status, Discord's own code, and where in the body the trouble is.

use serde_json::{Map, Value, json};

/// A refused request.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: u32,
    pub(crate) message: &'static str,
    pub(crate) errors: Vec<Trouble>,
}

/// One thing that is wrong with a body.
#[derive(Debug)]
pub(crate) struct Trouble {
    /// Where, with dots: `embeds.0.title`.
    pub(crate) at: String,
    pub(crate) code: &'static str,
    pub(crate) text: String,
}

impl Refusal {
    const fn new(status: u16, code: u32, message: &'static str) -> Self {
        let errors = Vec::new();
        Self {
            status,
            code,
            message,
            errors,
        }
    }

    pub(crate) fn invalid(errors: Vec<Trouble>) -> Self {
        Self {
            errors,
            ..INVALID_BODY
        }
    }

    pub(crate) fn json(&self) -> Value {
        let mut body = json!({ "message": self.message, "code": self.code });
        if self.errors.is_empty() {
            return body;
        }
        let mut errors = json!({});
        for trouble in &self.errors {
            let mut place = &mut errors;
            for step in trouble.at.split('.').filter(|step| !step.is_empty()) {
                place = object(place).entry(step).or_insert_with(|| json!({}));
            }
            let here = object(place).entry("_errors").or_insert_with(|| json!([]));
            if let Value::Array(here) = here {
                here.push(json!({ "code": trouble.code, "message": trouble.text }));
            }
        }
        body["errors"] = errors;
        body
    }

    /// In one line, for a violation.
    pub(crate) fn line(&self) -> String {
        let mut line = format!("{} {}", self.code, self.message);
        for trouble in &self.errors {
            line.push_str(&format!("; {}: {}", trouble.at, trouble.text));
        }
        line
    }
}

fn object(place: &mut Value) -> &mut Map<String, Value> {
    place
        .as_object_mut()
        .expect("errors are objects all the way down to the last")
}

pub(crate) const NO_ROUTE: Refusal = Refusal::new(404, 0, "404: Not Found");
pub(crate) const UNAUTHORIZED: Refusal = Refusal::new(401, 0, "401: Unauthorized");
pub(crate) const UNKNOWN_APPLICATION: Refusal = Refusal::new(404, 10_002, "Unknown Application");
pub(crate) const UNKNOWN_CHANNEL: Refusal = Refusal::new(404, 10_003, "Unknown Channel");
pub(crate) const UNKNOWN_GUILD: Refusal = Refusal::new(404, 10_004, "Unknown Guild");
pub(crate) const UNKNOWN_MEMBER: Refusal = Refusal::new(404, 10_007, "Unknown Member");
pub(crate) const UNKNOWN_MESSAGE: Refusal = Refusal::new(404, 10_008, "Unknown Message");
pub(crate) const UNKNOWN_USER: Refusal = Refusal::new(404, 10_013, "Unknown User");
pub(crate) const UNKNOWN_EMOJI: Refusal = Refusal::new(400, 10_014, "Unknown Emoji");
pub(crate) const UNKNOWN_WEBHOOK: Refusal = Refusal::new(404, 10_015, "Unknown Webhook");
pub(crate) const UNKNOWN_INTERACTION: Refusal = Refusal::new(404, 10_062, "Unknown interaction");
pub(crate) const TOO_MANY_REACTIONS: Refusal =
    Refusal::new(400, 30_010, "Maximum number of reactions reached (20)");
pub(crate) const ALREADY_ACKNOWLEDGED: Refusal =
    Refusal::new(400, 40_060, "Interaction has already been acknowledged.");
pub(crate) const TAG_REQUIRED: Refusal = Refusal::new(
    400,
    40_067,
    "A tag is required to create a forum post in this channel",
);
pub(crate) const MISSING_ACCESS: Refusal = Refusal::new(403, 50_001, "Missing Access");
pub(crate) const OF_OTHERS: Refusal = Refusal::new(
    403,
    50_005,
    "Cannot edit a message authored by another user",
);
pub(crate) const EMPTY_MESSAGE: Refusal = Refusal::new(400, 50_006, "Cannot send an empty message");
pub(crate) const UNREACHABLE: Refusal =
    Refusal::new(403, 50_007, "Cannot send messages to this user");
pub(crate) const NO_TEXT: Refusal =
    Refusal::new(400, 50_008, "Cannot send messages in a non-text channel");
pub(crate) const MISSING_PERMISSIONS: Refusal = Refusal::new(403, 50_013, "Missing Permissions");
pub(crate) const WRONG_KIND: Refusal =
    Refusal::new(400, 50_024, "Cannot execute action on this channel type");
pub(crate) const BAD_TOKEN: Refusal = Refusal::new(401, 50_027, "Invalid Webhook Token");
pub(crate) const INVALID_BODY: Refusal = Refusal::new(400, 50_035, "Invalid Form Body");
pub(crate) const ARCHIVED: Refusal = Refusal::new(400, 50_083, "Thread is archived");
pub(crate) const NO_JSON: Refusal =
    Refusal::new(400, 50_109, "The request body contains invalid JSON.");
pub(crate) const HAS_THREAD: Refusal = Refusal::new(
    400,
    160_004,
    "A thread has already been created for this message",
);

pub(crate) const TOO_MANY_THREADS: Refusal = Refusal::new(
    400,
    160_006,
    "Maximum number of active threads has been reached",
);

/// The trouble of a reply to what is not there.
pub(crate) const UNKNOWN_REFERENCE: &str = "MESSAGE_REFERENCE_UNKNOWN_MESSAGE";
