//! Gateways, their tunnels, and private endpoints reached through them [PE-OV][VPN-NAT][PEER-MANAGE].

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for the events it is about")]

#[path = "../support/mod.rs"]
mod support;

mod connections;
mod names;
mod transit;
mod translation;
mod tunnels;
