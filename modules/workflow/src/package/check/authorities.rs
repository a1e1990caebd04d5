//! Tables of authorities: used, without a gap, and with rules that can stand in them (FLOW-20).

use hanlin_forms::expr::{Finding, analyse};

use super::{Check, Problem, nearest, told};
use crate::engine::{
    Node,
    model::{Authority, Rule, Who},
};

impl Check<'_, '_, '_> {
    /// Whoever uses a table uses the rules in it.
    pub(super) fn authority(&mut self, key: &str, table: &str) {
        let mark = self.place(&format!("nodes.{key}.who"));
        let Some(rows) = self.flow.settings.authority.get(table) else {
            let meant = nearest(table, self.flow.settings.authority.keys().map(String::as_str));
            self.say(Problem::at(mark, "unknown_table").with("table", table).meant(meant));
            return;
        };
        // What a row says wrongly of itself is told at its table.
        let rules = rows.iter().flat_map(|row| &row.who.0);
        let handlers = rules.filter(|rule| matches!(rule, Rule::HandlerOf { .. }));
        handlers.for_each(|rule| self.rule(key, rule));
    }

    pub(super) fn authorities(&mut self) {
        let flow = self.flow;
        for (table, rows) in flow.settings.authority.iter().filter(|(_, rows)| !rows.is_empty()) {
            let node = format!("authority.{table}");
            let mark = self.place(&format!("nodes.{node}"));
            let used = |who: &Who| who.0.iter().any(|rule| *rule == Rule::Authority { table: table.clone() });
            if !flow.nodes().into_iter().filter_map(Node::who).any(used) {
                self.say(Problem::warning(mark, "unused_table").with("table", table.as_str()));
            }
            let numbers: Vec<String> = (0..rows.len()).map(|row| row.to_string()).collect();
            let written =
                numbers.iter().zip(rows).filter_map(|(row, authority)| Some((row.as_str(), authority.when.as_ref()?)));
            let conditions = self.conditions(&node, written.collect());
            let whatever_is_left =
                rows.iter().any(|row| row.when.is_none() && row.from.is_none() && row.until.is_none());
            let all_hold_always = rows.iter().all(|row| row.from.is_none() && row.until.is_none());
            if !whatever_is_left && conditions.len() == rows.len() {
                let found = analyse(&conditions.iter().collect::<Vec<_>>(), &flow.form.env());
                match found.gap {
                    Finding::Yes { example } => {
                        self.say(Problem::warning(mark, "table_gap").with("example", told(&example)));
                    }
                    Finding::No if all_hold_always => {}
                    _ => self.say(Problem::warning(mark, "table_perhaps_gap")),
                }
            }
            for (row, authority) in rows.iter().enumerate() {
                self.authority_row(&format!("nodes.{node}.branches.{row}"), authority);
            }
        }
    }

    fn authority_row(&mut self, path: &str, row: &Authority) {
        let mark = self.place(path);
        if row.from.zip(row.until).is_some_and(|(from, until)| until < from) {
            self.say(Problem::at(mark, "never_in_force"));
        }
        let who = self.place(&format!("{path}.who"));
        for rule in &row.who.0 {
            let refused = |inner: &&Rule| inner.is_choice() || matches!(inner, Rule::Authority { .. });
            if rule.each().iter().any(refused) {
                self.say(Problem::at(who, "not_in_a_table"));
            } else if !matches!(rule, Rule::HandlerOf { .. }) {
                self.rule_at(who, "", rule);
            }
        }
    }
}
