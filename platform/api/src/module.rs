use hanlin_kernel::{Permission, Result};
use hanlin_store::{Consumer, Leaving, Migration, Ports, Tx, jobs};

use crate::routes::Routes;

/// What a module gives the composition root.
pub struct Module {
    /// The name of its folder, of its tables' prefix, of its tag in the document.
    pub name: &'static str,
    pub migrations: &'static [Migration],
    pub routes: Routes,
    /// The permissions that its routes and policies ask for; roles are made of them.
    pub permissions: &'static [Permission],
    /// Its sentences: the text of `locales/zh-CN.json` and `locales/en.json`.
    pub words: (&'static str, &'static str),
    pub consumers: Vec<Consumer>,
    pub jobs: jobs::Kinds,
    /// Takes out what it keeps of the sample when that is removed, whatever people did in it. A module that keeps nothing
    /// about people, units or cases has none.
    pub forget: Option<Forget>,
    /// What it does for modules below it, which ask for it by type.
    pub ports: Ports,
}

/// How a module takes its rows out; modules above have taken theirs out before.
pub type Forget = fn(&mut Tx, &mut Leaving) -> Result<()>;

impl Module {
    /// A module that so far only has a name; fill in what it has with struct update syntax.
    pub fn named(name: &'static str) -> Self {
        Self {
            name,
            migrations: &[],
            routes: Routes::new(),
            permissions: &[],
            words: ("{}", "{}"),
            consumers: Vec::new(),
            jobs: jobs::Kinds::default(),
            forget: None,
            ports: Ports::default(),
        }
    }
}
