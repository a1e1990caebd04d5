use axum::{handler::Handler, routing::MethodRouter};
use hanlin_kernel::{Error, Permission, Result};
use utoipa::{
    __dev::SchemaReferences,
    openapi::{RefOr, Schema, path::PathItem},
};
use utoipa_axum::PathItemExt;

use crate::{app::Shared, auth::Session};

/// Who may come through the door of an operation. What he may see and do inside, finders and policies decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Everybody, also who is not signed in.
    Anyone,
    /// Whoever is signed in, also with the initial password that must be changed.
    Opening,
    /// Whoever of the organisation is signed in: the operation shows or changes only what is his.
    SignedIn,
    /// Whoever is signed in, people of external organisations too (ORG-24). Every other door but [`Guard::Opening`] and
    /// [`Guard::Anyone`] is shut to them.
    External,
    /// Whoever holds this permission, over anything.
    Can(Permission),
}

impl Guard {
    pub(crate) fn check(self, session: Option<&Session>) -> Result<()> {
        let session = match (self, session) {
            (Self::Anyone, _) => return Ok(()),
            (_, None) => return Err(Error::SignedOut),
            (Self::Opening, Some(_)) => return Ok(()),
            (_, Some(session)) => session,
        };
        if session.must_change_password {
            return Err(Error::Forbidden("access.must_change_password".into()));
        }
        match self {
            Self::External => Ok(()),
            _ if session.actor.external => Err(Error::Forbidden("access.external".into())),
            Self::Can(permission) => session.actor.require(permission),
            _ => Ok(()),
        }
    }

    /// As it stands in the OpenAPI document (`x-guard`) and in the permission matrix.
    pub fn name(self) -> String {
        match self {
            Self::Anyone => "anyone".into(),
            Self::Opening => "opening".into(),
            Self::SignedIn => "signed_in".into(),
            Self::External => "external".into(),
            Self::Can(permission) => permission.to_string(),
        }
    }
}

/// One operation: its place in the document and its handler.
pub struct Operation {
    pub(crate) path: String,
    pub(crate) describe: fn() -> Described,
    pub(crate) router: MethodRouter<Shared>,
}

/// What the document says of an operation. Made when the document is: the trees of all operations are large, and hardly
/// ever asked for.
pub(crate) struct Described {
    pub item: PathItem,
    pub schemas: Vec<(String, RefOr<Schema>)>,
}

impl Described {
    fn of<P: utoipa::Path + SchemaReferences>() -> Self {
        let mut schemas = Vec::new();
        P::schemas(&mut schemas);
        Self { item: PathItem::from_http_methods(P::methods(), P::operation()), schemas }
    }
}

impl Operation {
    /// What [`routes!`](crate::routes) calls with the handler and what `#[utoipa::path]` made of it.
    pub fn of<P, H, T>(handler: H) -> Self
    where
        P: utoipa::Path + SchemaReferences,
        H: Handler<T, Shared>,
        T: 'static,
    {
        let router = P::methods()
            .iter()
            .fold(MethodRouter::new(), |router, method| router.on(method.to_method_filter(), handler.clone()));
        Self { path: P::path(), describe: Described::of::<P>, router }
    }
}

/// `routes!(list_documents, create_document)`: handlers of this module, each with its `#[utoipa::path]`.
#[macro_export]
macro_rules! routes {
    ($($handler:ident),+ $(,)?) => {
        $crate::__paste! { vec![$($crate::Operation::of::<[<__path_ $handler>], _, _>($handler)),+] }
    };
}

/// The operations of a module, each behind its guard.
#[derive(Default)]
pub struct Routes {
    pub(crate) operations: Vec<(Guard, Operation)>,
}

impl Routes {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn anyone(self, operations: Vec<Operation>) -> Self {
        self.guarded(Guard::Anyone, operations)
    }

    pub fn opening(self, operations: Vec<Operation>) -> Self {
        self.guarded(Guard::Opening, operations)
    }

    pub fn signed_in(self, operations: Vec<Operation>) -> Self {
        self.guarded(Guard::SignedIn, operations)
    }

    /// Open to people of external organisations as well: what is shown or changed behind it is their own, or what they
    /// take part in.
    pub fn external(self, operations: Vec<Operation>) -> Self {
        self.guarded(Guard::External, operations)
    }

    pub fn can(self, permission: Permission, operations: Vec<Operation>) -> Self {
        self.guarded(Guard::Can(permission), operations)
    }

    fn guarded(mut self, guard: Guard, operations: Vec<Operation>) -> Self {
        self.operations.extend(operations.into_iter().map(|operation| (guard, operation)));
        self
    }
}
