//! What the methods of requests ask for (RFC 9110, section 9.3).

/// What a request of that method asks for.
pub(in crate::protocols) fn meaning(method: &[u8], sealed: bool) -> &'static str {
    match (method, sealed) {
        (b"GET", false) => "Asks for a resource; nothing seals the request",
        (b"GET", true) => "Asks for a resource; only who has the keys can read the request",
        (b"HEAD", _) => "Asks for the head of a response only, without its body",
        (b"POST", _) => "Gives the server something to process",
        (b"PUT", _) => "Asks the server to keep what it sends under that name",
        (b"DELETE", _) => "Asks the server to remove what lies under that name",
        (b"OPTIONS", _) => "Asks what may be done, without doing it",
        _ => "Asks the server to act on a resource",
    }
}
