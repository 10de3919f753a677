//! Says what a frame means, as far as its header block need not be read for it.

use super::Kind;
use super::frame::{
    CONTINUATION, DATA, END_STREAM, FrameHeader, GOAWAY, HEADERS, PING, PUSH_PROMISE, RST_STREAM,
    SETTINGS, WINDOW_UPDATE,
};
use crate::engine::view::View;
use crate::ids::Direction;
use crate::message::Message;
use crate::telling::{Outcome, Telling};

/// Tells of a message of any kind.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let told = |label: String, headline: &str| Telling::new(label, headline, "HTTP/2");
    if message.is(Kind::Preface) {
        let headline = "Says that HTTP/2 is spoken from here on";
        let detail = "It looks like a request that most servers of HTTP/1 refuse, so that nothing goes on by mistake.";
        let told = told("Preface".into(), headline).detail(detail).weight(4, 6);
        return Some(told.lesson("http2/preface", "RFC 9113", "3.4"));
    }
    let header = FrameHeader::read(view.bytes(message.span))?;
    let stream = header.stream;
    let label = match stream {
        0 => header.name().to_owned(),
        stream => format!("{}[{stream}]", header.name()),
    };
    let ack = header.has(END_STREAM);
    let from_client = message.direction == Direction::Forward;
    Some(match header.kind {
        PUSH_PROMISE => told(label, "Promises a response that nobody asked for")
            .detail(format!("Stream {stream}: the header block is compressed (HPACK)."))
            .weight(4, 6)
            .lesson("http2/headers", "RFC 9113", "6.6"),
        CONTINUATION => told(label, "Goes on with the header block of the frame before")
            .weight(2, 6)
            .lesson("http2/headers", "RFC 9113", "6.10"),
        HEADERS => {
            let headline = if from_client {
                "Sends header fields of a request; other streams may run beside it"
            } else {
                "Sends header fields of a response on its stream"
            };
            let detail = format!("Stream {stream}: the header block is compressed (HPACK).");
            let told = told(label, headline).detail(detail).weight(7, 7);
            let told = told.lesson("http2/headers", "RFC 9113", "6.2");
            if from_client { told.asking() } else { told.answering() }
        }
        DATA => {
            let headline = "Sends content on a stream, in pieces that can be mixed with others";
            let detail = format!("{} bytes on stream {stream}.", header.length);
            told(label, headline).detail(detail).weight(6, 6).lesson(
                "http2/data",
                "RFC 9113",
                "6.1",
            )
        }
        SETTINGS if ack => told(label, "Takes the other side's settings into use")
            .weight(2, 3)
            .lesson("http2/settings", "RFC 9113", "6.5.3"),
        SETTINGS => told(label, "Says what this side can take: streams, windows, frame sizes")
            .weight(4, 6)
            .lesson("http2/settings", "RFC 9113", "6.5"),
        WINDOW_UPDATE => told(label, "Gives the other side room to send more").weight(2, 3).lesson(
            "http2/flow-control",
            "RFC 9113",
            "6.9",
        ),
        PING if ack => told(label, "Sends a ping back as it came").weight(3, 4).answering(),
        PING => told(label, "Asks whether the other side is there").weight(3, 4).asking(),
        RST_STREAM => told(label, "Ends one stream at once; the others go on")
            .weight(5, 5)
            .outcome(Outcome::Refused)
            .lesson("http2/reset", "RFC 9113", "6.4"),
        GOAWAY => told(label, "Takes leave: no new streams on this connection")
            .weight(5, 5)
            .closing()
            .lesson("http2/goaway", "RFC 9113", "6.8"),
        _ => told(label, "A frame that can be left aside").weight(1, 3),
    })
}
