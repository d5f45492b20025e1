//! The forum on Discord, held to a strict fake of it over the wire.

mod forum;
mod operator;
mod readme;
