//! Filters on the command line, what they leave behind, and the mistakes that people make.

use std::path::PathBuf;

use wirestage_captures::Recording;
use wirestage_dissectors::frames::Frames;
use wirestage_tests::program::{run, run_with};
use wirestage_tests::root;

fn sample(name: &str) -> String {
    let path = root().join("assets/recordings").join(name).join("recording.pcapng");
    path.display().to_string()
}

fn count(path: &PathBuf) -> u32 {
    Recording::open(path).expect("a recording").count()
}

#[test]
fn frames_are_shown_kept_told_and_counted_by_a_filter() {
    let (http, folder) = (sample("http1-keepalive"), tempfile::tempdir().unwrap());
    let shown = run(&["show", &http, "--filter", "http.response.code >= 300"]).done();
    assert_eq!(shown.text().lines().count(), 1, "{}", shown.text());
    assert!(shown.text().contains("303 See Other"), "{}", shown.text());
    let negative =
        run(&["show", &http, "--filter", "-tcp.window_size_scalefactor == -1024"]).done();
    assert_eq!(negative.text().lines().count(), 14, "{}", negative.text());

    let part = folder.path().join("part.pcapng");
    let to = part.display().to_string();
    let kept = run(&["filter", &http, "http", "-o", &to]).done();
    assert!(kept.text().contains("8 of 29 frames"), "{}", kept.text());
    assert_eq!(count(&part), 8);
    run(&["filter", &http, "http", "-o", &to]).failed(2, "exists already", "--force");
    let whole = ["filter", &http, "http.response.code == 303", "-o", &to];
    let whole = [&whole[..], &["--force", "--whole-connections"]].concat();
    let kept = run(&whole).done();
    assert!(kept.text().contains("(1 of them pass)"), "{}", kept.text());
    let piped = run(&["filter", &http, "udp", "-o", "-"]).done();
    let info = run_with(&["info", "-", "--json"], &piped.out).done();
    assert!(info.text().contains("\"frames\": 0"), "{}", info.text());

    let story = run(&["story", &http, "--filter", "http.response.code == 303"]).done();
    assert!(story.text().contains("303"), "{}", story.text());
    run(&["story", &http, "--filter", "udp"]).failed(1, "no frame passes", "show --filter");
    run(&["story", &http, "--filter", "not tcp"]).failed(1, "belong to no connection", "show");
    let picture = folder.path().join("a.svg").display().to_string();
    let _ = run(&["export", &http, "-o", &picture, "--filter", "tcp"]).done();
    let info = run(&["info", &http, "--filter", "tcp.flags.syn == 1"]).done();
    assert!(info.text().contains("frames      2\n"), "{}", info.text());
}

#[test]
fn keys_that_come_by_themselves_are_kept_with_the_frames() {
    let (tls, folder) = (sample("tls13-full"), tempfile::tempdir().unwrap());
    let recording = Recording::open(&tls).unwrap();
    let bare = folder.path().join("bare.pcapng").display().to_string();
    let keys = folder.path().join("keys.log").display().to_string();
    std::fs::write(&keys, recording.secrets_text()).unwrap();
    let log = folder.path().join("none.pcapng");
    let _ = run(&["filter", &tls, "", "-o", &bare, "--keys", &keys]).done();
    assert_eq!(count(&PathBuf::from(&bare)), recording.count());
    let http = ["filter", &tls, "http", "--keys", &keys, "--whole-connections", "-o"];
    let _ = run(&[&http[..], &[&log.display().to_string()]].concat()).done();
    let shown = run(&["show", &log.display().to_string(), "--filter", "http.request"]).done();
    assert_eq!(shown.text().lines().count(), 1, "{}", shown.text());
}

#[test]
fn a_mistake_in_a_filter_is_shown_at_its_place() {
    let http = sample("http1-keepalive");
    let wrong = run(&["show", &http, "--filter", "ip.scr == 127.0.0.1"]);
    let text = "error: No field is called “ip.scr”\n  ip.scr == 127.0.0.1\n  ^^^^^^\n\
                mend: Did you mean ip.src?\n";
    assert_eq!((wrong.code, wrong.err.as_str()), (2, text));
    let never = run(&["story", &http, "--filter", "tcp.port == 70000"]);
    assert!(never.code == 2 && never.err.contains("never 70000"), "{never:?}");
}

#[test]
fn fields_are_listed_by_a_word_in_their_names() {
    let listed = run(&["fields", "handshake.type", "--values"]).done();
    assert!(listed.text().contains("tls.handshake.type"), "{}", listed.text());
    assert!(listed.text().contains("1 Client Hello"), "{}", listed.text());
    run(&["fields", "tcp.prt"]).failed(1, "tcp.prt", "tcp.port");
    let all = run(&["fields"]).done();
    assert!(all.text().lines().count() > 1000);
}

#[test]
fn shells_and_manuals_know_every_command() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let script = run(&["completions", shell]).done();
        assert!(script.text().contains("whole-connections"), "{shell}");
    }
    let to = folder.path().join("man1");
    let _ = run(&["manual", &to.display().to_string()]).done();
    for page in ["wirestage.1", "wirestage-filter.1", "wirestage-show.1"] {
        let text = std::fs::read_to_string(to.join(page)).unwrap();
        assert!(text.contains(".TH"), "{page}");
    }
}

#[test]
fn wrong_usage_is_answered_with_what_was_meant() {
    let (http, folder) = (sample("http1-keepalive"), tempfile::tempdir().unwrap());
    run(&["shwo", &http]).failed(2, "no command and no file shwo", "wirestage show");
    run(&["/no/such/file.pcapng"]).failed(1, "there is no file", "check the name");
    run(&["show", &http, "--fields", "ip.scr"]).failed(2, "ip.scr", "did you mean ip.src?");
    run(&["story", &http, "--connection", "0"]).failed(2, "0", "");
    run(&["story", &http, "--connection", "2"]).failed(2, "no connection 2", "its number is 1");
    run(&["filter", &http, "tcp", "-o", "/no/such/a.pcapng"]).failed(2, "no folder", "mkdir");
    let here = folder.path().display().to_string();
    run(&["filter", &http, "tcp", "-o", &here]).failed(2, "is a folder", "name a file in it");
    let taken = folder.path().join("taken.pcapng");
    std::fs::write(&taken, "mine").unwrap();
    let taken = taken.display().to_string();
    run(&["record", "udp-echo", "-o", &taken]).failed(2, "exists already", "--force");
    assert_eq!(std::fs::read_to_string(&taken).unwrap(), "mine");
}

#[test]
fn a_recording_is_cut_into_parts_that_are_recordings() {
    let (tls, folder) = (sample("tls13-full"), tempfile::tempdir().unwrap());
    let whole = Recording::open(&tls).unwrap();
    let output = folder.path().join("part.pcapng").display().to_string();
    let part = |number: usize| folder.path().join(format!("part-{number}.pcapng"));
    let cut = |what: &[&str]| {
        let told = run(&[&["filter", &tls], what, &["-o", &output, "--force"]].concat()).done();
        let parts: Vec<usize> = (0..100).filter(|number| part(*number).exists()).collect();
        let counts: Vec<u32> = parts.iter().map(|number| count(&part(*number))).collect();
        for number in &parts {
            // Each can be read by itself.
            let one = Recording::open(part(*number)).unwrap();
            assert_eq!(one.secrets_text(), whole.secrets_text());
            assert_eq!(one.names(), whole.names());
            std::fs::remove_file(part(*number)).unwrap();
        }
        (told.text().to_owned(), parts, counts)
    };
    let all = whole.count();
    let (told, parts, counts) = cut(&["--split", "10"]);
    assert!(told.contains(&format!("({} files): {all} of {all} frames", parts.len())), "{told}");
    assert_eq!(parts, (1..=all.div_ceil(10) as usize).collect::<Vec<_>>());
    assert_eq!((counts[0], counts.iter().sum::<u32>()), (10, all));
    let (_, _, counts) = cut(&["--split", "1kB"]);
    assert!(counts.len() > 2 && counts.iter().sum::<u32>() == all, "{counts:?}");
    let (_, _, counts) = cut(&["--split", "2ms"]);
    assert!(counts.len() > 1 && counts.iter().sum::<u32>() == all, "{counts:?}");
    let (told, parts, counts) = cut(&["--split", "connections"]);
    assert!(parts.contains(&1) && counts.iter().sum::<u32>() == all, "{told}");
    // Of what passes, too.
    let (_, _, counts) = cut(&["tcp.flags.syn == 1", "--split", "1"]);
    assert_eq!(counts, [1, 1]);

    let (http, to) = (sample("http1-keepalive"), ["-o", &output]);
    let split = |by: &'static str| [&["filter", &http, "--split", by], &to[..]].concat();
    run(&split("10 apples")).failed(2, "10 apples", "--help");
    let _ = run(&split("20")).done();
    run(&split("20")).failed(2, "part-1.pcapng exists already", "--force");
    run(&["filter", &http, "--split", "9", "-o", "-"]).failed(2, "no pipe", "part.pcapng");
    run(&["filter", &http, "-o", &output]).failed(2, "EXPR", "filter");
}
