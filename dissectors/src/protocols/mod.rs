//! One folder for each protocol: the same rooms in every one, so that who has read one finds
//! the parser of any other.
//!
//! `mod.rs` holds the unit struct and its claims, `fields.rs` the fields, `session.rs` the state,
//! `describe.rs` the fields of a message, `tell.rs` its meaning. Small ones fit in one file.

pub mod ah;
pub mod arp;
pub mod cdp;
pub mod chdlc;
pub mod data;
pub mod dns;
pub mod dsa;
pub mod eap;
pub mod eapol;
pub mod erspan;
pub mod esp;
pub mod ethernet;
pub mod fr;
pub mod frame;
pub mod ftp;
pub mod geneve;
pub mod gre;
pub mod gtp;
pub mod http;
pub mod http2;
pub mod icmp;
pub mod icmpv6;
pub mod igmp;
pub mod imap;
pub mod ipnet;
pub mod ipv4;
pub mod ipv6;
pub mod isis;
pub mod juniper;
pub mod l2tp;
pub mod ldap;
pub mod lines;
pub mod llc;
pub mod lldp;
pub mod mark;
pub mod mpls;
pub mod mysql;
pub mod nflog;
pub mod null;
pub mod osi;
pub mod ospf;
pub mod pgsql;
pub mod pim;
pub mod pktap;
pub mod pop;
pub mod ppi;
pub mod ppp;
pub mod pppoe;
pub mod proxy;
pub mod radiotap;
pub mod raw;
pub mod sll;
pub mod smtp;
pub mod socks;
#[cfg(test)]
mod stage;
pub mod stp;
pub mod tcp;
pub mod teredo;
pub mod tls;
pub mod udp;
pub mod udp_echo;
pub mod vlan;
pub mod vrrp;
pub mod vxlan;
pub mod wireguard;
pub mod wlan;
pub mod xmpp;
