//! A test case that expects what does not happen fails, and says what happened: a rehearsal that always passes would
//! prove nothing.

use expect_test::expect;
use hanlin_kernel::Locale;

use super::wrong::{SOUND, with_lanes};
use crate::package::{House, read, test};

/// What the one case of the sound package says, with one place of it written otherwise.
fn said(from: &str, to: &str) -> String {
    let (head, cases) = SOUND.split_at(SOUND.find("cases:").unwrap());
    assert!(cases.contains(from), "no `{from}`");
    let text = format!("{head}{}", cases.replacen(from, to, 1));
    let package = read(&text).unwrap_or_else(|problems| panic!("{problems:?}"));
    let results = test(&package, &House::sample());
    let failures: Vec<&str> =
        results.iter().flat_map(|result| &result.failures).map(|failure| failure.in_locale(Locale::En)).collect();
    assert_eq!(failures.is_empty(), results.iter().all(|result| result.passed()));
    failures.join("\n")
}

#[test]
fn the_sound_case_passes() {
    assert_eq!(said("cases:", "cases:"), "");
}

#[test]
fn another_person_another_branch_or_another_end_fails() {
    expect!["Expected check: [wu.tong] → by_amount: small → pay: [xie.xiaoyu] → inform: [zhao.qing]; it went check: [luo.dan] → by_amount: small → pay: [xie.xiaoyu] → inform: [zhao.qing]"]
        .assert_eq(&said("luo.dan", "wu.tong"));
    expect!["Expected check: [luo.dan] → by_amount: large → pay: [xie.xiaoyu] → inform: [zhao.qing]; it went check: [luo.dan] → by_amount: small → pay: [xie.xiaoyu] → inform: [zhao.qing]"]
        .assert_eq(&said("by_amount: small", "by_amount: large"));
    expect!["It should end as rejected, but is completed."].assert_eq(&said("ends: completed", "ends: rejected"));
    expect!["Expected check: [luo.dan] → by_amount: small → pay: [xie.xiaoyu]; it went check: [luo.dan] → by_amount: small → pay: [xie.xiaoyu] → inform: [zhao.qing]"]
        .assert_eq(&said("        - inform: zhao.qing\n", ""));
}

// proves: FLOW-06
#[test]
fn branches_that_are_walked_at_the_same_time_are_expected_by_their_keys() {
    let said = |kind: &str, settings: &str, condition: &str, opened: &str| {
        let text = with_lanes(kind, settings, condition);
        let text = text.replace("        - pay: xie.xiaoyu\n", &format!("{opened}        - pay: xie.xiaoyu\n"));
        let package = read(&text).unwrap_or_else(|problems| panic!("{problems:?}"));
        let results = test(&package, &House::sample());
        let failures = results.iter().flat_map(|result| &result.failures);
        failures.map(|failure| failure.in_locale(Locale::En).to_owned()).collect::<Vec<_>>().join("\n")
    };
    let both = "        - sign: [one, two]\n        - one_signs: zhao.qing\n        - two_does: zhao.qing\n";
    assert_eq!(said("parallel", "", "", both), "");
    assert_eq!(said("parallel", "    join: first\n", "", both), "");
    let none = "        - sign: otherwise\n";
    assert_eq!(said("inclusive", "    otherwise: []\n", "        when: form.amount > 500\n", none), "");
    expect!["Expected check: [luo.dan] → by_amount: small → sign: [one] → one_signs: [zhao.qing] → two_does: [zhao.qing] → pay: [xie.xiaoyu] → inform: [zhao.qing]; it went check: [luo.dan] → by_amount: small → sign: [one, two] → one_signs: [zhao.qing] → two_does: [zhao.qing] → pay: [xie.xiaoyu] → inform: [zhao.qing]"]
        .assert_eq(&said("parallel", "", "", &both.replace("[one, two]", "one")));
}

#[test]
fn a_refusal_that_does_not_come_or_is_another_fails() {
    expect!["“luo.dan: approve” should have been refused with not_your_task."].assert_eq(&said(
        "    expect:",
        "    then: [{ by: luo.dan, do: approve, refused: not_your_task }, everyone_agrees]\n    expect:",
    ));
    expect!["“wu.tong: approve” should have been refused with task_ended, but was with: not_your_task (This task is not yours.)"]
        .assert_eq(&said("    expect:", "    then: [{ by: wu.tong, do: approve, refused: task_ended }, everyone_agrees]\n    expect:"));
    expect!["“submit” was refused: invalid_values [amount]"].assert_eq(&said("amount: 20.00", "amount: -1.00"));
}

#[test]
fn a_person_or_post_that_does_not_exist_fails() {
    expect!["The organisation has no person “lin.xiaoo”."].assert_eq(&said("lin.xiao", "lin.xiaoo"));
    expect!["lin.xiao does not hold the post “seal_keeper”."]
        .assert_eq(&said("initiator: lin.xiao", "initiator: lin.xiao\n    post: seal_keeper"));
}

#[test]
fn people_are_named_by_address_login_number_or_name() {
    for login in ["lin.xiao", "linxiao", "QL0021", "林晓"] {
        assert_eq!(said("initiator: lin.xiao", &format!("initiator: {login}")), "", "{login}");
    }
}

#[test]
fn who_is_waited_for_is_compared_too() {
    let route =
        "        - by_amount: small\n        - pay: xie.xiaoyu\n        - inform: zhao.qing\n      ends: completed\n";
    let waiting = |who| {
        format!(
            "        - by_amount: small\n        - pay: xie.xiaoyu\n      ends: running\n      waits_for: {who}\n    then: [{{ by: luo.dan, do: approve }}]\n"
        )
    };
    assert_eq!(said(route, &waiting("xie.xiaoyu")), "");
    expect!["It should wait for he.xin, but waits for xie.xiaoyu."].assert_eq(&said(route, &waiting("he.xin")));
}

// proves: FLOW-06, FLOW-15
#[test]
fn votes_are_played_like_any_other_deed() {
    let who = "who: [superior, { post: accountant }, { post: hr_manager }]";
    let settings = "quorum: { at_least: 2 }\n    vote: { abstain: true }\n    opinions: after";
    let text = SOUND.replacen("who: { post: accountant }", &format!("{who}\n    {settings}"), 1);
    let play = |then: &str, route: &str, ends: &str| {
        let (head, _) = text.split_at(text.find("        - check: luo.dan").unwrap());
        let head = head.replace("    expect:", &format!("    then: [{then}]\n    expect:"));
        let text = format!("{head}        - check: [zhao.qing, luo.dan, xu.jing]\n{route}      ends: {ends}\n");
        let package = read(&text).unwrap_or_else(|problems| panic!("{problems:?}"));
        let results = test(&package, &House::sample());
        let failures = results.iter().flat_map(|result| &result.failures);
        failures.map(|failure| failure.in_locale(Locale::En).to_owned()).collect::<Vec<_>>().join("\n")
    };
    let on = "        - by_amount: small\n        - pay: xie.xiaoyu\n        - inform: zhao.qing\n";
    assert_eq!(play("everyone_agrees", on, "completed"), "");
    let abstain = "{ by: luo.dan, do: abstain }";
    let reject = "{ by: xu.jing, do: reject, words: 超出预算 }";
    assert_eq!(play(&format!("{abstain}, everyone_agrees"), on, "completed"), "");
    assert_eq!(play(&format!("{abstain}, {reject}"), "", "rejected"), "");
    expect!["It should end as rejected, but is running."].assert_eq(&play(reject, "", "rejected"));
}
