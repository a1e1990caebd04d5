use hanlin_kernel::FieldError;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::{
    CheckedForm, Facts, Field, Mode, Rights, Values,
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
    /// The whole way of what somebody sends: merged within his rights, normalised, computed, validated.
    pub fn accept(
        &self,
        old: &Values,
        patch: &Values,
        rights: &Rights,
        mode: Mode,
        facts: Facts,
    ) -> Result<Values, Vec<FieldError>> {
        let merged = self.merge(old, patch, rights)?;
        let values = self.compute(&self.normalise(&merged), facts);
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
            if writes(field, rights) {
                match is_empty(Some(sent)) {
                    true => merged.remove(&field.id),
                    false => merged.insert(field.id.clone(), sent.clone()),
                };
            } else if !rights.of(&field.id).reads() || !same(Some(sent), old.get(&field.id)) {
                errors.push(error(field, "forms.not_writable"));
            }
        }
        if errors.is_empty() { Ok(merged) } else { Err(errors) }
    }

    /// What a reader gets: nothing of fields that are hidden from him, nor of fields that the form no longer has.
    pub fn redact(&self, values: &Values, rights: &Rights) -> Values {
        let shown = |id: &String| self.form().field(id).is_some() && rights.of(id).reads();
        values.iter().filter(|(id, _)| shown(id)).map(|(id, value)| (id.clone(), value.clone())).collect()
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

fn same(left: Option<&Json>, right: Option<&Json>) -> bool {
    is_empty(left) && is_empty(right) || left == right
}
