use hanlin_kernel::{Actor, Error, Grant, PageRequest, Scopes};
use hanlin_store::Context;

use super::house::{House, LIN, Noted, ZHAO, now};
use crate::{Filter, READ, list_for, list_stream};

fn auditor() -> Actor {
    let grant = Grant { permission: READ.0.into(), scopes: Scopes::everything() };
    Actor { grants: vec![grant], ..Actor::person(ZHAO) }
}

/// The texts of all pages of two entries each, newest first.
fn texts(house: &House, filter: Filter) -> Vec<String> {
    let (mut texts, mut after) = (Vec::new(), None);
    loop {
        let (filter, page) = (filter.clone(), PageRequest { after, limit: Some(2) });
        let page = house.read(move |tx| list_for(tx, &auditor(), &filter, &page));
        assert!(page.items.len() <= 2);
        texts.extend(
            page.items.iter().map(|entry| entry.payload.as_ref().unwrap()["text"].as_str().unwrap().to_owned()),
        );
        after = page.next;
        if after.is_none() {
            return texts;
        }
    }
}

fn house() -> House {
    let house = House::new();
    house.note_kind("workflow/case/a", "workflow.drafted", "1");
    house.note_kind("workflow/case/a", "workflow.approved", "2");
    house.note_kind("access/account/b", "access.locked", "3");
    let zhao = Noted { stream: "rulebook/clause/c", kind: "rulebook.changed", text: "4".into() };
    house.note_as(Context::person(ZHAO), zhao);
    house.note_kind("access/account/b", "access.unlocked", "5");
    house.note_kind("workflow/case/z", "workflow.drafted", "6");
    house.note_as(Context::default(), Noted { stream: "access/account/b", kind: "access.expired", text: "7".into() });
    house
}

// proves: TRACE-07
#[test]
fn the_audit_log_is_read_newest_first_by_kind_person_matter_and_time() {
    let house = house();
    assert_eq!(texts(&house, Filter::default()), ["7", "6", "5", "4", "3", "2", "1"]);
    let kind = |kind: &str| Filter { kind: Some(kind.into()), ..Filter::default() };
    assert_eq!(texts(&house, kind("access.")), ["7", "5", "3"]);
    assert_eq!(texts(&house, kind("workflow.drafted")), ["6", "1"]);
    assert_eq!(texts(&house, kind("work")), ["6", "2", "1"]);
    assert_eq!(texts(&house, kind("access.none")), [""; 0]);
    assert_eq!(texts(&house, Filter { person: Some(ZHAO), ..Filter::default() }), ["4"]);
    assert_eq!(texts(&house, Filter { person: Some(LIN), ..kind("access.") }), ["5", "3"]);
    let stream = Filter { stream: Some("workflow/case/a".into()), ..Filter::default() };
    assert_eq!(texts(&house, stream.clone()), ["2", "1"]);
    assert_eq!(texts(&house, Filter { stream: stream.stream, ..kind("workflow.approved") }), ["2"]);
    let ago = |seconds| Some(now(&house) - jiff::SignedDuration::from_secs(seconds));
    assert_eq!(texts(&house, Filter { from: ago(2), ..Filter::default() }), ["7", "6", "5"]);
    assert_eq!(texts(&house, Filter { until: ago(2), ..Filter::default() }), ["4", "3", "2", "1"]);
    assert_eq!(texts(&house, Filter { from: ago(4), until: ago(1), ..kind("access.") }), ["5", "3"]);
}

#[test]
fn one_matter_is_read_from_its_beginning_page_by_page() {
    let house = House::with_history();
    let page = |after: Option<String>| {
        house.read(move |tx| list_stream(tx, "workflow/case/a", &PageRequest { after, limit: Some(4) }))
    };
    let first = page(None);
    assert_eq!(first.items.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let second = page(first.next);
    assert_eq!(second.items.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [5, 6]);
    assert_eq!(second.next, None);
}

#[test]
fn a_page_mark_of_something_else_is_refused() {
    let house = house();
    let page = PageRequest { after: Some("x".into()), limit: None };
    let other = page.clone();
    let listed = house.block_on(house.db.read(move |tx| list_for(tx, &auditor(), &Filter::default(), &page)));
    assert!(matches!(listed, Err(Error::Invalid(_))));
    let listed = house.block_on(house.db.read(move |tx| list_stream(tx, "workflow/case/a", &other)));
    assert!(matches!(listed, Err(Error::Invalid(_))));
}

#[test]
fn only_a_reader_without_limit_of_scope_reads_the_whole_trace() {
    let house = house();
    let mut narrow = auditor();
    narrow.grants[0].scopes = Scopes { units: [hanlin_kernel::Id::fixed(1)].into(), ..Scopes::default() };
    for actor in [Actor::person(LIN), narrow] {
        let work = move |tx: &mut hanlin_store::Tx| list_for(tx, &actor, &Filter::default(), &PageRequest::default());
        assert!(matches!(house.block_on(house.db.read(work)), Err(Error::Forbidden(_))));
    }
}
