//! Whether a server listens: what the kernel says of its sockets.

use std::collections::HashSet;
use std::fs;

/// The sockets that listen for connections or datagrams in this network, by protocol and inode
/// (`proc_net(5)`: a socket of TCP in state 0A listens; one of UDP in state 07 is bound).
pub(super) fn sockets() -> HashSet<(bool, u64)> {
    let of = |(file, is_tcp, state): (&str, bool, &str)| {
        let text = fs::read_to_string(format!("/proc/self/net/{file}")).unwrap_or_default();
        let lines = text.lines().skip(1).filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let own = fields.get(3) == Some(&state);
            own.then(|| Some((is_tcp, fields.get(9)?.parse().ok()?))).flatten()
        });
        lines.collect::<Vec<(bool, u64)>>()
    };
    let files =
        [("tcp", true, "0A"), ("tcp6", true, "0A"), ("udp", false, "07"), ("udp6", false, "07")];
    files.into_iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_that_listens_is_seen() {
        let before = sockets();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        assert!(sockets().difference(&before).any(|(is_tcp, _)| *is_tcp));
        drop(listener);
    }
}
