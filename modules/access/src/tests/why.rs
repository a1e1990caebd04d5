//! What somebody may do and why; who may do this there and why.

use std::collections::BTreeSet;

use hanlin_directory::{
    cast::{self, *},
    model::Place,
};
use hanlin_kernel::Actor;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    Office,
    scopes::{any_grant, now, roles},
};
use crate::{
    people::{holders, under_any},
    resolve::{self, Asker},
    snapshot::Grants,
};

fn named(found: &Value) -> Vec<&str> {
    found["holders"].as_array().unwrap().iter().map(|holder| holder["person"]["name"].as_str().unwrap()).collect()
}

// proves: PERM-17
#[test]
fn who_may_do_this_here_is_listed_with_the_chain_of_each() {
    let office = Office::sample();
    let root = office.browser("gaoxiang");
    let path = format!("/permissions/access.manage/holders?unit={QINGLAN_TRADE}");
    let found = root.get(&path).ok();
    assert_eq!(named(&found), ["高翔", "秦岳"]);
    let chain = &found["holders"][1]["because"][0];
    assert_eq!(chain["role_name"]["zh"], "部门管理员");
    assert_eq!(chain["reach"]["units"][0]["id"], json!(QINGLAN_TRADE));
    assert_eq!(chain["reach"]["everything"], false);
    let grant = json!({
        "what": { "kind": "permission", "name": "access.manage" },
        "subject": { "kind": "group", "id": INFORMATION_OFFICERS }, "scope": "department",
        "place": { "kind": "department", "id": SALES }, "reason": "联络员", "valid_to": "2026-06-01T00:00:00Z",
    });
    root.post("/grants", grant).ok();
    let sales = root.get(&format!("/permissions/access.manage/holders?department={SALES}")).ok();
    let member =
        sales["holders"].as_array().unwrap().iter().find(|holder| holder["because"][0]["subject"]["kind"] == "group");
    let chain = &member.unwrap()["because"][0];
    assert_eq!((&chain["granted_by"]["name"], &chain["reason"]), (&json!("高翔"), &json!("联络员")));
    assert!(chain["valid_to"].is_string());
    assert_eq!(named(&root.get(&path).ok()), ["高翔", "秦岳"], "over the department is not over the unit");
}

// proves: PERM-17
#[test]
fn who_may_do_this_here_is_told_to_who_reviews_here_only() {
    let office = Office::sample();
    let part = office.browser("qinyue");
    part.get(&format!("/permissions/access.manage/holders?unit={QINGLAN_TRADE}")).ok();
    part.get(&format!("/permissions/access.manage/holders?department={SALES}")).ok();
    part.get(&format!("/permissions/access.manage/holders?unit={QINGLAN}")).refused(403);
    let unknown = part.get(&format!("/permissions/no.such/holders?unit={QINGLAN_TRADE}")).refused(422);
    assert_eq!(unknown["fields"][0]["code"], "access.permission_nowhere");
    let nowhere = part.get("/permissions/access.manage/holders").refused(422);
    assert_eq!(nowhere["fields"][0]["code"], "access.place_unknown");
}

proptest! {
    /// Both lists say what the door says: under one appointment or another he reaches it, or he is not named.
    // proves: PERM-17
    #[test]
    fn the_lists_name_exactly_those_who_pass(granted in prop::collection::vec(any_grant(), 0..6)) {
        let directory = cast::snapshot();
        let grants = Grants::of(roles(), granted);
        let all = BTreeSet::from(["a.read".to_owned(), "a.write".to_owned(), "b.read".to_owned()]);
        let permission = hanlin_kernel::Permission("a.read");
        for place in [Place::Unit(QINGLAN), Place::Unit(QINGLAN_TRADE), Place::Department(SALES), Place::Department(RD)] {
            let listed = holders("a.read", place, &grants, &directory, now());
            for person in directory.people().filter(|person| directory.is_active(person.id, now())) {
                let held = directory.appointments(person.id, now());
                let acting = held.iter().copied().map(Some).chain(held.is_empty().then_some(None));
                let passes = acting.into_iter().any(|acting| {
                    let asker = Asker { person: person.id, acting, at: now() };
                    let actor = Actor { grants: resolve::held(asker, &grants, &all, &directory), ..Actor::person(person.id) };
                    crate::policy::reaches_place(&actor, permission, place, &directory, now())
                });
                let holder = listed.iter().find(|holder| holder.person == person.id);
                prop_assert_eq!(passes, holder.is_some(), "{} at {:?}", person.name, place);
                let own = under_any(person.id, &grants, &all, &directory, now());
                let why = |chain: &crate::resolve::Reached<'_>| own.iter().any(|one| one.grant.id == chain.grant.id);
                prop_assert!(holder.is_none_or(|holder| holder.because.iter().all(why)));
            }
        }
    }
}
