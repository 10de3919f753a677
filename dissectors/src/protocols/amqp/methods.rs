//! The methods of AMQP 0-9-1: what each is called, which one answers it, and what its arguments are
//! (the generated reference of the specification, and RabbitMQ's additions to it).

use super::fields as f;
use crate::field::FieldId;

/// One argument.
#[derive(Clone, Copy, Debug)]
pub(super) enum Argument {
    /// A number of so many bytes.
    Number(FieldId, usize),
    /// A text behind a length of one byte.
    Short(FieldId),
    /// Bytes behind a length of four.
    Long(FieldId),
    /// A table of names and values.
    Table(FieldId),
    /// Flags in one byte, each with its bit.
    Bits(&'static [(FieldId, u8)]),
}

/// What a method is to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A method of the same class answers it: one of these.
    Asks(&'static [u16]),
    /// It answers what asked for it.
    Answers,
    /// It answers, and asks the other side in turn.
    Goes(&'static [u16]),
    /// Neither.
    Alone,
}

/// A method.
#[derive(Clone, Copy, Debug)]
pub(super) struct Method {
    pub(super) class: u16,
    pub(super) number: u16,
    pub(super) name: &'static str,
    pub(super) role: Role,
    pub(super) arguments: &'static [Argument],
}

use Argument::{Bits, Long, Number, Short, Table};
use Role::{Alone, Answers, Asks, Goes};

const fn method(
    class: u16,
    number: u16,
    name: &'static str,
    role: Role,
    arguments: &'static [Argument],
) -> Method {
    Method { class, number, name, role, arguments }
}

/// Reserved since 0-9-1, and sent as zero.
const TICKET: Argument = Number(f::TICKET, 2);
const DELIVERY: Argument = Number(f::DELIVERY_TAG, 8);
const REASON: &[Argument] = &[
    Number(f::REPLY_CODE, 2),
    Short(f::REPLY_TEXT),
    Number(f::CLASS_ID, 2),
    Number(f::METHOD_ID, 2),
];
const BINDING: &[Argument] = &[
    TICKET,
    Short(f::DESTINATION),
    Short(f::SOURCE),
    Short(f::ROUTING_KEY),
    Bits(&[(f::NOWAIT, 0x01)]),
    Table(f::MORE_ARGUMENTS),
];

/// All of them.
const METHODS: &[Method] = &[
    method(
        10,
        10,
        "Connection.Start",
        Goes(&[11]),
        &[
            Number(f::VERSION_MAJOR, 1),
            Number(f::VERSION_MINOR, 1),
            Table(f::SERVER_PROPERTIES),
            Long(f::MECHANISMS),
            Long(f::LOCALES),
        ],
    ),
    method(
        10,
        11,
        "Connection.Start-Ok",
        Goes(&[20, 30]),
        &[Table(f::CLIENT_PROPERTIES), Short(f::MECHANISM), Long(f::RESPONSE), Short(f::LOCALE)],
    ),
    method(10, 20, "Connection.Secure", Goes(&[21]), &[Long(f::CHALLENGE)]),
    method(10, 21, "Connection.Secure-Ok", Goes(&[20, 30]), &[Long(f::RESPONSE)]),
    method(10, 30, "Connection.Tune", Goes(&[31]), TUNE),
    method(10, 31, "Connection.Tune-Ok", Answers, TUNE),
    method(
        10,
        40,
        "Connection.Open",
        Asks(&[41]),
        &[Short(f::VIRTUAL_HOST), Short(f::CAPABILITIES), Bits(&[(f::INSIST, 0x01)])],
    ),
    method(10, 41, "Connection.Open-Ok", Answers, &[Short(f::KNOWN_HOSTS)]),
    method(10, 50, "Connection.Close", Asks(&[51]), REASON),
    method(10, 51, "Connection.Close-Ok", Answers, &[]),
    method(10, 60, "Connection.Blocked", Alone, &[Short(f::REPLY_TEXT)]),
    method(10, 61, "Connection.Unblocked", Alone, &[]),
    method(20, 10, "Channel.Open", Asks(&[11]), &[Short(f::OUT_OF_BAND)]),
    method(20, 11, "Channel.Open-Ok", Answers, &[Long(f::CHANNEL_ID)]),
    method(20, 20, "Channel.Flow", Asks(&[21]), &[Bits(&[(f::ACTIVE, 0x01)])]),
    method(20, 21, "Channel.Flow-Ok", Answers, &[Bits(&[(f::ACTIVE, 0x01)])]),
    method(20, 40, "Channel.Close", Asks(&[41]), REASON),
    method(20, 41, "Channel.Close-Ok", Answers, &[]),
    method(
        40,
        10,
        "Exchange.Declare",
        Asks(&[11]),
        &[
            TICKET,
            Short(f::EXCHANGE),
            Short(f::EXCHANGE_TYPE),
            Bits(&[
                (f::PASSIVE, 0x01),
                (f::DURABLE, 0x02),
                (f::AUTO_DELETE, 0x04),
                (f::INTERNAL, 0x08),
                (f::NOWAIT, 0x10),
            ]),
            Table(f::MORE_ARGUMENTS),
        ],
    ),
    method(40, 11, "Exchange.Declare-Ok", Answers, &[]),
    method(
        40,
        20,
        "Exchange.Delete",
        Asks(&[21]),
        &[TICKET, Short(f::EXCHANGE), Bits(&[(f::IF_UNUSED, 0x01), (f::NOWAIT, 0x02)])],
    ),
    method(40, 21, "Exchange.Delete-Ok", Answers, &[]),
    method(40, 30, "Exchange.Bind", Asks(&[31]), BINDING),
    method(40, 31, "Exchange.Bind-Ok", Answers, &[]),
    method(40, 40, "Exchange.Unbind", Asks(&[51]), BINDING),
    method(40, 51, "Exchange.Unbind-Ok", Answers, &[]),
    method(
        50,
        10,
        "Queue.Declare",
        Asks(&[11]),
        &[
            TICKET,
            Short(f::QUEUE),
            Bits(&[
                (f::PASSIVE, 0x01),
                (f::DURABLE, 0x02),
                (f::EXCLUSIVE, 0x04),
                (f::AUTO_DELETE, 0x08),
                (f::NOWAIT, 0x10),
            ]),
            Table(f::MORE_ARGUMENTS),
        ],
    ),
    method(
        50,
        11,
        "Queue.Declare-Ok",
        Answers,
        &[Short(f::QUEUE), Number(f::MESSAGE_COUNT, 4), Number(f::CONSUMER_COUNT, 4)],
    ),
    method(
        50,
        20,
        "Queue.Bind",
        Asks(&[21]),
        &[
            TICKET,
            Short(f::QUEUE),
            Short(f::EXCHANGE),
            Short(f::ROUTING_KEY),
            Bits(&[(f::NOWAIT, 0x01)]),
            Table(f::MORE_ARGUMENTS),
        ],
    ),
    method(50, 21, "Queue.Bind-Ok", Answers, &[]),
    method(
        50,
        30,
        "Queue.Purge",
        Asks(&[31]),
        &[TICKET, Short(f::QUEUE), Bits(&[(f::NOWAIT, 0x01)])],
    ),
    method(50, 31, "Queue.Purge-Ok", Answers, &[Number(f::MESSAGE_COUNT, 4)]),
    method(
        50,
        40,
        "Queue.Delete",
        Asks(&[41]),
        &[
            TICKET,
            Short(f::QUEUE),
            Bits(&[(f::IF_UNUSED, 0x01), (f::IF_EMPTY, 0x02), (f::NOWAIT, 0x04)]),
        ],
    ),
    method(50, 41, "Queue.Delete-Ok", Answers, &[Number(f::MESSAGE_COUNT, 4)]),
    method(
        50,
        50,
        "Queue.Unbind",
        Asks(&[51]),
        &[
            TICKET,
            Short(f::QUEUE),
            Short(f::EXCHANGE),
            Short(f::ROUTING_KEY),
            Table(f::MORE_ARGUMENTS),
        ],
    ),
    method(50, 51, "Queue.Unbind-Ok", Answers, &[]),
    method(
        60,
        10,
        "Basic.Qos",
        Asks(&[11]),
        &[Number(f::PREFETCH_SIZE, 4), Number(f::PREFETCH_COUNT, 2), Bits(&[(f::GLOBAL, 0x01)])],
    ),
    method(60, 11, "Basic.Qos-Ok", Answers, &[]),
    method(
        60,
        20,
        "Basic.Consume",
        Asks(&[21]),
        &[
            TICKET,
            Short(f::QUEUE),
            Short(f::CONSUMER_TAG),
            Bits(&[
                (f::NO_LOCAL, 0x01),
                (f::NO_ACK, 0x02),
                (f::CONSUME_EXCLUSIVE, 0x04),
                (f::NOWAIT, 0x08),
            ]),
            Table(f::FILTER),
        ],
    ),
    method(60, 21, "Basic.Consume-Ok", Answers, &[Short(f::CONSUMER_TAG)]),
    method(
        60,
        30,
        "Basic.Cancel",
        Asks(&[31]),
        &[Short(f::CONSUMER_TAG), Bits(&[(f::NOWAIT, 0x01)])],
    ),
    method(60, 31, "Basic.Cancel-Ok", Answers, &[Short(f::CONSUMER_TAG)]),
    method(
        60,
        40,
        "Basic.Publish",
        Alone,
        &[
            TICKET,
            Short(f::EXCHANGE),
            Short(f::ROUTING_KEY),
            Bits(&[(f::MANDATORY, 0x01), (f::IMMEDIATE, 0x02)]),
        ],
    ),
    method(
        60,
        50,
        "Basic.Return",
        Alone,
        &[
            Number(f::REPLY_CODE, 2),
            Short(f::REPLY_TEXT),
            Short(f::EXCHANGE),
            Short(f::ROUTING_KEY),
        ],
    ),
    method(
        60,
        60,
        "Basic.Deliver",
        Alone,
        &[
            Short(f::CONSUMER_TAG),
            DELIVERY,
            Bits(&[(f::REDELIVERED, 0x01)]),
            Short(f::EXCHANGE),
            Short(f::ROUTING_KEY),
        ],
    ),
    method(
        60,
        70,
        "Basic.Get",
        Asks(&[71, 72]),
        &[TICKET, Short(f::QUEUE), Bits(&[(f::NO_ACK, 0x01)])],
    ),
    method(
        60,
        71,
        "Basic.Get-Ok",
        Answers,
        &[
            DELIVERY,
            Bits(&[(f::REDELIVERED, 0x01)]),
            Short(f::EXCHANGE),
            Short(f::ROUTING_KEY),
            Number(f::MESSAGE_COUNT, 4),
        ],
    ),
    method(60, 72, "Basic.Get-Empty", Answers, &[Short(f::CLUSTER_ID)]),
    method(60, 80, "Basic.Ack", Alone, &[DELIVERY, Bits(&[(f::MULTIPLE, 0x01)])]),
    method(60, 90, "Basic.Reject", Alone, &[DELIVERY, Bits(&[(f::REQUEUE, 0x01)])]),
    method(60, 110, "Basic.Recover", Asks(&[111]), &[Bits(&[(f::REQUEUE, 0x01)])]),
    method(60, 111, "Basic.Recover-Ok", Answers, &[]),
    method(
        60,
        120,
        "Basic.Nack",
        Alone,
        &[DELIVERY, Bits(&[(f::MULTIPLE, 0x01), (f::REQUEUE, 0x02)])],
    ),
    method(85, 10, "Confirm.Select", Asks(&[11]), &[Bits(&[(f::NOWAIT, 0x01)])]),
    method(85, 11, "Confirm.Select-Ok", Answers, &[]),
    method(90, 10, "Tx.Select", Asks(&[11]), &[]),
    method(90, 11, "Tx.Select-Ok", Answers, &[]),
    method(90, 20, "Tx.Commit", Asks(&[21]), &[]),
    method(90, 21, "Tx.Commit-Ok", Answers, &[]),
    method(90, 30, "Tx.Rollback", Asks(&[31]), &[]),
    method(90, 31, "Tx.Rollback-Ok", Answers, &[]),
];

const TUNE: &[Argument] =
    &[Number(f::CHANNEL_MAX, 2), Number(f::FRAME_MAX, 4), Number(f::HEARTBEAT, 2)];

/// The method of these numbers.
pub(super) fn find(class: u16, number: u16) -> Option<&'static Method> {
    METHODS.iter().find(|method| (method.class, method.number) == (class, number))
}
