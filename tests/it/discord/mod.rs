//! The forum on Discord, held to a strict fake of it over the wire.

mod crashes;
mod deadlines;
mod forum;
mod scene;
mod weather;
