//! What is shown: a small neutral document, built from what the store reads and drawn by each platform.

mod tree;

pub use tree::{Block, Card, Inline};
