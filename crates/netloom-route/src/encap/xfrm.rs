//! IPsec by an xfrm interface's identifier (`linux/lwtunnel.h`).

use netloom_wire::attributes;

attributes! {
    /// What a collect-metadata xfrm device is to use (`LWT_XFRM_*`).
    pub Xfrm, XfrmWriter = "lwtunnel/xfrm" {
        /// Identifier of the interface, not 0.
        1 "LWT_XFRM_IF_ID" if_id: u32,
        /// Index of the link below.
        2 "LWT_XFRM_LINK" link: u32,
    }
}
