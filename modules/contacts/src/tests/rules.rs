use hanlin_directory::cast::{self, LIN_XIAO};

use crate::{Due, Field, missing, rules::percent};

#[test]
fn what_is_missing_is_what_is_due_and_not_there() {
    let mut lin = cast::rows().people.into_iter().find(|person| person.id == LIN_XIAO).unwrap();
    let due = |required: &[Field], domains: &[&str]| Due {
        required: required.to_vec(),
        domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
        required_by: None,
        domains_by: None,
    };
    lin.email = Some("lin@elsewhere.example".into());
    assert_eq!(missing(&lin, &due(&[Field::Email], &[])), []);
    assert_eq!(
        missing(&lin, &due(&[Field::Email], &["qinglan.example"])),
        [Field::Email],
        "a mailbox elsewhere is none"
    );
    (lin.mobile, lin.office_phone) = (None, None);
    assert_eq!(missing(&lin, &due(&[Field::OfficePhone, Field::Mobile], &[])), [Field::OfficePhone, Field::Mobile]);
    assert_eq!(missing(&lin, &due(&[], &["qinglan.example"])), []);
}

#[test]
fn a_hundred_percent_is_everybody() {
    assert_eq!([percent(0, 0), percent(0, 3), percent(199, 200), percent(200, 200)], [100, 0, 99, 100]);
}
