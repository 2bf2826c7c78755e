//! The hex dumps of `strace -e read=all -e write=all`.

use super::Datagram;
use crate::tables::protocol_number;
use netloom::wire::Messages;
use std::collections::HashMap;

/// Calls that may carry netlink messages.
const CALLS: [&str; 8] = ["sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg", "read", "write"];

/// What is known of a descriptor.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Descriptor {
    /// A netlink socket of this protocol; None if the tables do not know it.
    Netlink(Option<u16>),
    /// A file, another socket, or nothing that is known.
    Other,
}

/// Whether the text has such a dump, or calls at least: a program need not have said a word to the kernel.
pub(super) fn is_strace(text: &str) -> bool {
    let is_call =
        |line: &str| line.contains("+++ exited with ") || call(line).is_some_and(|call| call.result.is_some());
    text.lines().any(|line| dump_line(line).is_some() || is_call(line))
}

/// Takes out what netlink sockets sent and received.
pub(super) fn read(text: &str) -> Vec<Datagram> {
    let mut found = Vec::new();
    let mut current = Collected::default();
    let mut descriptors: HashMap<String, Descriptor> = HashMap::new();
    // Calls of other processes that strace had to interrupt: who, and on what.
    let mut unfinished: HashMap<String, (Descriptor, bool)> = HashMap::new();
    let mut descriptor = Descriptor::Other;
    let mut plain = false;
    // Without a single call there is nothing to tell netlink from other dumps: take them all.
    let bare = !text.lines().any(|line| call(line).is_some());
    let mut continues = false;
    for line in text.lines() {
        if let Some((offset, bytes)) = dump_line(line) {
            if offset == 0 && !continues {
                found.extend(std::mem::take(&mut current).finish());
                current.plain = plain;
                current.datagram = match descriptor {
                    Descriptor::Netlink(protocol) => Some(Datagram { protocol, bytes: Vec::new() }),
                    Descriptor::Other if bare => Some(Datagram::default()),
                    Descriptor::Other => None,
                };
            }
            continues = false;
            if let Some(datagram) = &mut current.datagram {
                datagram.bytes.extend(bytes);
            }
        } else if let Some(buffer) = buffer_number(line) {
            // One message may be scattered over several buffers.
            continues = buffer > 0;
        } else if let Some(call) = call(line) {
            continues = false;
            let who = call.process.to_owned();
            match call.name {
                "socket" => {
                    if let Some(number) = call.result {
                        descriptors.insert(number.to_owned(), opened(call.arguments));
                    }
                }
                "close" => {
                    descriptors.remove(call.first);
                }
                "resumed" => {
                    (descriptor, plain) = unfinished.remove(&who).unwrap_or((Descriptor::Other, false));
                }
                name if CALLS.contains(&name) => {
                    let known = descriptors.get(call.first).copied();
                    let looks =
                        call.arguments.contains("sa_family=AF_NETLINK") || call.arguments.contains("nlmsg_len=");
                    let seen = || if looks { Descriptor::Netlink(None) } else { Descriptor::Other };
                    descriptor = known.or_else(|| described(call.arguments)).unwrap_or_else(seen);
                    if call.is_file {
                        descriptor = Descriptor::Other;
                    }
                    plain = matches!(name, "read" | "write");
                    if call.arguments.ends_with("<unfinished ...>") {
                        unfinished.insert(who, (descriptor, plain));
                    }
                }
                _ => descriptor = Descriptor::Other,
            }
        }
    }
    found.extend(current.finish());
    found
}

/// A datagram while its dump is read.
#[derive(Default)]
struct Collected {
    datagram: Option<Datagram>,
    /// It went by `read` or `write`, which files know too.
    plain: bool,
}

impl Collected {
    /// The datagram. Where `close` was not traced, the number of a socket may long be a file's: what came by `read` must look
    /// like netlink, whose first message is within the bytes.
    fn finish(self) -> Option<Datagram> {
        let Self { datagram, plain } = self;
        datagram.filter(|datagram| !plain || Messages::new(&datagram.bytes).next().is_some())
    }
}

/// What `socket(…)` opened.
fn opened(arguments: &str) -> Descriptor {
    if !arguments.starts_with("AF_NETLINK") {
        return Descriptor::Other;
    }
    let protocol = arguments.split([',', ')']).nth(2).map(str::trim).unwrap_or_default();
    Descriptor::Netlink(Some(protocol_number(protocol).unwrap_or(u16::MAX)))
}

/// What `strace -yy` says of a descriptor: `3<NETLINK:[GENERIC:1234]>`.
fn described(arguments: &str) -> Option<Descriptor> {
    let (_, after) = arguments.split([',', ')']).next()?.split_once("<NETLINK:[")?;
    let (protocol, _) = after.split_once(':')?;
    Some(Descriptor::Netlink(Some(protocol_number(protocol).unwrap_or(u16::MAX))))
}

/// One line of a call.
struct Call<'a> {
    process: &'a str,
    name: &'a str,
    /// The first argument: the descriptor.
    first: &'a str,
    arguments: &'a str,
    /// Whether strace says (`-y`) that the descriptor is a file's: `3</etc/hosts>`.
    is_file: bool,
    /// What it returned.
    result: Option<&'a str>,
}

fn call(line: &str) -> Option<Call<'_>> {
    if let Some((before, _)) = line.split_once(" resumed>") {
        let (process, name) = before.split_once("<... ")?;
        CALLS.contains(&name).then_some(())?;
        return Some(Call {
            process: process.trim(),
            name: "resumed",
            first: "",
            arguments: "",
            is_file: false,
            result: None,
        });
    }
    let (before, arguments) = line.split_once('(')?;
    let (process, name) = before.rsplit_once(' ').unwrap_or(("", before));
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return None;
    }
    let first = arguments.split([',', ')', '<']).next().unwrap_or_default();
    let is_file = arguments.strip_prefix(first).is_some_and(|rest| rest.starts_with("</"));
    let result = arguments.rsplit_once(" = ").and_then(|(_, result)| result.split([' ', '<']).next());
    Some(Call { process: process.trim(), name, first, arguments: arguments.trim_end(), is_file, result })
}

/// The line without the process that `strace -f -o FILE` puts before it.
fn without_process(line: &str) -> &str {
    line.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start()
}

/// ` * 52 bytes in buffer 0`.
fn buffer_number(line: &str) -> Option<u32> {
    let (_, number) = without_process(line).trim().strip_prefix("* ")?.split_once(" bytes in buffer ")?;
    number.trim().parse().ok()
}

/// ` | 00010  08 00 …  ........ |`: offset and bytes.
fn dump_line(line: &str) -> Option<(usize, Vec<u8>)> {
    let columns = without_process(line).strip_prefix("| ")?;
    let (offset, rest) = columns.split_at_checked(5)?;
    let offset = usize::from_str_radix(offset, 16).ok()?;
    // Two blanks, then two groups of eight bytes; what follows is the text.
    let hex: String = rest.strip_prefix("  ")?.chars().take(49).collect();
    let bytes: Option<Vec<u8>> = hex.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).ok()).collect();
    bytes.map(|bytes| (offset, bytes))
}
