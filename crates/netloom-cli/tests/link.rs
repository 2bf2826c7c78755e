//! `link`: the messages that it sends are iproute2's, and what it shows is too.

mod support;

/// Links for the lines below to act on.
const SETUP: &[&str] = &[
    "ip link add v0 type veth peer name v1",
    "ip link set v0 up",
    "ip link add br0 type bridge",
    "ip link property add dev v0 altname alternative",
    "ip netns add other",
    "ip netns add numbered",
    "ip netns set numbered 7",
];

/// A namespace is named by a file descriptor, whose number says nothing; that of a process in iproute2 6.15 too.
fn without_descriptor(_: &str, text: String) -> String {
    let known = |line: &str| {
        let name = line.trim_start().split(' ').next().unwrap_or_default();
        if name.starts_with("IFLA_NET_NS_") { "  IFLA_NET_NS".into() } else { line.to_owned() }
    };
    text.lines().map(|line| format!("{}\n", known(line))).collect()
}

#[test]
fn links_are_made_by_the_messages_of_iproute2() {
    support::requests::assert_same(
        SETUP,
        &[
            "link add d0 type dummy",
            "link add name d1 up type dummy",
            "link add dev d2 index 77 mtu 1400 address 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:fe type dummy",
            "link add d3 txqueuelen 500 numtxqueues 4 numrxqueues 2 type dummy",
            "link add d4 gso_max_size 32768 gso_max_segs 100 type ifb",
            "link add d5 arp off multicast off allmulticast on promisc on type dummy",
            "link add d6 master br0 group 5 alias words-of-mine type dummy",
            "link add d7 addrgenmode none type dummy",
            "link add d9 type ifb",
            "link replace d9 type dummy",
        ],
    );
}

#[test]
fn links_are_changed_by_the_messages_of_iproute2() {
    support::requests::assert_same(
        SETUP,
        &[
            "link set v0 up",
            "link set dev v1 down",
            "link set alternative mtu 1400",
            "link set v1 name w1 mtu 1400 address 02:00:00:00:00:77 txqueuelen 5",
            "link set v0 arp off multicast off allmulticast on promisc on dynamic on trailers off",
            "link set v1 master br0",
            "link set v1 nomaster",
            "link set v0 alias words-of-mine",
            "link set v0 group 7",
            "link set group 0 up",
            "link set group 0 mtu 1300 down",
            "link set v0 mode dormant state dormant",
            "link set v0 carrier off",
            "link set v0 protodown on",
            "link set v0 protodown_reason 3 on",
            "link set v0 protodown_reason 3 off",
            "link set v0 addrgenmode stable_secret",
            "link set v0 addrgenmode random",
            "link set v0 xdp off",
            "link set v0 xdpgeneric off",
            "link set v0 gso_max_size 32768 gso_max_segs 100 gro_max_size 32768",
            "link set v0 vf 3 mac 02:00:00:00:00:33",
            "link set v0 vf 3 vlan 5",
            "link set v0 vf 3 vlan 5 qos 2",
            "link set v0 vf 3 vlan 5 qos 2 proto 802.1ad",
            "link set v0 vf 3 rate 100",
            "link set v0 vf 3 min_tx_rate 10 max_tx_rate 100",
            "link set v0 vf 3 spoofchk on query_rss off trust on state auto",
            "link set v0 vf 3 node_guid 00:11:22:33:44:55:66:77",
            "link set v0 vf 3 port_guid 00:11:22:33:44:55:66:77",
        ],
    );
}

#[test]
fn links_are_put_in_namespaces_by_the_messages_of_iproute2() {
    // A process whose namespace may be looked at, which is not so of every init.
    let process = format!("link set v1 netns {}", std::process::id());
    support::requests::assert_same_but(
        SETUP,
        &[
            "link set v1 netns other",
            "link set v1 netns other index 77",
            &process,
            "link add d8 netns other type dummy",
            "link add d9 link-netns numbered type dummy",
        ],
        without_descriptor,
    );
}

#[test]
fn links_and_names_go_by_the_messages_of_iproute2() {
    support::requests::assert_same(
        SETUP,
        &[
            "link delete v0",
            "link del dev br0 type bridge",
            "link del group 5",
            "link property add dev v0 altname one altname another-one-that-is-longer-than-15",
            "link property del dev v0 altname alternative",
        ],
    );
}

#[test]
fn links_are_shown_by_every_selector() {
    support::answers::assert_same(
        &[
            "ip link set lo up",
            "ip link add v0 type veth peer name v1",
            "ip link add br0 type bridge",
            "ip link set v1 master br0 up",
            "ip link set v0 up alias 'a name' group 7 mtu 1400",
            "ip link property add dev v0 altname other altname third",
            "ip link add i0 index 90 numtxqueues 3 type ifb",
            "ip link set i0 arp off multicast off addrgenmode none txqlen 0",
            "ip link set br0 addrgenmode random up",
            "ip netns add a",
            "ip netns set a 5",
            "ip link add p0 type veth peer name p1 netns a",
        ],
        &[
            "link",
            "link show",
            "link list",
            "link ls v0",
            "link show dev third",
            "link show up",
            "link show group 7",
            "link show group default up",
            "link show master br0",
            "link show nomaster",
            "link show type veth",
            "link show type bridge_slave",
            "link show type ifb up",
            "-s link show",
            "-s -s link show",
            "-br link",
            "-br link show up",
            "-d link show type ifb",
            "-d link show p0",
            "-d -s link show p0",
            "-6 link show dev v0",
            "-n a link show p1",
            "-n a -d link",
            "link show nope",
            "link show master nope",
            "link show group nope",
        ],
    );
}
