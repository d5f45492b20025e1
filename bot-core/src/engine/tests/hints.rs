//! What is said of what happened tells commands that can be typed as they stand.

use super::world::World;
use crate::command::{Bare, Parsed, Speech, parse};
use crate::document::{Inline, Walk, in_blocks};
use crate::engine::outcome::Outcome;
use crate::platform::{MessageKey, Platform};

/// A line for each outcome, and for each refusal.
const KEPT: [&str; 2] = [
    include_str!("../outcome/kept.jsonl"),
    include_str!("../outcome/kept_refusals.jsonl"),
];

#[tokio::test]
async fn every_hint_is_a_command_as_it_stands() {
    let world = World::new().await;
    let cards = world.core.inner.cards(Platform::MATRIX);
    let speech = Speech {
        prefix: "!",
        bare: Bare::Talk,
        hangs: false,
        own: None,
    };
    let mut hints = 0;
    for kept in KEPT.iter().flat_map(|kept| kept.lines()) {
        let event = MessageKey("$1".to_owned());
        let outcome = Outcome::decode(kept, Platform::MATRIX, &event);
        let card = cards.outcome(&outcome, None);
        in_blocks(&card.blocks, &mut |part| {
            if let Inline::Code(hint) = part
                && hint.starts_with('!')
            {
                hints += 1;
                let read = parse(hint, speech);
                let is_name = !hint.contains(' ');
                let is_whole = matches!(read, Parsed::Intent(_))
                    || is_name && matches!(read, Parsed::Incomplete(_));
                assert!(is_whole, "{hint} of {kept} is {read:?}");
            }
            Walk::Into
        });
    }
    assert!(hints > 10, "{hints}");
}
