//! Says what a message means: what is asked, what comes back, and what has to be done about it.

use std::fmt::Display;

use super::codes::{ERRORS, Known, RCODES, TYPES};
use super::describe::open;
use super::kind::{Flavour, Kind};
use super::name::Name;
use super::rdata::{self, Opt, Shown};
use super::wire::{Entries, Entry, Header, Question, Record, Wire};
use crate::engine::view::View;
use crate::ids::LayerId;
use crate::message::Message;
use crate::telling::{Outcome, Telling, sentence};
use crate::wording::counted;

/// How much the sentences of questions and answers insist.
const WEIGHT: u8 = 6;

/// The same of a question that a request carries, which insists with seven.
const CARRIED: u8 = 8;

/// The longest text that stands on a bead.
const MAX_LABEL: usize = 40;

/// Parts that are looked at to tell of a message; long transfers are told by their beginning.
const MAX_LOOKED_AT: usize = 256;

/// The record of a zone about itself.
const SOA: u16 = 6;

/// The lesson on answers that there is nothing.
const DENIED: &str = "dns/no-such-name";

/// Tells of a message.
pub(super) fn tell(message: &Message, view: &View<'_>, flavour: Flavour) -> Option<Telling> {
    let wire = open(message, view).wire;
    let header = Header::read(&mut wire.reader()).ok()?;
    let story = Story::of(wire, header);
    let repeated = Kind::of(message).is_repeated();
    let told = match (header.is_response(), flavour) {
        (false, Flavour::Dns) => question(message, view, &story, repeated),
        (false, _) => multicast_question(&story, flavour),
        (true, Flavour::Mdns) => announcement(&story),
        (true, Flavour::Dns) => answer(message, &story, "DNS lookup", repeated),
        (true, Flavour::Llmnr) => answer(message, &story, "LLMNR", repeated),
    };
    Some(told)
}

/// What is worth telling of a message.
struct Story<'a> {
    wire: Wire<'a>,
    header: Header,
    rcode: u16,
    question: Option<Question<'a>>,
    /// Answers.
    answers: Vec<Record<'a>>,
    /// Whether the authority section names servers, or the zone's own data.
    refers: bool,
    denies: bool,
    /// The zone that says so, and for how many seconds that may be kept.
    denial: Option<(Name<'a>, u32)>,
    opt: Option<Opt>,
    /// Why there is no better answer: the number, and text.
    error: Option<String>,
}

impl<'a> Story<'a> {
    fn of(wire: Wire<'a>, header: Header) -> Self {
        let rcode = rdata::extended_rcode(header, wire);
        let (question, answers, opt) = (None, Vec::new(), None);
        let (refers, denies, denial, error) = (false, false, None, None);
        let mut story =
            Self { wire, header, rcode, question, answers, refers, denies, denial, opt, error };
        for (section, part) in Entries::new(wire, header).take(MAX_LOOKED_AT) {
            match (section, part) {
                (_, Ok(Entry::Question(question))) => {
                    story.question.get_or_insert(question);
                }
                (1, Ok(Entry::Record(record))) => story.answers.push(record),
                (_, Ok(Entry::Record(record))) => story.record(section, &record),
                (_, Err(_)) => {}
            }
        }
        story
    }

    /// A record that is no answer.
    fn record(&mut self, section: usize, record: &Record<'a>) {
        match (section, record.type_number()) {
            (2, 2) => self.refers = true,
            (2, SOA) => {
                self.denies = true;
                self.denial = denial(record);
            }
            (_, rdata::OPT) => {
                self.opt = Opt::of(record);
                self.error = rdata::extended_error(record).map(|(code, text)| {
                    let name = Known(ERRORS, code.into());
                    if text.is_empty() {
                        format!("{name}")
                    } else {
                        format!("{name}: “{text}”")
                    }
                });
            }
            _ => {}
        }
    }

    /// How long it may be kept that there is nothing; nothing where the capture does not hold that.
    fn kept(&self) -> String {
        let [_, _, authority, _] = self.header.counts;
        match self.denial {
            Some((zone, 0)) => {
                format!(" The zone {zone} lets nobody keep that: its lifetime is 0.")
            }
            Some((zone, seconds)) => {
                format!(
                    " The zone {zone} lets everybody keep that for {}.",
                    counted(seconds.into(), "second")
                )
            }
            None if authority == 0 => {
                " No record of the zone says for how long that holds: it is not to be kept.".into()
            }
            None => String::new(),
        }
    }

    /// `A example.com`.
    fn asked(&self) -> String {
        let Some(question) = &self.question else { return "nothing".into() };
        let kind = question.kind.map_or(0, |(kind, _)| kind);
        format!("{} {}", Known(TYPES, kind.into()), question.name)
    }

    fn asked_type(&self) -> u16 {
        self.question.and_then(|question| question.kind).map_or(0, |(kind, _)| kind)
    }
}

fn question(message: &Message, view: &View<'_>, story: &Story<'_>, repeated: bool) -> Telling {
    let header = story.header;
    let (headline, section) = match header.opcode() {
        _ if repeated => ("Asks the same again", ("RFC 1035", "4.2.1")),
        4 => ("Says that the zone has changed: a copy of it is out of date", ("RFC 1996", "3")),
        5 => ("Asks the server to change records of its zone", ("RFC 2136", "2")),
        0 => (purpose(story.asked_type()), ("RFC 1035", "4.1.2")),
        _ => ("Asks the server something else than for records", ("RFC 1035", "4.1.1")),
    };
    let mut detail = format!("Question 0x{:04x}: {}.", header.id, story.asked());
    if header.opcode() == 0 {
        detail += if header.flags & 0x0100 != 0 {
            " Recursion desired: the server is to find the answer, whomever it has to ask."
        } else {
            " No recursion desired: the server is to say only what it knows itself."
        };
    }
    if header.opcode() == 5 {
        let [_, conditions, changes, _] = header.counts;
        let [conditions, changes] = [(conditions, "condition"), (changes, "change")]
            .map(|(count, what)| counted(count.into(), what));
        detail += &format!(" It asks for {changes}, under {conditions}.");
    }
    if let Some(opt) = story.opt {
        if !Kind::of(message).is_prefixed() {
            detail += &format!(
                " EDNS: takes answers of up to {} in a datagram.",
                counted(opt.size.into(), "byte")
            );
        }
        if opt.wants_signatures() {
            detail += " DO: wants the signatures of DNSSEC, too.";
        }
    }
    let is_prefixed = Kind::of(message).is_prefixed();
    let is_sealed = message.protection.is_sealed();
    let way = way(is_prefixed, depth(message, view));
    detail += privacy(is_sealed.then_some(way), is_prefixed);
    // Of what a request of HTTP carries, the question says more than the request.
    let is_carried = is_sealed && way == Way::Https;
    let weight = if is_carried { CARRIED } else { WEIGHT };
    let section = if is_carried && !repeated { ("RFC 8484", "4.1") } else { section };
    let lesson = if message.protection.is_sealed() { "dns/sealed" } else { "dns/question" };
    let told = Telling::new(short(story.asked()), headline, "DNS lookup")
        .detail(detail)
        .weight(weight, WEIGHT)
        .lesson(lesson, section.0, section.1)
        .asking();
    if repeated { told.outcome(Outcome::Repeated) } else { told }
}

/// How a sealed question travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Tls,
    Https,
    Quic,
    Other,
}

/// How many layers carry a message, the one that frames are handed to among them.
fn depth(message: &Message, view: &View<'_>) -> usize {
    let below = |id: &LayerId| view.layer(*id).map(|layer| layer.below);
    std::iter::successors(below(&message.layer), below).filter(|id| *id != LayerId::NONE).count()
}

/// By what stands below: TLS stands on TCP, a request of HTTP on two layers or more, and QUIC on
/// none.
pub(super) const fn way(is_prefixed: bool, depth: usize) -> Way {
    match (is_prefixed, depth) {
        (true, 2..) => Way::Tls,
        (true, 1) => Way::Quic,
        (false, 2..) => Way::Https,
        _ => Way::Other,
    }
}

/// Who on the way can see a question, and what becomes of it.
pub(super) const fn privacy(sealed: Option<Way>, is_prefixed: bool) -> &'static str {
    match (sealed, is_prefixed) {
        (Some(Way::Https), _) => {
            " Sealed, as the content of a request of HTTP (DNS over HTTPS, RFC 8484): who has no keys does \
             not see which name is asked for."
        }
        (Some(Way::Tls), _) => {
            " Sealed (DNS over TLS, RFC 7858): who has no keys does not see which name is asked for."
        }
        (Some(Way::Quic), _) => {
            " Sealed (DNS over QUIC, RFC 9250): who has no keys does not see which name is asked for."
        }
        (Some(Way::Other), _) => " Sealed: who has no keys does not see which name is asked for.",
        (None, true) => " In the clear: the name can be read on the way.",
        (None, false) => {
            " UDP acknowledges nothing: who hears nothing can only ask again. In the clear: the name \
             can be read on the way."
        }
    }
}

/// Why somebody asks for records of a type.
fn purpose(kind: u16) -> &'static str {
    match kind {
        1 => "Asks for the IPv4 addresses of a name",
        28 => "Asks for the IPv6 addresses of a name",
        2 => "Asks which servers know the names of a zone",
        5 => "Asks whether the name is an alias, and of what",
        6 => "Asks for the data of the zone itself",
        12 => "Asks which name belongs to an address, or which services there are",
        15 => "Asks which servers take mail for a domain",
        16 => "Asks for text that is kept with a name",
        33 => "Asks on which host and port a service runs",
        43 | 46..=48 | 50 | 51 => "Asks for records that prove others (DNSSEC)",
        52 => "Asks which certificate the server is going to show",
        64 | 65 => {
            "Asks how to reach a service before the first connection: protocols, hints, keys"
        }
        252 => "Asks for all records of a zone: a transfer",
        251 => "Asks for what has changed in a zone since a version",
        255 => "Asks for any records of a name",
        257 => "Asks who may issue certificates for a name",
        _ => "Asks for records of a name",
    }
}

fn answer(message: &Message, story: &Story<'_>, chapter: &str, repeated: bool) -> Telling {
    let (label, headline, lesson, source) = outcome(story);
    let mut detail = format!("Answer 0x{:04x} to {}.", story.header.id, story.asked());
    let is_query = story.header.opcode() == 0;
    if is_query {
        detail += &aliases(story);
    }
    let lifetimes = story.answers.iter().filter_map(|record| record.ttl).map(|ttl| ttl.0);
    if story.header.is_truncated() {
        detail += &match story.answers.len() {
            0 => " No record came with it.".to_owned(),
            count => format!(
                " {} came with it, and count for nothing: all of them will come over TCP.",
                counted(count as u64, "record")
            ),
        };
    }
    // What was cut short is not to be kept (RFC 2181, section 9).
    let is_whole = is_query && !story.header.is_truncated();
    if let Some(ttl) = lifetimes.min().filter(|_| is_whole) {
        detail += &match ttl {
            0 => " It is not to be kept: its lifetime is 0.".to_owned(),
            ttl => format!(" It may be kept for {}.", counted(ttl.into(), "second")),
        };
    }
    if lesson == DENIED {
        detail += &story.kept();
    }
    if story.header.flags & 0x0400 != 0 {
        detail += " Authoritative: the server answers for the zone itself.";
    }
    if story.header.flags & 0x0020 != 0 {
        detail += " AD: the server vouches that the signatures were checked (DNSSEC).";
    }
    if let Some(error) = &story.error {
        detail += &sentence(&format!(" The server adds: {error}"));
    }
    let mut told = Telling::new(short(label), headline, chapter)
        .detail(detail)
        .weight(WEIGHT, WEIGHT)
        .lesson(lesson, source.0, source.1);
    if story.rcode != 0 {
        told = told.outcome(Outcome::Refused);
    }
    if repeated {
        told.headline = "Says the same answer once more".into();
        return told.aside().outcome(Outcome::Repeated);
    }
    // One that answers nothing we know of ends no round trip.
    let paired = message.extra::<Kind>().flatten().is_some();
    if paired { told.answering() } else { told }
}

/// For how long the record of a zone lets a denial be kept: no longer than itself, nor than it says
/// last (RFC 2308, section 5).
fn denial<'a>(record: &Record<'a>) -> Option<(Name<'a>, u32)> {
    let minimum = record.data.rest().last_chunk().filter(|_| record.stop.is_none())?;
    let (lifetime, _) = record.ttl?;
    Some((record.name, lifetime.min(u32::from_be_bytes(*minimum))))
}

type Told = (String, &'static str, &'static str, (&'static str, &'static str));

/// How a question was answered: label, sentence, lesson, source.
fn outcome(story: &Story<'_>) -> Told {
    let header = story.header;
    if header.is_truncated() {
        let headline = "Cut short: the client has to ask again over TCP for all of it";
        return ("truncated".into(), headline, "dns/truncated", ("RFC 2181", "9"));
    }
    let name = Known(RCODES, story.rcode.into()).to_string();
    match story.rcode {
        0 => {}
        3 => {
            let headline = "There is no such name, with records of any type";
            return (name, headline, DENIED, ("RFC 2308", "2.1"));
        }
        code => {
            let headline = match code {
                1 => "The server did not understand the question",
                2 => "The server failed, and has no answer",
                4 => "The server cannot do what was asked",
                5 => "The server does not want to answer this question, or this client",
                23 => "The server wants its cookie back before it answers over UDP",
                _ => "The server says why it does not do what was asked",
            };
            return (name, headline, "dns/answer", ("RFC 1035", "4.1.1"));
        }
    }
    if header.opcode() != 0 {
        // What stands in the place of answers are conditions (RFC 2136, section 2), or a copy.
        let headline = "Done: the server has taken it up";
        return (name, headline, "dns/answer", ("RFC 1035", "4.1.1"));
    }
    let [_, answers, ..] = header.counts;
    if story.answers.is_empty() && answers > 0 {
        let headline = "Answers, but the capture does not hold the records";
        return ("not captured".into(), headline, "dns/answer", ("RFC 1035", "4.1.1"));
    }
    let Some(first) = final_answer(story) else {
        return if story.refers && !story.denies {
            let headline = "Does not know, but knows who does: ask the servers named here";
            ("referral".into(), headline, "dns/answer", ("RFC 1034", "4.3.1"))
        } else {
            let headline = "The name exists, but has no records of this type";
            ("no data".into(), headline, DENIED, ("RFC 2308", "2.2"))
        };
    };
    let same = |record: &&Record<'_>| record.type_number() == first.type_number();
    let count = story.answers.iter().filter(same).count();
    let shown = Shown(&first, &story.wire).to_string();
    let mut label = match shown.trim_start() {
        "" => Known(TYPES, first.type_number().into()).to_string(),
        shown => short(shown),
    };
    if count > 1 {
        label += &format!(" and {} more", count - 1);
    }
    let headline = match first.type_number() {
        1 | 28 if count > 1 => "Gives addresses: the client picks one, or tries several",
        1 | 28 => "Gives the address: now the client can connect",
        5 if story.asked_type() != 5 => {
            "Gives an alias, and no records of the type that was asked for"
        }
        64 | 65 => "Says how the service is reached, before the first connection",
        _ => "Gives the records that were asked for",
    };
    (label, headline, "dns/answer", ("RFC 1035", "4.1.3"))
}

/// The first answer of the type that was asked for, or the first one.
fn final_answer<'a>(story: &Story<'a>) -> Option<Record<'a>> {
    let asked = story.asked_type();
    let found = story.answers.iter().find(|record| record.type_number() == asked);
    found.or(story.answers.first()).copied()
}

/// The aliases that an answer follows.
fn aliases(story: &Story<'_>) -> String {
    const CNAME: u16 = 5;
    const MAX_TOLD: usize = 4;
    let aliases = story.answers.iter().filter(|record| record.type_number() == CNAME);
    let told = aliases
        .take(MAX_TOLD)
        .map(|alias| format!(" {} is an alias of{}.", alias.name, Shown(alias, &story.wire)));
    told.collect()
}

fn multicast_question(story: &Story<'_>, flavour: Flavour) -> Telling {
    let (chapter, source) = match flavour {
        Flavour::Llmnr => ("LLMNR", ("RFC 4795", "2")),
        Flavour::Dns | Flavour::Mdns => ("Multicast DNS", ("RFC 6762", "5")),
    };
    let unicast = story.question.and_then(|question| question.class);
    let wish = match unicast {
        Some((class, _)) if flavour == Flavour::Mdns && class & 0x8000 != 0 => {
            " QU: the answer may come to the asking host alone."
        }
        _ => "",
    };
    let known = match story.answers.len() {
        0 => String::new(),
        count => format!(" It lists {count} answers it knows already: nobody need repeat those."),
    };
    let detail = format!("{}.{wish}{known} No server is asked.", story.asked());
    Telling::new(short(story.asked()), "Asks everybody on the link", chapter)
        .detail(detail)
        .weight(WEIGHT, WEIGHT)
        .lesson("dns/multicast", source.0, source.1)
}

fn announcement(story: &Story<'_>) -> Telling {
    let label = match story.answers.first() {
        Some(record) => {
            let kind = Known(TYPES, record.type_number().into());
            short(format!("{kind} {}", record.name))
        }
        None => "no records".into(),
    };
    let detail =
        format!("{} answers. Whoever hears them may keep them, asked or not.", story.answers.len());
    Telling::new(label, "Says on the link what it has, asked or unasked", "Multicast DNS")
        .detail(detail)
        .weight(WEIGHT, WEIGHT)
        .lesson("dns/multicast", "RFC 6762", "6")
}

/// Text that fits on a bead.
fn short(text: impl Display) -> String {
    let text = text.to_string();
    if text.chars().count() <= MAX_LABEL {
        return text;
    }
    text.chars().take(MAX_LABEL - 1).chain(['…']).collect()
}
