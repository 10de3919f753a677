//! The far end: a network of its own, in which it does what it is told line by line.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::ExitCode;
use std::thread;

use super::{near, tun};

/// Does what it is told until its input ends.
pub(super) fn run() -> ExitCode {
    println!("ok");
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("text");
        let done = match line.split_once(' ') {
            Some(("ip", arguments)) => near::ip(arguments),
            Some(("serve", address)) => serve(address),
            Some(("tun", ends)) => {
                let (own, other) = ends.split_once(' ').expect("two addresses");
                tun::open(own, other)
            }
            _ => Err(format!("{line}: what is that?")),
        };
        match done {
            Ok(()) => println!("ok"),
            Err(why) => println!("{why}"),
        }
    }
    ExitCode::SUCCESS
}

/// Answers one question.
fn serve(address: &str) -> Result<(), String> {
    let listener = TcpListener::bind(address).map_err(|error| format!("{address}: {error}"))?;
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody asks");
        let head = BufReader::new(stream.try_clone().expect("a second handle"));
        head.lines().map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
            .expect("it is sent");
    });
    Ok(())
}
