//! The requests panel, by the names that a screen reader hears.

use super::*;

/// A window that shows the requests of a recording.
fn requests(name: &str, count: usize) -> Harness<'static, Window> {
    let mut harness = explore(recording(name));
    harness.get_by_label("Requests").click();
    let rows = format!("Requests, {count} rows");
    until(&mut harness, &rows, |harness| harness.query_by_label(&rows).is_some());
    harness
}

/// Where a row of the list stands from the top.
fn top(harness: &Harness<'_, Window>, words: &str) -> f32 {
    harness.get_by_label_contains(words).rect().top()
}

#[test]
fn a_request_leads_to_its_question_in_the_diagram_and_in_the_tree() {
    let mut harness = requests("http1-keepalive", 4);
    choose_row(&mut harness, "Request 3, POST http://server.wirestage.test/guestbook: 303 in ");
    until(&mut harness, "its tree", |harness| {
        harness.query_all_by_label_contains("Request Method: POST").next().is_some()
    });
    let open = harness.state().state.explore.as_ref().unwrap();
    let (story, selection) = (open.shown.story.clone().unwrap(), open.selection.clone());
    let beat = selection.beat.and_then(|beat| story.beat(beat)).expect("a step is raised");
    assert_eq!(beat.label, "POST /guestbook");
    assert_eq!(selection.anchor, beat.anchor);
    assert_eq!(open.request(), Some(3));
}

#[test]
fn requests_of_one_frame_are_told_apart() {
    let mut harness = requests("http1-pipelining", 3);
    for path in ["/about.html", "/report"] {
        choose_row(&mut harness, &format!("GET http://server.wirestage.test{path}: "));
        harness.run_steps(5);
        let open = harness.state().state.explore.as_ref().unwrap();
        let story = open.shown.story.clone().unwrap();
        let beat = open.selection.beat.and_then(|beat| story.beat(beat)).expect("a step");
        assert_eq!(beat.label, format!("GET {path}"));
    }
}

#[test]
fn the_list_is_sorted_narrowed_and_gone_through_by_the_keyboard() {
    let mut harness = requests("http1-keepalive", 4);
    let order =
        |harness: &Harness<'_, Window>| top(harness, "Request 3, ") < top(harness, "Request 2, ");
    assert!(!order(&harness));
    harness.get_by_label("Sort requests by Status").click();
    harness.run_steps(3);
    harness.get_by_label("Sort requests by Status, ascending").click();
    until(&mut harness, "the highest code first", order);

    harness.get_by_label("Narrow the requests").focus();
    harness.run_steps(3);
    harness.get_by_label("Narrow the requests").type_text("get html");
    until(&mut harness, "what is left", |harness| {
        harness.query_by_label("Requests, 3 rows").is_some()
    });
    assert!(harness.query_by_label_contains("POST http").is_none());

    harness.get_by_label("Requests, 3 rows").focus();
    harness.run_steps(3);
    harness.key_press(Key::End);
    harness.run_steps(3);
    let last = harness.state().state.explore.as_ref().unwrap().request();
    harness.key_press(Key::ArrowUp);
    harness.run_steps(3);
    let before = harness.state().state.explore.as_ref().unwrap().request();
    assert!(last.is_some() && before.is_some() && last != before);
    harness.check_accessibility();
}

#[test]
fn requests_are_saved_as_an_archive_and_as_files() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = requests("http1-keepalive", 4);
    harness.state_mut().state.settings.exports = Some(folder.path().to_path_buf());
    harness.get_by_label("Save as HAR…").click();
    until(&mut harness, "the export", |harness| harness.query_by_label("File").is_some());
    harness.get_by_label("Write the file").click();
    let done = "4 requests; taken out: values in queries and forms in 1 request";
    until(&mut harness, done, |harness| harness.query_by_label_contains(done).is_some());
    let found = |is_folder: bool| {
        let all = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        all.into_iter().find(|path| path.is_dir() == is_folder).expect("it was written")
    };
    let archive: serde_json::Value =
        serde_json::from_slice(&std::fs::read(found(false)).unwrap()).unwrap();
    assert_eq!(archive["log"]["entries"].as_array().map(Vec::len), Some(4));

    harness.get_by_label("Contents").click();
    harness.run_steps(3);
    harness.get_by_label("Write the files").click();
    let done = "4 contents, 936 B";
    until(&mut harness, done, |harness| harness.query_by_label_contains(done).is_some());
    assert_eq!(std::fs::read_dir(found(true)).unwrap().count(), 4);
}

#[test]
fn where_nothing_was_asked_the_panel_says_so() {
    let mut harness = explore(recording("udp-echo"));
    harness.get_by_label("Requests").click();
    let words = "No request was found";
    until(&mut harness, words, |harness| harness.query_by_label_contains(words).is_some());
}
