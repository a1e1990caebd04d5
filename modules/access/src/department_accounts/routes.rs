use hanlin_api::{App, IfMatch, Json, Me, Path, Reply, Routes, routes};
use hanlin_directory::{PersonName, Snapshot, model::Place};
use hanlin_kernel::{DepartmentId, PersonId, Text};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    actions::{self, ChangeDepartmentAccount, OpenDepartmentAccount},
    model::{DepartmentAccount, DepartmentAccountId, Kind},
    store,
};
use crate::policy::{self, MANAGE};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.can(
        MANAGE,
        routes!(
            list_department_accounts,
            create_department_account,
            update_department_account,
            create_department_account_end
        ),
    )
}

/// A department's account, as those who act for it see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DepartmentAccountNamed)]
pub(crate) struct AccountNamed {
    id: DepartmentAccountId,
    kind: Kind,
    name: String,
    department: DepartmentId,
    #[serde(skip_serializing_if = "Option::is_none")]
    department_name: Option<Text>,
}

impl AccountNamed {
    pub(crate) fn of(account: &DepartmentAccount, directory: &Snapshot, at: Timestamp) -> Self {
        Self {
            id: account.id,
            kind: account.kind,
            name: directory.person_name(account.person),
            department: account.department,
            department_name: directory.name_of(Place::Department(account.department), at).cloned(),
        }
    }
}

/// A department's account, as its administrators see it.
#[derive(Debug, Serialize, ToSchema)]
struct DepartmentAccountView {
    #[serde(flatten)]
    named: AccountNamed,
    /// As whom tasks, cases and grants know it.
    person: PersonName,
    with_below: bool,
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    /// Who acts for it now.
    acting: Vec<PersonName>,
    /// For `If-Match`.
    version: u64,
}

impl DepartmentAccountView {
    fn of(account: &DepartmentAccount, acting: &[store::Acting], directory: &Snapshot, at: Timestamp) -> Self {
        let mut now: Vec<PersonId> =
            acting.iter().filter(|each| each.account == account.id).map(|each| each.person).collect();
        now.sort();
        now.dedup();
        Self {
            named: AccountNamed::of(account, directory, at),
            person: PersonName::of(account.person, directory),
            with_below: account.with_below,
            opened_at: account.opened_at,
            acting: now.into_iter().map(|person| PersonName::of(person, directory)).collect(),
            version: account.version,
        }
    }
}

/// The accounts of departments in reach (ACC-03).
#[utoipa::path(get, path = "/department_accounts", responses((status = 200, body = Vec<DepartmentAccountView>)))]
async fn list_department_accounts(app: App, Me(actor): Me) -> Reply<Vec<DepartmentAccountView>> {
    app.read(move |tx| {
        let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
        let acting = store::list_acting(tx)?;
        let reached = |account: &DepartmentAccount| {
            policy::reaches_place(&actor, MANAGE, Place::Department(account.department), &directory, now)
        };
        let accounts = store::list(tx)?.into_iter().filter(reached);
        Ok(accounts.map(|account| DepartmentAccountView::of(&account, &acting, &directory, now)).collect())
    })
    .await
}

/// Open an account of a department: its head's, or one that its staff share. It has no password; who may acts for it
/// under his own sign-in.
#[utoipa::path(post, path = "/department_accounts", request_body = OpenDepartmentAccount,
    responses((status = 200, body = DepartmentAccountView)))]
async fn create_department_account(
    app: App,
    Me(actor): Me,
    Json(intent): Json<OpenDepartmentAccount>,
) -> Reply<DepartmentAccountView> {
    app.write(move |tx| {
        let account = actions::open(tx, &actor, intent.clone())?;
        let directory = hanlin_directory::snapshot(tx)?;
        Ok(DepartmentAccountView::of(&account, &[], &directory, tx.now()))
    })
    .await
}

/// Say whether the staff of the departments below may act for it too.
#[utoipa::path(put, path = "/department_accounts/{id}", request_body = ChangeDepartmentAccount,
    responses((status = 200, body = DepartmentAccountView)), params(("id" = DepartmentAccountId, Path),
    ("If-Match" = String, Header, description = "The version that was read")))]
async fn update_department_account(
    app: App,
    Me(actor): Me,
    Path(id): Path<DepartmentAccountId>,
    IfMatch(version): IfMatch,
    Json(intent): Json<ChangeDepartmentAccount>,
) -> Reply<DepartmentAccountView> {
    app.write(move |tx| {
        let account = actions::change(tx, &actor, id, version, intent)?;
        let acting = store::list_acting(tx)?;
        let directory = hanlin_directory::snapshot(tx)?;
        Ok(DepartmentAccountView::of(&account, &acting, &directory, tx.now()))
    })
    .await
}

/// Who takes over what waits at it.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct DepartmentAccountEnd {
    successor: Option<PersonId>,
}

/// End a department's account. What it did stays under its name.
#[utoipa::path(post, path = "/department_accounts/{id}/end", request_body = DepartmentAccountEnd,
    responses((status = 200)), params(("id" = DepartmentAccountId, Path),
    ("If-Match" = String, Header, description = "The version that was read")))]
async fn create_department_account_end(
    app: App,
    Me(actor): Me,
    Path(id): Path<DepartmentAccountId>,
    IfMatch(version): IfMatch,
    Json(intent): Json<DepartmentAccountEnd>,
) -> Reply<()> {
    app.write(move |tx| actions::end(tx, &actor, id, version, intent.successor)).await
}
