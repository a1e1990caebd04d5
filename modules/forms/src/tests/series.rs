use jiff::civil::date;

use crate::form::{Initiator, Series};

fn of(line: &str) -> Series {
    Series::read(line).expect("a series")
}

// proves: FORM-04
#[test]
fn a_number_has_the_day_the_place_and_the_count_in_it() {
    let initiator = Initiator { unit: "hq".into(), department: "sales".into(), ..Initiator::default() };
    let day = date(2026, 3, 9);
    let number = |line: &str, count| of(line).number(day, &initiator, count);
    assert_eq!(number("BX-{yyyy}-{seq:4}", 7), "BX-2026-0007");
    assert_eq!(number("{yy}{mm}{dd}/{seq:2}", 12), "260309/12");
    assert_eq!(number("{unit}·{department}〔{yyyy}〕{seq:1}号", 3), "hq·sales〔2026〕3号");
    assert_eq!(number("BX{seq:4}", 12_345), "BX12345", "more than there are digits for grows");
}

#[test]
fn the_count_begins_anew_where_anything_else_changes() {
    let initiator = Initiator { unit: "hq".into(), ..Initiator::default() };
    let series = of("BX-{unit}-{yyyy}-{seq:4}");
    let at = |year| series.of(date(year, 1, 1), &initiator);
    assert_eq!(at(2026), at(2026));
    assert_ne!(at(2026), at(2027));
    assert_ne!(at(2026), series.of(date(2026, 1, 1), &Initiator { unit: "west".into(), ..Initiator::default() }));
}

#[test]
fn what_cannot_be_read_is_no_series() {
    let long = format!("{}{{seq:4}}", "长".repeat(60));
    for line in [
        "",
        "BX",
        "BX-{yyyy}",
        "{seq}",
        "{seq:0}",
        "{seq:10}",
        "{seq:4}{seq:4}",
        "{seq:4",
        "seq:4}",
        "{year}{seq:4}",
        &long,
    ] {
        assert_eq!(Series::read(line), None, "{line}");
    }
}
