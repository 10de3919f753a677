//! Comparisons: what a ledger says is what the packets say, and pictures of them obey the rules of
//! all pictures.
//!
//! Here round trips are found from packets alone: a packet is as deep as the deepest that its
//! sender had received, and one deeper where the server sends it. Times are not held against
//! anything.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use wirestage::compare::{SETS, Set, Until, Way};
use wirestage::document::{Document, Opening};
use wirestage_dissectors::frames::{Frame, Frames, LinkType};
use wirestage_dissectors::ids::FrameId;
use wirestage_tests::picture::holds;
use wirestage_tests::program::{no_lab, run};
use wirestage_tests::{open, root, skip};

/// The textbook figures: round trips before the request, and for the answer.
const TEXTBOOK: &[(&str, (u32, u32))] = &[
    ("https-tls12", (3, 1)),
    ("https-tls13", (2, 1)),
    ("https-tfo-tls13", (1, 1)),
    ("https-tls13-0rtt", (1, 1)),
    ("https-quic", (1, 1)),
    ("https-quic-0rtt", (0, 1)),
];

/// A machine that is busy for longer than a round trip may make a server answer what came later.
const TRIES: usize = 4;

/// What packets say of the measured connection.
#[derive(Debug, PartialEq, Eq)]
struct Counted {
    before: u32,
    answer: u32,
    /// Packets and bytes at the client's end, through the first byte of the answer.
    packets: u32,
    bytes: u64,
    /// The same before the packet of the request.
    packets_before: u32,
    bytes_before: u64,
}

/// The packet of IPv4 in a frame.
fn packet<'a>(frame: &Frame<'a>) -> &'a [u8] {
    match frame.link {
        LinkType::ETHERNET => &frame.bytes[14..],
        _ => frame.bytes,
    }
}

/// The port of the client in a packet between these ends, and whether the client sent it.
fn port(packet: &[u8]) -> Option<(u16, bool)> {
    let header = usize::from(packet.first()? & 0xf) * 4;
    let at = |place: usize| {
        Some(u16::from_be_bytes([*packet.get(header + place)?, *packet.get(header + place + 1)?]))
    };
    let (source, destination) = (at(0)?, at(2)?);
    Some(if destination == 443 { (source, true) } else { (destination, false) })
}

/// The frames of which a row says this, as `wirestage show` lists them.
fn rows(path: &Path, says: &str) -> Vec<FrameId> {
    let shown = run(&["show", &path.display().to_string()]).done();
    let lines = shown.text().lines().filter(|line| line.contains(says));
    let numbers = lines.map(|line| line.split_whitespace().next().unwrap().parse::<u32>().unwrap());
    numbers.map(|number| FrameId(number - 1)).collect()
}

/// Counts, from packets alone: of the last connection, which is the measured one.
fn counted(path: &Path, document: &Document) -> Counted {
    let recording = &*document.recording;
    let own = |id: &FrameId| {
        let frame = recording.frame(*id);
        port(packet(&frame)).map(|(port, _)| (port, frame.interface))
    };
    let asked = rows(path, "GET /").into_iter();
    let mut asked: Vec<(FrameId, u16)> = asked
        .filter_map(|id| own(&id).filter(|(_, end)| *end == 0).map(|(port, _)| (id, port)))
        .collect();
    asked.sort_unstable();
    // The last client that asks, and the first thing it asks for.
    let (_, measured) = *asked.last().expect("somebody asks");
    let request = asked.iter().find(|(_, port)| *port == measured).unwrap().0;
    let answers = rows(path, "200 OK").into_iter();
    let mut answers = answers.filter(|id| own(id) == Some((measured, 0)));
    let answer = answers.next().expect("it is answered");

    let mut depths: HashMap<Vec<u8>, u32> = HashMap::new();
    // The deepest packet that each end has received: the client's, the server's.
    let mut heard = [0, 0];
    let mut found =
        Counted { before: 0, answer: 0, packets: 0, bytes: 0, packets_before: 0, bytes_before: 0 };
    for id in (0..recording.count()).map(FrameId) {
        let frame = recording.frame(id);
        if frame.link == LinkType::MARK {
            continue;
        }
        let bytes = packet(&frame);
        let Some((port, from_client)) = port(bytes).filter(|(port, _)| *port == measured) else {
            continue;
        };
        assert_eq!(port, measured);
        let end = usize::from(frame.interface);
        let is_sent = from_client == (end == 0);
        if is_sent {
            let depth = heard[end] + u32::from(!from_client);
            depths.insert(bytes.to_vec(), depth);
        } else if let Some(depth) = depths.get(bytes) {
            heard[end] = heard[end].max(*depth);
        }
        if id == request {
            (found.packets_before, found.bytes_before) = (found.packets, found.bytes);
        }
        if end == 0 && id <= answer {
            found.packets += 1;
            found.bytes += u64::from(frame.wire_len);
        }
        if id == request {
            found.before = depths[bytes];
        }
        if id == answer {
            found.answer = depths[bytes] - found.before;
        }
    }
    found
}

/// What the ledger of the same recording says.
fn told(document: &Document) -> Counted {
    let way = Way::new(String::new(), String::new(), document.story(None));
    let ledger = way.ledger.expect("somebody asks and is answered");
    Counted {
        before: ledger.until_request.round_trips,
        answer: ledger.for_the_answer(),
        packets: ledger.until_answer.packets,
        bytes: ledger.until_answer.bytes,
        packets_before: ledger.until_request.packets,
        bytes_before: ledger.until_request.bytes,
    }
}

#[test]
fn ledgers_say_what_packets_say_and_that_is_what_textbooks_say() {
    if let Some(why) = no_lab() {
        return skip("the textbook figures", &why);
    }
    let folder = tempfile::tempdir().unwrap();
    let sets = SETS.iter().filter(|set| set.until == Until::FirstByte);
    // What is set for a member is measured below.
    let members = sets.flat_map(|set| set.members).filter(|member| member.knobs.is_empty());
    let members: BTreeMap<_, _> = members.map(|member| (member.scenario, member)).collect();
    let members = members.into_values();
    for scenario in members.map(|member| member.scenario) {
        let (_, expected) = TEXTBOOK.iter().find(|(name, _)| *name == scenario).expect(scenario);
        for trip in ["20ms", "100ms", "300ms"] {
            let path = folder.path().join(format!("{scenario}-{trip}.pcapng"));
            let mut tries = (0..TRIES).map(|_| {
                let (file, link) = (path.display().to_string(), format!("rtt={trip}"));
                let call = ["record", scenario, "--link", &link, "-o", &file, "--force"];
                let ran = run(&call);
                if ran.code != 0 && ran.err.contains("net.ipv4.tcp_fastopen") {
                    return None;
                }
                let _ = ran.done();
                let document = open(&path, Opening::default());
                Some((counted(&path, &document), told(&document)))
            });
            let mut seen = Vec::new();
            let agrees = tries.any(|one| {
                let Some((counted, told)) = one else {
                    skip(&format!("{scenario} over {trip}"), "the kernel refuses Fast Open");
                    return true;
                };
                let is_textbook = (counted.before, counted.answer) == *expected;
                let agrees = counted == told && is_textbook;
                seen.push((counted, told));
                agrees
            });
            assert!(
                agrees,
                "{scenario} over {trip}: {expected:?} is expected, counted and told: {seen:?}"
            );
        }
    }
}

/// What common defaults cost instead: scenario, setting, round trips.
const DEFAULTS: &[(&str, &str, (u32, u32))] = &[
    // A server that waits for the client's Finished before it answers.
    ("https-tls13-0rtt", "answer=handshake-complete", (1, 2)),
    ("https-quic-0rtt", "answer=handshake-complete", (0, 2)),
    // A ClientHello that is larger than what a SYN may carry.
    ("https-tfo-tls13", "group=x25519mlkem768", (2, 1)),
];

#[test]
fn common_defaults_miss_the_textbook_and_ledgers_say_so() {
    if let Some(why) = no_lab() {
        return skip("what defaults cost", &why);
    }
    let folder = tempfile::tempdir().unwrap();
    for (scenario, setting, expected) in DEFAULTS {
        let path = folder.path().join(format!("{scenario}.pcapng"));
        let file = path.display().to_string();
        let mut seen = Vec::new();
        let agrees = (0..TRIES).any(|_| {
            let call = ["record", scenario, "--set", setting, "--link", "rtt=100ms"];
            let ran = run(&[&call[..], &["-o", &file, "--force"]].concat());
            if ran.code != 0 && ran.err.contains("net.ipv4.tcp_fastopen") {
                skip(scenario, "the kernel refuses Fast Open");
                return true;
            }
            let _ = ran.done();
            let document = open(&path, Opening::default());
            let (counted, told) = (counted(&path, &document), told(&document));
            let agrees = counted == told && (counted.before, counted.answer) == *expected;
            seen.push((counted, told));
            agrees
        });
        assert!(agrees, "{scenario}, {setting}: {expected:?} expected, counted and told: {seen:?}");
    }
}

/// The round trips of each way that JSON tells, by name.
fn figures(json: &str) -> Vec<(String, (u64, u64))> {
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    let ways = json["ways"].as_array().unwrap().iter();
    let figures = ways.map(|way| {
        let trips = &way["ledger"]["round_trips"];
        let of = |part: &str| trips[part].as_u64().unwrap_or_default();
        (way["name"].as_str().unwrap().to_owned(), (of("before"), of("for_the_answer")))
    });
    figures.collect()
}

#[test]
fn what_defaults_cost_stands_beside_what_the_tuned_ones_do() {
    if let Some(why) = no_lab() {
        return skip("defaults beside tuned ones", &why);
    }
    let set = Set::find("https-defaults").unwrap();
    let expected: Vec<(String, (u32, u32))> = set
        .members
        .iter()
        .map(|member| {
            let set = member.knobs.first().map(|(knob, value)| format!("{knob}={value}"));
            let default = DEFAULTS.iter().find(|(scenario, setting, _)| {
                *scenario == member.scenario && set.as_deref() == Some(*setting)
            });
            let textbook = TEXTBOOK.iter().find(|(scenario, _)| *scenario == member.scenario);
            let found = match set {
                Some(_) => default.map(|(.., trips)| *trips),
                None => textbook.map(|(_, trips)| *trips),
            };
            (member.name.to_owned(), found.expect(member.name))
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let keep = folder.path().display().to_string();
    let mut seen = Vec::new();
    let agrees = (0..TRIES).any(|_| {
        let ran = run(&["compare", "https-defaults", "--format", "json", "--keep", &keep]).done();
        let found = figures(ran.text());
        // Where the kernel refuses Fast Open its ways are left out.
        let agrees = found.len() >= 4
            && found.iter().all(|(name, (before, answer))| {
                expected.iter().any(|(own, (one, other))| {
                    own == name && (u64::from(*one), u64::from(*other)) == (*before, *answer)
                })
            });
        seen.push(found);
        agrees
    });
    assert!(agrees, "{expected:?} expected, seen {seen:?}");
    let kept = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(kept, seen.last().unwrap().len(), "a file for each");
}

#[test]
fn a_scenario_stands_beside_itself_with_settings_of_its_own() {
    if let Some(why) = no_lab() {
        return skip("a scenario beside itself", &why);
    }
    let name = "https-quic-0rtt";
    let other = format!("{name}:answer=handshake-complete");
    let mut seen = Vec::new();
    let agrees = (0..TRIES).any(|_| {
        let ran = run(&["compare", name, &other, "--format", "json"]).done();
        let found = figures(ran.text());
        let trips: Vec<(u64, u64)> = found.iter().map(|(_, trips)| *trips).collect();
        assert_eq!(found[1].0, "https-quic-0rtt, answer=handshake-complete");
        seen.push(found);
        trips == [(0, 1), (0, 2)]
    });
    assert!(agrees, "{seen:?}");
    run(&["compare", name, "https-quic-0rtt:answer"]).failed(2, "is no setting", "KNOB=VALUE");
    run(&["compare", name, "https-quic-0rtt:answer=never"]).failed(2, "cannot be", "at-once");
}

#[test]
fn the_ledgers_of_the_samples_say_what_their_packets_say() {
    for (name, expected) in TEXTBOOK {
        let path = root().join("assets/recordings").join(name).join("recording.pcapng");
        if !path.exists() {
            continue;
        }
        let document = open(&path, Opening::default());
        let counted = counted(&path, &document);
        assert_eq!((counted.before, counted.answer), *expected, "{name}");
        assert_eq!(told(&document), counted, "{name}");
    }
}

/// The samples of the set, and others that differ in every way.
fn sources() -> Vec<Vec<String>> {
    let sample = |name: &str| {
        let path = root().join("assets/recordings").join(name).join("recording.pcapng");
        path.display().to_string()
    };
    let set = |name: &str| -> Vec<String> {
        Set::find(name).unwrap().members.iter().map(|one| sample(one.scenario)).collect()
    };
    let of = |names: &[&str]| names.iter().map(|name| sample(name)).collect();
    vec![
        set("https"),
        of(&["tls12-full", "tls13-full"]),
        of(&["dns-lookup", "dns-over-tcp", "udp-echo"]),
        of(&["tcp-loss-recovery", "https-quic", "tcp-refused", "http2-control"]),
    ]
}

#[test]
fn nothing_overlaps_and_nothing_is_cut_at_any_width() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("compared.svg").display().to_string();
    for sources in sources() {
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        for align in ["time", "meaning"] {
            for width in ["420", "560", "700", "900", "1240", "1640", "2600"] {
                let asked = ["-o", &picture, "--width", width, "--align", align];
                let _ = run(&[&["compare"], sources.as_slice(), &asked].concat()).done();
                let svg = std::fs::read_to_string(&picture).unwrap();
                let points = width.parse().unwrap();
                holds(&format!("{sources:?} by {align} at {width}"), &svg, points..=points, "");
            }
        }
    }
}

/// Holds a comparison of answers against the rule of each carrier, by what each piece waited for.
fn only_tcp_holds_up_all(ways: &[serde_json::Value]) -> Result<(), String> {
    let [tcp, quic] = ways else { return Err(format!("{} ways", ways.len())) };
    let held = |way: &serde_json::Value| -> Vec<(i64, i64)> {
        let answers = way["answers"].as_array().into_iter().flatten();
        answers.map(|one| (one["held"].as_i64().unwrap(), one["whole"].as_i64().unwrap())).collect()
    };
    let (tcp, quic) = (held(tcp), held(quic));
    let count = |all: &[(i64, i64)]| all.iter().filter(|(held, _)| *held > 0).count();
    // What was lost of the last piece of an answer holds up nothing behind it.
    let is_so = tcp.len() == 3 && quic.len() == 3 && count(&tcp) == 3 && count(&quic) <= 1;
    // All of TCP are whole when the packet came again; of QUIC only the one that it belongs to.
    let late = |all: &[(i64, i64)]| {
        let last = all.iter().map(|(_, whole)| *whole).max().unwrap_or(0);
        all.iter().filter(|(_, whole)| last - whole < 20_000_000).count()
    };
    let is_so = is_so && late(&tcp) == 3 && late(&quic) == 1;
    is_so.then_some(()).ok_or(format!("held and whole: {tcp:?}, {quic:?}"))
}

#[test]
fn one_lost_packet_holds_up_all_answers_over_tcp_and_one_over_quic() {
    if let Some(why) = no_lab() {
        return skip("head-of-line blocking", &why);
    }
    let mut seen = Vec::new();
    let agrees = (0..TRIES).any(|_| {
        let ran = run(&["compare", "hol-blocking", "--format", "json"]).done();
        let json: serde_json::Value = serde_json::from_str(ran.text()).unwrap();
        let found = only_tcp_holds_up_all(json["ways"].as_array().unwrap());
        seen.extend(found.clone().err());
        found.is_ok()
    });
    assert!(agrees, "{seen:#?}");
}

#[test]
fn pictures_of_answers_obey_the_rules_of_all_pictures() {
    if let Some(why) = no_lab() {
        return skip("pictures of head-of-line blocking", &why);
    }
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("answers.svg").display().to_string();
    for width in ["420", "700", "900", "1640"] {
        let asked = ["-o", &picture, "--width", width];
        let _ = run(&[&["compare", "hol-blocking"], &asked[..]].concat()).done();
        let svg = std::fs::read_to_string(&picture).unwrap();
        let points = width.parse().unwrap();
        holds(&format!("hol-blocking at {width}"), &svg, points..=points, "");
        assert!(svg.contains(">3 of 3</text>"), "over TCP all wait");
    }
}

#[test]
fn text_json_and_picture_show_the_same_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let sources = sources().swap_remove(0);
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    let call = |more: &[&str]| run(&[&["compare"], sources.as_slice(), more].concat()).done();
    let text = call(&[]).text().to_owned();
    let json: serde_json::Value = serde_json::from_str(call(&["--format", "json"]).text()).unwrap();
    let path = folder.path().join("a.svg").display().to_string();
    let _ = call(&["-o", &path, "--width", "1640"]);
    let svg = std::fs::read_to_string(&path).unwrap();
    let ways = json["ways"].as_array().unwrap();
    assert_eq!(ways.len(), sources.len());
    for way in ways {
        let trips = &way["ledger"]["round_trips"];
        let figures = format!("{} + {}", trips["before"], trips["for_the_answer"]);
        let packets = way["ledger"]["until_answer"]["packets"].to_string();
        let name = way["name"].as_str().unwrap();
        let line = text.lines().find(|line| line.starts_with(name)).expect("a line for each");
        assert!(line.contains(&figures) && line.contains(&packets), "{line}: {figures}, {packets}");
        assert!(svg.contains(&format!(">{packets}</text>")), "{packets} in the picture");
        let before = way["ledger"]["until_request"]["packets"].to_string();
        assert!(line.contains(&format!(" {before} of {packets} ")), "{line}: {before}");
        assert!(svg.contains(&format!(">{before}</text>")), "{before} in the picture");
    }
    for ending in ["png", "pdf", "txt", "json"] {
        let path = folder.path().join(format!("a.{ending}"));
        let _ = call(&["-o", &path.display().to_string()]);
        assert!(path.metadata().unwrap().len() > 500, "{ending}");
    }
    run(&["compare", sources[0]]).failed(2, "no comparison", "name two files");
    run(&["compare", "nonsense"]).failed(2, "no set called", "https");
    run(&["compare", sources[0], sources[1], "-o", "a.mmd"]).failed(2, ".svg", "-o https.svg");
}
