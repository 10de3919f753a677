//! Says what a message of FTP means.

use super::super::lines::reply;
use super::super::lines::text::{Shown, sentence, short};
use super::Kind;
use crate::engine::view::View;
use crate::message::Message;
use crate::telling::{Outcome, Source, Telling};
use crate::wording::counted;

/// Tells of a message of any kind.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let first = reply::lines(bytes).next().unwrap_or(0..0);
    let text = bytes.get(first).unwrap_or(&[]);
    let told = match message.kind() {
        Some(Kind::Command) => command(text, message.protection.is_sealed()),
        Some(Kind::Reply) => answer(text),
        _ => {
            let label = counted(message.span.len.into(), "byte");
            return Some(Telling::new(label, "Bytes that are no line", "FTP").weight(2, 2));
        }
    };
    let source = told.source.or(Some(Source { standard: "RFC 959", section: "4" }));
    let told = Telling { source, ..told };
    let detail = sentence(&Shown(text).to_string());
    Some(if told.detail.is_empty() { told.detail(detail) } else { told })
}

pub(super) fn command(text: &[u8], is_sealed: bool) -> Telling {
    let verb = text.split(|byte| *byte == b' ').next().unwrap_or(&[]).to_ascii_uppercase();
    let headline = match verb.as_slice() {
        b"AUTH" if !is_tls(text) => {
            return Telling::new(short(text), "Wants to prove who it is by a mechanism", "FTP")
                .lesson("lines/starttls", "RFC 2228", "3")
                .asking();
        }
        b"ADAT" => "Goes on with the proof of who it is, in base64",
        b"MIC" | b"CONF" | b"ENC" => "Gives a command under the seal of that mechanism",
        b"AUTH" => {
            return Telling::new(short(text), "Asks to go on in TLS on this connection", "FTP")
                .detail("Until the handshake has ended, anyone on the way can take this away.")
                .weight(7, 5)
                .lesson("lines/starttls", "RFC 4217", "4")
                .asking();
        }
        b"USER" => "Says who it is",
        b"PASS" if is_sealed => "Gives the password, under seal",
        b"PASS" => "Gives the password, in the clear",
        b"PASV" | b"EPSV" => "Asks the server to wait for a data connection",
        b"PORT" | b"EPRT" => "Says where it waits for a data connection itself",
        b"RETR" => "Asks for a file; it will come on a connection of its own",
        b"STOR" | b"APPE" | b"STOU" => "Sends a file, on a connection of its own",
        b"LIST" | b"NLST" | b"MLSD" => {
            "Asks for a listing; it will come on a connection of its own"
        }
        b"SYST" => "Asks which system the server runs on",
        b"FEAT" => "Asks which extensions the server can do",
        b"TYPE" => "Says how files are to be carried: as text, or byte by byte",
        b"PWD" | b"XPWD" => "Asks which folder it is in",
        b"CWD" | b"CDUP" => "Goes to another folder",
        b"SIZE" => "Asks how large a file is",
        b"MDTM" => "Asks when a file was changed last",
        b"DELE" => "Wants a file deleted",
        b"MKD" => "Wants a folder made",
        b"RMD" => "Wants a folder removed",
        b"RNFR" => "Names the file that is to have another name",
        b"RNTO" => "Says that name",
        b"REST" => "Says from which byte on the next transfer begins",
        b"PBSZ" | b"PROT" => "Says whether data connections are to be sealed",
        b"NOOP" => "Asks for nothing: the connection stays in use",
        b"QUIT" => "Asks the server to end the connection",
        _ => "Gives the server a command",
    };
    Telling::new(short(text), headline, "FTP").asking()
}

/// Whether an AUTH asks for TLS (RFC 4217, section 4) rather than for a mechanism of its own.
fn is_tls(text: &[u8]) -> bool {
    let mechanism = text.splitn(2, |byte| *byte == b' ').nth(1).unwrap_or_default();
    let mechanism = mechanism.trim_ascii();
    [&b"TLS"[..], b"TLS-C", b"TLS-P", b"SSL"].iter().any(|it| mechanism.eq_ignore_ascii_case(it))
}

fn answer(text: &[u8]) -> Telling {
    let code = reply::code(text).map_or(0, |(code, _)| code);
    let headline = match code {
        100..=199 => "Begins; another reply will say how it ended",
        220 => "Greets: in FTP the server speaks first",
        221 => "Ends the connection",
        226 => "The transfer is complete",
        227 | 229 => "Says where it waits for the data connection",
        230 => "Lets the user in",
        234 => "Agrees: the next byte of either side is TLS",
        331 => "Asks for the password",
        334 => "Agrees on the mechanism, and goes on with it in base64",
        400..=499 => "Cannot now; the client may try again",
        // RFC 2228, section 5.2.
        600..=699 => "Answers under the seal of the mechanism: what, only its keys tell",
        500.. => "Refuses",
        _ => "Answers",
    };
    let told = Telling::new(short(text), headline, "FTP");
    let told = if code < 200 { told.answering_for_now() } else { told.answering() };
    if matches!(code, 400..=599) { told.outcome(Outcome::Refused) } else { told }
}
