//! `type bond_slave`, and what a bond says of its ports.

use super::fields::{address, number};
use crate::failure::Failure;
use crate::out::Record;
use crate::words::{Case, Kind, Word, Words, word};
use netloom::kind::{BondPort, BondPortWriter, LacpPartnerState};
use netloom::wire::{Buffer, Write};

pub(super) const CASE: Case = Case { name: "bond_slave", about: "a port of a bond", words: WORDS };

const WORDS: &[Word] = &[
    word("queue_id", Kind::U16, "transmit queue that is bound to it, 0 for none").prefix(),
    word("prio", Kind::Signed(i32::MIN as i64, i32::MAX as i64), "the higher the sooner it becomes the active port"),
];

const LACP_STATES: [(LacpPartnerState, &str); 8] = [
    (LacpPartnerState::ACTIVITY, "active"),
    (LacpPartnerState::TIMEOUT, "short_timeout"),
    (LacpPartnerState::AGGREGATION, "aggregating"),
    (LacpPartnerState::SYNCHRONIZATION, "in_sync"),
    (LacpPartnerState::COLLECTING, "collecting"),
    (LacpPartnerState::DISTRIBUTING, "distributing"),
    (LacpPartnerState::DEFAULTED, "defaulted"),
    (LacpPartnerState::EXPIRED, "expired"),
];

pub(super) fn read(words: &Words) -> Result<Buffer, Failure> {
    Ok(BondPort::new()
        .some(words.number("queue_id"), BondPortWriter::queue_id)
        .some(words.signed("prio"), BondPortWriter::prio)
        .into_buffer())
}

pub(super) fn describe(r: &mut Record, p: &BondPort) {
    if let Some(state) = p.state().map(u8::from) {
        match ["ACTIVE", "BACKUP"].get(usize::from(state)) {
            Some(name) => r.string("state", *name),
            None => r.number("state_index", state).label("state"),
        };
    }
    if let Some(status) = p.mii_status().map(u8::from) {
        match ["UP", "GOING_DOWN", "DOWN", "GOING_BACK"].get(usize::from(status)) {
            Some(name) => r.string("mii_status", *name).label("mii_status"),
            None => r.number("mii_status_index", status).label("mii_status"),
        };
    }
    number(r, "link_failure_count", "link_failure_count", p.link_failure_count());
    address(r, "perm_hwaddr", "perm_hwaddr", p.perm_hwaddr());
    number(r, "queue_id", "queue_id", p.queue_id());
    if let Some(prio) = p.prio() {
        r.number("prio", prio);
    }
    number(r, "ad_aggregator_id", "ad_aggregator_id", p.ad_aggregator_id());
    if let Some(state) = p.ad_actor_oper_port_state() {
        lacp_state(r, "ad_actor_oper_port_state", "ad_actor_oper_port_state_str", state.bits().into());
    }
    if let Some(state) = p.ad_partner_oper_port_state() {
        lacp_state(r, "ad_partner_oper_port_state", "ad_partner_oper_port_state_str", state.bits());
    }
    number(r, "actor_port_prio", "actor_port_prio", p.actor_port_prio());
}

fn lacp_state(r: &mut Record, key: &'static str, names_key: &'static str, bits: u16) {
    number(r, key, key, Some(bits));
    let state = LacpPartnerState::from_bits_retain(bits);
    let names: Vec<_> = LACP_STATES.iter().filter(|(bit, _)| state.contains(*bit)).map(|(_, name)| *name).collect();
    let shown = format!("{names_key} <{}>", names.join(","));
    r.strings(names_key, names).shown(shown);
}
