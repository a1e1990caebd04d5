//! The wider cast: everybody beyond those whom tests and stories name. A second subsidiary that makes things, departments
//! up to four deep, the posts that the flows of other companies name, a department that was split and renamed last
//! year, and one that will get another name.

use hanlin_kernel::{DepartmentId, Id, Locale, PersonId, Text, UnitId};

use super::{
    data::{FOUNDED, instant, numbered, post_id, rank_id},
    *,
};
use crate::{
    model::{
        Appointment, Department, Gender, Leadership, LeadershipKind, Person, Place, Service, Unit, UnitKind, Validity,
    },
    names,
    snapshot::Rows,
};

/// When 市场运营部 was split: it became 市场部, and 品牌部 began.
const SPLIT: &str = "2025-10-01T00:00:00+08:00";
/// When 客户服务部 becomes 客户成功部.
const PLANNED: &str = "2027-04-01T00:00:00+08:00";

/// Id, unit, department above, code, level, names.
type DepartmentLine =
    (DepartmentId, UnitId, Option<DepartmentId>, &'static str, &'static str, &'static str, &'static str);

const ARCHIVES: DepartmentId = Id::fixed(2101);
const RECRUITING: DepartmentId = Id::fixed(2102);
const LOGISTICS: DepartmentId = Id::fixed(2103);
const MAINTENANCE: DepartmentId = Id::fixed(2104);
const LEGAL: DepartmentId = Id::fixed(2105);
const AUDIT: DepartmentId = Id::fixed(2106);
const OPERATIONS: DepartmentId = Id::fixed(2110);
const MARKETING: DepartmentId = Id::fixed(2111);
const CAMPAIGNS: DepartmentId = Id::fixed(2112);
const BRAND: DepartmentId = Id::fixed(2113);
const SERVICE: DepartmentId = Id::fixed(2114);
const HOTLINE: DepartmentId = Id::fixed(2115);
const HOTLINE_DAY: DepartmentId = Id::fixed(2116);
const HOTLINE_NIGHT: DepartmentId = Id::fixed(2117);
const MAKE_OFFICE: DepartmentId = Id::fixed(2201);
const MAKE_HR: DepartmentId = Id::fixed(2202);
const MAKE_FINANCE: DepartmentId = Id::fixed(2203);
const MAKE_PURCHASING: DepartmentId = Id::fixed(2204);
const MAKE_WAREHOUSE: DepartmentId = Id::fixed(2205);
const QUALITY: DepartmentId = Id::fixed(2206);
const PRODUCTION: DepartmentId = Id::fixed(2210);
const WORKSHOP_ONE: DepartmentId = Id::fixed(2211);
const LINE_ONE: DepartmentId = Id::fixed(2212);
const SHIFT_A: DepartmentId = Id::fixed(2213);
const SHIFT_B: DepartmentId = Id::fixed(2214);
const LINE_TWO: DepartmentId = Id::fixed(2215);
const WORKSHOP_TWO: DepartmentId = Id::fixed(2216);
const EQUIPMENT: DepartmentId = Id::fixed(2217);
const ENGINEERING: DepartmentId = Id::fixed(2220);

const DEPARTMENTS: &[DepartmentLine] = &[
    (ARCHIVES, QINGLAN, Some(GM_OFFICE), "archives", "team", "档案室", "Archives"),
    (RECRUITING, QINGLAN, Some(HR), "recruiting", "team", "招聘组", "Recruiting"),
    (LOGISTICS, QINGLAN, Some(ADMIN), "logistics", "team", "后勤组", "Logistics"),
    (MAINTENANCE, QINGLAN, Some(IT), "maintenance", "team", "运维组", "IT operations"),
    (LEGAL, QINGLAN, None, "legal", "department", "法务部", "Legal affairs"),
    (AUDIT, QINGLAN, None, "audit", "department", "审计部", "Audit"),
    (OPERATIONS, QINGLAN, None, "operations", "division", "运营中心", "Operations centre"),
    (MARKETING, QINGLAN, Some(OPERATIONS), "marketing", "department", "市场部", "Marketing"),
    (CAMPAIGNS, QINGLAN, Some(MARKETING), "campaigns", "team", "活动组", "Campaigns"),
    (BRAND, QINGLAN, Some(OPERATIONS), "brand", "department", "品牌部", "Brand"),
    (SERVICE, QINGLAN, Some(OPERATIONS), "service", "department", "客户服务部", "Customer service"),
    (HOTLINE, QINGLAN, Some(SERVICE), "hotline", "section", "热线科", "Hotline"),
    (HOTLINE_DAY, QINGLAN, Some(HOTLINE), "hotline-day", "team", "白班组", "Day shift"),
    (HOTLINE_NIGHT, QINGLAN, Some(HOTLINE), "hotline-night", "team", "夜班组", "Night shift"),
    (MAKE_OFFICE, QINGLAN_MAKE, None, "gm-office", "department", "总经办", "General manager's office"),
    (MAKE_HR, QINGLAN_MAKE, None, "hr", "department", "人事行政部", "Personnel and administration"),
    (MAKE_FINANCE, QINGLAN_MAKE, None, "finance", "department", "财务部", "Finance"),
    (MAKE_PURCHASING, QINGLAN_MAKE, None, "purchasing", "department", "采购部", "Purchasing"),
    (MAKE_WAREHOUSE, QINGLAN_MAKE, None, "warehouse", "department", "仓储部", "Warehouse"),
    (QUALITY, QINGLAN_MAKE, None, "quality", "department", "质量部", "Quality"),
    (PRODUCTION, QINGLAN_MAKE, None, "production", "division", "生产中心", "Production centre"),
    (WORKSHOP_ONE, QINGLAN_MAKE, Some(PRODUCTION), "workshop-1", "department", "一车间", "First workshop"),
    (LINE_ONE, QINGLAN_MAKE, Some(WORKSHOP_ONE), "line-1", "section", "一号线", "Line 1"),
    (SHIFT_A, QINGLAN_MAKE, Some(LINE_ONE), "shift-a", "team", "甲班", "Shift A"),
    (SHIFT_B, QINGLAN_MAKE, Some(LINE_ONE), "shift-b", "team", "乙班", "Shift B"),
    (LINE_TWO, QINGLAN_MAKE, Some(WORKSHOP_ONE), "line-2", "section", "二号线", "Line 2"),
    (WORKSHOP_TWO, QINGLAN_MAKE, Some(PRODUCTION), "workshop-2", "department", "二车间", "Second workshop"),
    (EQUIPMENT, QINGLAN_MAKE, Some(PRODUCTION), "equipment", "department", "设备部", "Equipment"),
    (ENGINEERING, QINGLAN_MAKE, None, "engineering", "department", "工程部", "Engineering"),
];

/// Name, post, rank. Those of one department stand together; who stands first heads it, unless somebody does already.
type PersonLine = (DepartmentId, &'static [(&'static str, &'static str, &'static str)]);

const PEOPLE: &[PersonLine] = &[
    (GM_OFFICE, &[("王文哲", "president", "executive"), ("李梅佳", "system_vice_president", "executive")]),
    (
        ARCHIVES,
        &[
            ("张云婉", "document_clerk", "supervisor"),
            ("刘善可", "archivist", "staff"),
            ("黄凡佳", "archivist", "staff"),
        ],
    ),
    (
        RECRUITING,
        &[
            ("杨云宁", "recruiter", "supervisor"),
            ("吴屿朗", "recruiter", "staff"),
            ("孙然慧", "personnel_administrator", "staff"),
        ],
    ),
    (
        LOGISTICS,
        &[
            ("胡然竹", "admin_reviewer", "supervisor"),
            ("朱佳若", "cook", "staff"),
            ("郭枫霜", "cook", "staff"),
            ("罗毅松", "receptionist", "staff"),
        ],
    ),
    (
        MAINTENANCE,
        &[
            ("郑颖慧", "oa_administrator", "supervisor"),
            ("谢毅卓", "it_engineer", "staff"),
            ("唐桐菁", "it_engineer", "staff"),
            ("韩川霜", "it_engineer", "staff"),
        ],
    ),
    (
        LEGAL,
        &[
            ("曹毅若", "director", "department_head"),
            ("邓良颖", "legal_counsel", "staff"),
            ("冯朗良", "legal_counsel", "staff"),
        ],
    ),
    (
        AUDIT,
        &[("彭竹佳", "director", "department_head"), ("田博柏", "auditor", "staff"), ("董达竹", "auditor", "staff")],
    ),
    (OPERATIONS, &[("袁然书", "director", "division_head"), ("潘良霜", "market_specialist", "division_deputy")]),
    (
        MARKETING,
        &[
            ("蒋松婉", "department_manager", "department_head"),
            ("蔡凡舟", "market_specialist", "staff"),
            ("余清芷", "market_specialist", "staff"),
            ("杜平墨", "market_specialist", "staff"),
        ],
    ),
    (
        CAMPAIGNS,
        &[
            ("叶墨博", "team_lead", "supervisor"),
            ("苏枫柔", "market_specialist", "staff"),
            ("魏霜松", "market_specialist", "staff"),
            ("吕墨恒", "market_specialist", "staff"),
        ],
    ),
    (
        BRAND,
        &[
            ("丁文川", "brand_manager", "department_head"),
            ("卢聪朗", "market_specialist", "manager"),
            ("姚文书", "designer", "staff"),
            ("沈清远", "designer", "staff"),
        ],
    ),
    (SERVICE, &[("钟文菁", "department_manager", "department_head"), ("姜荷冰", "service_agent", "manager")]),
    (HOTLINE, &[("崔川颖", "team_lead", "supervisor"), ("谭平良", "service_agent", "staff")]),
    (
        HOTLINE_DAY,
        &[
            ("陆文若", "team_lead", "supervisor"),
            ("汪慧若", "service_agent", "staff"),
            ("范冰宁", "service_agent", "staff"),
            ("金霜书", "service_agent", "staff"),
            ("石朗柔", "service_agent", "staff"),
        ],
    ),
    (
        HOTLINE_NIGHT,
        &[
            ("廖屿川", "team_lead", "supervisor"),
            ("贾柏冰", "service_agent", "staff"),
            ("夏舟桐", "service_agent", "staff"),
            ("韦佳禾", "service_agent", "staff"),
            ("傅云墨", "service_agent", "staff"),
        ],
    ),
    (
        MAKE_OFFICE,
        &[
            ("方然桐", "general_manager", "executive"),
            ("邹书平", "vice_general_manager", "executive"),
            ("熊颖梅", "director", "executive"),
            ("白屿敏", "document_clerk", "staff"),
        ],
    ),
    (
        MAKE_HR,
        &[
            ("孟霜岚", "hr_manager", "department_head"),
            ("邱墨川", "hr_specialist", "staff"),
            ("侯文卓", "admin_manager", "manager"),
            ("江婉荷", "admin_specialist", "staff"),
            ("尹远禾", "seal_keeper", "staff"),
            ("薛婉善", "business_driver", "staff"),
            ("阎朗柏", "cook", "staff"),
            ("段知竹", "cook", "staff"),
        ],
    ),
    (
        MAKE_FINANCE,
        &[
            ("雷桐远", "finance_manager", "department_head"),
            ("龙禾云", "finance_supervisor", "supervisor"),
            ("黎梅书", "accountant", "staff"),
            ("史达平", "cashier", "staff"),
        ],
    ),
    (
        MAKE_PURCHASING,
        &[("陶书颖", "purchasing_supervisor", "manager"), ("贺芷怡", "buyer", "staff"), ("毛善屿", "buyer", "staff")],
    ),
    (
        MAKE_WAREHOUSE,
        &[
            ("郝怡达", "warehouse_supervisor", "supervisor"),
            ("顾柔冰", "warehouse_checker", "staff"),
            ("龚慧怡", "warehouse_keeper", "staff"),
            ("邵凡竹", "warehouse_keeper", "staff"),
            ("万卓荷", "warehouse_keeper", "staff"),
        ],
    ),
    (
        QUALITY,
        &[
            ("王婉知", "department_manager", "department_head"),
            ("李善朗", "quality_inspector", "staff"),
            ("张怡朗", "quality_inspector", "staff"),
            ("刘慧柏", "quality_inspector", "staff"),
            ("黄宁卓", "quality_inspector", "staff"),
            ("杨梅菁", "quality_inspector", "staff"),
        ],
    ),
    (
        PRODUCTION,
        &[("吴梅平", "director", "division_head"), ("孙宁书", "planner", "staff"), ("胡冰梅", "planner", "staff")],
    ),
    (WORKSHOP_ONE, &[("朱霜文", "department_manager", "department_head"), ("郭达良", "planner", "staff")]),
    (LINE_ONE, &[("罗可云", "team_lead", "supervisor")]),
    (
        SHIFT_A,
        &[
            ("郑文毅", "team_lead", "supervisor"),
            ("谢文川", "worker", "staff"),
            ("唐良婉", "worker", "staff"),
            ("韩颖枫", "worker", "staff"),
            ("曹冰舟", "worker", "staff"),
            ("邓凡言", "worker", "staff"),
        ],
    ),
    (
        SHIFT_B,
        &[
            ("冯桐安", "team_lead", "supervisor"),
            ("彭荷柏", "worker", "staff"),
            ("田书安", "worker", "staff"),
            ("董言毅", "worker", "staff"),
            ("袁平文", "worker", "staff"),
            ("潘芷佳", "worker", "staff"),
        ],
    ),
    (
        LINE_TWO,
        &[
            ("蒋安平", "team_lead", "supervisor"),
            ("蔡恒凡", "worker", "staff"),
            ("余若平", "worker", "staff"),
            ("杜桐聪", "worker", "staff"),
            ("叶卓屿", "worker", "staff"),
            ("苏可卓", "worker", "staff"),
        ],
    ),
    (
        WORKSHOP_TWO,
        &[
            ("魏竹卓", "department_manager", "department_head"),
            ("吕竹云", "worker", "staff"),
            ("丁良安", "worker", "staff"),
            ("卢然菁", "worker", "staff"),
            ("姚书舟", "worker", "staff"),
            ("沈可敏", "worker", "staff"),
            ("钟书颖", "worker", "staff"),
        ],
    ),
    (
        EQUIPMENT,
        &[
            ("姜佳舟", "department_manager", "department_head"),
            ("崔桐柔", "it_engineer", "manager"),
            ("谭荷婉", "maintenance_engineer", "staff"),
            ("陆荷清", "maintenance_engineer", "staff"),
            ("汪桐枫", "maintenance_engineer", "staff"),
            ("范婉慧", "maintenance_engineer", "staff"),
        ],
    ),
    (
        ENGINEERING,
        &[
            ("金荷善", "rd_manager", "department_head"),
            ("石霜荷", "engineer", "staff"),
            ("廖善哲", "engineer", "staff"),
            ("贾柏慧", "engineer", "staff"),
            ("夏然禾", "engineer", "staff"),
            ("韦若禾", "engineer", "staff"),
        ],
    ),
];

/// The division of work among the leaders, for what is new. What makes things answers to the vice manager of its unit.
const IN_CHARGE: &[(DepartmentId, PersonId)] = &[
    (LEGAL, GU_MINGZHE),
    (AUDIT, GU_MINGZHE),
    (OPERATIONS, SHEN_RUOLAN),
    (PRODUCTION, MAKE_VICE),
    (ENGINEERING, MAKE_VICE),
];

/// The first number of these people and of all that hangs on them.
const FIRST_PERSON: u64 = 5032;
const FIRST_APPOINTMENT: u64 = 6201;
const FIRST_LEADERSHIP: u64 = 7201;
/// 副总经理 of the second subsidiary.
const MAKE_VICE: PersonId = Id::fixed(FIRST_PERSON + 51);

/// Adds the wider cast to the rows of the smaller one.
pub(super) fn add(rows: &mut Rows) {
    rows.units.push(second_subsidiary());
    rows.departments.extend(departments());
    let lines = PEOPLE.iter().flat_map(|(place, people)| people.iter().map(move |line| (*place, line)));
    for (n, (place, &(name, post, rank))) in (0..).zip(lines) {
        rows.people.push(person(n, name));
        let id = Id::fixed(FIRST_PERSON + n);
        rows.service.push(Service { person: id, rank: Some(rank_id(rank)), successor: None, validity: always() });
        rows.appointments.extend(appointments(n, id, place, post));
    }
    let leaderships = leaderships(rows);
    rows.leaderships.extend(leaderships);
}

fn always() -> Validity {
    Validity::since(instant(FOUNDED))
}

fn second_subsidiary() -> Unit {
    Unit {
        id: QINGLAN_MAKE,
        code: Some("qinglan-make".to_owned()),
        parent: Some(QINGLAN),
        kind: UnitKind::Subsidiary,
        name: Text::new("青岚智造有限公司（示例）", "Qinglan Making Ltd. (sample)"),
        short_name: Some(Text::new("青岚智造", "Qinglan Making")),
        time_zone: None,
        position: 3,
        validity: always(),
        version: 1,
    }
}

fn departments() -> Vec<Department> {
    let line = |(n, &(id, unit, parent, code, level, zh, en)): (u64, &DepartmentLine)| Department {
        id,
        unit,
        parent,
        code: Some(code.to_owned()),
        level: Some(level.to_owned()),
        name: Text::new(zh, en),
        position: 100 + n as i64,
        validity: if id == BRAND { Validity::since(instant(SPLIT)) } else { always() },
        version: 1,
    };
    numbered(DEPARTMENTS).map(line).flat_map(through_time).collect()
}

/// The periods of a department.
fn through_time(now: Department) -> Vec<Department> {
    let changed = instant(if now.id == MARKETING { SPLIT } else { PLANNED });
    let before = Department { validity: Validity::between(now.validity.from, changed), ..now.clone() };
    let after = Department { validity: Validity::since(changed), ..now.clone() };
    if now.id == MARKETING {
        vec![Department { name: Text::new("市场运营部", "Market operations"), ..before }, after]
    } else if now.id == SERVICE {
        vec![before, Department { name: Text::new("客户成功部", "Customer success"), ..after }]
    } else {
        vec![now]
    }
}

fn person(n: u64, name: &str) -> Person {
    let (id, number) = (Id::fixed(FIRST_PERSON + n), FIRST_PERSON - 5000 + n);
    let sort_key = names::sort_key(name);
    let (surname, given) = sort_key.split_once(' ').expect("a name has two parts");
    Person {
        id,
        name: name.to_owned(),
        initials: names::initials(name),
        employee_number: Some(format!("QL{number:04}")),
        gender: Some(if n.is_multiple_of(2) { Gender::Female } else { Gender::Male }),
        mobile: Some(format!("19900000{number:03}")),
        office_phone: Some(format!("021-00000000-8{number:03}")),
        email: Some(format!("{surname}.{}@qinglan.example", given.replace(' ', ""))),
        locale: Locale::ZhCn,
        version: 1,
        sort_key,
    }
}

/// The people of 品牌部 were in the department it was split from.
fn appointments(n: u64, person: PersonId, place: DepartmentId, post: &str) -> Vec<Appointment> {
    let held = |id: u64, post: &str, place: DepartmentId, validity| Appointment {
        id: Id::fixed(id),
        person,
        post: post_id(post),
        place: Place::Department(place),
        main: true,
        validity,
        version: 1,
    };
    let id = FIRST_APPOINTMENT + n;
    if place != BRAND {
        return vec![held(id, post, place, always())];
    }
    let split = instant(SPLIT);
    vec![
        held(id + 500, "market_specialist", MARKETING, Validity::between(instant(FOUNDED), split)),
        held(id, post, place, Validity::since(split)),
    ]
}

/// Whoever stands first in a department heads it, as long as it exists; the head of the second subsidiary's office heads
/// the subsidiary.
fn leaderships(rows: &Rows) -> Vec<Leadership> {
    let mut lines: Vec<(LeadershipKind, Place, PersonId)> = Vec::new();
    let mut first = FIRST_PERSON;
    for (department, people) in PEOPLE {
        let place = Place::Department(*department);
        let headed = |led: &Leadership| led.place == place && led.kind == LeadershipKind::Head;
        if !rows.leaderships.iter().any(headed) {
            lines.push((LeadershipKind::Head, place, Id::fixed(first)));
        }
        if *department == MAKE_OFFICE {
            lines.push((LeadershipKind::Head, Place::Unit(QINGLAN_MAKE), Id::fixed(first)));
        }
        first += people.len() as u64;
    }
    let in_charge = IN_CHARGE.iter().map(|(department, person)| (LeadershipKind::InCharge, *department, *person));
    lines.extend(in_charge.map(|(kind, department, person)| (kind, Place::Department(department), person)));
    let led = |(n, &(kind, place, person)): (u64, &(LeadershipKind, Place, PersonId))| {
        let validity = if place == Place::Department(BRAND) { Validity::since(instant(SPLIT)) } else { always() };
        Leadership { id: Id::fixed(FIRST_LEADERSHIP - 1 + n), kind, place, person, validity }
    };
    numbered(&lines).map(led).collect()
}
