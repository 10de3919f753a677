//! A glance: what the first bytes of a connection say, read with the engine and then dropped.
//!
//! Reading stops with the client's first message above TLS, and in any case after a number of
//! frames and bytes: a hundred thousand glances take about a second. What DNS answers is read
//! further, for it names the ends of others.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::names::NameSource;
use crate::attribution::Attribution;
use crate::engine::reader::{ConnectionReader, Context};
use crate::engine::stretch::Stretch;
use crate::engine::sweep::feed;
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::ids::{ConnectionId, Direction, FrameId, ProtocolId};
use crate::limits::{MAX_GLANCE_ANSWERS, MAX_GLANCE_BYTES, MAX_GLANCE_FRAMES, MAX_GLANCE_WORDS};
use crate::message::{Message, Protection};
use crate::protocols::tls::fields as tls;
use crate::protocols::{data, dns, http, http2, tcp};
use crate::sink::Sink;
use crate::span::Span;
use crate::survey::Survey;
use crate::telling::Telling;

/// What the first bytes of a connection say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glance {
    /// What the client calls the server, and where it says so.
    pub name: Option<(Box<str>, NameSource)>,
    /// The client's first message in words: "GET /p5.txt", "ClientHello for shop.test". Of a
    /// connection in which no client speaks, the server's first.
    pub first: Option<Box<str>>,
    /// What speaks, above TLS where that is opened.
    pub protocol: Option<ProtocolId>,
    /// Its name as rows have it: "TLSv1.3".
    pub spoken: Option<&'static str>,
    /// What the client offers to speak inside TLS: "h2, http/1.1". What is spoken there only the
    /// server's answer would tell, which TLS 1.3 seals.
    pub offers: Option<Box<str>>,
    /// Whether some of it is sealed, and no key is here.
    pub is_sealed: bool,
    /// Addresses that DNS gave in it, each with the name that was asked for and the frame.
    pub answers: Vec<(Box<str>, IpAddr, FrameId)>,
}

/// What a glance may look at.
type Surroundings<'a> = (Context<'a>, &'a Survey, &'a Attribution);

/// How much of a connection is looked at.
#[derive(Clone, Copy)]
struct Budget {
    frames: usize,
    bytes: u64,
}

/// Looks at a connection's first bytes. `server` is the direction in which its server sends.
#[must_use]
pub fn glance(id: ConnectionId, server: Direction, surroundings: Surroundings<'_>) -> Glance {
    let (context, survey, attribution) = surroundings;
    let path = attribution.first_path(id);
    let Some(flow) = survey.flow(path) else { return Glance::default() };
    let is_dns = flow.protocol() == Some(dns::PROTOCOL_ID);
    let mut budget = Budget {
        frames: if is_dns { MAX_GLANCE_ANSWERS } else { MAX_GLANCE_FRAMES },
        bytes: MAX_GLANCE_BYTES,
    };
    let named = attribution.has_named().then(|| attribution.frames(id, survey));
    let plain = survey.frames_from(flow.first);
    let frames: &mut dyn Iterator<Item = FrameId> = match named {
        Some(frames) => &mut frames.into_iter(),
        None => &mut { plain },
    };
    let mut reader = attribution.reader(id, survey);
    let mut stretch = Stretch::default();
    let mut look = Look {
        is_dns,
        server,
        seen: 0,
        has_asked: false,
        fallback: None,
        glance: Glance::default(),
    };
    let mut is_whole = true;
    for frame in frames {
        feed(&mut reader, &mut stretch, frame, surroundings);
        let len = survey.row(frame).map_or(0, |row| row.data_len());
        if len > 0 && look.at((&reader, &stretch), context) {
            is_whole = false;
            break;
        }
        budget.frames = budget.frames.saturating_sub(1);
        budget.bytes = budget.bytes.saturating_sub(len.into());
        if budget.frames == 0 || budget.bytes == 0 {
            break;
        }
    }
    if is_whole && look.glance.first.is_none() {
        // A head that is there counts, also where what it announces came later or never.
        reader.finish(context, &mut stretch);
        look.at((&reader, &stretch), context);
    }
    look.finish()
}

/// A glance while it is made.
struct Look {
    is_dns: bool,
    server: Direction,
    /// How many messages of the stretch were looked at.
    seen: usize,
    /// Whether the first request is known: a ClientHello is none.
    has_asked: bool,
    /// What the server said first, and who spoke.
    fallback: Option<Box<str>>,
    glance: Glance,
}

impl Look {
    /// Looks at the messages that are new; says whether enough is known.
    fn at(
        &mut self,
        (reader, stretch): (&ConnectionReader, &Stretch),
        context: Context<'_>,
    ) -> bool {
        let view = reader.view(context.frames, stretch);
        let new = stretch.messages.get(self.seen..).unwrap_or_default();
        self.seen = stretch.messages.len();
        let mut is_enough = false;
        for message in new {
            let Some(layer) = view.layer(message.layer) else { continue };
            if layer.protocol != tcp::PROTOCOL_ID {
                is_enough |= self.message(layer.protocol, message, &view, context);
            }
        }
        is_enough && !self.is_dns
    }

    fn message(
        &mut self,
        protocol: ProtocolId,
        message: &Message,
        view: &View<'_>,
        context: Context<'_>,
    ) -> bool {
        let speaker = context.registry.get(protocol);
        let glance = &mut self.glance;
        glance.is_sealed |= message.protection == Protection::Opaque;
        let is_inner = glance.protocol.is_none_or(|known| known == tls::PROTOCOL_ID);
        if is_inner && (glance.protocol.is_none() || protocol != data::PROTOCOL_ID) {
            glance.protocol = Some(protocol);
            glance.spoken = Some(speaker.column(message, view));
        }
        let is_answer = message.direction == self.server;
        if is_answer && self.is_dns && protocol == dns::PROTOCOL_ID {
            self.answers(message, view, context);
        }
        let glance = &mut self.glance;
        let is_tls = protocol == tls::PROTOCOL_ID;
        if !is_answer && (is_tls || is_http(protocol)) && glance.offers.is_none() {
            let mut said = Said::default();
            speaker.describe(message, view, &mut said);
            let name = said.sni.map(|name| (name.into(), NameSource::Sni));
            // Who asks for an address gives no name.
            let host = said.host.as_deref().map(without_port);
            let host = host.filter(|name| !is_address(name));
            let host = host.map(|name| (name.into(), NameSource::Host));
            glance.name = glance.name.take().or(name).or(host);
            if !said.offers.is_empty() {
                glance.offers = Some(said.offers.join(", ").into());
            }
        }
        // Inside TLS, the first request is worth more than the ClientHello before it.
        let is_better = match (is_tls, is_answer) {
            (true, true) => false,
            (false, false) => !self.has_asked,
            (true, false) | (false, true) => glance.first.is_none(),
        };
        if !is_better {
            return false;
        }
        let told = speaker.tell(message, view);
        // What only opens a connection of several lanes is no request.
        let opens = protocol == http2::PROTOCOL_ID
            && told.as_ref().is_none_or(|told| !told.turn.asks || told.lane.is_none());
        let Some(words) = self.words(protocol, told, (message, view), context) else {
            return false;
        };
        if is_answer || opens {
            self.fallback.get_or_insert(words);
            return false;
        }
        self.glance.first = Some(words);
        self.has_asked = !is_tls;
        // What the request belongs to is what is spoken, whatever carries it.
        self.glance.protocol = Some(protocol);
        self.glance.spoken = Some(speaker.column(message, view));
        !is_tls
    }

    /// A message in a few words.
    fn words(
        &self,
        protocol: ProtocolId,
        told: Option<Telling>,
        (message, view): (&Message, &View<'_>),
        context: Context<'_>,
    ) -> Option<Box<str>> {
        let speaker = context.registry.get(protocol);
        let mut words = match &told {
            Some(told) => told.label.clone(),
            None => {
                let mut line = String::new();
                // Writing to a string does not fail.
                let _ = speaker.summary(message, view, &mut line);
                line
            }
        };
        if protocol == dns::PROTOCOL_ID && message.direction != self.server {
            words.insert_str(0, "Query ");
        }
        if protocol == tls::PROTOCOL_ID
            && let Some((name, NameSource::Sni)) = &self.glance.name
        {
            words = format!("{words} for {name}");
        }
        let end = words.char_indices().nth(MAX_GLANCE_WORDS).map(|(at, _)| at);
        if let Some(end) = end {
            words.truncate(end);
            words.push('…');
        }
        (!words.is_empty()).then(|| words.into())
    }

    /// Takes in the addresses that an answer of DNS gives.
    fn answers(&mut self, message: &Message, view: &View<'_>, context: Context<'_>) {
        let mut said = Answers::default();
        context.registry.get(dns::PROTOCOL_ID).describe(message, view, &mut said);
        let room = MAX_GLANCE_ANSWERS.saturating_sub(self.glance.answers.len());
        let found = said.found.into_iter().take(room);
        self.glance.answers.extend(found.map(|(name, ip)| (name.into(), ip, message.done)));
    }

    fn finish(self) -> Glance {
        let mut glance = self.glance;
        glance.first = glance.first.or(self.fallback);
        glance
    }
}

/// Whether requests of it name their host.
fn is_http(protocol: ProtocolId) -> bool {
    matches!(protocol, http::PROTOCOL_ID | http2::PROTOCOL_ID)
}

/// The host of a Host header, which may name a port behind it.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Whether a host is an address: of IPv6 in brackets (RFC 3986, section 3.2.2).
fn is_address(host: &str) -> bool {
    host.starts_with('[') || host.parse::<IpAddr>().is_ok()
}

/// What a client's message says of whom it wants to talk to.
#[derive(Default)]
struct Said {
    sni: Option<String>,
    host: Option<String>,
    offers: Vec<String>,
}

impl Sink for Said {
    fn wants(&self, field: FieldId) -> bool {
        [tls::SERVER_NAME, tls::ALPN_NAME, http::HOST, http2::AUTHORITY].contains(&field)
    }

    fn field(&mut self, field: FieldId, value: Value<'_>, _span: Span) {
        let Value::Text(text) = value else { return };
        if field == tls::SERVER_NAME {
            self.sni = Some(text.to_owned());
        } else if field == tls::ALPN_NAME {
            self.offers.push(text.to_owned());
        } else if field == http::HOST || field == http2::AUTHORITY {
            self.host = Some(text.to_owned());
        }
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.field(field, value, span);
    }
}

/// The addresses in an answer, each with the name that leads to it.
#[derive(Default)]
struct Answers {
    asked: Option<String>,
    /// What the name that was asked for is an alias of.
    aliases: Vec<String>,
    record: String,
    found: Vec<(String, IpAddr)>,
}

impl Sink for Answers {
    fn field(&mut self, field: FieldId, value: Value<'_>, _span: Span) {
        match value {
            Value::Text(name) if field == dns::QRY_NAME => self.asked = Some(name.to_owned()),
            Value::Text(name) if field == dns::RESP_NAME => name.clone_into(&mut self.record),
            Value::Text(target) if field == dns::CNAME && self.is_asked() => {
                self.aliases.push(target.to_owned());
            }
            Value::Bytes(bytes) if field == dns::A || field == dns::AAAA => self.address(bytes),
            _ => {}
        }
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.field(field, value, span);
    }
}

impl Answers {
    /// Whether the record at hand is about the name that was asked for.
    fn is_asked(&self) -> bool {
        self.asked.as_ref() == Some(&self.record) || self.aliases.contains(&self.record)
    }

    fn address(&mut self, bytes: &[u8]) {
        let four = bytes.first_chunk::<4>().filter(|_| bytes.len() == 4);
        let sixteen = bytes.first_chunk::<16>();
        let ip = four
            .map(|four| IpAddr::from(Ipv4Addr::from(*four)))
            .or_else(|| sixteen.map(|all| Ipv6Addr::from(*all).into()));
        let name = if self.is_asked() { self.asked.clone() } else { Some(self.record.clone()) };
        self.found.extend(name.zip(ip));
    }
}
