//! A story of hosts with long names, in tunnels.

use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::story::{Carrier, Story};

use super::fixture::Author;

/// Hosts of IPv6 with the longest names there are, in two tunnels; a router between them complains.
pub(crate) fn tunnelled() -> Story {
    use Protection::Clear;
    let (data, icmpv6) = (ProtocolId::of("data"), ProtocolId::of("icmpv6"));
    let mut author = Author::default();
    let client = author.actor("2001:db8:1234:5678:90ab:cdef:1234:5678", "port 40000");
    let router = author.actor("2001:db8:1234:5678:90ab:cdef:1234:fffe", "");
    let server = author.actor("Server", "2001:db8:1234:5678:90ab:cdef:1234:5679 : 5555");
    let chapter = author.chapter("Data", 0, 2, 200);
    let ways = [
        (client, server, "Sends a datagram", "5 bytes", data),
        (router, client, "The packet ends here", "Hop limit exceeded", icmpv6),
    ];
    for (at, (from, to, headline, label, protocol)) in (0..).zip(ways) {
        let sentences = (headline, "");
        let messages = [(label, protocol, Clear)];
        author.flight(Some(chapter), (from, to), (at * 300, None), sentences, &messages);
    }
    let mut story = author.story;
    story.title = "Data".to_owned();
    story.sum = "No handshake: the first packet carries data".to_owned();
    let tunnel = "VXLAN, VNI 42, between 2001:db8:1234:5678:90ab:cdef:1234:1 and \
                  2001:db8:1234:5678:90ab:cdef:1234:2; inside it GRE, key 0x7, between \
                  192.0.2.1 and 192.0.2.2";
    for way in [tunnel, ""] {
        story.carriers.push(Carrier { way: way.to_owned(), connections: 1, frames: 1 });
    }
    story
}
