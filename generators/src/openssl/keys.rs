//! The key log that the program writes, and who it is handed to.

use std::{fs, io, path::PathBuf};

use data_encoding::HEXLOWER_PERMISSIVE;

use crate::{Failure, actor::Actor};

/// The secrets of one end.
#[derive(Clone)]
pub(super) struct Keys {
    path: PathBuf,
    /// How many of its bytes were handed over.
    taken: usize,
}

impl Keys {
    pub(super) fn in_file(path: PathBuf) -> Keys {
        Keys { path, taken: 0 }
    }

    fn text(&self) -> io::Result<String> {
        match fs::read_to_string(&self.path) {
            // Nothing is agreed on yet.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            text => text,
        }
    }

    /// Hands the secrets over that are new.
    pub(super) fn hand_over(&mut self, actor: &Actor) -> Result<(), Failure> {
        let text = self.text().map_err(|source| actor.cannot("read a key log", source))?;
        let fresh = text.get(self.taken..).unwrap_or_default();
        let whole = fresh.rfind('\n').map_or(0, |end| end + 1);
        let log = actor.stage().keys();
        for line in fresh.get(..whole).unwrap_or_default().lines() {
            if let Some((label, random, secret)) = read(line) {
                log.log(label, &random, &secret);
            }
        }
        self.taken += whole;
        Ok(())
    }

    /// How many connections, or handshakes of one, there are secrets of.
    pub(super) fn count(&self) -> Result<usize, Failure> {
        let text = self.text().map_err(|cause| Failure::Io {
            role: "client",
            doing: "read a key log".to_owned(),
            cause,
        })?;
        Ok(text.lines().filter_map(read).count())
    }
}

/// A line of the key log (RFC 9850, section 2); nothing for a comment, or for what is not found by
/// the random of a ClientHello.
fn read(line: &str) -> Option<(&str, Vec<u8>, Vec<u8>)> {
    let mut words = line.split_ascii_whitespace();
    let label = words.next()?;
    let mut hex = || HEXLOWER_PERMISSIVE.decode(words.next()?.as_bytes()).ok();
    let (random, secret) = (hex()?, hex()?);
    (random.len() == 32).then_some((label, random, secret))
}
