//! The address book: what is found and in which order, cards, the tree through time, and one's own number.

use std::time::Instant;

use hanlin_kernel::{Id, Locale, Text};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{
    routes::{app, found},
    store::{admin, sample},
};
use crate::{
    ChangePerson, Rows, Snapshot,
    cast::{self, *},
    change_person,
    model::{Appointment, Department, Person, Place, Service, Unit, UnitKind, Validity},
    names, vcard,
};

// proves: ORG-21
#[test]
fn posts_departments_extensions_and_parts_of_addresses_find_people() {
    let app = app();
    let lin = app.as_(LIN_XIAO);
    let engineers = found(&lin, "q=%E5%B7%A5%E7%A8%8B%E5%B8%88");
    assert!(engineers.contains(&"林晓".to_owned()) && !engineers.contains(&"高翔".to_owned()), "工程师: {engineers:?}");
    // Characters are found anywhere in the name of a post, its reading from the beginning: 信息工程师 is `xinxi…`.
    let read_aloud = found(&lin, "q=gongchengshi");
    assert!(read_aloud.contains(&"林晓".to_owned()), "{read_aloud:?}");
    assert!(read_aloud.iter().all(|name| engineers.contains(name)), "{read_aloud:?}");
    let in_research = found(&lin, &format!("department={RD}"));
    assert_eq!(found(&lin, "q=%E7%A0%94%E5%8F%91%E9%83%A8"), in_research, "研发部, with its team");
    assert_eq!(found(&lin, "q=yanfabu"), in_research);
    assert_eq!(found(&lin, "q=%E7%A0%94%E5%8F%91%20linxiao"), ["林晓"], "every word must fit");
    app.write(|tx| {
        let phone = Some(Some("0571-8888-8001".to_owned()));
        let email = Some(Some("xiao.lin@qinglan.example".to_owned()));
        change_person(tx, &admin(), LIN_XIAO, 1, ChangePerson { office_phone: phone, email, ..Default::default() })
    });
    for query in
        ["0571-8888-8001", "057188888001", "(0571)8888", "8888-8001", "8001", "xiao.lin@", "lin@qinglan", "0021"]
    {
        let found = found(&lin, &format!("q={query}"));
        assert_eq!(found.first().map(String::as_str), Some("林晓"), "{query}: {found:?}");
    }
    assert_eq!(found(&lin, "q=xiaoshou").first(), found(&lin, "q=%E9%94%80%E5%94%AE").first(), "the sales people");
}

// proves: ORG-21
#[test]
fn whoever_bears_the_name_stands_before_whoever_only_works_there() {
    let app = app();
    app.write(|tx| {
        let name = Some("闫发步".to_owned());
        change_person(tx, &admin(), WU_TONG, 1, ChangePerson { name, ..Default::default() })
    });
    let lin = app.as_(LIN_XIAO);
    let all = found(&lin, "q=yanfabu");
    assert_eq!((all.first().map(String::as_str), all.len()), (Some("闫发步"), 4), "{all:?}");
    let first = lin.get("/people?q=yanfabu&limit=1").ok();
    let next = first["next"].as_str().unwrap().replace(' ', "%20");
    assert_eq!(found(&lin, &format!("q=yanfabu&limit=200&after={next}")), all[1..], "pages keep the order");
}

// proves: ORG-21
#[test]
fn a_card_is_a_vcard_of_what_all_may_know() {
    let app = app();
    let lin = app.as_(LIN_XIAO);
    let card = lin.get(&format!("/people/{LIN_XIAO}/vcard")).text();
    for line in ["BEGIN:VCARD", "VERSION:4.0", "FN:林晓", "N:林;晓;;;", "TITLE:工程师", "END:VCARD"] {
        assert!(card.contains(&format!("{line}\r\n")), "{line} in {card}");
    }
    assert!(card.contains("TEL;TYPE=\"cell,voice\":19900000021\r\n"));
    lin.get(&format!("/people/{CHENG_YUAN}/vcard")).refused(404);
    app.as_(JIANG_CHUAN).get(&format!("/people/{LIN_XIAO}/vcard")).refused(404);
    let cards = app.as_(JIANG_CHUAN).get("/vcards").text();
    assert_eq!(cards.matches("BEGIN:VCARD").count(), 5, "only whom the reader may see");
    assert_eq!(lin.get(&format!("/vcards?department={RD}")).text().matches("END:VCARD").count(), 4);
    assert_eq!(lin.get("/vcards?q=lx").text().matches("FN:").count(), 1);
}

#[test]
fn what_would_break_a_card_is_marked_and_long_lines_are_folded_between_characters() {
    let mut rows = cast::rows();
    let person = rows.people.iter_mut().find(|person| person.id == LIN_XIAO).unwrap();
    person.name = "林;晓,\\\nEND:VCARD\u{7}".into();
    person.email = Some(format!("{}@example.cn", "翰".repeat(60)));
    let person = person.clone();
    let snapshot = Snapshot::build("t", rows);
    let card = vcard::card(&person, &snapshot, "2026-11-01T00:00:00Z".parse().unwrap()).unwrap();
    assert!(card.contains("FN:林\\;晓\\,\\\\\\nEND:VCARD\r\n"), "{card}");
    assert!(card.split("\r\n").all(|line| line.len() <= 75), "{card}");
    let unfolded = card.replace("\r\n ", "");
    assert!(unfolded.contains(&format!("EMAIL;TYPE=work:{}@example.cn\r\n", "翰".repeat(60))), "{unfolded}");
    assert_eq!(names::family_and_given("欧阳明月"), ("欧阳".to_owned(), "明月".to_owned()));
    assert_eq!(names::family_and_given("Ada King"), ("King".to_owned(), "Ada".to_owned()));
}

// proves: ORG-21, ORG-01 (only: the tree of any depth with its heads is seen level by level, as of any time)
#[test]
fn the_tree_is_seen_level_by_level_as_of_any_time() {
    let app = app();
    let lin = app.as_(LIN_XIAO);
    let top = lin.get("/places").ok();
    let group = &top["items"][0];
    assert_eq!((&group["people"], &group["head"]["name"]), (&json!(153), &json!("周远航")));
    let below = lin.get(&format!("/places?unit={QINGLAN}")).ok();
    assert_eq!(group["places"], below["items"].as_array().unwrap().len());
    let place = lin.get(&format!("/places/{RD}")).ok();
    assert_eq!(place["name"]["zh"], "研发部");
    let above: Vec<_> = place["above"].as_array().unwrap().iter().map(|step| &step["name"]["zh"]).collect();
    assert_eq!(above.first(), Some(&&json!("青岚集团（示例）")));
    let then = lin.get(&format!("/places/{RD}?at=2024-06-01T00:00:00Z")).ok();
    assert_eq!(then["name"]["zh"], "技术部", "as it was called then");
    let jiang = app.as_(JIANG_CHUAN);
    assert_eq!(jiang.get("/places").ok()["items"][0]["people"], 4, "only what he may see is counted");
    jiang.get(&format!("/places/{RD}")).refused(404);
    lin.get(&format!("/places/{}", Id::<Unit>::fixed(9))).refused(404);
    lin.get("/places?at=yesterday").refused(422);
}

#[test]
fn people_of_a_place_are_listed_as_of_any_time_without_the_telephones_of_leavers() {
    let app = app();
    let lin = app.as_(LIN_XIAO);
    let then = lin.get(&format!("/people?unit={QINGLAN}&at=2024-06-01T00:00:00Z&limit=200")).ok();
    let left = then["items"].as_array().unwrap().iter().find(|row| row["name"] == "程远").expect("he served then");
    assert_eq!((left["ended"].clone(), left.get("phone")), (json!(true), None));
    assert!(left.get("post").is_some(), "in the post he had");
}

#[test]
fn a_card_shows_who_reports_to_him() {
    let app = app();
    let names = |card: &serde_json::Value| -> Vec<String> {
        card["reports"].as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect()
    };
    let snapshot = cast::snapshot();
    let now: Timestamp = app.read(|tx| Ok(tx.now()));
    for leader in snapshot.people() {
        let mut naive: Vec<_> = snapshot
            .people()
            .filter(|person| snapshot.is_active(person.id, now))
            .filter(|person| snapshot.superior(person.id, None, now).is_some_and(|link| link.person == leader.id))
            .collect();
        naive.sort_by_key(|person| (person.sort_key.clone(), person.id));
        let naive: Vec<_> = naive.into_iter().map(|person| person.id).collect();
        assert_eq!(snapshot.reports(leader.id, now), naive, "{}", leader.name);
    }
    assert!(!names(&app.as_(LIN_XIAO).get(&format!("/people/{ZHOU_YUANHANG}")).ok()).is_empty());
    assert!(names(&app.as_(LIN_XIAO).get(&format!("/people/{LIN_XIAO}")).ok()).is_empty());
}

// proves: ORG-06 (only: one mobile is one person, however it is written)
#[test]
fn one_mobile_is_one_person_however_it_is_written() {
    let app = sample();
    let to = |mobile: &str| ChangePerson { mobile: Some(Some(mobile.to_owned())), ..Default::default() };
    let intent = to("+86 199 0000-0021");
    let answer = app.try_write(move |tx| change_person(tx, &admin(), WU_TONG, 1, intent.clone()));
    assert_eq!(super::actions::code(answer), "directory.mobile_taken");
    let intent = to("0086 199-1111-0000");
    assert_eq!(
        app.write(move |tx| change_person(tx, &admin(), WU_TONG, 1, intent.clone())).mobile.as_deref(),
        Some("19911110000")
    );
}

#[test]
fn the_tree_of_fifty_thousand_people_is_counted_at_once() {
    const PEOPLE: u64 = 50_000;
    const DEPARTMENTS: u64 = 2_500;
    let from: Timestamp = "2020-01-01T00:00:00Z".parse().unwrap();
    let (unit, validity) = (Id::fixed(1), Validity::since(from));
    let mut rows = Rows::default();
    rows.units.push(Unit {
        id: unit,
        code: None,
        parent: None,
        kind: UnitKind::Group,
        name: Text::zh("集团"),
        short_name: None,
        time_zone: None,
        position: 0,
        validity,
        version: 1,
    });
    for n in 0..DEPARTMENTS {
        rows.departments.push(Department {
            id: Id::fixed(10 + n),
            unit,
            parent: (n >= 50).then(|| Id::fixed(10 + n / 50)),
            code: None,
            level: None,
            name: Text::zh(format!("部门{n}")),
            position: n as i64,
            validity,
            version: 1,
        });
    }
    for n in 0..PEOPLE {
        let id = Id::fixed(100_000 + n);
        rows.people.push(Person {
            id,
            name: format!("员工{n}"),
            sort_key: format!("yuan gong {n}"),
            initials: "yg".into(),
            employee_number: None,
            gender: None,
            mobile: None,
            office_phone: None,
            email: None,
            locale: Locale::ZhCn,
            version: 1,
        });
        rows.service.push(Service { person: id, rank: None, successor: None, validity });
        rows.appointments.push(Appointment {
            id: Id::fixed(1_000_000 + n),
            person: id,
            post: Id::fixed(5),
            place: Place::Department(Id::fixed(10 + n % DEPARTMENTS)),
            main: true,
            validity,
            version: 1,
        });
    }
    let snapshot = Snapshot::build("large", rows);
    let began = Instant::now();
    let at = from + SignedDuration::from_hours(24);
    assert_eq!(snapshot.headcount_below(Place::Unit(unit), at), PEOPLE);
    // Unoptimized, on a busy machine: what ships is faster by an order of magnitude.
    assert!(began.elapsed().as_millis() < 1_000, "{:?}", began.elapsed());
    assert_eq!(snapshot.headcount_below(Place::Unit(unit), from - SignedDuration::from_hours(1)), 0, "before it began");
}

/// What an earlier program wrote of a name is written anew at the next start, once.
// proves: ORG-21
#[test]
fn search_terms_that_another_program_wrote_are_renewed_at_the_start() {
    let app = app();
    let renew = || app.block_on(crate::renew_terms(&app.db)).unwrap();
    assert_eq!(renew(), 0, "what this program wrote stands");
    app.write(|tx| {
        let gone = "delete from directory_person_term where person = $1 and term <> $2";
        tx.exec(gone, hanlin_store::params![LIN_XIAO, "old"])?;
        tx.exec(
            "insert into directory_person_term (term, person) values ('old', $1)",
            hanlin_store::params![LIN_XIAO],
        )?;
        let sorted = "update directory_person set sort_key = 'zzz' where id = $1";
        tx.exec(sorted, hanlin_store::params![LIN_XIAO])?;
        tx.exec("update directory_version set terms = 0, stamp = 'before'", &[])
    });
    let lin = app.as_(LIN_XIAO);
    assert!(!found(&lin, "q=linxiao").contains(&"林晓".to_owned()));
    assert_eq!(renew(), 1);
    assert!(found(&lin, "q=linxiao").contains(&"林晓".to_owned()));
    assert!(!found(&lin, "q=old").contains(&"林晓".to_owned()));
    let sorted = app.read(|tx| Ok(crate::snapshot(tx)?.person(LIN_XIAO).unwrap().sort_key.clone()));
    assert_eq!(sorted, "lin xiao");
    assert_eq!(renew(), 0);
}
