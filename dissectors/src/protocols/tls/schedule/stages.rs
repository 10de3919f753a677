//! The secrets of a key schedule, one after the other.

use super::super::keys;
use super::super::names::{self, GROUPS};
use super::super::suite::{Hash, Suite};
use super::heard::Heard;
use crate::ids::{Direction, FrameId};
use crate::message::Protection;
use crate::secret::{Label, Secrets};

/// One secret of a key schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduledSecret {
    /// What the standard calls it.
    pub name: String,
    /// Of what it is made.
    pub made_of: String,
    /// The message from which on it exists, and its frame where that was recorded.
    pub since: (&'static str, Option<FrameId>),
    /// Whether its value is known here.
    pub standing: Standing,
    /// The value: a key to all that it opens, so to be shown on demand only.
    pub value: Option<Vec<u8>>,
    /// The key and the IV that it gives, in TLS 1.3, on demand only; nothing where whoever carries
    /// the handshake makes others of it (RFC 9001, section 5.1).
    pub keys: Option<(Vec<u8>, Vec<u8>)>,
    /// The records that it opens, or the packets of whoever carries the handshake.
    pub opened: Option<Opened>,
    /// The Finished that is made with it.
    pub finished: Option<Finished>,
    /// The binder of a ClientHello that is made with it.
    pub binder: Option<Finished>,
    /// What it is for, where that is not to open records.
    pub purpose: &'static str,
    /// What its records are sealed as, where it seals any.
    pub seals: Option<Protection>,
    /// Whether it seals packets of whoever carries the handshake, and no records; a secret of
    /// application data those of later generations, too, for it is the carrier that changes keys.
    pub seals_packets: bool,
    /// What a key log calls it, where one may hold it.
    pub label: Option<Label>,
}

impl ScheduledSecret {
    /// Whether it only makes others, and seals nothing itself.
    #[must_use]
    pub fn is_inside(&self) -> bool {
        let makes = [Some(Label::ClientRandom), Some(Label::PreSharedKey)];
        let is_worked_out = self.standing == Standing::WorkedOut && self.seals.is_none();
        self.standing == Standing::Hidden || is_worked_out || makes.contains(&self.label)
    }

    /// What proves that its value is right, by name: a message or a part of one that was made anew.
    #[must_use]
    pub fn proof(&self) -> Option<(&'static str, Finished)> {
        let finished = self.finished.map(|finished| ("Finished", finished));
        finished.or_else(|| self.binder.map(|binder| ("binder", binder)))
    }

    /// Whether its value is lacking here, so that what it seals stays sealed.
    #[must_use]
    pub fn is_lacking(&self) -> bool {
        matches!(self.standing, Standing::Missing | Standing::Underivable)
    }

    /// The words that tell it from others that are made of the same, where there are any.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        let (_, behind) = self.made_of.split_once('"')?;
        behind.split_once('"').map(|(words, _)| words)
    }
}

/// Whether the value of a secret is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It never leaves either side: no key log holds it.
    Hidden,
    /// The key log holds it.
    Logged,
    /// Key logs hold such secrets, and this one does not.
    Missing,
    /// No key log holds such a secret, and the one that it is made of is missing.
    Underivable,
    /// It was worked out from one that the key log holds.
    WorkedOut,
    /// It was not made here.
    NotMade,
}

/// Records or packets that were opened with one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// How many.
    pub records: u32,
    /// Their bytes with their headers; of packets without the tags.
    pub bytes: u64,
    /// The frames of the first and of the last.
    pub frames: (FrameId, FrameId),
}

/// A Finished or a binder, held against what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Where it is.
    pub frame: FrameId,
    /// Whether it is what the secret and all messages before make of it.
    pub is_right: bool,
}

impl Opened {
    pub(super) const fn one(bytes: u64, frame: FrameId) -> Self {
        Self { records: 1, bytes, frames: (frame, frame) }
    }

    pub(super) fn add(&mut self, bytes: u64, frame: FrameId) {
        (self.records, self.bytes) = (self.records + 1, self.bytes + bytes);
        self.frames.1 = self.frames.1.max(frame);
    }
}

const CLIENT: Direction = Direction::Forward;
const SERVER: Direction = Direction::Backward;

/// What stages are made of.
struct Maker<'a> {
    heard: &'a Heard,
    suite: Suite,
    secrets: &'a Secrets,
}

/// The stages of TLS 1.3.
pub(super) fn stages13(heard: &Heard, suite: Suite, secrets: &Secrets) -> Vec<ScheduledSecret> {
    let maker = Maker { heard, suite, secrets };
    let [asked, answered] = heard.hellos;
    let [client_end, server_end] = heard.ends;
    let (hello, answer) = (("ClientHello", asked), ("ServerHello", answered));
    let (end, last) =
        (("the server’s Finished", server_end), ("the client’s Finished", client_end));
    let group = heard.chosen.and_then(|(.., group)| group);
    let shared = group.map_or_else(
        || "zeros: no key shares were exchanged".to_owned(),
        |group| format!("the shared secret of {}", names::name(GROUPS, group)),
    );
    let early = match (heard.resumed, heard.shows_ticket) {
        (true, _) if heard.is_external => "of the pre-shared key, which both had before",
        (false, true) if heard.is_external => "of zeros: the pre-shared key was not taken",
        (true, _) => "of the ticket’s pre-shared key",
        (false, true) => "of zeros: the ticket was not taken",
        (false, false) => "of zeros: no ticket was shown",
    };
    let mut stages: Vec<ScheduledSecret> = maker.sealed_hello(hello).into_iter().collect();
    stages.extend(maker.shared_key(hello));
    stages.push(maker.early_secret(early, hello));
    stages.extend(maker.binder_key(hello));
    stages.push(if heard.early {
        maker.traffic(
            "client_early_traffic_secret",
            "of the Early Secret, \"c e traffic\"",
            hello,
            (Label::ClientEarlyTraffic, CLIENT, Protection::Early),
        )
    } else {
        ScheduledSecret {
            standing: Standing::NotMade,
            purpose: "this connection sends no early data",
            seals: Some(Protection::Early),
            ..hidden("client_early_traffic_secret", "of the Early Secret, \"c e traffic\"", hello)
        }
    });
    let made = format!("of the Early Secret, \"derived\", and {shared}");
    stages.push(hidden("Handshake Secret", &made, answer));
    for (side, name, label, words) in [
        (SERVER, "server_handshake_traffic_secret", Label::ServerHandshakeTraffic, "s hs traffic"),
        (CLIENT, "client_handshake_traffic_secret", Label::ClientHandshakeTraffic, "c hs traffic"),
    ] {
        let made = format!("of the Handshake Secret, \"{words}\"");
        let stage = maker.traffic(name, &made, answer, (label, side, Protection::Handshake));
        let finished = heard.finished.get(side.index()).copied().flatten();
        stages.push(ScheduledSecret { finished, ..stage });
    }
    stages.push(hidden("Main Secret", "of the Handshake Secret, \"derived\", and zeros", answer));
    let mut later = Vec::new();
    for (side, who, label, words) in [
        (SERVER, "server", Label::ServerTraffic0, "s ap traffic"),
        (CLIENT, "client", Label::ClientTraffic0, "c ap traffic"),
    ] {
        let (name, made) = (
            format!("{who}_application_traffic_secret_0"),
            format!("of the Main Secret, \"{words}\""),
        );
        let first = maker.traffic(&name, &made, end, (label, side, Protection::Application));
        later.extend(maker.generations(&first, (side, who)));
        stages.push(first);
    }
    let value = maker.find(Label::Exporter);
    let exporter = hidden("exporter_secret", "of the Main Secret, \"exp master\"", end);
    let standing = if value.is_some() { Standing::Logged } else { Standing::Missing };
    stages.push(ScheduledSecret {
        standing,
        value,
        label: Some(Label::Exporter),
        purpose: "opens nothing: keys for what is above are made of it",
        ..exporter
    });
    stages.push(ScheduledSecret {
        purpose: "opens nothing: it makes the pre-shared keys of tickets",
        ..hidden("resumption_secret", "of the Main Secret, \"res master\"", last)
    });
    if let Some(frame) = heard.ticket {
        stages.push(ScheduledSecret {
            purpose: "opens nothing: the Early Secret of the next visit is made of it",
            ..hidden(
                "pre-shared key of the ticket",
                "of the resumption_secret, \"resumption\", and the ticket’s nonce",
                ("NewSessionTicket", Some(frame)),
            )
        });
    }
    later.sort_by_key(|stage| stage.since.1);
    stages.extend(later);
    stages
}

/// The stages of TLS 1.2.
pub(super) fn stages12(heard: &Heard, suite: Suite, secrets: &Secrets) -> Vec<ScheduledSecret> {
    let maker = Maker { heard, suite, secrets };
    let [_, answered] = heard.hellos;
    let since = match heard.resumed {
        true => ("ServerHello", answered),
        false => ("ClientKeyExchange", heard.exchange),
    };
    let made = match heard.resumed {
        true => "of an earlier handshake",
        false => "of the premaster secret, which the key exchange makes",
    };
    let value = maker.find(Label::ClientRandom);
    let standing = if value.is_some() { Standing::Logged } else { Standing::Missing };
    let mut stages = Vec::new();
    if !heard.resumed {
        stages.push(hidden("premaster secret", "of the key exchange", since));
    }
    stages.push(ScheduledSecret {
        standing,
        value,
        label: Some(Label::ClientRandom),
        purpose: "the keys of both directions and both Finished are made of it",
        ..hidden("master secret", made, since)
    });
    for (side, who) in [(CLIENT, "client"), (SERVER, "server")] {
        let standing =
            if standing == Standing::Logged { Standing::WorkedOut } else { Standing::Underivable };
        stages.push(ScheduledSecret {
            standing,
            seals: Some(Protection::Application),
            opened: maker.opened(side, Protection::Application, 0),
            finished: heard.finished.get(side.index()).copied().flatten(),
            ..hidden(
                &format!("{who} write key"),
                "of the master secret, \"key expansion\", and both randoms",
                since,
            )
        });
    }
    stages
}

/// A secret that no key log holds.
fn hidden(name: &str, made_of: &str, since: (&'static str, Option<FrameId>)) -> ScheduledSecret {
    ScheduledSecret {
        name: name.to_owned(),
        made_of: made_of.to_owned(),
        since,
        standing: Standing::Hidden,
        value: None,
        keys: None,
        opened: None,
        finished: None,
        binder: None,
        purpose: "",
        seals: None,
        seals_packets: false,
        label: None,
    }
}

impl Maker<'_> {
    fn find(&self, label: Label) -> Option<Vec<u8>> {
        self.secrets.find(label, &self.heard.random?).map(<[u8]>::to_vec)
    }

    /// What the client has sealed its hello with inside another, where that is known (RFC 9849).
    fn sealed_hello(&self, since: (&'static str, Option<FrameId>)) -> Option<ScheduledSecret> {
        let value = self.secrets.find(Label::EchSecret, &self.heard.outer?)?.to_vec();
        let made = "of a key of this client and the one that the server has published";
        Some(ScheduledSecret {
            standing: Standing::Logged,
            value: Some(value),
            label: Some(Label::EchSecret),
            purpose: "opens the ClientHello that is sealed inside the first",
            ..hidden("ECH shared secret", made, since)
        })
    }

    /// The pre-shared key that the client has shown a binder of, where it is known.
    fn shared_key(&self, since: (&'static str, Option<FrameId>)) -> Option<ScheduledSecret> {
        self.heard.binder.as_ref()?;
        let made = match self.heard.is_external {
            true => "by another way: both had it before",
            false => "in an earlier visit, for a ticket",
        };
        Some(ScheduledSecret {
            standing: Standing::Logged,
            value: self.find(Label::PreSharedKey),
            label: Some(Label::PreSharedKey),
            purpose: "opens nothing: the Early Secret is made of it",
            ..hidden("pre-shared key", made, since)
        })
    }

    /// The Early Secret; its value where it was made of a pre-shared key that is known to be right.
    fn early_secret(
        &self,
        made_of: &str,
        since: (&'static str, Option<FrameId>),
    ) -> ScheduledSecret {
        let stage = hidden("Early Secret", made_of, since);
        let known = self.heard.binder.as_ref();
        match known.filter(|binder| self.heard.resumed && binder.is_right) {
            Some(binder) => ScheduledSecret {
                standing: Standing::WorkedOut,
                value: Some(binder.early.clone()),
                ..stage
            },
            None => stage,
        }
    }

    /// What the binder was made with, where the pre-shared key is known.
    fn binder_key(&self, since: (&'static str, Option<FrameId>)) -> Option<ScheduledSecret> {
        let binder = self.heard.binder.as_ref()?;
        // Where the key was not taken, the Early Secret of the rest is another one.
        let whose = if self.heard.resumed { "" } else { " of that key" };
        let made = format!("of the Early Secret{whose}, \"{}\"", binder.words);
        let proof = since.1.map(|frame| Finished { frame, is_right: binder.is_right });
        Some(ScheduledSecret {
            standing: Standing::WorkedOut,
            value: Some(binder.key.clone()),
            binder: proof,
            purpose: "opens nothing: its binder proves that the client has the pre-shared key",
            ..hidden("binder_key", &made, since)
        })
    }

    fn opened(&self, side: Direction, epoch: Protection, generation: usize) -> Option<Opened> {
        let mut all = self.heard.opened.iter();
        let found = all
            .find(|(own, under, number, _)| (*own, *under, *number) == (side, epoch, generation));
        found.map(|(.., opened)| *opened)
    }

    /// A secret that seals records.
    fn traffic(
        &self,
        name: &str,
        made_of: &str,
        since: (&'static str, Option<FrameId>),
        (label, side, epoch): (Label, Direction, Protection),
    ) -> ScheduledSecret {
        let value = self.find(label);
        ScheduledSecret {
            standing: if value.is_some() { Standing::Logged } else { Standing::Missing },
            keys: value
                .as_deref()
                .filter(|_| !self.heard.is_carried)
                .and_then(|value| keys::traffic_key(self.hash(), value, self.suite)),
            value,
            seals: Some(epoch),
            seals_packets: self.heard.is_carried,
            label: Some(label),
            opened: self.opened(side, epoch, 0),
            ..hidden(name, made_of, since)
        }
    }

    fn hash(&self) -> Hash {
        self.suite.hash()
    }

    /// The secrets that KeyUpdates make of one, each of the one before.
    fn generations(
        &self,
        first: &ScheduledSecret,
        (side, who): (Direction, &str),
    ) -> Vec<ScheduledSecret> {
        let mut value = first.value.clone();
        let mut stages = Vec::new();
        let updates = self.heard.updates.get(side.index()).map_or(&[][..], Vec::as_slice);
        for (number, frame) in (1..).zip(updates) {
            value = value.and_then(|value| keys::next_secret(self.hash(), &value));
            let since = match side {
                CLIENT => "the client’s KeyUpdate",
                SERVER => "the server’s KeyUpdate",
            };
            let made_of =
                format!("of {who}_application_traffic_secret_{}, \"traffic upd\"", number - 1);
            let keys = value.as_deref();
            let keys = keys.and_then(|value| keys::traffic_key(self.hash(), value, self.suite));
            stages.push(ScheduledSecret {
                standing: if value.is_some() { Standing::WorkedOut } else { Standing::Underivable },
                value: value.clone(),
                keys,
                seals: Some(Protection::Application),
                opened: self.opened(side, Protection::Application, number),
                ..hidden(
                    &format!("{who}_application_traffic_secret_{number}"),
                    &made_of,
                    (since, Some(*frame)),
                )
            });
        }
        stages
    }
}
