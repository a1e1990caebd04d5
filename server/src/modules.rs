//! The list of modules, in the order of their tiers: adding one is one line.

use hanlin_api::Module;

pub fn modules() -> Vec<Module> {
    vec![
        hanlin_trace::module(),
        hanlin_directory::module(),
        hanlin_rulebook::module(),
        hanlin_worktime::module(),
        hanlin_access::module(),
        hanlin_files::module(),
        hanlin_seats::module(),
        hanlin_notify::module(Vec::new()),
        hanlin_workflow::module(),
        hanlin_orders::module(),
        hanlin_contacts::module(),
        hanlin_imports::module(),
        hanlin_sample::module(),
        // new-module: registered above this line.
    ]
}
