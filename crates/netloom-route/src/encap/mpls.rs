//! MPLS: labels before the packet (`linux/mpls_iptunnel.h`).

use netloom_wire::attributes;

use super::MplsLabel;

attributes! {
    /// Pushes MPLS labels (`MPLS_IPTUNNEL_*`).
    pub Mpls, MplsWriter = "lwtunnel/mpls" {
        /// Labels, outermost first; [`MplsLabel::stack`] makes them.
        1 "MPLS_IPTUNNEL_DST" dst: Array(MplsLabel),
        /// Time to live of the labels; the packet's own if missing.
        2 "MPLS_IPTUNNEL_TTL" ttl: u8,
    }
}
