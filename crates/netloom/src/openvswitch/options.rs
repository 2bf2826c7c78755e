//! Options of patch ports and tunnels: as attributes, and as the database has them.

use std::{collections::BTreeMap, net::IpAddr};

use netloom_ovs::Interface;
use netloom_route::kind::{OpenVswitch, OpenVswitchWriter};
use netloom_wire::{Buffer, Error, ErrorKind, Result, Write};

/// What a text has to be. Open vSwitch itself takes some that mean nothing for 0.
#[derive(Clone, Copy)]
enum Form {
    Any,
    /// An address, or `flow`.
    Address,
    /// A key, or `flow`.
    Key,
    /// 0 to 255, or `inherit`.
    Byte,
}

type Text = (&'static str, Form, fn(&OpenVswitch) -> Option<&str>, fn(OpenVswitchWriter, &str) -> OpenVswitchWriter);
type Switch = (&'static str, fn(&OpenVswitch) -> Option<bool>, fn(OpenVswitchWriter, bool) -> OpenVswitchWriter);

/// Options that are texts, by their names.
const TEXTS: [Text; 10] = [
    ("peer", Form::Any, OpenVswitch::peer, OpenVswitchWriter::peer),
    ("remote_ip", Form::Address, OpenVswitch::remote, OpenVswitchWriter::remote),
    ("local_ip", Form::Address, OpenVswitch::local, OpenVswitchWriter::local),
    ("key", Form::Key, OpenVswitch::key, OpenVswitchWriter::key),
    ("in_key", Form::Key, OpenVswitch::in_key, OpenVswitchWriter::in_key),
    ("out_key", Form::Key, OpenVswitch::out_key, OpenVswitchWriter::out_key),
    ("tos", Form::Byte, OpenVswitch::tos, OpenVswitchWriter::tos),
    ("ttl", Form::Byte, OpenVswitch::ttl, OpenVswitchWriter::ttl),
    ("exts", Form::Any, OpenVswitch::exts, OpenVswitchWriter::exts),
    ("packet_type", Form::Any, OpenVswitch::packet_type, OpenVswitchWriter::packet_type),
];

/// Options that are on or off.
const SWITCHES: [Switch; 3] = [
    ("csum", OpenVswitch::csum, OpenVswitchWriter::csum),
    ("df_default", OpenVswitch::df_default, OpenVswitchWriter::df_default),
    ("seq", OpenVswitch::seq, OpenVswitchWriter::seq),
];

const DST_PORT: &str = "dst_port";
const MARK: &str = "egress_pkt_mark";

/// The options that attributes name, of an interface of this type.
pub(super) fn wanted(data: &OpenVswitch, interface: &str) -> Result<BTreeMap<String, String>> {
    let mut options = BTreeMap::new();
    for (name, form, get, _) in TEXTS {
        if let Some(value) = get(data) {
            form.check(name, value, interface)?;
            options.insert(name.to_owned(), value.to_owned());
        }
    }
    for (name, get, _) in SWITCHES {
        options.extend(get(data).map(|on| (name.to_owned(), on.to_string())));
    }
    options.extend(data.dst_port().map(|port| (DST_PORT.to_owned(), port.to_string())));
    options.extend(data.egress_pkt_mark().map(|mark| (MARK.to_owned(), mark.to_string())));
    for option in data.option() {
        let Some((name, value)) = option.split_once('=').filter(|(name, _)| !name.is_empty()) else {
            return Err(wrong(format!("{option} is no option: NAME=VALUE")));
        };
        options.insert(name.to_owned(), value.to_owned());
    }
    Ok(options)
}

/// An interface that Open vSwitch makes: its type and its options, as attributes.
pub(super) fn shown(interface: &Interface) -> Buffer {
    let mut w = OpenVswitchWriter::default().interface(&interface.kind);
    for (name, value) in &interface.options {
        let text = TEXTS.iter().find(|(known, ..)| known == name);
        let switch = SWITCHES.iter().find(|(known, ..)| known == name).zip(value.parse().ok());
        w = match (text, switch, &**name) {
            (Some((.., put)), _, _) => put(w, value),
            (_, Some(((.., put), on)), _) => put(w, on),
            (.., DST_PORT) if value.parse::<u16>().is_ok() => w.some(value.parse().ok(), OpenVswitchWriter::dst_port),
            (.., MARK) if value.parse::<u32>().is_ok() => {
                w.some(value.parse().ok(), OpenVswitchWriter::egress_pkt_mark)
            }
            _ => w.option(&format!("{name}={value}")),
        };
    }
    w.into_buffer()
}

impl Form {
    fn check(self, name: &str, value: &str, interface: &str) -> Result<()> {
        let largest = if interface == "gre" { u64::from(u32::MAX) } else { (1 << 24) - 1 };
        let number = || match value.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).ok(),
            None => value.parse().ok(),
        };
        let (fits, what) = match self {
            Self::Any => (true, String::new()),
            Self::Address => (value == "flow" || value.parse::<IpAddr>().is_ok(), "an address, or flow".to_owned()),
            Self::Key => {
                (value == "flow" || number().is_some_and(|key| key <= largest), format!("0 to {largest}, or flow"))
            }
            Self::Byte => (value == "inherit" || number().is_some_and(|n| n <= 255), "0 to 255, or inherit".to_owned()),
        };
        if fits { Ok(()) } else { Err(wrong(format!("{name} cannot be {value}, but {what}"))) }
    }
}

fn wrong(what: String) -> Error {
    Error::new(ErrorKind::InvalidInput, what)
}
