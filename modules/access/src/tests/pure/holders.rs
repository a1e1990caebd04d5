//! Who may do this there, against the door that lets them through.

use std::collections::BTreeSet;

use hanlin_directory::{
    cast::{self, *},
    model::Place,
};
use hanlin_kernel::Actor;
use proptest::prelude::*;

use super::scopes::{any_grant, now, roles};
use crate::{
    people::{holders, under_any},
    resolve::{self, Asker},
    snapshot::Grants,
};

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
