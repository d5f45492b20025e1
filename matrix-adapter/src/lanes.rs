//! The rooms, side by side: what happens in one waits for no other.

use std::collections::HashMap;
use std::sync::Arc;

use bot_core::engine::Ledger;
use bot_core::platform::PlaceKey;
use bot_core::turns::{Turns, Width};
use matrix_sdk::ruma::OwnedRoomId;
use matrix_sdk::{Client, Room};
use tokio::task::JoinSet;

use crate::event_handler::{End, EventHandler};
use crate::lane::{Backlog, RoomBatch, RoomLane};
use crate::rooms;
use crate::undecrypted::{RetryReason, Undecrypted, Wakeup};

/// How much is heard at the same time: in a room one after the other, and of each person one thing.
const WIDTH: Width = Width {
    all: 16,
    place: 1,
    person: 1,
};

/// The rooms in which something happened.
pub(crate) struct Lanes {
    handler: Arc<EventHandler>,
    ledger: Ledger,
    turns: Turns,
    backlogs: HashMap<OwnedRoomId, Arc<Backlog>>,
    /// What could not be decrypted, in rooms in which nothing happened yet.
    undecrypted: HashMap<PlaceKey, Undecrypted>,
    tasks: JoinSet<Result<(), End>>,
}

impl Lanes {
    /// No room yet.
    pub(crate) fn new(
        handler: Arc<EventHandler>,
        ledger: Ledger,
        undecrypted: HashMap<PlaceKey, Undecrypted>,
    ) -> Self {
        Self {
            handler,
            ledger,
            turns: Turns::new(WIDTH),
            backlogs: HashMap::new(),
            undecrypted,
            tasks: JoinSet::new(),
        }
    }

    /// Gives a room what happened there between two sync tokens.
    pub(crate) fn give(&mut self, room: &Room, batch: RoomBatch, next: &str, since: &str) {
        self.backlog(room).add(batch, next, since);
    }

    /// Has what could not be decrypted looked at again, as far as the news concern it.
    pub(crate) fn look(&mut self, news: Wakeup) {
        match news {
            Wakeup::Any => {
                for backlog in self.backlogs.values() {
                    backlog.look(RetryReason::Any);
                }
            }
            Wakeup::Keys(rooms) => {
                for (id, backlog) in &self.backlogs {
                    if let Some(keys) = rooms.get(&rooms::key(id)) {
                        backlog.look(RetryReason::Keys(keys.clone()));
                    }
                }
            }
        }
    }

    /// Listens to the rooms in which something could not be decrypted before; what waits where the bot is no more is forgotten.
    pub(crate) async fn resume(&mut self, client: &Client) -> Result<(), End> {
        let places: Vec<PlaceKey> = self.undecrypted.keys().cloned().collect();
        for place in places {
            if let Some(room) = rooms::joined(client, &place) {
                self.backlog(&room);
            } else if let Some(mut left) = self.undecrypted.remove(&place) {
                left.leave();
                left.keep().await?;
            }
        }
        Ok(())
    }

    /// Waits until a place is not about to be closed: what comes after that opens it again.
    pub(crate) async fn settled(&self, room: &Room) {
        if let Some(backlog) = self.backlogs.get(room.room_id()) {
            backlog.settled().await;
        }
    }

    /// Why one of them has ended, before the stop.
    pub(crate) async fn ended(&mut self) -> Result<(), End> {
        match self.tasks.join_next().await {
            Some(Ok(ended)) => ended,
            Some(Err(died)) => Err(died.into()),
            None => std::future::pending().await,
        }
    }

    /// Waits until all have finished what they began, after the stop.
    pub(crate) async fn finished(&mut self) -> Result<(), End> {
        let mut ended = Ok(());
        while let Some(task) = self.tasks.join_next().await {
            ended = ended.and(task.map_err(End::from).flatten());
        }
        ended
    }

    fn backlog(&mut self, room: &Room) -> Arc<Backlog> {
        if let Some(backlog) = self.backlogs.get(room.room_id()) {
            return Arc::clone(backlog);
        }
        let backlog = Arc::new(Backlog::default());
        let place = rooms::key(room.room_id());
        let undecrypted = self.undecrypted.remove(&place);
        let undecrypted = undecrypted
            .unwrap_or_else(|| Undecrypted::new(self.ledger.clone(), &self.handler.own, &place));
        let shared = (self.turns.clone(), self.ledger.clone());
        let lane = RoomLane::run(
            Arc::clone(&self.handler),
            room.clone(),
            shared,
            Arc::clone(&backlog),
            undecrypted,
        );
        self.tasks.spawn(lane);
        self.backlogs
            .insert(room.room_id().to_owned(), Arc::clone(&backlog));
        backlog
    }
}
