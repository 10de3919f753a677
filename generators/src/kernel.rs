//! What the kernel counts of TCP in one network: how a program can learn that its bytes had to be
//! sent again, of which no socket tells it.

use std::{fs, io};

/// Counts of a network, since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Resent {
    /// Segments that were sent again, for whatever reason.
    pub(crate) segments: u64,
    /// Those that were sent again because acknowledgements told of a hole ("fast retransmit").
    pub(crate) told: u64,
}

impl Resent {
    /// The counts of the network that this thread is in.
    pub(crate) fn here() -> io::Result<Resent> {
        // Not /proc/net: that is the network of the program's first thread.
        let read = |name: &str| fs::read_to_string(format!("/proc/thread-self/net/{name}"));
        let count = |table: &str, row: &str, name: &str| {
            find(table, row, name).ok_or_else(|| io::Error::other(format!("no count of {name}")))
        };
        Ok(Resent {
            segments: count(&read("snmp")?, "Tcp:", "RetransSegs")?,
            told: count(&read("netstat")?, "TcpExt:", "TCPFastRetrans")?,
        })
    }

    /// What was counted since `before`.
    pub(crate) fn since(self, before: Resent) -> Resent {
        Resent { segments: self.segments - before.segments, told: self.told - before.told }
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
