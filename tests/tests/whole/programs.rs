//! Programs of one's own, recorded in the lab and decrypted; and what passes an interface.
//!
//! What is not installed here, or not allowed, is skipped aloud.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use wirestage_captures::Recording;
use wirestage_captures::lab::{Way, probe};
use wirestage_dissectors::frames::Frames;
use wirestage_tests::program::{NOBODY, is_root, open_folder, ordinary, program, ran, run};
use wirestage_tests::skip;

/// Whether these programs are installed, and a lab can be had.
fn can(programs: &[&str]) -> bool {
    let missing = programs.iter().find(|program| {
        let mut asked = Command::new(program);
        asked.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        !asked.status().is_ok_and(|status| status.success())
    });
    if let Some(missing) = missing {
        skip("programs", &format!("{missing} is not installed"));
        return false;
    }
    match probe() {
        Way::Refused(refusal) => {
            skip("programs", &format!("no lab can be had here: {refusal}"));
            false
        }
        _ => true,
    }
}

/// A certificate and its key in a folder.
fn certify(folder: &Path) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    std::fs::write(folder.join("page.txt"), "hello from a server of one's own\n").unwrap();
}

const SERVER: &str = "\
import http.server, ssl
server = http.server.HTTPServer(('127.0.0.1', 8443), http.server.SimpleHTTPRequestHandler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('cert.pem', 'key.pem')
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
";

#[test]
fn a_client_and_a_server_of_ones_own_are_recorded_and_decrypted() {
    if !can(&["python3", "curl"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    certify(folder.path());
    std::fs::write(folder.path().join("server.py"), SERVER).unwrap();
    let to = folder.path().join("a.pcapng").display().to_string();
    let server = format!("cd {} && exec python3 server.py", folder.path().display());
    let url = "https://127.0.0.1:8443/page.txt";
    let ran = run(&["run", "--with", &server, "-o", &to, "--", "curl", "-ksS", url]).done();
    assert_eq!(ran.text(), "hello from a server of one's own\n", "{ran:?}");
    assert!(ran.err.contains("secrets"), "{ran:?}");
    let mode = std::fs::metadata(&to).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it holds keys");

    let shown =
        run(&["show", &to, "--filter", "http.request and http.request.uri == \"/page.txt\""])
            .done();
    assert_eq!(shown.text().lines().count(), 1, "{}", shown.text());
    let said = run(&["follow", &to]).done();
    assert!(said.text().contains("hello from a server of one's own"), "{}", said.text());
    // The keys stand before what they open, so that Wireshark opens it, too.
    let recording = Recording::open(&to).unwrap();
    assert!(recording.count() > 10 && recording.secrets_text().contains("TRAFFIC_SECRET"));
    let marks = run(&["show", &to]).done();
    assert!(marks.text().contains("client: start curl"), "{}", marks.text());
}

/// What nginx is told: a worker, everything in its folder, TLS on a port that outside is root's.
const NGINX: &str = "\
daemon off; pid nginx.pid; error_log error.log; worker_processes 1; events {}
http { access_log off; client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c;
uwsgi_temp_path d; scgi_temp_path e;
server { listen 127.0.0.1:443 ssl; ssl_certificate cert.pem; ssl_certificate_key key.pem; root .; } }
";

#[test]
fn who_is_no_root_outside_is_none_in_the_lab_and_has_every_port_of_it() {
    if !can(&["python3", "curl", "setpriv"]) {
        return;
    }
    let folder = open_folder();
    let path = folder.path().display().to_string();
    let to = format!("{path}/a.pcapng");
    let may_start = ran(ordinary(&["--version"]).current_dir(&path));
    if may_start.code != 0 {
        return skip("programs", "nobody may not start the program where it stands");
    }
    let who = ran(ordinary(&["run", "-o", &to, "--", "id", "-u"]).current_dir(&path)).done();
    assert_ne!(who.text(), "0\n", "{who:?}");
    let mode = std::fs::metadata(&to).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    certify(folder.path());
    std::fs::write(folder.path().join("server.py"), SERVER.replace("8443", "443")).unwrap();
    std::fs::write(folder.path().join("nginx.conf"), NGINX).unwrap();
    for file in ["cert.pem", "key.pem", "page.txt", "server.py", "nginx.conf"] {
        let path = folder.path().join(file);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    let nginx = format!("nginx -p {path} -c nginx.conf");
    for server in ["python3 server.py", &nginx] {
        let installed = server.split(' ').next().unwrap_or_default();
        let is_there = Command::new(installed).arg("-h").output();
        if !is_there.is_ok_and(|output| output.status.success()) {
            skip("programs", &format!("{installed} is not installed"));
            continue;
        }
        let url = "https://127.0.0.1/page.txt";
        let call = ["run", "--force", "--with", server, "-o", &to, "--", "curl", "-ksS", url];
        let fetched = ran(ordinary(&call).current_dir(&path)).done();
        assert_eq!(fetched.text(), "hello from a server of one's own\n", "{fetched:?}");
        let answers = ["show", &to, "--filter", "tls and http.response.code == 200"];
        let opened = ran(ordinary(&answers).current_dir(&path)).done();
        assert_eq!(opened.text().lines().count(), 1, "{server}: {opened:?}");
    }
}

#[test]
fn the_helper_captures_for_who_may_not_and_says_why_it_may_not() {
    let can_give = Command::new("setcap").arg("-h").output().is_ok();
    if wirestage_captures::live::Tap::open("lo", None).is_err() || !is_root() || !can_give {
        return skip("programs", "nobody here can give the helper its right");
    }
    let folder = open_folder();
    let path = |name: &str| folder.path().join(name);
    let helper = program().with_file_name("wirestage-capture");
    let copied = [(program().to_path_buf(), "wirestage"), (helper, "wirestage-capture")];
    for (from, name) in copied {
        std::fs::copy(from, path(name)).unwrap();
    }
    let to = path("a.pcapng").display().to_string();
    let nobody = |call: &[&str]| {
        let mut command = Command::new("setpriv");
        command.args(NOBODY).arg(path("wirestage")).args(call);
        ran(command.current_dir(&folder))
    };
    let capture = ["capture", "-i", "lo", "-f", "udp", "--duration", "1s", "-o", &to];
    nobody(&capture).failed(1, "lo cannot be captured", "doctor");
    assert!(!Path::new(&to).exists(), "what holds nothing is in the way of nobody");
    let doctor = nobody(&["doctor"]);
    let mend = format!("setcap cap_net_raw+ep '{}'", path("wirestage-capture").display());
    assert!(doctor.text().contains(&mend), "{doctor:?}");

    let given = Command::new("setcap")
        .args(["cap_net_raw+ep", &path("wirestage-capture").display().to_string()])
        .status();
    if !given.is_ok_and(|status| status.success()) {
        return skip("programs", "this file system keeps no capabilities");
    }
    let talk = std::thread::spawn(|| {
        let to = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let from = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        for _ in 0..40 {
            from.send_to(b"for the helper", to.local_addr().unwrap()).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    });
    let captured = nobody(&capture).done();
    talk.join().unwrap();
    assert!(captured.text().contains(" packets, by "), "{captured:?}");
    let shown = run(&["show", &to, "--filter", "udp contains \"for the helper\""]).done();
    assert!(shown.text().lines().count() > 3, "{}", shown.text());
}

#[test]
fn a_command_that_fails_says_so_and_its_recording_is_kept() {
    if !can(&["curl"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.pcapng").display().to_string();
    let refused = ["run", "-o", &to, "--", "curl", "-sS", "http://127.0.0.1:9/"];
    let ran = run(&refused);
    // What it says itself stands there, too.
    assert!(ran.code == 1 && ran.err.contains("curl: (7)"), "{ran:?}");
    assert!(ran.err.contains("error: curl ended with code 7\nmend: "), "{ran:?}");
    let shown = run(&["show", &to]).done();
    assert!(shown.text().contains("[RST, ACK]"), "{}", shown.text());
    let again = ["run", "-o", &to, "--", "true"];
    run(&again).failed(2, "exists already", "--force");
    let none = ["run", "-o", "-", "--", "/no/such/program"];
    run(&none).failed(1, "/no/such/program cannot be started", "check its name");
    let server = ["run", "--with", "exit 3", "-o", "-", "--", "true"];
    run(&server).failed(1, "ended before it listened", "by itself");
}

#[test]
fn an_interface_is_captured_as_long_as_is_said() {
    if wirestage_captures::live::Tap::open("lo", None).is_err() {
        return skip("programs", "capturing is not allowed here");
    }
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.pcapng").display().to_string();
    let talk = std::thread::spawn(|| {
        let to = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let from = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = to.local_addr().unwrap().port();
        for _ in 0..40 {
            from.send_to(b"captured while it was said", ("127.0.0.1", port)).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    });
    let capture = ["capture", "-i", "lo", "-f", "udp", "--duration", "1s", "-o", &to];
    let ran = run(&capture).done();
    assert!(ran.text().contains("packets"), "{ran:?}");
    talk.join().unwrap();
    let shown = run(&["show", &to, "--filter", "udp contains \"while it was said\""]).done();
    assert!(shown.text().lines().count() > 3, "{}", shown.text());
    run(&capture).failed(2, "exists already", "--force");
    let wrong = ["capture", "-i", "lo", "-f", "no filter", "-o", "-"];
    run(&wrong).failed(1, "the capture filter", "it is written in tcpdump's language");
    let nowhere = ["capture", "-i", "no-such-if", "-o", "-"];
    run(&nowhere).failed(1, "no interface no-such-if here", "there are: ");
    run(&["capture", "-i", "lo", "--duration", "soon"]).failed(2, "30s", "");
}

#[test]
fn a_ring_keeps_the_last_files_each_whole_and_all_are_read_as_one() {
    if wirestage_captures::live::Tap::open("lo", None).is_err() {
        return skip("a_ring_keeps_the_last_files", "capturing is not allowed here");
    }
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.pcapng").display().to_string();
    let talk = std::thread::spawn(|| {
        let to = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let from = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = to.local_addr().unwrap().port();
        for _ in 0..60 {
            from.send_to(&[b'r'; 400], ("127.0.0.1", port)).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(30));
        }
    });
    let filter = "udp and greater 400";
    let capture =
        ["capture", "-i", "lo", "-f", filter, "--duration", "1500ms", "--ring", "2", "-o", &to];
    let small = [&capture[..], &["--file-size", "2K"]].concat();
    let ran = run(&small).done();
    talk.join().unwrap();
    assert!(ran.text().contains(" and 1 before it: "), "{ran:?}");
    let mut files: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 2, "{files:?}");
    assert!(!files[0].ends_with("a_00001.pcapng"), "the first ones went: {files:?}");
    let counts = files.iter().map(|file| {
        let recording = Recording::open(file).unwrap();
        assert!(recording.problems().is_empty());
        recording.count()
    });
    let count: u32 = counts.sum();
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let info = run(&["info", &names[0], &names[1]]).done();
    let line = info.text().lines().find(|line| line.starts_with("frames")).unwrap().to_owned();
    assert!(line.ends_with(&count.to_string()), "{line}, {count}");
    let mode = std::fs::metadata(&files[1]).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it may hold keys");
    run(&["capture", "-i", "lo", "--ring", "2", "-o", "-"]).failed(2, "ring", "-o a.pcapng");
    run(&["capture", "-i", "lo", "--file-size", "2K"]).failed(2, "ring", "");
}
