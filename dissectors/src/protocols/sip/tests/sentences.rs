//! Every sentence of SIP, beside what is said.

use super::{message, over_udp};
use crate::protocols::stage::{ask, check_told, say};

#[test]
fn requests() {
    let methods = [
        "INVITE",
        "ACK",
        "BYE",
        "CANCEL",
        "REGISTER",
        "OPTIONS",
        "SUBSCRIBE",
        "NOTIFY",
        "MESSAGE",
        "REFER",
        "PRACK",
        "INFO",
        "PUBLISH",
    ];
    let steps = methods.map(|method| {
        let start = format!("{method} sip:b@example.org SIP/2.0");
        ask(message(&start, &format!("1 {method}"), ""))
    });
    check_told(
        &over_udp(&steps),
        &[
            "INVITE | Calls, or changes a call that goes on | For sip:b@example.org.",
            "ACK | Confirms the final answer; nothing answers this | For sip:b@example.org.",
            "BYE | Hangs up | For sip:b@example.org.",
            "CANCEL | Takes back a request that has no final answer yet | For sip:b@example.org.",
            "REGISTER | Says at which address a user can be reached | For sip:b@example.org.",
            "OPTIONS | Asks what the other side can do, often only whether it is there | For \
             sip:b@example.org.",
            "SUBSCRIBE | Asks to be told when something changes | For sip:b@example.org.",
            "NOTIFY | Tells how it stands with what was subscribed to | For sip:b@example.org.",
            "MESSAGE | Sends a short text | For sip:b@example.org.",
            "REFER | Asks the other side to call somebody else | For sip:b@example.org.",
            "PRACK | Confirms a provisional answer | For sip:b@example.org.",
            "INFO | Says something about a call that goes on | For sip:b@example.org.",
            "PUBLISH | Asks for something | For sip:b@example.org.",
        ],
    );
}

#[test]
fn responses() {
    let codes = [
        "100 Trying",
        "180 Ringing",
        "183 Session Progress",
        "181 Forwarded",
        "200 OK",
        "302 Moved",
        "407 Who",
        "486 Busy",
        "487 Terminated",
        "404 Not Found",
        "408 Request Timeout",
        "503 Unavailable",
        "603 Decline",
    ];
    let steps = codes.map(|code| say(message(&format!("SIP/2.0 {code}"), "1 INVITE", "")));
    check_told(
        &over_udp(&steps),
        &[
            "100 Trying | Has taken the request: it need not be sent again",
            "180 Ringing | It rings",
            "183 Session Progress | Says how the call goes on before it is answered",
            "181 Forwarded | Says that it is still at work",
            "200 OK | Accepts",
            "302 Moved | Says where else to ask",
            "407 Who | Asks who it is: a challenge, which the next request answers",
            "486 Busy | Is busy",
            "487 Terminated | Ends the call that was taken back",
            "404 Not Found | Refuses; the request would have to be another one",
            "408 Request Timeout | Gives up: nobody has answered in time",
            "503 Unavailable | Could not do it; another server might",
            "603 Decline | Refuses, and nobody else would do it",
        ],
    );
}

#[test]
fn what_is_no_message() {
    check_told(
        &over_udp(&[ask(message("BYE sip:b SIP/2.0", "1 BYE", "")), ask("\r\n\r\n")]),
        &["BYE | Hangs up | For sip:b.", "keep-alive | Keeps the way through a NAT open"],
    );
}
