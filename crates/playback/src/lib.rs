//! When things are shown: a trace laid out in time for the eye, and a player that moves through it.
//!
//! Seeking is exact: the same instant always gives the same [`Moment`].

mod player;
mod timeline;

pub use player::{Pace, Player};
pub use timeline::{Marker, Moment, Slot, Timeline};

#[cfg(test)]
mod tests;
