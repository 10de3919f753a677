//! What two sides said to each other, on the command line.

use wirestage_tests::program::run;
use wirestage_tests::root;

fn sample(name: &str) -> String {
    let path = root().join("assets/recordings").join(name).join("recording.pcapng");
    path.display().to_string()
}

#[test]
fn a_connection_is_followed_opened_and_as_it_was_carried() {
    let tls = sample("tls13-full");
    let text = run(&["follow", &tls]).done();
    let lines: Vec<&str> = text.text().lines().collect();
    assert_eq!(lines[0], "Client  frame 16  0.011402 s  89 bytes");
    assert_eq!(lines[1], "GET / HTTP/1.1");
    assert!(text.text().contains("\nServer  frame 18  0.011505 s  548 bytes\nHTTP/1.1 200 OK\n"));
    let hex = run(&["follow", &tls, "--connection", "1", "--hex", "--side", "client"]).done();
    let first = "00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  GET / HTTP/1.1..";
    assert_eq!(hex.text().lines().nth(1), Some(first));
    assert!(!hex.text().contains("Server"));
    let sealed = run(&["follow", &tls, "--sealed", "--hex"]).done();
    assert!(
        sealed.text().lines().nth(1).is_some_and(|line| line.starts_with("00000000  16 03 01"))
    );
    let raw = run(&["follow", &tls, "--raw", "--side", "server"]).done();
    assert_eq!(raw.out.len(), 548);
    assert!(raw.out.starts_with(b"HTTP/1.1 200 OK\r\n") && raw.out.ends_with(b"</html>\n"));
}

#[test]
fn every_byte_of_a_plain_connection_is_followed_once() {
    // As the payloads of its segments say, of which none was sent again.
    let raw = run(&["follow", &sample("http1-keepalive"), "--raw"]).done();
    let fields = ["show", &sample("http1-keepalive"), "--fields", "tcp.len"];
    let sent: usize =
        run(&fields).done().text().lines().filter_map(|len| len.parse::<usize>().ok()).sum();
    assert_eq!(raw.out.len(), sent);
    // What was lost on the way was sent again, and is followed once and in order.
    let lossy = run(&["follow", &sample("tcp-loss-recovery"), "--raw", "--connection", "1"]);
    assert_eq!(lossy.code, 0, "{lossy:?}");
}

#[test]
fn requests_are_followed_with_contents_decoded_and_laid_out() {
    let told = run(&["follow", &sample("http1-keepalive"), "--bodies"]).done();
    let text = told.text();
    assert!(text.starts_with("Client  frame 5  GET server.wirestage.test/\n"), "{text}");
    assert!(text.contains("\nname = Ada\nmessage = Hello from the other end\n"), "{text}");
    assert!(text.contains("\nServer  frame 18  303 See Other\n"), "{text}");
}

#[test]
fn what_is_followed_is_written_to_a_file_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("page.bin");
    let (tls, path) = (sample("tls13-full"), to.display().to_string());
    let _ = run(&["follow", &tls, "--raw", "--side", "server", "-o", &path]).done();
    assert_eq!(std::fs::read(&to).unwrap().len(), 548);
    assert_eq!(std::fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
    run(&["follow", &tls, "-o", &path]).failed(2, "exists already", "--force");
    run(&["follow", &tls, "--connection", "2"]).failed(2, "no connection 2", "its number is 1");
    run(&["follow", &sample("http2-prior-knowledge"), "--hex", "--raw"]).failed(2, "--raw", "");
}
