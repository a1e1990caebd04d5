//! 查询: reading the cases of a form without taking part in them (PERM-08).
//!
//! `workflow_access` says who takes part and may read for that. A right to query is no row there: it is a grant of
//! `workflow.query:<flow>` over a scope, resolved when the request comes, and asked beside it, in the same finder and in
//! the SQL of the same lists. So it begins and ends with the grant, for cases old and new, and costs those who have none
//! nothing. It lets nobody act, and reading by it leaves an entry in the trace of the case ([`reading`]).

mod export;
mod fields;
mod list;
mod named;
mod progress;
mod reading;
mod rights;
mod routes;
mod values;

pub(crate) use fields::{cells, fields_told};
pub(crate) use list::reached;
#[cfg(test)]
pub(crate) use list::{Sought, plans};
pub(crate) use named::with_number;
#[cfg(test)]
pub(crate) use named::{AskedNames, name_plans};
pub(crate) use progress::{Indexing, unfinished as unfinished_indexing};
pub(crate) use reading::{is_unnoted, note};
pub(crate) use rights::{may_query, permissions_for};
pub(crate) use routes::routes;
pub(crate) use values::{INDEX, Order as IndexOrder, begin, index_all, indexes_anew, keep, lacks_lines, run as index};
