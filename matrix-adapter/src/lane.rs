//! One room: what happens in it is heard in order, its people in turn, and answered. What comes while that takes long waits here, as
//! much of it as is worth the memory; the rest is asked for again when its turn has come.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bot_core::backoff::{Backoff, Doubling};
use bot_core::chance::System;
use bot_core::engine::Ledger;
use bot_core::panics;
use bot_core::platform::{MessageKey, PersonKey, PlaceKey};
use bot_core::turns::{PlaceQueue, TurnPace, Turns, Waiting};
use matrix_sdk::Room;
use matrix_sdk::deserialized_responses::TimelineEvent;
use tokio::sync::{Notify, mpsc};
use tokio::time::sleep_until;

use crate::PLATFORM;
use crate::event_handler::{Company, End, EventHandler, EventReply, Recheck};
use crate::inbound::{EventMeaning, UndecryptedEvent, UserEvent};
use crate::persist::{Patience, persevere};
use crate::progress::ResponsePart;
use crate::room_context::RoomContext;
use crate::rooms;
use crate::timeline::{self, Came, Missed};
use crate::undecrypted::{Held, Hint, RetryReason, Undecrypted};

/// How much waits in memory, in bytes of events.
const KEPT: usize = 1 << 20;
/// How many answers wait while one is sent: whose turn comes next waits for these.
const ANSWERS: usize = 2;
/// The waits before something is tried again that was left undone.
const WAITS: Doubling = Doubling::new(Duration::from_millis(500), Duration::from_secs(60));

/// A room's part of a sync response.
#[derive(Debug)]
pub(crate) struct RoomBatch {
    /// What happened, oldest first.
    pub events: Vec<TimelineEvent>,
    /// What is missing before that.
    pub gap: Option<Gap>,
    /// Whether something of the room's state came with it.
    pub has_state: bool,
    /// Whether the bot had to leave the room after it.
    pub is_last: bool,
    /// When it came.
    pub received: Instant,
    /// What is done when it is dealt with.
    pub part: ResponsePart,
    /// Dropped when it is read.
    pub unread: Option<mpsc::Sender<()>>,
}

/// What the homeserver has to be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    /// The token before which it ends.
    pub until: String,
    /// The sync token after which it begins.
    pub since: String,
}

impl RoomBatch {
    fn size(&self) -> usize {
        let events = self.events.iter();
        events.map(|event| event.raw().json().get().len()).sum()
    }
}

/// What a room is given to do.
#[derive(Debug, Default)]
pub(crate) struct Backlog {
    todo: Mutex<Todo>,
    more: Notify,
    closed: Notify,
}

#[derive(Debug, Default)]
struct Todo {
    batches: VecDeque<RoomBatch>,
    /// How much of them is in memory, in bytes of events.
    size: usize,
    /// Why to look at what could not be decrypted.
    why: Option<RetryReason>,
    /// How often the bot had to leave the room, and has not closed the place yet.
    closing: usize,
}

impl Backlog {
    fn todo(&self) -> MutexGuard<'_, Todo> {
        self.todo.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds what happened, which ended with this sync token. What is too much to keep in memory is asked for again.
    pub(crate) fn add(&self, batch: RoomBatch, next: &str, since: &str) {
        self.todo().add(batch, next, since);
        self.more.notify_one();
    }

    /// There is a reason to look at what could not be decrypted.
    pub(crate) fn look(&self, why: RetryReason) {
        self.todo().look(why);
        self.more.notify_one();
    }

    /// Waits until the bot is not about to close the place.
    pub(crate) async fn settled(&self) {
        loop {
            let closed = self.closed.notified();
            if self.todo().closing == 0 {
                return;
            }
            closed.await;
        }
    }
}

impl Todo {
    fn add(&mut self, mut batch: RoomBatch, next: &str, since: &str) {
        if batch.is_last {
            self.closing += 1;
        }
        let size = batch.size();
        // Where the bot is no more it can't ask.
        if self.size + size > KEPT && !batch.is_last {
            batch.events = Vec::new();
            batch.gap = Some(Gap {
                until: next.to_owned(),
                since: batch.gap.map_or_else(|| since.to_owned(), |gap| gap.since),
            });
            if let Some(last) = self.batches.back_mut()
                && let (Some(before), Some(gap), true) =
                    (&mut last.gap, &batch.gap, last.events.is_empty())
            {
                before.until.clone_from(&gap.until);
                last.has_state |= batch.has_state;
                // Nothing after the first part is passed before that is done.
                batch.part.done();
                return;
            }
        } else {
            self.size += size;
        }
        self.batches.push_back(batch);
    }

    fn look(&mut self, why: RetryReason) {
        self.why = Some(match (self.why.take(), why) {
            (None, why) => why,
            (Some(RetryReason::Keys(mut keys)), RetryReason::Keys(more)) => {
                keys.extend(more);
                RetryReason::Keys(keys)
            }
            (Some(_), _) => RetryReason::Any,
        });
    }

    fn take(&mut self) -> Option<RoomBatch> {
        let batch = self.batches.pop_front()?;
        self.size = self.size.saturating_sub(batch.size());
        Some(batch)
    }
}

/// Something that happened, in line.
struct Item {
    what: LaneItemKind,
    received: Instant,
    part: ResponsePart,
    size: usize,
}

enum LaneItemKind {
    UserEvent(UserEvent),
    Undecrypted(UndecryptedEvent),
}

/// An answer on its way, and what is noted when it is sent.
struct Outgoing {
    answer: EventReply,
    then: Then,
}

/// What is noted when something is dealt with.
enum Then {
    /// A part of a response is done.
    Part(ResponsePart),
    /// What could not be decrypted waits no more: its key in the ledger.
    Decrypted(String),
}

/// What is left to read of a batch.
struct BatchReader {
    missed: Option<Missed>,
    batch: RoomBatch,
}

/// A room that is listened to.
pub(crate) struct RoomLane {
    handler: Arc<EventHandler>,
    room: Room,
    place: PlaceKey,
    turns: Turns,
    ledger: Ledger,
    backlog: Arc<Backlog>,
    undecrypted: Undecrypted,
    context: RoomContext,
    company: Company,
    line: PlaceQueue<Item>,
    pace: TurnPace,
    /// How much is in line, in bytes of texts.
    loaded: usize,
    reading: Option<BatchReader>,
    /// What is done when all that is in line is: the bot had to leave the room.
    closing: Option<ResponsePart>,
}

impl RoomLane {
    /// Listens until the stop; what was begun is finished. Gives whether nothing can go on.
    pub(crate) async fn run(
        handler: Arc<EventHandler>,
        room: Room,
        (turns, ledger): (Turns, Ledger),
        backlog: Arc<Backlog>,
        undecrypted: Undecrypted,
    ) -> Result<(), End> {
        let place = rooms::key(room.room_id());
        let lane = Self {
            context: RoomContext::of(&room).await,
            company: Company::More,
            handler,
            place,
            room,
            turns,
            ledger,
            backlog,
            undecrypted,
            line: PlaceQueue::default(),
            pace: TurnPace::default(),
            loaded: 0,
            reading: None,
            closing: None,
        };
        let (send, receive) = mpsc::channel(ANSWERS);
        let (handler, room, ledger) = (
            Arc::clone(&lane.handler),
            lane.room.clone(),
            lane.ledger.clone(),
        );
        // Answers go out while the next event is heard.
        let (heard, answered) = tokio::join!(
            lane.hear(send),
            answer_all(&handler, &room, &ledger, receive)
        );
        // That the answers could not be sent explains why they could not be handed over.
        for ended in [answered, heard] {
            match ended {
                Err(End::Stop) | Ok(()) => {}
                Err(end) => return Err(end),
            }
        }
        Ok(())
    }

    /// Sees the room as it is now.
    async fn look_around(&mut self) -> Result<(), End> {
        self.context = RoomContext::of(&self.room).await;
        let mut backoff = Backoff::new(WAITS, System);
        self.company = loop {
            match self.handler.is_direct(&self.room).await {
                Ok(true) => break Company::Two,
                Ok(false) => break Company::More,
                Err(End::Stop) => self.handler.doubt(&mut backoff).await?,
                Err(end) => return Err(end),
            }
        };
        Ok(())
    }

    async fn hear(mut self, answers: mpsc::Sender<Outgoing>) -> Result<(), End> {
        let backlog = Arc::clone(&self.backlog);
        self.look_around().await?;
        loop {
            if self.handler.stop.is_requested() {
                // What was heard is done; the rest comes again.
                return Ok(());
            }
            let why = backlog.todo().why.take();
            if let Some(why) = why {
                self.look_again(&why, &answers).await?;
                continue;
            }
            if self.read_on().await? {
                continue;
            }
            let begun = Instant::now();
            let (line, pace) = (&mut self.line, &self.pace);
            if let Some(item) = line.take_of(|person| pace.is_rested(person, begun)) {
                self.loaded = self.loaded.saturating_sub(item.size);
                let by = item.by().clone();
                // Who waits for each answer floods nobody.
                if self.item(item, &answers).await? && self.line.has(&by) {
                    self.pace.done(by, begun.elapsed(), Instant::now());
                }
                continue;
            }
            if let Some(part) = self.closing.take_if(|_| self.line.is_empty()) {
                self.close(part).await?;
                continue;
            }
            let rested = match self.line.is_empty() {
                true => None,
                false => self.pace.rested_at(begun),
            };
            tokio::select! {
                () = self.handler.stop.requested() => {}
                () = backlog.more.notified() => {}
                () = at(self.undecrypted.late_at()) => backlog.look(RetryReason::Late),
                () = at(rested.map(Into::into)) => {}
            }
        }
    }

    /// Puts more in line, where there is more and it is worth the memory. Gives whether there was.
    async fn read_on(&mut self) -> Result<bool, End> {
        if self.loaded > KEPT || self.closing.is_some() {
            return Ok(false);
        }
        if let Some(reading) = self.reading.take() {
            return self.read_missed(reading).await;
        }
        let next = {
            let mut todo = self.backlog.todo();
            // Asking for what is missing would hold up those in line.
            let waits = |batch: &RoomBatch| batch.gap.is_some() || batch.is_last;
            match todo.batches.front() {
                Some(first) if self.line.is_empty() || !waits(first) => todo.take(),
                Some(_) | None => None,
            }
        };
        let Some(batch) = next else {
            return Ok(false);
        };
        if batch.has_state {
            self.look_around().await?;
        }
        let missed = match &batch.gap {
            Some(gap) => self.find(gap, &batch).await?,
            None => None,
        };
        self.read_missed(BatchReader { missed, batch }).await
    }

    /// Looks for what is missing before a batch.
    async fn find(&self, gap: &Gap, batch: &RoomBatch) -> Result<Option<Missed>, End> {
        let own = self.handler.own.as_str();
        let (_, came) = timeline::read(own, &batch.events, &|_| true);
        if came == Came::Then {
            return Ok(None);
        }
        let is_ours = |heard: &EventMeaning| self.handler.is_ours(heard, self.company);
        let tokens = (gap.until.as_str(), gap.since.as_str());
        let mut backoff = Backoff::new(WAITS, System);
        loop {
            let user_event = "reading what was missed";
            let found = persevere(user_event, &self.handler.stop, Patience::Endless, || {
                Missed::find(own, &self.room, tokens, &is_ours)
            });
            match panics::caught_while(found).await {
                Ok(Ok(found)) => return Ok(found),
                Ok(Err(_)) => self.handler.doubt(&mut backoff).await?,
                Err(panicked) => {
                    let error = &panicked as &dyn std::error::Error;
                    tracing::error!(room = %self.place, error, "what was missed can’t be read, and is passed over");
                    return Ok(None);
                }
            }
        }
    }

    /// Puts the next page of what was missed in line, or what came after all of them.
    async fn read_missed(&mut self, mut reading: BatchReader) -> Result<bool, End> {
        let own = self.handler.own.clone();
        let company = self.company;
        let handler = Arc::clone(&self.handler);
        let is_ours = move |heard: &EventMeaning| handler.is_ours(heard, company);
        if let Some(missed) = reading.missed.take_if(|missed| !missed.is_over()) {
            let mut missed = missed;
            let mut backoff = Backoff::new(WAITS, System);
            let page = loop {
                let user_event = "reading what was missed";
                let next = persevere(user_event, &self.handler.stop, Patience::Endless, || {
                    missed.next(own.as_str(), &self.room, &is_ours)
                });
                match panics::caught_while(next).await {
                    Ok(Ok(page)) => break page.unwrap_or_default(),
                    Ok(Err(_)) => self.handler.doubt(&mut backoff).await?,
                    Err(_) => break Vec::new(),
                }
            };
            missed.turn();
            self.put(page, &reading.batch).await?;
            reading.missed = Some(missed);
            self.reading = Some(reading);
            return Ok(true);
        }
        let (heard, _) = timeline::read(own.as_str(), &reading.batch.events, &is_ours);
        self.put(heard, &reading.batch).await?;
        let batch = reading.batch;
        drop(batch.unread);
        if batch.is_last {
            self.closing = Some(batch.part);
        } else {
            batch.part.done();
        }
        Ok(true)
    }

    /// Puts what happened in line. What the bot itself sent is noted at once: others may be about it.
    async fn put(&mut self, heard: Vec<EventMeaning>, batch: &RoomBatch) -> Result<(), End> {
        for heard in heard {
            let (waiting, what, size) = match heard {
                EventMeaning::Arrived => continue,
                EventMeaning::Own { key, message } => {
                    self.handler.echo(&key, &message).await?;
                    continue;
                }
                EventMeaning::Undecrypted(sealed) => (
                    Waiting {
                        id: Some(sealed.id.clone()),
                        by: sealed.by.clone(),
                        about: sealed.changes.clone(),
                    },
                    LaneItemKind::Undecrypted(sealed),
                    0,
                ),
                EventMeaning::UserEvent(user_event) => {
                    let waiting = Waiting {
                        id: Some(user_event.id.clone()),
                        by: user_event.by.clone(),
                        about: user_event.about().cloned(),
                    };
                    let size = user_event.size();
                    (waiting, LaneItemKind::UserEvent(user_event), size)
                }
            };
            self.loaded += size;
            let item = Item {
                what,
                received: batch.received,
                part: batch.part.another(),
                size,
            };
            self.line.push(waiting, item);
        }
        Ok(())
    }

    /// Deals with something that happened. Gives whether it is answered, which is what takes the homeserver's time.
    async fn item(&mut self, item: Item, answers: &mpsc::Sender<Outgoing>) -> Result<bool, End> {
        let held = match item.what {
            LaneItemKind::Undecrypted(sealed) => {
                // Nobody can have meant it to be read where nothing is encrypted.
                let is_encrypted = self.room.encryption_state().is_encrypted();
                is_encrypted.then_some(Held {
                    hint: match sealed.changes {
                        Some(_) => Hint::None,
                        None => Hint::Due,
                    },
                    event: sealed.id,
                    by: sealed.by,
                    session: Some(sealed.session),
                    about: sealed.changes,
                })
            }
            LaneItemKind::UserEvent(user_event) => match user_event.about() {
                Some(about) if self.undecrypted.has(about) => Some(Held {
                    event: user_event.id.clone(),
                    by: user_event.by.clone(),
                    session: None,
                    about: Some(about.clone()),
                    hint: Hint::None,
                }),
                Some(_) | None => {
                    let then = Then::Part(item.part);
                    self.overtake(&user_event).await?;
                    return self.tell(user_event, item.received, then, answers).await;
                }
            },
        };
        if let Some(held) = held {
            self.undecrypted.add(&self.place, held);
            self.keep().await?;
        }
        item.part.done();
        Ok(false)
    }

    /// Tells the core of something that somebody did, when it is their turn, and has the answer sent. Gives whether there is one.
    async fn tell(
        &self,
        user_event: UserEvent,
        received: Instant,
        then: Then,
        answers: &mpsc::Sender<Outgoing>,
    ) -> Result<bool, End> {
        let mut backoff = Backoff::new(WAITS, System);
        let answer = loop {
            let turn = self.turns.turn(&self.place, &user_event.by).await;
            let told = panics::caught_while(self.handler.user_event(
                &self.context,
                user_event.clone(),
                received,
            ))
            .await;
            drop(turn);
            match told {
                Ok(Err(End::Stop)) => self.handler.doubt(&mut backoff).await?,
                Ok(told) => break told?,
                Err(panicked) => break Some(self.handler.broken(&user_event, &panicked)),
            }
        };
        match answer {
            Some(answer) => {
                let outgoing = Outgoing { answer, then };
                answers.send(outgoing).await.map_err(|_| End::Stop)?;
                Ok(true)
            }
            None => {
                then.note(&self.handler, &self.ledger).await?;
                Ok(false)
            }
        }
    }

    /// Looks again at what could not be decrypted, as far as this concerns it, in order.
    async fn look_again(
        &mut self,
        why: &RetryReason,
        answers: &mpsc::Sender<Outgoing>,
    ) -> Result<(), End> {
        let mut sealed = HashSet::new();
        for (held, is_concerned) in self.undecrypted.concerned(why) {
            let hangs = held.about.as_ref();
            let waits = hangs.is_some_and(|about| sealed.contains(about))
                || (held.session.is_some() && !is_concerned);
            let again = match waits {
                true => Recheck::Undecrypted,
                false => self.again(&held.event).await?,
            };
            let user_event = match again {
                Recheck::Undecrypted => {
                    if *why == RetryReason::Late && !waits && held.hint == Hint::Due {
                        self.hint(&held).await?;
                    }
                    sealed.insert(held.event);
                    continue;
                }
                Recheck::Open(user_event) => user_event,
            };
            if let Some(user_event) = &user_event {
                self.overtake(user_event).await?;
            }
            let Some(key) = self.undecrypted.take(&held.event) else {
                continue;
            };
            let then = Then::Decrypted(key);
            match user_event {
                Some(user_event) => {
                    self.tell(*user_event, Instant::now(), then, answers)
                        .await?;
                }
                None => then.note(&self.handler, &self.ledger).await?,
            }
        }
        self.keep().await
    }

    /// Gives up the changes of a message that can't be decrypted yet, where somebody changed it once more.
    async fn overtake(&mut self, user_event: &UserEvent) -> Result<(), End> {
        if let bot_core::platform::IncomingEvent::Rewrote { message, .. } = &user_event.what
            && self.undecrypted.has_change(message, &user_event.by)
        {
            self.undecrypted
                .overtake(message, &user_event.by, &user_event.id);
            self.keep().await?;
        }
        Ok(())
    }

    async fn again(&self, event: &MessageKey) -> Result<Recheck, End> {
        let mut backoff = Backoff::new(WAITS, System);
        loop {
            match self.handler.again(&self.room, event).await {
                Err(End::Stop) => self.handler.doubt(&mut backoff).await?,
                again => return again,
            }
        }
    }

    /// Tells a sender that the bot can't read what they sent, once as long as something of theirs waits.
    async fn hint(&mut self, held: &Held) -> Result<(), End> {
        if !self.undecrypted.is_told(&held.by) {
            tracing::info!(room = %self.place, "a message can’t be decrypted; its sender is told");
            let mut backoff = Backoff::new(WAITS, System);
            while let Err(end) = self.handler.hint(&self.room, &held.event).await {
                match end {
                    End::Stop => self.handler.doubt(&mut backoff).await?,
                    end => return Err(end),
                }
            }
        }
        self.undecrypted.told(&self.place, &held.event);
        Ok(())
    }

    async fn keep(&mut self) -> Result<(), End> {
        let kept = self.undecrypted.keep().await;
        self.handler
            .core_did("keeping what can’t be decrypted", kept)?;
        Ok(())
    }

    /// The bot is not in the room any more.
    async fn close(&mut self, part: ResponsePart) -> Result<(), End> {
        self.undecrypted.leave();
        self.keep().await?;
        let closed = self.handler.core.place_closed(PLATFORM, &self.place);
        let closed = closed.await;
        self.handler.core_did("closing a place", closed)?;
        self.backlog.todo().closing -= 1;
        self.backlog.closed.notify_waiters();
        part.done();
        Ok(())
    }
}

impl Item {
    /// Whose doing it is.
    const fn by(&self) -> &PersonKey {
        match &self.what {
            LaneItemKind::UserEvent(user_event) => &user_event.by,
            LaneItemKind::Undecrypted(sealed) => &sealed.by,
        }
    }
}

/// Waits until then, if it comes.
async fn at(moment: Option<tokio::time::Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

impl Then {
    async fn note(self, handler: &EventHandler, ledger: &Ledger) -> Result<(), End> {
        match self {
            Self::Part(part) => part.done(),
            Self::Decrypted(key) => {
                let changed = ledger.change(vec![(key, None)]).await;
                handler.core_did("keeping what can’t be decrypted", changed)?;
            }
        }
        Ok(())
    }
}

/// Sends a room's answers in their order.
async fn answer_all(
    handler: &EventHandler,
    room: &Room,
    ledger: &Ledger,
    mut answers: mpsc::Receiver<Outgoing>,
) -> Result<(), End> {
    while let Some(Outgoing { answer, then }) = answers.recv().await {
        let mut backoff = Backoff::new(WAITS, System);
        loop {
            match panics::caught_while(handler.answer(room, &answer)).await {
                Ok(Err(End::Stop)) => handler.doubt(&mut backoff).await?,
                Ok(sent) => {
                    sent?;
                    break;
                }
                Err(panicked) => {
                    // What was done is done, whether it can be said or not.
                    drop(handler.core.trouble(PLATFORM, &panicked));
                    break;
                }
            }
        }
        then.note(handler, ledger).await?;
    }
    Ok(())
}
