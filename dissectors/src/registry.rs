//! The one list of protocols. Adding one is a folder in `protocols/` and its line here.

use std::sync::LazyLock;

use crate::finding::Registry;
use crate::protocol::Protocol;
use crate::protocols;

/// Every protocol. Probing goes in this order; the last one takes what no other knows.
pub static REGISTRY: &[&dyn Protocol] = &[
    &protocols::frame::Frame,
    &protocols::mark::Mark,
    &protocols::ethernet::Ethernet,
    &protocols::vlan::Vlan,
    &protocols::llc::Llc,
    &protocols::raw::Raw,
    &protocols::null::Null,
    &protocols::sll::Sll,
    &protocols::ppp::Ppp,
    &protocols::ppp::lcp::Lcp,
    &protocols::ppp::ncp::ipcp::Ipcp,
    &protocols::ppp::ncp::ipv6cp::Ipv6cp,
    &protocols::ppp::ncp::ccp::Ccp,
    &protocols::ppp::authentication::pap::Pap,
    &protocols::ppp::authentication::chap::Chap,
    &protocols::chdlc::Chdlc,
    &protocols::mpls::Mpls,
    &protocols::pppoe::Pppoed,
    &protocols::pppoe::Pppoes,
    &protocols::fr::Fr,
    &protocols::arcnet::Arcnet,
    &protocols::etag::Etag,
    &protocols::vntag::Vntag,
    &protocols::cmd::Cmd,
    &protocols::macsec::Macsec,
    &protocols::pbb::Pbb,
    &protocols::cfp::Cfp,
    &protocols::radiotap::Radiotap,
    &protocols::wlan::Wlan,
    &protocols::wlan::aggregate::Aggregate,
    &protocols::ppi::Ppi,
    &protocols::nflog::Nflog,
    &protocols::ipnet::Ipnet,
    &protocols::pktap::Pktap,
    &protocols::juniper::Juniper,
    &protocols::dsa::Dsa,
    &protocols::usb::Usb,
    &protocols::usb::rndis::Rndis,
    &protocols::usb::ncm::Ncm,
    &protocols::stp::Stp,
    &protocols::lldp::Lldp,
    &protocols::cdp::Cdp,
    &protocols::slow::Slow,
    &protocols::slow::lacp::Lacp,
    &protocols::eapol::Eapol,
    &protocols::eap::Eap,
    &protocols::osi::Osi,
    &protocols::isis::Isis,
    &protocols::arp::Arp,
    &protocols::ipv4::Ipv4,
    &protocols::ipv6::Ipv6,
    &protocols::ah::Ah,
    &protocols::ipcomp::Ipcomp,
    &protocols::esp::Esp,
    &protocols::esp::in_udp::UdpEncap,
    &protocols::gre::Gre,
    &protocols::erspan::Erspan,
    &protocols::vxlan::Vxlan,
    &protocols::geneve::Geneve,
    &protocols::gtp::Gtp,
    &protocols::gtp::prime::GtpPrime,
    &protocols::l2tp::L2tp,
    &protocols::teredo::Teredo,
    &protocols::ayiya::Ayiya,
    &protocols::icmp::Icmp,
    &protocols::icmpv6::Icmpv6,
    &protocols::nhrp::Nhrp,
    &protocols::igmp::Igmp,
    &protocols::pim::Pim,
    &protocols::vrrp::Vrrp,
    &protocols::ospf::Ospf,
    &protocols::eigrp::Eigrp,
    &protocols::sctp::Sctp,
    &protocols::dccp::Dccp,
    &protocols::tcp::Tcp,
    &protocols::udp::Udp,
    &protocols::udp_echo::UdpEcho,
    &protocols::wireguard::WireGuard,
    &protocols::isakmp::Isakmp,
    &protocols::tls::Tls,
    &protocols::http::Http,
    &protocols::http2::Http2,
    &protocols::nbns::Nbns,
    &protocols::nbns::datagram::Nbdgm,
    &protocols::dns::Dns,
    &protocols::dns::Mdns,
    &protocols::dns::Llmnr,
    &protocols::dhcp::Dhcp,
    &protocols::dhcpv6::Dhcpv6,
    &protocols::ntp::Ntp,
    &protocols::snmp::Snmp,
    &protocols::radius::Radius,
    &protocols::tftp::Tftp,
    &protocols::syslog::Syslog,
    &protocols::ssdp::Ssdp,
    &protocols::hsrp::Hsrp,
    &protocols::rip::Rip,
    &protocols::proxy::Proxy,
    &protocols::socks::Socks,
    &protocols::pgsql::Pgsql,
    &protocols::mysql::Mysql,
    &protocols::ldap::Ldap,
    &protocols::ldap::Cldap,
    &protocols::xmpp::Xmpp,
    &protocols::smtp::Smtp,
    &protocols::ftp::Ftp,
    &protocols::imap::Imap,
    &protocols::pop::Pop,
    &protocols::nbss::Nbss,
    &protocols::smb::Smb,
    &protocols::smb2::Smb2,
    &protocols::rpc::Rpc,
    &protocols::rpc::inside::nfs::Nfs,
    &protocols::rpc::inside::mount::Mount,
    &protocols::rpc::inside::portmap::Portmap,
    &protocols::ssh::Ssh,
    &protocols::sip::Sip,
    &protocols::sdp::Sdp,
    &protocols::telnet::Telnet,
    &protocols::data::Data,
];

/// All of them, ready to be found.
#[must_use]
pub fn standard() -> &'static Registry {
    static STANDARD: LazyLock<Registry> = LazyLock::new(|| Registry::new(REGISTRY));
    &STANDARD
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_protocol_is_found_under_its_own_number() {
        for protocol in REGISTRY {
            assert_eq!(standard().get(protocol.id()).name(), protocol.name());
        }
    }
}
