//! From the words of `link add` and `link set` to what a request says.

use super::group_of;
use crate::bpf::{self, Purpose};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::kind;
use crate::words::Words;
use netloom::link::{
    self, AddressGeneration, FamilySpecsWriter, LinkFlags, LinkHeader, LinkMode, LinkWriter, OperState, VfGuid, VfInfo,
    VfInfoWriter, VfLinkState, VfMac, VfRate, VfSetting, VfTxRate, VfVlan, VfVlanInfo, XdpFlags,
};
use netloom::names::{NameKind, Names};
use netloom::wire::{AnyWriter, Buffer, HardwareAddress, Write};
use std::os::fd::AsRawFd;

/// What the words say.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// Flags with whether they are on.
    pub(super) flags: Vec<(LinkFlags, bool)>,
    /// Attributes.
    pub(super) attributes: Buffer,
}

impl Settings {
    fn put(&mut self, write: impl FnOnce(LinkWriter) -> LinkWriter) {
        let attributes = std::mem::take(&mut self.attributes);
        self.attributes = write(LinkWriter::from_buffer(attributes)).into_buffer();
    }

    /// The index in the namespace that the link goes to.
    pub(super) fn new_index(&mut self, index: i32) {
        self.put(|w| w.new_ifindex(index));
    }
}

/// What a veth's or netkit's peer is to be, header and attributes, by the words after `peer`.
pub(crate) fn peer(cx: &mut Context, words: &Words) -> Result<Buffer, Failure> {
    let settings = read(cx, words)?;
    let mut header = LinkHeader { index: words.number("index").unwrap_or(0), ..LinkHeader::default() };
    for (flag, on) in &settings.flags {
        header.change |= flag.bits();
        header.flags = if *on { header.flags | flag.bits() } else { header.flags & !flag.bits() };
    }
    let mut out = Buffer::new();
    let name = name(words)?;
    let group = group(words)?;
    out.message(header, |w: LinkWriter| {
        w.some(name, LinkWriter::ifname).append(&settings.attributes).some(group, LinkWriter::group)
    });
    Ok(out)
}

/// The name of a link that is to be made.
pub(super) fn name(words: &Words) -> Result<Option<&str>, Failure> {
    match (words.text("name"), words.text("dev")) {
        (Some(name), Some(other)) if name != other => {
            Err(words.wrong(format!("the link cannot have both names, {name:?} and {other:?}")))
        }
        (name, other) => Ok(name.or(other)),
    }
}

/// Reads all words but `name`, `dev`, `index` and `group` of a change of a group.
pub(super) fn read(cx: &mut Context, words: &Words) -> Result<Settings, Failure> {
    let mut s = Settings::default();
    flags(&mut s, words);
    numbers(&mut s, words);
    texts(&mut s, words)?;
    related(cx, &mut s, words)?;
    xdp(cx, &mut s, words)?;
    let functions: Vec<&Words> = words.groups("vf").collect();
    if !functions.is_empty() {
        let mut list = Buffer::new();
        for function in functions {
            let info = function_of(cx, words, function)?;
            let open = list.open(1 | netloom::wire::NESTED);
            list.append(&info);
            list.close(open);
        }
        s.put(|w| w.vfinfo_list(|l| l.append(&list)));
    }
    type_of(cx, &mut s, words)?;
    Ok(s)
}

fn xdp(cx: &mut Context, s: &mut Settings, words: &Words) -> Outcome {
    // Without -force nothing that is attached is replaced, as in iproute2.
    let only_first = if cx.options.force { XdpFlags::empty() } else { XdpFlags::UPDATE_IF_NOEXIST };
    const MODES: [(&str, XdpFlags); 4] = [
        ("xdp", XdpFlags::empty()),
        ("xdpgeneric", XdpFlags::SKB_MODE),
        ("xdpdrv", XdpFlags::DRV_MODE),
        ("xdpoffload", XdpFlags::HW_MODE),
    ];
    for (name, mode) in MODES {
        let Some((case, given)) = words.choice(name) else { continue };
        let fd = match case {
            "off" | "none" => -1,
            "fd" => given.number("number").ok_or_else(|| given.missing("number"))?,
            _ => {
                let purpose = if mode == XdpFlags::HW_MODE {
                    let device = words.text("dev").ok_or_else(|| words.missing("dev"))?;
                    Purpose::Offload(cx.device(device)?)
                } else {
                    Purpose::Xdp
                };
                bpf::program(cx, purpose, case, given)?.fd
            }
        };
        let flags = Some(mode | only_first).filter(|flags| !flags.is_empty());
        s.put(|w| w.xdp(|x| x.fd(fd).some(flags, |x, flags| x.flags(flags))));
    }
    Ok(())
}

fn flags(s: &mut Settings, words: &Words) {
    if let Some(state) = words.latest(&["up", "down"]) {
        s.flags.push((LinkFlags::UP, state == "up"));
    }
    // Two flags say what is not done.
    const NAMED: [(&str, LinkFlags, bool); 6] = [
        ("multicast", LinkFlags::MULTICAST, true),
        ("allmulticast", LinkFlags::ALL_MULTI, true),
        ("promisc", LinkFlags::PROMISC, true),
        ("trailers", LinkFlags::NO_TRAILERS, false),
        ("arp", LinkFlags::NO_ARP, false),
        ("dynamic", LinkFlags::DYNAMIC, true),
    ];
    for (name, flag, means) in NAMED {
        if let Some(on) = words.bool(name) {
            s.flags.push((flag, on == means));
        }
    }
}

fn numbers(s: &mut Settings, words: &Words) {
    type Put = fn(LinkWriter, u32) -> LinkWriter;
    const NUMBERS: [(&str, Put); 9] = [
        ("mtu", LinkWriter::mtu),
        ("txqueuelen", LinkWriter::txqlen),
        ("numtxqueues", LinkWriter::num_tx_queues),
        ("numrxqueues", LinkWriter::num_rx_queues),
        ("gso_max_size", LinkWriter::gso_max_size),
        ("gso_max_segs", LinkWriter::gso_max_segs),
        ("gro_max_size", LinkWriter::gro_max_size),
        ("gso_ipv4_max_size", LinkWriter::gso_ipv4_max_size),
        ("gro_ipv4_max_size", LinkWriter::gro_ipv4_max_size),
    ];
    for (name, write) in NUMBERS {
        if let Some(number) = words.number(name) {
            s.put(|w| write(w, number));
        }
    }
    if let Some(on) = words.bool("carrier") {
        s.put(|w| w.carrier(on.into()));
    }
    if let Some(on) = words.bool("protodown") {
        s.put(|w| w.proto_down(on.into()));
    }
    if let Some(mode) = words.number::<u8>("mode") {
        s.put(|w| w.linkmode(LinkMode::from(mode)));
    }
    if let Some(state) = words.number::<u8>("state") {
        s.put(|w| w.operstate(OperState::from(state)));
    }
    if let Some(mode) = words.number::<u8>("addrgenmode") {
        let mode = AddressGeneration::from(mode);
        s.put(|w| w.af_spec(|af: FamilySpecsWriter| af.inet6(|six| six.addr_gen_mode(mode))));
    }
    if let Some(nsid) = words.number("link-netnsid") {
        s.put(|w| w.link_netnsid(nsid));
    }
    if let Some(nsid) = words.number("new-netnsid") {
        s.put(|w| w.new_netnsid(nsid));
    }
    if let Some(index) = words.number("new-ifindex") {
        s.put(|w| w.new_ifindex(index));
    }
}

fn texts(s: &mut Settings, words: &Words) -> Outcome {
    let address = |name: &str| words.bytes(name).and_then(HardwareAddress::new);
    if let Some(address) = address("address") {
        s.put(|w| w.address(address));
    }
    if let Some(address) = address("broadcast") {
        s.put(|w| w.broadcast(address));
    }
    if let Some(alias) = words.text("alias") {
        s.put(|w| w.ifalias(alias));
    }
    if let Some(name) = words.text("parentdev") {
        s.put(|w| w.parent_dev_name(name));
    }
    for reason in words.groups("protodown_reason") {
        let name = reason.text("reason").ok_or_else(|| reason.missing("reason"))?;
        let on = reason.number::<u32>("state").ok_or_else(|| reason.missing("state"))?;
        let number = Names::system().number(NameKind::ProtoDownReason, name).filter(|number| *number < 32);
        let bit = 1u32 << number.ok_or_else(|| reason.wrong(format!("{name:?} is not a reason")))?;
        s.put(|w| w.proto_down_reason(|r| r.mask(bit).value(if on == 1 { bit } else { 0 })));
    }
    Ok(())
}

/// What names other things: links and namespaces.
fn related(cx: &mut Context, s: &mut Settings, words: &Words) -> Outcome {
    if let Some(index) = cx.master_given(words)? {
        s.put(|w| w.master(index));
    }
    // A link that is there stays over the one that it is over, as in iproute2.
    if let Some(name) = words.text("link").filter(|_| is_new(words)) {
        let index = cx.device(name)?;
        s.put(|w| w.link(index));
    }
    if let Some(name) = words.text("link-netns") {
        let nsid = crate::netns::id_of_or_new(cx, name).ok().flatten();
        let nsid = nsid.ok_or_else(|| words.wrong(format!("the namespace {name:?} cannot have a number here")))?;
        s.put(|w| w.link_netnsid(nsid));
    }
    if let Some(name) = words.text("netns") {
        match crate::netns::open(name) {
            Ok(file) => {
                s.put(|w| w.net_ns_fd(u32::try_from(file.as_raw_fd()).unwrap_or(u32::MAX)));
                cx.hold(file.into());
            }
            Err(error) => match name.parse::<u32>() {
                Ok(pid) => s.put(|w| w.net_ns_pid(pid)),
                Err(_) => return Err(Failure::Usage(format!("network namespace {name:?}: {error}"))),
            },
        }
    }
    Ok(())
}

/// Whether the words are about a link that is to be made.
pub(crate) fn is_new(words: &Words) -> bool {
    !words.context().starts_with("link set")
}

fn type_of(cx: &mut Context, s: &mut Settings, words: &Words) -> Outcome {
    // A kind of which nothing is known but its name: the kernel may know it.
    if let Some(kind) = words.text("type") {
        s.put(|w| {
            w.linkinfo(|info| match kind.strip_suffix("_slave") {
                Some(of) => info.port_kind(of),
                None => info.kind(kind),
            })
        });
    }
    let Some((name, words)) = words.choice("type") else { return Ok(()) };
    let chosen = kind::chosen(cx, name, words)?;
    let data = |w: AnyWriter| w.append(&chosen.data);
    let empty = chosen.data.is_empty();
    s.put(|w| {
        w.linkinfo(|info| {
            let info = match chosen.is_port {
                true if empty => info.port_kind(chosen.name),
                true => info.port_kind(chosen.name).port_data(data),
                false if empty => info.kind(chosen.name),
                false => info.kind(chosen.name).data(data),
            };
            let as_port = |w: AnyWriter| chosen.port.iter().fold(w, AnyWriter::append);
            if chosen.port.is_some() { info.port_kind(chosen.name).port_data(as_port) } else { info }
        })
    });
    Ok(())
}

/// The rates that a virtual function has now; the kernel takes only both together.
fn rates_now(cx: &mut Context, device: Option<&str>, vf: u32) -> Result<VfRate, Failure> {
    let Some(name) = device else { return Ok(VfRate::default()) };
    let link = cx.run(&link::Get::new(name)).map_err(|failure| failure.of_device(name))?;
    let found = link.vfinfo_list().and_then(|list| list.info().filter_map(VfInfo::rate).find(|rate| rate.vf == vf));
    Ok(found.unwrap_or_default())
}

/// What is said of a virtual function of the device that `link` names.
fn function_of(cx: &mut Context, link: &Words, words: &Words) -> Result<Buffer, Failure> {
    let vf: u32 = words.number("number").ok_or_else(|| words.missing("number"))?;
    let mut w = VfInfoWriter::default();
    if let Some(address) = words.bytes("mac") {
        let mut mac = [0; 32];
        mac.iter_mut().zip(address).for_each(|(to, from)| *to = *from);
        w = w.mac(VfMac { vf, mac });
    }
    let vlans: Vec<&Words> = words.groups("vlan").collect();
    w = vlans_of(w, vf, &vlans);
    if let Some(rate) = words.number("rate") {
        w = w.tx_rate(VfTxRate { vf, rate });
    }
    let (least, most) = (words.number("min_tx_rate"), words.number("max_tx_rate"));
    if least.is_some() || most.is_some() {
        let now =
            if least.is_some() && most.is_some() { VfRate::default() } else { rates_now(cx, link.text("dev"), vf)? };
        let (min_tx_rate, max_tx_rate) = (least.unwrap_or(now.min_tx_rate), most.unwrap_or(now.max_tx_rate));
        w = w.rate(VfRate { vf, min_tx_rate, max_tx_rate });
    }
    let setting = |name: &str| words.bool(name).map(|on| VfSetting { vf, setting: on.into() });
    w = w
        .some(setting("spoofchk"), VfInfoWriter::spoofchk)
        .some(setting("query_rss"), VfInfoWriter::rss_query_en)
        .some(setting("trust"), VfInfoWriter::trust);
    if let Some(link_state) = words.number("state") {
        w = w.link_state(VfLinkState { vf, link_state });
    }
    let guid = |name: &str| {
        let bytes: [u8; 8] = words.bytes(name)?.try_into().ok()?;
        Some(VfGuid { vf, guid: u64::from_be_bytes(bytes), ..VfGuid::default() })
    };
    w = w.some(guid("node_guid"), VfInfoWriter::ib_node_guid).some(guid("port_guid"), VfInfoWriter::ib_port_guid);
    Ok(w.into_buffer())
}

/// One VLAN without a protocol is told as older kernels have it, everything else as a list.
fn vlans_of(w: VfInfoWriter, vf: u32, vlans: &[&Words]) -> VfInfoWriter {
    let number = |words: &Words, name: &str| words.number::<u32>(name).unwrap_or(0);
    match vlans {
        [] => w,
        [only] if only.number("proto").is_none_or(|protocol: u16| protocol == 0x8100) => {
            w.vlan(VfVlan { vf, vlan: number(only, "id"), qos: number(only, "qos") })
        }
        several => w.vlan_list(|list| {
            several.iter().fold(list, |list, words| {
                list.info(VfVlanInfo {
                    vf,
                    vlan: number(words, "id"),
                    qos: number(words, "qos"),
                    vlan_proto: words.number::<u16>("proto").unwrap_or(0x8100).into(),
                    ..VfVlanInfo::default()
                })
            })
        }),
    }
}

/// The group that `group` names.
pub(super) fn group(words: &Words) -> Result<Option<u32>, Failure> {
    words.text("group").map(|name| group_of(words, name)).transpose()
}
