//! To whom fields are told.

use super::{Check, desks};
use crate::{
    engine::model::{Reader, Readers},
    package::{nearest::nearest, problem::Problem},
};

impl Check<'_, '_, '_> {
    /// The nodes whose people are told a field must be there.
    pub(super) fn readers(&mut self) {
        let flow = self.flow;
        for reader in flow.settings.readers.values().flat_map(Readers::each) {
            if let Reader::Handler { node } = reader
                && !self.reader.lost_nodes
                && flow.find(node).is_none_or(|place| place.node.desk().is_none())
            {
                let mark = self.place(&format!("readers.{node}"));
                let meant = nearest(node, desks(flow));
                self.say(Problem::at(mark, "unknown_desk").with("node", node.as_str()).meant(meant));
            }
        }
    }
}
