//! SQL, private to the module.

mod accounts;
mod grants;
mod leaving;
mod sessions;
mod sign_ins;

pub(crate) use accounts::*;
pub(crate) use grants::*;
pub(crate) use leaving::*;
pub(crate) use sessions::*;
pub(crate) use sign_ins::*;
