//! `wirestage run`: records programs of one's own, without any right and decrypted.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use wirestage_captures::live::stop_on_interrupt;

use super::act::Act;
use super::output;
use super::stop::{Outcome, Stop};
use crate::document::keys::read_key_log;
use crate::record::{self, Programs, State};
use crate::trouble::Trouble;
use crate::unused::unused;

/// How often the recording is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// Runs a command and records what it says, decrypted where it logs its keys
///
/// It runs in a network of its own, where nothing outside can be reached: the server that it asks
/// runs there too (--with). No right is needed. SSLKEYLOGFILE is set for all of them, and what is
/// logged goes into the recording:
///
/// curl and other programs with OpenSSL, GnuTLS or NSS log by themselves, most of them;
/// Python does with ssl.create_default_context(); Node with node --tls-keylog="$SSLKEYLOGFILE";
/// Go where tls.Config.KeyLogWriter is set; Java with an agent such as extract-tls-secrets.
/// One side that logs is enough.
///
/// In there one is who one is outside, and may take any port.
#[derive(Debug, clap::Args)]
pub(super) struct Run {
    /// A server to start before, as a command of the shell; may be given several times
    ///
    /// The command begins once it listens. It is ended when the command has ended.
    #[arg(long = "with", value_name = "SERVER-COMMAND")]
    servers: Vec<String>,
    /// Where to write
    ///
    /// [default: COMMAND.pcapng, or COMMAND-2.pcapng and so on where that exists]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace a file that exists
    #[arg(long)]
    force: bool,
    /// The command, behind --
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl Act for Run {
    const NAME: &'static str = "run";
    const EXAMPLES: &'static str = "  \
  wirestage run --with 'python3 -m http.server 8000' -- curl http://127.0.0.1:8000/
  wirestage run --with 'nginx -p /srv/demo -c nginx.conf' -o a.pcapng -- curl -k https://127.0.0.1:8443/
  wirestage run -- python3 both-sides.py";

    fn run(self, out: &mut dyn Write) -> Outcome {
        if let Some(path) = &self.output {
            output::recording(path, self.force)?;
        }
        // Before anything starts a thread.
        let interrupted = stop_on_interrupt();
        let keys = tempfile::NamedTempFile::new().map_err(|error| Trouble::without_room(&error))?;
        let programs = Programs {
            servers: self.servers,
            command: self.command,
            keys: keys.path().to_path_buf(),
        };
        let mut take = programs.start()?;
        let state = loop {
            match take.state() {
                State::Running => thread::sleep(LOOK),
                state => break state,
            }
            if interrupted.load(std::sync::atomic::Ordering::Acquire) {
                take.cancel();
            }
        };
        // What was recorded until then is kept, however it ended.
        let frames = take.frames().unwrap_or(0);
        if frames > 0 {
            let path = self.output.unwrap_or_else(|| named_for(&programs.command));
            let keys = read_key_log(keys.path()).unwrap_or_default();
            if path == Path::new("-") {
                wirestage_captures::write::extract(take.recording(), &|_| true, &keys, out)?;
            } else {
                record::save_with_keys(take.recording(), &keys, &path)?;
                let lines = keys.lines().filter(|line| !line.starts_with('#')).count();
                let path = path.display();
                eprintln!("note: {path}: {frames} frames, {lines} secrets");
                eprintln!("note: to look at it: wirestage {path}, or wirestage show {path}");
            }
        }
        match state {
            State::Done => {}
            State::Failed(trouble) => return Err(trouble.into()),
            State::Early { why } => return Err(Trouble::new(why, "run it again").into()),
            State::Cancelled | State::Running => {
                return Err(Trouble::new("it was stopped before its end", "run it again").into());
            }
        }
        match record::command_ended(take.recording()) {
            Some(0) | None => Ok(()),
            Some(code) => {
                let program = programs.command.first().cloned().unwrap_or_default();
                Err(Stop::Work(Trouble::new(
                    format!("{} ended with code {code}", Path::new(&program).display()),
                    "what it said stands above; what was recorded until then is kept",
                )))
            }
        }
    }
}

/// The first of COMMAND.pcapng, COMMAND-2.pcapng, … that does not exist.
fn named_for(command: &[OsString]) -> PathBuf {
    let program = command.first().map(Path::new).and_then(Path::file_name);
    let name = program.unwrap_or("run".as_ref()).to_string_lossy();
    unused(Path::new(""), &name, "pcapng")
}
