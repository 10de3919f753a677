//! Stories made by hand, to be drawn in tests.

use wirestage_dissectors::ids::{ConnectionId, FrameId, ProtocolId, Time};
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::story::{
    Actor, ActorId, Beat, BeatId, KeyHeld, Level, Mark, Moment, Outcome, RoundTrip, State, Story,
    Track, TrackId,
};

/// Whether both ends were recorded, a hundred milliseconds apart there and back.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Link {
    Loopback,
    Slow,
}

/// A story while it is written.
#[derive(Default)]
pub(crate) struct Author {
    pub(crate) story: Story,
    frames: u32,
}

impl Author {
    pub(crate) fn actor(&mut self, name: &str, address: &str) -> ActorId {
        self.story.cast.push(Actor { name: name.to_owned(), address: address.to_owned() });
        ActorId(self.story.cast.len() as u16 - 1)
    }

    fn push(&mut self, beat: Beat) -> BeatId {
        self.story.beats.push(beat);
        BeatId(self.story.beats.len() as u32 - 1)
    }

    fn moment(&mut self, micros: i64) -> Moment {
        self.frames += 1;
        Moment { frame: FrameId(self.frames), time: Time(micros * 1000) }
    }

    pub(crate) fn chapter(&mut self, title: &str, trips: u32, packets: u32, bytes: u64) -> BeatId {
        let mut beat = blank(Level::Chapter, None, (ActorId(0), ActorId(1)));
        beat.label = title.to_owned();
        (beat.round_trips, beat.packets, beat.bytes) = (trips, packets, bytes);
        self.push(beat)
    }

    pub(crate) fn flight(
        &mut self,
        chapter: Option<BeatId>,
        ways: (ActorId, ActorId),
        (sent, received): (i64, Option<i64>),
        (headline, detail): (&str, &str),
        messages: &[(&str, ProtocolId, Protection)],
    ) -> BeatId {
        let mut beat = blank(Level::Flight, chapter, ways);
        beat.sent = self.moment(sent);
        beat.ended = beat.sent;
        beat.received =
            received.map(|time| Moment { frame: beat.sent.frame, time: Time(time * 1000) });
        (beat.headline, beat.detail) = (headline.to_owned(), detail.to_owned());
        (beat.packets, beat.bytes) = (1, 100);
        if let Some((_, protocol, protection)) = messages.last() {
            (beat.protocol, beat.protection) = (*protocol, *protection);
        }
        let flight = self.push(beat.clone());
        if let Some(end) = chapter.and_then(|id| self.story.beats.get_mut(id.0 as usize)) {
            if end.packets > 0 && end.sent.frame == FrameId(0) {
                end.sent = beat.sent;
            }
            end.ended = beat.ended;
        }
        for (label, protocol, protection) in messages {
            let message = Beat {
                level: Level::Message,
                parent: Some(flight),
                label: (*label).to_owned(),
                headline: format!("{label} says its part"),
                detail: String::new(),
                protocol: *protocol,
                protection: *protection,
                ..beat.clone()
            };
            self.push(message);
        }
        flight
    }

    pub(crate) fn state(
        &mut self,
        actor: ActorId,
        flight: BeatId,
        on_send: bool,
        name: &'static str,
    ) {
        let connection = ConnectionId(0);
        self.story.states.push(State {
            actor,
            connection,
            flight,
            message: flight,
            on_send,
            name,
            open: !["CLOSED", "TIME-WAIT"].contains(&name),
        });
    }

    pub(crate) fn keys(&mut self, actor: ActorId, flight: BeatId, on_send: bool) {
        for (protection, name) in [
            (Protection::Handshake, "handshake keys"),
            (Protection::Application, "application keys"),
        ] {
            self.story.keys.push(KeyHeld {
                actor,
                flight,
                message: flight,
                on_send,
                at_once: on_send && protection == Protection::Handshake,
                protection,
                name,
                renews: false,
            });
        }
    }

    pub(crate) fn mark(
        &mut self,
        actor: ActorId,
        (flight, on_send): (BeatId, bool),
        what: &str,
        micros: i64,
    ) {
        let at = Moment { frame: FrameId(0), time: Time(micros * 1000) };
        let (role, what) = ("server".to_owned(), what.to_owned());
        let bytes = (what == "read").then_some(1200);
        let (earlier, after) = (what == "accept", Some(7_000));
        let mark = Mark { actor, role, at, what, bytes, flight, on_send, earlier, after };
        self.story.marks.push(mark);
    }

    pub(crate) fn trip(&mut self, from: BeatId, to: BeatId) {
        let sent = |id: BeatId| self.story.beat(id).expect("it was pushed").sent;
        let (asked, answered) = (sent(from), sent(to));
        self.story.trips.push(RoundTrip {
            from,
            to,
            asked,
            answered,
            nanos: 0,
            first_try: None,
            pondered: None,
            counts: true,
        });
    }
}

fn blank(level: Level, parent: Option<BeatId>, (from, to): (ActorId, ActorId)) -> Beat {
    let moment = Moment { frame: FrameId(0), time: Time(0) };
    Beat { parent, ..Beat::blank(level, [from, to], moment, ProtocolId::of("tcp")) }
}

/// A full TLS 1.3 handshake with one request, as it goes on loopback or over a slow link.
pub(crate) fn tls13(link: Link) -> Story {
    use Protection::{Application, Clear, Handshake};
    let (tcp, tls, http) = (ProtocolId::of("tcp"), ProtocolId::of("tls"), ProtocolId::of("http"));
    let slow = link == Link::Slow;
    let when = |loopback: i64, sent: i64| {
        if slow { (sent * 1000, Some((sent + 50) * 1000)) } else { (loopback, None) }
    };
    let mut author = Author::default();
    let client = author.actor("Client", "127.0.0.1 : 51834");
    let server = author.actor("Server", "127.0.0.2 : 443");
    let (there, back) = ((client, server), (server, client));

    let chapter = author.chapter("TCP handshake", 1, 3, 222);
    let syn = author.flight(
        Some(chapter),
        there,
        when(0, 0),
        ("Asks for a connection", "seq 0, window 64 240, MSS 1460. Nothing can be sent with it."),
        &[("SYN", tcp, Clear)],
    );
    let syn_ack = author.flight(
        Some(chapter),
        back,
        when(21, 50),
        (
            "The kernel answers, not the server program",
            "It will hear of the connection only at step 3.",
        ),
        &[("SYN, ACK", tcp, Clear)],
    );
    let chapter = author.chapter("TLS 1.3 handshake", 1, 4, 1_900);
    let hello = author.flight(
        Some(chapter),
        there,
        when(34, 101),
        (
            "Offers, and guesses: a key share for X25519 is sent at once",
            "The guess is what saves TLS 1.2’s second round trip. RFC 9846",
        ),
        &[("ACK", tcp, Clear), ("ClientHello", tls, Clear)],
    );
    let server_flight = author.flight(
        Some(chapter),
        back,
        when(412, 152),
        (
            "One flight carries everything; from the second message on it is sealed",
            "Both now hold the handshake keys. A tap sees no certificate.",
        ),
        &[
            ("ServerHello", tls, Clear),
            ("EncryptedExtensions", tls, Handshake),
            ("Certificate", tls, Handshake),
            ("CertificateVerify", tls, Handshake),
            ("Finished", tls, Handshake),
        ],
    );
    let chapter = author.chapter("HTTP request", 1, 3, 1_100);
    let request = author.flight(
        Some(chapter),
        there,
        when(1377, 205),
        (
            "Proves the handshake was not tampered with, and asks in the same breath",
            "Application keys from here on.",
        ),
        &[("Finished", tls, Handshake), ("GET /", http, Application)],
    );
    let answer = author.flight(
        Some(chapter),
        back,
        when(1655, 256),
        (
            "The answer: three round trips after the first SYN",
            "The ticket lets the next visit start with 0-RTT.",
        ),
        &[
            ("NewSessionTicket", tls, Application),
            ("200 OK", http, Application),
            ("index.html  412 B", http, Application),
        ],
    );
    author.state(client, syn, true, "SYN-SENT");
    author.state(server, syn, false, "SYN-RECEIVED");
    author.state(client, syn_ack, false, "ESTABLISHED");
    author.state(server, hello, false, "ESTABLISHED");
    author.keys(server, hello, false);
    author.keys(client, server_flight, false);
    author.trip(syn, syn_ack);
    author.trip(hello, server_flight);
    author.trip(request, answer);
    let mut story = author.story;
    story.title = "TLS 1.3, full handshake".to_owned();
    story.subtitle = if slow {
        "HTTPS request over a 100 ms link · recorded live, decrypted with its own keys"
    } else {
        "HTTPS request on loopback · recorded live, decrypted with its own keys"
    }
    .to_owned();
    story.sum = "2 round trips until the request can be sent, 3 until the first byte of the answer"
        .to_owned();
    (story.packets, story.bytes, story.both_ends) = (10, 3_200, slow);
    story
}

/// Everything that can go wrong, between a client, a proxy and two servers.
pub(crate) fn trouble() -> Story {
    use Protection::{Application, Clear, Early, Initial, Opaque};
    let (tcp, tls, http) = (ProtocolId::of("tcp"), ProtocolId::of("tls"), ProtocolId::of("http"));
    let mut author = Author::default();
    let client = author.actor("Client", "127.0.0.1 : 51834");
    let proxy = author.actor("Proxy", "127.0.0.3 : 8080");
    let first = author.actor("Backend 1", "127.0.0.11 : 80");
    let second = author.actor("Backend 2", "127.0.0.12 : 80");
    let mut time = 0;
    let mut next = || {
        time += 300;
        (time, None)
    };
    let chapter = author.chapter("A request that is lost and sent again", 2, 9, 4_020);
    let ask = author.flight(
        Some(chapter),
        (client, proxy),
        next(),
        ("Asks the proxy", ""),
        &[("GET /a/rather/long/path/that/does/not/fit?with=a&query=string&that=goes&on=and&on=still HTTP/1.1", http, Application)],
    );
    let lost = author.flight(
        Some(chapter),
        (proxy, first),
        next(),
        ("Gets lost on the way", "No acknowledgement comes."),
        &[("GET /", http, Clear)],
    );
    let again = author.flight(
        Some(chapter),
        (proxy, first),
        next(),
        ("Is sent again after the timer ran out", ""),
        &[("GET /", http, Clear)],
    );
    author.flight(Some(chapter), (first, proxy), next(), ("", ""), &[("ACK", tcp, Clear)]);
    author.flight(
        Some(chapter),
        (first, proxy),
        next(),
        ("", ""),
        &[("ACK", tcp, Clear), ("ACK", tcp, Clear)],
    );
    let think = author.flight(
        Some(chapter),
        (first, first),
        next(),
        ("Looks it up in its own cache", ""),
        &[("cache lookup", http, Clear)],
    );
    let answer = author.flight(
        Some(chapter),
        (first, proxy),
        next(),
        ("Answers", ""),
        &[("200 OK", http, Opaque), ("early", tls, Early), ("initial", tls, Initial)],
    );
    let through = author.flight(
        Some(chapter),
        (second, client),
        next(),
        ("Passes all lifelines between", ""),
        &[("push", http, Opaque)],
    );
    let many: Vec<(String, ProtocolId, Protection)> =
        (0..40).map(|n| (format!("DATA stream {n}"), http, Application)).collect();
    let many: Vec<_> = many.iter().map(|(label, a, b)| (label.as_str(), *a, *b)).collect();
    author.flight(
        Some(chapter),
        (proxy, client),
        next(),
        ("A long answer in many pieces", ""),
        &many,
    );
    let no = author.flight(
        Some(chapter),
        (second, proxy),
        (2_000_000, None),
        ("Refuses", ""),
        &[("RST", tcp, Clear)],
    );
    author.flight(
        Some(chapter),
        (second, second),
        (2_000_300, None),
        ("Cleans up", ""),
        &[("free", http, Clear)],
    );
    for (beat, outcome) in
        [(lost, Outcome::Lost), (again, Outcome::Repeated), (no, Outcome::Refused)]
    {
        for at in [beat.0, beat.0 + 1] {
            author.story.beats[at as usize].outcome = outcome;
        }
    }
    author.state(proxy, ask, false, "ESTABLISHED");
    author.state(first, again, false, "ESTABLISHED");
    author.state(second, no, true, "CLOSED");
    author.keys(proxy, ask, false);
    author.trip(ask, answer);
    author.trip(again, answer);
    author.trip(think, through);
    author.story.links.push(wirestage_dissectors::story::Link {
        from: again,
        relation: wirestage_dissectors::message::Relation::Repeats,
        to: lost,
    });
    let mut story = author.story;
    story.title = "Trouble".to_owned();
    story.sum = "One request, one loss".to_owned();
    story
}

/// A connection that goes by a letter.
pub(crate) fn track(number: u32, ends: [ActorId; 2], like: Option<TrackId>) -> Track {
    let moment = |frame, micros: i64| Moment { frame: FrameId(frame), time: Time(micros * 1000) };
    Track {
        connection: ConnectionId(number),
        name: format!("port {}", 40_000 + number),
        ends,
        ports: [Some(40_000 + number as u16), None],
        first: moment(number, 0),
        last: moment(2 * number, 90),
        packets: 2,
        bytes: 120,
        round_trips: 1,
        is_whole: true,
        like,
    }
}

/// So many connections at once: each opens, and they close one after the other.
pub(crate) fn parallel(connections: u32) -> Story {
    let mut author = Author::default();
    let client = author.actor("Client", "127.0.0.1");
    let server = author.actor("Server", "127.0.0.2 : 443");
    let tcp = ProtocolId::of("tcp");
    for (round, open) in [(0, true), (1, false)] {
        let chapter = author.chapter(if open { "Opening" } else { "Closing" }, 1, 2, 120);
        for connection in 0..connections {
            let sent = i64::from(round * connections + connection) * 40;
            let label = if open { "SYN" } else { "FIN" };
            let messages = [(label, tcp, Protection::Clear)];
            let ways = (client, server);
            let flight = author.flight(Some(chapter), ways, (sent, None), ("", ""), &messages);
            let name = if open { "ESTABLISHED" } else { "TIME-WAIT" };
            for (actor, on_send) in [(client, true), (server, false)] {
                author.story.states.push(State {
                    actor,
                    connection: ConnectionId(connection),
                    flight,
                    message: flight,
                    on_send,
                    name,
                    open,
                });
            }
            let beats = author.story.beats.iter_mut().skip(flight.0 as usize);
            beats.for_each(|beat| beat.track = Some(TrackId(connection as u16)));
        }
    }
    // The last of many went the same way as the first.
    let like = |at: u32| (at > 6 && at + 1 == connections).then_some(TrackId(0));
    author.story.tracks =
        (0..connections).map(|at| track(at, [client, server], like(at))).collect();
    author.story.notes = vec!["Some records stay sealed: their keys are not known here.".into()];
    author.story
}

/// Questions and answers without end.
pub(crate) fn long(flights: usize) -> Story {
    let mut author = Author::default();
    let client = author.actor("Client", "127.0.0.1 : 51834");
    let server = author.actor("Server", "127.0.0.2 : 80");
    let http = ProtocolId::of("http");
    let mut chapter = None;
    for number in 0..flights {
        if number % 20 == 0 {
            chapter = Some(author.chapter("Requests", 10, 20, 9_000));
        }
        let asks = number % 2 == 0;
        let ways = if asks { (client, server) } else { (server, client) };
        let label = if asks { "GET /" } else { "200 OK" };
        let detail =
            format!("Sentence {number} of many, long enough to be broken in two lines, or three.");
        let messages = [(label, http, Protection::Clear), ("body", http, Protection::Application)];
        let sent = number as i64 * 150;
        author.flight(chapter, ways, (sent, None), ("Asks and answers", &detail), &messages);
    }
    author.story
}
