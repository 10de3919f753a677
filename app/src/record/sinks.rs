//! What a scenario tells while it plays, put into the words of a recording.

use data_encoding::HEXLOWER;
use wirestage_captures::Mark as Written;
use wirestage_captures::live::Feed;
use wirestage_dissectors::ids::Time;
use wirestage_generators::{KeySink, Mark, MarkSink};

/// Hands secrets on as lines of a key log. The feed takes a line before the library that waits
/// for this call writes to its socket.
pub(super) struct Keys(pub(super) Feed);

impl KeySink for Keys {
    fn secret(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        self.0.secret(format!(
            "{label} {} {}",
            HEXLOWER.encode(client_random),
            HEXLOWER.encode(secret)
        ));
    }
}

/// Hands marks on.
pub(super) struct Marks(pub(super) Feed);

impl MarkSink for Marks {
    fn mark(&self, mark: Mark) {
        self.0.mark(Written {
            time: Time(i64::try_from(mark.unix_nanos).unwrap_or(i64::MAX)),
            role: mark.role.to_owned(),
            message: message(&mark),
            fields: mark.facts.into_iter().collect(),
        });
    }
}

/// What was done, with the one particular that tells such marks apart.
fn message(mark: &Mark) -> String {
    let fact = |name: &str| mark.facts.get(name);
    match (fact("bytes"), fact("peer"), fact("local")) {
        (Some(bytes), ..) => format!("{} {bytes} bytes", mark.what),
        (None, Some(peer), _) => format!("{} {peer}", mark.what),
        (None, None, Some(local)) => format!("{} {local}", mark.what),
        (None, None, None) => mark.what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_reads_as_a_sentence() {
        let mark = |what, facts: &[(&str, &str)]| Mark {
            unix_nanos: 0,
            role: "server",
            what,
            facts: facts.iter().map(|&(name, value)| (name.into(), value.into())).collect(),
        };
        assert_eq!(message(&mark("read", &[("bytes", "75")])), "read 75 bytes");
        let accept = [("local", "127.0.0.2:443"), ("peer", "127.0.0.1:5000")];
        assert_eq!(message(&mark("accept", &accept)), "accept 127.0.0.1:5000");
        assert_eq!(message(&mark("listen", &[("local", "127.0.0.2:443")])), "listen 127.0.0.2:443");
        assert_eq!(message(&mark("close", &[])), "close");
    }
}
