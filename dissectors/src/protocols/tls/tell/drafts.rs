//! What is said of TLS before it was a standard: drafts of TLS 1.3, and of the sealed hello.

use super::super::handshake::wire::{Hello, extension};
use super::super::version::Version;
use crate::wording::counted;

/// What of a ClientHello is that of drafts; nothing where nothing is.
pub(super) fn of_hello(hello: &Hello<'_>) -> String {
    let mut said = String::new();
    let standard = |version: Version| matches!(version, Version::TLS13 | Version::DTLS13);
    let drafts: Vec<u8> = hello.offered_versions().filter_map(Version::draft).collect();
    if let [first, others @ ..] = drafts.as_slice()
        && !hello.offered_versions().any(standard)
    {
        let others: Vec<String> = others.iter().map(|draft| format!(", {draft}")).collect();
        let which = if others.is_empty() { "draft" } else { "drafts" };
        said += &format!(
            " TLS 1.3 was no standard yet: it is offered as of {which} {first}{}.",
            others.concat()
        );
    }
    let of_drafts = extension::ENCRYPTED_CLIENT_HELLO_OF_DRAFTS;
    if let Some(data) = of_drafts.into_iter().find_map(|number| hello.extension(number)) {
        said += &format!(
            " Its encrypted_client_hello is that of a draft, of {}: another ClientHello sealed for \
             the server, or random bytes in its place (GREASE).",
            counted(data.len() as u64, "byte")
        );
    }
    if let Some(data) = hello.extension(extension::ENCRYPTED_SERVER_NAME) {
        said += &format!(
            " Its encrypted_server_name holds {}: the name sealed for the server, as drafts had it \
             before whole hellos were sealed.",
            counted(data.len() as u64, "byte")
        );
    }
    said
}

/// Which draft of TLS 1.3 was agreed on; nothing for the standard.
pub(super) fn chosen(version: Version) -> String {
    match version.draft() {
        Some(draft) => format!(" This is TLS 1.3 as of draft {draft}."),
        None => String::new(),
    }
}
