//! `fdb add`, `append`, `replace`, `delete` and `flush`.

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::Words;
use netloom::neighbour::{self, NeighbourFlags, NeighbourState, Order};
use netloom::verb::Verb;
use netloom::wire::HardwareAddress;

/// Bits of `NFEA_ACTIVITY_NOTIFY`: track and notify.
const NOTIFY: u8 = 1;
/// Is inactive.
const INACTIVE: u8 = 2;

/// Gives an order: `fdb add` and its kin.
pub(super) fn order<V: Verb>(cx: &mut Context, words: &Words) -> Outcome {
    let order: Order<V> = read(cx, words)?;
    cx.order(&order)
}

fn read<V: Verb>(cx: &mut Context, words: &Words) -> Result<Order<V>, Failure> {
    let device = words.text("dev").ok_or_else(|| words.missing("dev"))?;
    let mac = words.bytes("to").and_then(HardwareAddress::new).ok_or_else(|| words.missing("to"))?;
    if mac.as_bytes().len() != 6 {
        return Err(words.wrong(format!("{mac} is not an Ethernet address")));
    }
    let mut order = Order::<V>::fdb(cx.device(device)?, mac);
    if words.has("self") || !words.has("master") {
        order = order.on_device();
    }
    if words.has("master") {
        order = order.flags(NeighbourFlags::MASTER);
    }
    order = order.state(state(words));
    for (word, flag) in [
        ("router", NeighbourFlags::ROUTER),
        ("use", NeighbourFlags::USE),
        ("extern_learn", NeighbourFlags::EXT_LEARNED),
        ("sticky", NeighbourFlags::STICKY),
    ] {
        if words.has(word) {
            order = order.flags(flag);
        }
    }
    if let Some(dst) = words.address("dst") {
        if words.has("nhid") {
            return Err(words.wrong("dst and nhid exclude each other"));
        }
        order = order.dst(dst);
    }
    macro_rules! set { ($($method:ident = $name:literal;)*) => { $(
        if let Some(value) = words.number($name) {
            order = order.$method(value);
        }
    )* } }
    set! { nexthop_id = "nhid"; port = "port"; vni = "vni"; src_vni = "src_vni"; vlan = "vlan"; }
    if let Some(via) = words.text("via") {
        order = order.via(cx.device(via)?);
    }
    let notify = [("activity_notify", NOTIFY), ("inactive", INACTIVE)];
    let activity = notify.iter().filter(|(word, _)| words.has(word)).fold(0, |bits, (_, bit)| bits | bit);
    if activity != 0 {
        order = order.activity(activity);
    }
    Ok(if words.has("norefresh") { order.dont_refresh() } else { order })
}

/// State as `bridge fdb` makes it of its words: for ever, unless something else is said.
fn state(words: &Words) -> NeighbourState {
    let mut state = NeighbourState::NOARP;
    if words.has("static") | words.has("temp") {
        state |= NeighbourState::REACHABLE;
    }
    if words.has("dynamic") {
        state = (state | NeighbourState::REACHABLE) - NeighbourState::NOARP;
    }
    let lasting = words.has("local") | words.has("permanent");
    if lasting || !state.intersects(NeighbourState::PERMANENT | NeighbourState::REACHABLE) {
        state |= NeighbourState::PERMANENT;
    }
    state
}

/// `fdb flush`.
pub(super) fn flush(cx: &mut Context, words: &Words) -> Outcome {
    let device = words.text("dev").ok_or_else(|| words.missing("dev"))?;
    let index = cx.device(device)?;
    let of_itself = words.has("self");
    let mut flush = if words.has("master") && !of_itself {
        neighbour::FlushFdb::of_master(index)
    } else {
        neighbour::FlushFdb::of_device(index)
    };
    if let Some(port) = words.text("brport") {
        flush = flush.port(cx.device(port)?);
    }
    macro_rules! set { ($($method:ident = $name:literal;)*) => { $(
        if let Some(value) = words.number($name) {
            flush = flush.$method(value);
        }
    )* } }
    set! { vlan = "vlan"; src_vni = "src_vni"; nexthop_id = "nhid"; vni = "vni"; udp_port = "port"; }
    if let Some(dst) = words.address("dst") {
        flush = flush.dst(dst);
    }
    let (mut states, mut mask) = (NeighbourState::empty(), NeighbourState::empty());
    let both = NeighbourState::PERMANENT | NeighbourState::NOARP;
    for (word, bits, of) in [
        ("permanent", NeighbourState::PERMANENT, NeighbourState::PERMANENT),
        ("static", NeighbourState::NOARP, both),
        ("dynamic", NeighbourState::empty(), both),
    ] {
        match words.bool(word) {
            Some(true) => (states, mask) = (states | bits, mask | of),
            // What is not dynamic is static or for ever: at least it needs no resolution.
            Some(false) if bits.is_empty() => {
                (states, mask) = (states | NeighbourState::NOARP, mask | NeighbourState::NOARP)
            }
            Some(false) => mask |= bits,
            None => {}
        }
    }
    if !mask.is_empty() {
        flush = flush.states(states, mask);
    }
    let (mut flags, mut mask) = (NeighbourFlags::empty(), NeighbourFlags::empty());
    for (word, flag) in [
        ("added_by_user", NeighbourFlags::USE),
        ("extern_learn", NeighbourFlags::EXT_LEARNED),
        ("sticky", NeighbourFlags::STICKY),
        ("offloaded", NeighbourFlags::OFFLOADED),
        ("router", NeighbourFlags::ROUTER),
    ] {
        if let Some(on) = words.bool(word) {
            mask |= flag;
            flags.set(flag, on);
        }
    }
    if !mask.is_empty() {
        flush = flush.flags(flags, mask);
    }
    cx.run(&flush)
}
