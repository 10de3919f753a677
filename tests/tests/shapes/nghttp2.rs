//! HTTP/2 as others speak it: curl, nghttp and h2load ask nghttpd, in the clear and sealed, with
//! padding and with tables of headers that hold next to nothing.

use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use wirestage::document::{Opening, Progress, Windows};
use wirestage_tests::open;
use wirestage_tests::program::run;

use super::lab::{Props, Stop};

pub(crate) const SERVER: &str = "127.0.0.3";
pub(crate) const PORT: u16 = 8080;
/// How long each file is that is fetched: nothing, less than a frame, more than a window.
const LENGTHS: [usize; 6] = [0, 1, 900, 16_384, 30_000, 200_000];
/// How many questions h2load asks, on how many connections, how many of them at once.
const LOAD: [&str; 6] = ["-n", "400", "-c", "4", "-m", "20"];
const ASKED: usize = 400;
/// So long a program may take to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a file holds.
fn content(number: usize) -> Vec<u8> {
    (0..LENGTHS[number]).map(|at| b'a' + ((at / 7 + at + number) % 26) as u8).collect()
}

/// A server that runs until it is dropped.
pub(crate) struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// Starts a server, and waits until it listens there: the kernel says so, and nobody has to
    /// knock.
    pub(crate) fn start(command: &mut Command, (host, port): (&str, u16)) -> Result<Self, Stop> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut server = Self(command.spawn()?);
        match listens((host, port), || !matches!(server.0.try_wait(), Ok(None))) {
            Ok(()) => Ok(server),
            Err(_) => Err(Stop::Missing(format!("{name} does not start"))),
        }
    }
}

/// Waits until somebody listens there, or it is in vain.
pub(crate) fn listens(
    (host, port): (&str, u16),
    mut is_over: impl FnMut() -> bool,
) -> Result<(), Stop> {
    let begun = Instant::now();
    let host: Ipv4Addr = host.parse().map_err(io::Error::other)?;
    let (place, nobody) =
        (format!("{:08X}:{port:04X}", host.to_bits().swap_bytes()), "0".repeat(8));
    let plain = format!(" {place} {nobody}:0000 0A");
    // A socket of IPv6 may listen for both (RFC 4291, section 2.5.5.2).
    let mapped = format!("{nobody}{nobody}FFFF0000{place} {}:0000 0A", nobody.repeat(4));
    let says =
        |file: &str, line: &str| Ok::<_, io::Error>(fs::read_to_string(file)?.contains(line));
    while !says("/proc/self/net/tcp", &plain)? && !says("/proc/self/net/tcp6", &mapped)? {
        if is_over() || begun.elapsed() > PATIENCE {
            return Err(io::Error::other(format!("nobody listens on {host}:{port}")).into());
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// Whether a program is here.
pub(crate) fn needs(program: &str) -> Result<(), Stop> {
    let mut asked = Command::new(program);
    let found = asked.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.map(drop).map_err(|_| Stop::Missing(format!("{program} is not installed")))
}

/// Puts the files into a folder.
pub(crate) fn write_files(folder: &Path) -> io::Result<()> {
    let mut numbers = 0..LENGTHS.len();
    numbers.try_for_each(|number| fs::write(folder.join(number.to_string()), content(number)))
}

/// Starts nghttpd on a folder with the files.
pub(crate) fn server(folder: &Path, options: &[&str], identity: &[&Path]) -> Result<Server, Stop> {
    needs("nghttpd")?;
    write_files(folder)?;
    let mut command = Command::new("nghttpd");
    command.args(options).args(["-a", SERVER, "-d"]).arg(folder);
    command.arg(PORT.to_string()).args(identity).stdout(Stdio::null()).stderr(Stdio::null());
    Server::start(&mut command, (SERVER, PORT))
}

/// The addresses of all files.
fn addresses(scheme: &str) -> Vec<String> {
    addresses_at(&format!("{scheme}://{SERVER}:{PORT}"))
}

/// The same, wherever they are asked for.
pub(crate) fn addresses_at(origin: &str) -> Vec<String> {
    (0..LENGTHS.len()).map(|number| format!("{origin}/{number}")).collect()
}

/// Runs a client to its end.
pub(crate) fn ask(command: &mut Command) -> Result<(), Stop> {
    let ran = command.stdout(Stdio::null()).output()?;
    let said = String::from_utf8_lossy(&ran.stderr);
    ran.status.success().then_some(()).ok_or_else(|| io::Error::other(said.into_owned()).into())
}

/// curl asks for one file after the other, each on a connection of its own, for there are versions
/// of it that lose the thread on a second one in the clear; both tables of headers are tiny.
pub(crate) fn curl(_: &Props) -> Result<(), Stop> {
    needs("curl")?;
    let folder = tempfile::tempdir()?;
    let tables = ["--no-tls", "-c", "64", "--encoder-header-table-size=64"];
    let _server = server(folder.path(), &tables, &[])?;
    let one = |address| ask(curl_for(&[address]).arg("--http2-prior-knowledge"));
    addresses("http").into_iter().try_for_each(one)
}

/// curl asks for all at once under TLS: the key log that it writes becomes a part of the recording.
pub(crate) fn curl_sealed(stage: &Props) -> Result<(), Stop> {
    needs("curl")?;
    let folder = tempfile::tempdir()?;
    let made = rcgen::generate_simple_self_signed([SERVER.to_owned()]).map_err(io::Error::other)?;
    let [key, certificate, log] =
        ["key", "certificate", "log"].map(|name| folder.path().join(name));
    fs::write(&key, made.signing_key.serialize_pem())?;
    fs::write(&certificate, made.cert.pem())?;
    let _server = server(folder.path(), &[], &[&key, &certificate])?;
    ask(curl_for(&addresses("https"))
        .args(["--parallel", "--http2", "--insecure"])
        .env("SSLKEYLOGFILE", &log))?;
    for line in fs::read_to_string(&log)?.lines().filter(|line| !line.starts_with('#')) {
        stage.feed.secret(line);
    }
    Ok(())
}

fn curl_for(addresses: &[String]) -> Command {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--fail"]);
    for address in addresses {
        command.args(["--output", "/dev/null", address]);
    }
    command
}

/// nghttp asks for all files at once, which nghttpd sends in padded frames.
pub(crate) fn nghttp(_: &Props) -> Result<(), Stop> {
    needs("nghttp")?;
    let folder = tempfile::tempdir()?;
    let _server = server(folder.path(), &["--no-tls", "-b", "200"], &[])?;
    ask(Command::new("nghttp").arg("--null-out").args(addresses("http")))
}

/// h2load asks for one file, over and over on four connections.
pub(crate) fn h2load(_: &Props) -> Result<(), Stop> {
    needs("h2load")?;
    let folder = tempfile::tempdir()?;
    let _server = server(folder.path(), &["--no-tls"], &[])?;
    load()
}

/// Whoever serves is asked for one file, over and over.
pub(crate) fn load() -> Result<(), Stop> {
    let address = format!("http://{SERVER}:{PORT}/2");
    ask(Command::new("h2load").args(LOAD).args(["-p", "h2c", &address]))
}

/// Each file was asked for once, and came whole.
pub(crate) fn once_each(path: &Path) {
    fetched(path, &[0, 1, 2, 3, 4, 5]);
}

/// The same, by a client and by a proxy in between.
pub(crate) fn twice_each(path: &Path) {
    fetched(path, &[0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
}

/// One file was asked for, over and over.
pub(crate) fn over_and_over(path: &Path) {
    fetched(path, &[2; ASKED]);
}

/// Holds the list of requests, and what they carried, against the files that were asked for.
fn fetched(path: &Path, files: &[usize]) {
    let document = open(path, Opening::default());
    let requests = document.requests(Windows::default(), &Progress::new()).expect("no cancel");
    let mut found: Vec<(String, u64)> = Vec::new();
    for row in &requests.rows {
        assert_eq!(
            (&*row.method, &*row.version, row.status),
            ("GET", "HTTP/2", Some(200)),
            "{row:?}"
        );
        let answer = row.answer.expect("an answer");
        assert!(answer.ended && row.trouble().is_none(), "{row:?}");
        found.push((row.path.to_string(), answer.body));
    }
    found.sort();
    let asked = |number: &usize| (format!("/{number}"), LENGTHS[*number] as u64);
    let mut expected: Vec<_> = files.iter().map(asked).collect();
    expected.sort();
    assert_eq!(found, expected);

    let folder = path.with_extension("bodies");
    let [file, into] = [path, &*folder].map(|path| path.to_str().expect("its path is text"));
    run(&["export", file, "--bodies", into]).done();
    let saved = fs::read_dir(&folder).expect("a folder").map(|entry| {
        fs::read(entry.expect("an entry").path()).expect("a file that was just written")
    });
    let mut saved: Vec<Vec<u8>> = saved.collect();
    saved.sort();
    // Nothing is saved of what carried nothing.
    let mut expected: Vec<Vec<u8>> =
        files.iter().map(|number| content(*number)).filter(|bytes| !bytes.is_empty()).collect();
    expected.sort();
    assert_eq!(saved.len(), expected.len());
    assert!(saved == expected, "what was saved is not what was sent");
}
