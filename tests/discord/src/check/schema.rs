//! A third look at bodies, by Discord's own OpenAPI document. It is not part of this repository: it is read from
//! `$STOA_DISCORD_OPENAPI`, else from `../shared/discord-openapi.json` beside the workspace; without it nothing is checked here.

use std::{
    collections::HashMap,
    env, fs,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::world::{World, channels::Kind};

/// Validators by operation and kind of channel; none where the document has no schema.
type Validators = HashMap<(String, String), Option<Arc<Validator>>>;

/// What the document says, and what was already made of it.
struct Document {
    root: Value,
    validators: Mutex<Validators>,
}

static DOCUMENT: LazyLock<Option<Document>> = LazyLock::new(|| {
    let beside =
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/discord-openapi.json");
    let path = env::var_os("STOA_DISCORD_OPENAPI").map_or_else(beside, PathBuf::from);
    let text = fs::read_to_string(path).ok()?;
    let mut root: Value = serde_json::from_str(&text).expect("the OpenAPI document is JSON");
    encode_braces(&mut root);
    let validators = Mutex::default();
    Some(Document { root, validators })
});

/// What kind of channel a path is about: some operations have a schema for each.
pub(crate) fn place(world: &World, path: &str) -> Option<Kind> {
    let id = path
        .strip_prefix("/channels/")?
        .split(['/', '?'])
        .next()?
        .parse()
        .ok()?;
    world.channels.get(&id).map(|channel| channel.kind)
}

/// What Discord's document finds wrong with a body.
pub(crate) fn check(method: &str, path: &str, body: &Value, place: Option<Kind>) -> Vec<String> {
    let Some(document) = DOCUMENT.as_ref() else {
        return Vec::new();
    };
    // A list is wrapped where the request is read.
    let body = body.get("").unwrap_or(body);
    if body.as_object().is_none_or(|body| body.is_empty()) && !body.is_array() {
        return Vec::new();
    }
    let path = path.split('?').next().unwrap_or_default();
    let Some(validator) = document.validator(method, path, place) else {
        return Vec::new();
    };
    let line = |error: jsonschema::ValidationError<'_>| {
        let text: String = error.to_string().chars().take(300).collect();
        format!("{} {text}", error.instance_path())
    };
    validator.iter_errors(body).map(line).collect()
}

impl Document {
    fn validator(&self, method: &str, path: &str, place: Option<Kind>) -> Option<Arc<Validator>> {
        let template = self.template(path)?;
        let key = (format!("{method} {template}"), format!("{place:?}"));
        let mut validators = self
            .validators
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let made = validators.entry(key).or_insert_with(|| {
            let schema = self.schema(method, template, place)?;
            let whole = json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "allOf": [schema],
                "components": self.root["components"],
                "paths": self.root["paths"],
            });
            let validator = jsonschema::validator_for(&whole).expect("Discord's schemas are valid");
            Some(Arc::new(validator))
        });
        made.clone()
    }

    /// The path of the document that fits best: the one with the fewest parameters.
    fn template(&self, path: &str) -> Option<&str> {
        let steps: Vec<&str> = path.split('/').collect();
        let fits = |template: &&String| {
            let parts: Vec<&str> = template.split('/').collect();
            let same = |(part, step): (&&str, &&str)| part.starts_with('{') || part == step;
            parts.len() == steps.len() && parts.iter().zip(&steps).all(same)
        };
        let templates = self.root["paths"].as_object()?.keys().filter(fits);
        let best = templates.min_by_key(|template| template.matches('{').count());
        best.map(String::as_str)
    }

    fn schema(&self, method: &str, template: &str, place: Option<Kind>) -> Option<Value> {
        let operation = &self.root["paths"][template][method.to_lowercase()];
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let chosen = match (method, template, place) {
            ("POST", "/channels/{channel_id}/threads", Some(Kind::Forum)) => {
                "CreateForumThreadRequest"
            }
            ("POST", "/channels/{channel_id}/threads", _) => {
                "CreateTextThreadWithoutMessageRequest"
            }
            ("PATCH", "/channels/{channel_id}", Some(Kind::Thread)) => "UpdateThreadRequestPartial",
            ("PATCH", "/channels/{channel_id}", _) => "UpdateGuildChannelRequestPartial",
            _ => return Some(schema.clone()).filter(|schema| !schema.is_null()),
        };
        Some(json!({ "$ref": format!("#/components/schemas/{chosen}") }))
    }
}

/// References with braces are no valid addresses.
fn encode_braces(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(text) if key == "$ref" => {
                        *text = text.replace('{', "%7B").replace('}', "%7D");
                    }
                    _ => encode_braces(value),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(encode_braces),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only where the document is at hand: without it there is nothing to test.
    #[test]
    fn the_document_finds_what_is_wrong() {
        if DOCUMENT.is_none() {
            return;
        }
        let troubles = |method, path, body, place| check(method, path, &body, place).len();
        let messages = "/channels/1/messages";
        assert_eq!(
            troubles(
                "POST",
                messages,
                json!({ "content": "x" }),
                Some(Kind::Text)
            ),
            0
        );
        assert_ne!(
            troubles("POST", messages, json!({ "content": 1 }), Some(Kind::Text)),
            0
        );
        let post = json!({ "name": "A post", "message": { "content": "x" } });
        assert_eq!(
            troubles(
                "POST",
                "/channels/1/threads",
                post.clone(),
                Some(Kind::Forum)
            ),
            0
        );
        assert_ne!(
            troubles(
                "POST",
                "/channels/1/threads",
                json!({ "name": 1 }),
                Some(Kind::Forum)
            ),
            0
        );
        let late = json!({ "type": 99 });
        assert_ne!(
            troubles("POST", "/interactions/1/token/callback", late, None),
            0
        );
        let original = "/webhooks/1/token/messages/@original";
        assert_ne!(troubles("PATCH", original, json!({ "embeds": 1 }), None), 0);
    }
}
