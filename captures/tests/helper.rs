//! The helper that captures for others: it writes what passes until its standard input ends, and
//! says why where it may not.

#[path = "../../tests/src/skip.rs"]
mod skip;

use std::io::Read;
use std::net::UdpSocket;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use skip::skip;
use wirestage_captures::Recording;
use wirestage_captures::live::Tap;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;

fn helper(arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wirestage-capture"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

#[test]
fn it_captures_until_its_input_ends() {
    if Tap::open("lo", None).is_err() {
        return skip("it_captures_until_its_input_ends", "capturing is not allowed here");
    }
    let to = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = to.local_addr().unwrap().port();
    let mut child = helper(&["lo", &format!("udp port {port}")]);
    let from = UdpSocket::bind("127.0.0.1:0").unwrap();
    for _ in 0..50 {
        from.send_to(b"for the helper", ("127.0.0.1", port)).unwrap();
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(child.stdin.take());
    let mut bytes = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut bytes).unwrap();
    assert!(child.wait().unwrap().success());
    let recording = Recording::spool(&bytes[..]).unwrap();
    recording.refresh().unwrap();
    assert!(recording.problems().is_empty());
    assert!(recording.count() > 5, "{}", recording.count());
    assert!(recording.frame(FrameId(0)).bytes.ends_with(b"for the helper"));
    assert_eq!(recording.interfaces()[0].name, "lo");
}

#[test]
fn it_says_what_is_wrong_as_programs_of_this_project_read_it() {
    for (arguments, cause, mend) in [
        (&[][..], "error: no interface is named", "mend: wirestage-capture INTERFACE [FILTER]"),
        (&["no-such-if"], "error: there is no interface no-such-if here", "mend: "),
    ] {
        let child = helper(arguments);
        let said = child.wait_with_output().unwrap();
        assert!(!said.status.success());
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(said.contains(cause) && said.contains(mend), "{said}");
    }
}
