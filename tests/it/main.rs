//! Stoa as its people meet it: the executable, a real Synapse, people in rooms.

mod architecture;
mod cli;
mod matrix;
mod proxy;
mod world;
