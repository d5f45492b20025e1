//! The engine: joins rules, store, search and cards, and is what adapters and the command line talk to.

mod stop;

pub use stop::{Stop, Stopper, stop};
