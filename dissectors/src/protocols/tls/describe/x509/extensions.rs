//! Describes what a certificate says beside name, key and time (RFC 5280, section 4.2), and who has
//! logged it (RFC 6962, section 3.3).

use x509_parser::extensions::SignedCertificateTimestamp;
use x509_parser::extensions::{
    DistributionPointName, GeneralName, GeneralSubtree, ParsedExtension, X509Extension,
};
use x509_parser::objects::{oid_registry, oid2sn};

use super::Told;
use crate::field::{FieldId, Value};
use crate::protocols::ber;
use crate::protocols::tls::fields;
use crate::span::Span;

/// What a key may be used for, by the bits of the first byte and of the second (RFC 5280, section
/// 4.2.1.3).
const USES: [(FieldId, usize); 9] = [
    (fields::USE_SIGNATURE, 0),
    (fields::USE_COMMITMENT, 0),
    (fields::USE_KEY_SEALING, 0),
    (fields::USE_DATA_SEALING, 0),
    (fields::USE_AGREEMENT, 0),
    (fields::USE_CERTIFICATES, 0),
    (fields::USE_REVOCATION, 0),
    (fields::USE_SEALING_ONLY, 0),
    (fields::USE_OPENING_ONLY, 1),
];

/// The tag of an object identifier.
const OID: u8 = 6;

impl Told<'_, '_> {
    /// One extension: what it is, whether it must be understood, and what it says.
    pub(super) fn extension(&mut self, extension: &X509Extension<'_>) {
        let name = oid2sn(&extension.oid, oid_registry()).unwrap_or("unknown");
        let place = self.find(extension.value);
        self.sink.open(fields::X509_EXTENSION, Value::Text(name), place);
        self.oid(fields::EXTENSION_ID, &extension.oid);
        if extension.critical {
            self.sink.field(fields::CRITICAL, Value::Bool(true), Span::NONE);
        }
        self.content(extension, place);
        self.sink.close();
    }

    fn content(&mut self, extension: &X509Extension<'_>, place: Span) {
        match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => self.names(&names.general_names),
            ParsedExtension::IssuerAlternativeName(names) => self.names(&names.general_names),
            ParsedExtension::BasicConstraints(limits) => {
                // It is left out where it is false.
                if limits.ca {
                    self.sink.field(fields::IS_AUTHORITY, Value::Bool(true), Span::NONE);
                }
                if let Some(len) = limits.path_len_constraint {
                    self.sink.field(fields::PATH_LEN, Value::Unsigned(len.into()), Span::NONE);
                }
            }
            ParsedExtension::KeyUsage(_) => self.uses(extension.value, place),
            ParsedExtension::ExtendedKeyUsage(_) => self.purposes(extension.value, place),
            ParsedExtension::SubjectKeyIdentifier(id) => self.bytes(fields::SUBJECT_KEY, id.0),
            ParsedExtension::AuthorityKeyIdentifier(of) => {
                if let Some(id) = &of.key_identifier {
                    self.bytes(fields::AUTHORITY_KEY, id.0);
                }
                self.names(of.authority_cert_issuer.as_deref().unwrap_or_default());
                if let Some(serial) = of.authority_cert_serial {
                    self.bytes(fields::AUTHORITY_SERIAL, serial);
                }
            }
            ParsedExtension::NameConstraints(limits) => {
                self.subtrees(fields::PERMITTED, limits.permitted_subtrees.as_deref());
                self.subtrees(fields::EXCLUDED, limits.excluded_subtrees.as_deref());
            }
            ParsedExtension::CertificatePolicies(policies) => {
                policies.iter().for_each(|policy| self.oid(fields::POLICY, &policy.policy_id));
            }
            ParsedExtension::CRLDistributionPoints(lists) => {
                for point in &lists.points {
                    if let Some(DistributionPointName::FullName(names)) = &point.distribution_point
                    {
                        self.names(names);
                    }
                }
            }
            ParsedExtension::AuthorityInfoAccess(ways) => {
                for way in &ways.accessdescs {
                    self.oid(fields::ACCESS_METHOD, &way.access_method);
                    self.general_name(&way.access_location);
                }
            }
            ParsedExtension::SCT(stamps) => stamps.iter().for_each(|stamp| self.stamp(stamp)),
            _ => {}
        }
    }

    /// A string of bits, in one byte or two behind the number of those that count for nothing.
    fn uses(&mut self, value: &[u8], place: Span) {
        let Ok((_, content)) = ber::element(value, 0) else { return };
        for (field, byte) in USES {
            let at = content.start + 1 + byte;
            // Bytes at the end that would be zero are left out.
            let bits = value.get(at).filter(|_| at < content.end).copied();
            let is_set = u64::from(bits.unwrap_or_default()) & field.def().mask != 0;
            let place = if bits.is_some() { place.part(at, 1) } else { Span::NONE };
            self.sink.field(field, Value::Bool(is_set), place);
        }
    }

    /// What whose key it is may do with it, in their order (RFC 5280, section 4.2.1.12).
    fn purposes(&mut self, value: &[u8], place: Span) {
        let Ok((_, all)) = ber::element(value, 0) else { return };
        let mut at = all.start;
        while let Ok((OID, content)) = ber::element(value, at) {
            let Some(bytes) = value.get(content.clone()) else { return };
            let oid = x509_parser::der_parser::oid::Oid::new(bytes.into());
            let place = place.part(content.start, content.len());
            self.sink.field(fields::PURPOSE, Value::Text(&oid.to_id_string()), place);
            at = content.end;
        }
    }

    fn names(&mut self, names: &[GeneralName<'_>]) {
        names.iter().for_each(|name| self.general_name(name));
    }

    /// Below which names it may vouch for others, or may not (RFC 5280, section 4.2.1.10).
    fn subtrees(&mut self, heading: FieldId, subtrees: Option<&[GeneralSubtree<'_>]>) {
        let Some(subtrees) = subtrees else { return };
        self.sink.open(heading, Value::None, Span::NONE);
        subtrees.iter().for_each(|subtree| self.general_name(&subtree.base));
        self.sink.close();
    }

    fn general_name(&mut self, name: &GeneralName<'_>) {
        match name {
            GeneralName::DNSName(name) => self.text(fields::X509_DNS, name),
            GeneralName::RFC822Name(name) => self.text(fields::X509_MAIL, name),
            GeneralName::URI(name) => self.text(fields::X509_URI, name),
            GeneralName::DirectoryName(name) => self.name(fields::X509_DIRECTORY, name),
            GeneralName::RegisteredID(oid) => self.oid(fields::X509_REGISTERED, oid),
            GeneralName::IPAddress(address) if address.len() == 4 => {
                self.bytes(fields::X509_IPV4, address);
            }
            GeneralName::IPAddress(address) if address.len() == 16 => {
                self.bytes(fields::X509_IPV6, address);
            }
            GeneralName::IPAddress(network) => self.bytes(fields::X509_NETWORK, network),
            _ => {}
        }
    }

    fn text(&mut self, field: FieldId, text: &str) {
        let place = self.find(text.as_bytes());
        self.sink.field(field, Value::Text(text), place);
    }

    /// The word of a log that it has seen the certificate.
    fn stamp(&mut self, stamp: &SignedCertificateTimestamp<'_>) {
        const NANOS: u64 = 1_000_000;
        let version = Value::Unsigned(stamp.version.0.into());
        self.sink.field(fields::SCT_VERSION, version, Span::NONE);
        self.bytes(fields::SCT_LOG, stamp.id.key_id);
        let time = Value::Unsigned(stamp.timestamp.saturating_mul(NANOS));
        self.sink.field(fields::SCT_TIME, time, Span::NONE);
        self.bytes(fields::SCT_SIGNATURE, stamp.signature.data);
    }
}
