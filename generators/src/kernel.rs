//! What the kernel counts of TCP in one network: how a program can learn that its bytes had to be
//! sent again, or that its kernel asked the other one something, of which no socket tells it.

use std::{fs, io};

use crate::{Failure, actor::Actor, steps};

/// What is sent again in a role's network, from a moment on.
pub(crate) struct Resent {
    /// What had been counted at that moment; `None` if a role has no network of its own, for there
    /// other programs count too.
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

/// What the kernel of a role asks on its own account, from a moment on.
pub(crate) struct Probed {
    /// As in [`Resent`].
    before: Option<Counts>,
}

impl Probed {
    /// From now on, in the network of the role whose thread this is.
    pub(crate) fn from_now(actor: &Actor) -> Result<Probed, Failure> {
        let is_linked = actor.stage().is_linked();
        Ok(Probed { before: is_linked.then(|| Counts::of(actor)).transpose()? })
    }

    /// Says how often it asked, if it did.
    pub(crate) fn say(self, actor: &Actor) -> Result<(), Failure> {
        let Some(before) = self.before else { return Ok(()) };
        let now = Counts::of(actor)?;
        let alive = now.alive.saturating_sub(before.alive);
        let window = now.window.saturating_sub(before.window);
        if alive + window > 0 {
            actor.say(steps::tcp_probed(alive, window));
        }
        Ok(())
    }
}

/// Which connections of a role's network opened fast, from a moment on.
pub(crate) struct FastOpened {
    before: Counts,
}

impl FastOpened {
    /// From now on, in a network of the scenario's own.
    pub(crate) fn from_now(actor: &Actor) -> Result<FastOpened, Failure> {
        Ok(FastOpened { before: Counts::of(actor)? })
    }

    /// Says it as the side that opened them.
    pub(crate) fn say_sent(self, actor: &Actor) -> Result<(), Failure> {
        let carried = Counts::of(actor)?.fast_sent.saturating_sub(self.before.fast_sent);
        actor.say(steps::tcp_fast_open_sent(carried));
        Ok(())
    }

    /// Says it as the side that listened.
    pub(crate) fn say_taken(self, actor: &Actor) -> Result<(), Failure> {
        let now = Counts::of(actor)?;
        let asked = now.cookies.saturating_sub(self.before.cookies);
        let carried = now.fast_taken.saturating_sub(self.before.fast_taken);
        actor.say(steps::tcp_fast_open_taken(asked, carried));
        Ok(())
    }
}

/// Counts of a network, since it was made.
struct Counts {
    /// Segments that were sent again, for whatever reason.
    segments: u64,
    /// Those that were sent again because acknowledgements told of a hole ("fast retransmit").
    told: u64,
    /// Questions whether the other side is still there.
    alive: u64,
    /// Questions whether the other side has room again.
    window: u64,
    /// SYNs whose data the other side took.
    fast_sent: u64,
    /// SYNs whose data this side took.
    fast_taken: u64,
    /// SYNs that asked for a cookie.
    cookies: u64,
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
        let more = read("netstat")?;
        Ok(Counts {
            segments: count(&read("snmp")?, "Tcp:", "RetransSegs")?,
            told: count(&more, "TcpExt:", "TCPFastRetrans")?,
            alive: count(&more, "TcpExt:", "TCPKeepAlive")?,
            window: count(&more, "TcpExt:", "TCPWinProbe")?,
            fast_sent: count(&more, "TcpExt:", "TCPFastOpenActive")?,
            fast_taken: count(&more, "TcpExt:", "TCPFastOpenPassive")?,
            cookies: count(&more, "TcpExt:", "TCPFastOpenCookieReqd")?,
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
