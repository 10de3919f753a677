//! What a mark says that a program did to a socket.

use std::net::SocketAddr;
use std::str::FromStr;

use super::entry;

/// What a program did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deed {
    /// Who: "server".
    pub(crate) role: String,
    /// To do what: "accept", "read", "write", "end", "shutdown", "close".
    pub(crate) what: String,
    /// With how many bytes.
    pub(crate) bytes: Option<u64>,
    /// The two ends of the socket, as far as the mark names them.
    pub(crate) local: Option<SocketAddr>,
    pub(crate) peer: Option<SocketAddr>,
}

/// Reads a mark; `None` if it does not say who did it.
pub(crate) fn deed(bytes: &[u8]) -> Option<Deed> {
    let text = |name: &[u8]| {
        let found = entry::all(bytes).find(|entry| entry.name == name)?;
        std::str::from_utf8(found.value).ok()
    };
    fn number<T: FromStr>(text: Option<&str>) -> Option<T> {
        text?.parse().ok()
    }
    let message = text(b"MESSAGE")?;
    let what = message.split_whitespace().next()?;
    Some(Deed {
        role: text(b"WIRESTAGE_ROLE")?.to_owned(),
        what: what.to_owned(),
        bytes: number(text(b"WIRESTAGE_BYTES")),
        local: number(text(b"WIRESTAGE_LOCAL")),
        peer: number(text(b"WIRESTAGE_PEER")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(entry: &str, expected: Option<(&str, &str, Option<u64>, Option<&str>)>) {
        let found = deed(entry.as_bytes());
        let found = found.as_ref().map(|deed| {
            let peer = deed.peer.map(|peer| peer.to_string());
            (deed.role.as_str(), deed.what.as_str(), deed.bytes, peer)
        });
        let expected =
            expected.map(|(role, what, bytes, peer)| (role, what, bytes, peer.map(str::to_owned)));
        assert_eq!(found, expected, "{entry}");
    }

    #[test]
    fn a_mark_says_who_did_what_to_which_socket() {
        check(
            "MESSAGE=read 17 bytes\nWIRESTAGE_ROLE=server\nWIRESTAGE_BYTES=17\n\
             WIRESTAGE_PEER=127.0.0.1:4242\n",
            Some(("server", "read", Some(17), Some("127.0.0.1:4242"))),
        );
        check(
            "WIRESTAGE_ROLE=server\nMESSAGE=accept [::1]:9\nWIRESTAGE_PEER=[::1]:9\n",
            Some(("server", "accept", None, Some("[::1]:9"))),
        );
        check(
            "WIRESTAGE_ROLE=server\nMESSAGE=read\nWIRESTAGE_BYTES=-1\nWIRESTAGE_PEER=here\n",
            Some(("server", "read", None, None)),
        );
        check("MESSAGE=Started sshd.\n_PID=1\n", None);
        check("WIRESTAGE_ROLE=server\n", None);
        check("WIRESTAGE_ROLE=server\nMESSAGE=\n", None);
        check("", None);
    }
}
