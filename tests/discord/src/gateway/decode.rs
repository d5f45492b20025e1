//! The fake is held to Discord's own shapes: what it dispatches must be what twilight-model knows.

use serde::de::DeserializeSeed;
use twilight_model::gateway::event::GatewayEventDeserializer;

/// What is wrong with a frame, if anything.
pub(crate) fn check(frame: &str) -> Option<String> {
    let Some(deserializer) = GatewayEventDeserializer::from_json(frame) else {
        return Some(format!("no gateway event: {frame}"));
    };
    let mut json = serde_json::Deserializer::from_str(frame);
    let decoded = deserializer.deserialize(&mut json);
    decoded.err().map(|error| format!("{error}: {frame}"))
}
