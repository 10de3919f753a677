//! Writes a recording of a thousand streams of HTTP/2 at once, opened and answered so many times,
//! for the comparison with tshark: `streams OUT.pcapng ROUNDS`.

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let path = PathBuf::from(arguments.next().expect("a file to write"));
    let rounds = arguments.next().and_then(|rounds| rounds.to_str()?.parse().ok());
    wirestage_tests::streams::write(&path, rounds.expect("how many rounds"))
}
