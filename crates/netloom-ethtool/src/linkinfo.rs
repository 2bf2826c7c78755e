//! The physical side of a link: port, PHY, crossing.

use netloom_wire::{attributes, message, open_enum};

use crate::{header::Header, object::object};

message! {
    /// The physical side of a link.
    pub LinkInfo LinkInfoAttributes
}

attributes! {
    /// Attributes of [`LinkInfo`].
    pub LinkInfoAttributes, LinkInfoWriter = "ethtool/linkinfo" {
        /// The device.
        1 "ETHTOOL_A_LINKINFO_HEADER" header: Nest(Header),
        /// What the cable plugs into.
        2 "ETHTOOL_A_LINKINFO_PORT" port: Port,
        /// Address of the PHY on its management bus.
        3 "ETHTOOL_A_LINKINFO_PHYADDR" phyaddr: u8,
        /// Whether the pairs are crossed now.
        4 "ETHTOOL_A_LINKINFO_TP_MDIX" mdix: Mdix,
        /// Whether the pairs shall be crossed: forced or automatic.
        5 "ETHTOOL_A_LINKINFO_TP_MDIX_CTRL" mdix_control: Mdix,
        /// Where the transceiver is.
        6 "ETHTOOL_A_LINKINFO_TRANSCEIVER" transceiver: Transceiver,
    }
}

open_enum! {
    /// What a cable plugs into.
    pub Port: u8 = "port" {
        /// Twisted pairs.
        0 "PORT_TP" TwistedPair,
        1 "PORT_AUI" Aui,
        2 "PORT_MII" Mii,
        3 "PORT_FIBRE" Fibre,
        4 "PORT_BNC" Bnc,
        /// Direct-attached copper.
        5 "PORT_DA" DirectAttach,
        0xef "PORT_NONE" None,
        /// Something else; said by the driver.
        0xff "PORT_OTHER" Else,
    }
}

open_enum! {
    /// Whether the pairs of a twisted-pair cable are crossed.
    pub Mdix: u8 = "tp-mdix" {
        /// Not known; of the control: cannot be set.
        0 "ETH_TP_MDI_INVALID" Unknown,
        /// Straight.
        1 "ETH_TP_MDI" Mdi,
        /// Crossed.
        2 "ETH_TP_MDI_X" MdiX,
        /// Of the control: automatic.
        3 "ETH_TP_MDI_AUTO" Auto,
    }
}

open_enum! {
    /// Where a transceiver is.
    pub Transceiver: u8 = "transceiver" {
        /// In the package of the MAC.
        0 "XCVR_INTERNAL" Internal,
        /// In a package of its own.
        1 "XCVR_EXTERNAL" External,
    }
}

object! { LinkInfo "link info" }
