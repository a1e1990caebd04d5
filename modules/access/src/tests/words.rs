//! What this module may say, it says in both languages; what it records keeps its shape.

use hanlin_directory::cast::LIN_XIAO;
use hanlin_kernel::{Event as _, Id};
use serde_json::{Value, json};

use crate::{EndReason, Event, Refusal};

#[test]
fn every_permission_refusal_and_event_has_a_sentence() {
    let words = hanlin_api::Words::of([crate::module().words]).unwrap();
    assert_eq!(words.one_sided(), Vec::<&str>::new());
    for permission in crate::module().permissions {
        assert!(words.knows(permission.0), "{permission}");
    }
    let refusals = [
        Refusal::WrongCredentials,
        Refusal::Locked,
        Refusal::OneTimeExpired,
        Refusal::NotInService,
        Refusal::WrongPassword,
        Refusal::AlreadySetUp,
        Refusal::NotSetUp,
        Refusal::WrongSetupToken,
        Refusal::LoginTaken { login: "x".into() },
        Refusal::PersonHasAccount,
        Refusal::RoleCodeTaken { code_taken: "x".into() },
        Refusal::BuiltIn,
        Refusal::MoreThanYourself { permission: "x".into() },
        Refusal::RecipientOutOfReach,
        Refusal::RoleOfElsewhere,
        Refusal::RoleInUse,
        Refusal::ReviewedAlready,
        Refusal::LastAdministrator,
        Refusal::NotYourAppointment,
        Refusal::NotOfThisDepartment,
        Refusal::HeadsOnly,
        Refusal::DepartmentHasAccount,
        Refusal::DepartmentAccountEnded,
        Refusal::DepartmentAccountSignsNobodyIn,
    ];
    for refusal in refusals {
        let error = hanlin_kernel::Error::from(refusal);
        assert!(words.knows(error.code()), "{}", error.code());
    }
}

#[test]
fn events_keep_their_shape() {
    let event = Event::SessionEnded { session: Id::fixed(1), person: LIN_XIAO, reason: EndReason::Idle };
    let sample: Value = serde_json::to_value(&event).unwrap();
    assert_eq!(sample, json!({ "session": Id::<()>::fixed(1), "person": LIN_XIAO, "reason": "idle" }));
    assert_eq!((event.kind(), event.version()), ("access.session_ended", 1));
    assert_eq!(event.stream(), format!("access/session/{}", Id::<()>::fixed(1)));
}

#[test]
fn every_operation_stands_in_the_document_with_its_guard() {
    let document = serde_json::to_value(hanlin_api::openapi(&[crate::module()])).unwrap();
    let mut guards: Vec<String> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .map(|operation| {
            format!("{} {}", operation["operationId"].as_str().unwrap(), operation["x-guard"].as_str().unwrap())
        })
        .collect();
    guards.sort();
    let anyone: Vec<&str> = guards.iter().filter_map(|guard| guard.strip_suffix(" anyone")).collect();
    assert_eq!(anyone, ["create_session", "create_setup", "find_setup"], "nothing else is open to strangers");
    let opening: Vec<&str> = guards.iter().filter_map(|guard| guard.strip_suffix(" opening")).collect();
    assert_eq!(opening, ["create_password", "delete_session", "find_session", "update_locale"]);
    assert_eq!(guards.len(), 38);
}
