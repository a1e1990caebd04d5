//! Which units and departments there are, and how many people each has.

use hanlin_kernel::{DepartmentId, Id, Locale, Text, UnitId};
use jiff::Timestamp;

use super::{DEPARTMENTS, UNITS, chance::Chance, day, founded, future, n_days};
use crate::model::{Department, Place, Unit, UnitKind, Validity};

/// What a department does: it says which posts there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trade {
    Office,
    People,
    Administration,
    Finance,
    Purchasing,
    Warehouse,
    Systems,
    Making,
    Selling,
}

/// A department as people are put into it.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub id: DepartmentId,
    pub unit: UnitId,
    pub trade: Trade,
    /// 1 for a department right in the unit.
    pub depth: usize,
    /// How many are appointed to it itself.
    pub staff: usize,
    pub from: Timestamp,
}

impl Site {
    pub fn place(&self) -> Place {
        Place::Department(self.id)
    }
}

/// Units and departments with all their periods, and what is to be staffed.
#[derive(Default)]
pub(super) struct Plan {
    pub units: Vec<Unit>,
    pub departments: Vec<Department>,
    pub sites: Vec<Site>,
}

/// Where departments are being set up: in this unit, below this department.
#[derive(Clone)]
struct Above {
    unit: UnitId,
    department: Option<DepartmentId>,
    trade: Trade,
    depth: usize,
    from: Timestamp,
    code: String,
    /// The beginning of the names below: now, formerly, in English.
    stem: [String; 3],
}

/// Code, what it does, share of a unit in thousandths, name, former name, English.
type Support = (&'static str, Trade, usize, &'static str, &'static str, &'static str);
const SUPPORT: &[Support] = &[
    ("hr", Trade::People, 30, "人力资源部", "人事部", "Human resources"),
    ("finance", Trade::Finance, 50, "财务部", "计划财务部", "Finance"),
    ("admin", Trade::Administration, 40, "行政部", "办公室", "Administration"),
    ("purchasing", Trade::Purchasing, 20, "采购部", "物资部", "Purchasing"),
    ("warehouse", Trade::Warehouse, 30, "仓储部", "仓库", "Warehouse"),
    ("it", Trade::Systems, 30, "信息部", "电脑室", "Information technology"),
];
/// A unit of fewer people has the first three only, unless it is the group: flows name its departments.
const FULL_SUPPORT: usize = 60;
/// Fewer people than this are one unit.
const ONE_UNIT: usize = 60;

/// What earns the money: code, what it does, stem of its names, former stem, English.
const BUSINESS: &[(&str, Trade, &str, &str, &str)] = &[
    ("product", Trade::Making, "产品", "技术", "Product"),
    ("sales", Trade::Selling, "营销", "市场", "Sales"),
    ("making", Trade::Making, "制造", "生产", "Making"),
    ("service", Trade::Selling, "服务", "客服", "Service"),
    ("engineering", Trade::Making, "工程", "施工", "Engineering"),
    ("operations", Trade::Selling, "运营", "业务", "Operations"),
    ("research", Trade::Making, "研究", "开发", "Research"),
    ("projects", Trade::Making, "项目", "总包", "Projects"),
];

/// What a department of each depth is called: level, ending of the name, English. Below the last, the last.
const HEIGHTS: &[(&str, &str, &str)] = &[
    ("division", "中心", "centre"),
    ("department", "部", "department"),
    ("section", "科", "section"),
    ("team", "组", "team"),
    ("squad", "班", "squad"),
];

const TOWNS: &[(&str, &str)] = &[
    ("云岭", "Yunling"),
    ("松溪", "Songxi"),
    ("白鹭", "Bailu"),
    ("石桥", "Shiqiao"),
    ("竹屿", "Zhuyu"),
    ("青川", "Qingchuan"),
    ("月湖", "Yuehu"),
    ("枫林", "Fenglin"),
    ("沙洲", "Shazhou"),
    ("雪峰", "Xuefeng"),
];
const NUMERALS: &[&str] = &["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

/// A department of at most so many is not divided further.
const LEAF: usize = 12;
const DEEPEST: usize = 7;

pub(super) fn plan(chance: &mut Chance, people: usize) -> Plan {
    let mut plan = Plan::default();
    let town = chance.pick(TOWNS);
    let group = plan.add_unit(chance, None, UnitKind::Group, town);
    if people < ONE_UNIT {
        plan.set_up(chance, group, people);
        return plan;
    }
    let head_office = (people / 12).clamp(20, 1_500);
    plan.set_up(chance, group, head_office);
    let mut rest = people - head_office;
    while rest > 0 {
        let wanted = chance.within(40..(people / 10).clamp(80, 1_200));
        let size = if rest < wanted + 30 { rest } else { wanted };
        rest -= size;
        plan.add_subsidiary(chance, group, size);
    }
    plan
}

impl Plan {
    fn add_subsidiary(&mut self, chance: &mut Chance, group: UnitId, size: usize) {
        let town = chance.pick(TOWNS);
        let id = self.add_unit(chance, Some(group), UnitKind::Subsidiary, town);
        let mut own = size;
        for _ in 0..if size < 150 { 0 } else { chance.within(0..4) } {
            let branch = chance.within(size / 8..size / 5);
            own -= branch;
            self.add_branch(chance, id, branch);
        }
        self.set_up(chance, id, own);
    }

    fn add_branch(&mut self, chance: &mut Chance, above: UnitId, size: usize) {
        let town = chance.pick(TOWNS);
        let id = self.add_unit(chance, Some(above), UnitKind::Branch, town);
        let outpost = if size >= 40 && chance.once_in(400) { chance.within(4..12) } else { 0 };
        if outpost > 0 {
            let town = chance.pick(TOWNS);
            let outside = self.add_unit(chance, Some(id), UnitKind::Outpost, town);
            self.set_up(chance, outside, outpost);
        }
        self.set_up(chance, id, size - outpost);
    }

    fn add_unit(
        &mut self,
        chance: &mut Chance,
        parent: Option<UnitId>,
        kind: UnitKind,
        (zh, en): (&str, &str),
    ) -> UnitId {
        let n = self.units.iter().filter(|unit| unit.validity.to.is_none()).count() + 1;
        let (ending, english) = match kind {
            UnitKind::Group => ("集团", "Group"),
            UnitKind::Subsidiary => ("有限公司", "Ltd."),
            UnitKind::Branch => ("分公司", "branch"),
            UnitKind::Outpost => ("驻外办事处", "outpost"),
            UnitKind::External => ("商行", "Traders"),
        };
        let validity = Validity::since(founded());
        let unit = Unit {
            id: Id::fixed(UNITS + n as u64),
            code: Some(format!("u{n:04}")),
            parent,
            kind,
            name: Text::new(format!("{zh}{n}号{ending}（示例）"), format!("{en} {english} {n} (sample)")),
            short_name: Some(Text::new(format!("{zh}{n}号"), format!("{en} {n}"))),
            time_zone: parent.is_none().then(|| "Asia/Shanghai".to_owned()),
            position: n as i64,
            validity,
            version: 1,
        };
        if parent.is_some() && chance.once_in(100) {
            let changed = day(chance.within(400..n_days()));
            let name = Text::new(format!("老{zh}{n}号{ending}（示例）"), format!("Old {en} {english} {n} (sample)"));
            self.units.push(Unit { name, validity: Validity::between(validity.from, changed), ..unit.clone() });
            self.units.push(Unit { validity: Validity::since(changed), ..unit.clone() });
        } else {
            self.units.push(unit.clone());
        }
        unit.id
    }

    /// The departments of a unit: its office, what supports, and what the unit is for.
    fn set_up(&mut self, chance: &mut Chance, unit: UnitId, size: usize) {
        let from = founded();
        let top = |code: &str, trade, stem: [&str; 3]| Above {
            unit,
            department: None,
            trade,
            depth: 0,
            from,
            code: code.to_owned(),
            stem: stem.map(str::to_owned),
        };
        let office = (size / 40).clamp(1, 6);
        self.add(chance, &top("gm-office", Trade::Office, ["总经办", "总经办", "General manager's office"]), office);
        let mut rest = size - office;
        let is_group = self.units.first().is_some_and(|group| group.id == unit);
        let support = if size < FULL_SUPPORT && !is_group { &SUPPORT[..3] } else { SUPPORT };
        for &(code, trade, share, zh, former, en) in if size < LEAF { &[] } else { support } {
            let wanted = (size * share / 1000).max(1);
            rest -= wanted;
            self.divide(chance, top(code, trade, [zh, former, en]), wanted);
        }
        let divisions = (1 + rest / 150).min(BUSINESS.len());
        for (n, &(code, trade, zh, former, en)) in BUSINESS[..divisions].iter().enumerate() {
            let wanted = if n + 1 == divisions { rest } else { rest / (divisions - n) };
            rest -= wanted;
            self.divide(chance, top(code, trade, [zh, former, en]), wanted);
        }
    }

    /// A department of so many people: some in it itself, the others in departments below it.
    fn divide(&mut self, chance: &mut Chance, above: Above, size: usize) {
        if size == 0 {
            return;
        }
        if size <= LEAF || above.depth + 1 >= DEEPEST {
            self.add(chance, &above, size);
            return;
        }
        let own = 1 + chance.within(0..3);
        let made = self.add(chance, &above, own);
        let mut rest = size - own;
        let children = (rest / LEAF + 1).clamp(2, 5);
        for (n, numeral) in NUMERALS[..children].iter().enumerate() {
            let even = rest / (children - n);
            let wanted =
                if n + 1 == children { rest } else { chance.within(even / 2..even + even / 2 + 1).clamp(1, rest) };
            rest -= wanted;
            let (_, ending, _) = height(&above, made.depth);
            let stem = [&above.stem[0], &above.stem[1]].map(|stem| match made.depth {
                1 => stem.trim_end_matches('部').to_owned(),
                _ => format!("{stem}{ending}"),
            });
            let below = Above {
                code: format!("{}-{}", above.code, n + 1),
                stem: [
                    format!("{}{}", stem[0], numeral),
                    format!("{}{}", stem[1], numeral),
                    format!("{} {}", above.stem[2], n + 1),
                ],
                department: Some(made.id),
                depth: made.depth,
                from: made.from,
                ..above.clone()
            };
            self.divide(chance, below, wanted);
        }
    }

    fn add(&mut self, chance: &mut Chance, above: &Above, staff: usize) -> Site {
        let id = Id::fixed(DEPARTMENTS + self.sites.len() as u64 + 1);
        let later = above.depth > 0 && chance.once_in(150);
        let began = (above.from.as_second() - founded().as_second()) as usize / 86_400;
        let from = if later { day(chance.within(began..n_days() - 200)) } else { above.from };
        let depth = above.depth + 1;
        let (level, ending, english) = height(above, depth);
        let named = |stem: usize| format!("{}{ending}", above.stem[stem]);
        let now = Department {
            id,
            unit: above.unit,
            parent: above.department,
            code: Some(above.code.clone()),
            level: Some(level.to_owned()),
            name: Text::new(named(0), format!("{} {english}", above.stem[2]).trim_end().to_owned()),
            position: self.sites.len() as i64 + 1,
            validity: Validity::since(from),
            version: 1,
        };
        self.departments.extend(periods(chance, now, &named(1)));
        let site = Site { id, unit: above.unit, trade: above.trade, depth, staff, from };
        self.sites.push(site.clone());
        site
    }
}

/// What a department is called at this depth: support has its whole name already.
fn height(above: &Above, depth: usize) -> (&'static str, &'static str, &'static str) {
    match (depth, above.trade) {
        (1, Trade::Making | Trade::Selling) => HEIGHTS[0],
        (1, _) => ("department", "", ""),
        _ => HEIGHTS[(depth - 1).min(HEIGHTS.len() - 1)],
    }
}

/// The periods of a department: some had another name once, or hung right in the unit; some will have another.
fn periods(chance: &mut Chance, now: Department, former: &str) -> Vec<Department> {
    let since = (now.validity.from.as_second() - founded().as_second()) as usize / 86_400;
    let changed = day(chance.within(since + 30..n_days()));
    let (renamed, moved, planned) = (chance.once_in(80), chance.once_in(40), chance.once_in(15));
    let mut periods = vec![now];
    if renamed || moved {
        let after = periods[0].clone();
        let mut before = Department { validity: Validity::between(after.validity.from, changed), ..after.clone() };
        if renamed && former != after.name.zh {
            before.name = Text::new(former, format!("Former {}", after.name.in_locale(Locale::En)));
        }
        if moved {
            before.parent = None;
        }
        periods = vec![before, Department { validity: Validity::since(changed), ..after }];
    }
    if planned && let Some(last) = periods.pop() {
        let name = Text::new(format!("数智{}", last.name.zh), format!("Digital {}", last.name.in_locale(Locale::En)));
        let until = Validity::between(last.validity.from, future());
        periods.push(Department { validity: until, ..last.clone() });
        periods.push(Department { name, validity: Validity::since(future()), ..last });
    }
    periods
}
