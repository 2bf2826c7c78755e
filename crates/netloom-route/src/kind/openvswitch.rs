//! `openvswitch`: a bridge of Open vSwitch, its internal ports, and ports of it.
//!
//! The kernel knows the kind, but makes no such links by netlink and tells nothing of them: what is in these tables is
//! written and read by the proxy of `netloom::IpRoute`, which speaks with Open vSwitch's database. The numbers are ours.

use netloom_wire::attributes;

attributes! {
    /// Settings of a bridge of Open vSwitch; columns of the table `Bridge` (`ovs-vswitchd.conf.db(5)`).
    pub OpenVswitch, OpenVswitchWriter = "openvswitch/bridge" {
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
    /// Settings of a bridge.
    ///
    /// ```
    /// use netloom_route::kind::OpenVswitch;
    /// let bridge = OpenVswitch::new().datapath("netdev").rstp(true);
    /// ```
    pub fn new() -> OpenVswitchWriter {
        OpenVswitchWriter::default()
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
