//! `addrlabel`: labels of IPv6 prefixes.

use crate::context::Context;
use crate::devices::Devices;
use crate::failure::{Failure, Outcome};
use crate::flush;
use crate::out::{Paint, Record};
use crate::words::{Kind, Object, Verb, Word, Words, word};
use netloom::addrlabel::{self, AddressLabel, Order};
use netloom::verb::{Add, Delete};
use std::net::IpAddr;

pub(crate) static OBJECT: Object = Object {
    names: &["addrlabel"],
    about: "labels of IPv6 prefixes, by which source addresses are chosen",
    whole_verbs: false,
    one_failure: false,
    all_once: false,
    options: &[],
    verbs: &[
        Verb { names: &["list", "show", "lst"], about: "show labels", words: &[], run: show },
        Verb { names: &["add"], about: "give a prefix a label", words: LABEL, run: order::<Add> },
        Verb { names: &["delete"], about: "take a prefix's label away", words: LABEL, run: order::<Delete> },
        Verb { names: &["flush"], about: "take all labels away", words: &[], run: flush_all },
    ],
};

const LABEL: &[Word] = &[
    word("prefix", Kind::Prefix, "the prefix"),
    word("dev", Kind::Device, "for this link alone"),
    word("label", Kind::Number(0, u32::MAX as u64 - 1), "the label"),
];

fn show(cx: &mut Context, _: &Words) -> Outcome {
    let labels = cx.run(&addrlabel::List::all())?;
    for label in labels.iter().filter(|label| label.index() > 0) {
        cx.learn_device(label.index())?;
    }
    let devices = std::mem::take(&mut cx.devices);
    let mut list = cx.list();
    for label in &labels {
        let mut r = Record::new();
        describe(&mut r, label, &devices);
        list.push(r)?;
    }
    list.finish()?;
    cx.devices = devices;
    Ok(())
}

/// Describes a label.
pub(crate) fn describe(r: &mut Record, label: &AddressLabel, devices: &Devices) {
    if let Some(address) = label.address() {
        let length = label.prefix_length();
        let shown = format!("{address}/{length}");
        r.text("prefix");
        r.string("address", address.to_string()).shown(shown).paint(Paint::Inet6);
        r.number("prefixlen", length).json_only();
    }
    if label.index() > 0 {
        r.string("ifname", devices.name(label.index())).label("dev").paint(Paint::Device);
    }
    if let Some(number) = label.label() {
        r.number("label", number);
    }
}

/// Gives an order: `addrlabel add` and its kin.
fn order<V: netloom::verb::Verb>(cx: &mut Context, words: &Words) -> Outcome {
    let order: Order<V> = read(cx, words)?;
    cx.order(&order)
}

fn read<V: netloom::verb::Verb>(cx: &mut Context, words: &Words) -> Result<Order<V>, Failure> {
    let prefix = words.prefix("prefix").ok_or_else(|| words.lacking("prefix"))?;
    let IpAddr::V6(address) = prefix.address.unwrap_or_else(|| IpAddr::V6([0; 16].into())) else {
        return Err(words.wrong("only IPv6 prefixes have labels"));
    };
    let label = words.number("label").ok_or_else(|| words.lacking("label"))?;
    let mut order = Order::new(address, prefix.length).label(label);
    if let Some(device) = words.text("dev") {
        order = order.device(cx.device_given(device)?);
    }
    Ok(order)
}

fn flush_all(cx: &mut Context, _: &Words) -> Outcome {
    flush::flush(cx, addrlabel::List::all(), |_| true, true)
}
