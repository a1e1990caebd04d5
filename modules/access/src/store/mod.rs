//! SQL, private to the module.

mod accounts;
mod grants;
mod sessions;
mod sign_ins;

pub(crate) use accounts::*;
pub(crate) use grants::*;
pub(crate) use sessions::*;
pub(crate) use sign_ins::*;
