//! Every command as a user types it: what it prints, what it writes, and how it fails.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use wirestage::document::About;
use wirestage::record::{self, Setup, State};
use wirestage_captures::write::{NewInterface, SectionHeader};
use wirestage_captures::{PcapngWriter, Recording};
use wirestage_dissectors::frames::LinkType;
use wirestage_dissectors::ids::Time;
use wirestage_generators::SCENARIOS;
use wirestage_tests::program::{command, no_lab, program, ran, run, run_with};
use wirestage_tests::skip;

/// The commands that the help lists.
fn commands(help: &str) -> Vec<&str> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    listed.map_while(|line| line.split_whitespace().next()).collect()
}

/// A file in a folder that is gone after the test.
pub(super) fn file(folder: &TempDir, name: &str, bytes: &[u8]) -> String {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

pub(super) fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A recording of three datagrams without content, made by hand.
pub(super) fn three_frames() -> Vec<u8> {
    let mut writer = PcapngWriter::new(Vec::new(), &SectionHeader::default()).unwrap();
    let interface = NewInterface {
        name: "lo".into(),
        description: String::new(),
        link: LinkType::ETHERNET,
        snap_len: 0,
        filter: String::new(),
    };
    let interface = writer.interface(&interface).unwrap();
    let mut frame = vec![0; 12];
    frame.extend([8, 0, 0x45, 0, 0, 28, 0, 0, 0x40, 0, 64, 17, 0, 0]);
    frame.extend([127, 0, 0, 1, 127, 0, 0, 2, 0x9c, 0x40, 0, 7, 0, 8, 0, 0]);
    for number in 1..=3 {
        let time = Time(1_700_000_000_000_000_000 + number);
        writer.packet(interface, time, frame.len() as u32, &frame).unwrap();
    }
    writer.into_inner()
}

/// Whether only its owner may read a file.
fn is_private(path: impl AsRef<Path>) -> bool {
    fs::metadata(path).unwrap().permissions().mode() & 0o777 == 0o600
}

#[test]
fn help_teaches_each_command_by_example() {
    let help = run(&["--help"]).done();
    let commands = commands(help.text());
    assert!(commands.len() >= 15 && commands.contains(&"record"), "{commands:?}");
    for name in commands {
        for flag in ["-h", "--help"] {
            let help = run(&[name, flag]).done();
            let example = format!("Examples:\n  wirestage {name}");
            assert!(help.text().contains(&example), "{name}: {}", help.text());
        }
    }
    assert!(help.text().contains("Exit codes: 0 done, 1 the work failed, 2 wrong usage."));
    assert!(!help.text().contains("lab-child"), "what the program calls itself by is hidden");
    assert!(run(&["--version"]).done().text().starts_with("wirestage "));
}

#[test]
fn the_list_holds_every_scenario_and_knob() {
    let list = run(&["list"]).done();
    let json: Value = serde_json::from_str(run(&["list", "--json"]).done().text()).unwrap();
    for (index, scenario) in SCENARIOS.iter().enumerate() {
        assert!(list.text().contains(scenario.name) && list.text().contains(scenario.title));
        assert_eq!(json[index]["name"], scenario.name);
        assert_eq!(json[index]["teaches"], scenario.teaches);
        for knob in scenario.knobs {
            assert!(list.text().contains(&format!("--set {}={}", knob.name, knob.default)));
        }
    }
    assert_eq!(json.as_array().unwrap().len(), SCENARIOS.len());
}

#[test]
fn a_recording_goes_through_every_command() {
    if let Some(why) = no_lab() {
        return skip("a_recording_goes_through_every_command", &why);
    }
    let folder = folder();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (a, keys, transcript) = (path("a.pcapng"), path("keys.log"), path("a.json"));
    let recorded = run(&[
        "record",
        "tls13-full",
        "-o",
        &a,
        "--keys",
        &keys,
        "--transcript",
        &transcript,
        "--set",
        "suite=chacha20",
    ])
    .done();
    assert!(recorded.text().starts_with(&a), "{}", recorded.text());
    for file in [&a, &keys, &transcript] {
        assert!(is_private(file), "{file} can be read by its owner only");
    }
    assert!(fs::read_to_string(&keys).unwrap().contains("CLIENT_TRAFFIC_SECRET_0 "));
    let told: Value = serde_json::from_str(&fs::read_to_string(&transcript).unwrap()).unwrap();
    assert!(told["entries"].as_array().unwrap().len() > 5, "{told}");

    let recording = Recording::open(&a).unwrap();
    let about = About::of(&recording);
    assert_eq!(about.scenario.as_deref(), Some("tls13-full"));
    assert!(about.knobs.contains(&("suite".into(), "chacha20".into())), "{about:?}");
    assert!(!about.ended_early());
    let names: Vec<_> = recording.names().into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["Client", "Server"]);

    let info: Value = serde_json::from_str(run(&["info", &a, "--json"]).done().text()).unwrap();
    let frames = info["frames"].as_u64().unwrap() as usize;
    assert!(frames > 10 && info["marks"].as_u64().unwrap() > 3, "{info}");
    assert_eq!(info["flows"]["tcp"], 1);
    assert_eq!(
        run(&["show", &a, "--fields", "frame.number"]).done().text().lines().count(),
        frames
    );
    assert!(run(&["show", &a, "--frame", "2", "--format", "tree"]).done().text().contains("SYN"));
    assert!(run(&["story", &a]).done().text().starts_with("TLS 1.3: full handshake"));
    let story = run(&["story", &a, "--format", "json", "--connection", "1"]).done();
    let story: Value = serde_json::from_str(story.text()).unwrap();
    assert_eq!(story["cast"][0]["name"], "Client");

    let (svg, png) = (path("a.svg"), path("a.png"));
    let _ = run(&["export", &a, "-o", &svg]).done();
    let _ = run(&["export", &a, "-o", &png, "--theme", "dark", "--scale", "1"]).done();
    assert!(fs::read_to_string(&svg).unwrap().starts_with("<svg "));
    assert!(fs::read(&png).unwrap().starts_with(b"\x89PNG"));

    // The same over pipes, and without marks.
    let piped = run(&["record", "udp-echo", "--no-marks", "-o", "-"]).done();
    let info = run_with(&["info", "-", "--json"], &piped.out).done();
    let info: Value = serde_json::from_str(info.text()).unwrap();
    assert_eq!((&info["marks"], &info["flows"]["udp"]), (&Value::from(0), &Value::from(1)));
}

#[test]
fn a_recording_without_a_name_takes_the_first_that_is_free() {
    if let Some(why) = no_lab() {
        return skip("a_recording_without_a_name_takes_the_first_that_is_free", &why);
    }
    let folder = folder();
    for expected in ["udp-echo.pcapng", "udp-echo-2.pcapng"] {
        let recorded = ran(command(&["record", "udp-echo"]).current_dir(&folder)).done();
        assert!(recorded.text().starts_with(expected), "{}", recorded.text());
        assert!(is_private(folder.path().join(expected)));
    }
}

#[test]
fn the_hosts_loopback_does_where_there_is_no_namespace() {
    let folder = folder();
    let path = folder.path().join("a.pcapng").display().to_string();
    let recorded =
        ran(command(&["record", "tcp-refused", "-o", &path]).env("WIRESTAGE_LAB", "host"));
    if recorded.code == 1 && recorded.err.contains("cap_net_raw") {
        return skip("the_hosts_loopback_does_where_there_is_no_namespace", &recorded.err);
    }
    let _ = recorded.done();
    let about = About::of(&Recording::open(&path).unwrap());
    assert_eq!(about.way.as_deref(), Some("host"));
    let flags = run(&["show", &path, "--fields", "tcp.flags"]).done();
    assert_eq!(flags.text().lines().count(), 2, "only our own packets: {}", flags.text());
}

#[test]
fn where_nothing_can_be_recorded_it_is_said_why() {
    let refused = |arguments: &[&str]| ran(command(arguments).env("WIRESTAGE_LAB", "refused"));
    let mend = "unset the variable WIRESTAGE_LAB";
    refused(&["record", "udp-echo", "-o", "/dev/null"]).failed(1, "WIRESTAGE_LAB=refused", mend);
    let doctor = refused(&["doctor"]);
    doctor.failed(1, "cannot be recorded", mend);
    assert!(doctor.text().contains("fail  recording scenarios"), "{}", doctor.text());
}

#[test]
fn a_cut_file_keeps_what_is_readable_and_says_so() {
    let folder = folder();
    let whole = three_frames();
    let cut = file(&folder, "cut.pcapng", &whole[..whole.len() - 10]);
    let shown = run(&["show", &cut]).done();
    assert_eq!(shown.text().lines().count(), 2, "{}", shown.text());
    assert!(
        shown.err.starts_with("note: ") && shown.err.contains("middle of a block"),
        "{}",
        shown.err
    );
    let info = run(&["info", &cut]).done();
    assert!(info.text().contains("middle of a block"), "{}", info.text());
    run(&["show", &cut, "--frame", "3"]).failed(1, "there is no frame 3", "from 1 to 2");
}

/// A pcap file of these link type and frames.
fn pcap(link: u32, frames: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0];
    bytes.extend([0; 8]);
    bytes.extend([65_535u32, link].iter().flat_map(|number| number.to_le_bytes()));
    for frame in frames {
        bytes.extend([0; 8]);
        bytes.extend([frame.len() as u32; 2].iter().flat_map(|number| number.to_le_bytes()));
        bytes.extend(*frame);
    }
    bytes
}

#[test]
fn what_could_not_be_read_is_said_by_number_and_name() {
    let folder = folder();
    let slip = file(&folder, "slip.pcap", &pcap(8, &[b"one", b"three"]));
    let what = "2 frames of Link type 8 (SLIP) (8 bytes)";
    let info = run(&["info", &slip]).done();
    assert!(info.text().contains("not read    2 frames, 8 bytes"), "{}", info.text());
    assert!(info.text().contains("Link type 8 (SLIP) (not read)"), "{}", info.text());
    let info: Value = serde_json::from_str(run(&["info", &slip, "--json"]).done().text()).unwrap();
    assert_eq!(info["unread"]["what"], what);
    assert_eq!((&info["unread"]["frames"], &info["bytes"]), (&Value::from(2), &Value::from(8)));
    let story = run(&["story", &slip]).done();
    assert!(story.text().contains(&format!("Not read: {what}.")), "{}", story.text());
    let ether = [&[2; 12][..], &[0x81, 0x37], b"ipx."].concat();
    let told = run(&["story", &file(&folder, "ipx.pcap", &pcap(1, &[&ether]))]).done();
    let what = "Not read: 1 frame of EtherType 0x8137 (IPX) (18 bytes).";
    assert!(told.text().contains(what), "{}", told.text());
}

#[test]
fn a_reader_that_had_enough_is_no_error() {
    let mut child =
        command(&["list", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn what_cannot_be_written_is_named() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    ran(command(&["list"]).stdout(full)).failed(1, "standard output", "room");
    let folder = folder();
    let a = file(&folder, "a.pcapng", &three_frames());
    run(&["export", &a, "-o", "/no/such/a.svg"]).failed(1, "/no/such/a.svg", "mkdir -p");
    if no_lab().is_none() {
        let recorded = run(&["record", "udp-echo", "-o", "/no/such/a.pcapng"]);
        recorded.failed(1, "/no/such/a.pcapng", "mkdir -p");
    }
}

/// A program that stands in for the recording child.
fn stand_in(folder: &TempDir, script: &str) -> PathBuf {
    let path = folder.path().join("stand-in");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn a_child_that_is_killed_leaves_every_frame_that_was_written() {
    if let Some(why) = no_lab() {
        return skip("a_child_that_is_killed_leaves_every_frame_that_was_written", &why);
    }
    let folder = folder();
    // The real child, of whose output the end is lost, under a shell that kills itself.
    let wirestage = program().display();
    let script = format!(
        "env -u WIRESTAGE_PARENT {wirestage} \"$@\" 2>/dev/null | head -c 5000; kill -9 $$"
    );
    let mut setup = Setup::of(record::find("http1-keepalive").unwrap());
    setup.program = Some(stand_in(&folder, &script));
    let mut job = record::start(&setup, || {}).unwrap();
    let state = job.wait().unwrap();
    assert!(matches!(&state, State::Early { why } if why.contains("SIGKILL")), "{state:?}");

    let path = folder.path().join("a.pcapng");
    record::save(job.recording(), &path).unwrap();
    assert!(is_private(&path));
    let frames = job.frames().unwrap() as usize;
    assert!(frames > 5, "{frames} frames");
    assert!(About::of(&Recording::open(&path).unwrap()).ended_early());
    let shown = run(&["show", path.to_str().unwrap()]).done();
    assert_eq!(shown.text().lines().count(), frames);
    assert!(shown.err.contains("ended early"), "{}", shown.err);
}

#[test]
fn a_child_that_fails_says_why() {
    if let Some(why) = no_lab() {
        return skip("a_child_that_fails_says_why", &why);
    }
    let folder = folder();
    let script = "printf 'error: the stage is on fire\\nmend: put it out\\n' >&2; exit 1";
    let mut setup = Setup::of(record::find("udp-echo").unwrap());
    setup.program = Some(stand_in(&folder, script));
    let state = record::start(&setup, || {}).unwrap().wait().unwrap();
    let State::Failed(trouble) = state else { panic!("{state:?}") };
    assert_eq!(
        (trouble.cause.as_str(), trouble.mend.as_str()),
        ("the stage is on fire", "put it out")
    );
}

#[test]
fn a_child_that_does_not_stop_is_killed() {
    if let Some(why) = no_lab() {
        return skip("a_child_that_does_not_stop_is_killed", &why);
    }
    let folder = folder();
    let pid = folder.path().join("pid");
    let script = format!("echo $$ > {}; exec sleep 600", pid.display());
    let mut setup = Setup::of(record::find("udp-echo").unwrap());
    setup.program = Some(stand_in(&folder, &script));
    let mut job = record::start(&setup, || {}).unwrap();
    let began = Instant::now();
    let number = loop {
        assert!(began.elapsed() < Duration::from_secs(60), "the stand-in does not start");
        match fs::read_to_string(&pid) {
            Ok(text) if text.ends_with('\n') => break text.trim().to_owned(),
            _ => std::thread::sleep(Duration::from_millis(10)),
        }
    };
    assert_eq!(job.state(), State::Running);
    job.cancel();
    assert_eq!(job.wait().unwrap(), State::Cancelled);
    drop(job);
    let gone = || !Path::new("/proc").join(&number).join("exe").exists();
    while !gone() {
        assert!(began.elapsed() < Duration::from_secs(60), "the child lives on");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn the_overview_tells_a_recording_of_the_project_in_rows() {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/recordings");
    let recording = assets.join("dns-over-tcp/recording.pcapng").display().to_string();
    let text = run(&["story", &recording, "--level", "overview"]).done();
    let expected = "\
2 hosts, 2 connections, 1.67 ms
12 packets · 3.6 kB · 1.67 ms

As it should be
  1  DNS, Name server
     127.0.0.2:53 · 1 connection · 1.3 kB
     from 127.0.0.1
     1 both ways
     Datagrams go both ways. First: Query TXT wirestage.test.
  2  DNS, Name server
     127.0.0.2:53 · 1 connection · 2.3 kB
     from 127.0.0.1
     1 closed in order
     Closed in order. First: Query TXT wirestage.test.

Both connections went well: 1 closed in order, 1 both ways.
";
    assert_eq!(text.text(), expected);
    // The same as data, and the picture.
    let json = run(&["story", &recording, "--level", "overview", "--format", "json"]).done();
    let json: Value = serde_json::from_slice(&json.out).unwrap();
    assert_eq!(json["fates"], serde_json::json!({"both_ways": 1, "closed": 1}));
    assert_eq!(json["connections"][1]["first"], "Query TXT wirestage.test");
    assert_eq!(json["connections"][1]["host_source"], "said by the recording");
    let folder = folder();
    let picture = folder.path().join("overview.svg").display().to_string();
    let drawn = run(&["export", &recording, "--level", "overview", "-o", &picture]).done();
    assert!(drawn.text().contains("points"), "{}", drawn.text());
    let svg = fs::read_to_string(&picture).unwrap();
    assert!(svg.contains("As it should be") && svg.contains("Both connections went well"));
    run(&["story", &recording, "--level", "overview", "--connection", "1"]).failed(
        2,
        "an overview is one of all connections",
        "leave out --connection",
    );
}
