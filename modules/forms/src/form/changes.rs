use hanlin_kernel::FieldError;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::{
    CheckedForm, Facts, Field, FieldType, Mode, Rights, Since, Values,
    cells::{merge_rows, shown_rows},
    validate::{error, unknown},
    values::is_empty,
};

/// One field that differs. Empty is null.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Change {
    pub field: String,
    #[schema(value_type = Object, nullable)]
    pub before: Json,
    #[schema(value_type = Object, nullable)]
    pub after: Json,
}

impl CheckedForm {
    /// The whole way of what somebody sends: merged within his rights, normalised, set by what changed,
    /// computed, validated.
    pub fn accept(
        &self,
        old: &Values,
        patch: &Values,
        rights: &Rights,
        mode: Mode,
        facts: Facts,
    ) -> Result<Values, Vec<FieldError>> {
        let merged = self.merge(old, patch, rights)?;
        let since = Since { before: self.known_before(old), sent: patch };
        let values = self.follow(&self.normalise(&merged), since, facts);
        let errors = self.validate(&values, rights, mode, facts);
        if errors.is_empty() { Ok(values) } else { Err(errors) }
    }

    /// Puts what was sent over what is kept; null takes a value away, what was not sent stays.
    /// A field that he may not write is refused (`forms.not_writable`), unless he sends back what he was shown.
    pub fn merge(&self, old: &Values, patch: &Values, rights: &Rights) -> Result<Values, Vec<FieldError>> {
        let mut errors = unknown(self.form(), patch);
        let mut merged = old.clone();
        for field in &self.form().fields {
            let Some(sent) = patch.get(&field.id) else { continue };
            let kept = old.get(&field.id);
            let shown = kept.map(|kept| shown_rows(field, kept, rights));
            if same(Some(sent), shown.as_ref()) && rights.of(&field.id).reads() {
                continue;
            }
            let sent = match field.kind {
                FieldType::Table => merge_rows(field, kept, sent, rights),
                _ if writes(field, rights) => Ok(sent.clone()),
                _ => Err(vec![error(field, "forms.not_writable")]),
            };
            match sent {
                Ok(sent) if is_empty(Some(&sent)) => drop(merged.remove(&field.id)),
                Ok(sent) => drop(merged.insert(field.id.clone(), sent)),
                Err(wrong) => errors.extend(wrong),
            }
        }
        if errors.is_empty() { Ok(merged) } else { Err(errors) }
    }

    /// What a reader gets: nothing of fields and columns that are hidden from him, nor of fields that the form no longer
    /// has.
    pub fn redact(&self, values: &Values, rights: &Rights) -> Values {
        let shown = |(id, value): (&String, &Json)| {
            let field = self.form().field(id).filter(|_| rights.of(id).reads())?;
            Some((id.clone(), shown_rows(field, value, rights)))
        };
        values.iter().filter_map(shown).collect()
    }

    /// What changed, in the order of the form.
    pub fn diff(&self, old: &Values, new: &Values) -> Vec<Change> {
        let of = |values: &Values, field: &Field| values.get(&field.id).cloned().unwrap_or(Json::Null);
        let changed = self.form().fields.iter().filter(|field| !same(old.get(&field.id), new.get(&field.id)));
        changed.map(|field| Change { field: field.id.clone(), before: of(old, field), after: of(new, field) }).collect()
    }
}

/// Nobody writes what fills itself.
fn writes(field: &Field, rights: &Rights) -> bool {
    !field.fills_itself() && rights.of(&field.id).writes()
}

pub(super) fn same(left: Option<&Json>, right: Option<&Json>) -> bool {
    is_empty(left) && is_empty(right) || left == right
}
