//! 核决权限: who must approve what, as a table beside the route and not in it (FLOW-20).

use std::collections::BTreeMap;

use hanlin_kernel::Text;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    case::{Case, Values},
    desk::PeopleRules,
    facts::Why,
    form::{self, Answer},
    model::{Expr, FieldId, Flow, Key},
    people::{Found, Pending},
    walk::Run,
    who::{Rule, Who},
};

/// Tables by their keys.
pub type Authorities = BTreeMap<Key, Vec<Authority>>;

/// A row: the first of its table that is in force and whose condition is true decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// What it is about, as people read it: which matter, up to which amount.
    pub name: Text,
    /// Absent: whatever the rows before it leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Expr>,
    pub who: Who,
    /// In force from this day on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// In force to this day, which is included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
}

impl Authority {
    fn is_in_force(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

impl Flow {
    /// The conditions of all tables, each by the key of its table and its row.
    pub(crate) fn authority_conditions(&self) -> impl Iterator<Item = ((Key, Key), &Expr)> {
        let tables = self.settings.authority.iter();
        tables.flat_map(|(table, rows)| {
            rows.iter().enumerate().filter_map(|(row, authority)| Some((place(table, row), authority.when.as_ref()?)))
        })
    }

    /// The rules by which people are found there, with those in others and in the tables that they name.
    pub fn rules<'f>(&'f self, who: &'f Who) -> Vec<&'f Rule> {
        let each = who.0.iter().flat_map(Rule::each);
        each.flat_map(|rule| match rule {
            Rule::Authority { table } => {
                let rows = self.settings.authority.get(table).into_iter().flatten();
                let rules = rows.flat_map(|row| &row.who.0).flat_map(Rule::each);
                rules.filter(|rule| !matches!(rule, Rule::Authority { .. })).collect()
            }
            other => vec![other],
        })
        .collect()
    }
}

/// How a row is found among the conditions of a flow. No node has such a key.
pub(crate) fn place(table: &str, row: usize) -> (Key, Key) {
    (format!("authority.{table}"), row.to_string())
}

impl<'a> Run<'a> {
    /// The row that decides; or in a prediction the fields that it depends on.
    fn row_of(&self, table: &str, case: &Case) -> Result<Option<&'a Authority>, Pending> {
        let undecided = |field: &str| self.is_undecided(field);
        let rows = self.flow.settings.authority.get(table).into_iter().flatten().enumerate();
        for (index, row) in rows.filter(|(_, row)| row.is_in_force(self.facts.day_of(self.facts.now()))) {
            if row.when.is_none() {
                return Ok(Some(row));
            }
            let (table, number) = place(table, index);
            let Some(condition) = self.checked.condition(&table, &number) else { continue };
            match form::condition(self.checked, case, condition, &undecided, &mut Values::new()) {
                Answer::True => return Ok(Some(row)),
                Answer::NotTrue => {}
                Answer::DependsOn(fields) => return Err(Pending { fields, ..Pending::default() }),
            }
        }
        Ok(None)
    }

    pub(crate) fn admit_by_authority(&self, found: &mut Found, node: &str, table: &str, rules: PeopleRules) {
        let row = match self.row_of(table, &self.case) {
            Ok(Some(row)) => row,
            Ok(None) => return,
            Err(pending) => return found.waits_for(pending),
        };
        // A table that names a table would have no end; the check of packages refuses it.
        let plain = |rule: &&Rule| !rule.each().iter().any(|inner| matches!(inner, Rule::Authority { .. }));
        let who = Who(row.who.0.iter().filter(plain).cloned().collect());
        let Found { chosen, left_out, pending } = self.people(node, &who, rules);
        if let Some(pending) = pending {
            found.waits_for(pending);
        }
        found.left_out.extend(left_out);
        for mut one in chosen {
            if !found.chosen.iter().any(|other| other.person == one.person) {
                one.why.push(Why::ByAuthority { matter: row.name.clone() });
                found.chosen.push(one);
            }
        }
    }

    /// A field by which the table now says another row than with those values.
    pub(crate) fn other_authority(&self, table: &str, then: &Values) -> Option<FieldId> {
        let before = Case { values: then.clone(), ..self.case.clone() };
        let rows = [self.row_of(table, &before), self.row_of(table, &self.case)];
        let [Ok(before), Ok(now)] = rows else { return None };
        if before == now {
            return None;
        }
        let conditions = (0..self.flow.settings.authority.get(table)?.len()).filter_map(|row| {
            let (table, row) = place(table, row);
            self.checked.condition(&table, &row)
        });
        let form = self.checked.form().form();
        let mut fields =
            conditions.flat_map(|condition| condition.depends_on()).filter_map(|path| form.field_of_path(path));
        fields.find(|field| then.get(*field) != self.case.values.get(*field)).map(str::to_owned)
    }
}
