//! Words that are names out of the system's files (tables, protocols, scopes …), and numbers shown by such names.

use crate::options::Options;
use crate::words::{self, Input, Kind, Value};
use netloom::names::{NameKind, Names};

/// A routing table.
pub(crate) const TABLE: Kind = Kind::Custom("TABLE", table);
/// Who installed something.
pub(crate) const PROTOCOL: Kind = Kind::Custom("RTPROTO", protocol);
/// A scope.
pub(crate) const SCOPE: Kind = Kind::Custom("SCOPE", scope);
/// A value of the type-of-service field.
pub(crate) const DS_FIELD: Kind = Kind::Custom("TOS", ds_field);
/// A group of links.
pub(crate) const GROUP: Kind = Kind::Custom("GROUP", |input| read(input, NameKind::Group, "a group", u32::MAX));
/// Who added an address.
pub(crate) const ADDRESS_PROTOCOL: Kind =
    Kind::Custom("ADDRPROTO", |input| read(input, NameKind::AddressProtocol, "an address protocol", 255));
/// A protocol above IP.
pub(crate) const IP_PROTOCOL: Kind = Kind::Custom("PROTOCOL", ip_protocol);

fn read(input: &mut Input<'_>, kind: NameKind, what: &str, most: u32) -> Result<Value, String> {
    read_in(input, kind, what, most, 10)
}

/// Reads a value of the type-of-service field.
pub(crate) fn ds_field(input: &mut Input<'_>) -> Result<Value, String> {
    read_in(input, NameKind::DsField, "a type of service", 255, 16)
}

/// Reads a routing table.
pub(crate) fn table(input: &mut Input<'_>) -> Result<Value, String> {
    read(input, NameKind::Table, "a table", u32::MAX)
}

/// Reads a protocol.
pub(crate) fn protocol(input: &mut Input<'_>) -> Result<Value, String> {
    read(input, NameKind::Protocol, "a protocol", 255)
}

/// Reads a scope.
pub(crate) fn scope(input: &mut Input<'_>) -> Result<Value, String> {
    read(input, NameKind::Scope, "a scope", 255)
}

/// Reads a name, or a number of `radix` if it has no prefix that says otherwise.
fn read_in(input: &mut Input<'_>, kind: NameKind, what: &str, most: u32, radix: u32) -> Result<Value, String> {
    let given = input.need(what)?;
    let bare_hex = || u32::from_str_radix(given, radix).ok().filter(|_| radix != 10 && !given.starts_with('+'));
    let number = match Names::system().iter(kind).find(|(_, name)| *name == given) {
        Some((number, _)) => Some(number),
        None => bare_hex().or_else(|| Names::system().number(kind, given)),
    };
    match number.filter(|number| *number <= most) {
        Some(number) => Ok(Value::Number(number.into())),
        None => {
            let near = words::nearest(given, Names::system().iter(kind).map(|(_, name)| name));
            Err(format!("{given:?} is not {what}{near}"))
        }
    }
}

/// A realm.
pub(crate) fn realm(name: &str) -> Option<u32> {
    Names::system().number(NameKind::Realm, name).filter(|number| *number <= 0xffff)
}

/// Realms, `[ SOURCE/ ]DESTINATION`: the source in the upper 16 bits.
pub(crate) fn realms(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("REALM")?;
    let both = match given.split_once('/') {
        Some((from, "")) => realm(from).map(|from| from << 16),
        Some((from, to)) => realm(from).zip(realm(to)).map(|(from, to)| from << 16 | to),
        None => realm(given),
    };
    both.map(|both| Value::Number(both.into())).ok_or_else(|| format!("{given:?} is not a pair of realms"))
}

fn ip_protocol(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("PROTOCOL")?;
    let named = || ip_protocols().into_iter().find(|(_, names)| names.iter().any(|name| name == given));
    let number = given.parse::<u8>().ok().or_else(|| named().map(|(number, _)| number));
    number.map(|number| Value::Number(number.into())).ok_or_else(|| format!("{given:?} is not a protocol above IP"))
}

/// The system's protocols above IP, each with its name and aliases.
fn ip_protocols() -> Vec<(u8, Vec<String>)> {
    let text = std::fs::read_to_string("/etc/protocols").unwrap_or_default();
    let line = |line: &str| {
        let mut words = line.split('#').next()?.split_whitespace();
        let name = words.next()?.to_owned();
        let number = words.next()?.parse().ok()?;
        Some((number, std::iter::once(name).chain(words.map(str::to_owned)).collect()))
    };
    text.lines().filter_map(line).collect()
}

/// Name of a protocol above IP, `ipproto-200` where it has none.
pub(crate) fn show_ip_protocol(options: &Options, number: u8) -> String {
    let named = ip_protocols().into_iter().find(|(known, _)| *known == number && !options.numeric);
    named.and_then(|(_, names)| names.into_iter().next()).unwrap_or_else(|| format!("ipproto-{number}"))
}

/// Name of a number; the number itself with `-N`, or if it has no name.
pub(crate) fn show(options: &Options, kind: NameKind, number: u32) -> String {
    match Names::system().name(kind, number).filter(|_| !options.numeric) {
        Some(name) => name.to_owned(),
        None => match kind {
            NameKind::DsField => format!("{number:#04x}"),
            NameKind::AddressProtocol => hex(number),
            _ => number.to_string(),
        },
    }
}

/// A number in hexadecimal, zero without `0x`, as C's `%#x` has it.
pub(crate) fn hex(number: impl Into<u64>) -> String {
    match number.into() {
        0 => "0".into(),
        number => format!("{number:#x}"),
    }
}
