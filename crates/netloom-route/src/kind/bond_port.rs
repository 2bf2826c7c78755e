//! What a bond keeps for each of its ports.

use netloom_wire::{attributes, flags, open_enum};

attributes! {
    /// Settings and state of a port of a bond (`IFLA_BOND_SLAVE_*`, `linux/if_link.h`).
    pub BondPort, BondPortWriter = "rt-link/bond-slave-attrs" {
        /// Whether it is in use; read only.
        1 "IFLA_BOND_SLAVE_STATE" state: BondPortState,
        /// Its link; read only.
        2 "IFLA_BOND_SLAVE_MII_STATUS" mii_status: BondMiiStatus,
        /// How often its link failed; read only.
        3 "IFLA_BOND_SLAVE_LINK_FAILURE_COUNT" link_failure_count: u32,
        /// Its own hardware address; read only.
        4 "IFLA_BOND_SLAVE_PERM_HWADDR" perm_hwaddr: HardwareAddress,
        /// Transmit queue that is bound to it; 0 for none.
        5 "IFLA_BOND_SLAVE_QUEUE_ID" queue_id: u16,
        /// Number of its aggregator in 802.3ad; read only.
        6 "IFLA_BOND_SLAVE_AD_AGGREGATOR_ID" ad_aggregator_id: u16,
        /// Our state in 802.3ad; read only.
        7 "IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE" ad_actor_oper_port_state: LacpActorState,
        /// The partner's state in 802.3ad; read only.
        8 "IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE" ad_partner_oper_port_state: LacpPartnerState,
        /// The higher the sooner it becomes the active port.
        9 "IFLA_BOND_SLAVE_PRIO" prio: i32,
        /// Port priority in 802.3ad.
        10 "IFLA_BOND_SLAVE_ACTOR_PORT_PRIO" actor_port_prio: u16,
        /// State of our churn machine in 802.3ad; read only.
        11 "IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE" ad_churn_actor_state: u8,
        /// State of the partner's churn machine in 802.3ad; read only.
        12 "IFLA_BOND_SLAVE_AD_CHURN_PARTNER_STATE" ad_churn_partner_state: u8,
    }
}

open_enum! {
    /// Whether a port of a bond is in use (`linux/if_bonding.h`).
    pub BondPortState: u8 = "bond-slave-state" { 0 "BOND_STATE_ACTIVE" Active, 1 "BOND_STATE_BACKUP" Backup }
}
open_enum! {
    /// What a bond thinks of a port's link (`linux/if_bonding.h`).
    pub BondMiiStatus: u8 = "bond-mii-status" {
        0 "BOND_LINK_UP" Up,
        /// Down, but for less than `downdelay`.
        1 "BOND_LINK_FAIL" GoingDown,
        2 "BOND_LINK_DOWN" Down,
        /// Up, but for less than `updelay`.
        3 "BOND_LINK_BACK" GoingBack,
    }
}

/// The kernel sends the same bits in a byte for the actor and in two for the partner.
macro_rules! lacp_state {
    ($(#[$meta:meta])* $name:ident: $width:ident = $set:literal) => {
        flags! {
            $(#[$meta])*
            pub $name: $width = $set {
                /// Active LACP, not passive.
                "LACP_STATE_LACP_ACTIVITY" ACTIVITY = 1,
                /// Short timeout.
                "LACP_STATE_LACP_TIMEOUT" TIMEOUT = 2,
                /// May be aggregated.
                "LACP_STATE_AGGREGATION" AGGREGATION = 4,
                /// In the right aggregator.
                "LACP_STATE_SYNCHRONIZATION" SYNCHRONIZATION = 8,
                /// Takes frames.
                "LACP_STATE_COLLECTING" COLLECTING = 16,
                /// Sends frames.
                "LACP_STATE_DISTRIBUTING" DISTRIBUTING = 32,
                /// Works with defaults: no partner was heard.
                "LACP_STATE_DEFAULTED" DEFAULTED = 64,
                /// The partner fell silent.
                "LACP_STATE_EXPIRED" EXPIRED = 128,
            }
        }
    };
}
lacp_state! {
    /// State of our side of a port in 802.3ad (`linux/if_bonding.h`).
    LacpActorState: u8 = "lacp-actor-state"
}
lacp_state! {
    /// State of the partner's side of a port in 802.3ad (`linux/if_bonding.h`).
    LacpPartnerState: u16 = "lacp-partner-state"
}

super::settings::port! { BondPortWriter, "bond" }

impl BondPort {
    /// Settings of a port.
    ///
    /// ```
    /// use netloom_route::kind::BondPort;
    /// let port = BondPort::new().queue_id(2).prio(10);
    /// ```
    pub fn new() -> BondPortWriter {
        BondPortWriter::default()
    }
}
