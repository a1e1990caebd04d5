//! A whole organisation from one workbook: units, departments, posts, ranks and people that name one another.

use std::collections::BTreeMap;

use hanlin_directory::{
    MANAGE, READ,
    cast::{self, GAO_XIANG, QIN_YUE, QINGLAN_TRADE},
    model::{Place, UnitKind},
    snapshot,
};
use hanlin_kernel::{Locale, Scopes};
use jiff::SignedDuration;
use serde_json::json;

use super::{
    actor, admin, planned,
    routes::{apply, house, id, known},
};
use crate::{
    model::{Field, Kept, Status},
    read,
    write::{self, Out},
};

const UNITS: &str = "单位编码,上级单位编码,单位名称,英文名称,简称,类型,时区\n\
    north-a,示例北方集团,北方一公司,North One,一公司,子公司,\n\
    north,,示例北方集团,,,集团,Asia/Shanghai\n\
    north-a-1,north-a,一公司海外办,,,驻外机构,Europe/Berlin\n";
const DEPARTMENTS: &str = "单位编码,部门编码,上级部门编码,部门名称\n\
    一公司,works-1,works,一车间\nnorth-a,works,,生产部\nnorth,board,-,总裁办\n";
const POSTS: &str = "单位编码,岗位编码,岗位名称\nnorth,director,主任\n示例北方集团,worker,工人\n";
const RANKS: &str = "单位编码,职级编码,职级名称,级别\nnorth,r-staff,员工级,10\nnorth,r-head,主任级,50\n";
const PEOPLE: &str = "姓名,工号,手机,单位编码,部门编码,岗位编码,职级编码,负责人,入职日期\n\
    示例甲,N901,13900000901,一公司,一车间,工人,员工级,是,2020-05-06\n\
    示例乙,N902,13900000902,north,总裁办,director,r-head,是,\n\
    示例丙,N903,13900000903,north-a-1,,worker,,,2024-01-02\n";

fn sheets() -> Vec<(&'static str, &'static str)> {
    vec![("单位.csv", UNITS), ("部门.csv", DEPARTMENTS), ("岗位.csv", POSTS), ("职级.csv", RANKS), ("人员.csv", PEOPLE)]
}

/// The same sheets as one workbook.
fn workbook() -> Vec<u8> {
    let tables = sheets().into_iter().map(|(name, text)| {
        let content = read::read(name, text.as_bytes()).unwrap().remove(0);
        let (sheet, columns) = (content.table.sheet.unwrap(), content.table.columns);
        let row = |cells: Vec<String>| {
            let told = columns.iter().zip(cells).filter_map(|(field, cell)| Some(((*field)?, cell)));
            told.filter(|(_, cell)| !cell.is_empty()).collect::<BTreeMap<Field, String>>()
        };
        Out { sheet, rows: content.rows.into_iter().map(|(_, cells)| row(cells)).collect() }
    });
    write::workbook(&tables.collect::<Vec<Out>>(), Locale::ZhCn).unwrap()
}

fn faults(name: &str, text: &str) -> Vec<(u32, Field, String)> {
    let (_, rows) = planned(&admin(), &[(name, text)]);
    let of = |row: &Kept| {
        let named = row.verdict.faults.iter().map(|fault| (row.line, fault.field.unwrap(), fault.code.clone()));
        named.collect::<Vec<_>>()
    };
    rows.iter().flat_map(of).collect()
}

// proves: ORG-01 (the part that a whole tree of units is filled from one workbook), ORG-23 (the part that ranks are
// filled from it)
#[test]
fn a_new_organisation_is_planned_from_one_workbook() {
    let (plan, rows) = planned(&admin(), &sheets());
    let other: Vec<_> = rows.iter().filter(|row| row.verdict.status != Status::New).collect();
    assert!(other.is_empty(), "{other:#?}");
    let codes: Vec<_> = plan.work.units.iter().map(|unit| unit.code.as_deref().unwrap()).collect();
    assert_eq!(codes, ["north", "north-a", "north-a-1"], "what lies above comes first");
    let [north, first, office] = plan.work.units.as_slice() else { panic!("three units") };
    assert_eq!((first.parent, office.parent), (Some(north.id), Some(first.id)), "by name and by code");
    assert_eq!(office.kind, UnitKind::Outpost);
    assert_eq!(plan.work.ranks.len(), 2);
    let worker = &plan.work.newcomers[0];
    let works_1 = plan.work.departments.iter().find(|made| made.code.as_deref() == Some("works-1")).unwrap();
    assert_eq!(worker.appointments[0].place, Place::Department(works_1.id));
    assert_eq!(worker.service.last().unwrap().rank, Some(plan.work.ranks[0].id), "his unit's group defines it");
    assert_eq!(worker.service.len(), 2, "he served before there was this rank");
    let abroad = &plan.work.newcomers[2].service[0];
    assert_eq!(abroad.validity.from.to_string(), "2024-01-01T23:00:00Z", "midnight where the new unit is");
}

#[test]
fn what_is_wrong_with_units_and_ranks_stands_at_its_row_and_cell() {
    let unit = |rows: &str| {
        let text = format!("单位编码,上级单位编码,单位名称,类型,时区\n{rows}\n");
        faults("单位.csv", &text)
    };
    let rank = |rows: &str| faults("职级.csv", &format!("单位编码,职级编码,职级名称,级别\n{rows}\n"));
    for (found, line, field, code) in [
        (unit("x,nowhere,新单位,分公司,"), 2, Field::Parent, "imports.unit_unknown"),
        (unit("x,,新单位,集团,"), 2, Field::TimeZone, "imports.zone_missing"),
        (unit("x,,新单位,集团,Moon/Base"), 2, Field::TimeZone, "directory.time_zone_unknown"),
        (unit("x,qinglan,新单位,,"), 2, Field::Kind, "imports.kind_missing"),
        (unit("x,qinglan,新单位,帝国,"), 2, Field::Kind, "imports.kind_unknown"),
        (unit("x,qinglan,,分公司,"), 2, Field::Name, "imports.name_missing"),
        (unit(",qinglan,新单位,分公司,"), 2, Field::Code, "imports.code_missing"),
        (unit("x y,qinglan,新单位,分公司,"), 2, Field::Code, "directory.not_a_code"),
        (unit("x,qinglan,甲,分公司,\nx,qinglan,乙,分公司,"), 3, Field::Code, "imports.code_twice"),
        (unit("qinglan-trade,-,,,"), 2, Field::Parent, "imports.unit_stays_below"),
        (
            unit("a,qinglan,同名,分公司,\nb,qinglan,同名,分公司,\nc,同名,丙,分公司,"),
            4,
            Field::Parent,
            "imports.name_of_several",
        ),
        (unit("qinglan,qinglan-trade,,,"), 2, Field::Parent, "imports.unit_circle"),
        (rank("qinglan,r,新职级,"), 2, Field::Level, "imports.rank_level_missing"),
        (rank("qinglan,r,新职级,高"), 2, Field::Level, "imports.not_a_level"),
        (rank("qinglan,staff,员工,99"), 2, Field::Level, "imports.rank_level_stays"),
        (rank("nowhere,r,新职级,3"), 2, Field::Unit, "imports.unit_unknown"),
    ] {
        assert_eq!(found, [(line, field, code.to_owned())]);
    }
    let circle = unit("a,c,甲,分公司,\nb,a,乙,分公司,\nc,b,丙,分公司,\nd,c,丁,分公司,");
    let named = |line| (line, Field::Parent, "imports.unit_circle".to_owned());
    assert_eq!(circle, [named(2), named(3), named(4)], "the one that hangs below it is sound itself");
}

#[test]
fn units_that_change_or_are_not_in_the_file_are_said() {
    let text = "单位编码,上级单位编码,单位名称,简称,类型\nqinglan,,,,\nqinglan-trade,,青蓝贸易（新名）,新贸,分公司\n";
    let (plan, rows) = planned(&admin(), &[("单位.csv", text)]);
    let trade = &rows[1].verdict;
    let changed: Vec<Field> = trade.changes.iter().map(|change| change.field).collect();
    assert_eq!((trade.status, changed), (Status::Changed, vec![Field::Name, Field::ShortName, Field::Kind]));
    assert_eq!(plan.work.steps.len(), 1);
    assert_eq!(plan.counts().gone, 0, "units that hold departments or people do not end");
    let ranks = "单位编码,职级编码,职级名称\nqinglan,staff,普通员工\n";
    let (plan, rows) = planned(&admin(), &[("职级.csv", ranks)]);
    assert_eq!(rows[0].verdict.changes[0].field, Field::Name);
    assert!(plan.gone.iter().all(|gone| !gone.verdict.about.contains("staff")), "{:?}", plan.gone);
}

#[test]
fn who_manages_a_unit_founds_below_it_and_nowhere_else() {
    let trade = actor(Scopes { units: [QINGLAN_TRADE].into(), ..Scopes::default() });
    let codes = |rows: &str| {
        let units = format!("单位编码,上级单位编码,单位名称,类型,时区\n{rows}\n");
        let departments = "单位编码,部门编码,部门名称\nnew,shop,门店\n";
        let people = "姓名,工号,单位编码,部门编码,岗位编码\n示例甲,N901,new,shop,engineer\n";
        let files = [("单位.csv", units.as_str()), ("部门.csv", departments), ("人员.csv", people)];
        let (_, rows) = planned(&trade, &files);
        rows.iter().flat_map(|row| row.verdict.faults.iter().map(|fault| fault.code.clone())).collect::<Vec<_>>()
    };
    assert_eq!(codes("new,qinglan-trade,分店,分公司,"), [""; 0]);
    let refused = "imports.out_of_reach";
    assert_eq!(codes("new,qinglan,分店,分公司,"), [refused; 3]);
    let of_its_own = codes("new,,分店,集团,Asia/Shanghai");
    assert_eq!(of_its_own, [refused, refused, "imports.post_unknown"], "nothing above it defines the post");
}

/// The workbook is carried out as a whole; what is then exported says the same.
// proves: ORG-01 (the part of filling a whole organisation), ORG-23 (the part of filling ranks), UNIT-02 (the part of
// founding units beside others), ORG-21 (the part that what goes out comes in again)
#[test]
fn a_new_organisation_comes_in_and_goes_out_the_same() {
    let app = house();
    let gao = app.as_(GAO_XIANG);
    let import = gao.post_bytes("/imports?name=organisation.xlsx", workbook()).ok();
    assert_eq!((&import["counts"]["new"], &import["counts"]["wrong"]), (&json!(13), &json!(0)), "{import}");
    app.events();
    let job = apply(&app, &id(&import), json!({}));
    assert_eq!((&job["state"], &job["result"]["people"]), (&json!("done"), &json!(3)), "{job}");
    let kinds = app.events();
    let count = |kind: &str| kinds.iter().filter(|recorded| *recorded == kind).count();
    let created = ["unit", "department", "post", "rank"].map(|what| count(&format!("directory.{what}_created")));
    assert_eq!(created, [3, 3, 2, 2]);
    let (first, second) = (known(&app, "N901").unwrap(), known(&app, "N902").unwrap());
    app.read(move |tx| {
        let (snapshot, now) = (snapshot(tx)?, tx.now());
        let works_1 = snapshot.main_appointment(first, now).unwrap().place;
        assert_eq!(snapshot.head(works_1, now), Some(first));
        assert_eq!(snapshot.rank_of(second, now).unwrap().level, 50);
        let unit = snapshot.unit_of(works_1, now).unwrap();
        assert_eq!(snapshot.unit(unit, now).unwrap().code.as_deref(), Some("north-a"));
        Ok(())
    });
    for locale in ["zh-CN", "en"] {
        let exported = gao.get(&format!("/organisation/export?locale={locale}")).bytes;
        let again = gao.post_bytes("/imports?name=organisation.xlsx", exported).ok();
        let counts = &again["counts"];
        let differences = ["new", "changed", "wrong", "gone"].map(|kind| counts[kind].as_u64().unwrap());
        assert_eq!(differences, [0; 4], "{again}");
        assert!(counts["unchanged"].as_u64().unwrap() > 13);
    }
    let csv = gao.get("/organisation/export?csv=units&locale=en").text();
    assert!(csv.contains("north-a,north,北方一公司,North One,一公司,subsidiary,"), "{csv}");

    // Its own later changes: a unit is moved, and one that holds nothing ends when that is asked for.
    let moved = "单位编码,上级单位编码,单位名称,类型\nnorth,,,\nnorth-a,,,\nnorth-b,north-a,二公司,分公司\n";
    let import = gao.post_bytes("/imports?name=%E5%8D%95%E4%BD%8D.csv", moved.into()).ok();
    assert_eq!((&import["counts"]["new"], &import["counts"]["gone"]), (&json!(1), &json!(0)), "somebody serves there");
    apply(&app, &id(&import), json!({}));
    app.clock.advance(SignedDuration::from_mins(1));
    let without = "单位编码,上级单位编码\nnorth,\nnorth-a,\nnorth-a-1,north\n";
    let import = gao.post_bytes("/imports?name=%E5%8D%95%E4%BD%8D.csv", without.into()).ok();
    let counts = ["changed", "gone", "wrong"].map(|kind| import["counts"][kind].as_u64().unwrap());
    assert_eq!(counts, [1, 1, 0], "{import}");
    let job = apply(&app, &id(&import), json!({ "end_gone": true }));
    assert_eq!((&job["state"], &job["result"]["ended"]), (&json!("done"), &json!(1)), "{job}");
    let parents = app.read(|tx| {
        let (snapshot, now) = (snapshot(tx)?, tx.now());
        let unit = |code: &str| snapshot.unit_by_code(code).and_then(|unit| snapshot.unit(unit, now));
        Ok((unit("north-a-1").unwrap().parent == snapshot.unit_by_code("north"), unit("north-b").is_none()))
    });
    assert_eq!(parents, (true, true));
    let closed = gao.post_bytes("/imports?name=%E5%8D%95%E4%BD%8D.csv", moved.into()).ok();
    assert_eq!(closed["counts"]["wrong"], 1, "a code of a closed unit is not used again");
}

/// A department without a code goes by its name, below and above others, and so do those who are in it.
// proves: ORG-23
#[test]
fn what_has_no_code_goes_by_its_name_and_comes_back() {
    let app = house();
    let gao = app.as_(GAO_XIANG);
    let found = |parent: serde_json::Value, name: &str| {
        let intent = json!({ "parent": parent, "name": { "zh": name }, "position": 90 });
        gao.post("/departments", intent).ok()["id"].as_str().unwrap().to_owned()
    };
    let outer = found(json!({ "kind": "unit", "id": cast::QINGLAN }), "示例筹备处");
    let inner = found(json!({ "kind": "department", "id": outer }), "示例筹备组");
    for _ in 0..2 {
        // Nothing tells these two apart.
        found(json!({ "kind": "department", "id": inner }), "示例小组");
    }
    let people = "姓名,工号,手机,单位编码,部门编码,岗位编码\n示例甲,N901,13900000901,qinglan,示例筹备组,engineer\n";
    let import = gao.post_bytes("/imports?name=%E4%BA%BA%E5%91%98.csv", people.into()).ok();
    assert_eq!(import["counts"]["wrong"], 0, "{import}");
    assert_eq!(apply(&app, &id(&import), json!({}))["state"], "done");
    let place = app.read(|tx| {
        let snapshot = snapshot(tx)?;
        let person = snapshot.person_by_code("N901").unwrap();
        Ok(snapshot.main_appointment(person, tx.now()).unwrap().place.department().unwrap().to_string())
    });
    assert_eq!(place, inner);

    let exported = gao.get("/organisation/export").bytes;
    let again = gao.post_bytes("/imports?name=organisation.xlsx", exported).ok();
    let counts = ["new", "changed", "wrong"].map(|kind| again["counts"][kind].as_u64().unwrap());
    assert_eq!(counts, [0, 0, 2], "only the two that share a name must be given codes first: {again}");
}

#[test]
fn an_administrator_of_a_unit_fills_what_he_founds() {
    let app = house();
    app.grant_over(QIN_YUE, &[READ, MANAGE], Scopes { units: [QINGLAN_TRADE].into(), ..Scopes::default() });
    let tables = [
        ("单位", "单位编码,上级单位编码,单位名称,类型\nshop,qinglan-trade,示例门店,分公司\n"),
        ("部门", "单位编码,部门编码,部门名称\nshop,till,收银\n"),
        ("人员", "姓名,工号,单位编码,部门编码,岗位编码\n示例甲,N901,shop,till,engineer\n"),
    ];
    let out = tables.map(|(name, text)| {
        let content = read::read(&format!("{name}.csv"), text.as_bytes()).unwrap().remove(0);
        let fields: Vec<Field> = content.table.columns.iter().flatten().copied().collect();
        let rows = content.rows.into_iter().map(|(_, cells)| fields.iter().copied().zip(cells).collect());
        Out { sheet: content.table.sheet.unwrap(), rows: rows.collect() }
    });
    let book = write::workbook(&out, Locale::ZhCn).unwrap();
    let qin = app.as_(QIN_YUE);
    let import = id(&qin.post_bytes("/imports?name=shop.xlsx", book).ok());
    qin.post(&format!("/imports/{import}/application"), json!({})).ok();
    super::routes::work(&app);
    let job = qin.get(&format!("/imports/{import}/job")).ok();
    assert_eq!(job["state"], "done", "{job}");
    let place = app.read(|tx| {
        let snapshot = snapshot(tx)?;
        let person = snapshot.person_by_code("N901").unwrap();
        Ok(snapshot.unit_of(snapshot.main_appointment(person, tx.now()).unwrap().place, tx.now()))
    });
    assert_ne!(place, Some(cast::QINGLAN_TRADE));
    assert!(place.is_some());
}
