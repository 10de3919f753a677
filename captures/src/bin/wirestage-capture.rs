//! The helper that captures: `wirestage-capture INTERFACE [FILTER]` writes pcapng to standard
//! output, until standard input ends.
//!
//! It reads no file, decodes nothing and starts nothing, so that it can be given the right that the
//! window shall not have: `sudo setcap cap_net_raw+ep wirestage-capture`.

use std::process::ExitCode;

use wirestage_captures::lab::stop_with_stdin;
use wirestage_captures::live::{Header, listen};
use wirestage_captures::write::SectionHeader;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(interface), filter) = (arguments.next(), arguments.next()) else {
        eprintln!("error: no interface is named\nmend: wirestage-capture INTERFACE [FILTER]");
        return ExitCode::from(2);
    };
    let header = Header { section: SectionHeader::ours(Vec::new()), ..Header::default() };
    let out = std::io::stdout().lock();
    match listen(&interface, filter.as_deref(), &header, &stop_with_stdin(), out) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            // Cause and mend, in the form in which this project's programs say them to each other.
            eprintln!("error: {error}\nmend: {}", error.mend());
            ExitCode::FAILURE
        }
    }
}
