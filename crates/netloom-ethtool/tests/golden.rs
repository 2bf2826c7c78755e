//! What `ethtool` sends, and what a kernel answers and tells, byte for byte.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::collections::BTreeSet;

use netloom_ethtool::{
    DeviceRef,
    bitset::BitsetWriter,
    cable::CablePair,
    commands::*,
    features::Features,
    linkinfo::{Mdix, Port},
    linkmodes::Duplex,
    message_types,
    module::PowerPolicy,
    pse::PoeState,
    statistics::Statistics,
    strings::{StringSetId, StringSets},
    timestamping::TimestampQualifier,
};
use netloom_testkit::{Direction, Golden};
use netloom_wire::{Buffer, Fields, Layout, Node, Request, View, check, generic, nlmsg, reencode};

/// Every golden message: where it is from, its command, and what follows the header of generic netlink.
fn messages() -> impl Iterator<Item = (Golden, u16, Vec<u8>)> {
    let split = |golden: Golden| {
        let messages = golden.messages.clone();
        messages.into_iter().map(move |message| {
            let (header, body) = message[nlmsg::HEADER..].split_at(generic::HEADER);
            assert_eq!(header, generic::header(header[0].into(), 1), "{}", golden.title());
            (golden.clone(), header[0].into(), body.to_vec())
        })
    };
    Golden::in_crate("netloom-ethtool").into_iter().flat_map(split)
}

/// The table of a message: requests, answers and notifications have numbers of their own.
fn layout(golden: &Golden, command: u16) -> &'static Layout {
    let end = match golden.direction {
        Direction::Reply if golden.name.starts_with("notice-") => Some("_NTF"),
        Direction::Reply => Some("_REPLY"),
        Direction::Request => None,
    };
    let fits = |kernel: &str| match end {
        Some(end) => kernel.ends_with(end),
        None => !kernel.ends_with("_NTF") && !kernel.ends_with("_REPLY"),
    };
    let known = message_types().iter().find(|known| known.number == command && fits(known.kernel));
    (known.unwrap_or_else(|| panic!("{}: no table for command {command}", golden.title())).layout)()
}

#[test]
fn every_message_fits_its_table_and_is_written_as_it_was_read() {
    for (golden, command, body) in messages() {
        let layout = layout(&golden, command);
        assert_eq!(check(layout, &body), Ok(()), "{}", golden.title());
        let unknown =
            Fields::new(layout, &body).attributes().find(|(tlv, row, _)| row.is_none() && !tlv.payload.is_empty());
        assert!(unknown.is_none(), "{}: {unknown:?}", golden.title());
        assert_eq!(reencode(layout, &body).unwrap(), body, "{}", golden.title());
    }
}

struct Compared(BTreeSet<String>);

impl Compared {
    fn same<R: Request>(&mut self, request: &R, name: &str) {
        let (_, command, body) = messages().find(|(golden, ..)| golden.name == name).unwrap();
        assert_eq!(command, R::COMMAND, "{name}");
        let mut ours = Buffer::new();
        request.write(&mut ours);
        let ours = ours.finish().unwrap();
        // ethtool does not clear the padding behind its strings: what differs is 0 with us, and says nothing.
        let mut differing = ours.iter().zip(&body).filter(|(ours, theirs)| ours != theirs);
        assert!(ours.len() == body.len() && differing.all(|(ours, _)| *ours == 0), "{name}: {ours:?} {body:?}");
        let says = |bytes: &[u8]| format!("{:?}", Node::Fields(Fields::new(R::Body::layout(), bytes)));
        assert_eq!(says(&ours), says(&body), "{name}");
        let _ = self.0.insert(name.to_owned());
    }
}

#[test]
fn requests_are_those_of_ethtool() {
    let mut all = Compared(BTreeSet::new());
    let compact = || DeviceRef::from("v0").compact();
    all.same(&GetRings::of("v0"), "get-rings");
    all.same(&GetPause::of(DeviceRef::from("v0").statistics()), "get-pause");
    all.same(&GetTimestamping::of("v0"), "get-timestamping");
    let groups = |b: BitsetWriter| b.list(["eth-mac", "rmon"]);
    all.same(&GetStatistics::with("v0", |w| w.groups(groups)), "get-statistics");
    let piece = GetModuleEeprom::with("v0", |w| w.length(16).offset(128).page(3).bank(0).i2c_address(0x50));
    all.same(&piece, "get-eeprom");
    all.same(&GetRss::with("v0", |w| w.context(2)), "get-rss");
    all.same(&GetPlca::of(DeviceRef::from("v0").phy(2)), "get-plca");
    all.same(&SetRings::of("v0", |w| w.rx(512).tx(256)), "set-rings");
    all.same(&SetChannels::of("v0", |w| w.rx(2).tx(2)), "set-channels");
    all.same(&SetCoalesce::of("v0", |w| w.rx_usecs(50).use_adaptive_rx(true)), "set-coalesce");
    all.same(&SetPause::of("v0", |w| w.autoneg(false).rx(true)), "set-pause");
    let modes = SetLinkModes::of("v0", |w| w.speed(1000).duplex(Duplex::Full).autoneg(false));
    all.same(&modes, "set-linkmodes");
    let names = [("100baseT/Full", true), ("1000baseT/Full", false)];
    all.same(&SetLinkModes::of("v0", |w| w.ours(|b| b.named(names))), "set-linkmodes-names");
    all.same(&SetLinkModes::of("v0", |w| w.ours(|b| b.words(6, &[0x20], &[0x30]))), "set-linkmodes-mask");
    let info = SetLinkInfo::of("v0", |w| w.port(Port::TwistedPair).mdix_control(Mdix::Auto).phyaddr(3));
    all.same(&info, "set-linkinfo");
    all.same(&SetEee::of("v0", |w| w.enabled(true).tx_lpi_enabled(true).tx_lpi_timer(50)), "set-eee");
    let off = [
        "tx-tcp-segmentation",
        "tx-tcp-ecn-segmentation",
        "tx-tcp-mangleid-segmentation",
        "tx-tcp6-segmentation",
        "tx-tcp-accecn-segmentation",
        "rx-gro",
    ];
    let features = SetFeatures::of(compact(), |w| w.wanted(|b| b.named(off.map(|name| (name, false)))));
    all.same(&features, "set-features");
    all.same(&SetPrivateFlags::of("v0", |w| w.flags(|b| b.named([("foo", true)]))), "set-privflags");
    let sorts = [("drv", true), ("link", false)];
    all.same(&SetDebugMessages::of("v0", |w| w.messages(|b| b.named(sorts))), "set-debug");
    all.same(&SetFec::of("v0", |w| w.modes(|b| b.list(["RS"])).auto(false)), "set-fec");
    let place = |place| move |b: BitsetWriter| b.no_mask().bits(|bits| bits.bit(|bit| bit.index(place)));
    all.same(&SetWakeOnLan::of("v0", |w| w.modes(place(5))), "set-wol");
    let secured = SetWakeOnLan::of("v0", |w| w.modes(place(6)).password(&[1, 2, 3, 4, 5, 6]));
    all.same(&secured, "set-wol-password");
    all.same(&SetModule::of("v0", |w| w.power_mode_policy(PowerPolicy::Auto)), "set-module");
    all.same(&SetMacMerge::of("v0", |w| w.verify_enabled(true).verify_time(10).tx_min_frag_size(60)), "set-mm");
    all.same(&SetPse::of("v0", |w| w.poe_control(PoeState::Enabled).poe_limit(15_000)), "set-pse");
    all.same(&SetPlca::of("v0", |w| w.enabled(true).node_id(1).nodes(8)), "set-plca");
    let bit = |b: BitsetWriter| b.no_mask().numbered([(1, true)]);
    let precise =
        |w: netloom_ethtool::timestamping::TimestampProviderWriter| w.index(0).qualifier(TimestampQualifier::Precise);
    let stamps = SetTimestampingConfig::of(compact(), |w| w.provider(precise).tx_types(bit).rx_filters(bit));
    all.same(&stamps, "set-timestamping");
    all.same(&TestCable::of("v0"), "test-cable");
    let range = |w: netloom_ethtool::cable::TdrRangeWriter| w.first(100).last(2000).step(200).pair(CablePair::B);
    all.same(&MeasureCable::of("v0", |w| w.range(range)), "measure-cable");
    all.same(&FlashModule::of("v0", |w| w.file_name("x.bin").password(9)), "flash-module");

    let requests = messages().filter(|(golden, ..)| golden.direction == Direction::Request);
    let captured: BTreeSet<String> = requests.map(|(golden, ..)| golden.name).collect();
    assert_eq!(captured, all.0, "each captured request stands beside one of ours");
}

/// Golden messages cut anywhere and with other bytes: what is made of them does not panic.
#[test]
fn broken_messages_are_read_as_far_as_they_go() {
    for (golden, command, body) in messages() {
        let layout = layout(&golden, command);
        let step = 1 + body.len() / 64;
        for place in (0..body.len()).step_by(step) {
            read(layout, &body[..place]);
            for byte in [0, 0xff] {
                let mut other = body.clone();
                other[place] = byte;
                read(layout, &other);
            }
        }
    }
}

fn read(layout: &'static Layout, body: &[u8]) {
    let _ = check(layout, body);
    let _ = reencode(layout, body);
    for kind in message_types() {
        if std::ptr::eq((kind.layout)(), layout) {
            let _ = format!("{:?}", Fields::new(layout, body).attributes().count());
        }
    }
    if let Some(found) = Features::view(body) {
        let sets = [found.active(), found.wanted(), found.changeable(), found.fixed()];
        sets.into_iter().flatten().for_each(|set| _ = (set.iter().count(), set.words(), format!("{set:-?}")));
    }
    if let Some(found) = StringSets::view(body) {
        let _ = (found.strings(StringSetId::Features).count(), found.count(StringSetId::Features));
    }
    if let Some(found) = Statistics::view(body) {
        let _ = found.group().map(|group| group.counters().count()).sum::<usize>();
    }
}

#[test]
fn errors_name_what_was_asked() {
    let asked = |body: &[u8]| netloom_wire::About::of::<SetRings>().asked(body).to_string();
    let mut out = Buffer::new();
    SetRings::of("eth0", |w| w.rx(1)).write(&mut out);
    assert_eq!(asked(&out.finish().unwrap()), "set rings of eth0");
    let mut out = Buffer::new();
    SetRings::of(DeviceRef::from(7).phy(2), |w| w.rx(1)).write(&mut out);
    assert_eq!(asked(&out.finish().unwrap()), "set rings of device 7 PHY 2");
}
