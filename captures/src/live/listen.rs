//! Listening for somebody else: what passes an interface goes to a pipe, until the other end asks
//! for an end.
//!
//! A program that shows traffic holds no right to capture it. It starts a small one that does
//! nothing else (`wirestage-capture`), which alone may be given the capability `cap_net_raw`.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nix::ifaddrs::getifaddrs;
use nix::net::if_::InterfaceFlags;

use super::feed::Feed;
use super::record::{Header, Summary, record};
use super::tap::{CaptureError, Tap};

/// The interface that stands for all of them, as libpcap has it.
pub const ANY: &str = "any";

/// Records what passes `interface`, where `filter` (in tcpdump's language) lets it through, into
/// `out`, until `stop` is set.
///
/// # Errors
/// Where the interface cannot be captured, the filter is none, or `out` takes nothing.
pub fn listen(
    interface: &str,
    filter: Option<&str>,
    header: &Header,
    stop: &Arc<AtomicBool>,
    out: impl Write,
) -> Result<Summary, CaptureError> {
    let mut tap = Tap::open(interface, filter)?;
    let (feed, notes) = Feed::new();
    // Nobody tells anything: keys are read by whoever looks at the recording.
    drop(feed);
    record(&mut tap, &notes, stop, header, out)
}

/// The interfaces that are up, loopbacks first and the one that stands for all of them last. To ask
/// takes no right.
#[must_use]
pub fn interfaces() -> Vec<String> {
    let mut found: Vec<(bool, String)> = Vec::new();
    for one in getifaddrs().into_iter().flatten() {
        let is_near = one.flags.contains(InterfaceFlags::IFF_LOOPBACK);
        let entry = (!is_near, one.interface_name);
        if one.flags.contains(InterfaceFlags::IFF_UP) && !found.contains(&entry) {
            found.push(entry);
        }
    }
    found.sort();
    let names = found.into_iter().map(|(_, name)| name);
    names.chain([ANY.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loopback_stands_first_and_each_interface_once() {
        let names = interfaces();
        // A machine whose loopback is down has none to stand first.
        if let Some(at) = names.iter().position(|name| name == "lo") {
            assert_eq!(at, 0, "{names:?}");
        }
        let mut once = names.clone();
        once.dedup();
        assert_eq!((once.len(), names.last().map(String::as_str)), (names.len(), Some(ANY)));
    }
}
