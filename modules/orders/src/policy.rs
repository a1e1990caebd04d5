use hanlin_kernel::{Actor, Can, Permission, UnitId};

use crate::{
    model::{Done, Order, State},
    rules,
};

/// See the orders of the units in scope.
pub const READ: Permission = Permission("orders.read");
/// 人事: draft, issue and withdraw orders of the units in scope. What an order changes one must manage too.
pub const ISSUE: Permission = Permission("orders.issue");
/// 系统管理: tick what hangs on an order, and verify it.
pub const VERIFY: Permission = Permission("orders.verify");
/// See what waits at people of the units in scope, and give it to others.
pub const HAND_OVER: Permission = Permission("orders.hand_over");

/// What the actor may do with this one.
pub(crate) fn may(actor: &Actor, order: &Order) -> Can {
    let issues = may_issue(actor, order.unit);
    let verifies = actor.reaches(VERIFY, order.unit);
    let editable = matches!(order.state, State::Draft | State::Failed);
    let reviews = verifies && rules::review(order.clone(), Done { by: actor.person, at: order.created_at }).is_ok();
    let is_done = matches!(order.state, State::Applied | State::Verified);
    Can::none()
        .when("read", issues || verifies || actor.reaches(READ, order.unit))
        .when("update", issues && editable)
        .when("preview", issues && (editable || order.state == State::Issued))
        .when("issue", issues && editable && !order.is_returned())
        .when("withdraw", issues && (editable || order.state == State::Issued))
        .when("review", reviews)
        .when("return", reviews)
        .when("tick", verifies && matches!(order.state, State::Issued | State::Applied))
        .when("verify", verifies && order.state == State::Applied)
        .when("counter", issues && is_done && !order.inverse.is_empty())
}

pub(crate) fn may_issue(actor: &Actor, unit: UnitId) -> bool {
    actor.reaches(ISSUE, unit)
}
