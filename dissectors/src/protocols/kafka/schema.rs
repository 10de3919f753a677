//! Tables of what requests and responses hold, by version: Kafka's protocol guide in short. What no
//! table tells is shown as bytes.

use super::fields as f;
use crate::field::FieldId;

/// One thing in a message.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item {
    /// A number of so many bytes.
    Number(FieldId, usize),
    /// True or false, in a byte.
    Flag(FieldId),
    /// A text, which may be null.
    Text(FieldId),
    /// Bytes, which may be null.
    Bytes(FieldId),
    /// Sixteen bytes that name a topic.
    Uuid,
    /// A list of the same.
    List(&'static [Spec]),
    /// A list of numbers of four bytes.
    Numbers(FieldId),
}

/// A thing with the versions that have it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spec {
    pub(super) since: u8,
    pub(super) until: u8,
    pub(super) item: Item,
}

const fn all(item: Item) -> Spec {
    Spec { since: 0, until: u8::MAX, item }
}

const fn since(since: u8, item: Item) -> Spec {
    Spec { since, until: u8::MAX, item }
}

const fn until(until: u8, item: Item) -> Spec {
    Spec { since: 0, until, item }
}

use Item::{Bytes, Flag, List, Number, Numbers, Text, Uuid};

const PRODUCE: &[Spec] = &[
    since(3, Text(f::TRANSACTIONAL_ID)),
    all(Number(f::REQUIRED_ACKS, 2)),
    all(Number(f::TIMEOUT, 4)),
    all(List(&[
        until(12, Text(f::TOPIC_NAME)),
        since(13, Uuid),
        all(List(&[all(Number(f::PARTITION_ID, 4)), all(Bytes(f::RECORDS))])),
    ])),
];

const PRODUCED: &[Spec] = &[
    all(List(&[
        until(12, Text(f::TOPIC_NAME)),
        since(13, Uuid),
        all(List(&[
            all(Number(f::PARTITION_ID, 4)),
            all(Number(f::ERROR, 2)),
            all(Number(f::OFFSET, 8)),
            since(2, Number(f::OFFSET_TIME, 8)),
            since(5, Number(f::LOG_START_OFFSET, 8)),
            since(8, List(&[all(Number(f::PARTITION_ID, 4)), all(Text(f::ERROR_MESSAGE))])),
            since(8, Text(f::ERROR_MESSAGE)),
        ])),
    ])),
    since(1, Number(f::THROTTLE_TIME, 4)),
];

const FETCH: &[Spec] = &[
    until(14, Number(f::REPLICA_ID, 4)),
    all(Number(f::MAX_WAIT_TIME, 4)),
    all(Number(f::MIN_BYTES, 4)),
    since(3, Number(f::MAX_BYTES, 4)),
    since(4, Number(f::ISOLATION_LEVEL, 1)),
    since(7, Number(f::SESSION_ID, 4)),
    since(7, Number(f::SESSION_EPOCH, 4)),
    all(List(&[
        until(12, Text(f::TOPIC_NAME)),
        since(13, Uuid),
        all(List(&[
            all(Number(f::PARTITION_ID, 4)),
            since(9, Number(f::LEADER_EPOCH, 4)),
            all(Number(f::OFFSET, 8)),
            since(12, Number(f::LEADER_EPOCH, 4)),
            since(5, Number(f::LOG_START_OFFSET, 8)),
            all(Number(f::MAX_BYTES, 4)),
        ])),
    ])),
];

const FETCHED: &[Spec] = &[
    since(1, Number(f::THROTTLE_TIME, 4)),
    since(7, Number(f::ERROR, 2)),
    since(7, Number(f::SESSION_ID, 4)),
    all(List(&[
        until(12, Text(f::TOPIC_NAME)),
        since(13, Uuid),
        all(List(&[
            all(Number(f::PARTITION_ID, 4)),
            all(Number(f::ERROR, 2)),
            all(Number(f::OFFSET, 8)),
            since(4, Number(f::LAST_STABLE_OFFSET, 8)),
            since(5, Number(f::LOG_START_OFFSET, 8)),
            since(4, List(&[all(Number(f::OFFSET, 8)), all(Number(f::OFFSET, 8))])),
            since(11, Number(f::REPLICA_ID, 4)),
            all(Bytes(f::RECORDS)),
        ])),
    ])),
];

const METADATA: &[Spec] =
    &[all(List(&[since(10, Uuid), all(Text(f::TOPIC_NAME))])), since(4, Flag(f::AUTO_CREATE))];

const METADATA_OF: &[Spec] = &[
    since(3, Number(f::THROTTLE_TIME, 4)),
    all(List(&[
        all(Number(f::NODE_ID, 4)),
        all(Text(f::HOST)),
        all(Number(f::PORT, 4)),
        since(1, Text(f::RACK)),
    ])),
    since(2, Text(f::CLUSTER_ID)),
    since(1, Number(f::NODE_ID, 4)),
    all(List(&[
        all(Number(f::ERROR, 2)),
        all(Text(f::TOPIC_NAME)),
        since(10, Uuid),
        since(1, Flag(f::IS_INTERNAL)),
        all(List(&[
            all(Number(f::ERROR, 2)),
            all(Number(f::PARTITION_ID, 4)),
            all(Number(f::LEADER_ID, 4)),
            since(7, Number(f::LEADER_EPOCH, 4)),
            all(Numbers(f::REPLICA_ID)),
            all(Numbers(f::ISR_ID)),
            since(5, Numbers(f::OFFLINE_ID)),
        ])),
        since(8, Number(f::NODE_ID, 4)),
    ])),
];

const VERSIONS_OF: &[Spec] = &[
    all(Number(f::ERROR, 2)),
    all(List(&[
        all(Number(f::VERSIONS_API_KEY, 2)),
        all(Number(f::VERSIONS_MIN, 2)),
        all(Number(f::VERSIONS_MAX, 2)),
    ])),
    since(1, Number(f::THROTTLE_TIME, 4)),
];

const GROUP: &[Spec] = &[all(Text(f::GROUP))];
const HEARTBEAT: &[Spec] =
    &[all(Text(f::GROUP)), all(Number(f::GENERATION_ID, 4)), all(Text(f::MEMBER_ID))];
const COORDINATOR: &[Spec] = &[until(3, Text(f::COORDINATOR_KEY))];
const COORDINATOR_OF: &[Spec] = &[
    since(1, Number(f::THROTTLE_TIME, 4)),
    until(3, Number(f::ERROR, 2)),
    Spec { since: 1, until: 3, item: Text(f::ERROR_MESSAGE) },
    until(3, Number(f::NODE_ID, 4)),
    until(3, Text(f::HOST)),
    until(3, Number(f::PORT, 4)),
];
const MECHANISM: &[Spec] = &[all(Text(f::SASL_MECHANISM))];
const MECHANISMS: &[Spec] = &[all(Number(f::ERROR, 2)), all(List(&[all(Text(f::SASL_MECHANISM))]))];
const DELAYED_ERROR: &[Spec] = &[since(1, Number(f::THROTTLE_TIME, 4)), all(Number(f::ERROR, 2))];
const ERROR: &[Spec] = &[all(Number(f::ERROR, 2))];

/// What a request of an API holds, as far as a table tells.
pub(super) const fn request(api: u8) -> &'static [Spec] {
    match api {
        0 => PRODUCE,
        1 => FETCH,
        3 => METADATA,
        8 | 9 | 11 | 13 => GROUP,
        10 => COORDINATOR,
        12 | 14 => HEARTBEAT,
        17 => MECHANISM,
        _ => &[],
    }
}

/// What a response of an API holds, as far as a table tells.
pub(super) const fn response(api: u8) -> &'static [Spec] {
    match api {
        0 => PRODUCED,
        1 => FETCHED,
        3 => METADATA_OF,
        10 => COORDINATOR_OF,
        12 | 13 => DELAYED_ERROR,
        17 => MECHANISMS,
        18 => VERSIONS_OF,
        36 => ERROR,
        _ => &[],
    }
}

/// The version of an API from which on its messages are written in the compact form, with room for
/// tags.
pub(super) const fn flexible_since(api: u8) -> u8 {
    match api {
        0 | 3 => 9,
        1 => 12,
        2 | 9 | 11 => 6,
        8 => 8,
        10 | 16 | 18 => 3,
        12..=14 | 20 => 4,
        15 | 19 => 5,
        21 | 22 | 29..=33 | 35..=37 | 42 => 2,
        23 => 4,
        17 => u8::MAX,
        24..=28 => 3,
        _ => 0,
    }
}
