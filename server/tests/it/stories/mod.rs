//! The binary as an administrator meets it: started, stopped, refused, looked into.

mod backups;
mod packages;
mod process;
mod running;
mod sample;
