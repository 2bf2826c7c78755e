//! neli.

use anyhow::{Result, anyhow};
use neli::{
    consts::{
        nl::NlmF,
        rtnl::{Ifla, RtAddrFamily, RtScope, RtTable, Rta, Rtm, Rtn, Rtprot},
        socket::NlFamily,
    },
    nl::NlPayload,
    router::synchronous::NlRouter,
    rtnl::{Ifinfomsg, IfinfomsgBuilder, Rtmsg, RtmsgBuilder},
    utils::Groups,
};

/// Streams all routes.
pub fn dump(_: u32) -> Result<u64> {
    let (router, _) = NlRouter::connect(NlFamily::Route, None, Groups::empty()).map_err(|e| anyhow!("{e}"))?;
    let message = RtmsgBuilder::default()
        .rtm_family(RtAddrFamily::Inet)
        .rtm_dst_len(0)
        .rtm_src_len(0)
        .rtm_tos(0)
        .rtm_table(RtTable::Unspec)
        .rtm_protocol(Rtprot::Unspec)
        .rtm_scope(RtScope::Universe)
        .rtm_type(Rtn::Unspec)
        .build()?;
    let routes = router
        .send::<_, _, Rtm, Rtmsg>(Rtm::Getroute, NlmF::DUMP, NlPayload::Payload(message))
        .map_err(|e| anyhow!("{e}"))?;
    let mut seen = 0;
    for route in routes {
        let route = route.map_err(|e| anyhow!("{e}"))?;
        if let NlPayload::Payload(route) = route.nl_payload() {
            let has = |number| route.rtattrs().iter().any(|a| *a.rta_type() == number);
            seen += u64::from(*route.rtm_table() == RtTable::Main && has(Rta::Dst) && has(Rta::Oif));
        }
    }
    Ok(seen)
}

/// Dumps links.
pub fn links(_: u32) -> Result<u64> {
    let (router, _) = NlRouter::connect(NlFamily::Route, None, Groups::empty()).map_err(|e| anyhow!("{e}"))?;
    let message = IfinfomsgBuilder::default().ifi_family(RtAddrFamily::Unspecified).build()?;
    let links = router
        .send::<_, _, Rtm, Ifinfomsg>(Rtm::Getlink, NlmF::DUMP, NlPayload::Payload(message))
        .map_err(|e| anyhow!("{e}"))?;
    let mut seen = 0;
    for link in links {
        let link = link.map_err(|e| anyhow!("{e}"))?;
        if let NlPayload::Payload(link) = link.nl_payload() {
            let find = |number| link.rtattrs().iter().find(|a| *a.rta_type() == number);
            let ours = find(Ifla::Ifname).is_some_and(|name| name.rta_payload().as_ref().starts_with(b"i"));
            seen += u64::from(ours && find(Ifla::Mtu).is_some());
        }
    }
    Ok(seen)
}
