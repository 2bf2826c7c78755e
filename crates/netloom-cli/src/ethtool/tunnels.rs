//! Tunnels that a device offloads.

use super::sheet::Sheet;
use super::talk::{Talk, set, show};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::Words;
use netloom::ethtool::commands::{GetTunnelInfo, ListTunnelInfo};
use netloom::ethtool::strings::StringSetId;
use netloom::ethtool::tunnel::{TunnelInfo, TunnelKind};

pub(super) fn show_tunnels(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetTunnelInfo::of, |flags| ListTunnelInfo::with(flags, |w| w), tunnels)
}

fn tunnels(talk: &mut Talk, found: &TunnelInfo) -> Result<Sheet, Failure> {
    let mut tables = Vec::new();
    for (number, table) in found.udp_ports().into_iter().flat_map(|tables| tables.table()).enumerate() {
        let mut s = Sheet::default();
        s.some("size", table.size());
        let kinds = set(&talk.bits(table.kinds(), StringSetId::TunnelKinds)?);
        s.row("types", kinds);
        let entries = table.entry().map(|entry| {
            let mut s = Sheet::default();
            s.some("port", entry.port());
            s.some(
                "type",
                entry.kind().map(|kind| match kind {
                    TunnelKind::Vxlan => "vxlan".to_owned(),
                    TunnelKind::Geneve => "geneve".to_owned(),
                    TunnelKind::VxlanGpe => "vxlan-gpe".to_owned(),
                    other => u32::from(other).to_string(),
                }),
            );
            ("entry".to_owned(), s)
        });
        s.sections("entries", entries);
        tables.push((format!("table {number}"), s));
    }
    let mut s = Sheet::default();
    s.sections("udp-port-tables", tables);
    Ok(s)
}
