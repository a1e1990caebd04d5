mod accounts;
mod grants;
mod me;
mod set_up;

use hanlin_api::Routes;

pub(crate) fn routes() -> Routes {
    set_up::routes(me::routes(accounts::routes(grants::routes(Routes::new()))))
}
