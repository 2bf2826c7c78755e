//! `ntable`: neighbour tables and their settings.

use crate::context::Context;
use crate::devices::Devices;
use crate::failure::Outcome;
use crate::options::{Family, Options};
use crate::out::Record;
use crate::words::{Kind, Object, Verb, Word, Words, word};
use netloom::af;
use netloom::neighbour_table::{self, NeighbourParameters, NeighbourTable};
use netloom::wire::{Object as _, Request as _};
use std::collections::BTreeSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub(crate) static OBJECT: Object = Object {
    names: &["ntable", "ntbl"],
    about: "neighbour tables and their settings",
    whole_verbs: false,
    one_failure: false,
    all_once: false,
    options: &[],
    verbs: &[
        Verb { names: &["change", "chg"], about: "change settings of a table", words: CHANGE, run: change },
        Verb { names: &["show", "list", "lst"], about: "show tables and settings", words: SHOW, run: show },
    ],
};

const SHOW: &[Word] = &[
    word("dev", Kind::Device, "only settings for this link"),
    word("name", Kind::Text("NAME"), "only this table: arp_cache, ndisc_cache"),
];

/// Times are in milliseconds.
const CHANGE: &[Word] = &[
    word("name", Kind::Text("NAME"), "the table: arp_cache, ndisc_cache").once(),
    word("thresh1", Kind::U32, "entries below which nothing is collected"),
    word("thresh2", Kind::U32, "entries above which old ones are collected"),
    word("thresh3", Kind::U32, "most entries"),
    word("gc_int", Kind::U64, "ms between collections"),
    word("dev", Kind::Device, "for this link; else for links to come"),
    word("base_reachable", Kind::U64, "ms for which a neighbour counts as reachable"),
    word("retrans", Kind::U64, "ms between probes"),
    word("gc_stale", Kind::U64, "ms after which an unused entry is collected"),
    word("delay_probe", Kind::U64, "ms before a stale neighbour is probed"),
    word("queue", Kind::U32, "packets that wait for an address"),
    word("app_probes", Kind::U32, "probes that a daemon sends"),
    word("ucast_probes", Kind::U32, "probes sent to the known address"),
    word("mcast_probes", Kind::U32, "probes sent to all"),
    word("anycast_delay", Kind::U64, "ms of delay, at most, before an anycast address is answered for"),
    word("proxy_delay", Kind::U64, "ms of delay, at most, before a proxied address is answered for"),
    word("proxy_queue", Kind::U32, "questions for proxied addresses that wait"),
    word("locktime", Kind::U64, "ms during which an entry is not overwritten"),
];

fn family(options: &Options) -> u8 {
    options.family().map_or(af::UNSPEC, Family::number)
}

fn change(cx: &mut Context, words: &Words) -> Outcome {
    let name = words.text("name").ok_or_else(|| words.missing("name"))?;
    let mut set = neighbour_table::Set::new(name).family(family(&cx.options));
    if let Some(device) = words.text("dev") {
        set = set.device(cx.device(device)?);
    }
    let mut changes = false;
    macro_rules! set { ($($method:ident = $name:literal;)*) => { $(
        if let Some(value) = words.number($name) {
            set = set.$method(value);
            changes = true;
        }
    )* } }
    set! {
        thresh1 = "thresh1";
        thresh2 = "thresh2";
        thresh3 = "thresh3";
        gc_interval = "gc_int";
        base_reachable_time = "base_reachable";
        retrans_time = "retrans";
        gc_stale_time = "gc_stale";
        delay_probe_time = "delay_probe";
        queue_length = "queue";
        app_probes = "app_probes";
        ucast_probes = "ucast_probes";
        mcast_probes = "mcast_probes";
        anycast_delay = "anycast_delay";
        proxy_delay = "proxy_delay";
        proxy_queue_length = "proxy_queue";
        lock_time = "locktime";
    }
    if !changes {
        return Err(words.wrong("nothing says what to change"));
    }
    cx.run(&set)
}

fn show(cx: &mut Context, words: &Words) -> Outcome {
    let mut asked = neighbour_table::List::family(family(&cx.options));
    if let Some(device) = words.text("dev") {
        asked = asked.device(cx.device_given(device)?);
    }
    if let Some(name) = words.text("name") {
        asked = asked.name(name);
    }
    let tables = match family(&cx.options) {
        af::UNSPEC => cx.run(&neighbour_table::Tables)?,
        _ => cx.run(&asked)?,
    };
    for index in tables.iter().filter_map(NeighbourTable::index).filter(|index| *index > 0) {
        cx.learn_device(index)?;
    }
    let devices = std::mem::take(&mut cx.devices);
    let options = cx.options.clone();
    let mut list = cx.list();
    let mut shown = BTreeSet::new();
    // The kernel repeats a table whose settings do not fit one datagram.
    for table in tables.iter().filter(|table| asked.accepts(table) && shown.insert(table.key())) {
        let mut r = Record::new();
        describe(&mut r, table, &devices, &options);
        list.push(r)?;
    }
    list.finish()?;
    cx.devices = devices;
    Ok(())
}

/// Writes numbers that are there, each under its key.
macro_rules! numbers { ($r:ident, $($key:literal = $value:expr;)*) => { $(
    if let Some(value) = $value {
        $r.number($key, value).label($key);
    }
)* } }

/// Describes a table, or its settings for a link.
pub(crate) fn describe(r: &mut Record, table: &NeighbourTable, devices: &Devices, options: &Options) {
    match table.family() {
        af::INET => r.string("family", "inet").bare(),
        af::INET6 => r.string("family", "inet6").bare(),
        other => r.number("family", other),
    };
    if let Some(name) = table.name() {
        r.string("name", name).bare();
    }
    let parameters = table.parameters();
    if let Some(index) = table.index() {
        r.line(4);
        // The kernel's own device for packets to nowhere has no index.
        r.string("dev", if index == 0 { "*".into() } else { devices.name(index) });
    } else {
        r.line(4);
        numbers! { r,
            "thresh1" = table.thresh1();
            "thresh2" = table.thresh2();
            "thresh3" = table.thresh3();
        }
        if let Some(interval) = table.gc_interval() {
            r.number("gc_interval", interval).label("gc_int");
        }
        if options.statistics > 0 {
            config(r, table);
        }
    }
    if let Some(parameters) = parameters {
        settings(r, parameters);
    }
    if options.statistics > 0 {
        statistics(r, table);
    }
}

fn config(r: &mut Record, table: &NeighbourTable) {
    let Some(config) = table.config() else { return };
    r.line(4);
    r.number("key_length", config.key_length).label("config key_len");
    r.number("entry_size", config.entry_size).label("entry_size");
    r.number("entries", config.entries);
    r.line(8);
    r.string("last_flush", ago(config.last_flush)).label("last_flush");
    r.string("last_rand", ago(config.last_rand)).label("last_rand");
    r.line(8);
    r.number("hash_rnd", config.hash_random).label("hash_rnd");
    r.string("hash_mask", crate::named::hex(config.hash_mask)).shown(format!("hash_mask {:08x}", config.hash_mask));
    r.number("hash_chain_gc", config.hash_chain_gc).label("hash_chain_gc");
    r.number("proxy_qlen", config.proxy_queue_length).label("proxy_qlen");
}

fn settings(r: &mut Record, p: &NeighbourParameters) {
    r.line(4);
    numbers! { r,
        "refcnt" = p.references();
        "reachable" = p.reachable_time();
        "base_reachable" = p.base_reachable_time();
        "retrans" = p.retrans_time();
    }
    r.line(4);
    numbers! { r,
        "gc_stale" = p.gc_stale_time();
        "delay_probe" = p.delay_probe_time();
        "queue" = p.queue_length();
    }
    r.line(4);
    numbers! { r,
        "app_probes" = p.app_probes();
        "ucast_probes" = p.ucast_probes();
        "mcast_probes" = p.mcast_probes();
    }
    r.line(4);
    numbers! { r,
        "anycast_delay" = p.anycast_delay();
        "proxy_delay" = p.proxy_delay();
        "proxy_queue" = p.proxy_queue_length();
        "locktime" = p.lock_time();
    }
}

fn statistics(r: &mut Record, table: &NeighbourTable) {
    let Some(stats) = table.statistics() else { return };
    r.line(4);
    r.number("allocs", stats.allocs).label("stats allocs");
    numbers! { r,
        "destroys" = Some(stats.destroys);
        "hash_grows" = Some(stats.hash_grows);
    }
    r.line(4);
    numbers! { r,
        "res_failed" = Some(stats.resolutions_failed);
        "lookups" = Some(stats.lookups);
        "hits" = Some(stats.hits);
    }
    r.line(4);
    numbers! { r,
        "rcv_probes_mcast" = Some(stats.received_probes_mcast);
        "rcv_probes_ucast" = Some(stats.received_probes_ucast);
    }
    r.line(4);
    numbers! { r,
        "periodic_gc_runs" = Some(stats.periodic_gc_runs);
        "forced_gc_runs" = Some(stats.forced_gc_runs);
    }
    r.line(4);
    numbers! { r, "table_fulls" = Some(stats.table_fulls); }
}

/// The time that was so many milliseconds ago, in UTC.
fn ago(milliseconds: u32) -> String {
    let then = SystemTime::now().checked_sub(Duration::from_millis(milliseconds.into())).unwrap_or(UNIX_EPOCH);
    utc(then.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}

/// Seconds since 1970 as date and time.
fn utc(seconds: u64) -> String {
    let (mut days, of_day) = (seconds / 86_400, seconds % 86_400);
    let leap = |year: u64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in lengths {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{:02} {hour:02}:{minute:02}:{second:02}", days + 1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn days_fall_into_months_and_leap_years() {
        assert_eq!(super::utc(0), "1970-01-01 00:00:00");
        assert_eq!(super::utc(951_782_399), "2000-02-28 23:59:59");
        assert_eq!(super::utc(951_782_400), "2000-02-29 00:00:00");
        assert_eq!(super::utc(4_107_542_400), "2100-03-01 00:00:00");
        assert_eq!(super::utc(1_735_689_599), "2024-12-31 23:59:59");
    }
}
