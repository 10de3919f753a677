//! Tells the hellos and what follows from them: who offers, who chooses, who holds keys.

use super::super::handshake::Ech;
use super::super::handshake::wire::{
    ANYWHERE, HEADER_LEN, Hello, extension, find_extension, first_alpn, is_grease, vector,
};
use super::super::names;
use super::super::suite::Exchange;
use super::super::version::Version;
use super::{TLS12, TLS13, Told, drafts};
use crate::bytes::Reader;
use crate::known::Token;
use crate::limits::MAX_TICKETS;
use crate::message::Protection;
use crate::telling::{Gained, Side, Telling};
use crate::wording::{counted, thousands};

/// The longest ClientHello that one packet of Ethernet holds beside the headers of IPv4, of TCP
/// with timestamps, and of its record: 1500 less 20, 32 and 5.
const ONE_PACKET: usize = 1443;

impl Told<'_> {
    pub(super) fn client_hello(&self) -> Telling {
        let Some(hello) = Hello::client(self.body) else {
            return self.bead("ClientHello", "Opens the handshake, in a form not read here");
        };
        if self.extra.ech == Ech::Inner {
            return self.inner_hello(&hello);
        }
        let offers_tls13 = hello.offered_versions().any(Version::is_13);
        let groups: Vec<String> =
            hello.shared_groups().filter(|number| !is_grease(*number)).map(group).collect();
        let shares = match groups.as_slice() {
            [] => None,
            [one] => Some(format!("a key share for {one} is sent at once")),
            many => Some(format!("key shares for {} are sent at once", listed(many))),
        };
        let again = self.extra.retried;
        // What is said under keys of TLS 1.2 is said inside a connection that is there already.
        let is_inside = self.protection == Protection::Application;
        let (headline, why) = match (offers_tls13, shares) {
            (false, _) if is_inside => {
                ("Begins a second handshake inside the first".to_owned(), bound(&hello))
            }
            (true, _) if again => (
                "Offers again, as the server wants it".to_owned(),
                "Asking twice has cost a round trip.",
            ),
            (true, Some(_)) if self.extra.early => (
                match hello.has_external_secrets() {
                    true => "Offers early data, under a key that both had before".to_owned(),
                    false => "Offers early data, under keys from an earlier visit".to_owned(),
                },
                "Early data saves a round trip, but whoever records it can send it again.",
            ),
            (true, Some(shares)) => (
                format!("Offers, and guesses: {shares}"),
                "The guess is what saves TLS 1.2’s second round trip.",
            ),
            (true, None) => (
                "Offers TLS 1.3 without a guess: the server has to ask for a key share".to_owned(),
                "That costs a round trip, or the keys come from a secret that both had before, alone.",
            ),
            (false, _) if earlier(&hello).is_some() => (
                "Offers to go on from an earlier visit, and what else it can do".to_owned(),
                "Where the server agrees, the old secret and two new randoms make the keys, and \
                 nothing is exchanged for them.",
            ),
            (false, _) => (
                "Offers what it can do; keys have to wait".to_owned(),
                "Before TLS 1.3, keys are exchanged only when the suite is settled.",
            ),
        };
        // A request that rides along does not make it one of the request's steps.
        let insists = if self.extra.early { 9 } else { 5 };
        let telling = self.bead("ClientHello", headline).weight(8, insists).asking();
        let is_encrypted = hello.extension(extension::ENCRYPTED_CLIENT_HELLO).is_some();
        let telling = if is_inside && !offers_tls13 {
            telling.lesson("tls/renegotiation", "RFC 5746", "3.5")
        } else if self.extra.early && !again {
            telling.lesson("tls/early-data", TLS13, "4.2.2")
        } else if is_encrypted {
            telling.lesson("tls/encrypted-client-hello", "RFC 9849", "5")
        } else if offers_tls13 {
            telling.lesson("tls/client-hello", TLS13, "4.2.2")
        } else if earlier(&hello).is_some() {
            telling.lesson("tls/resumption", TLS12, "7.3")
        } else {
            telling.lesson("tls/client-hello", TLS12, "7.4.1.2")
        };
        let telling = if self.extra.early && !again {
            telling.gains(Side::Sender, Gained::Keys(Protection::Early, "early data keys"))
        } else {
            telling
        };
        let mut detail = format!("{why} {}", offer(&hello, is_inside));
        if let Some(sentence) = self.large_share(&hello) {
            detail.push_str(&sentence);
        }
        detail.push_str(&self.of_sealed(&hello));
        detail.push_str(&drafts::of_hello(&hello));
        // Its random is made for this hello alone.
        let unique = Token::of("hello", self.body.rest());
        telling.detail(detail).showing(tokens(&hello)).unlike_others(unique)
    }

    pub(super) fn compatible_hello(&self) -> Telling {
        let version = names::name(names::VERSIONS, self.extra.version.0);
        let detail = format!(
            "A server of that version would have understood it, and one of TLS goes on with TLS. \
             It offers {version} at most."
        );
        self.bead("ClientHello", "Offers what it can do, in the form of SSL 2.0")
            .detail(detail)
            .weight(8, 5)
            .lesson("tls/client-hello", TLS12, "E.2")
            .asking()
    }

    /// What a share costs that is two in one, or only a lattice's.
    fn large_share(&self, hello: &Hello<'_>) -> Option<String> {
        let (number, len) = hello.shares().find(|(number, _)| group(*number).contains("MLKEM"))?;
        let whole = self.body.len() + HEADER_LEN;
        let packets = match whole {
            ..=ONE_PACKET => "still fits into one packet",
            _ => "no longer fits into one packet of Ethernet",
        };
        Some(format!(
            " The share for {} takes {}, so that the ClientHello has {} and {packets}.",
            group(number),
            counted(len as u64, "byte"),
            thousands(whole as u64)
        ))
    }

    pub(super) fn server_hello(&self) -> Telling {
        let Some(hello) = Hello::server(self.body) else {
            return self.bead("ServerHello", "Answers, in a form not read here");
        };
        let suite = hello.suite().name();
        if hello.is_retry() {
            let (wants, why) = match hello.chosen_group() {
                Some(number) => (
                    format!("Asks for another key share: {}", group(number)),
                    "The guess was wrong",
                ),
                None => (
                    "Asks for the hello again".to_owned(),
                    "The server wants to be sure of the client’s address, or keeps no state",
                ),
            };
            return self
                .bead("HelloRetryRequest", wants)
                .detail(format!(
                    "{why}: one more round trip. {suite} is settled.{}",
                    self.taken(true)
                ))
                .weight(8, 5)
                .lesson("tls/hello-retry-request", TLS13, "4.2.4")
                .answering();
        }
        if self.is_tls13() {
            return self.server_hello13(&hello, &suite);
        }
        let telling = if self.extra.resumed {
            self.bead("ServerHello", "Takes an earlier session up again: one round trip is enough")
                .detail(format!(
                    "{suite}. The old secret and the two new randoms make the keys; no \
                     certificate is sent."
                ))
                .gains(Side::Sender, APPLICATION_KEYS)
                .gains(Side::Receiver, APPLICATION_KEYS)
        } else {
            let forward_secret =
                matches!(hello.suite().exchange(), Exchange::Ecdhe | Exchange::Dhe);
            let until = if forward_secret {
                "the client’s half of the key exchange comes one round trip later"
            } else {
                "the secret comes from the client, one round trip later"
            };
            let open = match self.protection {
                Protection::Clear => " Everything in this flight can be read on the way.",
                _ => "",
            };
            self.bead("ServerHello", "Names the suite; the keys must wait for the next flight")
                .detail(format!("{suite}: {until}.{open}"))
        };
        let telling = if self.extra.resumed {
            telling.lesson("tls/resumption", TLS12, "7.3")
        } else {
            let session = Token::of(SESSION, hello.session_id);
            telling.lesson("tls/server-hello", TLS12, "7.4.1.3").giving(session)
        };
        telling.weight(8, 5).answering()
    }

    fn server_hello13(&self, hello: &Hello<'_>, suite: &str) -> Telling {
        const KEYS: Gained = Gained::Keys(Protection::Handshake, "handshake keys");
        let group = match hello.chosen_group() {
            Some(number) => group(number),
            None => "a secret that both had before, alone,".to_owned(),
        };
        let certificate = if self.extra.resumed {
            "A secret that both had before vouches for them: no certificate is sent."
        } else {
            "A tap sees no certificate."
        };
        let lesson = match () {
            () if self.extra.resumed && !self.extra.external => "tls/resumption",
            () if group.contains("MLKEM") => "tls/hybrid",
            () => "tls/server-hello",
        };
        let headline = if self.extra.resumed && self.extra.external {
            "Takes the key that both had before; from EncryptedExtensions on it is sealed"
        } else if self.extra.resumed {
            "Goes on from an earlier visit; from EncryptedExtensions on it is sealed"
        } else {
            "One flight carries everything; from EncryptedExtensions on it is sealed"
        };
        self.bead("ServerHello", headline)
            .detail(format!(
                "By {group} the server has the handshake keys, and the client once it reads this. \
                 {suite}. {certificate}{}{}",
                self.taken(false),
                drafts::chosen(hello.chosen_version())
            ))
            .weight(8, 5)
            .lesson(lesson, TLS13, "4.2.3")
            .gains(Side::Sender, KEYS)
            .gains(Side::Receiver, KEYS)
            .unlike_others(Token::of("hello", self.body.rest()))
            .answering()
    }

    pub(super) fn encrypted_extensions(&self) -> Telling {
        let list = self.body.rest().get(2..).unwrap_or(&[]);
        let alpn = find_extension(list, extension::ALPN).and_then(first_alpn);
        let mut detail = match alpn.map(String::from_utf8_lossy) {
            Some(name) => format!("The protocol above is settled on the way: {name} (ALPN). "),
            None => String::new(),
        };
        let is_taken = find_extension(list, extension::EARLY_DATA).is_some();
        // What becomes of early data is the news of the flight.
        let (headline, weight) = match (is_taken, self.extra.early && !self.extra.retried) {
            (true, _) => ("Takes the early data: it counts as sent", 9),
            (false, true) => ("Throws the early data away: it has to be sent again", 9),
            (false, false) => ("Answers the rest of the offer, sealed", 4),
        };
        if !is_taken && weight > 4 {
            // What sealed it comes with the ticket.
            detail.push_str(if self.extra.external {
                "Its server has read none of it. "
            } else if self.extra.resumed {
                "The server takes the ticket and not the early data: none of it was read. "
            } else {
                "The server does not take the ticket whose secret has sealed it: none of it was read. "
            });
        }
        if find_extension(list, extension::ENCRYPTED_CLIENT_HELLO).is_some() {
            detail.push_str(
                "The encrypted ClientHello could not be opened: the keys to come back with are here \
                 (retry_configs). ",
            );
        }
        // It knows of no early data.
        if weight <= 4 {
            detail.push_str("TLS 1.2 says all of this in the clear.");
        }
        let detail = detail.trim_end();
        let is_of_quic = find_extension(list, extension::QUIC_PARAMETERS).is_some();
        let lesson = if is_of_quic { "quic/parameters" } else { "tls/encrypted-extensions" };
        let telling = self
            .bead("EncryptedExtensions", headline)
            .detail(detail)
            .weight(weight, 5)
            .lesson(lesson, TLS13, "4.4.1")
            .answering();
        match weight {
            // It had them since the offer: the story puts them there.
            9 if is_taken => {
                telling.gains(Side::Sender, Gained::Keys(Protection::Early, "early data keys"))
            }
            9 => telling.voiding_early(),
            _ => telling,
        }
    }

    pub(super) fn hello_verify_request(&self) -> Telling {
        self.bead("HelloVerifyRequest", "Asks for the hello again, with this cookie in it")
            .detail("Only who receives at the sender’s address can send it back: RFC 6347, 4.2.1.")
            .weight(5, 5)
            .answering()
    }

    pub(super) fn hello_request(&self) -> Telling {
        self.bead("HelloRequest", "Asks the client to negotiate anew")
            .weight(5, 5)
            .lesson("tls/renegotiation", TLS12, "7.4.1.1")
            .asking()
    }
}

/// What TLS 1.2 protects everything with.
pub(super) const APPLICATION_KEYS: Gained =
    Gained::Keys(Protection::Application, "application keys");

/// The rest of what a ClientHello offers, as facts.
fn offer(hello: &Hello<'_>, is_sealed: bool) -> String {
    let mut facts = Vec::new();
    if let Some(name) = hello.server_name() {
        let name = String::from_utf8_lossy(name);
        let who = if is_sealed { "this time under seal" } else { "for all to read" };
        facts.push(format!("The server name {name} is there {who} (SNI)"));
    }
    let alpn = hello.extension(extension::ALPN).map(protocols).unwrap_or_default();
    if !alpn.is_empty() {
        facts.push(format!("it offers to speak {} (ALPN)", listed(&alpn)));
    }
    facts.extend(earlier(hello).map(str::to_owned));
    let count = hello.suites().filter(|suite| !is_grease(suite.0) && !suite.is_signal()).count();
    facts.push(match count {
        1 => "it offers 1 suite".to_owned(),
        count => format!("it offers {count} suites"),
    });
    let text = facts.join("; ");
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).chain(['.']).collect()
}

/// By what a client names an earlier visit that it wants to go on from.
fn earlier(hello: &Hello<'_>) -> Option<&'static str> {
    let has_ticket = || hello.extension(extension::SESSION_TICKET).is_some_and(|it| !it.is_empty());
    let offers_tls13 = hello.offered_versions().any(Version::is_13);
    match hello.earlier_secrets().count() {
        0 if !offers_tls13 && has_ticket() => {
            Some("it shows the ticket of an earlier visit, which only the server can open")
        }
        0 if !offers_tls13 && !hello.session_id.is_empty() => {
            Some("it names the session of an earlier visit, which the server may have kept")
        }
        0 => None,
        _ if hello.has_external_secrets() => Some(
            "it names a key that both had before, by another way than a ticket (an external PSK), \
             and proves by a binder that it has it",
        ),
        1 => Some(
            "it shows the ticket of an earlier visit, and proves by a binder that it has the secret \
             behind it",
        ),
        _ => Some(
            "it shows tickets of earlier visits, and proves by binders that it has the secrets \
             behind them",
        ),
    }
}

/// Whether a hello inside a connection says which handshake came before (RFC 5746, section 3.5).
fn bound(hello: &Hello<'_>) -> &'static str {
    let finished = hello.extension(extension::RENEGOTIATION_INFO);
    match finished.and_then(|mut data| vector(&mut data, 1)) {
        Some(finished) if !finished.is_empty() => {
            "It is sealed with the keys of the first. Its renegotiation_info repeats the client’s \
             Finished of that one, so that nobody else can have been there before."
        }
        _ => {
            "It is sealed with the keys of the first, and does not say that its sender was there: \
             somebody else may have shaken hands before, and hand this on."
        }
    }
}

/// What ties a hello to the visit before: tickets, and before TLS 1.3 the id of a session.
pub(super) const TICKET: &str = "ticket";
const SESSION: &str = "session id";

/// What a client shows of earlier visits.
pub(super) fn tokens(hello: &Hello<'_>) -> Vec<Token> {
    let secrets = hello.earlier_secrets().take(MAX_TICKETS);
    let secrets = secrets.filter_map(|identity| Token::of(TICKET, identity));
    let mut tokens: Vec<Token> = secrets.collect();
    if tokens.is_empty() {
        let ticket = hello.extension(extension::SESSION_TICKET);
        tokens.extend(ticket.and_then(|ticket| Token::of(TICKET, ticket.rest())));
    }
    // Beside a ticket the id is made up, so that the client can tell whether that was taken (RFC
    // 5077, section 3.4).
    if tokens.is_empty() {
        tokens.extend(Token::of(SESSION, hello.session_id));
    }
    tokens
}

pub(super) fn protocols(mut data: Reader<'_>) -> Vec<String> {
    let list = vector(&mut data, 2).unwrap_or_default();
    let mut list = Reader::new(list, ANYWHERE);
    let next = move || vector(&mut list, 1).map(|name| String::from_utf8_lossy(name).into_owned());
    std::iter::from_fn(next).collect()
}

fn group(number: u16) -> String {
    names::name(names::GROUPS, number)
}

/// Words as a list: "a, b and c".
pub(super) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
