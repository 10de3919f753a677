//! Says what a message means: who asks for what, and what a server grants.

use std::net::Ipv4Addr;

use super::Kind;
use super::wire::{self, Head, Mac};
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::message::Message;
use crate::telling::{Outcome, Telling};

const CHAPTER: &str = "DHCP";
const STANDARD: &str = "RFC 2131";

/// Where the head has the address of the relay that passed a message on.
const RELAY: usize = 24;

/// What a message grants or asks for.
struct Story<'a> {
    bytes: &'a [u8],
}

impl Story<'_> {
    /// An address of the head; `None` if it is zero.
    fn address(&self, at: usize) -> Option<Ipv4Addr> {
        let bytes = self.bytes.get(at..)?.first_chunk::<4>()?;
        Some(Ipv4Addr::from(*bytes)).filter(|address| !address.is_unspecified())
    }

    fn client(&self) -> Option<Ipv4Addr> {
        self.address(12)
    }

    fn yours(&self) -> Option<Ipv4Addr> {
        self.address(16)
    }

    fn mac(&self) -> Mac<'_> {
        Mac(self.bytes.get(28..34).unwrap_or(&[]))
    }

    /// Seconds that an address is given for.
    fn lease(&self) -> Option<u32> {
        let data = wire::find(self.bytes, 51)?;
        data.first_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes))
    }

    /// What a server grants, in sentences.
    fn granted(&self) -> String {
        let mut text = String::new();
        match self.lease() {
            Some(u32::MAX) => text += "For ever.",
            Some(seconds) => text += &format!("For {}.", duration(seconds)),
            None => {}
        }
        for (code, what) in [(3, "Router"), (6, "Name server")] {
            if let Some(address) = wire::address(self.bytes, code) {
                text += &format!(" {what}: {address}.");
            }
        }
        if let Some(server) = wire::address(self.bytes, 54) {
            text += &format!(" The server goes by {server}.");
        }
        text.trim_start().to_owned()
    }
}

/// Seconds, in the largest unit that divides them.
fn duration(seconds: u32) -> String {
    let units = [(86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
    let divides = |(unit, _): &&(u32, &str)| seconds >= *unit && seconds.is_multiple_of(*unit);
    let (unit, name) = units.iter().find(divides).copied().unwrap_or((1, "second"));
    let count = seconds / unit;
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}

/// Tells of a message.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let head = Head::read(bytes)?;
    let story = Story { bytes };
    let is_paired = message.extra::<Kind>().flatten().is_some();
    let Some(kind) = head.kind else { return Some(bootp(&story, head, is_paired)) };
    let told = match kind {
        wire::DISCOVER => discover(&story),
        wire::OFFER => offer(&story),
        wire::REQUEST => request(&story),
        wire::ACK => ack(&story),
        wire::NAK => nak(&story),
        wire::DECLINE => Telling::new(
            "Decline",
            "Turns the address down: somebody else on this network has it",
            CHAPTER,
        )
        .detail("Hosts look for an address (by ARP) before they use it. Nothing answers this.")
        .lesson("dhcp/refusal", STANDARD, "3.1")
        .outcome(Outcome::Refused),
        wire::RELEASE => Telling::new("Release", "Gives the address back before its time", CHAPTER)
            .detail("Nothing answers this. Many hosts leave without it, and the lease runs out.")
            .lesson("dhcp/lease", STANDARD, "4.4.6")
            .closing(),
        wire::INFORM => {
            Telling::new("Inform", "Has an address, and asks for the other settings", CHAPTER)
                .detail("No address is given, and no lease.")
                .lesson("dhcp/lease", STANDARD, "3.4")
        }
        other => {
            let name = wire::name(other);
            Telling::new(name, "Asks or says something about leases", CHAPTER).lesson(
                "dhcp/lease",
                STANDARD,
                "2",
            )
        }
    };
    Some(paired(told, message, kind, is_paired))
}

/// Whether it asks, answers, or says again what was said.
fn paired(told: Telling, message: &Message, kind: u8, is_paired: bool) -> Telling {
    match (message.is(Kind::Reply), is_paired) {
        (true, true) => told.answering(),
        (true, false) => told,
        (false, _) if matches!(kind, wire::DECLINE | wire::RELEASE) => told,
        (false, true) => {
            let headline = format!("{}, once more", told.headline);
            Telling { headline, ..told }.asking().outcome(Outcome::Repeated)
        }
        (false, false) => told.asking(),
    }
}

fn discover(story: &Story<'_>) -> Telling {
    let way = match story.address(RELAY) {
        Some(relay) => format!("; the relay {relay} passes the question on."),
        None => ", so it asks from 0.0.0.0, and everybody on the link hears it.".to_owned(),
    };
    let mut detail = format!("{} has no address yet{way}", story.mac());
    if let Some(name) = wire::find(story.bytes, 12) {
        detail += &format!(" It calls itself {}.", Lossy(name));
    }
    Telling::new("Discover", "Asks everybody on the link for an address", CHAPTER)
        .detail(detail)
        .weight(6, 6)
        .lesson("dhcp/lease", STANDARD, "3.1")
}

fn offer(story: &Story<'_>) -> Telling {
    let label = story.yours().map_or("Offer".into(), |yours| format!("Offer {yours}"));
    Telling::new(label, "Offers an address, and keeps it free for a moment", CHAPTER)
        .detail(format!("{} Other servers may offer, too.", story.granted()).trim_start())
        .weight(6, 6)
        .lesson("dhcp/lease", STANDARD, "3.1")
}

fn request(story: &Story<'_>) -> Telling {
    let wanted = wire::address(story.bytes, 50);
    let server = wire::address(story.bytes, 54);
    let label = match wanted.or(story.client()) {
        Some(address) => format!("Request {address}"),
        None => "Request".into(),
    };
    let (headline, detail, section) = match (server, story.client()) {
        (Some(server), _) => (
            "Takes one offer, and tells everybody which",
            format!("The offer of {server}. The other servers hear that theirs are free again."),
            "3.1",
        ),
        (None, Some(_)) => (
            "Asks to keep the address that it uses",
            "A host mostly does so after half of the lease, before it ends.".into(),
            "4.4.5",
        ),
        (None, None) => (
            "Asks to have the address again that it had before",
            "It was on this network before, or believes so: no Discover is needed.".into(),
            "3.2",
        ),
    };
    Telling::new(label, headline, CHAPTER).detail(detail).weight(6, 6).lesson(
        "dhcp/lease",
        STANDARD,
        section,
    )
}

fn ack(story: &Story<'_>) -> Telling {
    let (label, headline) = match story.yours() {
        Some(yours) => (format!("ACK {yours}"), "Gives the address: the client may use it now"),
        None => ("ACK".into(), "Gives the settings that were asked for"),
    };
    Telling::new(label, headline, CHAPTER).detail(story.granted()).weight(6, 6).lesson(
        "dhcp/lease",
        STANDARD,
        "3.1",
    )
}

fn nak(story: &Story<'_>) -> Telling {
    let detail = match wire::find(story.bytes, 56) {
        Some(text) => format!("The server says: {}. The client begins anew.", Lossy(text)),
        None => "The client begins anew, with a Discover.".into(),
    };
    Telling::new("NAK", "Refuses: this address is not for this network, or not for you", CHAPTER)
        .detail(detail)
        .weight(7, 6)
        .lesson("dhcp/refusal", STANDARD, "3.2")
        .outcome(Outcome::Refused)
}

/// Without options it is BOOTP, or cut before them.
fn bootp(story: &Story<'_>, head: Head, is_paired: bool) -> Telling {
    if head.is_request {
        let headline = "Asks for an address and for what to boot";
        let told = Telling::new("Boot request", headline, CHAPTER)
            .detail(format!("{}. BOOTP knows no leases.", story.mac()))
            .lesson("dhcp/lease", "RFC 951", "");
        return told.asking();
    }
    let label = story.yours().map_or("Boot reply".into(), |yours| format!("Boot reply {yours}"));
    let told = Telling::new(label, "Gives the address that belongs to this hardware", CHAPTER)
        .lesson("dhcp/lease", "RFC 951", "");
    if is_paired { told.answering() } else { told }
}
