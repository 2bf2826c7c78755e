//! What the command prints, beside what iproute2 prints of the same namespace. A case is a setup and lines.

mod support;

use support::answers::assert_same;

#[test]
fn links() {
    assert_same(
        &[
            "ip link set lo up",
            "ip link add v0 type veth peer name v1",
            "ip link set v0 up alias 'a name' mtu 1400",
            "ip link property add dev v0 altname other altname third",
            "ip link add br0 type bridge vlan_filtering 1",
            "ip link set v1 master br0 up",
        ],
        &[
            "link",
            "link show up",
            "link show dev v0",
            "link show other",
            "-d link show",
            "-s link show",
            "-s -s link show dev lo",
            "-br link",
            "link show master br0",
            "link show type veth",
            "link show dev nope",
        ],
    );
}

#[test]
fn namespaces() {
    assert_same(
        &["ip netns add a", "ip netns add b", "ip netns set a 5", "ip -n b link set lo up"],
        &["netns", "netns list", "netns list-id", "netns list-id nsid 5", "-n b link show up", "-n nope link"],
    );
}

#[test]
fn batches() {
    assert_same(
        &["printf 'link show dev lo # one\\nlink show dev nope\\nlink show dev lo\\n' >/run/lines"],
        &["-batch /run/lines", "-force -batch /run/lines"],
    );
}
