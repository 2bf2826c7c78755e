//! PHYs attached to a device.

use super::sheet::Sheet;
use super::talk::Talk;
use crate::context::Context;
use crate::failure::Outcome;
use crate::words::Words;
use netloom::ethtool::commands::ListPhy;
use netloom::ethtool::phy::{Phy, Upstream};

pub(super) fn show_phys(cx: &mut Context, words: &Words) -> Outcome {
    // A device has several; kernels that do not filter answer for all devices.
    let wanted = super::talk::shown(words).map(str::to_owned);
    let mut talk = Talk::open(cx)?;
    let found = match &wanted {
        Some(name) => {
            talk.run(&ListPhy::with(netloom::ethtool::HeaderFlags::empty(), |w| w.header(|h| h.name(name))))?
        }
        None => talk.run(&ListPhy::all())?,
    };
    let of = |phy: &Phy| wanted.is_none() || phy.header().and_then(|header| header.name()) == wanted.as_deref();
    let records: Vec<_> = found.iter().filter(|phy| of(phy)).map(|found| phy(found).of(found.header())).collect();
    super::talk::print(cx, records)
}

pub(super) fn phy(found: &Phy) -> Sheet {
    let mut s = Sheet::default();
    s.some("phy_index", found.index());
    s.some("drvname", found.driver());
    s.some("name", found.name());
    s.some("downstream_sfp_name", found.downstream_sfp());
    s.some(
        "upstream_type",
        found.upstream().map(|upstream| match upstream {
            Upstream::Mac => "MAC".to_owned(),
            Upstream::Phy => "PHY".to_owned(),
            other => u32::from(other).to_string(),
        }),
    );
    s.some("upstream_index", found.upstream_index());
    s.some("upstream_sfp_name", found.upstream_sfp());
    s
}
