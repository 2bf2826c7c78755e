//! Changing a device: by words, or by a file.

use super::conf::{self, Conf};
use super::settings::{self, AllowedIps};
use super::{endpoint, keys, socket};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::{Input, Kind, Value, Word, Words, flag, word};
use netloom::wireguard::{PresharedKey, PrivateKey, Set, SetPeer};

pub(super) const SET: &[Word] = &[
    word("device", Kind::Device, "the device").first(),
    word("listen-port", Kind::U16, "UDP port; 0 has the kernel choose"),
    word("fwmark", Kind::Custom("{ NUMBER | off }", mark), "mark of the packets that it sends"),
    word("private-key", Kind::Text("FILE"), "the private key that a file holds; an empty file removes it"),
    word("peer", Kind::Group(PEER), "a peer to add or to change, and what is to be said of it").repeat(),
];

const PEER: &[Word] = &[
    word("key", Kind::Text("KEY"), "its public key, in base64").first(),
    flag("remove", "it goes"),
    word("preshared-key", Kind::Text("FILE"), "the preshared key that a file holds; an empty file removes it"),
    word("endpoint", Kind::Text("HOST:PORT"), "where it is reached; an IPv6 address stands in brackets"),
    word(
        "persistent-keepalive",
        Kind::Custom("{ SECONDS | off }", keepalive),
        "interval of packets that keep the way open",
    ),
    word(
        "allowed-ips",
        Kind::Text("[+|-]IP/CIDR,…"),
        "what it may send from, instead of what it had; + adds, - takes away",
    )
    .repeat(),
];

fn mark(input: &mut Input<'_>) -> Result<Value, String> {
    settings::mark(input.need("a mark")?).map(|mark| Value::Number(mark.into()))
}

fn keepalive(input: &mut Input<'_>) -> Result<Value, String> {
    settings::keepalive(input.need("an interval")?).map(|seconds| Value::Number(seconds.into()))
}

pub(super) fn set(cx: &mut Context, words: &Words) -> Outcome {
    let name = words.text("device").ok_or_else(|| words.missing("device"))?;
    if words.iter().count() < 2 {
        return Err(words.wrong("what to set is missing"));
    }
    let mut set = Set::new(name);
    if let Some(port) = words.number("listen-port") {
        set = set.listen_port(port);
    }
    if let Some(mark) = words.number("fwmark") {
        set = set.fwmark(mark);
    }
    if let Some(path) = words.text("private-key") {
        set = match keys::in_file::<PrivateKey>(words, path)? {
            Some(key) => set.private_key(key),
            None => set.no_private_key(),
        };
    }
    for words in words.groups("peer") {
        set = set.peer(peer(cx, words)?);
    }
    Ok(socket(cx)?.run(&set)?)
}

fn peer(cx: &mut Context, words: &Words) -> Result<SetPeer, Failure> {
    let wrong = |what: String| words.wrong(what);
    let key = words.text("key").ok_or_else(|| words.missing("key"))?;
    let mut peer = SetPeer::new(settings::public_key(key).map_err(wrong)?);
    if let Some(path) = words.text("preshared-key") {
        peer = match keys::in_file::<PresharedKey>(words, path)? {
            Some(key) => peer.preshared_key(key),
            None => peer.no_preshared_key(),
        };
    }
    if let Some(text) = words.text("endpoint") {
        peer = peer.endpoint(endpoint::resolve(cx, text).map_err(wrong)?);
    }
    if let Some(seconds) = words.number("persistent-keepalive") {
        peer = peer.keepalive(seconds);
    }
    let mut allowed = AllowedIps::default();
    for list in words.all("allowed-ips") {
        if let Value::Text(list) = list {
            allowed.add(list).map_err(wrong)?;
        }
    }
    peer = allowed.apply(peer);
    Ok(if words.has("remove") { peer.remove() } else { peer })
}

pub(super) fn setconf(cx: &mut Context, words: &Words) -> Outcome {
    let (conf, name) = read(cx, words)?;
    Ok(socket(cx)?.run(&conf.whole(name).replace_peers())?)
}

pub(super) fn addconf(cx: &mut Context, words: &Words) -> Outcome {
    let (conf, name) = read(cx, words)?;
    Ok(socket(cx)?.run(&conf.said(name))?)
}

pub(super) fn syncconf(cx: &mut Context, words: &Words) -> Outcome {
    let (conf, name) = read(cx, words)?;
    Ok(socket(cx)?.run(&conf.whole(name).synchronize())?)
}

/// What the file says, and the device that it is for.
fn read<'a>(cx: &mut Context, words: &'a Words) -> Result<(Conf, &'a str), Failure> {
    let name = words.text("device").ok_or_else(|| words.missing("device"))?;
    let file = words.text("file").ok_or_else(|| words.missing("file"))?;
    let text = std::fs::read_to_string(file).map_err(|error| words.wrong(format!("{file}: {error}")))?;
    let conf = conf::parse(&text, &mut |text| endpoint::resolve(cx, text));
    Ok((conf.map_err(|what| words.wrong(format!("{file}: {what}")))?, name))
}
