use anyhow::bail;

use crate::sh;
use crate::steps::Steps;

#[test]
fn of_two_rows_beside_each_other_both_count() {
    let mut steps = Steps::default();
    let mut is_first_there = false;
    steps.beside(
        |steps| is_first_there = steps.step("first", || Ok(())),
        |steps| {
            steps.step("second", || sh::run(sh::command("sh").args(["-c", "echo written whole; exit 3"])));
        },
    );
    assert!(is_first_there);
    let failure = steps.finish().expect_err("the second row failed");
    assert_eq!(failure.to_string(), "1 of 2 steps failed");
}

#[test]
fn a_failed_step_is_counted() {
    let mut steps = Steps::default();
    assert!(!steps.step("it", || bail!("no")));
    assert!(steps.finish().is_err());
}
