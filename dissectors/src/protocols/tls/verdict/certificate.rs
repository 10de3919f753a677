//! What a certificate shows to who has to judge it: for whom it is, who says so, and how long.

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;

use super::super::handshake::wire::{ANYWHERE, vector};
use super::offer::listed;
use crate::bytes::Reader;
use crate::ids::Time;
use crate::limits::MAX_CHAIN_TOLD;

/// What a Certificate message shows.
#[derive(Debug)]
pub(super) struct Shown {
    subject: String,
    /// The name of its subject, which stood for a host before certificates had names for that.
    common_name: Option<String>,
    issuer: String,
    /// Whether it vouches for itself.
    pub(super) is_its_own: bool,
    /// The names it is for.
    names: Vec<String>,
    /// How many certificates came.
    count: usize,
    not_before: ASN1Time,
    not_after: ASN1Time,
}

/// How a certificate's dates stand to a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Validity {
    NotYet,
    Valid,
    Expired,
}

impl Shown {
    /// Reads the body of a Certificate message; nothing for an empty list, and for what is none.
    pub(super) fn read(tls13: bool, mut body: Reader<'_>) -> Option<Self> {
        if tls13 {
            vector(&mut body, 1)?;
        }
        let mut list = Reader::new(vector(&mut body, 3)?, ANYWHERE);
        let mut own = None;
        let mut count = 0;
        while let Some(certificate) = vector(&mut list, 3).filter(|_| count < MAX_CHAIN_TOLD) {
            own.get_or_insert(certificate);
            count += 1;
            if tls13 {
                vector(&mut list, 2);
            }
        }
        let (_, certificate) = X509Certificate::from_der(own?).ok()?;
        let names = match certificate.subject_alternative_name() {
            Ok(Some(names)) => names.value.general_names.iter().filter_map(name).collect(),
            _ => Vec::new(),
        };
        let validity = certificate.validity();
        Some(Self {
            subject: certificate.subject().to_string(),
            common_name: common_name(&certificate),
            issuer: certificate.issuer().to_string(),
            is_its_own: certificate.subject().as_raw() == certificate.issuer().as_raw(),
            names,
            count,
            not_before: validity.not_before,
            not_after: validity.not_after,
        })
    }

    /// How its dates stand to a time; valid where no clock was running.
    pub(super) fn at(&self, time: Time) -> Validity {
        let Some(now) = now(time) else { return Validity::Valid };
        if now > self.not_after {
            Validity::Expired
        } else if now < self.not_before {
            Validity::NotYet
        } else {
            Validity::Valid
        }
    }

    /// Whether it is for a name, by the rules of RFC 9525, section 6.3: letter case does not count,
    /// and an asterisk stands for the whole first label.
    pub(super) fn is_for(&self, name: &str) -> bool {
        let name = name.trim_end_matches('.');
        self.names.iter().any(|own| match own.strip_prefix("*.") {
            Some(rest) => {
                name.split_once('.').is_some_and(|(_, tail)| tail.eq_ignore_ascii_case(rest))
            }
            None => own.eq_ignore_ascii_case(name),
        })
    }

    /// Whether it names no host, and its subject is called so: some clients take that for the name
    /// of a host, and RFC 9525, section 6.3, has them not to.
    pub(super) fn is_called(&self, name: &str) -> bool {
        let called = self.common_name.as_deref().filter(|_| self.names.is_empty());
        called.is_some_and(|called| called.eq_ignore_ascii_case(name.trim_end_matches('.')))
    }

    /// "It is for a.example and b.example."
    pub(super) fn told_names(&self) -> String {
        match self.names.is_empty() {
            true => format!("The certificate names no host, but {}.", self.subject),
            false => format!("The certificate is for {}.", listed(&self.names)),
        }
    }

    /// From when to when it is valid, and when it was shown.
    pub(super) fn told_dates(&self, time: Time) -> String {
        let date = |time: &ASN1Time| time.to_datetime().date().to_string();
        let shown = now(time).map(|now| format!("; it was shown on {}", date(&now)));
        format!(
            "It is valid from {} to {}{}.",
            date(&self.not_before),
            date(&self.not_after),
            shown.unwrap_or_default()
        )
    }

    /// Who vouches for it, and how much of the way to a root was sent along.
    pub(super) fn told_issuer(&self) -> Vec<String> {
        if self.is_its_own {
            return vec![format!("The certificate of {} is signed by itself.", self.subject)];
        }
        let signed = format!("The certificate of {} is signed by {}.", self.subject, self.issuer);
        let along = match self.count {
            1 => "No other certificate came along: if one stands between it and a root, it is \
                  missing."
                .to_owned(),
            count => format!("{count} certificates came, the last of them nearest to a root."),
        };
        vec![signed, along]
    }

    /// All of it in one sentence.
    pub(super) fn told(&self) -> String {
        format!("It was shown a certificate of {}, signed by {}.", self.subject, self.issuer)
    }
}

fn common_name(certificate: &X509Certificate<'_>) -> Option<String> {
    certificate.subject().iter_common_name().next()?.as_str().ok().map(str::to_owned)
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => {
                <[u8; 4]>::try_from(*bytes).ok().map(|it| std::net::Ipv4Addr::from(it).to_string())
            }
            16 => {
                <[u8; 16]>::try_from(*bytes).ok().map(|it| std::net::Ipv6Addr::from(it).to_string())
            }
            _ => None,
        },
        _ => None,
    }
}

fn now(time: Time) -> Option<ASN1Time> {
    ASN1Time::from_timestamp(time.known()?.0.div_euclid(1_000_000_000)).ok()
}

#[cfg(test)]
impl Shown {
    /// A certificate for one name, or for none, valid so many days before and after the time of the
    /// tests.
    pub(super) fn made(subject: &str, issuer: &str, name: &str, days: [i64; 2]) -> Self {
        let [not_before, not_after] = days.map(|days| {
            ASN1Time::from_timestamp(1_795_910_400 + days * 86_400).expect("a date of this age")
        });
        Self {
            subject: subject.to_owned(),
            common_name: subject.strip_prefix("CN=").map(str::to_owned),
            issuer: issuer.to_owned(),
            is_its_own: subject == issuer,
            names: if name.is_empty() { Vec::new() } else { vec![name.to_owned()] },
            count: 1,
            not_before,
            not_after,
        }
    }
}
