//! Wires the adapter's parts and owns their tasks.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use bot_core::engine::{self, Core, Stop};
use bot_core::platform::Platform;
use bot_core::settings::MatrixSettings;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::crypto::Keys;
use crate::ear::Ear;
use crate::fault::MatrixFault;
use crate::joins;
use crate::latency::Latency;
use crate::outbound::Outbound;
use crate::replies::Replies;
use crate::rooms::Named;
use crate::session;
use crate::sync::{Listener, Reach};

/// Serves the forum on Matrix until the stop; what was begun is finished. The session and the SDK's store are kept in
/// `state_dir/matrix`.
///
/// A homeserver that can't be reached is waited for, but at the very first log-in.
///
/// # Errors
/// When it can't begin or go on, with one sentence that says what to do.
pub async fn run(
    settings: MatrixSettings,
    state_dir: PathBuf,
    core: Core,
    stop: Stop,
) -> Result<(), MatrixFault> {
    let dir = state_dir.join("matrix");
    let settings = Arc::new(settings);
    let ledger = core.ledger(Platform::Matrix);
    let Some(session) = session::open(&settings, &dir, ledger, &stop).await? else {
        return Ok(());
    };
    let (client, own) = (session.client, session.own);
    tracing::info!(user = %own, "serving the forum on Matrix");

    let (stopper, halt) = engine::stop();
    let named = Arc::new(Named::default());
    let (invites, joins) = joins::joins(client.clone(), Arc::clone(&settings), Arc::clone(&named));
    let outbound = Arc::new(Outbound::new(client.clone(), own.clone()));
    let ear = Arc::new(Ear {
        core: core.clone(),
        own: own.clone(),
        settings: Arc::clone(&settings),
        named,
        replies: Replies::new(client.clone(), own, Arc::clone(&outbound)),
        latency: Latency::default(),
        stop: halt.clone(),
    });
    let keys = Keys {
        client: client.clone(),
        settings: Arc::clone(&settings),
        dir: dir.clone(),
    };
    let listener = Listener {
        client,
        ear: Arc::clone(&ear),
        invites,
        cursor: session.cursor,
        undecrypted: session.undecrypted,
        knows: session.knows,
        dir,
        store: session.store,
        opened: HashMap::new(),
        reach: Reach::default(),
    };

    // Cards are served and rooms joined once it is known what was missed: before that, the SDK may not even know the rooms.
    let (caught_up, ready) = oneshot::channel();
    let mut tasks: JoinSet<Result<(), MatrixFault>> = JoinSet::new();
    let halted = halt.clone();
    tasks.spawn(async move {
        tokio::select! {
            () = stop.requested() => {}
            () = halted.requested() => {}
        }
        Ok(())
    });
    let halted = halt.clone();
    tasks.spawn(listener.listen(halted, move || {
        // Nobody waits where the others have ended already.
        let _ = caught_up.send(());
    }));
    tasks.spawn(async move {
        if ready.await.is_err() {
            return Ok(());
        }
        // Before cards go out the keys are seen to: with them, what was sent before is found again.
        let left = keys.attempt(&halt).await;
        let serve = core.serve(outbound, halt.clone());
        let (served, (), ()) = tokio::join!(
            serve,
            joins.serve(settings, halt.clone()),
            keys.go_on(left, halt)
        );
        served.map_err(MatrixFault::from)
    });

    let mut ended = Ok(());
    while let Some(done) = tasks.join_next().await {
        // Whichever ends first, the others follow.
        stopper.request();
        let done = done.unwrap_or_else(|died| {
            Err(MatrixFault::Task {
                why: died.to_string(),
            })
        });
        ended = ended.and(done);
    }
    ear.latency.log();
    ended
}
