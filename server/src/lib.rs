//! The composition root: which modules there are, what one's news means to another, how the process is configured,
//! opened and served. No rule of any business lives here.

mod arrivals;
pub mod assets;
pub mod commands;
pub mod config;
pub mod house;
pub mod modules;
pub mod serve;
