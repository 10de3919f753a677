//! Says what a row is: its title, its fates, what stands on its arrow, one sentence and what
//! explains it. Nothing is claimed that columns or bytes do not show.

use super::fate::{Condition, Fate};
use super::known::Known;
use super::report::Bead;
use super::service::{Kind, Service};
use crate::ids::Direction;
use crate::protocols::tls::fields::PROTOCOL_ID as TLS;
use crate::survey::Transport;
use crate::wording::{bytes, counted, duration, list, thousands};

/// Says what a row is.
pub(super) struct Tells<'a> {
    pub(super) known: &'a Known<'a>,
    pub(super) service: &'a Service,
}

/// So many ports, names or first requests are listed.
const LISTED: usize = 4;

impl Tells<'_> {
    fn protocol(&self) -> Option<&'static str> {
        self.service.protocol.map(|(id, _)| self.known.registry.get(id).title())
    }

    /// Whether what is spoken came out of TLS, opened with keys.
    fn is_in_tls(&self) -> bool {
        let first = self.service.places.first().and_then(|at| self.known.lines.get(*at as usize));
        let outer = first.and_then(|line| line.protocol).map(|(id, _)| id);
        outer == Some(TLS) && self.service.protocol.is_some_and(|(id, _)| id != TLS)
    }

    fn transport(&self) -> &'static str {
        match self.service.transport {
            Transport::Tcp => "TCP",
            Transport::Udp => "UDP",
        }
    }

    /// "TLS", "TCP port 5432".
    fn what(&self) -> String {
        match (&self.service.kind, self.protocol()) {
            (Kind::Scan { .. }, _) => "Port scan".into(),
            (_, Some(protocol)) if self.is_in_tls() => format!("{protocol} in TLS"),
            (_, Some(protocol)) => protocol.into(),
            (Kind::Port(port), None) => format!("{} port {port}", self.transport()),
        }
    }

    /// What clients call the server, each name once, in the order in which they come.
    fn hosts(&self) -> Vec<&str> {
        const LOOKED_AT: usize = 256;
        let mut names: Vec<&str> = Vec::new();
        for place in self.service.places.iter().take(LOOKED_AT) {
            let name = self.known.host(*place as usize).map(|(name, _)| name);
            if let Some(name) = name.filter(|name| !names.contains(name)) {
                names.push(name);
            }
        }
        names
    }

    pub(super) fn title(&self) -> String {
        let what = self.what();
        match self.hosts().as_slice() {
            [] => what,
            [name] => format!("{what}, {name}"),
            [first, rest @ ..] => format!("{what}, {first} and {} more", rest.len()),
        }
    }

    pub(super) fn sum(&self) -> String {
        let Service { server, places, bytes: wire, .. } = self.service;
        let at = match &self.service.kind {
            Kind::Port(port) => std::net::SocketAddr::new(*server, *port).to_string(),
            Kind::Scan { .. } => server.to_string(),
        };
        let connections = counted(places.len() as u64, "connection");
        format!("{at} · {connections} · {}", bytes(*wire))
    }

    pub(super) fn fates(&self) -> String {
        let mut words = self.service.counts.to_string();
        if self.service.again > 0 {
            words += &format!(", {} sent again", thousands(self.service.again));
        }
        words
    }

    /// The verdict of most of the troubled connections, and of how many.
    fn worst(&self) -> Option<(Condition, u32)> {
        let troubled = self.service.counts.each().filter(|(one, _)| one.is_trouble());
        troubled.max_by_key(|(verdict, count)| (*count, std::cmp::Reverse(*verdict)))
    }

    /// The first of the row's connections that went so, in words.
    fn example(&self, verdict: Condition) -> String {
        let lines = self.known.lines;
        let is_one = |place: &&u32| {
            let line = lines.get(**place as usize);
            line.is_some_and(|line| self.known.verdict(line) == verdict)
        };
        let place = self.service.places.iter().find(is_one);
        let line = place.and_then(|place| lines.get(*place as usize));
        let error = line.and_then(|line| self.known.findings.of(line)?.error);
        if let (Condition::Errors, Some((error, _))) = (verdict, error) {
            return error.into();
        }
        place.map_or_else(String::new, |place| self.known.outcome(*place as usize))
    }

    /// The answer that was an error in the first of the connections that went so, if one was.
    fn error_before(&self, verdict: Condition) -> Option<String> {
        let lines = self.known.lines;
        let own = self.service.places.iter().filter_map(|place| lines.get(*place as usize));
        let line = own.into_iter().find(|line| self.known.verdict(line) == verdict)?;
        self.known.findings.of(line)?.error.map(|(error, _)| error.into())
    }

    fn is_sealed(&self) -> bool {
        let first = self.service.places.first().and_then(|at| self.known.glance(*at as usize));
        first.is_some_and(|glance| glance.is_sealed)
    }

    pub(super) fn beads(&self) -> Vec<Bead> {
        let plain = |label: String| Bead { label, is_trouble: false, is_sealed: false };
        if let Kind::Scan { answered, .. } = &self.service.kind {
            let attempts = self.service.counts.each().filter(|(one, _)| one.is_trouble());
            let vain =
                attempts.filter(|(one, _)| matches!(one, Condition::Fate(f) if f.is_attempt()));
            let mut beads: Vec<Bead> = vain
                .map(|(verdict, count)| Bead {
                    label: format!("{} {}", thousands(count.into()), verdict.words()),
                    is_trouble: true,
                    is_sealed: false,
                })
                .collect();
            if !answered.is_empty() {
                beads.push(plain(format!("{} answered", list(answered, LISTED))));
            }
            return beads;
        }
        let speaks = Bead { is_sealed: self.is_sealed(), ..plain(self.what()) };
        let all = self.service.counts.total();
        match self.worst() {
            // Where every connection went so, that is what the row is about.
            Some((verdict, count)) if count == all => {
                let label = match verdict {
                    Condition::Failed | Condition::Errors => self.example(verdict),
                    Condition::Fate(fate) => fate.words().into(),
                };
                let mut beads = vec![Bead { label, is_trouble: true, is_sealed: false }];
                if self.service.protocol.is_some() {
                    beads.insert(0, speaks);
                }
                beads
            }
            _ => vec![speaks],
        }
    }

    /// One sentence, and what explains it.
    pub(super) fn sentences(&self) -> (String, String) {
        if let Kind::Scan { ports, answered } = &self.service.kind {
            return self.scan(*ports, answered);
        }
        let (all, worst) = (self.service.counts.total(), self.worst());
        let (headline, why) = match worst {
            Some((verdict, count)) => self.trouble(verdict, count, all),
            None => self.well(),
        };
        let detail = [why, self.asked(), self.offers()].into_iter().filter(|one| !one.is_empty());
        (headline, detail.collect::<Vec<_>>().join(" "))
    }

    fn scan(&self, ports: u32, answered: &[u16]) -> (String, String) {
        let (first, last) = self.service.span;
        let headline = format!("One host tries {} of another", counted(ports.into(), "port"));
        let mut detail = format!("Within {}.", duration(last.since(first)));
        match answered {
            [] => detail += " None of them answered.",
            [one] => detail += &format!(" Port {one} answered, and nothing was sent to it."),
            some => {
                let ports = list(some, 2 * LISTED);
                detail += &format!(" Ports {ports} answered, and nothing was sent to them.");
            }
        }
        (headline, detail)
    }

    fn trouble(&self, verdict: Condition, count: u32, all: u32) -> (String, String) {
        let some = match (count, all) {
            (1, 1) => "The connection".to_owned(),
            (2, 2) => "Both".to_owned(),
            (count, all) if count == all => format!("All {}", thousands(all.into())),
            (count, all) => format!("{} of {}", thousands(count.into()), thousands(all.into())),
        };
        let (one, many) = (count == 1, count != 1);
        let verb = |single: &'static str, plural: &'static str| if many { plural } else { single };
        let is = verb("is", "are");
        match verdict {
            Condition::Failed => {
                let why = self.example(verdict);
                if !why.starts_with("alert") {
                    let what = "A ClientHello, and nothing after it that is sealed.".into();
                    return (
                        format!("{some} {} before anything is sealed", verb("ends", "end")),
                        what,
                    );
                }
                (format!("{some} {} with an alert", verb("ends", "end")), self.first(one, &why))
            }
            Condition::Errors => {
                let headline = format!("{some} {} an error as answer", verb("gets", "get"));
                (headline, self.first(one, &self.example(verdict)))
            }
            Condition::Fate(Fate::Refused) => (
                format!("{some} {is} refused"),
                "RST answers the SYN: nothing takes connections there, or something on the way \
                 says so."
                    .into(),
            ),
            Condition::Fate(Fate::Unreachable) => {
                (format!("{some} cannot be delivered"), sentence(&self.example(verdict)))
            }
            Condition::Fate(Fate::Expired) => (
                format!("{some} {} on the way", verb("ends", "end")),
                "The hop limit ran out, an ICMP error says. Traceroute asks for that on purpose."
                    .into(),
            ),
            Condition::Fate(Fate::Unanswered) => {
                let again = match self.service.again {
                    0 => String::new(),
                    more => format!(" {} sent again.", counted(more, "segment")),
                };
                let what = "The recording holds a SYN and no answer to it.";
                (format!("{some} {} no answer", verb("has", "have")), format!("{what}{again}"))
            }
            Condition::Fate(Fate::Unfinished) => (
                format!("{some} {} unfinished", verb("stays", "stay")),
                "SYN and SYN-ACK, and nothing of the client after that.".into(),
            ),
            Condition::Fate(Fate::Reset) => {
                let reset = sentence(&self.example(verdict));
                let before = self.error_before(verdict).map(|error| {
                    format!(" Before that an error came as answer: {}", ended(&error))
                });
                let headline = format!("{some} {} in a reset", verb("ends", "end"));
                (headline, reset + &before.unwrap_or_default())
            }
            // None of the others is trouble.
            Condition::Fate(fate) => (format!("{some}: {}", fate.words()), String::new()),
        }
    }

    /// What happened to the one connection, or to the first of several.
    fn first(&self, is_one: bool, why: &str) -> String {
        if is_one { sentence(why) } else { format!("The first: {}", ended(why)) }
    }

    fn well(&self) -> (String, String) {
        let counts = &self.service.counts;
        let all = counts.total();
        if counts.one_sided() > 0 {
            return self.one_sided(counts.one_sided(), all);
        }
        let is_all = |fate| counts.of(Condition::Fate(fate)) == all;
        let headline = match (self.service.transport, all) {
            _ if is_all(Fate::Closed) && all == 1 => "Closed in order",
            _ if is_all(Fate::Closed) => "All closed in order",
            _ if is_all(Fate::Through) => "Neither its beginning nor its end is recorded",
            _ if is_all(Fate::Open) && all == 1 => "Still open when the recording ends",
            _ if is_all(Fate::Open) => "All still open when the recording ends",
            _ if is_all(Fate::OneWay) => "One way only: nothing comes back",
            _ if is_all(Fate::BothWays) => "Datagrams go both ways",
            (Transport::Udp, _) => "Some are answered, some go one way only",
            (Transport::Tcp, _) => "No reset, no refusal, no attempt without an answer",
        };
        (headline.into(), String::new())
    }

    /// What can be said where packets of one side are all that there is: nothing of the other.
    fn one_sided(&self, count: u32, all: u32) -> (String, String) {
        let places = self.service.places.iter();
        let lines = places.filter_map(|at| self.known.lines.get(*at as usize));
        let mut sides: Vec<Option<Direction>> =
            lines.filter(|line| line.fate == Fate::OneSided).map(|line| line.by).collect();
        sides.dedup();
        let side = match sides.as_slice() {
            [Some(Direction::Forward)] => "the client’s side",
            [Some(Direction::Backward)] => "the server’s side",
            _ => "one side",
        };
        let headline = match (count, all) {
            (count, all) if count == all => format!("Only {side} was recorded"),
            (count, all) => {
                let (count, all) = (thousands(count.into()), thousands(all.into()));
                format!("Of {count} of {all} only {side} was recorded")
            }
        };
        let why = "It acknowledges what the other side sent, and no packet of that is here: \
                   whether it answered, refused or closed cannot be said.";
        (headline, why.into())
    }

    /// What was asked first, where that is known.
    fn asked(&self) -> String {
        let places = self.service.places.iter();
        let first = places.filter_map(|at| self.known.glance(*at as usize)?.first.as_deref());
        let mut asked: Vec<&str> = Vec::new();
        for one in first.take(64) {
            if !asked.contains(&one) {
                asked.push(one);
            }
        }
        match asked.as_slice() {
            [] => String::new(),
            [one] => format!("First: {}", ended(one)),
            some => format!("First: {}", ended(&list(some, 2))),
        }
    }

    /// What is offered inside TLS. What is spoken there is not said: it is sealed.
    fn offers(&self) -> String {
        let is_tls = self.service.protocol.is_some_and(|(id, _)| id == TLS);
        let first = self.service.places.first().and_then(|at| self.known.glance(*at as usize));
        let Some(glance) = first.filter(|glance| is_tls && glance.is_sealed) else {
            return String::new();
        };
        match &glance.offers {
            Some(offers) => format!("Offers {offers}; what follows is sealed."),
            None => "What follows is sealed.".into(),
        }
    }
}

/// The text with a point at its end.
fn ended(text: &str) -> String {
    if text.ends_with(['.', '…']) { text.to_owned() } else { format!("{text}.") }
}

/// The text as a sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    ended(&first.chain(letters).collect::<String>())
}
