mod accounts;
mod grants;
mod me;
mod reviews;
mod roles;
mod set_up;
mod why;

use hanlin_api::Routes;

use crate::department_accounts;

pub(crate) fn routes() -> Routes {
    let rights = why::routes(grants::routes(roles::routes(department_accounts::routes(Routes::new()))));
    set_up::routes(me::routes(reviews::routes(accounts::routes(rights))))
}
