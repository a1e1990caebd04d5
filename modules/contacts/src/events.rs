use hanlin_kernel::{Audience, PersonId};
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// These people were asked to complete their profiles.
    Chased { people: Vec<PersonId> },
}

impl hanlin_kernel::Event for Event {
    fn kind(&self) -> &'static str {
        "contacts.chased"
    }

    fn stream(&self) -> String {
        "contacts/completeness".to_owned()
    }

    /// Of those who were asked, each has his notification.
    fn audience(&self) -> Audience {
        Audience::Nobody
    }
}
