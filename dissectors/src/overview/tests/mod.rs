//! Fates, services and scans, on connections that are made packet by packet.

mod fates;
mod glances;
mod rows;
mod stage;
