//! Embeds.

use serde_json::{Value, json};
use twilight_model::channel::message::Embed;

use super::{Object, Problems};

const WEB: &[&str] = &["http://", "https://"];
const IMAGES: &[&str] = &["http://", "https://", "attachment://"];

/// The most characters that all embeds of a message may have together.
const ALL: usize = 6000;

/// Checks all embeds of a message, and gives them as Discord keeps them.
pub(crate) fn read(problems: &mut Problems, body: &Object) -> Vec<Value> {
    let embeds = problems.objects("", body, "embeds", 10);
    let before = problems.errors.len();
    let mut kept = Vec::with_capacity(embeds.len());
    let mut characters = 0;
    for (at, embed) in embeds {
        characters += one(problems, &at, embed);
        let embed = normal(embed);
        if problems.errors.len() == before {
            second_look(problems, &at, &embed);
        }
        kept.push(embed);
    }
    if characters > ALL {
        let text = format!("Embed size exceeds maximum size of {ALL}");
        problems.bad("embeds", "MAX_EMBED_SIZE_EXCEEDED", text);
    }
    kept
}

/// Checks one. Gives how many characters count of it.
fn one(problems: &mut Problems, at: &str, embed: &Object) -> usize {
    let known = [
        "title",
        "type",
        "description",
        "url",
        "timestamp",
        "color",
        "footer",
        "image",
        "thumbnail",
        "author",
        "fields",
        "provider",
        "video",
    ];
    problems.only(at, embed, &known);
    let mut count = 0;
    let mut add = |text: Option<&str>| count += text.map_or(0, |text| text.chars().count());
    add(problems.text(at, embed, "title", 0..=256));
    add(problems.text(at, embed, "description", 0..=4096));
    problems.url(at, embed, "url", WEB);
    problems.number(at, embed, "color", 0..=0xFF_FFFF);
    if let Some(time) = problems.text(at, embed, "timestamp", 0..=64)
        && time.parse::<jiff::Timestamp>().is_err()
    {
        let text = "Could not parse. Should be ISO8601.";
        problems.bad(&format!("{at}.timestamp"), "DATE_TIME_TYPE_PARSE", text);
    }
    if let Some(footer) = problems.object(at, embed, "footer") {
        let at = format!("{at}.footer");
        problems.only(&at, footer, &["text", "icon_url", "proxy_icon_url"]);
        add(problems.need(&at, footer, "text", 0..=2048));
        problems.url(&at, footer, "icon_url", IMAGES);
    }
    if let Some(author) = problems.object(at, embed, "author") {
        let at = format!("{at}.author");
        problems.only(&at, author, &["name", "url", "icon_url", "proxy_icon_url"]);
        add(problems.need(&at, author, "name", 0..=256));
        problems.url(&at, author, "url", WEB);
        problems.url(&at, author, "icon_url", IMAGES);
    }
    for key in ["image", "thumbnail"] {
        if let Some(image) = problems.object(at, embed, key) {
            let at = format!("{at}.{key}");
            problems.only(&at, image, &["url", "proxy_url", "height", "width"]);
            problems.url(&at, image, "url", IMAGES);
        }
    }
    for (at, field) in problems.objects(at, embed, "fields", 25) {
        problems.only(&at, field, &["name", "value", "inline"]);
        add(problems.need(&at, field, "name", 1..=256));
        add(problems.need(&at, field, "value", 1..=1024));
        problems.flag(&at, field, "inline");
    }
    let is_empty = [
        "title",
        "description",
        "footer",
        "image",
        "thumbnail",
        "author",
    ]
    .iter()
    .all(|key| embed.get(*key).is_none_or(|it| it.is_null() || it == ""))
        && embed
            .get("fields")
            .and_then(Value::as_array)
            .is_none_or(Vec::is_empty);
    if is_empty {
        problems.required(&format!("{at}.description"));
    }
    count
}

/// An embed as Discord gives it back.
fn normal(embed: &Object) -> Value {
    let mut kept = embed.clone();
    kept.retain(|_, value| !value.is_null());
    kept.insert("type".to_owned(), json!("rich"));
    if let Some(Value::Array(fields)) = kept.get_mut("fields") {
        for field in fields.iter_mut().filter_map(Value::as_object_mut) {
            field.entry("inline").or_insert(json!(false));
        }
    }
    let time = kept.get("timestamp").and_then(Value::as_str);
    if let Some(time) = time.and_then(|time| time.parse::<jiff::Timestamp>().ok()) {
        let time = crate::clock::written(time.as_millisecond());
        kept.insert("timestamp".to_owned(), json!(time));
    }
    Value::Object(kept)
}

fn second_look(problems: &mut Problems, at: &str, embed: &Value) {
    match serde_json::from_value::<Embed>(embed.clone()) {
        Err(error) => problems.bad(at, "TWILIGHT_MODEL", error.to_string()),
        Ok(embed) => {
            if let Err(error) = twilight_validate::embed::embed(&embed) {
                problems.bad(at, "TWILIGHT_VALIDATE", error.to_string());
            }
        }
    }
}
