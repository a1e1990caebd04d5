use hanlin_kernel::{Id, Page, PageRequest, PersonId, Result};
use hanlin_store::{Json, Leaving, Tx, from_row, params};

use crate::model::Notification;

from_row!(Notification { id, person, code, args: json, link, at, read_at });

pub(crate) fn insert(tx: &mut Tx, notification: &Notification) -> Result<()> {
    let Notification { id, person, code, args, link, at, .. } = notification;
    tx.queue(
        "insert into notify_notification (id, person, code, args, link, at) values ($1, $2, $3, $4, $5, $6)",
        params![id, person, code, Json(args), link, at],
    )
}

/// Newest first.
pub(crate) fn list_for(tx: &mut Tx, person: PersonId, unread: bool, page: &PageRequest) -> Result<Page<Notification>> {
    let limit = page.limit();
    let rows = tx.all(
        "select * from notify_notification where person = $1 and (cast($2 as text) is null or id < $2) \
         and (not $3 or read_at is null) order by id desc limit $4",
        params![person, page.after, unread, limit + 1],
    )?;
    Ok(Page::of(rows, limit, |notification: &Notification| notification.id.to_string()))
}

/// Counted as far as 1,000: so many or more.
pub(crate) fn count_unread(tx: &mut Tx, person: PersonId) -> Result<u64> {
    tx.scalar(
        "select count(*) from (select 1 from notify_notification where person = $1 and read_at is null limit 1000) as n",
        params![person],
    )
}

pub(crate) fn read(tx: &mut Tx, person: PersonId, id: Id<Notification>) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        "update notify_notification set read_at = coalesce(read_at, $3) where id = $2 and person = $1",
        params![person, id, now],
    )
}

pub(crate) fn read_all(tx: &mut Tx, person: PersonId) -> Result<u64> {
    let now = tx.now();
    tx.exec("update notify_notification set read_at = $2 where person = $1 and read_at is null", params![person, now])
}

pub(crate) fn read_link(tx: &mut Tx, person: PersonId, link: &str) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        "update notify_notification set read_at = $3 where person = $1 and link = $2 and read_at is null",
        params![person, link, now],
    )
}

pub(crate) fn wants(tx: &mut Tx, person: PersonId, channel: &str, code: &str) -> Result<Option<bool>> {
    tx.maybe_scalar(
        "select wanted from notify_preference where person = $1 and channel = $2 and code = $3",
        params![person, channel, code],
    )
}

pub(crate) fn set_preference(tx: &mut Tx, person: PersonId, channel: &str, code: &str, wanted: bool) -> Result<u64> {
    tx.exec(
        "insert into notify_preference (person, channel, code, wanted) values ($1, $2, $3, $4) \
         on conflict (person, channel, code) do update set wanted = excluded.wanted",
        params![person, channel, code, wanted],
    )
}

/// Takes out what those who go were told, and what others were told of what goes with them.
pub(crate) fn forget(tx: &mut Tx, leaving: &mut Leaving) -> Result<()> {
    let mut told: Vec<Id<Notification>> = Leaving::find(tx, "notify_notification", "person", &leaving.people)?;
    told.extend(Leaving::find::<Id<Notification>>(tx, "notify_notification", "link", &leaving.pages)?);
    Leaving::delete(tx, "notify_notification", "id", &told)?;
    Leaving::delete(tx, "notify_preference", "person", &leaving.people)?;
    leaving.note("notifications", &told);
    Ok(())
}
