//! Wires the adapter's parts and owns their tasks.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bot_core::backoff::{Backoff, Doubling};
use bot_core::chance::System;
use bot_core::engine::{self, Core, Stop};
use bot_core::settings::MatrixSettings;
use bot_core::turns::Turns;
use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use crate::PLATFORM;
use crate::crypto::Keys;
use crate::event_handler::{ALONE, EventHandler};
use crate::fault::MatrixFault;
use crate::joins;
use crate::lanes::Lanes;
use crate::latency::Latency;
use crate::members::Members;
use crate::outbound::Outbound;
use crate::progress::SyncProgress;
use crate::replies::Replies;
use crate::rooms::Named;
use crate::session::{self, Session};
use crate::sync::{Listener, Over, Reach};

/// The waits between tries to log in again.
const WAITS: Doubling = Doubling::new(Duration::from_secs(1), Duration::from_secs(60));

/// Serves the forum on Matrix until the stop; what was begun is finished. The session and the SDK's store are kept in
/// `state_dir/matrix`.
///
/// A homeserver that can't be reached is waited for.
///
/// The future is boxed so that its code is compiled with this crate, once, and not again by whoever awaits it.
///
/// # Errors
/// When it can't begin or go on, with one sentence that says what to do.
#[must_use]
pub fn run(
    settings: MatrixSettings,
    state_dir: PathBuf,
    core: Core,
    stop: Stop,
) -> BoxFuture<'static, Result<(), MatrixFault>> {
    Box::pin(serve_until(settings, state_dir, core, stop))
}

async fn serve_until(
    settings: MatrixSettings,
    state_dir: PathBuf,
    core: Core,
    stop: Stop,
) -> Result<(), MatrixFault> {
    let dir = state_dir.join("matrix");
    let settings = Arc::new(settings);
    let mut backoff = Backoff::new(WAITS, System);
    loop {
        let ledger = core.ledger(PLATFORM);
        let session = match session::open(&settings, &dir, ledger, &stop).await {
            Ok(Some(session)) => session,
            Ok(None) => return Ok(()),
            Err(fault @ MatrixFault::Unreachable { .. }) => {
                let wait = backoff.wait(None);
                tracing::warn!(
                    "{fault}; it is tried again in {} s",
                    wait.as_secs_f32().ceil()
                );
                tokio::select! {
                    () = tokio::time::sleep(wait) => continue,
                    () = stop.requested() => return Ok(()),
                }
            }
            Err(fault) => return Err(fault),
        };
        backoff.reset();
        match serve(session, &settings, &dir, &core, &stop).await? {
            Over::Stop => return Ok(()),
            Over::Expired => tracing::info!("the Matrix session has expired"),
        }
    }
}

/// Serves the forum as long as a session lasts.
async fn serve(
    session: Session,
    settings: &Arc<MatrixSettings>,
    dir: &Path,
    core: &Core,
    stop: &Stop,
) -> Result<Over, MatrixFault> {
    let (client, own) = (session.client, session.own);
    let invitations = joins::welcome(settings, own.as_str());
    tracing::info!(user = %own, %invitations, "serving the forum on Matrix");

    let (stopper, halt) = engine::stop();
    let (stopper, ledger) = (Arc::new(stopper), core.ledger(PLATFORM));
    let named = Arc::new(Named::default());
    let members = Arc::new(Members::default());
    let (invites, joins) = joins::joins(client.clone(), Arc::clone(settings), Arc::clone(&named));
    let outbound = Arc::new(Outbound::new(
        client.clone(),
        own.clone(),
        Arc::clone(&members),
    ));
    let (doubt, doubts) = mpsc::channel(1);
    let handler = Arc::new(EventHandler {
        core: core.clone(),
        own: own.clone(),
        settings: Arc::clone(settings),
        named,
        replies: Replies::new(own, Arc::clone(&outbound)),
        members,
        latency: Latency::default(),
        alone: Turns::new(ALONE),
        doubts: doubt,
        stop: halt.clone(),
    });
    let keys = Keys {
        client: client.clone(),
        settings: Arc::clone(settings),
        dir: dir.to_owned(),
    };
    let listener = Listener {
        client,
        rest: session.rest,
        handler: Arc::clone(&handler),
        invites,
        at: session.cursor.at().map(str::to_owned),
        cursor: session.cursor,
        kept_at: tokio::time::Instant::now(),
        first: true,
        progress: SyncProgress::new(),
        lanes: Lanes::new(Arc::clone(&handler), ledger, session.undecrypted),
        stopper: Arc::clone(&stopper),
        doubts,
        knows: session.knows,
        keys: None,
        dir: dir.to_owned(),
        store: session.store,
        opened: HashMap::new(),
        reach: Reach::default(),
    };

    // Cards are served and rooms joined once it is known what was missed: before that, the SDK may not even know the rooms.
    let (caught_up, ready) = oneshot::channel();
    let mut tasks: JoinSet<Result<Over, MatrixFault>> = JoinSet::new();
    let (halted, stop) = (halt.clone(), stop.clone());
    tasks.spawn(async move {
        tokio::select! {
            () = stop.requested() => {}
            () = halted.requested() => {}
        }
        Ok(Over::Stop)
    });
    let halted = halt.clone();
    tasks.spawn(listener.listen(halted, move || {
        // Nobody waits where the others have ended already.
        let _ = caught_up.send(());
    }));
    let (core, settings) = (core.clone(), Arc::clone(settings));
    tasks.spawn(async move {
        if ready.await.is_err() {
            return Ok(Over::Stop);
        }
        // Before cards go out the keys are seen to: with them, what was sent before is found again.
        let left = keys.attempt(&halt).await;
        let serve = core.serve(outbound, halt.clone());
        let (served, (), ()) = tokio::join!(
            serve,
            joins.serve(settings, halt.clone()),
            keys.go_on(left, halt)
        );
        served?;
        Ok(Over::Stop)
    });

    let mut ended = Ok(Over::Stop);
    while let Some(done) = tasks.join_next().await {
        // Whichever ends first, the others follow.
        stopper.request();
        let done = done.unwrap_or_else(|died| {
            Err(MatrixFault::Task {
                why: died.to_string(),
            })
        });
        ended = match (ended, done) {
            (Err(fault), _) | (Ok(_), Err(fault)) => Err(fault),
            (Ok(Over::Expired), Ok(_)) | (Ok(_), Ok(Over::Expired)) => Ok(Over::Expired),
            (Ok(Over::Stop), Ok(Over::Stop)) => Ok(Over::Stop),
        };
    }
    handler.latency.log();
    ended
}
