use std::fmt::Write;

use hanlin_directory::cast;
use hanlin_server::modules::modules;
use serde_json::Value;

use crate::support::{golden, house};

/// Who may come through which door: personas of the sample × every operation, as a table that a person reads.
/// What each may see and do behind the door, finders and policies decide; their own tests stand in their modules.
// proves: PERM-01, PERM-17
#[test]
fn the_permission_matrix_is_the_kept_one() {
    let app = house();
    let modules = modules();
    let access = hanlin_access::Access::start(&modules).unwrap();
    let personas = [
        ("employee", cast::LIN_XIAO),
        ("head", cast::ZHAO_QING),
        ("hr_manager", cast::XU_JING),
        ("general_manager", cast::ZHOU_YUANHANG),
        ("administrator", cast::GAO_XIANG),
    ];
    let actors: Vec<_> = personas
        .iter()
        .map(|(name, person)| {
            let (access, person) = (access.clone(), *person);
            (*name, app.read(move |tx| access.actor(tx, person, None)))
        })
        .collect();
    let document: Value = serde_json::from_str(&hanlin_server::commands::document().unwrap()).unwrap();
    let mut lines = Vec::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let (id, guard) = (operation["operationId"].as_str().unwrap(), operation["x-guard"].as_str().unwrap());
            let module = operation["tags"][0].as_str().unwrap();
            let mut line = format!("{module:<10} {id:<34} {guard:<20}");
            for (_, actor) in &actors {
                let permitted = match guard {
                    "anyone" | "opening" | "signed_in" | "external" => true,
                    permission => actor.grants.iter().any(|grant| grant.permission == permission),
                };
                write!(line, " {:<16}", if permitted { "yes" } else { "-" }).unwrap();
            }
            // Somebody of an external organisation, whoever he is (ORG-24): he holds nothing.
            let outside = matches!(guard, "anyone" | "opening" | "external");
            write!(line, " {:<16}", if outside { "yes" } else { "-" }).unwrap();
            lines.push(line.trim_end().to_owned());
        }
    }
    lines.sort();
    let mut header = format!("{:<10} {:<34} {:<20}", "module", "operation", "guard");
    for (name, _) in personas {
        write!(header, " {name:<16}").unwrap();
    }
    write!(header, " {:<16}", "outside").unwrap();
    golden("permissions.txt", &format!("{}\n{}\n", header.trim_end(), lines.join("\n")));
}
