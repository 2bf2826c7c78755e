//! `netconf`: settings of IP on links.

use crate::context::Context;
use crate::devices::Devices;
use crate::failure::{Failure, Outcome};
use crate::options::Family;
use crate::out::{Paint, Record};
use crate::words::{Kind, Object, Verb, Word, Words, word};
use netloom::af;
use netloom::netconf::{self, Netconf};
use netloom::wire::{Errno, List};

pub(crate) static OBJECT: Object = Object {
    names: &["netconf"],
    about: "settings of IP on links",
    whole_verbs: false,
    one_failure: false,
    all_once: false,
    options: &[],
    verbs: &[Verb { names: &["show", "list", "lst"], about: "show settings", words: SHOW, run: show }],
};

const SHOW: &[Word] = &[word("dev", Kind::Device, "only of this link; `all` and `default` are none").bare()];

fn show(cx: &mut Context, words: &Words) -> Outcome {
    let index = match words.text("dev") {
        Some("all") => Some(netconf::ALL),
        Some("default") => Some(netconf::DEFAULT),
        Some(name) => i32::try_from(cx.device(name)?).ok(),
        None => None,
    };
    let families: &[u8] = match cx.options.family() {
        Some(Family::Inet) => &[af::INET],
        Some(Family::Inet6) => &[af::INET6],
        Some(Family::Mpls) => &[af::MPLS],
        _ => &[af::INET, af::INET6, af::MPLS],
    };
    let mut all = Vec::new();
    for family in families {
        // A protocol that the kernel lacks is no failure unless it was asked for.
        match settings(cx, *family, index) {
            Ok(list) => all.push(list),
            Err(Failure::Kernel(error)) if families.len() > 1 && is_lacking(error.errno()) => {}
            Err(other) => return Err(other),
        }
    }
    for settings in all.iter().flatten() {
        if let Some(index) = settings.index().and_then(|index| u32::try_from(index).ok()) {
            cx.learn_device(index)?;
        }
    }
    let devices = std::mem::take(&mut cx.devices);
    let mut list = cx.list();
    for settings in all.iter().flatten() {
        let mut r = Record::new();
        describe(&mut r, settings, &devices);
        list.push(r)?;
    }
    list.finish()?;
    cx.devices = devices;
    Ok(())
}

fn is_lacking(errno: Option<Errno>) -> bool {
    matches!(errno, Some(Errno::EOPNOTSUPP | Errno::EAFNOSUPPORT | Errno::EINVAL | Errno::ENODEV))
}

fn settings(cx: &mut Context, family: u8, index: Option<i32>) -> Result<List<Netconf>, Failure> {
    let Some(index) = index else { return cx.run(&netconf::List::family(family)) };
    let mut one = List::new();
    one.push(&*cx.run(&netconf::Get::family(family, index))?);
    Ok(one)
}

/// Describes the settings of a protocol on a link.
pub(crate) fn describe(r: &mut Record, settings: &Netconf, devices: &Devices) {
    match settings.family() {
        af::INET => r.string("family", "inet").bare().column(),
        af::INET6 => r.string("family", "inet6").bare().column(),
        af::MPLS => r.string("family", "mpls").bare().column(),
        other => r.number("family", other).column(),
    };
    if let Some(index) = settings.index() {
        let name = match index {
            netconf::ALL => "all".into(),
            netconf::DEFAULT => "default".into(),
            index => devices.name(u32::try_from(index).unwrap_or_default()),
        };
        r.string("interface", name).bare().paint(Paint::Device).column();
    }
    switch(r, "forwarding", settings.forwarding());
    if let Some(filter) = settings.rp_filter() {
        let name = match filter {
            0 => "off",
            1 => "strict",
            2 => "loose",
            _ => "unknown mode",
        };
        r.string("rp_filter", name).label("rp_filter");
    }
    switch(r, "bc_forwarding", settings.bc_forwarding());
    switch(r, "mc_forwarding", settings.mc_forwarding());
    switch(r, "proxy_neigh", settings.proxy_neigh());
    switch(r, "ignore_routes_with_linkdown", settings.ignore_routes_with_linkdown());
    switch(r, "input", settings.input());
    switch(r, "force_forwarding", settings.force_forwarding());
}

fn switch(r: &mut Record, key: &'static str, value: Option<i32>) {
    if let Some(value) = value {
        let text = if value == 0 { "off" } else { "on" };
        r.bool(key, value != 0).shown(format!("{key} {text}"));
    }
}
