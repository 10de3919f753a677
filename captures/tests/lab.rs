//! The lab for real: a datagram in a private network, recorded by a child, read while it comes.
//!
//! The program starts itself as the child. Where the system allows no lab, that is said aloud.

#![allow(clippy::print_stdout)] // This is its own test harness.

#[path = "../../tests/src/skip.rs"]
mod skip;

fn main() {
    // What cargo-nextest asks of a test program: the names of its tests, and those left out.
    let asked = |flag: &str| std::env::args().any(|argument| argument == flag);
    if asked("--list") {
        if !asked("--ignored") {
            println!("the_lab: test");
        }
        return;
    }
    match std::env::var("LAB_TEST_ROLE").as_deref() {
        Ok("child") => linux::child(),
        Ok("inner") => linux::checks(),
        Ok("parent") => linux::parent(),
        _ => {
            linux::checks();
            linux::as_ordinary_user();
        }
    }
}

mod linux {
    use std::io::{BufRead, BufReader};
    use std::net::UdpSocket;
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};
    use std::sync::atomic::Ordering;
    use std::sync::mpsc::channel;
    use std::thread;
    use std::time::Duration;

    use wirestage_captures::lab::{self, Ended, LabError, LiveSource, Place, Way};
    use wirestage_captures::live::{Feed, Header, Tap, record};
    use wirestage_captures::{Mark, Recording};
    use wirestage_dissectors::frames::{Frames, LinkType};
    use wirestage_dissectors::ids::FrameId;

    use crate::skip::skip;

    const SECRET: &str = "CLIENT_RANDOM 00 11";

    /// Records a datagram to a server of its own, then what it was asked to do.
    pub(crate) fn child() {
        let place = lab::enter().expect("the probe said that the lab can be entered");
        let stop = lab::stop_with_stdin();
        let mut tap = Tap::open("lo", Some("udp")).expect("lo can be captured");
        let (feed, notes) = Feed::new();
        let task = std::env::var("LAB_TEST_TASK").unwrap();
        let done = stop.clone();
        let talker = thread::spawn(move || {
            // The standard port is free in a network of one's own.
            let port = if place == Place::Namespace { 7 } else { 0 };
            let server = UdpSocket::bind(("127.0.0.2", port)).unwrap();
            let client = UdpSocket::bind("127.0.0.3:0").unwrap();
            feed.name("127.0.0.2".parse().unwrap(), "server");
            feed.secret(SECRET);
            feed.secret(SECRET);
            client.send_to(b"hello lab", server.local_addr().unwrap()).unwrap();
            feed.mark(Mark::now("server", "waits for a datagram"));
            let mut buffer = [0; 100];
            let (len, _) = server.recv_from(&mut buffer).unwrap();
            feed.mark(Mark::now("server", format!("received {len} bytes")));
            feed.transcript("one datagram\n");
            match task.as_str() {
                "finish" => done.store(true, Ordering::Release),
                "crash" => {
                    thread::sleep(Duration::from_millis(100));
                    eprintln!("a last word");
                    std::process::exit(7);
                }
                _ => {} // Goes on until standard input ends.
            }
        });
        let out = std::io::stdout().lock();
        record(&mut tap, &notes, &stop, &Header::default(), out).unwrap();
        talker.join().unwrap();
    }

    /// Starts this program as the child.
    fn start(way: &Way, task: &str) -> (LiveSource, std::sync::mpsc::Receiver<()>) {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.env("LAB_TEST_ROLE", "child").env("LAB_TEST_TASK", task);
        let (sender, receiver) = channel();
        let source = lab::spawn(command, way, move || sender.send(()).unwrap_or_default()).unwrap();
        (source, receiver)
    }

    /// The datagrams with our payload that a recording holds.
    fn datagrams(recording: &Recording) -> usize {
        (0..recording.count())
            .map(|number| recording.frame(FrameId(number)))
            .filter(|frame| frame.link == LinkType::ETHERNET && frame.bytes.ends_with(b"hello lab"))
            .count()
    }

    /// Reads what comes until the datagram is there.
    fn until_datagram(source: &LiveSource, woken: &std::sync::mpsc::Receiver<()>) {
        while datagrams(source.recording()) == 0 {
            woken.recv_timeout(Duration::from_secs(20)).expect("something comes");
            source.recording().refresh().unwrap();
        }
    }

    pub(crate) fn checks() {
        let way = lab::probe();
        println!("the way into the lab: {way:?}");
        if let Way::Refused(_) = way {
            return skip("the_lab", "no lab can be had here");
        }
        child_that_finishes(&way);
        child_that_crashes(&way);
        child_that_is_stopped(&way);
        child_that_is_dropped(&way);
        child_whose_parent_is_killed(&way);
        refusals(&way);
        println!("the lab: ok");
    }

    fn child_that_finishes(way: &Way) {
        let (mut source, _) = start(way, "finish");
        assert_eq!(source.wait(), &Ended::Done);
        let recording = source.recording();
        recording.refresh().unwrap();
        assert_eq!(recording.problems(), []);
        assert_eq!(datagrams(recording), 1);
        assert_eq!(recording.secrets_text(), format!("{SECRET}\n"), "told twice, written once");
        assert_eq!(recording.names()[0].1, "server");
        assert_eq!(recording.comments()[0].text, "one datagram\n");
        assert_eq!(recording.statistics()[0].dropped, Some(0));
        let frames: Vec<_> = (0..recording.count()).map(|n| recording.frame(FrameId(n))).collect();
        let marks: Vec<_> = frames.iter().filter(|frame| frame.link == LinkType::MARK).collect();
        assert_eq!(marks.len(), 2);
        assert!(marks[0].bytes.windows(5).any(|word| word == b"waits"));
        // Marks stand among the packets by time; theirs is rounded down to microseconds.
        assert!(frames.is_sorted_by_key(|frame| frame.time.0 / 1000));
    }

    fn child_that_crashes(way: &Way) {
        let (mut source, _) = start(way, "crash");
        let Ended::Early { why } = source.wait().clone() else { panic!("it crashed") };
        assert!(why.contains("code 7") && why.contains("a last word"), "{why}");
        source.recording().refresh().unwrap();
        assert_eq!(datagrams(source.recording()), 1, "what was written is kept");
    }

    fn child_that_is_stopped(way: &Way) {
        let (mut source, woken) = start(way, "wait");
        until_datagram(&source, &woken);
        assert_eq!(source.ended(), None);
        source.stop();
        assert_eq!(source.wait(), &Ended::Done);
        source.recording().refresh().unwrap();
        assert_eq!(source.recording().comments()[0].text, "one datagram\n");
    }

    fn child_that_is_dropped(way: &Way) {
        let (source, woken) = start(way, "wait");
        until_datagram(&source, &woken);
        let recording = source.recording().clone();
        drop(source);
        // The channel closes when the reading thread is done, which is after the child is.
        while woken.recv_timeout(Duration::from_secs(20)).is_ok() {}
        assert_eq!(datagrams(&recording), 1, "a recording outlives its source");
    }

    /// Starts a child and waits to be killed.
    pub(crate) fn parent() {
        let (source, woken) = start(&lab::probe(), "wait");
        until_datagram(&source, &woken);
        println!("ready");
        thread::sleep(Duration::from_secs(60));
    }

    fn child_whose_parent_is_killed(way: &Way) {
        let mut parent = Command::new(std::env::current_exe().unwrap())
            .env("LAB_TEST_ROLE", "parent")
            .env(lab::WAY_VARIABLE, way.word())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(parent.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        let children = children_of(parent.id());
        assert_eq!(children.len(), 1, "{children:?}");
        parent.kill().unwrap();
        parent.wait().unwrap();
        for _ in 0..2000 {
            if !runs(children[0]) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("the child outlives its parent");
    }

    /// The processes that `parent` has started.
    fn children_of(parent: u32) -> Vec<u32> {
        let numbers = std::fs::read_dir("/proc").unwrap().flatten();
        numbers
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .filter(|&pid| stat(pid).is_some_and(|(_, ppid)| ppid == parent))
            .collect()
    }

    /// Whether a process is there and not only waiting to be counted.
    fn runs(pid: u32) -> bool {
        stat(pid).is_some_and(|(state, _)| state != "Z")
    }

    /// The state and the parent of a process.
    fn stat(pid: u32) -> Option<(String, u32)> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name in front is in parentheses and may hold anything.
        let mut words = stat.rsplit_once(')')?.1.split_whitespace();
        Some((words.next()?.to_string(), words.next()?.parse().ok()?))
    }

    fn refusals(way: &Way) {
        // This process has one thread only while no source is alive.
        let refusal = lab::Refusal { cause: "for a test".into(), mend: "nothing".into() };
        let refused = lab::spawn(Command::new("true"), &Way::Refused(refusal), || {});
        assert!(matches!(refused, Err(LabError::Refused(_))));
        let nowhere = Tap::open("nowhere0", None).map(|_| ()).unwrap_err().to_string();
        // Without any right, libpcap may not even say which interfaces there are.
        assert!(nowhere.contains("nowhere0"), "{nowhere}");
        let missing = lab::spawn(Command::new("/no/such/program"), way, || {});
        assert!(matches!(missing, Err(LabError::Spawn(_))));
    }

    /// The same again as somebody without any privilege, where we are root.
    pub(crate) fn as_ordinary_user() {
        if std::fs::metadata("/proc/self").is_ok_and(|meta| {
            use std::os::unix::fs::MetadataExt;
            meta.uid() != 0
        }) {
            return;
        }
        let nobody = 65534;
        let program = tempfile::Builder::new().prefix("lab-test").tempfile().unwrap();
        std::fs::copy(std::env::current_exe().unwrap(), program.path()).unwrap();
        let path = program.into_temp_path();
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        println!("and as an ordinary user:");
        let status = Command::new(&path)
            .env("LAB_TEST_ROLE", "inner")
            .current_dir("/")
            .gid(nobody)
            .uid(nobody)
            .status();
        match status {
            Ok(status) => assert!(status.success(), "as an ordinary user: {status}"),
            Err(error) => skip("the_lab", &format!("cannot run as an ordinary user ({error})")),
        }
    }
}
