//! PHYs: which there are, collision avoidance, quality of the signal, power over the cable; offloaded tunnels.

use super::given::given;
use super::sheet::Sheet;
use super::talk::{CHANGED, Talk, changed, must_say, set, show};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::commands::{
    GetMse, GetPlca, GetPlcaStatus, GetPse, GetTunnelInfo, ListMse, ListPhy, ListPlca, ListPlcaStatus, ListPse,
    ListTunnelInfo, SetPlca, SetPse,
};
use netloom::ethtool::mse::{Mse, MseSnapshot};
use netloom::ethtool::phy::{Phy, Upstream};
use netloom::ethtool::plca::Plca;
use netloom::ethtool::pse::{PodlState, PodlStatus, PoeState, PoeStatus, Pse};
use netloom::ethtool::strings::StringSetId;
use netloom::ethtool::tunnel::{TunnelInfo, TunnelKind};

const ADMIN: Kind = Kind::OneOf(&[("enable", 3), ("disable", 2)]);

pub(super) const PLCA: &[Word] = &[
    CHANGED,
    word("enable", Kind::OnOff, "whether it is on"),
    word("node-id", Kind::U8, "number of this node; 0 is the coordinator, 255 turns it off"),
    word("node-cnt", Kind::Number(1, 255), "transmit opportunities in a cycle"),
    word("to-tmr", Kind::U8, "length of a transmit opportunity, in bit times"),
    word("burst-cnt", Kind::U8, "packets that may follow the first in one opportunity"),
    word("burst-tmr", Kind::U8, "bit times to wait for the next packet of a burst"),
];
pub(super) const PSE: &[Word] = &[
    CHANGED,
    word("podl-pse-admin-control", ADMIN, "PoDL: whether power may flow"),
    word("c33-pse-admin-control", ADMIN, "PoE: whether power may flow"),
    word("c33-pse-avail-pw-limit", Kind::U32, "PoE: greatest power that may be drawn, in milliwatts"),
    word("prio", Kind::U32, "priority of the port when power runs short; 0 is the highest"),
];

pub(super) fn show_phys(cx: &mut Context, words: &Words) -> Outcome {
    // A dump of one device's, as several messages are not an answer to a get; kernels that do not filter answer for all.
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

pub(super) fn show_plca(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetPlca::of, |flags| ListPlca::with(flags, |w| w), |_, found| Ok(plca(found)))
}

pub(super) fn plca(found: &Plca) -> Sheet {
    let mut s = Sheet::default();
    s.some("version", found.version().map(|version| format!("{}.{}", version >> 4 & 0xf, version & 0xf)));
    s.some("enable", found.enabled());
    s.some("node-id", found.node_id());
    s.some("node-cnt", found.nodes());
    s.some("to-tmr", found.opportunity_timer());
    s.some("burst-cnt", found.burst_count());
    s.some("burst-tmr", found.burst_timer());
    s
}

pub(super) fn set_plca(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let set = SetPlca::of(device, |w| {
        given!(w, words; bool "enable" => enabled, number "node-id" => node_id, number "node-cnt" => nodes,
            number "to-tmr" => opportunity_timer, number "burst-cnt" => burst_count, number "burst-tmr" => burst_timer)
    });
    Talk::open(cx)?.run(&set)
}

pub(super) fn show_plca_status(cx: &mut Context, words: &Words) -> Outcome {
    show(
        cx,
        words,
        false,
        GetPlcaStatus::of,
        |flags| ListPlcaStatus::with(flags, |w| w),
        |_, found| {
            let mut s = Sheet::default();
            s.some("plca-status", found.status().map(|up| if up { "on" } else { "off" }));
            Ok(s)
        },
    )
}

pub(super) fn show_mse(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetMse::of, |flags| ListMse::with(flags, |w| w), |_, found| Ok(mse(found)))
}

fn mse(found: &Mse) -> Sheet {
    let mut s = Sheet::default();
    if let Some(scale) = found.capabilities() {
        s.section("mse-capabilities", |s| {
            s.some("max-average-mse", scale.max_average());
            s.some("max-peak-mse", scale.max_peak());
            s.some("refresh-rate-ps", scale.refresh());
            s.some("symbols-per-sample", scale.symbols());
        });
    }
    let channels: [(&str, Option<&MseSnapshot>); 6] = [
        ("a", found.channel_a()),
        ("b", found.channel_b()),
        ("c", found.channel_c()),
        ("d", found.channel_d()),
        ("worst", found.worst_channel()),
        ("link", found.link()),
    ];
    let snapshots = channels.into_iter().filter_map(|(channel, snapshot)| {
        let snapshot = snapshot?;
        let mut s = Sheet::default();
        s.row("channel", channel);
        s.some("average-mse", snapshot.average());
        s.some("peak-mse", snapshot.peak());
        s.some("worst-peak-mse", snapshot.worst_peak());
        Some((channel.to_owned(), s))
    });
    s.sections("mse-snapshots", snapshots);
    s
}

pub(super) fn show_pse(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetPse::of, |flags| ListPse::with(flags, |w| w), |_, found| Ok(pse(found)))
}

pub(super) fn pse(found: &Pse) -> Sheet {
    let mut s = Sheet::default();
    s.some(
        "podl-pse-admin-state",
        found.podl_state().map(|state| match state {
            PodlState::Unknown => "unknown",
            PodlState::Disabled => "disabled",
            PodlState::Enabled => "enabled",
            _ => "unsupported",
        }),
    );
    s.some(
        "podl-pse-power-detection-status",
        found.podl_status().map(|status| match status {
            PodlStatus::Unknown => "unknown",
            PodlStatus::Disabled => "disabled",
            PodlStatus::Searching => "searching",
            PodlStatus::Delivering => "delivering power",
            PodlStatus::Sleep => "sleep",
            PodlStatus::Idle => "idle",
            PodlStatus::Error => "error",
            _ => "unsupported",
        }),
    );
    s.some(
        "c33-pse-admin-state",
        found.poe_state().map(|state| match state {
            PoeState::Unknown => "unknown",
            PoeState::Disabled => "disabled",
            PoeState::Enabled => "enabled",
            _ => "unsupported",
        }),
    );
    s.some(
        "c33-pse-power-detection-status",
        found.poe_status().map(|status| match status {
            PoeStatus::Unknown => "unknown",
            PoeStatus::Disabled => "disabled",
            PoeStatus::Searching => "searching",
            PoeStatus::Delivering => "delivering power",
            PoeStatus::Test => "test",
            PoeStatus::Fault => "fault",
            PoeStatus::OtherFault => "otherfault",
            _ => "unsupported",
        }),
    );
    s.some("c33-pse-extended-state", found.poe_reason().map(|reason| format!("{reason:?}")));
    s.some("c33-pse-extended-substate", found.poe_detail());
    s.some("c33-pse-power-class", found.poe_class());
    s.some("c33-pse-actual-power", found.poe_power());
    s.some("c33-pse-available-power-limit", found.poe_limit());
    let range = |range: &netloom::ethtool::pse::PowerRange| {
        let mut s = Sheet::default();
        s.some("min", range.min());
        s.some("max", range.max());
        ("range".to_owned(), s)
    };
    let ranges: Vec<(String, Sheet)> = found.poe_limit_range().map(range).collect();
    if !ranges.is_empty() {
        s.sections("c33-pse-power-limit-ranges", ranges);
    }
    s.some("power-domain-index", found.domain());
    s.some("priority-max", found.priority_max());
    s.some("priority", found.priority());
    s
}

pub(super) fn set_pse(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let set = SetPse::of(device, |w| {
        let w = given!(w, words; number "c33-pse-avail-pw-limit" => poe_limit, number "prio" => priority);
        let podl = words.number::<u32>("podl-pse-admin-control");
        let w = podl.into_iter().fold(w, |w, state| w.podl_control(state.into()));
        let poe = words.number::<u32>("c33-pse-admin-control");
        poe.into_iter().fold(w, |w, state| w.poe_control(state.into()))
    });
    Talk::open(cx)?.run(&set)
}

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
