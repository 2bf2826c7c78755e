//! Showing devices: for people, for scripts, as a file, as JSON.

use super::human::{self, View};
use super::property::{self, Property};
use super::{conf, endpoint, socket};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::out::Record;
use crate::words::{Kind, Word, Words, word};
use netloom::link::{self, ExtMask};
use netloom::wireguard::Device;
use serde_json::{Map, Value as Json};
use std::time::{SystemTime, UNIX_EPOCH};

pub(super) const SHOW: &[Word] = &[
    word("device", Kind::DeviceOr(&["all", "interfaces"]), "a device; all of them, as without a word; or their names")
        .first(),
    word("property", Kind::Choice(&property::CASES), "one property, for scripts").value_only(),
];

pub(super) fn show(cx: &mut Context, words: &Words) -> Outcome {
    let property = words.choice("property").and_then(|(name, _)| property::find(name));
    let (devices, named) = match (words.text("device"), property) {
        (Some("interfaces"), Some(_)) => return Err(words.wrong("nothing may follow \"interfaces\"")),
        (Some("interfaces"), None) => return names(cx),
        (None | Some("all"), _) => (socket(cx)?.devices()?, true),
        (Some(name), _) => (vec![socket(cx)?.device(name)?], false),
    };
    for device in &devices {
        endpoint::learn_scopes(cx, device)?;
    }
    if cx.options.json {
        return json(cx, &devices, property);
    }
    let text: Vec<_> = match property {
        Some(property) => devices.iter().map(|device| property.lines(device, &cx.devices, named)).collect(),
        None => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            let view = View { devices: &cx.devices, reveal: reveals(), now };
            devices.iter().map(|device| human::device(device, &view)).collect()
        }
    };
    let text = text.join(if property.is_some() { "" } else { "\n" });
    Ok(cx.out().write_all(text.as_bytes())?)
}

/// Whether people see secret keys: the variable is `wg`'s.
fn reveals() -> bool {
    std::env::var_os("WG_HIDE_KEYS").is_some_and(|hide| hide == "never")
}

/// The names of all devices on one line, which takes no rights.
fn names(cx: &mut Context) -> Outcome {
    let links = cx.run(&link::List::all().kind("wireguard").parts(ExtMask::SKIP_STATS))?;
    let names: Vec<_> = links.iter().map(|link| link.name().to_owned()).collect();
    if !cx.options.json {
        if !names.is_empty() {
            writeln!(cx.out(), "{}", names.join(" "))?;
        }
        return Ok(());
    }
    let mut list = cx.list();
    for name in names {
        let mut r = Record::new();
        r.string("name", name);
        list.push(r)?;
    }
    list.finish()
}

/// The library's JSON. Secret keys are told where one asks for them by the name of a property.
fn json(cx: &mut Context, all: &[Device], property: Option<&Property>) -> Outcome {
    let mut records = Vec::new();
    for device in all {
        let mut json = object(device)?;
        if let Some(Json::Array(peers)) = json.get_mut("peers") {
            for (peer, json) in device.peers.iter().zip(peers) {
                if let Some(at) = &peer.endpoint {
                    json["endpoint"] = endpoint::show(at, &cx.devices).into();
                }
                if let (Some(key), true) = (&peer.preshared_key, property.is_some() || reveals()) {
                    json["preshared_key"] = key.to_base64().as_str().into();
                }
            }
        }
        if let (Some(key), true) = (&device.private_key, property.is_some() || reveals()) {
            json.insert("private_key".into(), key.to_base64().as_str().into());
        }
        let json = match property {
            Some(property) => property.json(json),
            None => json,
        };
        let mut r = Record::new();
        for (key, value) in json {
            r.value(key, value);
        }
        records.push(r);
    }
    let mut list = cx.list();
    records.into_iter().try_for_each(|r| list.push(r))?;
    list.finish()
}

fn object(device: &Device) -> Result<Map<String, Json>, Failure> {
    match serde_json::to_value(device) {
        Ok(Json::Object(map)) => Ok(map),
        Ok(other) => Err(Failure::Failed(format!("a device became {other}"))),
        Err(error) => Err(Failure::Failed(error.to_string())),
    }
}

pub(super) fn showconf(cx: &mut Context, words: &Words) -> Outcome {
    let name = words.text("device").ok_or_else(|| words.missing("device"))?;
    if cx.options.json {
        return Err(words.wrong("the file is no JSON; `wg show` has that"));
    }
    let device = socket(cx)?.device(name)?;
    endpoint::learn_scopes(cx, &device)?;
    let text = conf::write(&device, &cx.devices);
    Ok(cx.out().write_all(text.as_bytes())?)
}
