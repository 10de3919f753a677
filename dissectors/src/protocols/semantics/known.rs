//! By what a request is known where a proxy hands it on, and what a proxy may change in a head.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use super::list;
use crate::known::Known;
use crate::limits::MAX_QUESTION_MARKS;

/// The ids of a request that who hands it on keeps: the trace of W3C Trace Context, section 3.2,
/// and two that nobody has written a standard for.
const IDS: [(&str, &str); 3] = [
    ("traceparent", "traceparent"),
    ("x-request-id", "X-Request-ID"),
    ("x-b3-traceid", "X-B3-TraceId"),
];

/// The marks of a request with these fields, names and values; nothing for `CONNECT`, which asks
/// for a tunnel and is never handed on as it came.
pub(in crate::protocols) fn known<'h>(
    method: &[u8],
    target: &[u8],
    fields: impl Iterator<Item = (&'h [u8], &'h [u8])> + Clone,
) -> Option<Known> {
    if method == b"CONNECT" {
        return None;
    }
    let id = |(name, shown): (&str, &'static str)| {
        let mut own = fields.clone().filter(|(found, _)| is(found, name));
        let value = own.next().map(|(_, value)| value).filter(|value| !value.is_empty())?;
        let value = if shown == "traceparent" { trace(value)? } else { value };
        Some((shown, value.into()))
    };
    let passed = all(fields.clone(), "via");
    Some(Known {
        method: method.into(),
        target: origin(target).into(),
        ids: IDS.into_iter().filter_map(id).collect(),
        asked_by: asked_by(fields.clone()),
        passed: (!passed.is_empty()).then(|| ("Via", passed.join(&b", "[..]).into())),
    })
}

/// Names of fields are compared without regard to case (RFC 9110, section 5.1).
fn is(found: &[u8], name: &str) -> bool {
    found.eq_ignore_ascii_case(name.as_bytes())
}

/// The path and the query of a target: who asks a proxy sends the whole (RFC 9112, section 3.2.2).
fn origin(target: &[u8]) -> &[u8] {
    absolute(target).map_or(target, |(_, _, path)| path)
}

/// The scheme, the host and the path of a target in absolute form (RFC 9112, section 3.2.2);
/// nothing for one in another form.
pub(in crate::protocols) fn absolute(target: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let scheme = memchr::memmem::find(target, b"://").filter(|at| *at < MAX_SCHEME);
    let at = scheme.filter(|_| !target.starts_with(b"/"))?;
    let (scheme, behind) = (target.get(..at)?, target.get(at + 3..)?);
    Some(match memchr::memchr(b'/', behind).and_then(|path| behind.split_at_checked(path)) {
        Some((host, path)) => (scheme, host, path),
        None => (scheme, behind, b"/"),
    })
}

/// No scheme in use is longer.
const MAX_SCHEME: usize = 16;

/// The id of the trace in a `traceparent`: of its four parts the second. Each who passes it on
/// writes the third anew.
fn trace(value: &[u8]) -> Option<&[u8]> {
    let mut parts = value.split(|byte| *byte == b'-');
    parts.next().filter(|version| version.len() == 2)?;
    parts.next().filter(|id| id.len() == 32 && id.iter().any(|digit| *digit != b'0'))
}

/// The elements of all fields of a name, in their order.
fn all<'h>(fields: impl Iterator<Item = (&'h [u8], &'h [u8])>, name: &str) -> Vec<&'h [u8]> {
    let own = fields.filter(|(found, _)| is(found, name));
    own.flat_map(|(_, value)| list(value)).take(MAX_QUESTION_MARKS).collect()
}

/// Who asked whoever sends this: the last element of `Forwarded` (RFC 7239, section 4) and of
/// `X-Forwarded-For`, for each who hands a request on adds his own client.
fn asked_by<'h>(
    fields: impl Iterator<Item = (&'h [u8], &'h [u8])> + Clone,
) -> Vec<(&'static str, IpAddr)> {
    let forwarded = all(fields.clone(), "forwarded").last().and_then(|element| {
        let mut pairs = element.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        pairs.find_map(|pair| {
            let (name, value) = pair.split_at_checked(4)?;
            name.eq_ignore_ascii_case(b"for=").then(|| address(value))?
        })
    });
    let listed = all(fields, "x-forwarded-for").last().and_then(|element| address(element));
    let found = [("Forwarded", forwarded), ("X-Forwarded-For", listed)];
    found.into_iter().filter_map(|(name, address)| Some((name, address?))).collect()
}

/// An address with or without a port, in quotes or not; IPv6 in brackets (RFC 7239, section 6).
fn address(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text.trim_ascii()).ok()?.trim_matches('"');
    let bare = || text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|one| one.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    let found = bare().or_else(with_port).or_else(|| bracketed().map(IpAddr::V6));
    found.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The marks of a request with these fields: its target, then ids, who asked, who passed it on.
    #[track_caller]
    fn check(target: &str, fields: &str, expected: &str) {
        let fields = fields.split_terminator("\r\n").filter_map(|line| line.split_once(':'));
        let fields = fields.map(|(name, value)| (name.as_bytes(), value.trim().as_bytes()));
        let known = known(b"GET", target.as_bytes(), fields).expect("no tunnel");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let ids = known.ids.iter().map(|(name, id)| format!(" {name}={}", text(id)));
        let asked = known.asked_by.iter().map(|(name, who)| format!(" {name}={who}"));
        let passed = known.passed.iter().map(|(name, who)| format!(" {name}={}", text(who)));
        let all: String = ids.chain(asked).chain(passed).collect();
        assert_eq!(format!("{}{all}", text(&known.target)), expected);
    }

    #[test]
    fn marks_are_found_whichever_way_they_are_written() {
        check("/a?b=1", "", "/a?b=1");
        check("http://h:80/a?b=http://c", "", "/a?b=http://c");
        check("http://h", "", "/");
        check("/a?b=http://c/d", "", "/a?b=http://c/d");
        check("*", "", "*");
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let parent = |id: &str| format!("traceparent: 00-{id}-00f067aa0ba902b7-01\r\n");
        check("/", &parent(trace), &format!("/ traceparent={trace}"));
        check("/", &parent(&"0".repeat(32)), "/");
        check("/", "traceparent: 00\r\n", "/");
        check("/", "x-request-id: 7f\r\n", "/ X-Request-ID=7f");
        check("/", "X-Request-ID:\r\n", "/");
        check("/", "X-B3-TraceId: 80f1\r\n", "/ X-B3-TraceId=80f1");
    }

    #[test]
    fn who_asked_is_who_was_added_last() {
        let listed = |list: &str| format!("X-Forwarded-For: {list}\r\n");
        check("/", &listed("192.0.2.1"), "/ X-Forwarded-For=192.0.2.1");
        check("/", &listed("192.0.2.1, 192.0.2.9"), "/ X-Forwarded-For=192.0.2.9");
        check("/", &listed("192.0.2.1:4711"), "/ X-Forwarded-For=192.0.2.1");
        check("/", &listed("unknown"), "/");
        let twice = listed("192.0.2.1") + &listed("192.0.2.2");
        check("/", &twice, "/ X-Forwarded-For=192.0.2.2");
        let forwarded = |list: &str| format!("Forwarded: {list}\r\n");
        check("/", &forwarded("for=192.0.2.1;proto=https"), "/ Forwarded=192.0.2.1");
        check("/", &forwarded("proto=http; For=\"[2001:db8::1]:4711\""), "/ Forwarded=2001:db8::1");
        check("/", &forwarded("for=\"[2001:db8::1]\""), "/ Forwarded=2001:db8::1");
        check("/", &forwarded("for=192.0.2.1, for=192.0.2.2"), "/ Forwarded=192.0.2.2");
        check("/", &forwarded("for=\"_hidden\""), "/");
        check("/", &forwarded("by=203.0.113.4"), "/");
        check("/", &listed("::ffff:192.0.2.1"), "/ X-Forwarded-For=192.0.2.1");
    }

    #[test]
    fn who_passed_it_on_is_kept_in_order() {
        check("/", "Via: 1.1 edge\r\n", "/ Via=1.1 edge");
        check("/", "Via: 1.0 a, 1.1 b\r\nVia: 1.1 c\r\n", "/ Via=1.0 a, 1.1 b, 1.1 c");
        assert_eq!(known(b"CONNECT", b"h:1", std::iter::empty()), None);
    }
}
