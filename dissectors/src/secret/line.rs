//! Lines of a key log, in each of the forms that were ever written.
//!
//! ```text
//!   LABEL client_random secret                  RFC 9850, section 2
//!   PMS_CLIENT_RANDOM client_random premaster   the same, before the master secret is made
//!   PRE_SHARED_KEY client_random key            our own: what a binder of TLS 1.3 is made with
//!   RSA Session-ID:id Master-Key:master         as OpenSSL and Java print sessions
//!   RSA sealed premaster                        as NSS wrote first: the first 8 bytes as sealed
//! ```

use data_encoding::{HEXLOWER_PERMISSIVE, HEXUPPER};

use super::{Label, MAX_ECH_CONFIG, MAX_PREMASTER, MAX_SECRET, Secret, session_key};

/// What stands before the id of a session, and before its secret.
const SESSION: &str = "Session-ID:";
const MASTER: &str = "Master-Key:";

/// How many bytes of a sealed premaster secret name it.
pub(super) const SEALED: usize = 8;

impl Label {
    /// The secret that a word is.
    fn bytes(self, word: &str) -> Result<Vec<u8>, BadLine> {
        let most = match self {
            Self::Premaster | Self::SealedPremaster | Self::PreSharedKey => MAX_PREMASTER,
            Self::EchConfig => MAX_ECH_CONFIG,
            _ => MAX_SECRET,
        };
        hex(word).filter(|bytes| (1..=most).contains(&bytes.len())).ok_or(BadLine::Secret)
    }
}

impl Secret {
    /// Reads one line; `Ok(None)` for an empty line, a comment or a label we do not know.
    pub fn parse(line: &str) -> Result<Option<Self>, BadLine> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        let mut words = line.split_ascii_whitespace();
        let (Some(label), Some(random), Some(secret), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(BadLine::Words);
        };
        if label.eq_ignore_ascii_case(Label::SessionId.name()) {
            return if has_prefix(random, SESSION) {
                Self::of_session(random, secret)
            } else {
                Self::of_premaster(random, secret)
            };
        }
        let is_it = |name: &str| name.eq_ignore_ascii_case(label);
        let Some((label, _)) = Label::ALL.iter().find(|(_, name)| is_it(name)) else {
            return Ok(None);
        };
        let random = hex(random).ok_or(BadLine::Random)?;
        let client_random = random.try_into().map_err(|_| BadLine::Random)?;
        Ok(Some(Self { label: *label, client_random, bytes: label.bytes(secret)? }))
    }

    /// An older form, `RSA Session-ID:… Master-Key:…`.
    fn of_session(id: &str, secret: &str) -> Result<Option<Self>, BadLine> {
        let part = |text: &str, prefix: &str| {
            has_prefix(text, prefix).then(|| text.get(prefix.len()..).and_then(hex)).flatten()
        };
        let client_random =
            part(id, SESSION).and_then(|id| session_key(&id)).ok_or(BadLine::Random)?;
        let is_secret = |bytes: &Vec<u8>| (1..=MAX_SECRET).contains(&bytes.len());
        let bytes = part(secret, MASTER).filter(is_secret).ok_or(BadLine::Secret)?;
        Ok(Some(Self { label: Label::SessionId, client_random, bytes }))
    }

    /// Another, `RSA … …`: how a premaster secret begins as it was sealed, and what it is.
    fn of_premaster(sealed: &str, secret: &str) -> Result<Option<Self>, BadLine> {
        let label = Label::SealedPremaster;
        let sealed = hex(sealed).filter(|sealed| sealed.len() == SEALED).ok_or(BadLine::Sealed)?;
        let client_random = session_key(&sealed).ok_or(BadLine::Sealed)?;
        Ok(Some(Self { label, client_random, bytes: label.bytes(secret)? }))
    }

    /// The line as a key log holds it, without a line end.
    #[must_use]
    pub fn line(&self) -> String {
        if self.label == Label::SessionId {
            let upper = |bytes: &[u8]| HEXUPPER.encode(bytes);
            let (id, key) = (upper(&self.client_random), upper(&self.bytes));
            return format!("RSA Session-ID:{id} Master-Key:{key}");
        }
        let mut out = String::from(self.label.name());
        let sealed = self.client_random.first_chunk::<SEALED>().map_or(&[][..], |first| first);
        let named = match self.label {
            Label::SealedPremaster => sealed,
            _ => &self.client_random[..],
        };
        for part in [named, &self.bytes] {
            out.push(' ');
            for byte in part {
                out.push_str(&format!("{byte:02x}"));
            }
        }
        out
    }
}

/// Why a line of a key log could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLine {
    /// It does not have three words.
    #[error("a line holds three words: label, client random, secret")]
    Words,
    /// The second word is not 32 bytes in hexadecimal.
    #[error("the client random is not 64 hexadecimal digits")]
    Random,
    /// The second word is not how a premaster secret begins as it was sealed.
    #[error("what follows RSA is neither Session-ID: nor 16 hexadecimal digits")]
    Sealed,
    /// The third word is not a secret in hexadecimal.
    #[error("the secret is not 2 to 128 hexadecimal digits")]
    Secret,
    /// The private key that ends here is none of RSA, or it is sealed with a password.
    #[error("the private key is no RSA key of 2048 to 8192 bits without a password")]
    PrivateKey,
}

/// Whether a word begins so, in letters of either case.
fn has_prefix(word: &str, prefix: &str) -> bool {
    word.get(..prefix.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(prefix))
}

/// Bytes out of hexadecimal digits of either case.
fn hex(text: &str) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::super::Secrets;
    use super::*;

    #[test]
    fn a_session_is_known_by_its_id() {
        let text = "RSA Session-ID:0A0b Master-Key:0102\nRSA 0011223344556677 0102\nRSA Session-ID: Master-Key:01\n";
        let mut secrets = Secrets::default();
        let added = secrets.add_key_log(text);
        let mut id = [0; 32];
        id[..2].copy_from_slice(&[10, 11]);
        assert_eq!(secrets.find(Label::SessionId, &id), Some(&[1, 2][..]));
        assert_eq!(added.broken, [(3, BadLine::Random)]);
        let secret = Secret { label: Label::SessionId, client_random: id, bytes: vec![1, 2] };
        assert_eq!(Secret::parse(&secret.line()), Ok(Some(secret)));
    }

    #[test]
    fn a_line_reads_back_as_it_was_written() {
        let secret =
            Secret { label: Label::Exporter, client_random: [7; 32], bytes: vec![1, 2, 255] };
        assert_eq!(Secret::parse(&secret.line()), Ok(Some(secret)));
    }

    #[test]
    fn a_premaster_secret_is_known_by_how_it_was_sealed_or_by_a_random() {
        let (random, long) = ("ab".repeat(32), "01".repeat(MAX_PREMASTER));
        let text = format!(
            "RSA 0011223344556677 0102\nRSA 00112233 0102\nPMS_CLIENT_RANDOM {random} {long}\n\
             PMS_CLIENT_RANDOM {random} {long}00\nCLIENT_RANDOM {random} {long}\n"
        );
        let mut secrets = Secrets::default();
        let added = secrets.add_key_log(&text);
        let sealed = session_key(&[0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77]).unwrap();
        assert_eq!(secrets.find(Label::SealedPremaster, &sealed), Some(&[1, 2][..]));
        assert_eq!(secrets.find(Label::Premaster, &[0xab; 32]), Some(&[1; MAX_PREMASTER][..]));
        assert!(secrets.has_premasters());
        let expected = [(2, BadLine::Sealed), (4, BadLine::Secret), (5, BadLine::Secret)];
        assert_eq!(added.broken, expected);
        let label = Label::SealedPremaster;
        let secret = Secret { label, client_random: sealed, bytes: vec![1, 2] };
        assert_eq!(secret.line(), "RSA 0011223344556677 0102");
        assert_eq!(Secret::parse(&secret.line()), Ok(Some(secret)));
    }

    #[test]
    fn a_sealed_hello_has_a_secret_and_the_key_it_was_sealed_to() {
        let random = "ab".repeat(32);
        let text = format!(
            "ECH_SECRET {random} {}\nECH_CONFIG {random} {}\nECH_SECRET {random} {}\n",
            "01".repeat(32),
            "fe".repeat(200),
            "01".repeat(MAX_SECRET + 1),
        );
        let mut secrets = Secrets::default();
        assert_eq!(secrets.add_key_log(&text).broken, [(3, BadLine::Secret)]);
        assert_eq!(secrets.find(Label::EchSecret, &[0xab; 32]), Some(&[1; 32][..]));
        assert_eq!(secrets.find(Label::EchConfig, &[0xab; 32]), Some(&[0xfe; 200][..]));
        let config = secrets.of(Label::EchConfig)[0].1.to_vec();
        let line = Secret { label: Label::EchConfig, client_random: [0xab; 32], bytes: config };
        assert_eq!(Secret::parse(&line.line()), Ok(Some(line)));
    }

    #[test]
    fn letters_of_either_case_and_ends_of_other_systems_do_not_matter() {
        let random = "Ab".repeat(32);
        let text = format!(
            "\u{feff}# made elsewhere\r\nclient_random {random} 0A\r\n\
             Client_Traffic_Secret_0 {random} 0b\r\n\r\nrsa session-id:0a MASTER-KEY:0c\r\n"
        );
        let mut secrets = Secrets::default();
        assert_eq!(secrets.add_key_log(&text).broken, []);
        let found = |label, random: &[u8; 32]| secrets.find(label, random);
        assert_eq!(found(Label::ClientRandom, &[0xab; 32]), Some(&[10][..]));
        assert_eq!(found(Label::ClientTraffic0, &[0xab; 32]), Some(&[11][..]));
        assert_eq!(found(Label::SessionId, &session_key(&[10]).unwrap()), Some(&[12][..]));
        assert!(!secrets.has_premasters());
    }
}
