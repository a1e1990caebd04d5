use crate::commands::licences::is_allowed;

#[test]
fn one_side_of_an_or_is_enough() {
    assert!(is_allowed("MIT OR Apache-2.0"));
    assert!(is_allowed("MIT/Apache-2.0"));
    assert!(is_allowed("GPL-3.0-only OR MIT"));
    assert!(!is_allowed("GPL-3.0-only OR AGPL-3.0-only"));
}

#[test]
fn an_and_needs_both_sides() {
    assert!(is_allowed("(MIT OR GPL-2.0) AND Unicode-3.0"));
    assert!(!is_allowed("MIT AND GPL-2.0"));
    assert!(is_allowed("Apache-2.0 WITH LLVM-exception OR MIT"));
    assert!(!is_allowed("GPL-2.0 WITH Classpath-exception-2.0"));
}

#[test]
fn what_is_no_expression_is_not_allowed() {
    for words in ["", "none stated", "MIT MIT", "(MIT", "MIT OR"] {
        assert!(!is_allowed(words), "{words}");
    }
}
