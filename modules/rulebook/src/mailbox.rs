//! 单位邮箱: which mailboxes the people of a unit may give (ORG-22). One rule for whoever enters one: a form, an import, a
//! newcomer's card.

use hanlin_directory::model::Place;
use hanlin_kernel::{Error, FieldError, Result, UnitId};
use jiff::Timestamp;

use crate::{
    catalogue::PROFILE_EMAIL_DOMAINS,
    model::Mode,
    snapshot::{Found, Rules},
};

impl Rules {
    /// The mail domains of a unit; none: a mailbox anywhere will do, as for people of an external organisation, whose
    /// mailboxes are their own (ORG-24).
    pub fn mail_domains(&self, unit: Option<UnitId>, at: Timestamp) -> Found<Vec<String>> {
        match unit.filter(|unit| self.directory.is_external_place(Place::Unit(*unit))) {
            Some(_) => Found { value: Vec::new(), mode: Mode::Block, source: None },
            None => self.parameter(unit, at, &PROFILE_EMAIL_DOMAINS),
        }
    }

    /// Refuses a mailbox that is in none of the unit's domains nor below one.
    pub fn check_mailbox(&self, unit: Option<UnitId>, at: Timestamp, email: &str) -> Result<()> {
        let domains = self.mail_domains(unit, at).value;
        if is_company_mailbox(email, &domains) {
            return Ok(());
        }
        let foreign = FieldError::new("email", "rulebook.foreign_mailbox").with("domains", domains.join(", "));
        Err(Error::Invalid(vec![foreign]))
    }
}

/// Is the mailbox in one of the domains, or below one? Where none is named, anywhere.
pub fn is_company_mailbox(email: &str, domains: &[String]) -> bool {
    let host = email.rsplit('@').next().unwrap_or_default().to_lowercase();
    let within = |domain: &String| {
        let domain = domain.trim().trim_start_matches('@').to_lowercase();
        host == domain || host.strip_suffix(&domain).is_some_and(|above| above.ends_with('.'))
    };
    domains.is_empty() || domains.iter().any(within)
}
