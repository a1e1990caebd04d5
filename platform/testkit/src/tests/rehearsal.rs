//! What is done only to see what comes of it.

use std::{sync::mpsc, time::Duration};

use hanlin_kernel::Error;
use hanlin_store::{Context, Migration, OnConstraint, StoreError, params, store_error};

use crate::TestApp;

const SHELF: &str = "create table shelf_box (id bigint primary key, name text not null);
    create unique index shelf_box_name on shelf_box (name);
    create table shelf_thing (id bigint primary key, box_id bigint not null references shelf_box (id), name text not null);
    create index shelf_thing_box on shelf_thing (box_id);
    insert into shelf_box (id, name) values (1, 'one');
    insert into shelf_thing (id, box_id, name) values (1, 1, 'cup');";
const MIGRATIONS: &[Migration] = &[Migration { module: "shelf", name: "0001_shelf", sqlite: SHELF, postgres: SHELF }];

fn shelf() -> TestApp {
    TestApp::new(vec![hanlin_api::Module { migrations: MIGRATIONS, ..hanlin_api::Module::named("shelf") }])
}

fn names(tx: &mut hanlin_store::Tx) -> hanlin_kernel::Result<Vec<String>> {
    tx.scalars(
        "select b.name || '/' || t.name from shelf_thing t join shelf_box b on b.id = t.box_id order by t.id",
        &[],
    )
}

/// Somebody writes while a rehearsal has written and is not over.
// proves: OPS-09
#[test]
fn a_rehearsal_holds_up_nobody_and_leaves_nothing() {
    let app = shelf();
    let before = app.read(names);
    let (reached, has_reached) = mpsc::channel();
    let (done, is_done) = mpsc::channel();
    let db = app.db.clone();
    let seen = app.block_on(async {
        let rehearsing = tokio::spawn(async move {
            let is_done = std::sync::Mutex::new(is_done);
            db.rehearse(Context::default(), move |tx| {
                // Read before it is copied: the same text reads the copy afterwards.
                names(tx)?;
                tx.exec("insert into shelf_box (id, name) values (2, 'two')", &[])?;
                tx.queue("insert into shelf_thing (id, box_id, name) values (2, 2, 'jug')", &[])?;
                tx.exec("update shelf_thing set name = 'mug' where id = 1", &[])?;
                let seen = names(tx)?;
                reached.send(()).map_err(Error::internal)?;
                let waited = is_done.lock().unwrap().recv_timeout(Duration::from_secs(60));
                waited.map_err(|_| Error::internal("the other one waited for the rehearsal"))?;
                Ok(seen)
            })
            .await
        });
        tokio::task::spawn_blocking(move || has_reached.recv()).await.unwrap().unwrap();
        app.db.write(|tx| tx.exec("insert into shelf_box (id, name) values (3, 'three')", &[])).await.unwrap();
        done.send(()).unwrap();
        rehearsing.await.unwrap().unwrap()
    });
    assert_eq!(seen, ["one/mug", "two/jug"], "it sees what it did");
    assert_eq!(app.read(names), before);
    let boxes: Vec<String> = app.read(|tx| tx.scalars("select name from shelf_box order by id", &[]));
    assert_eq!(boxes, ["one", "three"]);
}

#[test]
fn a_rehearsal_is_refused_what_would_be_refused() {
    let app = shelf();
    let rehearse = |sql: &'static str| app.block_on(app.db.rehearse(Context::default(), move |tx| tx.exec(sql, &[])));
    let twice = rehearse("insert into shelf_box (id, name) values (2, 'one')").unwrap_err();
    assert!(matches!(store_error(&twice), Some(StoreError::Unique(index)) if index == "shelf_box_name"), "{twice:?}");
    let nowhere = rehearse("insert into shelf_thing (id, box_id, name) values (2, 9, 'jug')").unwrap_err();
    assert!(matches!(store_error(&nowhere), Some(StoreError::ForeignKey(_))), "{nowhere:?}");
    let same = rehearse("insert into shelf_thing (id, box_id, name) values (1, 1, 'jug')").unwrap_err();
    assert!(matches!(store_error(&same), Some(StoreError::Unique(key)) if key == "shelf_thing_pkey"), "{same:?}");
    let named = app.block_on(app.db.rehearse(Context::default(), |tx| {
        tx.exec("insert into shelf_box (id, name) values ($1, $2)", params![2i64, "one"])
            .on_unique("shelf_box_name", || Error::invalid("name", "shelf.twice"))
    }));
    assert_eq!(named.unwrap_err().code(), Error::invalid("name", "shelf.twice").code());
    assert_eq!(app.read(names), ["one/cup"]);
}

/// A part that is undone inside takes its copies along, and they are made again for what comes after.
#[test]
fn parts_of_a_rehearsal_are_undone_alone() {
    let app = shelf();
    let seen = app.block_on(app.db.rehearse(Context::default(), |tx| {
        let inside = tx.rehearse(|tx| {
            tx.exec("update shelf_thing set name = 'jug' where id = 1", &[])?;
            names(tx)
        })?;
        let between = names(tx)?;
        tx.exec("update shelf_thing set name = 'mug' where id = 1", &[])?;
        Ok([inside, between, names(tx)?])
    }));
    assert_eq!(seen.unwrap(), [["one/jug"], ["one/cup"], ["one/mug"]].map(|one| one.map(String::from).to_vec()));
}
