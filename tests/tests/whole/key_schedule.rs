//! Key schedules, worked out again from the key log and held against the recording.

use wirestage::document::{Document, Opening};
use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::protocols::tls::schedule::{
    Schedule, ScheduledSecret, Standing, schedules,
};
use wirestage_dissectors::secret::Secrets;
use wirestage_tests::program::run;
use wirestage_tests::{open, root, samples};

/// All key schedules of a recording.
fn all(document: &Document) -> Vec<Schedule> {
    let mut conversations = document.conversations();
    let known = (document.context(), &*document.survey);
    let ids = document.connections.iter();
    ids.flat_map(|id| schedules(&mut conversations, known, *id)).collect()
}

fn sample(name: &str) -> Vec<Schedule> {
    let path = root().join("assets/recordings").join(name).join("recording.pcapng");
    all(&open(&path, Opening::default()))
}

/// The key schedule of a recording of one handshake.
fn only(name: &str) -> Schedule {
    let mut found = sample(name);
    assert_eq!(found.len(), 1, "{name} is one handshake");
    found.remove(0)
}

fn stage<'s>(schedule: &'s Schedule, name: &str) -> &'s ScheduledSecret {
    let found = schedule.stages.iter().find(|stage| stage.name == name);
    found.unwrap_or_else(|| panic!("there is no {name}"))
}

/// How many of the Finished of a schedule were checked, and found right.
fn checked(schedule: &Schedule) -> Vec<bool> {
    schedule.stages.iter().filter_map(|stage| stage.finished).map(|one| one.is_right).collect()
}

#[test]
fn every_finished_of_every_sample_is_right() {
    let mut seen = 0;
    for (name, folder) in samples() {
        let document = open(&folder.join("recording.pcapng"), Opening::default());
        for schedule in all(&document) {
            let right = checked(&schedule);
            assert!(right.iter().all(|right| *right), "{name}: {:?}", schedule.stages);
            // Who refuses a handshake sends none.
            assert!(right.len() == 2 || name == "tls-failures", "{name}: {right:?}");
            seen += right.len();
        }
    }
    assert!(seen >= 50, "only {seen} were seen");
}

#[test]
fn each_secret_is_made_of_one_that_came_before_it() {
    let check = |name: &str, roots: &[&str]| {
        let schedule = only(name);
        let mut found = Vec::new();
        for (at, stage) in schedule.stages.iter().enumerate() {
            match schedule.parent(at) {
                Some(parent) => {
                    assert!(parent < at, "{name}: {} is above what it is made of", stage.name);
                }
                None => found.push(stage.name.as_str()),
            }
        }
        assert_eq!(found, roots, "{name}");
    };
    check("tls13-full", &["Early Secret"]);
    check("tls13-key-update", &["Early Secret"]);
    check("quic-1rtt", &["Early Secret"]);
    check("tls12-full", &["premaster secret"]);
    let full = only("tls13-full");
    let parent = |name: &str| {
        let at = full.stages.iter().position(|stage| stage.name == name).unwrap();
        full.parent(at).map(|at| full.stages[at].name.as_str())
    };
    assert_eq!(parent("client_application_traffic_secret_0"), Some("Main Secret"));
    assert_eq!(parent("pre-shared key of the ticket"), Some("resumption_secret"));
    assert_eq!(stage(&full, "exporter_secret").words(), Some("exp master"));
    let inside = full.stages.iter().filter(|stage| stage.is_inside());
    assert_eq!(inside.count(), 5);
}

#[test]
fn each_secret_says_what_it_opens() {
    let full = &only("tls13-full");
    let server = stage(full, "server_handshake_traffic_secret");
    assert_eq!((server.standing, server.since.0), (Standing::Logged, "ServerHello"));
    assert!(server.opened.is_some_and(|opened| opened.records >= 1));
    assert_eq!(stage(full, "client_early_traffic_secret").standing, Standing::NotMade);
    for hidden in ["Early Secret", "Handshake Secret", "Main Secret", "resumption_secret"] {
        let hidden = stage(full, hidden);
        assert_eq!((hidden.standing, &hidden.value), (Standing::Hidden, &None));
    }
    assert_eq!(stage(full, "exporter_secret").standing, Standing::Logged);

    let early = sample("tls13-0rtt");
    let early = early.iter().map(|one| stage(one, "client_early_traffic_secret"));
    let made = early.map(|one| one.standing != Standing::NotMade && one.opened.is_some());
    let found: Vec<bool> = made.collect();
    assert_eq!(found, [false, true, true]);

    // Packets of QUIC are opened with keys that QUIC makes of them.
    let quic = &only("quic-1rtt");
    for who in ["client", "server"] {
        for name in ["handshake_traffic_secret", "application_traffic_secret_0"] {
            let one = stage(quic, &format!("{who}_{name}"));
            assert!(one.seals_packets && one.opened.is_some(), "{one:?}");
            assert!(one.value.is_some() && one.keys.is_none(), "TLS makes none here: {one:?}");
        }
    }

    let old = &only("tls12-full");
    assert_eq!(stage(old, "master secret").standing, Standing::Logged);
    assert_eq!(stage(old, "client write key").standing, Standing::WorkedOut);
    assert!(stage(old, "server write key").opened.is_some());
}

#[test]
fn a_key_update_makes_the_next_secret_of_the_last() {
    let schedule = &only("tls13-key-update");
    for who in ["client", "server"] {
        let next = stage(schedule, &format!("{who}_application_traffic_secret_1"));
        assert_eq!(next.standing, Standing::WorkedOut);
        assert!(next.opened.is_some_and(|opened| opened.records >= 1), "{who}");
        assert!(next.keys.is_some() && next.value.is_some());
        assert!(next.made_of.contains("_0, \"traffic upd\""), "{}", next.made_of);
    }
}

#[test]
fn without_a_key_log_nothing_is_claimed() {
    let path = root().join("assets/recordings/tls13-full/recording.pcapng");
    let document = open(&path, Opening::default());
    let (none, known) = (Secrets::default(), document.context());
    let context = Context { secrets: &none, ..known };
    let mut conversations = Conversations::new(document.attribution.clone(), 1 << 20);
    for id in document.connections.iter() {
        let found = schedules(&mut conversations, (context, &*document.survey), *id);
        assert_eq!(found.len(), 1);
        assert_eq!(checked(&found[0]), [false; 0]);
        assert!(found[0].stages.iter().all(|stage| stage.value.is_none()));
        assert!(found[0].stages.iter().all(|stage| stage.opened.is_none()));
    }
}

#[test]
fn values_are_shown_on_demand_only() {
    let path = root().join("assets/recordings/tls13-key-update/recording.pcapng");
    let path = path.to_str().expect("a plain name");
    let told = |more: &[&str]| {
        let call = [&["story", path, "--key-schedule"][..], more].concat();
        run(&call).done().text().to_owned()
    };
    let (plain, open) = (told(&[]), told(&["--secrets"]));
    for line in [
        "Connection 1 · TLS 1.3 · TLS_AES_256_GCM_SHA384 · x25519",
        "  From ServerHello on, frame ",
        "    server_handshake_traffic_secret",
        "        made of the Handshake Secret, \"s hs traffic\"; in the key log",
        "was made anew, and is right",
        "never leaves either side, and no key log holds it",
        "  From the client’s KeyUpdate on, frame ",
        "worked out from the key log",
    ] {
        assert!(plain.contains(line), "{line:?} is not in\n{plain}");
    }
    let values = |text: &str| text.matches("        value ").count();
    assert_eq!((values(&plain), values(&open)), (0, 7));
    let schedules = sample("tls13-key-update");
    for stage in schedules.iter().flat_map(|schedule| &schedule.stages) {
        let Some(value) = &stage.value else { continue };
        let digits: String = value.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(open.contains(&digits) && !plain.contains(&digits), "{}", stage.name);
    }
    run(&["story", path, "--secrets"]).failed(2, "--key-schedule", "--help");
}
