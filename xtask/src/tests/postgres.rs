use crate::postgres::{Durability, Postgres, free_port};
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

    let show = sh::output(sh::command(&psql).args(["-qAt", "-w", &url, "-c", "show data_directory"]));
    let data = std::path::PathBuf::from(show.expect("it says where").trim());
    let folder = data.parent().expect("the data lie in a folder of ours");
    assert!(folder.is_dir());
    drop(postgres);
    assert!(!folder.exists());
    assert!(ask(&url).is_err(), "it has ended");
}

#[test]
fn where_another_program_was_quicker_it_takes_another_port() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let quicker = taken.local_addr().expect("it listens").port();
    let mut first = Some(quicker);
    let ports = || first.take().map_or_else(free_port, Ok);
    let postgres = Postgres::on(Durability::Unsynced, ports).expect("it starts on the next one");
    assert!(!postgres.url().contains(&format!(":{quicker}/")), "{}", postgres.url());
    postgres.create_database("mine").expect("and serves");

    let always = Postgres::on(Durability::Unsynced, || Ok(quicker));
    let words = format!("{:#}", always.err().expect("nothing is free"));
    assert!(words.contains("ports taken"), "{words}");
}
