//! Steps that are signed on paper (FLOW-35).

use super::people::who;
use crate::{
    engine::Paper,
    package::reader::{Keys, Reader},
};

/// `true`, or `{ signed_by: superior }`.
pub(super) fn paper(reader: &mut Reader, keys: &mut Keys, key: &str) -> Option<Paper> {
    let tree = keys.take("paper")?;
    reader.places.put(format!("nodes.{key}.paper"), tree.at);
    if tree.scalar().is_some() {
        return reader.boolean(tree).filter(|on_paper| *on_paper).map(|_| Paper::default());
    }
    let mut keys = reader.map(tree, "paper")?;
    let signed_by = keys.need(reader, "signed_by").map(|tree| who(reader, tree)).unwrap_or_default();
    keys.finish(reader);
    Some(Paper { signed_by })
}
