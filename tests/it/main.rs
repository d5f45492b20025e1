//! Stoa as its people meet it: the executable, a real Synapse, people in rooms.

#![recursion_limit = "256"]

mod architecture;
mod cli;
mod crash_table;
mod discord;
mod human;
mod matrix;
mod nio;
mod people;
mod proxy;
mod trap;
mod world;
