//! Holds fields of QUIC, of HTTP/3 and of the TLS inside against what tshark 4.6 says of the
//! samples: few machines have a tshark that reads HTTP/3's header fields.

use crate::newer::{Set, samples_that};

#[test]
fn fields_are_what_tshark_4_6_says() {
    let set = Set {
        folder: "quic",
        recordings: samples_that(|name| name.starts_with("quic-") || name.starts_with("http3-")),
        unlike: &[(
            "quic-retry",
            &[3, 4],
            "it leaves the fixed bit of a Retry out, and shows no ClientHello behind one",
        )],
        fewest: 120,
        fewest_with_two: 75,
    };
    set.hold("fields_are_what_tshark_4_6_says");
}
