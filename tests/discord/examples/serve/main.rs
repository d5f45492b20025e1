//! Runs the fake by itself, for a look at a bot by hand: a guild with a channel and a forum, and people who do what is typed, or
//! comes from a pipe, line by line. It ends with its input, or with Ctrl-C.

mod line;
mod play;
mod told;

use std::{
    any::Any,
    io::{self, BufRead as _, IsTerminal as _},
    panic::{self, AssertUnwindSafe},
};

use discord::{Discord, Options};
use futures_util::FutureExt as _;
use play::Play;
use tokio::sync::mpsc;

tokio::task_local! {
    /// Set while a line is done: then a panic is a mistake of who typed it, which is told as one.
    static AT_THE_PROMPT: ();
}

#[tokio::main]
async fn main() {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok());
    let options = Options {
        port: port.unwrap_or(0),
        ..Options::default()
    };
    let discord = Discord::start_with(options).await;
    println!("REST     {}/api/v10", discord.rest_url());
    println!("TLS      {}/api/v10", discord.tls_url());
    println!("proxy    {} (to discord.com)", discord.connect_proxy());
    println!("gateway  {}", discord.gateway_url());
    println!("token    {}", discord.token());
    println!("trust for TLS:\n{}", discord.ca_pem());
    println!("help says what can be typed. The end of input or Ctrl-C ends it.");

    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if AT_THE_PROMPT.try_with(|()| ()).is_err() {
            usual(info);
        }
    }));
    let mut play = Play::new(discord).await;
    tokio::select! {
        () = AT_THE_PROMPT.scope((), all(&mut play)) => {}
        // Without a signal handler it simply runs on until it is killed.
        Ok(()) = tokio::signal::ctrl_c() => {}
    }
    play.over();
}

/// Does all lines, and tells between them what happens.
async fn all(play: &mut Play) {
    let mut lines = typed();
    loop {
        let line = tokio::select! {
            line = lines.recv() => line,
            () = play.stirs() => Some(String::new()),
        };
        let Some(line) = line else { return };
        if !line.is_empty() && !io::stdin().is_terminal() {
            // What comes from a pipe nobody has seen yet.
            println!("> {line}");
        }
        let turn = async {
            let done = play.turn(&line).await;
            play.tell();
            done
        };
        let done = AssertUnwindSafe(turn).catch_unwind().await;
        match done.unwrap_or_else(|panic| Err(said(&*panic))) {
            Ok(true) => {}
            Ok(false) => return,
            Err(why) => play::mistake(&why),
        }
    }
}

/// The lines of standard input, read on a thread of their own, since reading blocks.
fn typed() -> mpsc::Receiver<String> {
    let (sender, lines) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("that cannot be done").to_owned()
}
