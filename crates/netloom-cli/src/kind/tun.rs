//! What tun and tap say of themselves; they are made through `/dev/net/tun`.

use super::fields::{number, on_off};
use crate::out::Record;
use netloom::kind::{Tun, TunMode};

pub(super) fn describe(r: &mut Record, t: &Tun) {
    if let Some(mode) = t.tun_type() {
        let name = match mode {
            TunMode::Tun => "tun".into(),
            TunMode::Tap => "tap".into(),
            other => format!("UNKNOWN:{}", u8::from(other)),
        };
        r.string("type", name);
    }
    on_off(r, "pi", t.pi());
    if let Some(on) = t.vnet_hdr() {
        r.bool("vnet_hdr", on).label("vnet_hdr");
    }
    if let Some(several) = t.multi_queue() {
        let field = r.bool("multi_queue", several);
        if several {
            field.shown("multi_queue");
        } else {
            field.json_only();
        }
        if several {
            number(r, "numqueues", "numqueues", t.num_queues());
            number(r, "numdisabled", "numdisabled", t.num_disabled_queues());
        }
    }
    on_off(r, "persist", t.persist());
    who(r, "user", t.owner(), "/etc/passwd");
    who(r, "group", t.group(), "/etc/group");
}

/// A user or group by name; by number where it has none.
fn who(r: &mut Record, key: &'static str, id: Option<u32>, file: &str) {
    let Some(id) = id else { return };
    let text = std::fs::read_to_string(file).unwrap_or_default();
    // `name:password:number:…`, in both files.
    let named = text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(id)).then_some(name)
    });
    match named {
        Some(name) => r.string(key, name),
        None => r.number(key, id),
    };
}
