//! Flow packages: the files that ship, files with mistakes, and the one form that is written.

mod besides;
mod expectations;
mod presets;
mod roundtrip;
mod words;
mod wrong;
