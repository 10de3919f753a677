//! What the kernel counts of TCP in one network: how a program can learn that its bytes had to be
//! sent again, of which no socket tells it.

use std::{fs, io};

use crate::{Failure, actor::Actor, steps};

/// What is sent again in a role's network, from a moment on.
pub(crate) struct Resent {
    /// What had been counted at that moment; nothing where a role has no network of its own, for
    /// there other programs count too.
    before: Option<Counts>,
}

impl Resent {
    /// From now on, in the network of the role whose thread this is.
    pub(crate) fn from_now(actor: &Actor) -> Result<Resent, Failure> {
        let is_linked = actor.stage().is_linked();
        Ok(Resent { before: is_linked.then(|| Counts::of(actor)).transpose()? })
    }

    /// Says what was sent again, if anything was.
    pub(crate) fn say(self, actor: &Actor) -> Result<(), Failure> {
        let Some(before) = self.before else { return Ok(()) };
        let now = Counts::of(actor)?;
        let segments = now.segments.saturating_sub(before.segments);
        let told = now.told.saturating_sub(before.told);
        if segments > 0 {
            actor.say(steps::tcp_resent(segments, told));
        }
        Ok(())
    }
}

/// Counts of a network, since it was made.
struct Counts {
    /// Segments that were sent again, for whatever reason.
    segments: u64,
    /// Those that were sent again because acknowledgements told of a hole ("fast retransmit").
    told: u64,
}

impl Counts {
    fn of(actor: &Actor) -> Result<Counts, Failure> {
        Counts::here().map_err(|source| actor.cannot("ask what was sent again", source))
    }

    fn here() -> io::Result<Counts> {
        // Not /proc/net: that is the network of the program's first thread.
        let read = |name: &str| fs::read_to_string(format!("/proc/thread-self/net/{name}"));
        let count = |table: &str, row: &str, name: &str| {
            find(table, row, name).ok_or_else(|| io::Error::other(format!("no count of {name}")))
        };
        Ok(Counts {
            segments: count(&read("snmp")?, "Tcp:", "RetransSegs")?,
            told: count(&read("netstat")?, "TcpExt:", "TCPFastRetrans")?,
        })
    }
}

/// A count in a table of the kernel: each row stands there twice, first with the names, then with
/// the numbers.
fn find(table: &str, row: &str, name: &str) -> Option<u64> {
    let mut lines = table.lines().filter(|line| line.starts_with(row));
    let (names, numbers) = (lines.next()?, lines.next()?);
    let at = names.split_whitespace().position(|one| one == name)?;
    numbers.split_whitespace().nth(at)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_stands_below_its_name() {
        let table = "Ip: Forwarding DefaultTTL\nIp: 2 64\nTcp: MaxConn RetransSegs\nTcp: -1 7\n";
        assert_eq!(find(table, "Tcp:", "RetransSegs"), Some(7));
        assert_eq!(find(table, "Ip:", "DefaultTTL"), Some(64));
        assert_eq!(find(table, "Tcp:", "MaxConn"), None, "it is not a count");
        assert_eq!(find(table, "Tcp:", "NoSuchName"), None);
        assert_eq!(find("Tcp: RetransSegs\n", "Tcp:", "RetransSegs"), None);
    }
}
