use std::fs::File;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use hanlin_kernel::{Error, Result};
use hanlin_store::{Migration, OnConstraint, ReadOnce, StoreError, Tx, Value, params, store_error};

use super::{LEDGER, ledger};
use crate::{TestApp, TestDatabase};

fn insert(tx: &mut Tx, id: i64, name: &str) -> Result<u64> {
    tx.exec("insert into ledger_line (id, name, amount) values ($1, $2, 0)", params![id, name])
}

fn count(app: &TestApp) -> i64 {
    app.read(|tx| tx.scalar("select count(*) from ledger_line where id > 0", &[]))
}

// proves: OPS-09
#[test]
fn increments_from_many_at_once_are_all_there() {
    let app = TestApp::new(vec![ledger()]);
    app.block_on(async {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let db = app.db.clone();
                tokio::spawn(async move {
                    for _ in 0..25 {
                        db.write(|tx| {
                            let amount: i64 = tx.scalar("select amount from ledger_line where id = 0", &[])?;
                            tx.exec("update ledger_line set amount = $1 where id = 0", params![amount + 1])
                        })
                        .await
                        .unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    let amount: i64 = app.read(|tx| tx.scalar("select amount from ledger_line where id = 0", &[]));
    assert_eq!(amount, 200);
}

/// On PostgreSQL a slow unit meets quick ones each time it is tried, until it is tried alone.
// proves: OPS-09
#[test]
fn a_slow_unit_comes_through_among_many_quick_ones() {
    let app = TestApp::new(vec![ledger()]);
    let add = |tx: &mut Tx, pause: u64| {
        let amount: i64 = tx.scalar("select amount from ledger_line where id = 0", &[])?;
        std::thread::sleep(Duration::from_millis(pause));
        tx.exec("update ledger_line set amount = $1 where id = 0", params![amount + 1]).map(drop)
    };
    let quick_ones = app.block_on(async {
        let is_over = Arc::new(AtomicBool::new(false));
        let quick = tokio::spawn({
            let (db, is_over) = (app.db.clone(), is_over.clone());
            async move {
                let mut done = 0;
                while !is_over.load(Ordering::Relaxed) {
                    db.write(move |tx| add(tx, 0)).await.unwrap();
                    done += 1;
                }
                done
            }
        });
        let slow = app.db.write(move |tx| add(tx, 60)).await;
        is_over.store(true, Ordering::Relaxed);
        let done: i64 = quick.await.unwrap();
        slow.unwrap();
        done
    });
    let amount: i64 = app.read(|tx| tx.scalar("select amount from ledger_line where id = 0", &[]));
    assert_eq!(amount, quick_ones + 1);
}

/// The amount of the first line of the ledger.
#[derive(Clone)]
struct Amount(i64);

impl ReadOnce for Amount {
    const TABLE: &'static str = "ledger_line";

    fn read(tx: &mut Tx) -> Result<Self> {
        tx.scalar("select amount from ledger_line where id = 0", &[]).map(Amount)
    }
}

fn amount(tx: &mut Tx) -> Result<i64> {
    tx.read_once::<Amount>().map(|amount| amount.0)
}

/// Whoever changes the table need not think of who read it: each way to write is seen.
#[test]
fn what_a_unit_reads_once_holds_until_it_changes_the_table() {
    let app = TestApp::new(vec![ledger()]);
    let seen = app.write(move |tx| {
        let mut seen = vec![amount(tx)?];
        tx.exec("update ledger_line set amount = $1 where id = 0", params![5])?;
        seen.push(amount(tx)?);
        tx.queue("update ledger_line set amount = $1 where id = 0", params![7])?;
        seen.push(amount(tx)?);
        let _: Vec<i64> = tx.scalars("update ledger_line set amount = 8 where id = 0 returning amount", &[])?;
        seen.push(amount(tx)?);
        let undone: Result<()> = tx.savepoint(|tx| {
            tx.queue("update ledger_line set amount = $1 where id = 0", params![9])?;
            seen.push(amount(tx)?);
            Err(Error::invalid("amount", "refused"))
        });
        assert!(undone.is_err());
        seen.push(amount(tx)?);
        Ok(seen)
    });
    assert_eq!(seen, [0, 5, 7, 8, 9, 8]);
    assert_eq!(app.write(amount), 8, "another unit reads for itself");
}

#[test]
fn what_a_unit_reads_once_is_asked_of_the_database_once() {
    use std::sync::atomic::AtomicUsize;
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    #[derive(Clone)]
    struct Counted;
    impl ReadOnce for Counted {
        const TABLE: &'static str = "ledger_line";
        fn read(tx: &mut Tx) -> Result<Self> {
            ASKED.fetch_add(1, Ordering::Relaxed);
            amount(tx).map(|_| Counted)
        }
    }
    let app = TestApp::new(vec![ledger()]);
    app.read(|tx| {
        for _ in 0..3 {
            tx.read_once::<Counted>()?;
            tx.scalar::<i64>("select amount from ledger_line where id = 0", &[])?;
        }
        Ok(())
    });
    assert_eq!(ASKED.load(Ordering::Relaxed), 1, "what only asks leaves it as it is");
}

/// A hundred come to change something and are still being recognised: whoever only looks sees at once.
// proves: OPS-09
#[test]
fn reading_does_not_stand_behind_a_hundred_who_come_to_change_something() {
    let app = TestApp::new(vec![ledger()]);
    let is_over = Arc::new(AtomicBool::new(false));
    let (seen, admitted) = app.block_on(async {
        let arriving: Vec<_> = (0..100)
            .map(|_| {
                let (db, is_over) = (app.db.clone(), is_over.clone());
                tokio::spawn(async move {
                    let recognised = move |_: &mut Tx| {
                        while !is_over.load(Ordering::Relaxed) {
                            std::thread::sleep(Duration::from_millis(1));
                        }
                        Ok(1)
                    };
                    db.admit(recognised).await.unwrap()
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(100)).await;
        let look = app.db.read(|tx| tx.scalar::<i64>("select count(*) from ledger_line", &[]));
        let seen = tokio::time::timeout(Duration::from_secs(10), look).await;
        is_over.store(true, Ordering::Relaxed);
        let mut admitted = 0;
        for one in arriving {
            admitted += one.await.unwrap();
        }
        (seen, admitted)
    });
    assert_eq!(seen.expect("it stood behind them").unwrap(), 1);
    assert_eq!(admitted, 100, "everybody's turn comes");
}

#[test]
fn a_refusal_or_a_panic_undoes_its_own_unit_and_no_other() {
    let app = TestApp::new(vec![ledger()]);
    let answers: Vec<Result<i64>> = app.block_on(async {
        let units = (1..=60i64).map(|id| {
            let db = app.db.clone();
            tokio::spawn(async move {
                db.write(move |tx| {
                    insert(tx, id, &format!("line {id}"))?;
                    match id % 3 {
                        0 => Err(Error::invalid("id", "refused")),
                        1 => panic!("unit {id} falls over"),
                        _ => Ok(id),
                    }
                })
                .await
            })
        });
        let mut answers = Vec::new();
        for unit in units.collect::<Vec<_>>() {
            answers.push(unit.await.unwrap());
        }
        answers
    });
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 20);
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Err(Error::Invalid(_)))).count(), 20);
    let panicked = |answer: &&Result<i64>| {
        answer.as_ref().is_err_and(|error| matches!(store_error(error), Some(StoreError::Panicked(_))))
    };
    assert_eq!(answers.iter().filter(panicked).count(), 20);
    assert_eq!(count(&app), 20, "only what was answered with success is there");
}

/// SQLite only: the database may not grow past a number of pages, as on a full disk.
// proves: OPS-10
#[test]
fn a_full_disk_refuses_what_does_not_fit_and_keeps_what_does() {
    if crate::engine_name() != "sqlite" {
        return;
    }
    let app = TestApp::new(vec![ledger()]);
    app.write(|tx| {
        let pages: i64 = tx.scalar("pragma page_count", &[])?;
        tx.rows(&format!("pragma max_page_count = {}", pages + 12), &[]).map(drop)
    });
    let answers: Vec<(i64, Result<()>)> = app.block_on(async {
        let units = (1..=40i64).map(|id| {
            let db = app.db.clone();
            tokio::spawn(async move {
                let large = id % 4 == 0;
                let answer = db.write(move |tx| {
                    insert(tx, id, &format!("line {id}"))?;
                    let note = "x".repeat(if large { 400_000 } else { 10 });
                    tx.exec("update ledger_line set note = $2 where id = $1", params![id, note]).map(drop)
                });
                (id, answer.await)
            })
        });
        let mut answers = Vec::new();
        for unit in units.collect::<Vec<_>>() {
            answers.push(unit.await.unwrap());
        }
        answers
    });
    for (id, answer) in &answers {
        if id % 4 == 0 {
            assert!(matches!(answer, Err(Error::Busy("store.disk_full"))), "{id}: {answer:?}");
        } else {
            assert!(answer.is_ok(), "{id} fits, whoever failed beside it: {answer:?}");
        }
    }
    assert_eq!(count(&app), 30);
}

/// SQLite only: how often the write-ahead log was begun anew stands in its header.
// proves: OPS-09
#[test]
fn the_log_is_begun_anew_while_units_never_cease() {
    if crate::engine_name() != "sqlite" {
        return;
    }
    let app = TestApp::new(vec![ledger()]);
    app.write(|tx| insert(tx, 1, "line"));
    let file: String = app.read(|tx| tx.scalar("select file from pragma_database_list where name = 'main'", &[]));
    let begun = move || {
        let mut header = [0; 16];
        File::open(format!("{file}-wal")).unwrap().read_exact(&mut header).unwrap();
        u32::from_be_bytes(header[12..].try_into().unwrap())
    };
    let before = begun();
    let over = Arc::new(AtomicBool::new(false));
    app.block_on(async {
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let (db, over) = (app.db.clone(), over.clone());
                tokio::spawn(async move {
                    for round in 0..2_000 {
                        if over.load(Ordering::Relaxed) {
                            break;
                        }
                        let note = ["a", "b"][round % 2].repeat(300_000);
                        let line = 10 + writer;
                        db.write(move |tx| {
                            let sql = "insert into ledger_line (id, name, amount, note) values ($1, $2, 0, $3) \
                                       on conflict (id) do update set note = excluded.note";
                            tx.exec(sql, params![line, format!("line {line}"), note])
                        })
                        .await
                        .unwrap();
                    }
                })
            })
            .collect();
        while begun() < before + 2 && !writers.iter().all(tokio::task::JoinHandle::is_finished) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        over.store(true, Ordering::Relaxed);
        for writer in writers {
            writer.await.unwrap();
        }
    });
    assert!(begun() >= before + 2, "the log only grew");
}

#[test]
fn a_violated_constraint_has_the_name_of_its_index() {
    let app = TestApp::new(vec![ledger()]);
    let taken = || Error::invalid("name", "taken");
    let refused = app.try_write(move |tx| {
        insert(tx, 1, "one")?;
        insert(tx, 2, "one").on_unique("ledger_line_name", taken)
    });
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    let refused = app.try_write(move |tx| insert(tx, 0, "other").on_unique("ledger_line_pkey", taken));
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    assert_eq!(count(&app), 0);
}

#[test]
fn after_a_failed_statement_a_unit_can_do_nothing_more() {
    let app = TestApp::new(vec![ledger()]);
    let refused = app.try_write(|tx| {
        let _swallowed = insert(tx, 0, "again");
        insert(tx, 5, "five")
    });
    let error = refused.unwrap_err();
    assert!(matches!(store_error(&error), Some(StoreError::Poisoned)), "{error:?}");
    assert_eq!(count(&app), 0);
}

#[test]
fn a_savepoint_fails_alone() {
    let app = TestApp::new(vec![ledger()]);
    app.write(|tx| {
        insert(tx, 1, "kept")?;
        let part = tx.savepoint(|tx| {
            insert(tx, 2, "undone")?;
            insert(tx, 0, "counter")
        });
        assert!(part.is_err());
        insert(tx, 3, "kept too")
    });
    assert_eq!(count(&app), 2);
}

#[test]
fn values_come_back_as_they_went_in() {
    let app = TestApp::new(vec![ledger()]);
    let row = app.write(|tx| {
        tx.exec(
            "insert into ledger_line (id, name, amount, note) values ($2, $1, $3, $4)",
            params!["名字 'quoted' $1", 7i64, i64::MIN, None::<String>],
        )?;
        tx.one::<hanlin_store::Row>(
            "select name, amount, note, amount < 0 as below, cast(sum(amount) as bigint) as total \
             from ledger_line where id = $1 or ($1 is null and name = $2) group by name, amount, note",
            params![7i64, "none"],
        )
    });
    assert_eq!(row.get::<String>("name").unwrap(), "名字 'quoted' $1");
    assert_eq!(row.get::<i64>("amount").unwrap(), i64::MIN);
    assert_eq!(row.get::<Option<String>>("note").unwrap(), None);
    assert!(row.get::<bool>("below").unwrap());
    assert_eq!(row.get::<Value>("total").unwrap(), Value::Int(i64::MIN));
}

#[test]
fn text_sorts_by_code_point() {
    let app = TestApp::new(vec![ledger()]);
    let names: Vec<String> = app.write(|tx| {
        for (id, name) in ["b", "B", "张", "a", "李", "_"].iter().enumerate() {
            insert(tx, id as i64 + 1, name)?;
        }
        tx.scalars("select name from ledger_line where id > 0 order by name", &[])
    });
    assert_eq!(names, ["B", "_", "a", "b", "张", "李"]);
}

#[test]
fn a_list_is_expanded_in_slices() {
    let app = TestApp::new(vec![ledger()]);
    let found = app.write(|tx| {
        for id in 1..=1200i64 {
            tx.queue("insert into ledger_line (id, name, amount) values ($1, $2, $1)", params![id, format!("n{id}")])?;
        }
        let ids: Vec<i64> = (1..=1200).collect();
        tx.all_in::<hanlin_store::Row>(
            "select id from ledger_line where amount > $1 and id in ({in})",
            params![0i64],
            &ids,
        )
    });
    assert_eq!(found.len(), 1200);
}

#[test]
fn a_read_sees_one_instant_and_cannot_write() {
    let app = TestApp::new(vec![ledger()]);
    let wrote = app.block_on(app.db.read(|tx| insert(tx, 1, "sneaked")));
    assert!(wrote.is_err());
    assert_eq!(count(&app), 0);
}

// proves: OPS-08
#[test]
fn a_newer_schema_is_refused_with_words() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let newer = Migration { module: "ledger", name: "0002_future", sqlite: "select 1", postgres: "select 1" };
        let both: Vec<Migration> = LEDGER.iter().copied().chain([newer]).collect();
        let database = TestDatabase::new(&both).await;
        let db = database.open(hanlin_store::Settings::default()).await;
        let error = db.migrate(LEDGER).await.unwrap_err();
        assert!(error.to_string().contains("newer version"), "{error}");
        db.close();
    });
}

/// PostgreSQL only: units that conflict are run again; the count shows that they met.
#[test]
fn conflicting_units_are_run_again_until_they_succeed() {
    let app = TestApp::new(vec![ledger()]);
    let runs = Arc::new(AtomicU32::new(0));
    // PostgreSQL runs units side by side: neither writes before both have read. SQLite's writer takes one at a time.
    let both_have_read = (crate::engine_name() == "postgres").then(|| Arc::new(std::sync::Barrier::new(2)));
    app.block_on(async {
        let unit = |id: i64| {
            let (db, runs, both_have_read) = (app.db.clone(), runs.clone(), both_have_read.clone());
            tokio::spawn(async move {
                db.write(move |tx| {
                    let run = runs.fetch_add(1, Ordering::SeqCst);
                    // Each reads what the other writes.
                    let total: i64 = tx.scalar("select cast(sum(amount) as bigint) from ledger_line", &[])?;
                    if let Some(both) = both_have_read.as_ref().filter(|_| run < 2) {
                        both.wait();
                    }
                    tx.exec(
                        "insert into ledger_line (id, name, amount) values ($1, $2, $3)",
                        params![id, format!("sum {id}"), total + 1],
                    )
                })
                .await
            })
        };
        let (one, two) = (unit(1), unit(2));
        one.await.unwrap().unwrap();
        two.await.unwrap().unwrap();
    });
    let amounts: Vec<i64> =
        app.read(|tx| tx.scalars("select amount from ledger_line where id > 0 order by amount", &[]));
    assert_eq!(amounts, [1, 2], "as if one had come after the other");
    if crate::engine_name() == "postgres" {
        assert!(runs.load(Ordering::SeqCst) >= 3, "one of the two was run again");
    }
}

/// A database that was started again, or an administrator, ends what nobody uses at the moment; nobody is to notice.
// proves: OPS-09
#[test]
fn connections_that_the_database_ended_meanwhile_are_replaced() {
    let app = TestApp::new(vec![ledger()]);
    if app.db.is_sqlite() {
        return;
    }
    let amount = |tx: &mut Tx| tx.scalar::<i64>("select amount from ledger_line where id = 0", &[]);
    app.block_on(async {
        let together = Arc::new(std::sync::Barrier::new(2));
        let [first, second] = [together.clone(), together].map(|all_here| {
            let db = app.db.clone();
            tokio::spawn(async move {
                db.read(move |tx| {
                    all_here.wait();
                    amount(tx)
                })
                .await
            })
        });
        let (first, second) = tokio::join!(first, second);
        assert_eq!((first.unwrap().unwrap(), second.unwrap().unwrap()), (0, 0));
    });
    let ended = app.read(|tx| {
        let others = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and \
                      pid <> pg_backend_pid() and query not like '%listen%'";
        tx.scalars::<bool>(others, &[])
    });
    assert!(ended.contains(&true), "a second connection was free");
    let (first, second) = app.block_on(async { tokio::join!(app.db.read(amount), app.db.read(amount)) });
    assert_eq!((first.unwrap(), second.unwrap()), (0, 0));
    app.write(|tx| tx.exec("update ledger_line set amount = 1 where id = 0", &[]));
    assert_eq!(app.read(amount), 1);
}
