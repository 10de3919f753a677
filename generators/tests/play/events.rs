//! The scenario of server-sent events, run for real on the host's loopback.

use crate::{
    common::{play, stage, steps},
    http::told,
};

#[test]
fn nothing_is_missed_where_an_answer_breaks_off() {
    let transcript = play(stage("pattern-server-sent-events")).0.expect("it plays");
    let facts = ["id", "kind", "data"];
    let sent = told(&transcript, "server", "sse.sent", facts);
    assert_eq!(told(&transcript, "client", "sse.received", facts), sent);
    let ids: Vec<_> = sent.iter().map(|[id, ..]| id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3", "4"]);
    let client = steps(&transcript, "client");
    let came = client.iter().filter(|step| **step == "tcp.connected").count();
    assert_eq!(came, 2, "the client came again");
}
