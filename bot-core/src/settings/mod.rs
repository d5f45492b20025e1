//! Settings: a file a section, read by the `config` crate and checked into typed values at start.

mod matrix;
mod patterns;

pub use matrix::{Login, MatrixSettings, Secret};
pub use patterns::Patterns;
