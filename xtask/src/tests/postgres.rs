use crate::postgres::{Durability, Postgres};
use crate::sh;
use crate::tools::postgres_programs;

#[test]
fn it_serves_its_owner_and_nobody_else_and_leaves_nothing() {
    let postgres = Postgres::start(Durability::Unsynced).expect("it starts");
    let url = postgres.create_database("mine").expect("a database can be made");
    let psql = postgres_programs().expect("it has just run").join("psql");
    let ask = |url: &str| {
        sh::output(sh::command(&psql).args(["-qAt", "-w", url, "-c", "show lc_collate; show server_encoding"]))
    };
    assert_eq!(ask(&url).expect("the owner is let in"), "C.UTF-8\nUTF8\n");

    let (_, place) = url.split_once('@').expect("the password stands before the place");
    assert!(ask(&format!("postgres://hanlin:guessed@{place}")).is_err(), "without the password nobody is let in");

    let folder = postgres.folder().to_owned();
    assert!(folder.is_dir());
    drop(postgres);
    assert!(!folder.exists());
    assert!(ask(&url).is_err(), "it has ended");
}
