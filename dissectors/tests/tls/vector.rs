//! Recorded sessions as text: secrets, what each side sent, and what must come out.

use wirestage_dissectors::ids::Direction;
use wirestage_dissectors::secret::Secrets;

use crate::feed::hex;

/// One session.
pub(crate) struct Vector {
    pub(crate) name: &'static str,
    pub(crate) secrets: Secrets,
    /// What was sent, in order: records, or TCP segments.
    pub(crate) sent: Vec<(Direction, Vec<u8>)>,
    /// The content of each sealed record, in order, where it was published.
    pub(crate) plain: Vec<Vec<u8>>,
    /// What the applications said to each other, where that is known.
    pub(crate) data: Vec<(Direction, Vec<u8>)>,
}

/// The handshakes of RFC 8448, sections 3 to 7.
pub(crate) fn rfc8448() -> Vec<Vector> {
    let vectors = parse(include_str!("rfc8448.txt"));
    assert_eq!(vectors.len(), 5);
    vectors
}

/// Sessions that OpenSSL recorded with itself.
pub(crate) fn openssl() -> Vec<Vector> {
    let vectors = parse(include_str!("openssl.txt"));
    assert_eq!(vectors.len(), 8);
    vectors
}

/// Sessions as text.
pub(crate) fn parse(text: &'static str) -> Vec<Vector> {
    let mut vectors: Vec<Vector> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[') {
            vectors.push(Vector {
                name: name.trim_end_matches(']'),
                secrets: Secrets::default(),
                sent: Vec::new(),
                plain: Vec::new(),
                data: Vec::new(),
            });
            continue;
        }
        let (Some(vector), Some((word, rest))) = (vectors.last_mut(), line.split_once(' ')) else {
            continue;
        };
        let side = |word: &str| match word {
            "client" => Direction::Forward,
            "server" => Direction::Backward,
            _ => panic!("unknown side: {word}"),
        };
        match word {
            "secret" => assert!(vector.secrets.add_key_log(rest).broken.is_empty()),
            "plain" => vector.plain.push(hex(rest)),
            "data" => {
                let (who, bytes) = rest.split_once(' ').unwrap();
                vector.data.push((side(who), hex(bytes)));
            }
            who => vector.sent.push((side(who), hex(rest))),
        }
    }
    vectors
}
