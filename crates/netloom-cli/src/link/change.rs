//! `link add`, `set`, `delete` and `property`.

use super::settings;
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::kind::KINDS;
use crate::words::{Value, Words, nearest};
use netloom::link::{self, ExtMask};
use netloom::wire::Write;

/// `link add`.
pub(super) fn add(cx: &mut Context, words: &Words) -> Outcome {
    let add = added(cx, words)?;
    let outcome = cx.order(&add);
    if let (Err(Failure::Kernel(_)), Some(kind)) = (&outcome, words.text("type")) {
        let near = nearest(kind, KINDS.iter().map(|case| case.name));
        cx.warn(&format!("link add type: nothing is known here of the kind {kind:?}{near}"));
    }
    outcome
}

/// `link replace`.
pub(super) fn replace(cx: &mut Context, words: &Words) -> Outcome {
    let add = added(cx, words)?;
    cx.order(&add.or_change())
}

/// The request to make a link.
fn added(cx: &mut Context, words: &Words) -> Result<link::Add, Failure> {
    if !words.has("type") {
        return Err(words.lacking("type"));
    }
    let name = settings::name(words)?.unwrap_or_default();
    let settings = settings::read(cx, words)?;
    let mut add = link::Add::new(name).attributes(|w| w.append(&settings.attributes));
    for (flag, on) in &settings.flags {
        add = add.flag(*flag, *on);
    }
    if let Some(index) = words.number("index") {
        add = add.index(index);
    }
    if let Some(group) = settings::group(words)? {
        add = add.group(group);
    }
    Ok(add)
}

/// `link set`: of one link, or of all links of a group.
pub(super) fn set(cx: &mut Context, words: &Words) -> Outcome {
    let group = settings::group(words)?;
    let mut set = match (words.text("dev"), group) {
        (Some(name), _) => link::Set::new(cx.device(name)?),
        (None, Some(group)) => link::Set::of_group(group),
        (None, None) => return Err(words.missing("dev")),
    };
    if let (true, Some(group)) = (words.has("dev"), group) {
        set = set.group(group);
    }
    check_address(cx, words)?;
    let mut settings = settings::read(cx, words)?;
    if let Some(index) = words.number("index") {
        if !words.has("netns") {
            return Err(words.wrong("a link that is there has its index; it gets another one only with netns"));
        }
        settings.new_index(index);
    }
    set = set.attributes(|w| w.some(words.text("name"), |w, name| w.ifname(name)).append(&settings.attributes));
    for (flag, on) in &settings.flags {
        set = set.flag(*flag, *on);
    }
    cx.order(&set)
}

/// Says what the kernel would only call an invalid argument: that a hardware address is longer or shorter than the link's.
fn check_address(cx: &mut Context, words: &Words) -> Outcome {
    let (Some(given), Some(name)) = (words.bytes("address").map(<[u8]>::len), words.text("dev")) else { return Ok(()) };
    // Nearly all links have six bytes.
    if given == 6 {
        return Ok(());
    }
    let link = cx.run(&link::Get::new(name).parts(ExtMask::SKIP_STATS)).map_err(|failure| failure.of_device(name))?;
    match link.address().map(|address| address.as_bytes().len()).filter(|length| *length != given) {
        Some(length) => Err(words.refused(format!("address: it has {given} bytes, that of {name} has {length}"))),
        None => Ok(()),
    }
}

/// `link delete`.
pub(super) fn delete(cx: &mut Context, words: &Words) -> Outcome {
    let delete = match (words.text("dev"), settings::group(words)?) {
        (Some(name), _) => link::Delete::new(cx.device(name)?),
        (None, Some(group)) => link::Delete::of_group(group),
        (None, None) => return Err(words.missing("dev")),
    };
    let known = words.choice("type").map(|(kind, _)| kind);
    let Some(kind) = known.or_else(|| words.text("type")) else { return cx.order(&delete) };
    cx.order(&delete.attributes(|w| w.linkinfo(|info| info.kind(kind))))
}

/// `link property add`.
pub(super) fn property_add(cx: &mut Context, words: &Words) -> Outcome {
    let (index, names) = property(cx, words)?;
    cx.run(&link::AddNames::new(index, names))
}

/// `link property delete`.
pub(super) fn property_delete(cx: &mut Context, words: &Words) -> Outcome {
    let (index, names) = property(cx, words)?;
    cx.run(&link::DeleteNames::new(index, names))
}

fn property(cx: &mut Context, words: &Words) -> Result<(u32, Vec<String>), Failure> {
    let index = cx.device(words.text("dev").ok_or_else(|| words.missing("dev"))?)?;
    let names = words.all("altname").filter_map(|name| match name {
        Value::Text(name) => Some(name.clone()),
        _ => None,
    });
    let names: Vec<String> = names.collect();
    if names.is_empty() {
        return Err(words.missing("altname"));
    }
    Ok((index, names))
}
