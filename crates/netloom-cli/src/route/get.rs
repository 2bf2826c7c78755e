//! `route get`.

use super::change::table_of_vrf;
use super::destination::{self, Destination};
use super::filter::Hidden;
use super::show::print;
use crate::context::Context;
use crate::encap::labels;
use crate::failure::{Failure, Outcome};
use crate::words::{Value, Words};
use netloom::route::Get;
use netloom::{Prefix, af};
use std::net::{Ipv4Addr, Ipv6Addr};

/// `route get`.
pub(super) fn get(cx: &mut Context, words: &Words) -> Outcome {
    let get = question(cx, words)?;
    let connected = words.has("connected") && !words.has("from");
    let mut route = cx.run(&get)?;
    if connected {
        let source = route.prefsrc().or_else(|| route.src());
        let source =
            source.ok_or_else(|| Failure::Failed("route get: the route that was found has no source".into()))?;
        route = cx.run(&get.from(source))?;
    }
    print(cx, || std::iter::once(&*route), Hidden::default())
}

fn question(cx: &mut Context, words: &Words) -> Result<Get, Failure> {
    let mut to = None;
    for value in words.all("to") {
        if let Value::Text(given) = value {
            to = Some(Destination::read(cx, words, given)?);
        }
    }
    let mut get = match to.ok_or_else(|| words.lacking("to"))? {
        Destination::Label(label) => Get::label(label),
        Destination::Prefix(prefix) => {
            if !prefix.is_host() {
                cx.warn(&format!(
                    "Warning: /{} says nothing here: the route of one address is looked up",
                    prefix.length()
                ));
            }
            Get::to_prefix(Prefix::from(prefix.address()))
        }
        // The kernel looks up the address of nothing.
        Destination::Default if destination::family(cx) == Some(af::INET6) => {
            Get::to_prefix(Prefix::from(Ipv6Addr::UNSPECIFIED))
        }
        Destination::Default => Get::to_prefix(Prefix::from(Ipv4Addr::UNSPECIFIED)),
    };
    if let Some(from) = words.address("from") {
        get = get.from(from);
    }
    macro_rules! set { ($($method:ident = $name:literal;)*) => { $(
        if let Some(value) = words.number($name) {
            get = get.$method(value);
        }
    )* } }
    set! {
        mark = "mark"; uid = "uid"; ip_protocol = "ipproto"; sport = "sport"; dport = "dport";
        flowlabel = "flowlabel";
    }
    if let Some(given) = words.text("as") {
        get = get.labels(&labels(words, given)?);
    }
    if let Some(tos) = words.number("tos") {
        get = get.tos(tos);
    }
    if let Some(device) = words.text("iif") {
        get = get.iif(cx.device(device)?);
    }
    if let Some(vrf) = words.text("vrf") {
        table_of_vrf(cx, words, vrf)?;
    }
    if let Some(device) = words.last_text(&["oif", "vrf"]) {
        get = get.oif(cx.device(device)?);
    }
    if words.has("notify") {
        get = get.notify();
    }
    Ok(if words.has("fibmatch") { get.fib_match() } else { get })
}
