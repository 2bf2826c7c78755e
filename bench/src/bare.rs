//! The floor: bare system calls and just enough parsing.

pub mod generic;
pub mod wireguard;

use std::os::fd::{AsFd, OwnedFd};

use anyhow::{Context, Result, bail, ensure};
use rustix::{
    io::Errno,
    net::{
        AddressFamily, Protocol, RecvFlags, SendFlags, SocketFlags, SocketType, bind, netlink, recv, send, socket_with,
        sockopt::{set_socket_recv_buffer_size, set_socket_recv_buffer_size_force},
    },
};

const GETLINK: u16 = 18;
const NEWROUTE: u16 = 24;
const GETROUTE: u16 = 26;
const NEWROUTE_FLAGS: u16 = 0x1 | 0x200 | 0x400;
const ACK: u16 = 4;
const DUMP: u16 = 0x301;
/// What a bare loop receives into: the kernel fills 32 KiB at most in a dump.
const BUFFER: usize = 32 * 1024;
/// Messages of one datagram when adding.
const BATCH: u32 = 256;

/// Index of the loopback device, which every route here leaves by.
pub const LOOPBACK: u32 = 1;
/// The destination of route number `n`, `/32` each.
pub fn destination(n: u32) -> [u8; 4] {
    (0x0a00_0000 + n).to_be_bytes()
}

/// A bound socket; no protocol is `NETLINK_ROUTE`.
fn socket(protocol: Option<Protocol>, groups: u32) -> Result<OwnedFd> {
    let fd = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, protocol)?;
    bind(&fd, &netlink::SocketAddrNetlink::new(0, groups))?;
    Ok(fd)
}

/// A message: header, fixed part, attributes.
fn message(command: u16, flags: u16, fixed: &[u8], attributes: &[(u16, &[u8])], out: &mut Vec<u8>) {
    let start = out.len();
    out.extend([0; 4]);
    out.extend(command.to_ne_bytes());
    out.extend(flags.to_ne_bytes());
    out.extend(1u32.to_ne_bytes());
    out.extend([0; 4]);
    out.extend(fixed);
    for (number, payload) in attributes {
        attribute(*number, payload, out);
    }
    let length = (out.len() - start) as u32;
    out[start..start + 4].copy_from_slice(&length.to_ne_bytes());
}

fn attribute(number: u16, payload: &[u8], out: &mut Vec<u8>) {
    out.extend((payload.len() as u16 + 4).to_ne_bytes());
    out.extend(number.to_ne_bytes());
    out.extend(payload);
    out.resize(out.len().next_multiple_of(4), 0);
}

/// Calls `on` with type and payload of each message of a datagram.
fn walk(mut bytes: &[u8], mut on: impl FnMut(u16, &[u8])) {
    while let Some((length, _)) = bytes.split_first_chunk::<4>() {
        let length = u32::from_ne_bytes(*length) as usize;
        let Some(whole) = bytes.get(..length).filter(|whole| whole.len() >= 16) else { break };
        on(u16::from_ne_bytes([whole[4], whole[5]]), &whole[16..]);
        bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
}

fn find(mut run: &[u8], number: u16) -> Option<&[u8]> {
    while let [l0, l1, t0, t1, ..] = *run {
        let length = u16::from_ne_bytes([l0, l1]) as usize;
        let payload = run.get(4..length)?;
        if u16::from_ne_bytes([t0, t1]) & 0x3fff == number {
            return Some(payload);
        }
        run = run.get(length.next_multiple_of(4)..)?;
    }
    None
}

/// Whether a route has the two attributes that everybody reads.
fn reads(payload: &[u8]) -> bool {
    let attributes = payload.get(12..).unwrap_or_default();
    find(attributes, 1).is_some() && find(attributes, 4).is_some()
}

/// Receives until the dump ends.
fn each(fd: &OwnedFd, buffer: &mut [u8], mut on: impl FnMut(u16, &[u8])) -> Result<()> {
    let mut done = false;
    while !done {
        let (received, length) = recv(fd, &mut *buffer, RecvFlags::TRUNC)?;
        ensure!(length <= received.max(BUFFER * 32), "truncated");
        walk(&buffer[..received], |command, payload| match command {
            3 => done = true,
            2 => done = true,
            _ => on(command, payload),
        });
    }
    Ok(())
}

fn dump_routes(on: impl FnMut(u16, &[u8])) -> Result<()> {
    let fd = socket(None, 0)?;
    let mut request = Vec::new();
    message(GETROUTE, DUMP, &[2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[], &mut request);
    send(&fd, &request, SendFlags::empty())?;
    each(&fd, &mut vec![0; BUFFER], on)
}

/// Streams all routes that the setup added.
pub fn dump(_: u32) -> Result<u64> {
    let mut seen = 0;
    dump_routes(|_, payload| seen += u64::from(is_ours(payload) && reads(payload)))?;
    Ok(seen)
}

/// Only the main table: the local table has entries of the loopback device.
fn is_ours(payload: &[u8]) -> bool {
    payload.get(4) == Some(&254)
}

/// Adds `count` routes in pre-encoded batches; only the last of a batch is acknowledged.
pub fn add_routes(count: u32) -> Result<u64> {
    let fd = socket(None, 0)?;
    let mut buffer = vec![0; BUFFER];
    let mut batch = Vec::new();
    let mut added = 0;
    while added < count {
        batch.clear();
        let last = (added + BATCH).min(count) - 1;
        for n in added..=last {
            let flags = NEWROUTE_FLAGS | if n == last { ACK } else { 0 };
            // rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags
            let fixed = [2, 32, 0, 0, 254, 4, 253, 1, 0, 0, 0, 0];
            message(NEWROUTE, flags, &fixed, &[(1, &destination(n)), (4, &LOOPBACK.to_ne_bytes())], &mut batch);
        }
        send(&fd, &batch, SendFlags::empty())?;
        acknowledged(&fd, &mut buffer).context("adding routes")?;
        added = last + 1;
    }
    Ok(added.into())
}

/// Receives one datagram, whose errors are an error.
fn acknowledged(fd: &OwnedFd, buffer: &mut [u8]) -> Result<()> {
    let (received, _) = recv(fd, &mut *buffer, RecvFlags::empty())?;
    let mut failed = None;
    walk(&buffer[..received], |command, payload| {
        if let (2, Some((errno, _))) = (command, payload.split_first_chunk::<4>()) {
            failed = Some(i32::from_ne_bytes(*errno)).filter(|errno| *errno != 0);
        }
    });
    failed.map_or(Ok(()), |errno| bail!(Errno::from_raw_os_error(-errno)))
}

/// ifinfomsg of nothing in particular, with `IFLA_EXT_MASK`.
fn link_request(flags: u16, name: Option<&[u8]>) -> Vec<u8> {
    let mut request = Vec::new();
    let mask = 1u32.to_ne_bytes();
    let mut attributes: Vec<(u16, &[u8])> = vec![(29, &mask)];
    attributes.extend(name.map(|name| (3, name)));
    message(GETLINK, flags, &[0; 16], &attributes, &mut request);
    request
}

/// Dumps links, reading name and MTU.
pub fn links(_: u32) -> Result<u64> {
    let fd = socket(None, 0)?;
    send(&fd, &link_request(DUMP, None), SendFlags::empty())?;
    let mut seen = 0;
    each(&fd, &mut vec![0; BUFFER], |_, payload| {
        let attributes = payload.get(16..).unwrap_or_default();
        let ours = find(attributes, 3).is_some_and(|name| name.first() == Some(&b'i'));
        seen += u64::from(ours && find(attributes, 4).is_some());
    })?;
    Ok(seen)
}

/// One get with an acknowledgement: reply and ack are read. Whether the reply has the attribute, after so many bytes.
fn get_once(fd: &OwnedFd, request: &[u8], buffer: &mut [u8], attribute: (usize, u16)) -> Result<bool> {
    exchange(request, fd, buffer, attribute, |fd, buffer| Ok(recv(fd, buffer, RecvFlags::empty())?.0))
}

/// The same by a given way to receive.
fn exchange(
    request: &[u8],
    fd: &OwnedFd,
    buffer: &mut [u8],
    attribute: (usize, u16),
    mut receive: impl FnMut(&OwnedFd, &mut [u8]) -> Result<usize>,
) -> Result<bool> {
    send(fd, request, SendFlags::empty())?;
    let (mut found, mut acked) = (false, false);
    while !acked {
        let received = receive(fd, &mut *buffer)?;
        walk(&buffer[..received], |command, payload| match command {
            2 => acked = true,
            _ => found = find(payload.get(attribute.0..).unwrap_or_default(), attribute.1).is_some(),
        });
    }
    Ok(found)
}

/// `IFLA_MTU` after an ifinfomsg.
const MTU: (usize, u16) = (16, 4);

/// Gets the loopback device by name, `count` times.
pub fn get(count: u32) -> Result<u64> {
    let (fd, request, mut buffer) = (socket(None, 0)?, link_request(0x1 | ACK, Some(b"lo\0")), vec![0; BUFFER]);
    (0..count).try_fold(0, |seen, _| Ok(seen + u64::from(get_once(&fd, &request, &mut buffer, MTU)?)))
}

/// Opens a socket and gets the loopback device, `count` times.
pub fn open(count: u32) -> Result<u64> {
    let (request, mut buffer) = (link_request(0x1 | ACK, Some(b"lo\0")), vec![0; BUFFER]);
    (0..count).try_fold(0, |seen, _| Ok(seen + u64::from(get_once(&socket(None, 0)?, &request, &mut buffer, MTU)?)))
}

/// Receives the notifications of `count` routes that another process adds.
pub fn watch(count: u32) -> Result<u64> {
    let fd = socket(None, 1 << (IPV4_ROUTE_GROUP - 1))?;
    grow(&fd)?;
    let _producer = produce(count)?;
    let (mut seen, mut buffer) = (0, vec![0; BUFFER]);
    while seen < u64::from(count) {
        let (received, _) = recv(&fd, &mut *buffer, RecvFlags::empty())?;
        walk(&buffer[..received], |_, payload| seen += u64::from(reads(payload)));
    }
    Ok(seen)
}

/// Gives a socket that watches the receive buffer that all get.
pub fn grow(fd: impl AsFd) -> Result<()> {
    if set_socket_recv_buffer_size_force(&fd, WATCH_BUFFER).is_err() {
        set_socket_recv_buffer_size(&fd, WATCH_BUFFER)?;
    }
    Ok(())
}

/// `RTNLGRP_IPV4_ROUTE`.
pub const IPV4_ROUTE_GROUP: u32 = 7;

/// Receive buffer of everybody who watches and can set it, in bytes.
pub const WATCH_BUFFER: usize = 256 << 20;

/// Starts a process that adds `count` routes in this namespace. Nobody waits for it, lest its use counts as a watcher's that
/// is a command.
pub fn produce(count: u32) -> Result<std::process::Child> {
    let child = std::process::Command::new(std::env::current_exe()?)
        .args(["dump", "--worker", "producer", "--count", &count.to_string()])
        .stdout(std::process::Stdio::null())
        .spawn()?;
    Ok(child)
}

/// Reads one captured message `count` times.
pub fn codec(count: u32) -> Result<u64> {
    let sample = sample()?;
    Ok((0..count).map(|_| u64::from(reads(std::hint::black_box(&sample)))).sum())
}

/// One route as the kernel sends it.
pub fn sample() -> Result<Vec<u8>> {
    let mut found = None;
    dump_routes(|_, payload| {
        if found.is_none() && is_ours(payload) {
            found = Some(payload.to_vec());
        }
    })?;
    found.context("no route")
}
