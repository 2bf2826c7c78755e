//! `openvswitch`: a bridge of Open vSwitch, the ports that it makes, and links that are ports of it.
//!
//! The kernel knows the kind, but makes no such links by netlink and tells nothing of them: what is in these tables is
//! written and read by the proxy of `netloom::IpRoute`, which speaks with Open vSwitch's database. The numbers are ours.

use netloom_wire::attributes;

attributes! {
    /// A bridge of Open vSwitch, or a port that it makes: columns of the table `Bridge`, and of `Interface` with its options
    /// (`ovs-vswitchd.conf.db(5)`). A port has an interface type; the options of patch ports and tunnels are as that page
    /// describes them.
    pub OpenVswitch, OpenVswitchWriter = "openvswitch/link" {
        /// Datapath: `system`, the kernel's, or `netdev`, in user space.
        1 "OVS_BRIDGE_DATAPATH_TYPE" datapath: str,
        /// What it does without a controller: `standalone` or `secure`.
        2 "OVS_BRIDGE_FAIL_MODE" fail_mode: str,
        /// Spanning Tree.
        3 "OVS_BRIDGE_STP_ENABLE" stp: Switch,
        /// Rapid Spanning Tree.
        4 "OVS_BRIDGE_RSTP_ENABLE" rstp: Switch,
        /// Multicast snooping.
        5 "OVS_BRIDGE_MCAST_SNOOPING_ENABLE" multicast_snooping: Switch,
        /// What a port is: `internal`, `patch`, `vxlan`, `geneve` or `gre`; a bridge has none.
        6 "OVS_INTERFACE_TYPE" interface: str,
        /// Of an order: name of the bridge that a new port is for, in the place of a master.
        7 "OVS_INTERFACE_BRIDGE" bridge: str,
        /// Of a patch port: the port at the other end, which names this one.
        8 "OVS_OPTION_PEER" peer: str,
        /// Of a tunnel: address of the remote end, or `flow`.
        9 "OVS_OPTION_REMOTE_IP" remote: str,
        /// Address that packets come from and that they have to be sent to, or `flow`.
        10 "OVS_OPTION_LOCAL_IP" local: str,
        /// Key of both directions, a number (of VXLAN and Geneve 24 bits, of GRE 32), or `flow`.
        11 "OVS_OPTION_KEY" key: str,
        /// Key that packets have to be received with, if it is another one.
        12 "OVS_OPTION_IN_KEY" in_key: str,
        /// Key that packets are sent with, if it is another one.
        13 "OVS_OPTION_OUT_KEY" out_key: str,
        /// UDP port of the remote end: of VXLAN 4789 if nothing is said, of Geneve 6081.
        14 "OVS_OPTION_DST_PORT" dst_port: u16,
        /// Type of service of packets outside, 0 to 255, the ECN bits apart, or `inherit`.
        15 "OVS_OPTION_TOS" tos: str,
        /// Time to live of packets outside, 1 to 255, or `inherit`; 64 if nothing is said.
        16 "OVS_OPTION_TTL" ttl: str,
        /// Checksums of the header outside.
        17 "OVS_OPTION_CSUM" csum: Switch,
        /// Whether packets outside must not be fragmented; so it is if nothing is said.
        18 "OVS_OPTION_DF_DEFAULT" df_default: Switch,
        /// Mark of packets outside, by which rules route them.
        19 "OVS_OPTION_EGRESS_PKT_MARK" egress_pkt_mark: u32,
        /// Of VXLAN: its extensions, `gbp` or `gpe`.
        20 "OVS_OPTION_EXTS" exts: str,
        /// Of GRE: sequence numbers.
        21 "OVS_OPTION_SEQ" seq: Switch,
        /// What is in the packets: `legacy_l2`, `legacy_l3` or `ptap`.
        22 "OVS_OPTION_PACKET_TYPE" packet_type: str,
        /// Any other option, `NAME=VALUE`.
        23 "OVS_INTERFACE_OPTION" option: Many(str),
        /// Of an order: name of an option of which nothing is said any more.
        24 "OVS_INTERFACE_UNSET" unset: Many(str),
    }
}

attributes! {
    /// What Open vSwitch keeps for a port; columns of the table `Port` (`ovs-vswitchd.conf.db(5)`).
    pub OpenVswitchPort, OpenVswitchPortWriter = "openvswitch/port" {
        /// The VLAN of untagged packets, 0 to 4095.
        1 "OVS_PORT_TAG" tag: u16,
        /// A VLAN that passes, 0 to 4095; none means all.
        2 "OVS_PORT_TRUNKS" trunk: Many(u16),
        /// `access`, `trunk`, `native-tagged`, `native-untagged` or `dot1q-tunnel`.
        3 "OVS_PORT_VLAN_MODE" vlan_mode: str,
        /// Of an order: no tag any more.
        4 "OVS_PORT_UNTAGGED" untagged: Flag,
        /// Of an order: all VLANs pass again.
        5 "OVS_PORT_UNTRUNKED" untrunked: Flag,
    }
}

super::settings::kind! { OpenVswitchWriter, "openvswitch" }
super::settings::port! { OpenVswitchPortWriter, "openvswitch" }

impl OpenVswitch {
    /// Settings of a bridge; of a port, what is to be changed.
    ///
    /// ```
    /// use netloom_route::kind::OpenVswitch;
    /// let bridge = OpenVswitch::new().datapath("netdev").rstp(true);
    /// let tunnel = OpenVswitch::new().remote("192.0.2.2").unset("local_ip");
    /// ```
    pub fn new() -> OpenVswitchWriter {
        OpenVswitchWriter::default()
    }

    /// An internal port: a link by which the machine itself is on the bridge.
    ///
    /// ```
    /// use netloom_route::{kind::OpenVswitch, link};
    /// let add = link::Add::new("in0").kind(OpenVswitch::internal().bridge("br0")).up();
    /// ```
    pub fn internal() -> OpenVswitchWriter {
        Self::new().interface("internal")
    }

    /// One end of a connection of two bridges; `peer` is the port at the other end, which names this one.
    ///
    /// ```
    /// use netloom_route::{kind::OpenVswitch, link};
    /// let here = link::Add::new("to-br1").kind(OpenVswitch::patch("to-br0").bridge("br0"));
    /// let there = link::Add::new("to-br0").kind(OpenVswitch::patch("to-br1").bridge("br1"));
    /// ```
    pub fn patch(peer: &str) -> OpenVswitchWriter {
        Self::new().interface("patch").peer(peer)
    }

    /// A tunnel over VXLAN (RFC 7348) to this address, or `flow`: flows set the remote end.
    ///
    /// ```
    /// use netloom_route::{kind::{OpenVswitch, OpenVswitchPort}, link};
    /// let by_flows = OpenVswitch::vxlan("flow").key("flow").dst_port(8472).bridge("br0");
    /// let add = link::Add::new("vx0").kind(by_flows).port(OpenVswitchPort::new().tag(10));
    /// ```
    pub fn vxlan(remote: &str) -> OpenVswitchWriter {
        Self::new().interface("vxlan").remote(remote)
    }

    /// A tunnel over Geneve (RFC 8926), in the same way.
    ///
    /// ```
    /// use netloom_route::{kind::OpenVswitch, link};
    /// let add = link::Add::new("gv0").kind(OpenVswitch::geneve("192.0.2.1").key("5000").csum(true).bridge("br0"));
    /// ```
    pub fn geneve(remote: &str) -> OpenVswitchWriter {
        Self::new().interface("geneve").remote(remote)
    }

    /// A tunnel of Ethernet over GRE (RFC 2890), in the same way.
    ///
    /// ```
    /// use netloom_route::{kind::OpenVswitch, link};
    /// let add = link::Add::new("gre0").kind(OpenVswitch::gre("192.0.2.1").key("7").ttl("inherit").bridge("br0"));
    /// ```
    pub fn gre(remote: &str) -> OpenVswitchWriter {
        Self::new().interface("gre").remote(remote)
    }
}

impl OpenVswitchPort {
    /// Settings of a port.
    ///
    /// ```
    /// use netloom_route::kind::OpenVswitchPort;
    /// let port = OpenVswitchPort::new().trunk(10).trunk(20).tag(5).vlan_mode("native-untagged");
    /// ```
    pub fn new() -> OpenVswitchPortWriter {
        OpenVswitchPortWriter::default()
    }
}
