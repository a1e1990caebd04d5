use std::sync::atomic::{AtomicUsize, Ordering};

use hanlin_kernel::{Error, Result};
use hanlin_store::{Remembered, Tx, params};
use proptest::prelude::*;

use super::ledger;
use crate::TestApp;

/// The amount of the first line of the ledger.
struct Amount(i64);

impl Remembered for Amount {
    const NAME: &'static str = "ledger";

    fn read(tx: &mut Tx) -> Result<Self> {
        stored(tx).map(Amount)
    }
}

fn stored(tx: &mut Tx) -> Result<i64> {
    tx.scalar("select amount from ledger_line where id = 0", &[])
}

fn remembered(tx: &mut Tx) -> Result<i64> {
    tx.remembered::<Amount>().map(|amount| amount.0)
}

fn set(tx: &mut Tx, amount: i64) -> Result<()> {
    tx.changed::<Amount>()?;
    tx.queue("update ledger_line set amount = $1 where id = 0", params![amount])
}

/// What a unit does, one after the other.
#[derive(Clone, Debug)]
enum Step {
    /// Another statement first: the revisions are heard with it.
    Look,
    Set(i64),
    Remember,
    /// A part of the unit, which is undone or not.
    Part(Vec<Step>, bool),
}

fn step() -> impl Strategy<Value = Step> {
    let leaf = prop_oneof![Just(Step::Look), (1..1000i64).prop_map(Step::Set), Just(Step::Remember)];
    leaf.prop_recursive(2, 12, 4, |step| {
        (prop::collection::vec(step, 1..4), any::<bool>()).prop_map(|(steps, undone)| Step::Part(steps, undone))
    })
}

fn walk(tx: &mut Tx, steps: &[Step]) -> Result<()> {
    for step in steps {
        match step {
            Step::Look => drop(stored(tx)?),
            Step::Set(amount) => set(tx, *amount)?,
            Step::Remember => assert_eq!(remembered(tx)?, stored(tx)?),
            Step::Part(steps, undone) => {
                let part = tx.savepoint(|tx| {
                    walk(tx, steps)?;
                    if *undone { Err(Error::invalid("amount", "undone")) } else { Ok(()) }
                });
                assert_eq!(part.is_err(), *undone);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever units do, and whichever of them are undone, what is remembered is what is stored.
    // proves: OPS-09
    #[test]
    fn what_is_remembered_is_what_is_stored(
        units in prop::collection::vec((prop::collection::vec(step(), 1..6), any::<bool>()), 1..6),
    ) {
        let app = TestApp::new(vec![ledger()]);
        for (steps, undone) in units {
            let done = app.block_on(app.db.write(move |tx| {
                walk(tx, &steps)?;
                if undone { Err(Error::invalid("amount", "undone")) } else { Ok(()) }
            }));
            assert_eq!(done.is_err(), undone);
            let (known, there) = app.read(|tx| Ok((remembered(tx)?, stored(tx)?)));
            prop_assert_eq!(known, there);
        }
    }
}

/// As long as nothing changes, nobody reads it again; one change after the other costs one revision until somebody asks.
#[test]
fn what_does_not_change_is_read_once() {
    static READ: AtomicUsize = AtomicUsize::new(0);
    struct Counted(i64);
    impl Remembered for Counted {
        const NAME: &'static str = Amount::NAME;
        fn read(tx: &mut Tx) -> Result<Self> {
            READ.fetch_add(1, Ordering::Relaxed);
            stored(tx).map(Counted)
        }
    }
    let counted = |tx: &mut Tx| tx.remembered::<Counted>().map(|amount| amount.0);
    let app = TestApp::new(vec![ledger()]);
    app.write(|tx| set(tx, 5));
    for _ in 0..3 {
        assert_eq!(app.read(counted), 5);
        assert_eq!(app.write(counted), 5);
    }
    assert_eq!(READ.load(Ordering::Relaxed), 1);
    let token = "select token from store_revision where name = 'ledger'";
    let (first, second, third) = app.write(move |tx| {
        set(tx, 6)?;
        let first: String = tx.scalar(token, &[])?;
        set(tx, 7)?;
        let second: String = tx.scalar(token, &[])?;
        assert_eq!(counted(tx)?, 7);
        set(tx, 8)?;
        assert_eq!(counted(tx)?, 8);
        Ok((first, second, tx.scalar::<String>(token, &[])?))
    });
    assert_eq!(first, second, "nobody had asked");
    assert_ne!(second, third, "somebody had asked");
    assert_eq!(app.read(counted), 8);
}
