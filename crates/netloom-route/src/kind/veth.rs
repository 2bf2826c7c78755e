//! veth: a pair of links, each of which receives what the other sends.

use netloom_wire::attributes;

use crate::link::Link;

attributes! {
    /// What is asked of a veth; the kernel tells nothing (`VETH_INFO_*`, `linux/veth.h`).
    pub Veth, VethWriter = "veth/info" {
        /// The other end, a whole link with header and attributes.
        1 "VETH_INFO_PEER" peer: Message(Link),
    }
}
