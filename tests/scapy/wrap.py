"""Puts the packets of a recording behind every link and into every tunnel that Scapy can write.

    wrap.py RECORDING FOLDER

Each way becomes a capture in FOLDER, and a line on standard output: its name, the name of the
capture that it must read like, and the protocols that its first frame must begin with. Scapy fills
in what says what comes next (EtherTypes, protocol numbers, ports, lengths), so that our reading is
held against somebody else's writing.
"""

import logging
import os
import random
import sys

logging.getLogger("scapy").setLevel(logging.ERROR)

from scapy.contrib.chdlc import CHDLC
from scapy.contrib.erspan import ERSPAN_I, ERSPAN_II, ERSPAN_III
from scapy.contrib.geneve import GENEVE
from scapy.contrib.gtp import GTP_U_Header
from scapy.contrib.mpls import MPLS
from scapy.layers.dot11 import Dot11, Dot11QoS, RadioTap
from scapy.layers.inet import IP, TCP, UDP, fragment
from scapy.layers.inet6 import (
    IPv6,
    IPv6ExtHdrDestOpt,
    IPv6ExtHdrFragment,
    IPv6ExtHdrHopByHop,
    fragment6,
)
from scapy.layers.ipsec import AH
from scapy.layers.l2 import (
    GRE,
    LLC,
    SNAP,
    CookedLinux,
    CookedLinuxV2,
    Dot1AD,
    Dot1Q,
    Dot3,
    Ether,
    GRE_PPTP,
    Loopback,
    LoopbackOpenBSD,
)
from scapy.layers.l2tp import L2TP
from scapy.layers.ppi import PPI
from scapy.layers.ppp import HDLC, PPP, PPPoE
from scapy.layers.vxlan import VXLAN
from scapy.packet import Raw
from scapy.utils import PcapWriter, rdpcap

# Numbers of https://www.tcpdump.org/linktypes.html.
ETHERNET, NULL, LOOP, RAW, PPP_LINK = 1, 0, 108, 101, 9
CISCO, WLAN, COOKED, RADIO, PPI_LINK, COOKED_2 = 104, 105, 113, 127, 192, 276


def mac(up):
    """Ethernet between two outer hosts; `up` is whether the client sends."""
    here, there = "02:00:00:00:00:0a", "02:00:00:00:00:0b"
    return Ether(src=here if up else there, dst=there if up else here)


def ip(up, **more):
    """IPv4 between two outer hosts."""
    here, there = "192.0.2.10", "192.0.2.20"
    return IP(src=here if up else there, dst=there if up else here, **more)


def ip6(up, **more):
    """IPv6 between two outer hosts."""
    here, there = "2001:db8::a", "2001:db8::b"
    return IPv6(src=here if up else there, dst=there if up else here, **more)


def udp(port):
    """UDP to the port of a tunnel."""
    return UDP(sport=49152, dport=port)


def air(up, **more):
    """Data of 802.11 on its way to an access point (to DS, 1), or from it (from DS, 2)."""
    client, access, server = "02:00:00:00:00:0a", "02:00:00:00:00:01", "02:00:00:00:00:0b"
    if up:
        return Dot11(type=2, FCfield=1, addr1=access, addr2=client, addr3=server, **more)
    return Dot11(type=2, FCfield=2, addr1=client, addr2=access, addr3=server, **more)


def snap():
    return LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP()


def free(packet):
    """The packet, and everybody may cut it."""
    packet.flags = 0
    return packet


def in_pieces(packets, order):
    """The frames of fragments in an order of their own."""
    return [mac(True) / one for one in order(list(packets))]


def shuffled(pieces):
    random.Random(len(pieces)).shuffle(pieces)
    return pieces


def backwards(pieces):
    return pieces[::-1]


def six(packet):
    """What a packet of IPv4 carries, in one of IPv6 between hosts that stand for the same."""
    host = {"127.0.0.1": "fd00::1", "127.0.0.2": "fd00::2"}
    segment = packet[TCP].copy()
    segment.chksum = None
    return IPv6(src=host[packet.src], dst=host[packet.dst]) / segment


# Name, link type, how the protocols of its frames begin, and what it makes of a packet.
FOURS = [
    ("bare", ETHERNET, "eth:ethertype:ip:tcp", lambda p, up: mac(up) / p),
    ("vlan", ETHERNET, "eth:ethertype:vlan:ethertype:ip", lambda p, up: mac(up) / Dot1Q(vlan=7) / p),
    ("qinq", ETHERNET, "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:ip",
     lambda p, up: mac(up) / Dot1AD(vlan=5) / Dot1Q(vlan=7) / p),
    ("mpls", ETHERNET, "eth:ethertype:mpls:ip",
     lambda p, up: mac(up) / MPLS(label=29, s=0) / MPLS(label=30, s=1) / p),
    ("pppoe", ETHERNET, "eth:ethertype:pppoes:ppp:ip",
     lambda p, up: mac(up) / PPPoE(sessionid=9) / PPP() / p),
    ("llc-snap", ETHERNET, "eth:llc:ip",
     lambda p, up: Dot3(src=mac(up).src, dst=mac(up).dst) / snap() / p),
    ("null", NULL, "null:ip", lambda p, up: Loopback() / p),
    ("loop", LOOP, "null:ip", lambda p, up: LoopbackOpenBSD() / p),
    ("raw", RAW, "raw:ip", lambda p, up: p),
    ("ppp", PPP_LINK, "ppp:ip", lambda p, up: HDLC() / PPP() / p),
    ("chdlc", CISCO, "chdlc:ip", lambda p, up: CHDLC() / p),
    ("cooked", COOKED, "sll:ethertype:ip",
     lambda p, up: CookedLinux(pkttype=4 if up else 0, lladdrtype=772, lladdrlen=6) / p),
    ("cooked-2", COOKED_2, "sll:ethertype:ip",
     lambda p, up: CookedLinuxV2(ifindex=3, lladdrtype=1, pkttype=4 if up else 0, lladdrlen=6) / p),
    ("wlan", WLAN, "wlan:llc:ip", lambda p, up: air(up) / snap() / p),
    ("radiotap", RADIO, "radiotap:wlan:llc:ip",
     lambda p, up: RadioTap(present="Rate", Rate=12) / air(up) / snap() / p),
    ("radiotap-qos", RADIO, "radiotap:wlan:llc:ip",
     lambda p, up: RadioTap() / air(up, subtype=8) / Dot11QoS(TID=5) / snap() / p),
    ("ppi", PPI_LINK, "ppi:eth:ethertype:ip", lambda p, up: PPI(dlt=ETHERNET) / mac(up) / p),
    ("ipip", ETHERNET, "eth:ethertype:ip:ip", lambda p, up: mac(up) / ip(up) / p),
    ("4in6", ETHERNET, "eth:ethertype:ipv6:ip", lambda p, up: mac(up) / ip6(up) / p),
    ("4in6-options", ETHERNET, "eth:ethertype:ipv6:ip",
     lambda p, up: mac(up) / ip6(up) / IPv6ExtHdrHopByHop() / IPv6ExtHdrDestOpt() / p),
    ("gre", ETHERNET, "eth:ethertype:ip:gre:ip", lambda p, up: mac(up) / ip(up) / GRE() / p),
    ("gre-key", ETHERNET, "eth:ethertype:ip:gre:ip",
     lambda p, up: mac(up) / ip(up)
     / GRE(key_present=1, key=42, seqnum_present=1, seqence_number=7, chksum_present=1) / p),
    ("gre-ethernet", ETHERNET, "eth:ethertype:ip:gre:eth:ethertype:ip",
     lambda p, up: mac(up) / ip(up) / GRE(proto=0x6558) / mac(up) / p),
    ("gre-mpls", ETHERNET, "eth:ethertype:ip:gre:mpls:ip",
     lambda p, up: mac(up) / ip(up) / GRE(proto=0x8847) / MPLS(label=30, s=1) / p),
    ("gre-over-6", ETHERNET, "eth:ethertype:ipv6:gre:ip",
     lambda p, up: mac(up) / ip6(up) / GRE() / p),
    ("pptp", ETHERNET, "eth:ethertype:ip:gre:ppp:ip",
     lambda p, up: mac(up) / ip(up)
     / GRE_PPTP(seqnum_present=1, seqence_number=3, call_id=9, payload_len=len(p) + 4)
     / HDLC() / PPP() / p),
    ("erspan-1", ETHERNET, "eth:ethertype:ip:gre:eth:ethertype:ip",
     lambda p, up: mac(up) / ip(up) / GRE(proto=0x88BE) / ERSPAN_I() / mac(up) / p),
    ("erspan-2", ETHERNET, "eth:ethertype:ip:gre:erspan:eth:ethertype:ip",
     lambda p, up: mac(up) / ip(up) / GRE(proto=0x88BE, seqnum_present=1, seqence_number=1)
     / ERSPAN_II(session_id=5) / mac(up) / p),
    ("erspan-3", ETHERNET, "eth:ethertype:ip:gre:erspan:eth:ethertype:ip",
     lambda p, up: mac(up) / ip(up) / GRE(proto=0x22EB, seqnum_present=1, seqence_number=1)
     / ERSPAN_III(session_id=5) / mac(up) / p),
    ("vxlan", ETHERNET, "eth:ethertype:ip:udp:vxlan:eth:ethertype:ip",
     lambda p, up: mac(up) / ip(up) / udp(4789) / VXLAN(vni=42) / mac(up) / p),
    ("vxlan-over-6", ETHERNET, "eth:ethertype:ipv6:udp:vxlan:eth:ethertype:vlan:ethertype:ip",
     lambda p, up: mac(up) / ip6(up) / udp(4789) / VXLAN(vni=42) / mac(up) / Dot1Q(vlan=7) / p),
    ("geneve", ETHERNET, "eth:ethertype:ip:udp:geneve:eth:ethertype:ip",
     lambda p, up: mac(up) / ip(up) / udp(6081) / GENEVE(vni=42) / mac(up) / p),
    ("geneve-ip", ETHERNET, "eth:ethertype:ip:udp:geneve:ip",
     lambda p, up: mac(up) / ip(up) / udp(6081) / GENEVE(vni=42, proto=0x0800) / p),
    ("gtp", ETHERNET, "eth:ethertype:ip:udp:gtp:ip",
     lambda p, up: mac(up) / ip(up) / udp(2152) / GTP_U_Header(teid=9) / p),
    ("gtp-numbered", ETHERNET, "eth:ethertype:ip:udp:gtp:ip",
     lambda p, up: mac(up) / ip(up) / udp(2152) / GTP_U_Header(teid=9, S=1, seq=5) / p),
    ("l2tp", ETHERNET, "eth:ethertype:ip:udp:l2tp:ppp:ip",
     lambda p, up: mac(up) / ip(up) / udp(1701)
     / L2TP(hdr="length", tunnel_id=7, session_id=8) / HDLC() / PPP() / p),
    ("ah", ETHERNET, "eth:ethertype:ip:ah:tcp",
     lambda p, up: mac(up) / IP(src=p.src, dst=p.dst)
     / AH(nh=6, payloadlen=4, spi=256, seq=9, icv=b"\xab" * 12) / Raw(raw(p[TCP]))),
    ("ah-tunnel", ETHERNET, "eth:ethertype:ip:ah:ip",
     lambda p, up: mac(up) / ip(up)
     / AH(nh=4, payloadlen=4, spi=256, seq=9, icv=b"\xab" * 12) / p),
    ("vxlan-in-gre", ETHERNET, "eth:ethertype:ip:gre:ip:udp:vxlan:eth:ethertype:ip",
     lambda p, up: mac(up) / ip(up) / GRE() / ip(up) / udp(4789) / VXLAN(vni=42) / mac(up) / p),
    ("fragments", ETHERNET, "eth:ethertype:ip",
     lambda p, up: in_pieces(fragment(free(p), 48), list)),
    ("fragments-backwards", ETHERNET, "eth:ethertype:ip",
     lambda p, up: in_pieces(fragment(free(p), 48), backwards)),
    ("fragments-shuffled", ETHERNET, "eth:ethertype:ip",
     lambda p, up: in_pieces(fragment(free(p), 24), shuffled)),
    ("fragments-of-vxlan", ETHERNET, "eth:ethertype:ip",
     lambda p, up: in_pieces(
         fragment(ip(up, id=p.id ^ len(p)) / udp(4789) / VXLAN(vni=42) / mac(up) / p, 64), list)),
]

SIXES = [
    ("bare-6", ETHERNET, "eth:ethertype:ipv6:tcp", lambda p, up: mac(up) / p),
    ("6in4", ETHERNET, "eth:ethertype:ip:ipv6:tcp", lambda p, up: mac(up) / ip(up) / p),
    ("6in6", ETHERNET, "eth:ethertype:ipv6:ipv6:tcp", lambda p, up: mac(up) / ip6(up) / p),
    ("teredo", ETHERNET, "eth:ethertype:ip:udp:teredo:ipv6:tcp",
     lambda p, up: mac(up) / ip(up) / udp(3544) / p),
    ("null-6", NULL, "null:ipv6:tcp", lambda p, up: Loopback(type=30) / p),
    ("pppoe-6", ETHERNET, "eth:ethertype:pppoes:ppp:ipv6",
     lambda p, up: mac(up) / PPPoE(sessionid=9) / PPP() / p),
    ("gtp-6", ETHERNET, "eth:ethertype:ip:udp:gtp:ipv6",
     lambda p, up: mac(up) / ip(up) / udp(2152) / GTP_U_Header(teid=9) / p),
    ("gre-6", ETHERNET, "eth:ethertype:ip:gre:ipv6", lambda p, up: mac(up) / ip(up) / GRE() / p),
    ("fragments-6", ETHERNET, "eth:ethertype:ipv6", lambda p, up: in_pieces(cut(p), list)),
    ("fragments-6-backwards", ETHERNET, "eth:ethertype:ipv6",
     lambda p, up: in_pieces(cut(p), backwards)),
]


def cut(packet):
    """The fragments of a packet of IPv6; 1280 bytes is the least that Scapy would cut at."""
    payload = packet.payload.copy()
    name = random.Random(raw(packet)).getrandbits(32)
    whole = IPv6(src=packet.src, dst=packet.dst) / IPv6ExtHdrFragment(id=name) / payload
    return fragment6(whole, 1280) if len(payload) > 1280 else small(packet, name)


def small(packet, name):
    """Pieces of 64 bytes: fewer than a host would cut, and still right."""
    data, next_header = raw(packet.payload), packet.nh
    pieces = []
    for at in range(0, len(data), 64):
        more = at + 64 < len(data)
        head = IPv6ExtHdrFragment(nh=next_header, offset=at // 8, m=int(more), id=name)
        pieces.append(IPv6(src=packet.src, dst=packet.dst) / head / Raw(data[at : at + 64]))
    return pieces


def raw(packet):
    return bytes(packet)


def main(recording, folder):
    packets = [packet for packet in rdpcap(recording) if IP in packet]
    client = packets[0][IP].src
    for ways, change in [(FOURS, lambda packet: packet), (SIXES, six)]:
        for name, link, protocols, wrap in ways:
            path = os.path.join(folder, name + ".pcap")
            with PcapWriter(path, linktype=link, nano=True) as out:
                for packet in packets:
                    made = wrap(change(packet[IP].copy()), packet[IP].src == client)
                    for frame in made if isinstance(made, list) else [made]:
                        frame.time = packet.time
                        out.write(frame)
            print(name, ways[0][0], protocols)


if __name__ == "__main__":
    main(*sys.argv[1:])
