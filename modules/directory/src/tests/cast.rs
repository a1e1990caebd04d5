//! The sample organisation answers as the flows of document 003-f expect it to.

use jiff::Timestamp;

use crate::{
    cast::*,
    model::Place,
    snapshot::{HeadRole, Snapshot},
};

fn now() -> Timestamp {
    "2026-11-21T09:00:00+08:00".parse().unwrap()
}

fn then() -> Timestamp {
    "2024-06-01T09:00:00+08:00".parse().unwrap()
}

fn holders_of(snapshot: &Snapshot, code: &str) -> Vec<hanlin_kernel::PersonId> {
    snapshot.holders(snapshot.posts_by_code(code), QINGLAN, now())
}

// proves: ORG-01
#[test]
fn every_post_that_the_flows_of_003_f_name_has_a_holder() {
    let snapshot = snapshot();
    for code in [
        "hr_manager",
        "hr_specialist",
        "general_manager",
        "accountant",
        "cashier",
        "admin_manager",
        "admin_specialist",
        "business_driver",
        "seal_keeper",
        "finance_supervisor",
        "finance_manager",
        "group_cfo",
    ] {
        assert_eq!(holders_of(&snapshot, code).len(), 1, "{code}");
    }
    assert_eq!(holders_of(&snapshot, "vice_general_manager"), [SHEN_RUOLAN, HAN_LIQUN]);
}

// proves: ORG-01
#[test]
fn a_post_resolves_in_the_own_unit_or_the_nearest_above() {
    let snapshot = snapshot();
    let nearest = |code: &str, unit| snapshot.nearest_holders(snapshot.posts_by_code(code), unit, now()).unwrap();
    let found = nearest("accountant", QINGLAN_TRADE);
    assert_eq!((found.unit, found.people), (QINGLAN_TRADE, vec![YU_MIN]));
    let found = nearest("hr_manager", QINGLAN_TRADE);
    assert_eq!((found.unit, found.people), (QINGLAN, vec![XU_JING]));
    assert!(snapshot.nearest_holders(snapshot.posts_by_code("astronaut"), QINGLAN, now()).is_none());
}

#[test]
fn the_chain_of_heads_goes_up_to_the_top_of_the_group() {
    let snapshot = snapshot();
    let chain = snapshot.chain_of_heads(Place::Department(PLATFORM), now());
    let people: Vec<_> = chain.iter().map(|link| link.person).collect();
    assert_eq!(people, [ZHAO_QING, CHEN_MO, SONG_YANG, SHEN_RUOLAN, ZHOU_YUANHANG]);
    assert_eq!(chain[3].role, HeadRole::LeaderInCharge);
    assert_eq!(chain[3].place, Place::Department(PRODUCT));

    let people: Vec<_> =
        snapshot.chain_of_heads(Place::Department(SALES_EAST), now()).iter().map(|link| link.person).collect();
    assert_eq!(people, [BAI_LU, QIN_YUE, ZHOU_YUANHANG], "华东组 has no head of its own");
}

#[test]
fn a_superior_is_never_the_person_himself() {
    let snapshot = snapshot();
    let superior = |person| snapshot.superior(person, None, now()).map(|link| link.person);
    assert_eq!(superior(LIN_XIAO), Some(ZHAO_QING));
    assert_eq!(superior(ZHAO_QING), Some(CHEN_MO));
    assert_eq!(superior(SONG_YANG), Some(SHEN_RUOLAN));
    assert_eq!(superior(SHEN_RUOLAN), Some(ZHOU_YUANHANG));
    assert_eq!(superior(ZHOU_YUANHANG), None);
    assert_eq!(superior(XIE_XIAOYU), Some(LU_WENQING), "资金组 has no head");

    let concurrent = snapshot.appointments(LIANG_BO, now())[1];
    assert_eq!(superior(LIANG_BO), Some(JIANG_YINUO));
    assert_eq!(snapshot.superior(LIANG_BO, Some(concurrent.id), now()).map(|link| link.person), Some(BAI_LU));
}

// proves: ORG-23
#[test]
fn ranks_are_ordered_data() {
    let snapshot = snapshot();
    let level = |person| snapshot.rank_level(person, now()).unwrap();
    assert!(level(LIN_XIAO) < level(ZHAO_QING) && level(ZHAO_QING) < level(GAO_XIANG));
    assert!(level(GAO_XIANG) < level(CHEN_MO) && level(CHEN_MO) < level(SONG_YANG));
    assert!(level(SONG_YANG) < level(ZHOU_YUANHANG));
    let codes: Vec<_> = snapshot.ranks(now()).iter().map(|rank| rank.code.as_str()).collect();
    assert_eq!(
        codes,
        ["staff", "supervisor", "manager", "department_head", "division_deputy", "division_head", "executive"]
    );
    assert_eq!(
        snapshot.rank_by_code("manager", QINGLAN_TRADE, now()).unwrap().level,
        30,
        "the group's rank applies below"
    );
}

#[test]
fn the_past_is_answered_as_it_was() {
    let snapshot = snapshot();
    let rd = Place::Department(RD);
    assert_eq!(snapshot.head(rd, then()), Some(CHENG_YUAN));
    assert_eq!(snapshot.head(rd, now()), Some(CHEN_MO));
    assert_eq!(snapshot.name_of(rd, then()).unwrap().zh, "技术部");
    assert_eq!(snapshot.name_of(rd, now()).unwrap().zh, "研发部");
    assert!(snapshot.is_active(CHENG_YUAN, then()) && !snapshot.is_active(CHENG_YUAN, now()));
    assert_eq!(snapshot.appointments(CHENG_YUAN, now()), Vec::<&crate::model::Appointment>::new());
    assert_eq!(snapshot.person_name(CHENG_YUAN), "程远", "a leaver keeps his name");
}

#[test]
fn codes_lead_to_what_they_name() {
    let snapshot = snapshot();
    assert_eq!(snapshot.unit_by_code("qinglan-trade"), Some(QINGLAN_TRADE));
    assert_eq!(snapshot.department_by_code("sales", QINGLAN_TRADE, now()), Some(SALES));
    assert_eq!(snapshot.department_by_code("hr", QINGLAN_TRADE, now()), Some(HR), "the nearest unit above has it");
    assert_eq!(snapshot.department_by_code("sales", QINGLAN, now()), None, "a unit below is not searched");
    assert_eq!(snapshot.person_by_code("QL0021"), Some(LIN_XIAO));
    let group = snapshot.group_by_code("information-officers", QINGLAN_TRADE, now()).unwrap();
    assert_eq!(snapshot.members(group.id, now()), [FANG_YUE, SU_TING, GAO_XIANG, WU_TONG]);
    assert_eq!(snapshot.time_zone(QINGLAN_TRADE, now()).iana_name(), Some("Asia/Shanghai"));
}

#[test]
fn a_unit_and_below_is_everything_in_it() {
    let snapshot = snapshot();
    let places = snapshot.and_below(Place::Unit(QINGLAN_TRADE), now());
    assert_eq!(places.len(), 4, "the unit and its three departments");
    assert_eq!(snapshot.units_and_below(QINGLAN, now()), [QINGLAN, QINGLAN_TRADE, QINGLAN_MAKE]);
    assert_eq!(snapshot.departments_and_below(PRODUCT, now()), [PRODUCT, RD, DESIGN, PLATFORM]);
    assert!(snapshot.people_in_and_below(Place::Department(PRODUCT), now()).contains(&LIN_XIAO));
    assert!(snapshot.lies_in(Place::Department(PLATFORM), Place::Unit(QINGLAN), now()));
    assert!(!snapshot.lies_in(Place::Department(PLATFORM), Place::Unit(QINGLAN_TRADE), now()));
}

/// The department of this code in a unit.
fn department(snapshot: &Snapshot, code: &str, unit: hanlin_kernel::UnitId) -> Place {
    Place::Department(snapshot.department_by_code(code, unit, now()).unwrap_or_else(|| panic!("there is no {code}")))
}

// proves: ORG-01
#[test]
fn the_wider_cast_keeps_every_rule_and_is_large_enough_for_interesting_routes() {
    let rows = rows();
    super::generator::keeps_every_rule(&rows);
    let snapshot = snapshot();
    let serving = snapshot.people().filter(|person| snapshot.is_active(person.id, now())).count();
    assert!(serving >= 150, "{serving} in service");
    let shift = department(&snapshot, "shift-a", QINGLAN_MAKE);
    let codes: Vec<_> = snapshot
        .departments_upwards(shift.department().unwrap(), now())
        .iter()
        .map(|department| department.code.as_deref().unwrap())
        .collect();
    assert_eq!(codes, ["shift-a", "line-1", "workshop-1", "production"]);
    let chain = snapshot.chain_of_heads(shift, now());
    assert_eq!(chain.len(), 7, "four departments, the leader in charge, and the heads of two units: {chain:?}");
    assert_eq!(chain.last().unwrap().person, ZHOU_YUANHANG);
}

// proves: ORG-01
#[test]
fn every_post_that_the_flows_of_other_companies_name_has_a_holder() {
    let snapshot = snapshot();
    for code in [
        "president",
        "system_vice_president",
        "director",
        "department_manager",
        "document_clerk",
        "personnel_administrator",
        "admin_reviewer",
        "cook",
        "oa_administrator",
        "warehouse_checker",
        "warehouse_keeper",
    ] {
        let found = [QINGLAN, QINGLAN_MAKE]
            .iter()
            .any(|unit| !snapshot.holders(snapshot.posts_by_code(code), *unit, now()).is_empty());
        assert!(found, "{code}");
    }
    let own = snapshot.nearest_holders(snapshot.posts_by_code("hr_manager"), QINGLAN_MAKE, now()).unwrap();
    assert_eq!(own.unit, QINGLAN_MAKE, "the second subsidiary has its own");
    let above = snapshot.nearest_holders(snapshot.posts_by_code("group_cfo"), QINGLAN_MAKE, now()).unwrap();
    assert_eq!((above.unit, above.people), (QINGLAN, vec![GU_MINGZHE]));
}

#[test]
fn a_split_in_the_past_and_a_renaming_to_come_are_told_apart() {
    let snapshot = snapshot();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let name = |place, at| snapshot.name_of(place, at).unwrap().zh.as_str();
    let (market, brand) = (department(&snapshot, "marketing", QINGLAN), department(&snapshot, "brand", QINGLAN));
    let (before, after) = (at("2025-09-30T12:00:00+08:00"), at("2025-10-01T00:00:00+08:00"));
    assert_eq!((name(market, before), name(market, after)), ("市场运营部", "市场部"));
    assert!(snapshot.ancestors(brand, before).is_empty(), "品牌部 was not there yet");
    let moved = snapshot.people_in_and_below(brand, after);
    assert_eq!(moved.len(), 4);
    let there = snapshot.people_in_and_below(market, before);
    assert!(moved.iter().all(|person| there.contains(person)), "its people come from the department that was split");
    let service = department(&snapshot, "service", QINGLAN);
    assert_eq!((name(service, now()), name(service, at("2027-04-01T00:00:00+08:00"))), ("客户服务部", "客户成功部"));
}
