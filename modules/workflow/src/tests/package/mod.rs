//! Flow packages: the files that ship, files with mistakes, and the one form that is written.

mod any_form;
mod besides;
mod expectations;
mod presets;
mod roundtrip;
mod words;
mod wrong;
