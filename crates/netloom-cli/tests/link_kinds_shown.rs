//! What kinds of links say of links and ports, beside what iproute2 shows of the same links.

mod support;

use support::answers::{assert_same, assert_same_but};

const PAIRS: [&str; 2] = ["ip link add v0 type veth peer name v1", "ip link add v2 type veth peer name v3"];

/// The commands that make two pairs, then these.
fn with_pairs(commands: &[&'static str]) -> Vec<&'static str> {
    PAIRS.into_iter().chain(commands.iter().copied()).collect()
}

#[test]
fn bridges_and_their_ports() {
    assert_same(
        &with_pairs(&[
            "ip link add br0 type bridge stp_state 1 vlan_filtering 1 vlan_protocol 802.1ad group_fwd_mask 0x4008 \
             mcast_querier 1 mcast_stats_enabled 1 mcast_igmp_version 3 vlan_stats_enabled 1 group_address 01:80:c2:00:00:05",
            "ip link add br1 type bridge",
            "ip link set v0 master br0 up",
            "ip link set v1 up",
            "ip link set v2 master br0",
            "ip link set br0 up",
            "ip link set v0 type bridge_slave group_fwd_mask 0x400c isolated on learning off cost 77 priority 5",
            "optional bridge backup_port: ip link set v0 type bridge_slave backup_port v2",
        ]),
        &["-d link show", "-d link show type bridge_slave", "-d link show dev br0", "-N -d link show"],
    );
}

#[test]
fn bonds_and_their_ports() {
    assert_same(
        &with_pairs(&[
            "ip link add bo0 type bond mode 802.3ad miimon 100 lacp_rate fast ad_user_port_key 5 xmit_hash_policy layer3+4",
            "ip link set v0 master bo0",
            "ip link set v1 up",
            "ip link set bo0 up",
            "ip link add bo1 type bond mode active-backup arp_interval 100 arp_ip_target 10.0.0.1,10.0.0.2 \
             ns_ip6_target 2001:db8::1 arp_validate filter_active fail_over_mac follow primary v2",
            "ip link set v2 master bo1",
            "ip link set v2 type bond_slave queue_id 3 prio -7",
            "sleep 1",
        ]),
        &["-d link show type bond", "-d link show type bond_slave"],
    );
}

#[test]
fn vxlans() {
    // iproute2 6.1 says `true` where later versions only say that the key is there, and has another order.
    let older = ["gbp", "id", "tos", "ttl"];
    assert_same_but(
        &with_pairs(&[
            "ip link add vx0 type vxlan id 42 dstport 4789 local 10.0.0.1 remote 10.0.0.2 ttl inherit tos inherit df inherit gbp",
            "ip link add vx1 type vxlan id 43 dstport 4790 dev v1 group 239.1.1.1 srcport 1000 2000 proxy rsc l2miss l3miss \
             ageing 5 maxaddress 5 noudpcsum udp6zerocsumtx ttl 5 tos 0x10 remcsumtx",
            "ip link add vx2 type vxlan id 44 dstport 4791 local 2001:db8::1 remote 2001:db8::2 flowlabel 0x1234 nolearning",
            "ip link add vx3 type vxlan external dstport 4793 vnifilter",
            "ip link add vx4 type vxlan id 45 dstport 4794 dev v1 group ff05::100",
        ]),
        &["-d link show type vxlan", "-d link show dev vx1"],
        |version, path| version == "6.1" && older.contains(&path.rsplit('.').next().unwrap_or_default()),
    );
}

#[test]
fn links_over_links() {
    assert_same(
        &with_pairs(&[
            "ip link add i0 type ifb",
            "ip link add mv0 link v0 type macvlan mode source macaddr add 02:00:00:00:00:99",
            "ip link set mv0 type macvlan macaddr add 02:00:00:00:00:98",
            "ip link add mv1 link v1 type macvlan mode private bcqueuelen 500",
            "ip link add mv2 link i0 type macvlan mode passthru nopromisc",
            "ip link add mt0 link v1 type macvtap mode vepa",
        ]),
        &["-d link show", "-d link show type macvlan", "-d link show type macvtap"],
    );
}

#[test]
fn vlans_and_ipvlans() {
    assert_same(
        &with_pairs(&[
            "ip link add d1 type dummy",
            "ip link add iv0 link d1 type ipvlan mode l3 private",
            "ip link add iv1 link v2 type ipvlan mode l3s",
            "ip link add it0 link v3 type ipvtap mode l2 vepa",
            "ip link add vl0 link v0 type vlan id 42 protocol 802.1ad gvrp on ingress-qos-map 1:2 3:4 egress-qos-map 5:6",
            "ip link add vl1 link v0 type vlan id 43 reorder_hdr off loose_binding on mvrp on",
        ]),
        &["-d link show", "-d link show type vlan", "-N -d link show type vlan", "-d link show type ipvtap"],
    );
}

#[test]
fn vrfs() {
    assert_same(
        &with_pairs(&["ip link add vr0 type vrf table 100", "ip link set v0 master vr0", "ip link add d0 type dummy"]),
        &["-d link show", "-d link show vrf vr0"],
    );
}

#[test]
fn netkits() {
    // iproute2 6.1 knows the kind by its name alone.
    assert_same_but(
        &[
            "$netloom link add nk0 type netkit mode l2 blackhole scrub none peer forward name nk1",
            "$netloom link add nk2 type netkit mode l3 peer blackhole name nk3 mtu 1400 up",
        ],
        &["-d link show", "-d link show type netkit"],
        |version, path| version == "6.1" && path.contains("info_data"),
    );
}

#[test]
fn what_is_simple() {
    assert_same(
        &with_pairs(&[
            "ip link add ifb0 type ifb",
            "modprobe tun 2>/dev/null || true",
            "optional kind tun: ip tuntap add mode tap name tap0 user 5 multi_queue",
            "optional kind tun: ip tuntap add mode tun name tun0 pi group 7",
        ]),
        &["-d link show", "-d link show type tun"],
    );
}
