//! A thousand streams of HTTP/2 at once, and tables that forget: every head is read, and each piece
//! goes to its stream.

use std::collections::BTreeMap;

use wirestage::document::{Opening, Progress, Windows};
use wirestage_tests::open;
use wirestage_tests::program::run;
use wirestage_tests::streams::{Field, PIECE, PIECES, STREAMS, answer, question, write};

/// Twice, so that streams are opened where others have ended.
const ROUNDS: usize = 2;

/// The fields of a head in an archive, but for those that HTTP/2 adds.
fn fields(half: &serde_json::Value) -> BTreeMap<String, String> {
    let all = half["headers"].as_array().expect("a list").iter().map(|field| {
        let text = |part: &str| field[part].as_str().expect("text").to_owned();
        (text("name"), text("value"))
    });
    all.filter(|(name, _)| !name.starts_with(':')).collect()
}

fn expected(fields: Vec<Field>) -> BTreeMap<String, String> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[test]
fn a_thousand_streams_at_once_are_read_each_with_its_heads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("streams.pcapng");
    write(&path, ROUNDS).unwrap();

    let document = open(&path, Opening::default());
    let requests = document.requests(Windows::default(), &Progress::new()).expect("no cancel");
    assert_eq!(requests.rows.len(), ROUNDS * STREAMS);
    for round in requests.rows.chunks(STREAMS) {
        let answers = || round.iter().map(|row| row.answer.expect("an answer"));
        let last_begun = answers().map(|said| said.first.frame).max();
        let first_ended = answers().map(|said| said.last.frame).min();
        assert!(last_begun < first_ended, "all are under way at once");
    }
    for row in &requests.rows {
        let said = row.answer.expect("an answer");
        assert!(said.ended && row.trouble().is_none(), "{row:?}");
        assert_eq!((row.status, said.body), (Some(200), (PIECES * PIECE) as u64), "{row:?}");
    }

    let file = |name: &str| folder.path().join(name).display().to_string();
    let _ = run(&["export", &file("streams.pcapng"), "-o", &file("streams.har")]).done();
    let archive = std::fs::read(file("streams.har")).unwrap();
    let archive: serde_json::Value = serde_json::from_slice(&archive).unwrap();
    let mut seen = vec![0; ROUNDS * STREAMS];
    for entry in archive["log"]["entries"].as_array().expect("a list") {
        let url = entry["request"]["url"].as_str().expect("text");
        let number = url.strip_prefix("http://many.test/").and_then(|rest| rest.parse().ok());
        let number: usize = number.unwrap_or_else(|| panic!("{url}"));
        seen[number] += 1;
        assert_eq!(fields(&entry["request"]), expected(question(number)), "{number}");
        assert_eq!(fields(&entry["response"]), expected(answer(number)), "{number}");
    }
    assert!(seen.iter().all(|times| *times == 1), "each is there once");
}

#[test]
fn readings_of_many_streams_agree_however_the_file_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("streams.pcapng");
    write(&path, 1).unwrap();
    let requests = |how: Opening, windows: Windows| {
        open(&path, how).requests(windows, &Progress::new()).expect("no cancel")
    };
    let whole = requests(Opening::default(), Windows::default());
    let small = Windows { frames: 64, bytes: 1 << 16, share: 16 };
    assert_eq!(requests(Opening { chunk: 100, budget: 0 }, small), whole);
}
