//! A certificate that OpenSSL makes while the test runs, with all that one may say: each value
//! comes out as it was asked for, under Wireshark's name, and lies where it says.

use std::fmt::Arguments;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use wirestage_dissectors::field::{FieldId, Value};
use wirestage_dissectors::ids::Direction;
use wirestage_dissectors::protocols::tls::fields as tls;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::sink::{Severity, Sink};
use wirestage_dissectors::span::Span;

use super::{Folder, says_version};
use crate::feed::read;
use crate::skip::skip;
use crate::spans::Checked;

const TEST: &str = "all_that_a_certificate_says_comes_out";

/// What is asked for. The word of a log is in bytes: OpenSSL has no name for what goes into one.
const ASKED: &str = "
[req]
distinguished_name = names
x509_extensions = said
prompt = no
string_mask = utf8only
[names]
C = NL
O = Wirestage
CN = server.wirestage.test
emailAddress = who@wirestage.test
[said]
basicConstraints = critical, CA:TRUE, pathlen:3
keyUsage = critical, digitalSignature, keyCertSign, decipherOnly
extendedKeyUsage = serverAuth, clientAuth, 1.2.3.4.5
subjectKeyIdentifier = 0102030405
subjectAltName = DNS:a.test, DNS:*.b.test, IP:10.1.2.3, IP:2001:db8::1, email:x@y.test, URI:http://u.test/
nameConstraints = permitted;DNS:.test, excluded;IP:10.0.0.0/255.0.0.0
certificatePolicies = 1.2.3.4
crlDistributionPoints = URI:http://lists.test/all
authorityInfoAccess = OCSP;URI:http://status.test/, caIssuers;URI:http://ca.test/
1.3.6.1.4.1.11129.2.4.2 = ASN1:FORMAT:HEX,OCT:STAMPS
";

/// A list of one word of a log: version 0, log 7…, 1.5 s after 1970, no extensions, a signature.
fn stamps() -> String {
    let stamp = format!("00{}00000000000005dc000004030003aabbcc", "07".repeat(32));
    format!("{:04x}{:04x}{stamp}", stamp.len() / 2 + 2, stamp.len() / 2)
}

/// A certificate in DER.
fn made(folder: &Path) -> Vec<u8> {
    fs::write(folder.join("asked.cnf"), ASKED.replace("STAMPS", &stamps())).unwrap();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
        .args(["-config", "asked.cnf", "-keyout", "key", "-outform", "DER", "-out", "made"])
        .current_dir(folder)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    fs::read(folder.join("made")).unwrap()
}

/// Every value below a certificate, as `name=value`.
#[derive(Default)]
struct Said(Vec<String>);

impl Sink for Said {
    fn field(&mut self, field: FieldId, value: Value<'_>, _span: Span) {
        let text = match value {
            Value::Text(text) => text.to_owned(),
            Value::Bool(flag) => flag.to_string(),
            Value::Unsigned(number) => number.to_string(),
            Value::Bytes(bytes) if bytes.len() <= 32 => {
                bytes.iter().map(|byte| format!("{byte:02x}")).collect()
            }
            _ => return,
        };
        self.0.push(format!("{}={text}", field.def().name));
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.field(field, value, span);
    }

    fn close(&mut self) {}

    fn note(&mut self, _severity: Severity, _span: Span, text: Arguments<'_>) {
        self.0.push(format!("note: {text}"));
    }
}

#[test]
fn all_that_a_certificate_says_comes_out() {
    if !says_version("openssl", "version") {
        return skip(TEST, "openssl is missing");
    }
    let folder = Folder::new("certificate");
    let certificate = made(folder.path());
    let counted = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes()[1..], bytes].concat();
    let message = [&[11][..], &counted(&counted(&counted(&certificate)))].concat();
    let record = [&[22, 3, 3][..], &(message.len() as u16).to_be_bytes(), &message].concat();
    let read = read(&[(Direction::Backward, record)], &Secrets::default());
    assert_eq!(Checked::all(&read).notes, [""; 0]);
    let mut said = Said::default();
    for message in read.messages(tls::PROTOCOL_ID) {
        standard().get(tls::PROTOCOL_ID).describe(message, &read.view(), &mut said);
    }
    let missing: Vec<&str> =
        EXPECTED.iter().copied().filter(|one| !said.0.iter().any(|known| known == one)).collect();
    assert_eq!(missing, [""; 0], "{:#?}", said.0);
    assert!(!said.0.iter().any(|one| one.starts_with("note")), "{:#?}", said.0);
}

const EXPECTED: &[&str] = &[
    "x509if.oid=2.5.4.6",
    "x509sat.CountryName=NL",
    "x509sat.uTF8String=Wirestage",
    "x509sat.IA5String=who@wirestage.test",
    "x509af.algorithm.id=1.2.840.10045.4.3.2",
    "x509af.extension.id=2.5.29.19",
    "x509af.critical=true",
    "x509ce.cA=true",
    "x509ce.pathLenConstraint=3",
    "x509ce.KeyUsage.digitalSignature=true",
    "x509ce.KeyUsage.contentCommitment=false",
    "x509ce.KeyUsage.keyEncipherment=false",
    "x509ce.KeyUsage.keyCertSign=true",
    "x509ce.KeyUsage.decipherOnly=true",
    "x509ce.KeyPurposeId=1.3.6.1.5.5.7.3.1",
    "x509ce.KeyPurposeId=1.3.6.1.5.5.7.3.2",
    "x509ce.KeyPurposeId=1.2.3.4.5",
    "x509ce.SubjectKeyIdentifier=0102030405",
    "x509ce.dNSName=a.test",
    "x509ce.dNSName=*.b.test",
    "x509ce.IPAddress.ipv4=0a010203",
    "x509ce.rfc822Name=x@y.test",
    "x509ce.uniformResourceIdentifier=http://u.test/",
    "x509ce.dNSName=.test",
    "tls.certificate.network=0a000000ff000000",
    "x509ce.policyIdentifier=1.2.3.4",
    "x509ce.uniformResourceIdentifier=http://lists.test/all",
    "pkix1implicit.accessMethod=1.3.6.1.5.5.7.48.1",
    "x509ce.uniformResourceIdentifier=http://status.test/",
    "pkix1implicit.accessMethod=1.3.6.1.5.5.7.48.2",
    "x509ce.uniformResourceIdentifier=http://ca.test/",
    "tls.sct.sct_version=0",
    "tls.sct.sct_logid=0707070707070707070707070707070707070707070707070707070707070707",
    "tls.sct.sct_timestamp=1500000000",
    "tls.sct.sct_signature=aabbcc",
];
