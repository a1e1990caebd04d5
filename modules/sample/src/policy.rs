use hanlin_kernel::{Actor, Error, Permission, Result};

/// Load the sample group and remove it.
pub const MANAGE: Permission = Permission("sample.manage");

/// The sample is a tree of its own beside the organisation: only who may do so everywhere loads and removes it.
pub(crate) fn require(actor: &Actor) -> Result<()> {
    if actor.reaches_all(MANAGE) { Ok(()) } else { Err(Error::forbidden(MANAGE)) }
}
