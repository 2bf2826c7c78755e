//! Kinds of links are asked for as iproute2 asks for them, also those that this machine's kernel does not have.

mod support;

use support::requests::assert_same;

const PAIR: &[&str] = &["ip link add v0 type veth peer name v1"];

#[test]
fn kinds_without_settings() {
    assert_same(
        &[],
        &[
            "link add d0 type dummy",
            "link add name i0 mtu 1400 type ifb",
            "link add type dummy",
            "link add v2 type veth",
            "link add n0 type nlmon",
            // Kinds of which nothing is known but the name.
            "link add s0 type sit",
            "link add g0 mtu 1400 type gre",
            "link add f0 type foo",
            "link add ind type ifb",
            "link add i index 77 type ifb",
        ],
    );
}

#[test]
fn veth() {
    assert_same(
        &[],
        &[
            "link add v2 type veth peer name v3",
            "link add v2 type veth peer v3",
            "link add v2 group 5 type veth peer name v3 group 6",
            "link add v2 mtu 1400 up type veth peer name v3 mtu 1300 address 02:00:00:00:00:01 txqueuelen 5 up index 77",
            "link add v2 type veth peer name v3 numtxqueues 4 numrxqueues 3 multicast off arp off",
        ],
    );
}

#[test]
fn bridge() {
    assert_same(
        &["ip link add br9 type bridge"],
        &[
            "link add br0 type bridge",
            "link add br0 type bridge forward_delay 400 hello_time 100 max_age 600 ageing_time 1000 stp_state 1 priority 4096",
            "link add br0 type bridge vlan_filtering 1 vlan_protocol 802.1ad vlan_default_pvid 7 vlan_stats_enabled 1 vlan_stats_per_port 1",
            "link add br0 type bridge group_fwd_mask 0x4008 group_address 01:80:c2:00:00:05 fdb_max_learned 77",
            "link add br0 type bridge no_linklocal_learn 1 mcast_vlan_snooping 1 mst_enabled 0",
            "link add br0 type bridge mcast_snooping 0 mcast_router 2 mcast_query_use_ifaddr 1 mcast_querier 1",
            "link add br0 type bridge mcast_hash_elasticity 4 mcast_hash_max 512 mcast_last_member_count 3 mcast_startup_query_count 4",
            "link add br0 type bridge mcast_last_member_interval 1 mcast_membership_interval 2 mcast_querier_interval 3",
            "link add br0 type bridge mcast_query_interval 4 mcast_query_response_interval 5 mcast_startup_query_interval 6",
            "link add br0 type bridge mcast_stats_enabled 1 mcast_igmp_version 3 mcast_mld_version 2",
            "link add br0 type bridge nf_call_iptables 1 nf_call_ip6tables 1 nf_call_arptables 1",
            "link set br9 type bridge fdb_flush ageing_time 5 vlan_proto 802.1q",
        ],
    );
}

#[test]
fn bridge_port() {
    assert_same(
        PAIR,
        &[
            "link set v0 type bridge_slave state 3 priority 5 cost 100",
            "link set v0 type bridge_slave fdb_flush hairpin on guard off root_block on fastleave off learning on flood off",
            "link set v0 type bridge_slave mcast_flood on bcast_flood off mcast_to_unicast on proxy_arp on proxy_arp_wifi off",
            "link set v0 type bridge_slave mcast_router 2 mcast_fast_leave on neigh_suppress on neigh_vlan_suppress off",
            "link set v0 type bridge_slave group_fwd_mask 0x4000 vlan_tunnel on isolated on locked on mab on",
            "link set v0 type bridge_slave backup_port v1 backup_nhid 10",
            "link set v0 type bridge_slave nobackup_port",
        ],
    );
}

#[test]
fn vxlan() {
    assert_same(
        &["ip link add v0 type veth peer name v1", "ip link add vx9 type vxlan id 9 dstport 4789"],
        &[
            "link add vx0 type vxlan id 42 dstport 4789",
            "link add vx0 type vxlan vni 0x2a dstport 0 local 10.0.0.1 remote 10.0.0.2",
            "link add vx0 type vxlan id 42 group 239.1.1.1 dev v0 dstport 4789 ttl 5 tos 0x10 df set",
            "link add vx0 type vxlan id 42 group ff05::100 dev v0 local 2001:db8::1 flowlabel 0x12345 ttl inherit tos inherit",
            "link add vx0 type vxlan id 42 dstport 4789 ttl auto df inherit ageing none maxaddress unlimited",
            "link add vx0 type vxlan id 42 dstport 4789 ageing 30 maxaddress 1000 srcport 1000 2000 reserved_bits 0xff00000000000001",
            "link add vx0 type vxlan id 42 dstport 4789 nolearning proxy rsc l2miss l3miss noudpcsum",
            "link add vx0 type vxlan id 42 dstport 4789 udpcsum udp6zerocsumtx udp6zerocsumrx remcsumtx remcsumrx",
            "link add vx0 type vxlan id 42 dstport 4789 noproxy norsc nol2miss nol3miss noudp6zerocsumtx noudp6zerocsumrx noremcsumtx noremcsumrx nolocalbypass",
            "link add vx0 type vxlan external dstport 4789 vnifilter gbp",
            "link add vx0 type vxlan external gpe localbypass",
            "link set vx9 type vxlan ageing 7 nolearning",
            "link set vx9 type vxlan remote 10.0.0.9 learning",
        ],
    );
}

#[test]
fn macvlan() {
    assert_same(
        &["ip link add v0 type veth peer name v1", "ip link add mv9 link v0 type macvlan mode source"],
        &[
            "link add mv0 link v0 type macvlan mode bridge",
            "link add mv0 link v0 type macvlan mode private bcqueuelen 2000 bclim -1",
            "link add mt0 link v0 type macvtap mode vepa",
            "link add mt0 link v0 type macvtap mode passthru nopromisc",
            "link add mv0 link v0 type macvlan mode passthru flag nopromisc",
            "link add mv0 link v0 type macvlan mode source flag nodst",
            "link add mv0 link v0 type macvlan mode bridge flag null",
            "link set mv9 type macvlan macaddr add 02:00:00:00:00:01",
            "link set mv9 type macvlan macaddr del 02:00:00:00:00:01",
            "link set mv9 type macvlan macaddr set 02:00:00:00:00:01 02:00:00:00:00:02",
            "link set mv9 type macvlan macaddr flush",
            "link set mv9 type macvlan bcqueuelen 5",
        ],
    );
}

#[test]
fn ipvlan() {
    assert_same(
        PAIR,
        &[
            "link add iv0 link v0 type ipvlan",
            "link add iv0 link v0 type ipvlan mode l2",
            "link add iv0 link v0 type ipvlan mode l3 private",
            "link add iv0 link v0 type ipvlan mode l3s vepa",
            "link add it0 link v0 type ipvtap mode l2 bridge",
        ],
    );
}

#[test]
fn vlan() {
    assert_same(
        PAIR,
        &[
            "link add vl0 link v0 type vlan id 42",
            "link add link v0 name vl0 type vlan protocol 802.1ad id 42",
            "link add vl0 link v0 type vlan id 42 reorder_hdr off gvrp on mvrp on loose_binding on bridge_binding off",
            "link add vl0 link v0 type vlan id 42 ingress-qos-map 1:2 3:4 egress-qos-map 5:6",
        ],
    );
}

#[test]
fn bond() {
    assert_same(
        &["ip link add v0 type veth peer name v1", "optional kind bond: ip link add bo9 type bond"],
        &[
            "link add bo0 type bond",
            "link add bo0 type bond mode 802.3ad miimon 100 updelay 200 downdelay 300 peer_notify_delay 400 use_carrier 1",
            "link add bo0 type bond mode 1 arp_interval 100 arp_ip_target 10.0.0.1,10.0.0.2 arp_validate filter_active arp_all_targets all arp_missed_max 3",
            "link add bo0 type bond ns_ip6_target 2001:db8::1,2001:db8::2",
            "link add bo0 type bond mode active-backup primary v0 primary_reselect better fail_over_mac follow active_slave v1",
            "link add bo0 type bond clear_active_slave xmit_hash_policy layer3+4 resend_igmp 5 num_grat_arp 3 all_slaves_active 1",
            "link add bo0 type bond xmit_hash_policy vlan+srcmac num_unsol_na 4 min_links 2 lp_interval 7 packets_per_slave 9",
            "link add bo0 type bond lacp_rate fast lacp_active off ad_select bandwidth ad_user_port_key 5 ad_actor_sys_prio 6",
            "link add bo0 type bond ad_actor_system 02:00:00:00:00:01 tlb_dynamic_lb 0 coupled_control off",
            "link set v0 type bond_slave queue_id 5 prio -7",
        ],
    );
}

#[test]
fn vrf() {
    assert_same(PAIR, &["link add vr0 type vrf table 100", "link add vr0 type vrf table main"]);
}

#[test]
fn netkit() {
    assert_same(
        &[],
        &[
            "link add nk0 type netkit",
            "link add nk0 type netkit mode l2 blackhole scrub none",
            "link add nk0 type netkit mode l3 forward peer blackhole",
            "link add nk0 type netkit peer forward scrub default name nk1 mtu 1400 up",
            "link add nk0 type netkit peer name nk1",
        ],
    );
}
