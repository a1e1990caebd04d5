//! From grants to what somebody reaches: against a naive count. No database.

use std::collections::BTreeSet;

use hanlin_directory::{
    Snapshot,
    cast::{self, *},
    model::Place,
};
use hanlin_kernel::{Actor, DepartmentId, Id, Permission, PersonId, Scope, UnitId};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::{
    Grant, Role, Subject, What,
    resolve::{self, Asker},
    snapshot::Grants,
};

const NOW: &str = "2026-03-02T01:00:00Z";
const PERMISSIONS: [Permission; 3] = [Permission("a.read"), Permission("a.write"), Permission("b.read")];
const PEOPLE: [PersonId; 6] = [ZHOU_YUANHANG, CHEN_MO, LIN_XIAO, LIANG_BO, QIN_YUE, JIANG_CHUAN];
const UNITS: [UnitId; 2] = [QINGLAN, QINGLAN_TRADE];
const DEPARTMENTS: [DepartmentId; 8] = [FINANCE, ACCOUNTING, PRODUCT, RD, PLATFORM, DESIGN, SALES, SALES_EAST];
const SCOPES: [Scope; 6] =
    [Scope::Own, Scope::Department, Scope::DepartmentAndBelow, Scope::Unit, Scope::UnitAndBelow, Scope::All];

pub(super) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

pub(super) fn any_grant() -> impl Strategy<Value = Grant> {
    let what = prop_oneof![
        (0..PERMISSIONS.len()).prop_map(|index| What::Permission(PERMISSIONS[index].0.to_owned())),
        Just(What::Role(Id::fixed(7))),
        Just(What::Role(Role::SYSTEM_ADMINISTRATOR)),
    ];
    let directory = cast::snapshot();
    let posts: Vec<_> = PEOPLE
        .iter()
        .flat_map(|person| directory.appointments(*person, now()))
        .map(|held| Subject::Post(held.post))
        .collect();
    let subject = prop_oneof![
        (0..PEOPLE.len()).prop_map(|index| Subject::Person(PEOPLE[index])),
        (0..posts.len()).prop_map(move |index| posts[index]),
        Just(Subject::Group(INFORMATION_OFFICERS)),
        Just(Subject::Everyone),
    ];
    let place = prop_oneof![
        Just(None),
        (0..UNITS.len()).prop_map(|index| Some(Place::Unit(UNITS[index]))),
        (0..DEPARTMENTS.len()).prop_map(|index| Some(Place::Department(DEPARTMENTS[index]))),
    ];
    let day = jiff::SignedDuration::from_hours(24);
    let period = prop_oneof![
        Just((now() - day, None)),
        Just((now() - day, Some(now() + day))),
        Just((now() - day, Some(now()))),
        Just((now() + day, None)),
    ];
    (what, subject, 0..SCOPES.len(), place, period).prop_map(|(what, subject, scope, place, (from, to))| Grant {
        id: Id::new(),
        what,
        about: None,
        subject,
        scope: SCOPES[scope],
        place,
        reason: String::new(),
        valid_from: from,
        valid_to: to,
        granted_by: None,
    })
}

pub(super) fn roles() -> Vec<Role> {
    let role = |id, permissions: &[&str]| Role {
        id,
        code: id.to_string(),
        name: hanlin_kernel::Text::zh("角色"),
        permissions: permissions.iter().map(|permission| (*permission).to_owned()).collect(),
        built_in: false,
        place: None,
        ended_at: None,
        version: 1,
    };
    vec![role(Id::fixed(7), &["a.read", "b.read"]), role(Role::SYSTEM_ADMINISTRATOR, &["*"])]
}

/// Does this one grant let this person do this to a department (or, without one, to the unit)? Asked of the tree, one
/// place at a time, upwards.
fn naive(
    grant: &Grant,
    asker: Asker<'_>,
    permission: Permission,
    unit: UnitId,
    department: Option<DepartmentId>,
    directory: &Snapshot,
) -> bool {
    let at = asker.at;
    let names = match &grant.what {
        What::Permission(name) => name == permission.0,
        What::Role(role) if *role == Role::SYSTEM_ADMINISTRATOR => true,
        What::Role(role) => {
            roles().iter().any(|known| known.id == *role && known.permissions.iter().any(|name| name == permission.0))
        }
    };
    let held = directory.appointments(asker.person, at);
    let to_him = match grant.subject {
        Subject::Everyone => true,
        Subject::Person(person) => person == asker.person,
        Subject::Group(group) => directory.members(group, at).contains(&asker.person),
        Subject::Post(post) => held.iter().any(|held| held.post == post),
    };
    let in_force = grant.valid_from <= at && grant.valid_to.is_none_or(|to| at < to);
    if !(names && to_him && in_force) {
        return false;
    }
    let from: Vec<Place> = match (grant.place, grant.subject) {
        (Some(place), _) => vec![place],
        (None, Subject::Post(post)) => held.iter().filter(|held| held.post == post).map(|held| held.place).collect(),
        (None, _) => asker.acting.map(|held| held.place).into_iter().collect(),
    };
    let target = department.map_or(Place::Unit(unit), Place::Department);
    grant.scope == Scope::All
        || from.into_iter().any(|from| match (grant.scope, from) {
            (Scope::Department, Place::Department(_)) => target == from,
            (Scope::DepartmentAndBelow, Place::Department(_)) => directory.ancestors(target, at).contains(&from),
            (Scope::Unit, _) => directory.unit_of(from, at) == Some(unit),
            (Scope::UnitAndBelow, _) => {
                let measured = directory.unit_of(from, at).map(Place::Unit);
                measured.is_some_and(|measured| directory.ancestors(Place::Unit(unit), at).contains(&measured))
            }
            _ => false,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    // proves: PERM-01, PERM-02
    #[test]
    fn scopes_equal_what_a_naive_count_finds(
        given in proptest::collection::vec(any_grant(), 0..6),
        who in 0..PEOPLE.len(),
        under in 0..2usize,
    ) {
        let directory = cast::snapshot();
        let held = directory.appointments(PEOPLE[who], now());
        let acting = held.get(under).or(held.first()).copied();
        let asker = Asker { person: PEOPLE[who], acting, at: now() };
        let all: BTreeSet<String> = PERMISSIONS.iter().map(|permission| permission.0.to_owned()).collect();
        let grants = Grants::of(roles(), given.clone());
        let actor = Actor { grants: resolve::held(asker, &grants, &all, &directory), ..Actor::person(PEOPLE[who]) };
        for permission in PERMISSIONS {
            let any = |unit, department| {
                given.iter().any(|grant| naive(grant, asker, permission, unit, department, &directory))
            };
            for unit in UNITS {
                prop_assert_eq!(actor.reaches(permission, unit), any(unit, None), "{} over {}", permission, unit);
            }
            for department in DEPARTMENTS {
                let unit = directory.department(department, now()).unwrap().unit;
                let reached = actor.reaches_department(permission, unit, department);
                prop_assert_eq!(reached, any(unit, Some(department)), "{} over {}", permission, department);
            }
        }
    }
}

// proves: PERM-02
#[test]
fn without_a_grant_nothing_is_reached() {
    let directory = cast::snapshot();
    let acting = directory.main_appointment(ZHOU_YUANHANG, now());
    let asker = Asker { person: ZHOU_YUANHANG, acting, at: now() };
    let all = BTreeSet::from(["a.read".to_owned()]);
    assert_eq!(resolve::held(asker, &Grants::of(roles(), Vec::new()), &all, &directory), Vec::new());
}

#[test]
fn more_covers_less_and_not_the_other_way() {
    let directory = cast::snapshot();
    let of = |scope, place| resolve::scopes(scope, place, now(), &directory);
    let group = of(Scope::UnitAndBelow, Place::Unit(QINGLAN));
    let trade = of(Scope::Unit, Place::Unit(QINGLAN_TRADE));
    let sales = of(Scope::Department, Place::Department(SALES));
    let all = of(Scope::All, Place::Unit(QINGLAN));
    let chain = [&sales, &trade, &group, &all];
    for (low, less) in chain.iter().enumerate() {
        for (high, more) in chain.iter().enumerate() {
            assert_eq!(resolve::covers(more, less, now(), &directory), high >= low, "{high} covers {low}");
        }
    }
}
