use hanlin_kernel::{Actor, Audience, Error, Id, PersonId, Result};
use hanlin_store::Tx;

use crate::{
    channel,
    model::{Notice, Notification},
    store,
};

/// Tells these people, each once, in this unit. The one who acts is not told of his own act.
pub fn tell(tx: &mut Tx, people: &[PersonId], notice: &Notice) -> Result<()> {
    let acting = tx.context().person;
    let others: Vec<PersonId> = people.iter().copied().filter(|person| Some(*person) != acting).collect();
    remind(tx, &others, notice)
}

/// Tells people of what came of something later, also who set it off: a timer of his ran, he himself did nothing now.
pub fn remind(tx: &mut Tx, people: &[PersonId], notice: &Notice) -> Result<()> {
    let at = tx.now();
    let mut told: Vec<PersonId> = Vec::new();
    for person in people {
        if told.contains(person) {
            continue;
        }
        told.push(*person);
        let Notice { code, args, link } = notice.clone();
        let notification = Notification { id: Id::new(), person: *person, code, args, link, at, read_at: None };
        store::insert(tx, &notification)?;
        channel::queue(tx, &notification)?;
    }
    if !told.is_empty() {
        tx.announce("notify.told", "notify/notification/*", Audience::People(told));
    }
    Ok(())
}

/// How many this person has not read.
pub fn count_unread(tx: &mut Tx, person: PersonId) -> Result<u64> {
    store::count_unread(tx, person)
}

/// Reads all that leads to this page: he has opened it.
pub fn read_about(tx: &mut Tx, person: PersonId, link: &str) -> Result<()> {
    if store::read_link(tx, person, link)? > 0 {
        announce_read(tx, person);
    }
    Ok(())
}

pub(crate) fn read(tx: &mut Tx, actor: &Actor, id: Id<Notification>) -> Result<()> {
    if store::read(tx, actor.principal(), id)? == 0 {
        return Err(Error::NotFound);
    }
    announce_read(tx, actor.principal());
    Ok(())
}

pub(crate) fn read_all(tx: &mut Tx, actor: &Actor) -> Result<()> {
    store::read_all(tx, actor.principal())?;
    announce_read(tx, actor.principal());
    Ok(())
}

/// His other windows and devices count down too (MOB-04).
fn announce_read(tx: &mut Tx, person: PersonId) {
    tx.announce("notify.read", "notify/notification/*", Audience::People(vec![person]));
}
