//! `bond`: several links as one.

use netloom_wire::{attributes, open_enum};

attributes! {
    /// Settings of a bond (`IFLA_BOND_*`, `linux/if_link.h`). Times are in milliseconds unless said otherwise.
    pub Bond, BondWriter = "rt-link/linkinfo-bond-attrs" {
        /// How ports share the traffic; only while the bond has no ports and is down.
        1 "IFLA_BOND_MODE" mode: BondMode,
        /// Index of the port in use, for the modes that use one; 0 for none.
        2 "IFLA_BOND_ACTIVE_SLAVE" active_slave: u32,
        /// How often the link state of the ports is looked at; 0 for never.
        3 "IFLA_BOND_MIIMON" miimon: u32,
        /// How long a port must be up before it is used; a multiple of `miimon`.
        4 "IFLA_BOND_UPDELAY" updelay: u32,
        /// How long a port must be down before it is given up; a multiple of `miimon`.
        5 "IFLA_BOND_DOWNDELAY" downdelay: u32,
        /// Trust the driver's carrier; kernels since 6.18 know nothing else.
        6 "IFLA_BOND_USE_CARRIER" use_carrier: Switch,
        /// How often ports are checked by ARP; 0 for never.
        7 "IFLA_BOND_ARP_INTERVAL" arp_interval: u32,
        /// Who is asked by ARP, 16 at most; the kernel numbers them from 0.
        8 "IFLA_BOND_ARP_IP_TARGET" arp_ip_target: List(Ipv4Addr),
        /// Which ports must see the answers themselves.
        9 "IFLA_BOND_ARP_VALIDATE" arp_validate: BondArpValidate,
        /// Whether one target or all must answer.
        10 "IFLA_BOND_ARP_ALL_TARGETS" arp_all_targets: BondArpAllTargets,
        /// Index of the preferred port; 0 for none.
        11 "IFLA_BOND_PRIMARY" primary: u32,
        /// When the preferred port takes over again.
        12 "IFLA_BOND_PRIMARY_RESELECT" primary_reselect: BondPrimaryReselect,
        /// Which ports get the bond's hardware address.
        13 "IFLA_BOND_FAIL_OVER_MAC" fail_over_mac: BondFailOverMac,
        /// What a flow is told by.
        14 "IFLA_BOND_XMIT_HASH_POLICY" xmit_hash_policy: BondXmitHashPolicy,
        /// IGMP reports after a change of ports: 0 to 255.
        15 "IFLA_BOND_RESEND_IGMP" resend_igmp: u32,
        /// Gratuitous ARP and unsolicited neighbour advertisements after a change of ports: 0 to 255.
        16 "IFLA_BOND_NUM_PEER_NOTIF" num_peer_notif: u8,
        /// Frames that arrive at ports which are not in use are taken too.
        17 "IFLA_BOND_ALL_SLAVES_ACTIVE" all_slaves_active: Switch,
        /// Ports that must be up for the bond to be up.
        18 "IFLA_BOND_MIN_LINKS" min_links: u32,
        /// Seconds between learning packets: 1 to 2147483647.
        19 "IFLA_BOND_LP_INTERVAL" lp_interval: u32,
        /// Packets in a row through one port, for balance-rr: 0 (random) to 65535.
        20 "IFLA_BOND_PACKETS_PER_SLAVE" packets_per_slave: u32,
        /// How often the partner is asked to send LACPDUs.
        21 "IFLA_BOND_AD_LACP_RATE" ad_lacp_rate: BondLacpRate,
        /// Which aggregator is chosen.
        22 "IFLA_BOND_AD_SELECT" ad_select: BondAdSelect,
        /// State of 802.3ad; read only.
        23 "IFLA_BOND_AD_INFO" ad_info: Nest(BondAdInfo),
        /// System priority in 802.3ad: 1 to 65535.
        24 "IFLA_BOND_AD_ACTOR_SYS_PRIO" ad_actor_sys_prio: u16,
        /// The user's part of the port key in 802.3ad: 0 to 1023.
        25 "IFLA_BOND_AD_USER_PORT_KEY" ad_user_port_key: u16,
        /// System address in 802.3ad.
        26 "IFLA_BOND_AD_ACTOR_SYSTEM" ad_actor_system: HardwareAddress,
        /// balance-tlb: by load, not by hash.
        27 "IFLA_BOND_TLB_DYNAMIC_LB" tlb_dynamic_lb: Switch,
        /// Between notifications of peers; a multiple of `miimon`.
        28 "IFLA_BOND_PEER_NOTIF_DELAY" peer_notif_delay: u32,
        /// Send LACPDUs by oneself, not only as an answer.
        29 "IFLA_BOND_AD_LACP_ACTIVE" ad_lacp_active: Switch,
        /// Checks by ARP that may fail before a port is down: 1 to 255.
        30 "IFLA_BOND_MISSED_MAX" missed_max: u8,
        /// Who is asked by neighbour solicitation, 16 at most; the kernel numbers them from 0.
        31 "IFLA_BOND_NS_IP6_TARGET" ns_ip6_target: List(Ipv6Addr),
        /// Collecting and distributing begin together.
        32 "IFLA_BOND_COUPLED_CONTROL" coupled_control: Switch,
        /// Send ARP and neighbour discovery to all ports, for 802.3ad.
        33 "IFLA_BOND_BROADCAST_NEIGH" broadcast_neigh: Switch,
        /// Without a partner there is no carrier, for 802.3ad.
        34 "IFLA_BOND_LACP_STRICT" lacp_strict: Switch,
    }
}

attributes! {
    /// State of 802.3ad of a bond (`IFLA_BOND_AD_INFO_*`, `linux/if_link.h`); read only.
    pub BondAdInfo, BondAdInfoWriter = "rt-link/bond-ad-info-attrs" {
        /// Number of the active aggregator.
        1 "IFLA_BOND_AD_INFO_AGGREGATOR" aggregator: u16,
        /// Its ports.
        2 "IFLA_BOND_AD_INFO_NUM_PORTS" num_ports: u16,
        /// Our key.
        3 "IFLA_BOND_AD_INFO_ACTOR_KEY" actor_key: u16,
        /// The partner's key.
        4 "IFLA_BOND_AD_INFO_PARTNER_KEY" partner_key: u16,
        /// The partner's address.
        5 "IFLA_BOND_AD_INFO_PARTNER_MAC" partner_mac: HardwareAddress,
    }
}

open_enum! {
    /// How the ports of a bond share its traffic (`linux/if_bonding.h`).
    pub BondMode: u8 = "bond-mode" {
        0 "BOND_MODE_ROUNDROBIN" BalanceRr,
        1 "BOND_MODE_ACTIVEBACKUP" ActiveBackup,
        2 "BOND_MODE_XOR" BalanceXor,
        3 "BOND_MODE_BROADCAST" Broadcast,
        4 "BOND_MODE_8023AD" Lacp,
        5 "BOND_MODE_TLB" BalanceTlb,
        6 "BOND_MODE_ALB" BalanceAlb,
    }
}
open_enum! {
    /// Which ports of a bond must see ARP answers themselves (`drivers/net/bonding/bond_options.c`).
    pub BondArpValidate: u32 = "bond-arp-validate" {
        0 None, 1 Active, 2 Backup, 3 All, 4 Filter, 5 FilterActive, 6 FilterBackup,
    }
}
open_enum! {
    /// How many targets must answer (`drivers/net/bonding/bond_options.c`).
    pub BondArpAllTargets: u32 = "bond-arp-all-targets" { 0 Any, 1 All }
}
open_enum! {
    /// When the preferred port takes over again (`drivers/net/bonding/bond_options.c`).
    pub BondPrimaryReselect: u8 = "bond-primary-reselect" { 0 Always, 1 Better, 2 Failure }
}
open_enum! {
    /// Which ports get the bond's hardware address (`drivers/net/bonding/bond_options.c`).
    pub BondFailOverMac: u8 = "bond-fail-over-mac" {
        /// All.
        0 None,
        /// The bond takes the active port's.
        1 Active,
        /// The active port takes the bond's.
        2 Follow,
    }
}
open_enum! {
    /// What a flow is told by (`linux/if_bonding.h`).
    pub BondXmitHashPolicy: u8 = "bond-xmit-hash-policy" {
        0 "BOND_XMIT_POLICY_LAYER2" Layer2,
        1 "BOND_XMIT_POLICY_LAYER34" Layer34,
        2 "BOND_XMIT_POLICY_LAYER23" Layer23,
        3 "BOND_XMIT_POLICY_ENCAP23" Encap23,
        4 "BOND_XMIT_POLICY_ENCAP34" Encap34,
        5 "BOND_XMIT_POLICY_VLAN_SRCMAC" VlanSrcmac,
    }
}
open_enum! {
    /// How often the partner shall send LACPDUs (`drivers/net/bonding/bond_options.c`).
    pub BondLacpRate: u8 = "bond-lacp-rate" {
        /// Every 30 seconds.
        0 Slow,
        /// Every second.
        1 Fast,
    }
}
open_enum! {
    /// Which aggregator is chosen (`drivers/net/bonding/bond_options.c`).
    pub BondAdSelect: u8 = "bond-ad-select" { 0 Stable, 1 Bandwidth, 2 Count, 3 ActorPortPrio }
}

super::settings::kind! { BondWriter, "bond" }

impl Bond {
    /// Settings of a new bond.
    ///
    /// ```
    /// use netloom_route::kind::{Bond, BondMode, BondXmitHashPolicy};
    /// let bond = Bond::new(BondMode::ActiveBackup).miimon(100).xmit_hash_policy(BondXmitHashPolicy::Layer34);
    /// ```
    pub fn new(mode: BondMode) -> BondWriter {
        BondWriter::default().mode(mode)
    }
}
