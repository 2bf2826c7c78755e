//! How clean a link's signal is.

use super::sheet::Sheet;
use super::talk::show;
use crate::context::Context;
use crate::failure::Outcome;
use crate::words::Words;
use netloom::ethtool::commands::{GetMse, ListMse};
use netloom::ethtool::mse::{Mse, MseSnapshot};

pub(super) fn show_mse(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetMse::of, |flags| ListMse::with(flags, |w| w), |_, found| Ok(mse(found)))
}

fn mse(found: &Mse) -> Sheet {
    let mut s = Sheet::default();
    if let Some(scale) = found.capabilities() {
        s.section("mse-capabilities", |s| {
            s.some("refresh-rate-ps", scale.refresh());
            s.some("symbols-per-sample", scale.symbols());
            s.some("max-average-mse", scale.max_average());
            s.some("max-peak-mse", scale.max_peak());
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
