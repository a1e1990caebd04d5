use hanlin_kernel::{Id, PersonId};
use jiff::Timestamp;

use crate::{
    Refusal,
    model::{Change, Class, Content, Done, Item, Order, Origin, State},
    rules,
};

const CLERK: PersonId = Id::fixed(1);

fn order(state: State) -> Order {
    Order {
        id: Id::fixed(9),
        unit: Id::fixed(2),
        content: Content {
            title: "调整".into(),
            basis: String::new(),
            class: Class::Ordinary,
            effective_at: None,
            changes: vec![Change::CloseDepartment { department: Id::fixed(3) }],
        },
        state,
        edited_by: None,
        reviewed: None,
        returned: None,
        issued: None,
        applied_at: None,
        verified: None,
        due_at: None,
        problem: None,
        checklist: Vec::new(),
        inverse: Vec::new(),
        counter_of: None,
        origin: None,
        created_by: CLERK,
        created_at: Timestamp::UNIX_EPOCH,
        version: 1,
    }
}

fn now() -> Done {
    Done { by: CLERK, at: Timestamp::UNIX_EPOCH }
}

// proves: ORG-02
#[test]
fn each_step_is_taken_from_its_state_only() {
    for (state, _) in State::ALL {
        let editable = matches!(state, State::Draft | State::Failed);
        let issued = rules::issue(order(state), now(), Timestamp::UNIX_EPOCH, Vec::new());
        assert_eq!(issued.is_ok(), editable, "{state:?}");
        assert_eq!(rules::edit(order(state), now(), order(state).content).is_ok(), editable, "{state:?}");
        let withdrawn = rules::withdraw(order(state)).is_ok();
        assert_eq!(withdrawn, editable || state == State::Issued, "{state:?}");
        assert_eq!(rules::verify(order(state), now()).is_ok(), state == State::Applied, "{state:?}");
    }
}

#[test]
fn an_order_of_nothing_is_a_draft_and_is_not_issued() {
    let mut empty = order(State::Draft);
    empty.content.changes.clear();
    assert_eq!(rules::check(&empty.content), []);
    assert_eq!(rules::issue(empty, now(), Timestamp::UNIX_EPOCH, Vec::new()), Err(Refusal::ChangesMissing));
}

// proves: ORG-10
#[test]
fn ticks_made_before_it_took_effect_count_for_what_is_still_the_same() {
    let item = |key: &str| Item::new("head_vacant", key, true);
    let mut issued = order(State::Issued);
    issued.checklist = vec![item("a"), item("gone")];
    let issued = rules::tick(issued, "head_vacant:a", Some(now())).expect("it is there");
    assert_eq!(rules::tick(issued.clone(), "head_vacant:b", Some(now())), Err(Refusal::NothingToTick));
    let applied = rules::applied(issued, Timestamp::UNIX_EPOCH, Vec::new(), vec![item("a"), item("b")]);
    let ticked: Vec<_> = applied.checklist.iter().map(|item| (item.key.as_str(), item.ticked_by.is_some())).collect();
    assert_eq!(ticked, [("head_vacant:a", true), ("head_vacant:b", false), ("head_vacant:gone", false)]);
    assert_eq!(rules::verify(applied, now()), Err(Refusal::NotAllTicked { items: 2 }));
}

// proves: ORG-08
#[test]
fn an_approval_stands_for_its_own_people_once_its_case_has_ended() {
    let (one, other) = (Id::fixed(21), Id::fixed(22));
    let leave = |person| Change::Leave { person, successor: None };
    let nobody = |_| None;
    let mut drafted = order(State::Draft);
    drafted.content.changes = vec![leave(one)];
    assert_eq!(rules::unapproved(&drafted, false, &nobody), Some(one), "nothing approved it");
    drafted.origin = Some(Origin {
        case: Id::fixed(7),
        node: "order".into(),
        number: "20260302-ABCDEF".into(),
        title: None,
        people: vec![one],
    });
    assert_eq!(rules::unapproved(&drafted, false, &nobody), Some(one), "its case goes on");
    assert_eq!(rules::unapproved(&drafted, true, &nobody), None);
    drafted.content.changes.push(leave(other));
    assert_eq!(rules::unapproved(&drafted, true, &nobody), Some(other));
    let moved =
        Change::Transfer { appointment: Id::fixed(8), post: Id::fixed(9), to: crate::Target::Department(Id::fixed(3)) };
    drafted.content.changes = vec![moved];
    assert_eq!(rules::unapproved(&drafted, true, &|_| Some(other)), Some(other));
    drafted.counter_of = Some(Id::fixed(10));
    assert_eq!(rules::unapproved(&drafted, false, &|_| Some(other)), None, "what turns another back");
}
