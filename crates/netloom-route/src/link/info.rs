//! The kind of a link, and what kinds have to say.

use netloom_wire::{attributes, select};

use crate::kind::Veth;

attributes! {
    /// Kind of a link, and what that kind has to say (`IFLA_INFO_*`, `linux/if_link.h`).
    pub LinkInfo, LinkInfoWriter = "rt-link/linkinfo-attrs" {
        /// Kind: `vxlan`; there is none on real devices.
        1 "IFLA_INFO_KIND" kind: str,
        /// What the kind has to say.
        2 "IFLA_INFO_DATA" data: Select(LinkData, kind),
        /// Counters of the kind.
        3 "IFLA_INFO_XSTATS" xstats: Bytes,
        /// Kind of the link that this is a port of: `bridge`.
        4 "IFLA_INFO_SLAVE_KIND" port_kind: str,
        /// What that kind has to say of its port.
        5 "IFLA_INFO_SLAVE_DATA" port_data: Select(PortData, port_kind),
    }
}

select! {
    /// What a kind of link has to say, by its name.
    pub LinkData = str {
        "veth" => Veth(Nest(Veth)),
    }
}

select! {
    /// What a kind of link has to say of its port, by its name.
    pub PortData = str {}
}
