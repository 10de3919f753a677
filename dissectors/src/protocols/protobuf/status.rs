//! How a call of gRPC went, with what its server adds: a `google.rpc.Status`, in base64 behind the
//! name `grpc-status-details-bin`.
//!
//! ```text
//!   Status   1 code   2 message   3 details, as many as one likes:
//!   Any        1 type.googleapis.com/google.rpc.BadRequest   2 a message of that type
//! ```
//!
//! There is no RFC: codes stand in "Status codes and their use in gRPC" of its project, the rest in
//! google/rpc/status.proto and google/rpc/error_details.proto. A detail of a type that does not
//! stand there keeps the name of its type, and what it holds is guessed.

use std::sync::{Arc, LazyLock};

use data_encoding::BASE64_NOPAD;

use super::wire::{Held, any, entries, is_message, told as words};
use crate::bytes::Lossy;
use crate::field::{FieldId, Reading, Value};
use crate::schema::{Field, FieldType, MessageType, Schema, Typed};
use crate::sink::{Severity, Sink};
use crate::span::Span;
use crate::telling::sentence;

/// The name under which a head or trailers hold it.
pub(in crate::protocols) const DETAILS: &[u8] = b"grpc-status-details-bin";

/// The codes by number.
const CODES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// Details that are told, fields of each, and letters of a message.
const MAX_TOLD: (usize, usize, usize) = (3, 4, 80);

/// The number of a status, then its details; other fields of its message are nobody's.
const CODE: u32 = 1;
const MESSAGE: u32 = 2;
const DETAIL: u32 = 3;

/// What a field holds, in the words of the files above.
#[derive(Clone, Copy)]
enum Is {
    Text,
    Bytes,
    Int,
    Code,
    /// A message of that name.
    Of(&'static str),
}

/// A type: its name, and its fields by number, from 1 on without a gap.
type Described = (&'static str, &'static [(&'static str, Is)]);

/// What is known of a status, and of what stands in one.
const TYPES: &[Described] = &[
    (
        "google.rpc.Status",
        &[("code", Is::Code), ("message", Is::Text), ("details", Is::Of("google.protobuf.Any"))],
    ),
    ("google.protobuf.Any", &[("type_url", Is::Text), ("value", Is::Bytes)]),
    ("google.protobuf.Duration", &[("seconds", Is::Int), ("nanos", Is::Int)]),
    ("google.rpc.RetryInfo", &[("retry_delay", Is::Of("google.protobuf.Duration"))]),
    ("google.rpc.DebugInfo", &[("stack_entries", Is::Text), ("detail", Is::Text)]),
    ("google.rpc.QuotaFailure", &[("violations", Is::Of("google.rpc.QuotaFailure.Violation"))]),
    (
        "google.rpc.QuotaFailure.Violation",
        &[
            ("subject", Is::Text),
            ("description", Is::Text),
            ("api_service", Is::Text),
            ("quota_metric", Is::Text),
            ("quota_id", Is::Text),
            ("quota_dimensions", Is::Of(ENTRY)),
            ("quota_value", Is::Int),
            ("future_quota_value", Is::Int),
        ],
    ),
    (
        "google.rpc.ErrorInfo",
        &[("reason", Is::Text), ("domain", Is::Text), ("metadata", Is::Of(ENTRY))],
    ),
    (ENTRY, &[("key", Is::Text), ("value", Is::Text)]),
    (
        "google.rpc.PreconditionFailure",
        &[("violations", Is::Of("google.rpc.PreconditionFailure.Violation"))],
    ),
    (
        "google.rpc.PreconditionFailure.Violation",
        &[("type", Is::Text), ("subject", Is::Text), ("description", Is::Text)],
    ),
    (
        "google.rpc.BadRequest",
        &[("field_violations", Is::Of("google.rpc.BadRequest.FieldViolation"))],
    ),
    (
        "google.rpc.BadRequest.FieldViolation",
        &[
            ("field", Is::Text),
            ("description", Is::Text),
            ("reason", Is::Text),
            ("localized_message", Is::Of("google.rpc.LocalizedMessage")),
        ],
    ),
    ("google.rpc.RequestInfo", &[("request_id", Is::Text), ("serving_data", Is::Text)]),
    (
        "google.rpc.ResourceInfo",
        &[
            ("resource_type", Is::Text),
            ("resource_name", Is::Text),
            ("owner", Is::Text),
            ("description", Is::Text),
        ],
    ),
    ("google.rpc.Help", &[("links", Is::Of("google.rpc.Help.Link"))]),
    ("google.rpc.Help.Link", &[("description", Is::Text), ("url", Is::Text)]),
    ("google.rpc.LocalizedMessage", &[("locale", Is::Text), ("message", Is::Text)]),
];

/// How a map of texts is written: as a list of these.
const ENTRY: &str = "map<string, string>";

/// The same as a schema; the first type is that of a status.
static STATUS: LazyLock<Arc<Schema>> = LazyLock::new(|| {
    let number = |name: &str| TYPES.iter().position(|(known, _)| *known == name).unwrap_or(0);
    let holds = |is: Is| match is {
        Is::Text => FieldType::Text,
        Is::Bytes => FieldType::Bytes,
        Is::Int => FieldType::Int,
        Is::Code => {
            FieldType::Enum((0..).zip(CODES).map(|(code, name)| (code, name.into())).collect())
        }
        Is::Of(name) => FieldType::Message(number(name)),
    };
    let messages = TYPES.iter().map(|(name, fields)| {
        let fields = (1..).zip(*fields);
        let fields = fields.map(|(number, (name, is))| Field {
            number,
            name: (*name).into(),
            holds: holds(*is),
        });
        MessageType { name: (*name).into(), fields: fields.collect() }
    });
    Arc::new(Schema { messages: messages.collect(), ..Schema::default() })
});

/// What a code of gRPC is called.
pub(in crate::protocols) fn code(value: &[u8]) -> Option<&'static str> {
    let number: usize = std::str::from_utf8(value).ok()?.parse().ok()?;
    CODES.get(number).copied()
}

/// The bytes that a value stands for; whoever writes one may leave the padding out.
fn decoded(value: &[u8]) -> Option<Vec<u8>> {
    let end = value.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
    let bytes = BASE64_NOPAD.decode(value.get(..end)?).ok()?;
    is_message(&bytes).then_some(bytes)
}

/// Describes a value that lies at a place.
pub(in crate::protocols) fn describe(value: &[u8], place: Span, sink: &mut dyn Sink) {
    let Some(bytes) = decoded(value) else {
        let text = "The details hold no message in base64, as a name that ends in -bin promises";
        return sink.note(Severity::Broken, place, format_args!("{text}"));
    };
    let Some(typed) = Typed::of(&STATUS, 0) else { return };
    super::describe((&bytes, Span::NONE), Some(&typed), 0, &mut At { sink, place });
}

/// What a value adds to a code, in a sentence; `None` if it adds nothing.
pub(in crate::protocols) fn told(value: &[u8]) -> Option<String> {
    let bytes = decoded(value)?;
    let of = |number| entries(&bytes).filter(move |entry| entry.number == number);
    let mut said = Vec::new();
    for code in of(CODE) {
        if let Held::Varint(number) = code.held {
            let name = usize::try_from(number).ok().and_then(|number| CODES.get(number));
            said.push(name.map_or_else(|| number.to_string(), |name| (*name).to_owned()));
        }
    }
    for message in of(MESSAGE) {
        if let Held::Bytes(text) = message.held {
            let text = Lossy(text).to_string();
            let dots = if text.chars().count() > MAX_TOLD.2 { "…" } else { "" };
            let text: String = text.chars().take(MAX_TOLD.2).collect();
            said.push(format!("“{text}{dots}”"));
        }
    }
    let mut details = Vec::new();
    let mut all = 0;
    for entry in of(DETAIL) {
        let Held::Bytes(bytes) = entry.held else { continue };
        let Some((name, held)) = any(bytes) else { continue };
        if all < MAX_TOLD.0 {
            details.push(detail(name, held));
        }
        all += 1;
    }
    let first = Some(said.join(", ")).filter(|said| !said.is_empty());
    let more = (all > MAX_TOLD.0).then(|| format!("{} more", all - MAX_TOLD.0));
    let parts: Vec<String> = first.into_iter().chain(details).chain(more).collect();
    (!parts.is_empty()).then(|| sentence(&format!("Its details say {}", parts.join("; "))))
}

/// One detail: the last part of its type's name, and what it holds.
fn detail(name: &str, held: &[u8]) -> String {
    let typed = Typed::of(&STATUS, 0).and_then(|typed| typed.named(name));
    let is_known = typed.is_some();
    let fields = words(held, typed.as_ref(), MAX_TOLD.1);
    let short = name.strip_prefix("google.rpc.").filter(|_| is_known).unwrap_or(name);
    match fields {
        Some(fields) if is_known => format!("{short}: {fields}"),
        Some(fields) => format!("{short}, of which only numbers are known: {fields}"),
        None => short.to_owned(),
    }
}

/// Hears all of a walk at one place: where bytes that a text stands for were read from.
struct At<'s> {
    sink: &'s mut dyn Sink,
    place: Span,
}

impl Sink for At<'_> {
    fn wants(&self, field: FieldId) -> bool {
        self.sink.wants(field)
    }

    fn is_done(&self) -> bool {
        self.sink.is_done()
    }

    fn field(&mut self, field: FieldId, value: Value<'_>, _span: Span) {
        // What promises that its bytes stand at its place cannot be told: these were worked out.
        if field.def().reading == Reading::Computed {
            self.sink.field(field, value, self.place);
        }
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, _span: Span) {
        self.sink.open(field, value, self.place);
    }

    fn close(&mut self) {
        self.sink.close();
    }

    fn note(&mut self, severity: Severity, _span: Span, text: std::fmt::Arguments<'_>) {
        self.sink.note(severity, self.place, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field with a length: texts and messages.
    fn field(number: u8, held: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, held.len() as u8][..], held].concat()
    }

    fn detail(name: &str, held: &[u8]) -> Vec<u8> {
        let address = format!("type.googleapis.com/{name}");
        field(3, &[field(1, address.as_bytes()), field(2, held)].concat())
    }

    #[track_caller]
    fn check(status: &[Vec<u8>], expected: &str) {
        let coded = BASE64_NOPAD.encode(&status.concat());
        assert_eq!(told(coded.as_bytes()).as_deref(), Some(expected));
    }

    #[test]
    fn details_are_told_by_their_types() {
        let head = [vec![0x08, 5], field(2, b"no such city")];
        check(&head, "Its details say NOT_FOUND, “no such city”.");
        let violation = field(1, &[field(1, b"city"), field(2, b"is empty")].concat());
        let bad = detail("google.rpc.BadRequest", &violation);
        let retry = detail("google.rpc.RetryInfo", &field(1, &[0x08, 3]));
        let info = [
            field(1, b"GONE"),
            field(2, b"a.example"),
            field(3, &[field(1, b"k"), field(2, b"v")].concat()),
        ];
        let info = detail("google.rpc.ErrorInfo", &info.concat());
        check(
            &[vec![0x08, 3], bad, retry, info.clone(), info],
            "Its details say INVALID_ARGUMENT; BadRequest: field_violations {field “city”, \
             description “is empty”}; RetryInfo: retry_delay {seconds 3}; ErrorInfo: reason “GONE”, \
             domain “a.example”, metadata {key “k”, value “v”}; 1 more.",
        );
    }

    #[test]
    fn details_of_unknown_types_keep_their_names_and_are_guessed() {
        check(
            &[vec![0x08, 99], detail("shop.Refusal", &field(1, b"closed"))],
            "Its details say 99; shop.Refusal, of which only numbers are known: 1: “closed”.",
        );
        check(&[detail("shop.Refusal", b"")], "Its details say shop.Refusal.");
    }

    #[test]
    fn what_is_no_status_is_not_told() {
        for value in [&b""[..], b"!", b"====", b"CAU=,CAU=", b"/w"] {
            assert_eq!(told(value), None, "{value:?}");
        }
        assert_eq!(told(b"CAU=").as_deref(), Some("Its details say NOT_FOUND."));
        assert_eq!((code(b"5"), code(b"17"), code(b"x")), (Some("NOT_FOUND"), None, None));
    }

    #[test]
    fn every_type_that_is_named_is_described() {
        for (_, fields) in TYPES {
            for (name, is) in *fields {
                if let Is::Of(other) = is {
                    assert!(TYPES.iter().any(|(known, _)| known == other), "{name}: {other}");
                }
            }
        }
    }
}
