//! tlslite-ng with itself: SSL 3.0, RC4 and 3DES, which nobody else speaks any more.

use std::path::Path;
use std::process::{Command, Stdio};

use wirestage_dissectors::ids::Direction;

use super::{openssl, said, says_version};
use crate::skip::skip;
use crate::vector::parse;

const TEST: &str = "what_tlslite_says_opens";

#[test]
fn what_tlslite_says_opens() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let python = root.join("target/scapy/bin/python");
    let knows = Command::new(&python)
        .args(["-c", "import tlslite"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !knows {
        return skip(TEST, "tlslite-ng is not in target/scapy; make setup-peers puts it there");
    }
    if !says_version("openssl", "version") {
        return skip(TEST, "openssl is missing");
    }
    let folder = openssl::folder("tlslite");
    let played = Command::new(python)
        .arg(root.join("tests/tlslite/play.py"))
        .args(["rsa.pem", "rsa.key"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&played.stderr);
    assert!(played.status.success(), "{complaint}");
    let vectors = parse(String::from_utf8(played.stdout).unwrap().leak());
    for version in ["SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2"] {
        assert_eq!(vectors.iter().filter(|one| one.name.starts_with(version)).count(), 5);
    }
    for vector in vectors {
        let of = |who: Direction| {
            let own = vector.data.iter().filter(|(from, _)| *from == who);
            String::from_utf8(own.flat_map(|(_, bytes)| bytes.clone()).collect()).unwrap()
        };
        let expected = (of(Direction::Forward), of(Direction::Backward), 0);
        assert_eq!(said(&vector.sent, &vector.secrets), expected, "{}", vector.name);
    }
}
