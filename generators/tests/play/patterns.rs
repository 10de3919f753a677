//! Patterns, run for real on the host's loopback.

use crate::{
    common::{play, stage, steps},
    http::told,
};

#[test]
fn a_request_is_parsed_when_it_is_whole_and_answered_when_it_is_carried_out() {
    let (transcript, recorder) = play(stage("pattern-request-response"));
    let transcript = transcript.expect("it plays");
    let answers = told(&transcript, "client", "http.response.received", ["status"]);
    assert_eq!(answers.concat(), ["200", "201"]);
    let deeds: Vec<_> = recorder.marks().iter().map(|mark| mark.what).collect();
    let parsed = deeds.iter().rposition(|one| *one == "parse").expect("it parses the order");
    // Both pieces of the order are read before it is parsed.
    assert_eq!(deeds[..parsed].iter().filter(|one| **one == "read").count(), 3, "{deeds:?}");
    assert_eq!(deeds[parsed..parsed + 3], ["parse", "execute", "write"], "{deeds:?}");
}

#[test]
fn a_request_waits_for_a_connection_of_the_pool_and_not_for_a_stream() {
    let (transcript, _) = play(stage("pattern-multiplexing-pooling"));
    let transcript = transcript.expect("it plays");
    let streams = told(&transcript, "proxy", "http2.request.received", ["stream", "path"]);
    let stream = |number: &str, report: &str| [number.to_owned(), format!("/report/{report}")];
    assert_eq!(streams, [stream("1", "1"), stream("3", "2"), stream("5", "3")]);
    // One connection carries the first, the other one the second and then the third.
    let handed_on = told(&transcript, "proxy", "http.request.sent", ["target"]).concat();
    assert_eq!(handed_on, ["/report/1", "/report/2", "/report/3"]);
    let carried = told(&transcript, "server", "tcp.received", ["bytes"]).concat();
    let carried: Vec<u32> = carried.iter().map(|bytes| bytes.parse().unwrap()).collect();
    assert_eq!(carried[1], 2 * carried[0], "{carried:?}");
}

#[test]
fn a_broker_hands_on_what_is_published_as_sure_as_each_hop_asks() {
    let (transcript, _) = play(stage("pattern-publish-subscribe"));
    let transcript = transcript.expect("it plays");
    let heard = |role| told(&transcript, role, "mqtt.message.received", ["topic", "qos", "retain"]);
    let message = |topic: &str, quality: &str, retain: &str| {
        [format!("sensor/{topic}"), quality.to_owned(), retain.to_owned()]
    };
    let unit = message("unit", "1", "yes");
    let read = |quality| message("temperature", quality, "no");
    let will = message("status", "1", "no");
    assert_eq!(heard("display"), [unit.clone(), read("0"), read("1"), read("1"), will.clone()]);
    assert_eq!(heard("archive"), [unit.clone(), read("0"), read("1"), read("2"), will]);
    assert_eq!(heard("server"), [unit, read("0"), read("1"), read("2")]);
    // Who takes leave does so once; the sensor never does.
    let left = |role| steps(&transcript, role).iter().filter(|step| **step == "mqtt.left").count();
    assert_eq!(["client", "display", "archive", "server"].map(left), [0, 1, 1, 2]);
}

#[test]
fn a_job_that_nobody_has_acknowledged_is_handed_out_again() {
    let (transcript, _) = play(stage("pattern-work-queue"));
    let transcript = transcript.expect("it plays");
    let taken = |role| told(&transcript, role, "amqp.job.received", ["sha256", "redelivered"]);
    let (first, second) = (taken("worker-1"), taken("worker-2"));
    assert_eq!((first.len(), second.len()), (1, 3));
    // The third that the second worker gets is the one that the first had.
    let again: Vec<_> = second.iter().map(|[_, again]| again.as_str()).collect();
    assert_eq!(again, ["no", "no", "yes"]);
    assert_eq!(second[2][0], first[0][0]);
    let done = |role| told(&transcript, role, "amqp.job.acknowledged", ["tag"]).concat();
    assert_eq!(done("worker-2"), ["1", "2", "3"]);
    assert!(done("worker-1").is_empty());
}
