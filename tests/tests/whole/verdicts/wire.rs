//! What lies between client and server: it passes bytes on, and writes down what went by as the
//! packets that TCP would have sent.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use etherparse::PacketBuilder;
use socket2::SockRef;
use wirestage_captures::write::{NewInterface, PcapngWriter, SectionHeader};
use wirestage_dissectors::frames::LinkType;
use wirestage_dissectors::ids::Time;

/// How a side of ours ends a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// By FIN.
    Ends,
    /// By RST.
    BreaksOff,
}

/// What one side does.
enum Does {
    Says(Vec<u8>),
    Is(Ending),
}

/// What went by: whether the client did it, and what.
pub(super) struct Seen(Vec<(bool, Does)>);

/// A place to connect to, and what is seen there.
pub(super) struct Wire {
    port: u16,
    thread: JoinHandle<Seen>,
}

impl Wire {
    fn open(act: impl FnOnce(TcpStream) -> Seen + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it has one").port();
        let thread = thread::spawn(move || act(listener.accept().expect("the client comes").0));
        Self { port, thread }
    }

    /// A wire to a server that listens on that port.
    pub(super) fn between(port: u16) -> Self {
        Self::open(move |client| {
            let server = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
            let (said, seen) = channel();
            let other = |stream: &TcpStream| stream.try_clone().expect("it can be shared");
            let ways = [
                pass((true, other(&client)), other(&server), said.clone()),
                pass((false, server), client, said),
            ];
            ways.into_iter().for_each(|way| way.join().expect("it passes on"));
            Seen(seen.iter().collect())
        })
    }

    /// A wire that ends at a server of ours: it hears what the client says first, says this, and
    /// ends.
    pub(super) fn to(answer: &'static [u8], ending: Ending) -> Self {
        Self::open(move |mut client| {
            let mut first = vec![0; 1 << 14];
            let len = client.read(&mut first).expect("the client speaks first");
            first.truncate(len);
            client.write_all(answer).expect("it is taken");
            if ending == Ending::BreaksOff {
                SockRef::from(&client).set_linger(Some(Duration::ZERO)).expect("it can be set");
            }
            let mut seen = vec![(true, Does::Says(first))];
            seen.extend((!answer.is_empty()).then(|| (false, Does::Says(answer.to_vec()))));
            seen.push((false, Does::Is(ending)));
            Seen(seen)
        })
    }

    /// A wire that ends at a server of ours: it speaks first, and hears the client to its end.
    pub(super) fn greeted(greeting: &'static [u8]) -> Self {
        Self::open(move |mut client| {
            client.write_all(greeting).expect("it is taken");
            let mut seen = vec![(false, Does::Says(greeting.to_vec()))];
            loop {
                let does = next(&mut client);
                let is_end = matches!(does, Does::Is(_));
                seen.push((true, does));
                if is_end {
                    return Seen(seen);
                }
            }
        })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// What went by, once both sides have ended.
    pub(super) fn finish(self) -> Seen {
        self.thread.join().expect("the wire holds")
    }
}

/// What a side does next.
fn next(from: &mut TcpStream) -> Does {
    let mut chunk = vec![0; 1 << 14];
    match from.read(&mut chunk) {
        Ok(0) => Does::Is(Ending::Ends),
        Ok(len) => Does::Says(chunk[..len].to_vec()),
        Err(_) => Does::Is(Ending::BreaksOff),
    }
}

fn pass(
    (is_client, mut from): (bool, TcpStream),
    mut to: TcpStream,
    said: Sender<(bool, Does)>,
) -> JoinHandle<()> {
    thread::spawn(move || {
        loop {
            let does = next(&mut from);
            // It is written down before the other side can answer.
            let passed = match &does {
                Does::Says(bytes) => Some(bytes.clone()),
                Does::Is(_) => None,
            };
            said.send((is_client, does)).expect("somebody listens");
            let Some(bytes) = passed else {
                let _ = to.shutdown(Shutdown::Write);
                return;
            };
            // Who has left does not hear it; what else is said is still written down.
            let _ = to.write_all(&bytes);
        }
    })
}

impl Seen {
    /// The packets of it, as a file with these keys.
    pub(super) fn recording(&self, key_log: &str) -> Vec<u8> {
        let header = SectionHeader {
            hardware: String::new(),
            system: String::new(),
            application: String::new(),
            comments: Vec::new(),
        };
        let interface = NewInterface {
            name: "wire".into(),
            description: String::new(),
            link: LinkType::RAW,
            snap_len: 0,
            filter: String::new(),
        };
        let mut out = PcapngWriter::new(Vec::new(), &header).expect("memory takes it");
        let number = out.interface(&interface).expect("memory takes it");
        if !key_log.is_empty() {
            out.secrets(key_log).expect("memory takes it");
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later").as_nanos();
        let mut time = i64::try_from(now).expect("this age");
        // What each side sends next, its SYN counted.
        let mut next = [1_000, 5_000];
        for (is_client, flags, payload) in self.segments() {
            let own = usize::from(!is_client);
            let bytes = packet((own, next), flags, payload);
            out.packet(number, Time(time), 0, &bytes).expect("memory takes it");
            let takes = payload.len() + usize::from(flags.contains(['S', 'F']));
            next[own] += u32::try_from(takes).expect("a short story");
            time += 1_000_000;
        }
        out.into_inner()
    }

    /// The segments: who sends it, its flags by their first letters, and what it carries.
    fn segments(&self) -> Vec<(bool, &'static str, &[u8])> {
        let nothing: &[u8] = &[];
        let mut all = vec![(true, "S", nothing), (false, "SA", nothing), (true, "A", nothing)];
        for (is_client, does) in &self.0 {
            let (flags, payload) = match does {
                Does::Says(bytes) => ("PA", bytes.as_slice()),
                Does::Is(Ending::Ends) => ("FA", nothing),
                Does::Is(Ending::BreaksOff) => ("RA", nothing),
            };
            all.push((*is_client, flags, payload));
        }
        all
    }
}

/// One packet of the side with that number.
fn packet((own, next): (usize, [u32; 2]), flags: &str, payload: &[u8]) -> Vec<u8> {
    let ends = [([192, 0, 2, 7], 50_001), ([192, 0, 2, 1], 443)];
    let (from, to) = (ends[own], ends[1 - own]);
    let mut packet = PacketBuilder::ipv4(from.0, to.0, 64).tcp(from.1, to.1, next[own], 60_000);
    for flag in flags.chars() {
        packet = match flag {
            'S' => packet.syn(),
            'F' => packet.fin(),
            'R' => packet.rst(),
            'P' => packet.psh(),
            _ => packet.ack(next[1 - own]),
        };
    }
    let mut bytes = Vec::new();
    packet.write(&mut bytes, payload).expect("it has room");
    bytes
}
