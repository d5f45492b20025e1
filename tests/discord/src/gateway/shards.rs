//! Shards: which there are, whose events are whose, and how fast they may identify.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{Id, world::World};

/// How long the shards that share a turn wait for each other, by Discord's documentation 5 seconds of wall time. A client counts
/// from when it sent, the fake from when it heard: so much less is still fine.
const TURN: Duration = Duration::from_millis(4_750);

/// Who identified last in each turn, by `shard % max_concurrency`.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    last: BTreeMap<u64, (u64, Instant)>,
}

/// Why a shard may not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// There is no such shard (4010).
    Wrong,
    /// One bot is too small for all guilds (4011).
    Needed,
}

impl World {
    /// The shard of an IDENTIFY: its number, and how many there are.
    pub(crate) fn shard_in(&mut self, data: &Value) -> Result<(u64, u64), Unfit> {
        let asked = &data["shard"];
        match (asked[0].as_u64(), asked[1].as_u64()) {
            (None, None) if self.shards == 1 => Ok((0, 1)),
            (None, None) => {
                let text = format!(
                    "an IDENTIFY without a shard where there are {}",
                    self.shards
                );
                self.violation("gateway", text);
                Err(Unfit::Needed)
            }
            (Some(shard), Some(count)) if shard < count && count == self.shards => {
                Ok((shard, count))
            }
            (Some(_) | None, Some(_) | None) => {
                let text = format!(
                    "an IDENTIFY as shard {asked} where there are {}",
                    self.shards
                );
                self.violation("gateway", text);
                Err(Unfit::Wrong)
            }
        }
    }

    /// Whether another shard of the same turn identified less than 5 seconds ago. The same shard may come again: who starts a bot
    /// anew does not know when it identified last.
    pub(crate) fn is_hasty(&mut self, shard: u64) -> bool {
        let turn = shard % self.max_concurrency.max(1);
        let now = Instant::now();
        let last = self.gateway.turns.last.get(&turn).copied();
        let hasty = last.filter(|(other, at)| *other != shard && now - *at < TURN);
        if let Some((other, at)) = hasty {
            let text = format!(
                "shard {shard} identifies {:.1} s after shard {other} of the same turn",
                (now - at).as_secs_f64()
            );
            self.violation("gateway", text);
            return true;
        }
        self.gateway.turns.last.insert(turn, (shard, now));
        false
    }
}

/// Whether a shard is told of a guild. Direct messages are the first shard's.
pub(crate) fn is_on_shard(guild: Option<Id>, (shard, count): (u64, u64)) -> bool {
    guild.map_or(0, |guild| (guild.0 >> 22) % count.max(1)) == shard
}
