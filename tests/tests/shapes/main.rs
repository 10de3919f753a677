//! Recordings of every shape that people open, made here, and told truly: their stories are held
//! against the packets themselves, which are read by other code than ours.
//!
//! ```text
//!   parent ── starts itself ──> child: a network of its own
//!     │                           client, proxy, server (play, secure)   tap ──> pcapng
//!     └── packets (wire, http, records) <─── compared (told) ───> story ──> pictures (drawn)
//! ```
//!
//! The program is its own child, which must enter the namespace before any thread starts: so it is
//! no ordinary test. What cannot be played here is skipped aloud; recordings of pieces are cut out
//! of others, and those of hosts that nobody has are written byte by byte.

#![allow(clippy::print_stdout)] // This is its own test harness.

mod bodies;
mod drawn;
mod fetches;
mod haproxy;
mod hosts;
mod http;
mod lab;
mod nghttp2;
mod nginx;
mod parts;
mod peers;
mod play;
mod proxies;
mod quinn;
mod records;
mod secure;
mod told;
mod wire;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;

use lab::{Props, Stop};

/// What makes the traffic of a recording.
type Play = fn(&Props) -> Result<(), Stop>;

/// A recording, and what has to be so of it.
struct Shape {
    name: &'static str,
    /// What happens in the lab; nothing where the recording is written byte by byte.
    play: Option<Play>,
    /// Checks what was recorded; files of its own may lie beside it.
    check: fn(&Path),
}

const SHAPES: &[Shape] = &[
    Shape { name: "fifty_fetches_at_once", play: Some(fetches::fifty), check: fetches::at_once },
    Shape { name: "a_body_of_40_megabytes", play: Some(bodies::large), check: bodies::whole },
    Shape {
        name: "a_connection_idle_for_100_seconds",
        play: Some(parts::idle),
        check: parts::slow,
    },
    Shape { name: "three_fetches", play: Some(fetches::three), check: fetches::in_turn },
    Shape { name: "a_scan_of_1000_ports", play: Some(hosts::scan), check: hosts::scanned },
    Shape { name: "a_proxy", play: Some(proxies::plain), check: proxies::passed },
    Shape { name: "a_proxy_that_ends_tls", play: Some(proxies::secure), check: proxies::opened },
    Shape { name: "a_proxy_that_is_nginx", play: Some(proxies::nginx), check: proxies::passed },
    Shape { name: "a_body_held_back", play: Some(bodies::held_back), check: bodies::continued },
    Shape { name: "an_upload_refused", play: Some(bodies::refused), check: bodies::cut_short },
    Shape { name: "unlike_addresses", play: Some(hosts::unlike), check: hosts::sided },
    Shape { name: "ipv6", play: Some(hosts::ipv6), check: hosts::sided },
    Shape { name: "begun_midway", play: Some(parts::two), check: parts::midway },
    Shape { name: "one_side_only", play: Some(parts::two), check: parts::one_sided },
    Shape { name: "seen_twice", play: Some(parts::two), check: parts::seen_twice },
    Shape { name: "clocks_that_differ", play: Some(parts::two), check: parts::stamped_apart },
    Shape { name: "http2_of_curl", play: Some(nghttp2::curl), check: nghttp2::once_each },
    Shape {
        name: "http2_of_curl_sealed",
        play: Some(nghttp2::curl_sealed),
        check: nghttp2::once_each,
    },
    Shape { name: "http2_of_nghttp", play: Some(nghttp2::nghttp), check: nghttp2::once_each },
    Shape { name: "http2_of_h2load", play: Some(nghttp2::h2load), check: nghttp2::over_and_over },
    Shape {
        name: "http2_of_nginx_to_nghttp",
        play: Some(nginx::nghttp),
        check: nghttp2::once_each,
    },
    Shape {
        name: "http2_of_nginx_to_h2load",
        play: Some(nginx::h2load),
        check: nghttp2::over_and_over,
    },
    Shape { name: "http2_through_haproxy", play: Some(haproxy::play), check: haproxy::passed },
    Shape { name: "grpcio_asks", play: Some(peers::grpcio_asks), check: peers::called },
    Shape { name: "grpcio_answers", play: Some(peers::grpcio_answers), check: peers::called },
    Shape { name: "grpcio_packs", play: Some(peers::grpcio_packs), check: peers::unpacked },
    Shape { name: "websockets_asks", play: Some(peers::websockets_asks), check: peers::echoed },
    Shape {
        name: "websockets_answers",
        play: Some(peers::websockets_answers),
        check: peers::echoed,
    },
    Shape { name: "http3_of_quinn_to_aioquic", play: Some(quinn::asks), check: quinn::fetched },
    Shape { name: "http3_of_aioquic_to_quinn", play: Some(quinn::answers), check: quinn::fetched },
    Shape {
        name: "quinn_logs_its_packets",
        play: Some(quinn::logs::play),
        check: quinn::logs::held,
    },
    Shape { name: "nothing_but_arp", play: None, check: hosts::neighbours },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(role) = lab::role() {
        return lab::child(role, &arguments);
    }
    // What cargo-nextest asks of a test program: the names of its tests, and those left out.
    let asked = |flag: &str| arguments.iter().any(|argument| argument == flag);
    if asked("--list") {
        if !asked("--ignored") {
            SHAPES.iter().for_each(|shape| println!("{}: test", shape.name));
        }
        return ExitCode::SUCCESS;
    }
    let words: Vec<&String> = arguments.iter().filter(|one| !one.starts_with('-')).collect();
    let is_meant = |shape: &&Shape| match words.as_slice() {
        [] => true,
        words if asked("--exact") => words.iter().any(|word| *word == shape.name),
        words => words.iter().any(|word| shape.name.contains(word.as_str())),
    };
    let meant: Vec<&Shape> = SHAPES.iter().filter(is_meant).collect();
    match all(&meant).as_slice() {
        [] => ExitCode::SUCCESS,
        failed => {
            eprintln!("failed: {}", failed.join(", "));
            ExitCode::FAILURE
        }
    }
}

/// Checks these, several at once, and gives the names of those that failed.
fn all(meant: &[&'static Shape]) -> Vec<&'static str> {
    let workers = std::thread::available_parallelism().map_or(2, usize::from) + 1;
    let (next, failed) = (Mutex::new(meant.iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let Some(shape) = next.lock().expect("nobody panics with it").next() else {
                        break;
                    };
                    let checked = catch_unwind(AssertUnwindSafe(|| lab::check(shape)));
                    if checked.is_err() {
                        failed.lock().expect("nobody panics with it").push(shape.name);
                    }
                }
            });
        }
    });
    failed.into_inner().expect("nobody panics with it")
}
