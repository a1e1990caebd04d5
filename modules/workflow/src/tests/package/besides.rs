//! What people do besides deciding, in all its forms.

use proptest::{collection, option, prelude::*, sample::select};

use super::roundtrip::any_text;
use crate::{
    engine::{SignerPlace, case::Among},
    package::{Besides, Verb},
};

pub(super) fn any_besides(nodes: Vec<String>) -> impl Strategy<Value = Besides> {
    let verb = select(vec![
        Verb::Transfer,
        Verb::Delegate,
        Verb::Consult,
        Verb::Advise,
        Verb::AddSigner,
        Verb::RemoveSigner,
        Verb::Copy,
        Verb::TakeBack,
        Verb::Hold,
        Verb::EndHold,
        Verb::FailReview,
        Verb::Terminate,
        Verb::Jump,
        Verb::Claim,
        Verb::GiveBack,
        Verb::Suspend,
        Verb::GoOn,
        Verb::Print,
    ]);
    let place = option::of(select(vec![SignerPlace::Before, SignerPlace::Beside, SignerPlace::After]));
    let among = option::of(select(vec![Among::All, Among::Any, Among::InTurn]));
    (verb, collection::vec(any_text(), 1..3), select(nodes), place, among).prop_map(
        |(verb, people, node, place, among)| {
            let signers = verb == Verb::AddSigner;
            let names = [Verb::Transfer, Verb::Delegate, Verb::Consult, Verb::RemoveSigner, Verb::Copy];
            Besides {
                verb,
                people: if signers || names.contains(&verb) { people } else { Vec::new() },
                node: (verb == Verb::Jump).then_some(node),
                place: place.filter(|_| signers),
                among: among.filter(|_| signers),
            }
        },
    )
}
