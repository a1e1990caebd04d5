use hanlin_kernel::{Actor, Error, Grant, Id, Result, Scopes};
use hanlin_store::Context;

use super::house::{House, LIN, ZHAO, found};
use crate::{Code, Entry, READ, REDACT, Redaction, redact};

const CASE: &str = "workflow/case/a";

fn officer() -> Actor {
    let grant =
        |permission: hanlin_kernel::Permission| Grant { permission: permission.0.into(), scopes: Scopes::everything() };
    Actor { grants: vec![grant(READ), grant(REDACT)], ..Actor::person(ZHAO) }
}

fn remove(house: &House, actor: &Actor, id: &str, reason: &str) -> Result<Entry> {
    let (actor, id, intent) = (actor.clone(), id.parse::<Id<Entry>>().unwrap(), Redaction { reason: reason.into() });
    let work = move |tx: &mut hanlin_store::Tx| redact(tx, &actor, id, &intent);
    house.block_on(house.db.write_as(Context::person(ZHAO), work))
}

// proves: TRACE-08
#[test]
fn a_payload_lawfully_removed_is_gone_and_the_trace_is_sound() {
    let house = House::with_history();
    let id = house.entries(CASE)[1].id.clone();
    let entry = remove(&house, &officer(), &id, "个人信息保护法第四十七条").unwrap();
    assert_eq!((entry.payload, entry.seq), (None, 2));
    let row = &house.entries(CASE)[1];
    assert_eq!((&row.payload, &row.salt), (&None, &None), "with the salt, a short text could be guessed");
    let told = house.entries(CASE).pop().unwrap();
    assert_eq!((told.kind.as_str(), told.person.as_deref()), ("trace.redacted", Some(ZHAO.to_string().as_str())));
    assert!(told.payload.unwrap().contains("个人信息保护法第四十七条"));
    for _ in 0..2 {
        for report in [house.verify(), house.verify_publicly()] {
            assert!(report.is_sound(), "{report}");
            assert_eq!(report.removed, 1);
        }
        let _sealed = house.block_on(house.sealer.seal_once()).unwrap();
    }
}

// proves: TRACE-08
#[test]
fn a_payload_removed_without_its_record_is_found() {
    let house = House::with_history();
    let id = house.entries(CASE)[1].id.clone();
    let removal = format!("update trace_event set payload = null, salt = null where id = '{id}'");
    house.try_tamper(&removal).expect_err("the guard wants the reason first");
    house.tamper(&format!("insert into trace_redaction (event, at, reason) values ('{id}', 1, 'x')"));
    house.tamper(&removal);
    for report in [house.verify(), house.verify_publicly()] {
        assert_eq!(found(&report), [(Code::PayloadRemoved, CASE, 2)]);
    }
}

// proves: TRACE-08
#[test]
fn nothing_else_can_be_changed_under_the_cover_of_a_removal() {
    let house = House::with_history();
    let id = house.entries(CASE)[1].id.clone();
    house.tamper(&format!("insert into trace_redaction (event, at, reason) values ('{id}', 1, 'x')"));
    for change in ["payload = '{}'", "payload = null", "payload = null, salt = null, person = null", "mac = ''"] {
        house.try_tamper(&format!("update trace_event set {change} where id = '{id}'")).expect_err(change);
    }
    house.try_tamper("delete from trace_redaction").expect_err("the reason stays");
    house.try_tamper("update trace_redaction set reason = 'y'").expect_err("as it was given");
    assert!(house.verify().is_sound());
}

#[test]
fn a_removal_needs_the_permission_a_reason_and_something_to_remove() {
    let house = House::with_history();
    let id = house.entries(CASE)[1].id.clone();
    let stranger = Actor::person(LIN);
    assert!(matches!(remove(&house, &stranger, &id, "x"), Err(Error::Forbidden(_))));
    let mut narrow = officer();
    narrow.grants.iter_mut().for_each(|grant| grant.scopes = Scopes::default());
    assert!(matches!(remove(&house, &narrow, &id, "x"), Err(Error::Forbidden(_))), "the trace knows no units");
    for reason in ["", "  ", &"长".repeat(501)] {
        assert!(matches!(remove(&house, &officer(), &id, reason), Err(Error::Invalid(_))), "{reason:?}");
    }
    let none = Id::<Entry>::fixed(9).to_string();
    assert!(matches!(remove(&house, &officer(), &none, "x"), Err(Error::NotFound)));
    assert_eq!(house.entries(CASE).len(), 6, "nothing was recorded");

    remove(&house, &officer(), &id, "x").unwrap();
    assert_eq!(remove(&house, &officer(), &id, "x").unwrap_err().code(), "trace.already_removed");
    let record = house.entries(CASE).pop().unwrap().id;
    assert_eq!(remove(&house, &officer(), &record, "x").unwrap_err().code(), "trace.of_the_trace");
}
