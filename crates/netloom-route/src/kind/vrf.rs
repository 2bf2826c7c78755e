//! `vrf`: a routing table as a link.

use netloom_wire::attributes;

attributes! {
    /// Settings of a VRF (`IFLA_VRF_*`, `linux/if_link.h`).
    pub Vrf, VrfWriter = "rt-link/linkinfo-vrf-attrs" {
        /// Number of its routing table.
        1 "IFLA_VRF_TABLE" table: u32,
    }
}

attributes! {
    /// What a VRF keeps for each of its ports (`IFLA_VRF_PORT_*`, `linux/if_link.h`); read only.
    pub VrfPort, VrfPortWriter = "vrf/port" {
        /// Number of its routing table.
        1 "IFLA_VRF_PORT_TABLE" table: u32,
    }
}

super::settings::kind! { VrfWriter, "vrf" }

impl Vrf {
    /// Settings of a VRF over routing table `table`.
    ///
    /// ```
    /// use netloom_route::kind::Vrf;
    /// let vrf = Vrf::new(100);
    /// ```
    pub fn new(table: u32) -> VrfWriter {
        VrfWriter::default().table(table)
    }
}
