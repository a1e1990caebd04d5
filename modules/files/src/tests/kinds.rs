use crate::kinds::{clean_name, is_shown, media_type};

#[test]
fn the_type_is_found_in_the_content() {
    let cases: [(&[u8], &str, &str); 7] = [
        (b"%PDF-1.7 ...", "x.txt", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n0000", "x.pdf", "image/png"),
        (b"\xff\xd8\xff\xe0....", "x", "image/jpeg"),
        (b"PK\x03\x04 0000", "x.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"PK\x03\x04 0000", "x.zip", "application/zip"),
        ("纯文本\n".as_bytes(), "x.html", "text/plain"),
        (b"\x00\x01\x02", "x.png", "application/octet-stream"),
    ];
    for (head, name, kind) in cases {
        assert_eq!(media_type(head, name), kind, "{name}");
    }
}

#[test]
fn a_head_that_ends_within_a_character_is_still_text() {
    let text = "汉".repeat(100);
    assert_eq!(media_type(&text.as_bytes()[..200], "x"), "text/plain");
}

#[test]
fn only_what_a_browser_does_not_run_is_shown() {
    for kind in ["text/html", "image/svg+xml", "application/xml", "text/xml", "application/javascript"] {
        assert!(!is_shown(kind), "{kind}");
    }
}

#[test]
fn a_clean_name_is_clean_already() {
    for name in ["a.txt", "说明 (1).docx", "..x", "a\u{202e}b", "dir/file"] {
        let clean = clean_name(name).unwrap();
        assert_eq!(clean_name(&clean), Some(clean.clone()), "{name}");
    }
}
