//! What a file is, found in its content, and how a browser may be given it.

/// The media type of content that begins like this. The name decides only between office formats, which are all zip.
pub(crate) fn media_type(head: &[u8], name: &str) -> &'static str {
    let found = infer::get(head).map(|kind| kind.mime_type());
    match found {
        Some("application/zip") | Some("application/x-ole-storage") => office(name).or(found).unwrap_or(BINARY),
        Some("text/html") | Some("text/xml") => "text/plain",
        Some(kind) => kind,
        None if looks_like_text(head) => "text/plain",
        None => BINARY,
    }
}

const BINARY: &str = "application/octet-stream";

fn office(name: &str) -> Option<&'static str> {
    let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
    Some(match ending.as_str() {
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "doc" => "application/msword",
        "xls" => "application/vnd.ms-excel",
        "ppt" => "application/vnd.ms-powerpoint",
        "ofd" => "application/ofd",
        _ => return None,
    })
}

/// Text of any kind is plain text: what calls itself HTML, SVG or XML is not run.
fn looks_like_text(head: &[u8]) -> bool {
    let cut = head.len().saturating_sub(3);
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The head may end within a character.
        Err(error) if error.valid_up_to() >= cut => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or(""),
        Err(_) => return false,
    };
    !head.is_empty() && !text.chars().any(|character| character.is_control() && !character.is_whitespace())
}

/// Whether a browser may show it in place. Everything else is a download.
pub(crate) fn is_shown(media_type: &str) -> bool {
    matches!(
        media_type,
        "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/bmp" | "application/pdf" | "text/plain"
    )
}

/// A name without what file systems and headers choke on.
pub(crate) fn clean_name(name: &str) -> Option<String> {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = base.chars().filter(|character| !character.is_control() && !bidi(*character)).collect();
    let clean = clean.trim().trim_end_matches('.').trim();
    let fits = !clean.is_empty() && clean != "." && clean != ".." && clean.chars().count() <= 200;
    fits.then(|| clean.to_owned())
}

/// Marks that turn the direction of writing hide what a file really is (a program whose name seems to end in `.jpg`).
fn bidi(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}')
}
