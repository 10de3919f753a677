//! Says what a frame means: to its request, to the connection, and to the streams beside it.

mod content;
mod head;
mod words;

use super::Kind;
use super::facts::{Facts, Remark};
use super::frame::{
    ALTSVC, CONTINUATION, DATA, END_HEADERS, END_STREAM, FrameHeader, GOAWAY, HEADER_LEN, HEADERS,
    NO_LAST_STREAM, ORIGIN, PING, PRIORITY, PRIORITY_UPDATE, PUSH_PROMISE, RST_STREAM, SETTINGS,
    WINDOW_UPDATE, last_stream,
};
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::ids::Direction;
use crate::message::Message;
use crate::protocols::multiplexed::{Part, packing};
use crate::telling::{Allowed, OnLane, Outcome, Piece, Side, Telling, quoted};
use words::{code_at, settings};

/// The chapter of all frames.
const CHAPTER: &str = "HTTP/2";

/// Tells of a message of any kind.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    if message.is(Kind::Preface) {
        let headline = "Says that HTTP/2 is spoken from here on";
        let detail = "It looks like a request that most servers of HTTP/1 refuse, so that nothing goes on by mistake.";
        let told = Telling::new("Preface", headline, CHAPTER).detail(detail).weight(4, 6);
        return Some(told.lesson("http2/preface", "RFC 9113", "3.4"));
    }
    let bytes = view.bytes(message.span);
    let header = FrameHeader::read(bytes)?;
    let payload = bytes.get(HEADER_LEN..).unwrap_or_default();
    let nothing = Facts::default();
    let facts = Facts::of(message, view).unwrap_or(&nothing);
    let told = match header.kind {
        HEADERS | PUSH_PROMISE => head::tell(message, &header, facts, view),
        CONTINUATION if facts.list.as_ref().is_some_and(|list| list.first) => {
            head::tell(message, &header, facts, view)
        }
        DATA => content::data(message, &header, facts, view),
        WINDOW_UPDATE => content::window(&header, payload, facts),
        _ => control(message, (&header, payload), facts, view),
    };
    let told = match facts.remark {
        Some(remark) => {
            let gap = if told.detail.is_empty() { "" } else { " " };
            let detail = format!("{}{gap}{}", told.detail, self::remark(remark));
            told.detail(detail).outcome(Outcome::Refused)
        }
        None => told,
    };
    let told = Telling { allowed: allowed(&header, facts), ..told };
    if header.stream == 0 {
        return Some(told);
    }
    let on_lane = on_lane(&header, facts);
    Some(Telling { on_lane, ..told.on_lane(header.stream.into()) })
}

/// What a frame does to windows: `DATA` to those of its sender, an update to those of the other
/// side.
fn allowed(header: &FrameHeader, facts: &Facts) -> Option<Allowed> {
    let windows = facts.windows.filter(|_| header.kind != DATA || header.length > 0)?;
    let side = if header.kind == DATA { Side::Sender } else { Side::Receiver };
    let [connection, lane] =
        [windows.connection, windows.stream].map(|it| it.map(|it| (it.before, it.after)));
    Some(Allowed { side, connection, lane })
}

/// What a frame is on its stream.
fn on_lane(header: &FrameHeader, facts: &Facts) -> Option<OnLane> {
    let list = facts.list.as_deref();
    let is_first = list.is_some_and(|list| list.first);
    let is_trailers = list.is_some_and(|list| list.part == Part::Trailers);
    let piece = match header.kind {
        HEADERS | CONTINUATION if is_first || is_trailers => Piece::Head,
        DATA => Piece::Content(header.length.into()),
        RST_STREAM => Piece::Reset,
        WINDOW_UPDATE => Piece::Leave(facts.windows?.waited?),
        _ => return None,
    };
    let purpose = facts.asked.as_ref().filter(|_| piece == Piece::Head && !is_trailers);
    let purpose = purpose.map(|asked| {
        let [method, target] = [&asked.method, asked.target()].map(Lossy);
        format!("{method} {target}")
    });
    let ends = header.kind == RST_STREAM || header.ends_stream();
    Some(OnLane { piece, ends, purpose })
}

/// What a CONTINUATION is for (RFC 9113, section 6.10).
const GOES_ON: &str = "Goes on with the header block of the frame before";

/// What a PING of a server is for that leaves (RFC 9113, section 6.8).
const HEARD: &str = "Asks for an answer, to be sure that its leave-taking was heard";

/// What a PING is for (RFC 9113, section 6.7).
const ALIVE: &str = "Asks for an answer at once: how long that takes, and whether anybody is there";

/// What a frame does that carries neither the head of a message nor content.
fn control(
    message: &Message,
    (header, payload): (&FrameHeader, &[u8]),
    facts: &Facts,
    view: &View<'_>,
) -> Telling {
    let told = |headline: &str| Telling::new(header.name(), headline, CHAPTER);
    let acknowledged =
        |headline: &str| Telling::new(format!("{} ACK", header.name()), headline, CHAPTER);
    let ack = header.has(END_STREAM);
    match header.kind {
        CONTINUATION => goes_on(told(GOES_ON), header, facts, view),
        SETTINGS if ack => acknowledged("Takes the other side's settings into use")
            .weight(2, 3)
            .aside()
            .lesson("http2/settings", "RFC 9113", "6.5.3"),
        SETTINGS => told("Says what this side can take: streams, windows, frame sizes")
            .detail(match settings(payload) {
                // RFC 9113, section 6.5.2.
                none if none.is_empty() => "It names none: the initial values hold.".to_owned(),
                named => named,
            })
            .noted(settings(payload).trim_end_matches('.'))
            .weight(4, 6)
            .lesson("http2/settings", "RFC 9113", "6.5.2"),
        PING if ack => acknowledged("Sends a ping back as it came")
            .weight(3, 4)
            .answering()
            .lesson("http2/ping", "RFC 9113", "6.7"),
        PING if facts.leaves => told(HEARD)
            .noted(HEARD)
            .detail(
            "What the other side sent before it heard of that has come once the answer is there.",
        )
        .weight(4, 4)
        .asking()
        .lesson("http2/ping", "RFC 9113", "6.8"),
        PING => {
            told(ALIVE).weight(3, 4).noted(ALIVE).asking().lesson("http2/ping", "RFC 9113", "6.7")
        }
        PRIORITY => told("Says how much a stream matters beside others; receivers need not care")
            .weight(1, 3)
            .aside()
            .lesson("http2/priority", "RFC 9113", "6.3"),
        PRIORITY_UPDATE => told("Says how urgent an answer is, and whether it is of use in parts")
            .detail(payload.get(4..).map(|value| format!("{}.", Lossy(value))).unwrap_or_default())
            .weight(2, 3)
            .aside()
            .lesson("http2/priority", "RFC 9218", "7.1"),
        ORIGIN => told("Says for which other sites this connection can be used")
            .weight(2, 3)
            .lesson("http2/elsewhere", "RFC 8336", "2"),
        ALTSVC => told("Says where else the same can be had")
            .weight(2, 3)
            .lesson("http2/elsewhere", "RFC 7838", "4"),
        RST_STREAM => reset(payload, facts, message.direction),
        GOAWAY => told("Takes leave: no new streams on this connection")
            .detail(leave(payload, facts))
            .weight(5, 5)
            .closing()
            .lesson("http2/goaway", "RFC 9113", "6.8"),
        _ => told("A frame that can be left aside").weight(1, 3),
    }
}

/// A CONTINUATION: of its block what no frame alone says, else how it is packed.
fn goes_on(told: Telling, header: &FrameHeader, facts: &Facts, view: &View<'_>) -> Telling {
    let told = match facts.block {
        Some(block) => {
            let all = words::block(block);
            let told = told.noted(format!("{GOES_ON}. {all}")).detail(all);
            Telling { packed: Some((block.fields.1, block.packed)), ..told }
        }
        None => {
            let list = facts.list.as_deref().filter(|_| header.has(END_HEADERS));
            told.detail(list.map(|list| packing(list, view)).unwrap_or_default())
        }
    };
    told.weight(2, 6).lesson("http2/continuation", "RFC 9113", "6.10").continuing()
}

/// A RST_STREAM: why, and what its stream was there for.
fn reset(payload: &[u8], facts: &Facts, from: Direction) -> Telling {
    let about = facts.asked.as_ref().map_or_else(String::new, |asked| {
        let [method, target] = [&asked.method, asked.target()].map(Lossy);
        format!(" It was for {method} {target}.")
    });
    let code = code_at(payload, 0);
    let label = format!("RST_STREAM {code}");
    // Who breaks off what it asked says more by it than by what it asks next.
    let weight = if from == Direction::Forward { 8 } else { 5 };
    let headline = if facts.others {
        "Ends one stream at once; the others go on"
    } else {
        "Ends its stream at once; the connection stays"
    };
    let overdue = words::overdue(facts);
    Telling::new(label, headline, CHAPTER)
        .detail(format!("{code}.{about}{overdue}"))
        .weight(weight, 5)
        .noted(format!("{headline}.{}", about.trim_end_matches('.')))
        // Without an error a server wants no more of a request that it has answered in full (RFC
        // 9113, section 8.1).
        .outcome(match payload.first_chunk() {
            Some([0, 0, 0, 0]) => Outcome::Arrived,
            _ => Outcome::Refused,
        })
        .lesson("http2/reset", "RFC 9113", "6.4")
}

/// What a GOAWAY says: why, and which streams of the other side were taken up.
fn leave(payload: &[u8], facts: &Facts) -> String {
    let mut said = format!("{}.", code_at(payload, 4));
    match last_stream(payload) {
        0 => said += " No stream of the other side was taken up.",
        NO_LAST_STREAM => {
            said += " It names no last stream yet: what is on its way is still taken up.";
        }
        last => {
            if facts.leaves {
                said += " It has said before that it would leave, and now names the last stream.";
            }
            said += &format!(" Streams up to {last} were taken up, later ones were not.");
        }
    }
    if let Some(text) = payload.get(8..).filter(|text| !text.is_empty()) {
        said += &format!(" It adds {}", quoted(Lossy(text)));
    }
    said
}

const fn remark(remark: Remark) -> &'static str {
    match remark {
        Remark::Ended => "Its stream had ended before.",
        Remark::Within => "It stands between the frames of a header block, where none may stand.",
        Remark::NoBlock => "Nobody began the header block that it goes on with.",
        Remark::Flood => {
            "Its header block is longer than anyone takes, as in a CONTINUATION flood."
        }
        Remark::RapidReset => {
            "Many streams in a row were broken off before an answer: a rapid reset (CVE-2023-44487)."
        }
    }
}
