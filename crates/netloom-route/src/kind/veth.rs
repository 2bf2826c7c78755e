//! `veth`: a pair of links, each of which receives what the other sends.

use netloom_wire::attributes;

use crate::link::Link;

attributes! {
    /// What is asked of a veth; the kernel tells nothing (`VETH_INFO_*`, `linux/veth.h`).
    pub Veth, VethWriter = "veth/info" {
        /// The other end, as a message of its own.
        1 "VETH_INFO_PEER" peer_info: Message(Link),
    }
}

super::settings::kind! { VethWriter, "veth" }
super::settings::peer! { VethWriter, 1 }

impl Veth {
    /// Settings of a pair; without a peer the kernel names and makes it.
    ///
    /// ```
    /// use netloom_route::kind::Veth;
    /// let veth = Veth::new().peer(|w| w.ifname("v1").mtu(9000));
    /// ```
    pub fn new() -> VethWriter {
        VethWriter::default()
    }
}
