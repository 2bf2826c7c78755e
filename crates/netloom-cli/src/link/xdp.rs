//! The XDP program of a link.

use crate::out::Record;
use netloom::link::{Xdp, XdpAttached};

/// Describes what is attached; nothing if nothing is.
pub(super) fn describe(r: &mut Record, xdp: &Xdp) {
    let Some(attached) = xdp.attached().filter(|attached| *attached != XdpAttached::None) else { return };
    r.text(match attached {
        XdpAttached::Driver => "xdp".to_owned(),
        XdpAttached::Generic => "xdpgeneric".to_owned(),
        XdpAttached::Device => "xdpoffload".to_owned(),
        XdpAttached::Several => "xdpmulti".to_owned(),
        other => format!("xdp[{}]", u8::from(other)),
    });
    let programs = [
        (xdp.skb_prog_id(), XdpAttached::Generic),
        (xdp.drv_prog_id(), XdpAttached::Driver),
        (xdp.hw_prog_id(), XdpAttached::Device),
    ];
    r.object("xdp", |r| {
        r.number("mode", u8::from(attached)).json_only();
        if let Some(id) = xdp.prog_id() {
            r.object("prog", |r| {
                r.number("id", id).label("prog/xdp id");
            });
        }
        r.array("attached", |list| {
            for (program, mode) in programs {
                let Some(id) = program else { continue };
                list.record(|r| {
                    r.object("prog", |r| {
                        r.number("id", id).json_only();
                    });
                    r.number("mode", u8::from(mode)).json_only();
                });
            }
        });
    });
}
