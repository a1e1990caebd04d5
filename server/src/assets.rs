//! What is embedded in the binary: the web client as it was built, and the flow packages that ship.

include!(concat!(env!("OUT_DIR"), "/assets.rs"));
include!(concat!(env!("OUT_DIR"), "/presets.rs"));
