//! 流程包: a form, its flow and the test cases that prove it, as one readable YAML file. `docs/flow-packages.md`
//! describes it for those who write it.
//!
//! ```text
//! text ─ tree ─ decode ─► Package ─ check ─► problems, each with line, column and what to do
//!                           │ ▲
//!                  test ◄───┘ └─── write ◄── Package        (read(write(package)) is the package)
//! ```
//!
//! Invariants
//! - Reading collects every problem; the first mistake does not hide the next.
//! - A package without errors makes a flow that the engine can run ([`Flow::checked`] has nothing to say).
//! - No input panics or runs long: size, nesting, nodes and expressions are bounded, and aliases are refused.

mod check;
mod decode;
mod installation;
mod model;
mod names;
mod nearest;
mod problem;
mod reader;
mod registers;
mod rehearse;
mod tree;
mod words;
mod write;

pub use installation::Installation;
pub use model::{
    Act, Asked, Besides, Deed, Doing, Effected, Expect, Login, Package, Refused, ReturnTo, Seen, Signed, Source,
    TestCase, Verb, Visit,
};
pub use problem::{Mark, Problem, Severity};
pub use rehearse::{CaseResult, House, find_person, test};
pub use tree::MAX_BYTES;
pub use write::write;

use reader::Reader;

/// The first line of every package.
pub const FORMAT: &str = "flow/1";
/// Most nodes of a flow.
pub const MAX_NODES: usize = 500;
/// Most branches of all exclusive nodes together.
pub const MAX_BRANCHES: usize = 500;
/// Deepest nesting of branches.
pub const MAX_DEPTH: usize = 20;

/// Reads a package; or all that is wrong with it, in the order of the file.
pub fn read(text: &str) -> Result<Package, Vec<Problem>> {
    let Examined { package, problems } = examine(text, None);
    match package {
        Some(package) if !problems.iter().any(Problem::is_error) => Ok(package),
        _ => Err(problems),
    }
}

/// Reads a package for an installation: what it names must exist there. With the package come warnings; an error tells all
/// problems, warnings among them.
pub fn read_for(text: &str, installation: &Installation) -> Result<(Package, Vec<Problem>), Vec<Problem>> {
    let Examined { package, problems } = examine(text, Some(installation));
    match package {
        Some(package) if !problems.iter().any(Problem::is_error) => Ok((package, problems)),
        _ => Err(problems),
    }
}

/// What could be read, and everything that was found.
pub struct Examined {
    pub package: Option<Package>,
    /// In the order of the file.
    pub problems: Vec<Problem>,
}

/// Reads as much as can be read, and checks it; also against an installation, if one is given.
pub fn examine(text: &str, installation: Option<&Installation>) -> Examined {
    let mut reader = Reader::new(text);
    let root = match tree::parse(text, &mut reader.problems) {
        Ok(root) => root,
        Err(problem) => {
            reader.problems.push(*problem);
            return Examined { package: None, problems: reader.problems.sorted() };
        }
    };
    let package = decode::package(&mut reader, &root);
    if let Some(package) = &package {
        check::check(&mut reader, package);
    }
    if let Some(installation) = installation {
        names::check(&mut reader, &installation.directory, installation.at);
        if let Some(package) = &package {
            installation.check_endpoints(&mut reader, package);
            registers::check(&mut reader, &package.flow.form, installation);
        }
    }
    Examined { package, problems: reader.problems.sorted() }
}
