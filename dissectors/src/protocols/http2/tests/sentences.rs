//! Every sentence of HTTP/2, beside the frames.

use super::{frame, opening};
use crate::protocols::stage::{check_told, play, say};

#[test]
fn frames_of_both_sides() {
    let steps = [
        opening(&[
            frame(4, 0, 0, &[0, 3, 0, 0, 0, 100]),
            frame(1, 4, 1, b"\x82"),
            frame(9, 4, 1, b"\x84"),
            frame(0, 1, 1, b"question"),
            frame(6, 0, 0, &[7; 8]),
        ]),
        say([
            frame(4, 1, 0, &[]),
            frame(6, 1, 0, &[7; 8]),
            frame(8, 0, 0, &[0, 0, 1, 0]),
            frame(5, 4, 1, &[0, 0, 0, 2, 0x82]),
            frame(1, 4, 1, b"\x88"),
            frame(0, 1, 1, b"answer"),
            frame(3, 0, 2, &[0, 0, 0, 8]),
            frame(7, 0, 0, &[0; 8]),
            frame(200, 0, 0, b"x"),
        ]
        .concat()),
    ];
    check_told(
        &play(&steps),
        &[
            "Preface | Says that HTTP/2 is spoken from here on | It looks like a request that \
             most servers of HTTP/1 refuse, so that nothing goes on by mistake.",
            "SETTINGS | Says what this side can take: streams, windows, frame sizes",
            "HEADERS[1] | Sends header fields of a request; other streams may run beside it | \
             Stream 1: the header block is compressed (HPACK).",
            "CONTINUATION[1] | Goes on with the header block of the frame before",
            "DATA[1] | Sends content on a stream, in pieces that can be mixed with others | 8 \
             bytes on stream 1.",
            "8 bytes | Sends bytes; what they mean is between the two programs | “question”.",
            "PING | Asks whether the other side is there",
            "SETTINGS | Takes the other side's settings into use",
            "PING | Sends a ping back as it came",
            "WINDOW_UPDATE | Gives the other side room to send more",
            "PUSH_PROMISE[1] | Promises a response that nobody asked for | Stream 1: the header \
             block is compressed (HPACK).",
            "HEADERS[1] | Sends header fields of a response on its stream | Stream 1: the \
             header block is compressed (HPACK).",
            "DATA[1] | Sends content on a stream, in pieces that can be mixed with others | 6 \
             bytes on stream 1.",
            "6 bytes | Sends bytes; what they mean is between the two programs | “answer”.",
            "RST_STREAM[2] | Ends one stream at once; the others go on",
            "GOAWAY | Takes leave: no new streams on this connection",
            "UNKNOWN | A frame that can be left aside",
        ],
    );
}
