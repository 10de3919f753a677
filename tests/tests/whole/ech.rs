//! Hellos that are sealed inside others (ECH, RFC 9849), as rustls and NSS have spoken them: with a
//! server that opens them, with one that asks for another key share first, and with one whose key
//! is a newer one; and the key as DNS publishes it. What tshark 4.6 says of their fields is held
//! against ours.

use std::path::PathBuf;

use wirestage::document::Opening;
use wirestage_dissectors::protocols::tls::schedule::schedules;
use wirestage_tests::program::run;
use wirestage_tests::{open, root};

use crate::newer::{Set, samples_that};

fn recording(name: &str) -> PathBuf {
    root().join("tests/referee/ech").join(format!("{name}.pcapng"))
}

const RECORDINGS: [&str; 3] = ["accepted", "retry", "rejected"];

#[test]
fn fields_of_sealed_hellos_are_what_tshark_4_6_says() {
    const WAITS: &str = "it waits for the end of a page that ends with its connection, and shows \
                         nothing of the record of an alert that comes before that";
    let mut recordings = samples_that(|name| name.starts_with("tls13-ech"));
    let all = RECORDINGS.into_iter().chain(["published"]);
    recordings.extend(all.map(|name| (name.to_owned(), recording(name))));
    let set = Set {
        folder: "ech",
        recordings,
        unlike: &[
            ("tls13-ech-accepted", &[12], WAITS),
            ("accepted", &[13], WAITS),
            ("retry", &[15], WAITS),
        ],
        fewest: 60,
        fewest_with_two: 25,
    };
    set.hold("fields_of_sealed_hellos_are_what_tshark_4_6_says");
}

/// The story of a recording in words.
fn story(name: &str) -> String {
    let path = recording(name);
    run(&["story", &path.display().to_string()]).done().text().to_owned()
}

#[test]
fn what_was_sealed_is_told_and_what_the_server_made_of_it() {
    for (name, is_taken) in [("accepted", true), ("retry", true), ("rejected", false)] {
        let told = story(name);
        let has = |part: &str| told.contains(part);
        assert!(has("Inside, under seal: it asks for hidden.example"), "{told}");
        assert!(has("In its place all can read public.example (SNI)"), "{told}");
        let [taken, left] = ["random prove that it has opened", "random do not prove that it has"];
        assert_eq!([has(taken), has(left)], [is_taken, !is_taken], "{told}");
        // What comes then opens by the random inside, or by that outside.
        assert_eq!(has("GET /"), is_taken, "{told}");
        let verdict = "The server has not opened the ClientHello that was sealed for it, and the \
                       client says nothing to anybody else. The server has sent keys to come back \
                       with (retry_configs).";
        assert_eq!(has(verdict), !is_taken, "{told}");
    }
}

/// A recording holds the keys that it takes to tell.
#[test]
fn a_filter_finds_where_a_server_has_taken_it_or_not() {
    for (name, taken, left) in [("accepted", 1, 0), ("retry", 2, 0), ("rejected", 0, 1)] {
        let path = recording(name).display().to_string();
        for (filter, expected) in [("tls.ech_accepted", taken), ("tls.ech_rejected", left)] {
            let frames = run(&["show", &path, "--filter", filter]).done().text().lines().count();
            assert_eq!(frames, expected, "{filter} in {name}");
        }
    }
}

/// The hello that counts is the one of which both Finished are made.
#[test]
fn both_finished_are_made_of_the_hello_that_counts() {
    for name in RECORDINGS {
        let document = open(&recording(name), Opening::default());
        let mut conversations = document.conversations();
        let known = (document.context(), &*document.survey);
        let found = schedules(&mut conversations, known, document.connections[0]);
        assert_eq!(found.len(), 1, "{name}");
        let right = found[0].stages.iter().filter_map(|stage| stage.finished);
        assert_eq!(right.map(|one| one.is_right).collect::<Vec<_>>(), [true; 2], "{name}");
        assert_eq!(found[0].stages[0].name, "ECH shared secret", "{name}");
    }
}
