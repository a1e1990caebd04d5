//! Cards that telephones and mail programs read: vCard 4.0, RFC 6350.

use jiff::Timestamp;

use crate::{
    model::{Person, Place},
    names,
    snapshot::Snapshot,
};

/// The longest line in octets, its end not counted (RFC 6350, 3.2).
const LONGEST_LINE: usize = 75;

/// A person in service as he is known to all: name, main appointment, how to reach him. Whoever left has no card.
pub fn card(person: &Person, snapshot: &Snapshot, at: Timestamp) -> Option<String> {
    if !snapshot.is_active(person.id, at) {
        return None;
    }
    let mut card = String::new();
    let mut line = |name: &str, value: String| fold_into(&mut card, &format!("{name}:{value}"));
    let (family, given) = names::family_and_given(&person.name);
    line("BEGIN", "VCARD".into());
    line("VERSION", "4.0".into());
    line("KIND", "individual".into());
    line("UID;VALUE=text", escape(&person.id.to_string()));
    line("FN", escape(&person.name));
    line("N", format!("{};{};;;", escape(&family), escape(&given)));
    if let Some(main) = snapshot.appointments(person.id, at).into_iter().next() {
        let unit = snapshot.unit_of(main.place, at).map(Place::Unit);
        let department = main.place.department().map(Place::Department);
        let names = [unit, department].into_iter().flatten().filter_map(|place| snapshot.name_of(place, at));
        line("ORG", names.map(|name| escape(&name.zh)).collect::<Vec<_>>().join(";"));
        if let Some(post) = snapshot.post(main.post) {
            line("TITLE", escape(&post.name.zh));
        }
    }
    for (name, value) in [
        ("TEL;TYPE=\"cell,voice\"", &person.mobile),
        ("TEL;TYPE=\"work,voice\"", &person.office_phone),
        ("EMAIL;TYPE=work", &person.email),
    ] {
        if let Some(value) = value {
            line(name, escape(value));
        }
    }
    line("END", "VCARD".into());
    Some(card)
}

/// What would end a value or a line is marked (RFC 6350, 3.4). Other control characters mean nothing in a card.
fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '\\' | ',' | ';' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            control if control.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// Long lines go on after a line break and a space, never inside a character.
fn fold_into(card: &mut String, line: &str) {
    let mut room = LONGEST_LINE;
    for letter in line.chars() {
        if letter.len_utf8() > room {
            card.push_str("\r\n ");
            room = LONGEST_LINE - 1;
        }
        card.push(letter);
        room -= letter.len_utf8();
    }
    card.push_str("\r\n");
}
