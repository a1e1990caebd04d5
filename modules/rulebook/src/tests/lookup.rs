//! Which clause speaks for a unit at an instant. No database.

use std::sync::Arc;

use hanlin_directory::cast::{self, QINGLAN, QINGLAN_TRADE};
use hanlin_kernel::{Id, Text, UnitId};
use jiff::Timestamp;

use crate::{
    Class, Given, Mode, Policy, Provision, Rulebook, Rules, Setting, Source, Standing,
    catalogue::{self, Composition},
};

const MARCH: &str = "2026-03-01T00:00:00Z";
const APRIL: &str = "2026-04-01T00:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn idle(minutes: i64) -> Provision {
    Provision {
        text: Text::zh("暂停工作须退出"),
        policy: Policy::Session,
        mode: Mode::Block,
        parameters: [("session.idle_minutes".to_owned(), Given::whole(minutes))].into(),
        valid_from: at(MARCH),
        valid_to: None,
    }
}

fn standing(unit: UnitId, number: u64, provision: Provision) -> Standing {
    let source = Source { clause: Id::fixed(number), unit, number: number.to_string(), version: 1 };
    Standing { source, provision }
}

fn rules(standing: Vec<Standing>) -> Rules {
    Rules { rulebook: Arc::new(Rulebook::of(standing)), directory: Arc::new(cast::snapshot()) }
}

// proves: RULE-21, ACC-15
#[test]
fn the_nearest_unit_that_says_something_decides() {
    let group = standing(QINGLAN, 1, idle(20));
    let trade = standing(QINGLAN_TRADE, 2, idle(10));
    let both = rules(vec![group.clone(), trade]);
    let of = |rules: &Rules, unit| rules.parameter(unit, at(APRIL), &catalogue::SESSION_IDLE_MINUTES);
    assert_eq!(of(&both, Some(QINGLAN)).value, 20);
    assert_eq!(of(&both, Some(QINGLAN_TRADE)).value, 10);
    let found = of(&rules(vec![group]), Some(QINGLAN_TRADE));
    assert_eq!((found.value, found.source.map(|source| source.unit)), (20, Some(QINGLAN)), "inherited from above");
    let nobody = of(&rules(vec![]), Some(QINGLAN_TRADE));
    assert_eq!((nobody.value, nobody.source), (30, None), "the careful value where nobody decided");
}

#[test]
fn whoever_belongs_to_no_unit_follows_the_top() {
    let rules = rules(vec![standing(QINGLAN, 1, idle(20))]);
    assert_eq!(rules.parameter(None, at(APRIL), &catalogue::SESSION_IDLE_MINUTES).value, 20);
    assert_eq!(rules.parameter(Some(Id::fixed(4)), at(APRIL), &catalogue::SESSION_IDLE_MINUTES).value, 20);
}

// proves: ACC-02, ACC-08
#[test]
fn a_class_that_a_clause_does_not_name_is_left_to_the_units_above() {
    let lengths = |pairs: &[(Class, i64)]| {
        let by_class = pairs.iter().map(|(class, length)| (*class, Setting::Whole(*length))).collect();
        let parameters = [("password.min_length".to_owned(), Given::ByClass(by_class))].into();
        Provision { policy: Policy::Password, parameters, ..idle(1) }
    };
    let rules = rules(vec![
        standing(QINGLAN, 1, lengths(&[(Class::Business, 6), (Class::Key, 8), (Class::System, 11)])),
        standing(QINGLAN_TRADE, 2, lengths(&[(Class::Business, 9)])),
    ]);
    let of = |class| rules.parameter_for(Some(QINGLAN_TRADE), at(APRIL), &catalogue::PASSWORD_MIN_LENGTH, class).value;
    assert_eq!(Class::ALL.map(of), [9, 8, 11]);
}

#[test]
fn a_clause_holds_from_its_beginning_until_just_before_its_end() {
    let dated = Provision { valid_from: at(MARCH), valid_to: Some(at(APRIL)), ..idle(20) };
    let rules = rules(vec![standing(QINGLAN, 1, dated)]);
    let minutes = |instant: &str| rules.parameter(Some(QINGLAN), at(instant), &catalogue::SESSION_IDLE_MINUTES).value;
    assert_eq!(minutes("2026-02-28T23:59:59.999Z"), 30);
    assert_eq!(minutes(MARCH), 20);
    assert_eq!(minutes("2026-03-31T23:59:59.999Z"), 20);
    assert_eq!(minutes(APRIL), 30);
}

#[test]
fn the_mode_comes_with_the_value() {
    let parameters = [("password.composition".to_owned(), Given::word("recommended"))].into();
    let warns = Provision { policy: Policy::Password, mode: Mode::Warn, parameters, ..idle(1) };
    let rules = rules(vec![standing(QINGLAN, 1, warns)]);
    let found = rules.parameter(Some(QINGLAN), at(APRIL), &catalogue::PASSWORD_COMPOSITION);
    assert_eq!((found.value, found.mode), (Composition::Recommended, Mode::Warn));
}

#[test]
fn a_value_out_of_bounds_in_the_tables_is_passed_over() {
    let rules = rules(vec![standing(QINGLAN, 1, idle(-5))]);
    assert_eq!(rules.parameter(Some(QINGLAN), at(APRIL), &catalogue::SESSION_IDLE_MINUTES).value, 30);
}

#[test]
fn a_parameter_is_found_by_its_name() {
    let rules = rules(vec![]);
    let of = |name| rules.by_name(Some(QINGLAN), at(APRIL), name).map(|found| found.value);
    assert_eq!(of("workflow.on_initiator"), Some("superior".into()));
    assert_eq!(of("workflow.urge_interval_minutes"), Some(30.into()));
    assert_eq!(of("workflow.no_such_thing"), None);
}
