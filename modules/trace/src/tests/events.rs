use hanlin_kernel::{Event, Id};
use serde_json::{Value, json};

use crate::{LogRebuilt, Redacted, Restored};

fn sample(event: impl Event) -> (&'static str, u16, String, Value) {
    (event.kind(), event.version(), event.stream(), serde_json::to_value(&event).unwrap())
}

/// What stands in the trace for ever: a changed shape needs a new version, and this sample stays.
#[test]
fn each_event_keeps_its_shape() {
    let redacted =
        Redacted { entry: Id::fixed(7), seq: 3, reason: "依本人请求".into(), stream: "workflow/case/a".into() };
    let payload = json!({"entry": "0000000000e008000000000007", "seq": 3, "reason": "依本人请求"});
    assert_eq!(sample(redacted), ("trace.redacted", 1, "workflow/case/a".into(), payload));

    let restored = Restored { restored_to: 2, lost_until: 4, note: "硬盘故障".into() };
    let payload = json!({"restored_to": 2, "lost_until": 4, "note": "硬盘故障"});
    assert_eq!(sample(restored), ("trace.restored", 1, "trace/log/main".into(), payload));

    let rebuilt = LogRebuilt { seals: 4, note: "新节点".into() };
    let payload = json!({"seals": 4, "note": "新节点"});
    assert_eq!(sample(rebuilt), ("trace.log_rebuilt", 1, "trace/log/main".into(), payload));
}

#[test]
fn everything_the_trace_says_has_words_in_both_languages() {
    let words = hanlin_api::Words::of([crate::module().words]).unwrap();
    let codes = [
        "trace.read",
        "trace.redact",
        "trace.redacted",
        "trace.restored",
        "trace.log_rebuilt",
        "trace.already_removed",
        "trace.of_the_trace",
        "trace.reason_missing",
        "trace.reason_too_long",
        "trace.bad_cursor",
    ];
    for code in codes {
        assert!(words.knows(code), "{code}");
    }
    assert_eq!(words.one_sided(), [""; 0]);
}
