//! What hosts are called: by names that the recording or DNS gives, or by their addresses.

use wirestage_tests::program::run;
use wirestage_tests::root;

const CLIENT: [u8; 4] = [10, 0, 0, 1];
const SERVER: [u8; 4] = [10, 0, 0, 9];
const RESOLVER: [u8; 4] = [10, 0, 0, 53];

/// An IPv4 packet of such a protocol, as a record of a pcap file.
fn packet(file: &mut Vec<u8>, (from, to): ([u8; 4], [u8; 4]), protocol: u8, payload: &[u8]) {
    let len = 20 + payload.len() as u16;
    for word in [1, 0, u32::from(len), u32::from(len)] {
        file.extend(word.to_le_bytes());
    }
    file.extend([0x45, 0]);
    file.extend(len.to_be_bytes());
    file.extend([0, 0, 0, 0, 64, protocol, 0, 0]);
    file.extend([from, to].concat());
    file.extend(payload);
}

/// A datagram of DNS: the question for `www.shop.test`, or the answer to it.
fn lookup(file: &mut Vec<u8>, is_answer: bool) {
    let mut dns = vec![0x12, 0x34, if is_answer { 0x81 } else { 0x01 }, 0x80 * u8::from(is_answer)];
    dns.extend([0, 1, 0, u8::from(is_answer), 0, 0, 0, 0]);
    dns.extend(b"\x03www\x04shop\x04test\0\0\x01\0\x01");
    if is_answer {
        dns.extend([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
        dns.extend(SERVER);
    }
    let ports = if is_answer { [53, 5353] } else { [5353, 53] };
    let mut datagram = ports.map(u16::to_be_bytes).concat();
    datagram.extend((8 + dns.len() as u16).to_be_bytes());
    datagram.extend([0, 0]);
    datagram.extend(dns);
    let ends = if is_answer { (RESOLVER, CLIENT) } else { (CLIENT, RESOLVER) };
    packet(file, ends, 17, &datagram);
}

/// A segment from the client, or from the server.
fn segment(file: &mut Vec<u8>, by_client: bool, (seq, ack, flags): (u32, u32, u8), said: &[u8]) {
    let ports: [u16; 2] = if by_client { [40_000, 80] } else { [80, 40_000] };
    let mut segment = ports.map(u16::to_be_bytes).concat();
    segment.extend([seq, ack].map(u32::to_be_bytes).concat());
    segment.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
    segment.extend(said);
    packet(file, if by_client { (CLIENT, SERVER) } else { (SERVER, CLIENT) }, 6, &segment);
}

#[test]
fn a_host_is_called_by_the_name_that_dns_gave_or_by_its_address() {
    const HEADER: [u8; 24] = [
        0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 101, 0, 0, 0,
    ];
    let mut file = HEADER.to_vec();
    [false, true].into_iter().for_each(|is_answer| lookup(&mut file, is_answer));
    segment(&mut file, true, (100, 0, 0x02), b"");
    segment(&mut file, false, (500, 101, 0x12), b"");
    segment(&mut file, true, (101, 501, 0x18), b"GET / HTTP/1.1\r\nHost: elsewhere.test\r\n\r\n");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("named.pcap");
    std::fs::write(&path, file).unwrap();
    let path = path.to_str().unwrap();

    let connection = ["story", path, "--connection", "2"];
    let story = run(&connection).done();
    // It stands as DNS has it; what the client asks for there is no name of the host.
    assert!(story.text().contains("www.shop.test"), "{}", story.text());
    assert!(!story.text().contains("Www.shop.test"), "{}", story.text());
    let story = run(&[&connection[..], &["--hosts", "addresses"]].concat()).done();
    assert!(!story.text().contains("www.shop.test"), "{}", story.text());
    assert!(story.text().contains("10.0.0.9"), "{}", story.text());
    let shown = run(&["show", path, "--hosts", "names"]).done();
    assert!(shown.text().contains("10.0.0.1 → www.shop.test"), "{}", shown.text());
    let shown = run(&["show", path]).done();
    assert!(!shown.text().contains("→ www.shop.test"), "{}", shown.text());
    for (hosts, is_named) in [("names", true), ("addresses", false)] {
        let rows = run(&["story", path, "--level", "overview", "--hosts", hosts]).done();
        assert_eq!(rows.text().contains("elsewhere.test"), is_named, "{}", rows.text());
    }
}

#[test]
fn names_that_a_recording_bears_are_left_out_where_addresses_are_wanted() {
    let recording = root().join("assets/recordings/http1-keepalive/recording.pcapng");
    let recording = recording.to_str().unwrap();
    let story = run(&["story", recording, "--hosts", "addresses", "--format", "json"]).done();
    let story: serde_json::Value = serde_json::from_str(story.text()).unwrap();
    let cast: Vec<&str> =
        story["cast"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    assert!(cast.iter().all(|name| name.parse::<std::net::IpAddr>().is_ok()), "{cast:?}");
    let shown = run(&["show", recording, "--hosts", "names"]).done();
    assert!(shown.text().contains("Client → Server"), "{}", shown.text());
}
