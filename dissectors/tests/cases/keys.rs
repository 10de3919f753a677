//! Keys that arrive one after the other, in any order, while somebody looks.

use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::secret::Secrets;

use crate::input::{frames, keys, text};
use crate::reading::Reading;

/// Each line in each place before the others, from either end.
fn orders<'l>(lines: &[&'l str]) -> Vec<Vec<&'l str>> {
    let mut orders = Vec::new();
    for turn in 0..lines.len() {
        let mut order = lines.to_vec();
        order.rotate_left(turn);
        orders.push(order.clone());
        order.reverse();
        orders.push(order);
    }
    orders
}

#[test]
fn keys_open_the_same_in_whatever_order_they_arrive() {
    for name in ["h2-over-tls", "proxy-v1-tls"] {
        let (capture, log) = (format!("{name}.pcap"), format!("{name}.keys"));
        let reading = Reading::new(frames(&capture), keys(&log));
        let expected: Vec<String> =
            (1..=reading.frames.count()).map(|number| reading.tree(number as usize)).collect();
        let log = text(&log);
        let lines: Vec<&str> = log.lines().filter(|line| !line.trim().is_empty()).collect();
        assert!(lines.len() >= 4, "{name}: {lines:?}");
        for order in orders(&lines) {
            assert_eq!(reading.with_keys_in_turn(&order), expected, "{name}: {order:#?}");
        }
        let closed = Reading::new(frames(&capture), Secrets::default());
        assert_ne!(closed.with_keys_in_turn(&[]), expected, "{name}: keys open something");
    }
}
