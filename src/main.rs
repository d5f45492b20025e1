//! Stoa.
fn main() {}
