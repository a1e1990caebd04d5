//! What a server does before it serves for the first time: loads the sample when told to, or offers the set-up link.

use anyhow::{Result, anyhow};
use hanlin_access::{Access, Secret};
use hanlin_kernel::UnitId;
use hanlin_store::Tx;
use hanlin_workflow::package::{self, Installation};

use crate::{assets::PRESETS, config::Serving, house::House};

/// What is to be printed when the server is ready.
#[derive(Debug, Default)]
pub struct FirstDay {
    /// There are sample accounts.
    pub sample: bool,
    /// Nobody can sign in yet: the secret of the set-up link.
    setup: Option<Secret>,
}

impl FirstDay {
    /// Printed to standard output, for people.
    pub fn print(&self, url: &str) {
        println!("\n  Hanlin 翰林  {url}\n");
        if let Some(token) = &self.setup {
            println!("  Set up this installation here (the link works once):");
            println!("  请打开此链接完成初始设置(仅可使用一次):\n");
            println!("    {url}/setup?token={}\n", token.reveal());
        }
        if self.sample {
            println!(
                "  Sample organisation · 示例组织, password of all accounts · 所有账号的密码: {}\n",
                hanlin_access::SAMPLE_PASSWORD
            );
            for (login, who) in SIGN_INS {
                println!("    {login:<14} {who}");
            }
            println!();
        }
    }
}

/// Who to sign in as, to see the most.
const SIGN_INS: &[(&str, &str)] = &[
    ("linxiao", "林晓 · employee · 员工"),
    ("zhaoqing", "赵晴 · her supervisor · 部门主管"),
    ("xujing", "许静 · HR manager · 人事经理"),
    ("zhouyuanhang", "周远航 · general manager · 总经理"),
    ("fangyue", "方悦 · HR specialist, gets copies · 人事专员"),
    ("gaoxiang", "高翔 · system administrator · 系统管理员"),
];

/// Prepares the house, and tells what to print.
pub async fn first_day(house: &House, access: &Access, serving: &Serving) -> Result<FirstDay> {
    if serving.sample {
        load_sample(house, access).await?;
    }
    let db = &house.db;
    let sample = db.read(hanlin_access::has_sample_accounts).await.map_err(words)?;
    let setup = db.write(hanlin_access::setup_token).await.map_err(words)?;
    Ok(FirstDay { sample, setup })
}

/// The sample organisation, its accounts and the flows that ship; each only if it is not there yet.
async fn load_sample(house: &House, access: &Access) -> Result<()> {
    let hash = hanlin_access::sample_hash(access).await.map_err(words)?;
    house
        .db
        .write(move |tx| {
            if hanlin_directory::cast::load_sample(tx)? {
                hanlin_access::load_sample(tx, &hash)?;
                load_rules(tx, hanlin_directory::cast::QINGLAN)?;
            }
            Ok(())
        })
        .await
        .map_err(words)
}

/// What ships, for a unit: the flows, published, and the rulebook, which is the product's own values written down and
/// above them what the rules of the flows say.
pub fn load_rules(tx: &mut Tx, unit: UnitId) -> hanlin_kernel::Result<()> {
    import_presets(tx, unit)?;
    for preset in ["default", COMPANY] {
        hanlin_rulebook::load_preset(tx, unit, preset)?;
    }
    Ok(())
}

/// The company whose flows and rules an organisation begins with. The others ship beside it: a gallery with seven ways
/// to ask for leave would help nobody.
const COMPANY: &str = "003-f";

/// Imports and publishes the packages of that company.
fn import_presets(tx: &mut Tx, unit: UnitId) -> hanlin_kernel::Result<()> {
    let installation = Installation::of(tx)?;
    let of_company = |path: &str| path.split('/').next() == Some(COMPANY);
    for (path, text) in PRESETS.iter().filter(|(path, _)| of_company(path)) {
        let (read, _warnings) = package::read_for(text, &installation)
            .map_err(|problems| hanlin_kernel::Error::internal(format!("{path} is broken: {problems:?}")))?;
        hanlin_workflow::import_and_publish(tx, unit, read.flow, text)?;
    }
    Ok(())
}

fn words(error: hanlin_kernel::Error) -> anyhow::Error {
    anyhow!("{error}")
}
