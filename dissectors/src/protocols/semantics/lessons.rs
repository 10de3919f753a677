//! What there is to learn about a response, whatever carried it: by its status, or by what its head
//! says besides.

/// The lesson about a response with that status, whose head has the fields that `has` finds; `None`
/// if there is no more to it than that it is an answer.
pub(in crate::protocols) fn lesson(
    status: u16,
    has: impl Fn(&'static str) -> bool,
) -> Option<&'static str> {
    Some(match status {
        206 | 416 => "http/range",
        304 => "http/caching",
        300..400 => "http/redirect",
        401 | 407 => "http/authentication",
        400..500 => "http/client-error",
        500..600 => "http/server-error",
        200..300 if has("set-cookie") => "http/cookies",
        200..300 if has("content-encoding") => "http/coding",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::lesson;

    #[test]
    fn a_response_is_about_its_status_or_its_fields() {
        for (status, fields, expected) in [
            (200, &[][..], None),
            (101, &["set-cookie"], None),
            (200, &["content-encoding"], Some("http/coding")),
            (201, &["content-encoding", "set-cookie"], Some("http/cookies")),
            (206, &["content-encoding"], Some("http/range")),
            (302, &["set-cookie"], Some("http/redirect")),
            (304, &[], Some("http/caching")),
            (401, &[], Some("http/authentication")),
            (404, &[], Some("http/client-error")),
            (416, &[], Some("http/range")),
            (503, &[], Some("http/server-error")),
        ] {
            let found = lesson(status, |name| fields.contains(&name));
            assert_eq!(found, expected, "{status} {fields:?}");
        }
    }
}
