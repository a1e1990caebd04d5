//! The cast: a sample organisation, plainly fictional, with fixed ids. Tests, stories, screenshots and
//! `hanlin serve --sample` use the same people.
//!
//! ```text
//! 青岚集团（示例） QINGLAN                                  general manager 周远航
//! ├─ 总经办 gm-office          周远航, vice GMs 沈若兰 and 韩立群, group CFO 顾明哲
//! ├─ 人力资源部 hr              许静 (HR manager), 方悦
//! ├─ 行政部 admin              郑凯 (admin manager), 苏婷, 田雨 (seals), 马建 (driver)
//! ├─ 财务部 finance            陆文清 (finance manager)
//! │  ├─ 会计组 accounting       何欣 (finance supervisor), 罗丹
//! │  └─ 资金组 treasury         谢小雨 (cashier)
//! ├─ 采购部 purchasing          唐峰, 邓佳
//! ├─ 仓储部 warehouse           孙浩
//! ├─ 信息部 it                 高翔 (system administrator)
//! ├─ 产品中心 product           宋扬 (division head)
//! │  ├─ 研发部 rd              陈墨; until mid-2025 程远, who left; called 技术部 in 2024
//! │  │  └─ 平台组 platform      赵晴, 林晓, 吴桐
//! │  └─ 设计部 design           蒋一诺, 夏天, 梁博
//! ├─ 青岚贸易有限公司（示例） QINGLAN_TRADE                  general manager 秦岳
//! │  ├─ 综合部 office           余敏 (accountant)
//! │  └─ 销售部 sales            白露, 梁博 (concurrent)
//! │     └─ 华东组 east          江川
//! └─ 青岚智造有限公司（示例） QINGLAN_MAKE                    of the wider cast
//! ```
//!
//! Around those whom tests name stands the wider cast (`wider.rs`): some hundred and twenty people more, in the second
//! subsidiary and in further departments of the group.

mod data;
mod wider;

use hanlin_kernel::{DepartmentId, GroupId, Id, PersonId, Result, UnitId};
use hanlin_store::{Tx, params};

pub use data::rows;
pub(crate) use data::{POSTS, RANKS};

use crate::{events::Event, rules::Refusal, snapshot::Snapshot, store};

pub const QINGLAN: UnitId = Id::fixed(1001);
pub const QINGLAN_TRADE: UnitId = Id::fixed(1002);
/// The second subsidiary, of the wider cast.
pub const QINGLAN_MAKE: UnitId = Id::fixed(1003);

pub const GM_OFFICE: DepartmentId = Id::fixed(2001);
pub const HR: DepartmentId = Id::fixed(2002);
pub const ADMIN: DepartmentId = Id::fixed(2003);
pub const FINANCE: DepartmentId = Id::fixed(2004);
pub const ACCOUNTING: DepartmentId = Id::fixed(2005);
pub const TREASURY: DepartmentId = Id::fixed(2006);
pub const PURCHASING: DepartmentId = Id::fixed(2007);
pub const WAREHOUSE: DepartmentId = Id::fixed(2008);
pub const IT: DepartmentId = Id::fixed(2009);
pub const PRODUCT: DepartmentId = Id::fixed(2010);
pub const RD: DepartmentId = Id::fixed(2011);
pub const PLATFORM: DepartmentId = Id::fixed(2012);
pub const DESIGN: DepartmentId = Id::fixed(2013);
pub const TRADE_OFFICE: DepartmentId = Id::fixed(2014);
pub const SALES: DepartmentId = Id::fixed(2015);
pub const SALES_EAST: DepartmentId = Id::fixed(2016);

/// 总经理 of the group.
pub const ZHOU_YUANHANG: PersonId = Id::fixed(5001);
/// 副总经理, in charge of the product centre.
pub const SHEN_RUOLAN: PersonId = Id::fixed(5002);
/// 副总经理, in charge of administration, purchasing, the warehouse and IT.
pub const HAN_LIQUN: PersonId = Id::fixed(5003);
/// 集团财务总监, in charge of finance.
pub const GU_MINGZHE: PersonId = Id::fixed(5004);
/// 人事经理 and head of HR.
pub const XU_JING: PersonId = Id::fixed(5005);
/// 人事专员
pub const FANG_YUE: PersonId = Id::fixed(5006);
/// 行政经理
pub const ZHENG_KAI: PersonId = Id::fixed(5007);
/// 行政专员
pub const SU_TING: PersonId = Id::fixed(5008);
/// 商务车司机
pub const MA_JIAN: PersonId = Id::fixed(5009);
/// 印章保管员
pub const TIAN_YU: PersonId = Id::fixed(5010);
/// 财务经理
pub const LU_WENQING: PersonId = Id::fixed(5011);
/// 财务主管
pub const HE_XIN: PersonId = Id::fixed(5012);
/// 会计
pub const LUO_DAN: PersonId = Id::fixed(5013);
/// 出纳
pub const XIE_XIAOYU: PersonId = Id::fixed(5014);
/// 采购主管
pub const TANG_FENG: PersonId = Id::fixed(5015);
/// 采购员
pub const DENG_JIA: PersonId = Id::fixed(5016);
/// 系统管理员: the administrator.
pub const GAO_XIANG: PersonId = Id::fixed(5017);
/// 部长 of the product centre.
pub const SONG_YANG: PersonId = Id::fixed(5018);
/// Head of research and development, two steps above Lin Xiao.
pub const CHEN_MO: PersonId = Id::fixed(5019);
/// Lin Xiao's supervisor (部门主管).
pub const ZHAO_QING: PersonId = Id::fixed(5020);
/// An ordinary employee.
pub const LIN_XIAO: PersonId = Id::fixed(5021);
/// Lin Xiao's colleague.
pub const WU_TONG: PersonId = Id::fixed(5022);
/// Head of design.
pub const JIANG_YINUO: PersonId = Id::fixed(5023);
/// A designer.
pub const XIA_TIAN: PersonId = Id::fixed(5024);
/// Two appointments: designer in the group, sales adviser in the subsidiary.
pub const LIANG_BO: PersonId = Id::fixed(5025);
/// 仓库主管
pub const SUN_HAO: PersonId = Id::fixed(5026);
/// 总经理 of the subsidiary.
pub const QIN_YUE: PersonId = Id::fixed(5027);
/// Head of sales in the subsidiary.
pub const BAI_LU: PersonId = Id::fixed(5028);
/// An ordinary employee of the subsidiary: the outsider to what goes on in the group.
pub const JIANG_CHUAN: PersonId = Id::fixed(5029);
/// 会计 of the subsidiary.
pub const YU_MIN: PersonId = Id::fixed(5030);
/// Left at the end of June 2025; headed research and development.
pub const CHENG_YUAN: PersonId = Id::fixed(5031);

/// 信息员: the information officers of the departments.
pub const INFORMATION_OFFICERS: GroupId = Id::fixed(8001);

/// The sample organisation in memory, for tests without a database.
pub fn snapshot() -> Snapshot {
    Snapshot::build("sample", rows())
}

/// Writes the sample organisation into an empty directory; whether it was not there yet. Refuses a directory in which
/// a real organisation lives.
pub fn load_sample(tx: &mut Tx) -> Result<bool> {
    if tx.maybe_scalar::<UnitId>("select id from directory_unit where id = $1", params![QINGLAN])?.is_some() {
        return Ok(false);
    }
    if tx.maybe_scalar::<String>("select id from directory_unit limit 1", &[])?.is_some() {
        return Err(Refusal::NotEmpty.into());
    }
    let rows = rows();
    store::insert_all(tx, &rows)?;
    tx.record(Event::SampleLoaded { units: rows.units.len(), people: rows.people.len() });
    Ok(true)
}
