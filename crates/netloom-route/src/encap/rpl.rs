//! Source routing of RPL (`linux/rpl_iptunnel.h`).

use core::net::Ipv6Addr;

use netloom_wire::attributes;

use super::{Segments, rpl_srh};

attributes! {
    /// Sends packets along segments, as RPL does (`RPL_IPTUNNEL_*`).
    pub Rpl, RplWriter = "lwtunnel/rpl" {
        /// Routing header; [`Rpl::segments`] reads, [`RplWriter::segments`] writes it.
        1 "RPL_IPTUNNEL_SRH" srh: Bytes,
    }
}

impl Rpl {
    /// Along what.
    pub fn segments(&self) -> Option<Segments<'_>> {
        Segments::rpl(self.srh()?)
    }
}

impl RplWriter {
    /// Along these segments, in the order of the visit.
    pub fn segments(self, segments: &[Ipv6Addr]) -> Self {
        self.srh(&rpl_srh(segments))
    }
}
