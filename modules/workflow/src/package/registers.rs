//! Are the registers that a form names there, and do they have what it shows and fills from them?

use hanlin_forms::form::{Field, FieldType, Form, Register, takes};

use super::{Installation, nearest::nearest, problem::Problem, reader::Reader, words};

pub(super) fn check(reader: &mut Reader, form: &Form, installation: &Installation) {
    let Some(known) = &installation.registers else { return };
    for field in form.fields.iter().filter(|field| field.kind == FieldType::Record) {
        let Some(of) = &field.of else { continue };
        match known.iter().find(|(register, _)| register == of) {
            Some((_, theirs)) => {
                shown(reader, field, of, theirs);
                filled(reader, form, field, of, theirs);
            }
            None => unknown(reader, field, of, known.iter().map(|(register, _)| register)),
        }
    }
}

fn name_of(register: &Register) -> &str {
    match register {
        Register::Flow(name) | Register::Kind(name) => name,
    }
}

/// It may be imported later: until then nothing can be chosen.
fn unknown<'k>(reader: &mut Reader, field: &Field, of: &Register, known: impl Iterator<Item = &'k Register>) {
    let alike = known.filter(|other| std::mem::discriminant(*other) == std::mem::discriminant(of)).map(name_of);
    let meant = nearest(name_of(of), alike);
    let mark = reader.places.of(&format!("fields.{}.of", field.id));
    reader.problems.push(Problem::warning(mark, "register_unknown").with("register", name_of(of)).meant(meant));
}

fn shown(reader: &mut Reader, field: &Field, of: &Register, theirs: &[Field]) {
    for name in &field.show {
        let mark = reader.places.of(&format!("fields.{}.show.{name}", field.id));
        match theirs.iter().find(|other| other.id == *name) {
            None => missing(reader, mark, of, name, theirs),
            Some(other) if !other.indexed => {
                let problem = Problem::at(mark, "register_not_indexed").with("name", name.as_str());
                reader.problems.push(problem.with("register", name_of(of)));
            }
            Some(_) => {}
        }
    }
}

fn filled(reader: &mut Reader, form: &Form, field: &Field, of: &Register, theirs: &[Field]) {
    for (own, name) in &field.fill {
        let mark = reader.places.of(&format!("fields.{}.fill.{own}", field.id));
        // That there is no such field of ours is said by the form.
        let Some(own) = form.field(own) else { continue };
        match theirs.iter().find(|other| other.id == *name) {
            None => missing(reader, mark, of, name, theirs),
            Some(other) if !takes(own, other) => {
                let kind = |kind: FieldType| words::word(words::FIELD_TYPE, &kind);
                let problem =
                    Problem::at(mark, "fill_mismatch").with("name", name.as_str()).with("field", own.id.as_str());
                reader.problems.push(problem.with("theirs", kind(other.kind)).with("ours", kind(own.kind)));
            }
            Some(_) => {}
        }
    }
}

fn missing(reader: &mut Reader, mark: super::Mark, of: &Register, name: &str, theirs: &[Field]) {
    let meant = nearest(name, theirs.iter().map(|other| other.id.as_str()));
    let problem = Problem::at(mark, "register_no_field").with("name", name).with("register", name_of(of));
    reader.problems.push(problem.meant(meant));
}
