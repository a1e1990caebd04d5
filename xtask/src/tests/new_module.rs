use crate::commands::new_module::{Words, registered};

#[test]
fn an_entry_stands_above_the_mark() {
    let text = "crates = [\n    \"a\",\n    # new-module: registered above this line.\n]\n";
    let expected = "crates = [\n    \"a\",\n    \"b\",\n    # new-module: registered above this line.\n]\n";
    assert_eq!(registered(text, "\"b\",").as_deref(), Some(expected));
    assert_eq!(registered("crates = []\n", "\"b\","), None);
}

#[test]
fn a_name_is_a_name() {
    assert!(Words::of("notices", None).is_ok());
    for name in ["", "Notices", "../etc", "a-b", "_", "9"] {
        assert!(Words::of(name, None).is_err(), "{name}");
    }
}
