//! The program.

use std::io::Write as _;

use clap::Parser;

#[derive(Parser)]
enum Command {
    Info(wirestage::cli::info::Info),
    Show(wirestage::cli::show::Show),
}

fn main() -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match Command::parse() {
        Command::Info(info) => out.write_all(info.run()?.as_bytes())?,
        Command::Show(show) => show.run(&mut out)?,
    }
    Ok(out.flush()?)
}
