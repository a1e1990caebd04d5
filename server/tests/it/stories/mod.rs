//! The binary as an administrator meets it: started, stopped, refused, looked into.

mod process;
mod running;
