//! Who is in the cast, as tables.

use hanlin_kernel::{DepartmentId, Id, Locale, PersonId, PostId, RankId, Text, UnitId};
use jiff::Timestamp;

use super::*;
use crate::{
    model::{
        Appointment, Department, Gender, Group, GroupMember, Leadership, LeadershipKind, Person, Place, Post, Rank,
        Service, Unit, UnitKind, Validity,
    },
    names,
    snapshot::Rows,
};

/// Midnight in Shanghai at the beginning of 2024: when the sample organisation begins.
pub(super) const FOUNDED: &str = "2024-01-01T00:00:00+08:00";
/// When 技术部 became 研发部.
const RENAMED: &str = "2025-01-01T00:00:00+08:00";
/// When 程远 left and 陈墨 followed him.
const SUCCEEDED: &str = "2025-07-01T00:00:00+08:00";

/// Code, level of height, names.
pub(crate) const RANKS: &[(&str, i64, &str, &str)] = &[
    ("staff", 10, "员工", "Staff"),
    ("supervisor", 20, "主管", "Supervisor"),
    ("manager", 30, "经理", "Manager"),
    ("department_head", 40, "部门负责人", "Department head"),
    ("division_deputy", 50, "副部长", "Deputy division head"),
    ("division_head", 60, "部长", "Division head"),
    ("executive", 70, "高管", "Executive"),
];

/// The posts that the flows of document 003-f name, and those of the people around them.
pub(crate) const POSTS: &[(&str, &str, &str)] = &[
    ("general_manager", "总经理", "General manager"),
    ("vice_general_manager", "副总经理", "Vice general manager"),
    ("group_cfo", "集团财务总监", "Group CFO"),
    ("hr_manager", "人事经理", "HR manager"),
    ("hr_specialist", "人事专员", "HR specialist"),
    ("admin_manager", "行政经理", "Administration manager"),
    ("admin_specialist", "行政专员", "Administration specialist"),
    ("seal_keeper", "印章保管员", "Seal keeper"),
    ("business_driver", "商务车司机", "Business-car driver"),
    ("finance_manager", "财务经理", "Finance manager"),
    ("finance_supervisor", "财务主管", "Finance supervisor"),
    ("accountant", "会计", "Accountant"),
    ("cashier", "出纳", "Cashier"),
    ("purchasing_supervisor", "采购主管", "Purchasing supervisor"),
    ("buyer", "采购员", "Buyer"),
    ("warehouse_supervisor", "仓库主管", "Warehouse supervisor"),
    ("system_administrator", "系统管理员", "System administrator"),
    ("product_director", "产品中心部长", "Head of the product centre"),
    ("rd_manager", "研发经理", "R&D manager"),
    ("team_lead", "组长", "Team lead"),
    ("engineer", "工程师", "Engineer"),
    ("design_manager", "设计经理", "Design manager"),
    ("designer", "设计师", "Designer"),
    ("sales_manager", "销售经理", "Sales manager"),
    ("sales_adviser", "销售顾问", "Sales adviser"),
    // Named by the flows of other companies, or borne by the people around those.
    ("president", "总裁", "President"),
    ("system_vice_president", "系统主管副总", "Vice president in charge of systems"),
    ("director", "总监", "Director"),
    ("department_manager", "部门经理", "Department manager"),
    ("document_clerk", "文书", "Document clerk"),
    ("archivist", "档案管理员", "Archivist"),
    ("recruiter", "招聘专员", "Recruiter"),
    ("personnel_administrator", "智能人事管理员", "Personnel system administrator"),
    ("admin_reviewer", "行政复核员", "Administration reviewer"),
    ("cook", "后厨", "Cook"),
    ("receptionist", "前台", "Receptionist"),
    ("oa_administrator", "OA 管理员", "OA administrator"),
    ("it_engineer", "信息工程师", "IT engineer"),
    ("legal_counsel", "法务专员", "Legal counsel"),
    ("auditor", "审计专员", "Auditor"),
    ("market_specialist", "市场专员", "Marketing specialist"),
    ("brand_manager", "品牌经理", "Brand manager"),
    ("service_agent", "客服专员", "Service agent"),
    ("warehouse_checker", "仓库复核员", "Warehouse checker"),
    ("warehouse_keeper", "仓管员", "Warehouse keeper"),
    ("quality_inspector", "质检员", "Quality inspector"),
    ("planner", "计划员", "Planner"),
    ("maintenance_engineer", "设备工程师", "Maintenance engineer"),
    ("worker", "操作工", "Operator"),
];

/// Id, unit, department above, code, level, names.
type DepartmentLine =
    (DepartmentId, UnitId, Option<DepartmentId>, &'static str, &'static str, &'static str, &'static str);

const DEPARTMENTS: &[DepartmentLine] = &[
    (GM_OFFICE, QINGLAN, None, "gm-office", "department", "总经办", "General manager's office"),
    (HR, QINGLAN, None, "hr", "department", "人力资源部", "Human resources"),
    (ADMIN, QINGLAN, None, "admin", "department", "行政部", "Administration"),
    (FINANCE, QINGLAN, None, "finance", "department", "财务部", "Finance"),
    (ACCOUNTING, QINGLAN, Some(FINANCE), "accounting", "team", "会计组", "Accounting"),
    (TREASURY, QINGLAN, Some(FINANCE), "treasury", "team", "资金组", "Treasury"),
    (PURCHASING, QINGLAN, None, "purchasing", "department", "采购部", "Purchasing"),
    (WAREHOUSE, QINGLAN, None, "warehouse", "department", "仓储部", "Warehouse"),
    (IT, QINGLAN, None, "it", "department", "信息部", "Information technology"),
    (PRODUCT, QINGLAN, None, "product", "division", "产品中心", "Product centre"),
    (RD, QINGLAN, Some(PRODUCT), "rd", "department", "研发部", "Research and development"),
    (PLATFORM, QINGLAN, Some(RD), "platform", "team", "平台组", "Platform team"),
    (DESIGN, QINGLAN, Some(PRODUCT), "design", "department", "设计部", "Design"),
    (TRADE_OFFICE, QINGLAN_TRADE, None, "office", "department", "综合部", "General office"),
    (SALES, QINGLAN_TRADE, None, "sales", "department", "销售部", "Sales"),
    (SALES_EAST, QINGLAN_TRADE, Some(SALES), "east", "team", "华东组", "East team"),
];

/// Id, name, how its pinyin stands in the e-mail address, gender, department, post, rank.
type PersonLine = (PersonId, &'static str, &'static str, Gender, DepartmentId, &'static str, &'static str);

use Gender::{Female, Male};

const PEOPLE: &[PersonLine] = &[
    (ZHOU_YUANHANG, "周远航", "zhou.yuanhang", Male, GM_OFFICE, "general_manager", "executive"),
    (SHEN_RUOLAN, "沈若兰", "shen.ruolan", Female, GM_OFFICE, "vice_general_manager", "executive"),
    (HAN_LIQUN, "韩立群", "han.liqun", Male, GM_OFFICE, "vice_general_manager", "executive"),
    (GU_MINGZHE, "顾明哲", "gu.mingzhe", Male, GM_OFFICE, "group_cfo", "executive"),
    (XU_JING, "许静", "xu.jing", Female, HR, "hr_manager", "department_head"),
    (FANG_YUE, "方悦", "fang.yue", Female, HR, "hr_specialist", "staff"),
    (ZHENG_KAI, "郑凯", "zheng.kai", Male, ADMIN, "admin_manager", "department_head"),
    (SU_TING, "苏婷", "su.ting", Female, ADMIN, "admin_specialist", "staff"),
    (MA_JIAN, "马建", "ma.jian", Male, ADMIN, "business_driver", "staff"),
    (TIAN_YU, "田雨", "tian.yu", Female, ADMIN, "seal_keeper", "staff"),
    (LU_WENQING, "陆文清", "lu.wenqing", Female, FINANCE, "finance_manager", "department_head"),
    (HE_XIN, "何欣", "he.xin", Female, ACCOUNTING, "finance_supervisor", "supervisor"),
    (LUO_DAN, "罗丹", "luo.dan", Female, ACCOUNTING, "accountant", "staff"),
    (XIE_XIAOYU, "谢小雨", "xie.xiaoyu", Female, TREASURY, "cashier", "staff"),
    (TANG_FENG, "唐峰", "tang.feng", Male, PURCHASING, "purchasing_supervisor", "manager"),
    (DENG_JIA, "邓佳", "deng.jia", Female, PURCHASING, "buyer", "staff"),
    (GAO_XIANG, "高翔", "gao.xiang", Male, IT, "system_administrator", "manager"),
    (SONG_YANG, "宋扬", "song.yang", Male, PRODUCT, "product_director", "division_head"),
    (CHEN_MO, "陈墨", "chen.mo", Male, RD, "rd_manager", "department_head"),
    (ZHAO_QING, "赵晴", "zhao.qing", Female, PLATFORM, "team_lead", "supervisor"),
    (LIN_XIAO, "林晓", "lin.xiao", Female, PLATFORM, "engineer", "staff"),
    (WU_TONG, "吴桐", "wu.tong", Male, PLATFORM, "engineer", "staff"),
    (JIANG_YINUO, "蒋一诺", "jiang.yinuo", Female, DESIGN, "design_manager", "department_head"),
    (XIA_TIAN, "夏天", "xia.tian", Female, DESIGN, "designer", "staff"),
    (LIANG_BO, "梁博", "liang.bo", Male, DESIGN, "designer", "manager"),
    (SUN_HAO, "孙浩", "sun.hao", Male, WAREHOUSE, "warehouse_supervisor", "supervisor"),
    (QIN_YUE, "秦岳", "qin.yue", Male, TRADE_OFFICE, "general_manager", "executive"),
    (BAI_LU, "白露", "bai.lu", Female, SALES, "sales_manager", "department_head"),
    (JIANG_CHUAN, "江川", "jiang.chuan", Male, SALES_EAST, "sales_adviser", "staff"),
    (YU_MIN, "余敏", "yu.min", Female, TRADE_OFFICE, "accountant", "staff"),
    (CHENG_YUAN, "程远", "cheng.yuan", Male, RD, "rd_manager", "department_head"),
];

/// Whom each place is headed by today. Treasury has no head: its people answer to finance.
const HEADS: &[(Place, PersonId)] = &[
    (Place::Unit(QINGLAN), ZHOU_YUANHANG),
    (Place::Unit(QINGLAN_TRADE), QIN_YUE),
    (Place::Department(GM_OFFICE), ZHOU_YUANHANG),
    (Place::Department(HR), XU_JING),
    (Place::Department(ADMIN), ZHENG_KAI),
    (Place::Department(FINANCE), LU_WENQING),
    (Place::Department(ACCOUNTING), HE_XIN),
    (Place::Department(PURCHASING), TANG_FENG),
    (Place::Department(WAREHOUSE), SUN_HAO),
    (Place::Department(IT), GAO_XIANG),
    (Place::Department(PRODUCT), SONG_YANG),
    (Place::Department(RD), CHEN_MO),
    (Place::Department(PLATFORM), ZHAO_QING),
    (Place::Department(DESIGN), JIANG_YINUO),
    (Place::Department(SALES), BAI_LU),
];

/// The division of work among the leaders. HR answers to the general manager himself.
const IN_CHARGE: &[(DepartmentId, PersonId)] = &[
    (PRODUCT, SHEN_RUOLAN),
    (ADMIN, HAN_LIQUN),
    (PURCHASING, HAN_LIQUN),
    (WAREHOUSE, HAN_LIQUN),
    (IT, HAN_LIQUN),
    (FINANCE, GU_MINGZHE),
];

/// Every row of the sample organisation.
pub fn rows() -> Rows {
    let founded = Validity::since(instant(FOUNDED));
    let mut rows = Rows {
        units: units(founded),
        departments: departments(founded),
        posts: numbered(POSTS).map(|(n, &(code, zh, en))| post(n, code, Text::new(zh, en), founded)).collect(),
        ranks: numbered(RANKS)
            .map(|(n, &(code, level, zh, en))| rank(n, code, level, Text::new(zh, en), founded))
            .collect(),
        people: numbered(PEOPLE).map(|(n, line)| person(n, line)).collect(),
        service: PEOPLE
            .iter()
            .map(|line| Service {
                person: line.0,
                rank: Some(rank_id(line.6)),
                successor: None,
                validity: served(line.0),
            })
            .collect(),
        appointments: appointments(),
        leaderships: leaderships(founded),
        groups: vec![Group {
            id: INFORMATION_OFFICERS,
            unit: QINGLAN,
            code: Some("information-officers".to_owned()),
            name: Text::new("信息员", "Information officers"),
            team: None,
            validity: founded,
            version: 1,
        }],
        members: [GAO_XIANG, FANG_YUE, SU_TING, WU_TONG]
            .map(|person| GroupMember { group: INFORMATION_OFFICERS, person, validity: founded })
            .to_vec(),
    };
    wider::add(&mut rows);
    rows
}

fn units(validity: Validity) -> Vec<Unit> {
    let group = Unit {
        id: QINGLAN,
        code: Some("qinglan".to_owned()),
        parent: None,
        kind: UnitKind::Group,
        name: Text::new("青岚集团（示例）", "Qinglan Group (sample)"),
        short_name: Some(Text::new("青岚集团", "Qinglan Group")),
        time_zone: Some("Asia/Shanghai".to_owned()),
        position: 1,
        validity,
        version: 1,
    };
    let trade = Unit {
        id: QINGLAN_TRADE,
        code: Some("qinglan-trade".to_owned()),
        parent: Some(QINGLAN),
        kind: UnitKind::Subsidiary,
        name: Text::new("青岚贸易有限公司（示例）", "Qinglan Trading Ltd. (sample)"),
        short_name: Some(Text::new("青岚贸易", "Qinglan Trading")),
        time_zone: None,
        position: 2,
        validity,
        version: 1,
    };
    vec![group, trade]
}

fn departments(validity: Validity) -> Vec<Department> {
    let now = numbered(DEPARTMENTS).map(|(n, &(id, unit, parent, code, level, zh, en))| Department {
        id,
        unit,
        parent,
        code: Some(code.to_owned()),
        level: Some(level.to_owned()),
        name: Text::new(zh, en),
        position: n as i64,
        validity,
        version: 1,
    });
    let mut departments: Vec<Department> = now.collect();
    let rd = departments.iter_mut().find(|department| department.id == RD).expect("the table has it");
    let renamed = instant(RENAMED);
    let before = Department {
        name: Text::new("技术部", "Technology"),
        validity: Validity::between(validity.from, renamed),
        ..rd.clone()
    };
    rd.validity = Validity::since(renamed);
    departments.push(before);
    departments
}

fn post(n: u64, code: &str, name: Text, validity: Validity) -> Post {
    Post {
        id: Id::fixed(3000 + n),
        unit: QINGLAN,
        code: code.to_owned(),
        name,
        position: n as i64,
        validity,
        version: 1,
    }
}

fn rank(n: u64, code: &str, level: i64, name: Text, validity: Validity) -> Rank {
    Rank { id: Id::fixed(4000 + n), unit: QINGLAN, code: code.to_owned(), name, level, validity, version: 1 }
}

fn person(n: u64, &(id, name, address, gender, ..): &PersonLine) -> Person {
    Person {
        id,
        name: name.to_owned(),
        sort_key: names::sort_key(name),
        initials: names::initials(name),
        employee_number: Some(format!("QL{n:04}")),
        gender: Some(gender),
        mobile: Some(format!("199000000{n:02}")),
        office_phone: Some(format!("021-00000000-8{n:03}")),
        email: Some(format!("{address}@qinglan.example")),
        locale: Locale::ZhCn,
        version: 1,
    }
}

fn appointments() -> Vec<Appointment> {
    let main = numbered(PEOPLE).map(|(n, line)| Appointment {
        id: Id::fixed(6000 + n),
        person: line.0,
        post: post_id(line.5),
        place: Place::Department(line.4),
        main: true,
        validity: if line.0 == CHEN_MO { Validity::since(instant(SUCCEEDED)) } else { served(line.0) },
        version: 1,
    });
    let chen_mo_before = Appointment {
        id: Id::fixed(6101),
        person: CHEN_MO,
        post: post_id("engineer"),
        place: Place::Department(RD),
        main: true,
        validity: Validity::between(instant(FOUNDED), instant(SUCCEEDED)),
        version: 1,
    };
    let liang_bo_beside = Appointment {
        id: Id::fixed(6102),
        person: LIANG_BO,
        post: post_id("sales_adviser"),
        place: Place::Department(SALES),
        main: false,
        validity: Validity::since(instant(RENAMED)),
        version: 1,
    };
    main.chain([chen_mo_before, liang_bo_beside]).collect()
}

fn leaderships(founded: Validity) -> Vec<Leadership> {
    let heads = HEADS.iter().map(|(place, person)| (LeadershipKind::Head, *place, *person));
    let in_charge =
        IN_CHARGE.iter().map(|(place, person)| (LeadershipKind::InCharge, Place::Department(*place), *person));
    let lines: Vec<(LeadershipKind, Place, PersonId)> = heads.chain(in_charge).collect();
    let now = numbered(&lines).map(|(n, &(kind, place, person))| {
        let validity = if person == CHEN_MO { Validity::since(instant(SUCCEEDED)) } else { founded };
        Leadership { id: Id::fixed(7000 + n), kind, place, person, validity }
    });
    let cheng_yuan = Leadership {
        id: Id::fixed(7101),
        kind: LeadershipKind::Head,
        place: Place::Department(RD),
        person: CHENG_YUAN,
        validity: served(CHENG_YUAN),
    };
    now.chain([cheng_yuan]).collect()
}

/// When a person of the cast is in service.
fn served(person: PersonId) -> Validity {
    let founded = instant(FOUNDED);
    if person == CHENG_YUAN { Validity::between(founded, instant(SUCCEEDED)) } else { Validity::since(founded) }
}

pub(super) fn post_id(code: &str) -> PostId {
    let index = POSTS.iter().position(|post| post.0 == code).expect("the tables name only posts they have");
    Id::fixed(3001 + index as u64)
}

pub(super) fn rank_id(code: &str) -> RankId {
    let index = RANKS.iter().position(|rank| rank.0 == code).expect("the tables name only ranks they have");
    Id::fixed(4001 + index as u64)
}

pub(super) fn instant(text: &str) -> Timestamp {
    text.parse().expect("the tables hold instants")
}

/// The lines of a table, counted from 1.
pub(super) fn numbered<T>(lines: &[T]) -> impl Iterator<Item = (u64, &T)> {
    (1..).zip(lines)
}
