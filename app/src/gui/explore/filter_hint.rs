//! What is said, quietly, of what is typed and no filter yet.

use crate::document::{filter, vocabulary};

/// Names that are given.
const GIVEN: usize = 3;

/// Why what is typed is no filter yet; `None` if it is one, or nothing is typed.
pub(super) fn yet(typed: &str) -> Option<String> {
    let error = filter(typed).err()?;
    if !error.is_unknown {
        return Some(format!("no filter yet: {}", error.message));
    }
    let name = typed.get(error.at)?.trim_start_matches('.');
    let fields = vocabulary();
    let mut begins = fields.beginning(name).map(|field| field.def().name);
    let longer: Vec<&str> = begins.by_ref().take(GIVEN).collect();
    if !longer.is_empty() {
        let more = if begins.next().is_some() { " …" } else { "" };
        return Some(format!("no field is called “{name}” yet: {}{more}", longer.join(", ")));
    }
    Some(match fields.near(name)[..] {
        [] => format!("no field is called “{name}”"),
        ref near => format!("no field is called “{name}”: nearest {}", near.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: &str) {
        assert_eq!(yet(typed).unwrap_or_default(), expected);
    }

    #[test]
    fn what_is_still_typed_is_told_quietly() {
        check("", "");
        check("ip.src == 10.0.0.1", "");
        check(
            "tls.handshake.ex",
            "no field is called “tls.handshake.ex” yet: tls.handshake.extension, \
             tls.handshake.extension.data, tls.handshake.extension.len …",
        );
        check("ip.scr", "no field is called “ip.scr”: nearest ip.src");
        check("zzqqxxyy", "no field is called “zzqqxxyy”");
        check("ip.src ==", "no filter yet: Expected a value, but the expression ends");
    }
}
