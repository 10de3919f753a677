//! What a content of JSON calls: a method of JSON-RPC 2.0 (its specification, sections 4 to 6), or
//! an operation of GraphQL (its specification of October 2021, section 2.3).

use super::media::Kind;
use super::quoted::unquoted;
use super::{Media, json};
use crate::bytes::Lossy;
use crate::telling::quoted;

/// Calls of a batch that are named.
const MAX_NAMED: usize = 3;
/// The longest name that is told.
const MAX_NAME: usize = 60;

/// What stands in an object, by name.
type Members<'a> = Vec<(Option<String>, &'a [u8])>;

/// In a sentence what is called, or answered; nothing for what is no call.
pub(in crate::protocols) fn called(media: &Media, bytes: &[u8]) -> Option<String> {
    if media.kind != Kind::Json {
        return None;
    }
    // Most contents are no calls: what is none is not read for it.
    let has = |word: &[u8]| memchr::memmem::find(bytes, word).is_some();
    if has(b"\"jsonrpc\"") {
        return rpc(bytes);
    }
    if has(b"\"query\"") { graphql(&json::parts(bytes)?) } else { None }
}

/// A member of an object that is a text, cut where it is long; or a number, as it is written.
pub(in crate::protocols) fn member(object: &[u8], name: &str) -> Option<String> {
    let members = json::parts(object)?;
    let is_number = |value: &&[u8]| value.first().is_some_and(u8::is_ascii_digit);
    let number = || value(&members, name).filter(is_number).map(|it| Lossy(it).to_string());
    text(&members, name).or_else(number).map(|text| short(&text))
}

/// The first of a list, where that is a text.
pub(in crate::protocols) fn first(list: &[u8]) -> Option<String> {
    let parts = json::parts(list)?;
    let (_, value) = parts.first()?;
    value.starts_with(b"\"").then(|| short(&unquoted(value)))
}

/// The value of a member, as it is written.
fn value<'a>(members: &Members<'a>, name: &str) -> Option<&'a [u8]> {
    let own = members.iter().find(|(key, _)| key.as_deref() == Some(name));
    own.map(|(_, value)| *value)
}

/// The value of a member that is a text.
fn text(members: &Members<'_>, name: &str) -> Option<String> {
    value(members, name).filter(|value| value.starts_with(b"\"")).map(unquoted)
}

/// As much of a name as is told.
fn short(name: &str) -> String {
    let end = name.char_indices().nth(MAX_NAME).map(|(at, _)| at);
    end.and_then(|end| name.get(..end)).map_or_else(|| name.to_owned(), |cut| format!("{cut}…"))
}

fn rpc(bytes: &[u8]) -> Option<String> {
    let parts = json::parts(bytes)?;
    if bytes.trim_ascii_start().starts_with(b"{") {
        return one(&parts);
    }
    let all: Vec<Members<'_>> =
        parts.iter().filter_map(|(_, value)| json::parts(value)).take(MAX_NAMED).collect();
    let methods = all.iter().filter_map(|members| text(members, "method"));
    let methods: Vec<String> = methods.map(|name| short(&name)).collect();
    let dots = if parts.len() > MAX_NAMED { ", …" } else { "" };
    Some(match methods.is_empty() {
        true => format!("It answers calls of JSON-RPC, {} of them at once.", parts.len()),
        false => {
            format!("{} calls of JSON-RPC at once: {}{dots}.", parts.len(), methods.join(", "))
        }
    })
}

/// One call of JSON-RPC, or its answer.
fn one(members: &Members<'_>) -> Option<String> {
    let id = value(members, "id").map(|id| short(&Lossy(id).to_string()));
    if let Some(method) = text(members, "method") {
        let method = short(&method);
        return Some(match id {
            Some(id) => format!("It calls {method} by JSON-RPC, under the id {id}."),
            None => format!("It tells {method} by JSON-RPC, and wants no answer."),
        });
    }
    let id = id.unwrap_or_else(|| "null".to_owned());
    if let Some(error) = value(members, "error").and_then(json::parts) {
        let code = value(&error, "code").map(|code| short(&Lossy(code).to_string()));
        let message = text(&error, "message").map(|message| short(&message)).unwrap_or_default();
        let code = code.unwrap_or_default();
        return Some(format!("The call {id} of JSON-RPC failed: {code}, {}", quoted(message)));
    }
    value(members, "result").map(|_| format!("It answers the call {id} of JSON-RPC."))
}

/// An operation of GraphQL; that of a message on a WebSocket stands one level deeper.
fn graphql(members: &Members<'_>) -> Option<String> {
    let Some(document) = text(members, "query") else {
        let inner = value(members, "payload").and_then(json::parts)?;
        return if value(&inner, "payload").is_none() { graphql(&inner) } else { None };
    };
    let chosen = text(members, "operationName");
    let (kind, name) = operation(&document, chosen.as_deref())?;
    Some(match chosen.as_deref().or(name) {
        Some(name) => format!("It runs the {kind} {} of GraphQL.", short(name)),
        None => format!("It runs a {kind} of GraphQL without a name."),
    })
}

/// The kind of the operation that is meant, and the name that stands behind it. What has no word in
/// front is a query (section 2.3).
fn operation<'d>(
    document: &'d str,
    chosen: Option<&str>,
) -> Option<(&'static str, Option<&'d str>)> {
    const KINDS: [&str; 3] = ["query", "mutation", "subscription"];
    let mut rest = document.trim_start();
    if rest.starts_with('{') {
        return Some(("query", None));
    }
    // Whoever looks for shoes has a member of that name, too.
    let begins = word(rest).0;
    if !document.contains('{') || !(KINDS.contains(&begins) || begins == "fragment") {
        return None;
    }
    while !rest.is_empty() {
        let (word, behind) = word(rest);
        let behind = if word.is_empty() { past_a_letter(behind) } else { behind }.trim_start();
        let kind = KINDS.into_iter().find(|kind| *kind == word);
        // Without a name its variables or its fields begin at once.
        let name = Some(self::word(behind).0).filter(|name| !name.is_empty());
        match kind {
            Some(kind) if chosen.is_none() || chosen == name => return Some((kind, name)),
            _ => rest = behind,
        }
    }
    None
}

/// The name that a text begins with (section 2.1.9), and what is behind it.
fn word(text: &str) -> (&str, &str) {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    text.split_at(end.unwrap_or(text.len()))
}

fn past_a_letter(text: &str) -> &str {
    let mut letters = text.chars();
    letters.next();
    letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content: &str, expected: Option<&str>) {
        let media = Media::of(b"application/json").unwrap();
        assert_eq!(called(&media, content.as_bytes()).as_deref(), expected, "{content}");
    }

    #[test]
    fn calls_of_json_rpc_are_named() {
        let call = r#"{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}"#;
        check(call, Some("It calls subtract by JSON-RPC, under the id 1."));
        let tells = r#"{"jsonrpc": "2.0", "method": "update", "params": [1]}"#;
        check(tells, Some("It tells update by JSON-RPC, and wants no answer."));
        let answer = r#"{"jsonrpc": "2.0", "result": 19, "id": "a"}"#;
        check(answer, Some("It answers the call \"a\" of JSON-RPC."));
        let failed = r#"{"jsonrpc": "2.0", "error": {"code": -32601, "message": "No"}, "id": 1}"#;
        check(failed, Some("The call 1 of JSON-RPC failed: -32601, “No”."));
        let batch = format!("[{call}, {tells}, {call}, {tells}]");
        let several = "4 calls of JSON-RPC at once: subtract, update, subtract, ….";
        check(&batch, Some(several));
        check(&format!("[{answer}]"), Some("It answers calls of JSON-RPC, 1 of them at once."));
        check(r#"{"jsonrpc": "2.0"}"#, None);
        check(r#"{"jsonrpc": "2.0", "method""#, None);
    }

    #[test]
    fn operations_of_graphql_are_named() {
        let run = |name: &str| format!("It runs the {name} of GraphQL.");
        let named = r#"{"query": "query Hero($id: ID) { hero }", "variables": {"id": 1}}"#;
        check(named, Some(&run("query Hero")));
        let two = r#"{"query": "query A { a }\nmutation B { b }", "operationName": "B"}"#;
        check(two, Some(&run("mutation B")));
        let anonymous = "It runs a query of GraphQL without a name.";
        check(r#"{"query": "{ hero }"}"#, Some(anonymous));
        check(r#"{"query": "query ($a: Int) { a }"}"#, Some(anonymous));
        let inside =
            r#"{"id": "1", "type": "subscribe", "payload": {"query": "subscription S { s }"}}"#;
        check(inside, Some(&run("subscription S")));
        check(r#"{"query": "shoes"}"#, None);
        check(r#"{"query": "the query {plan}"}"#, None);
        check(r#"{"query": "query plan"}"#, None);
        check(r#"{"query": 7}"#, None);
        check(r#"{"a": "\"query\""}"#, None);
    }
}
