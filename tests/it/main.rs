//! Stoa as its people meet it: the executable, a real Synapse, a fake Discord, people in rooms and channels.

#![recursion_limit = "256"]

mod architecture;
mod both;
mod cli;
mod crash_table;
mod discord;
mod documents;
mod human;
mod matrix;
mod nio;
mod pages;
mod people;
mod proxy;
mod trap;
mod world;
