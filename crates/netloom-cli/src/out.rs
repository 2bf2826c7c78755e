//! One description, two renderings: a verb describes what it shows as [`Record`]s; they are printed as the JSON
//! that iproute2 prints, or as text for people.
//!
//! ```text
//! let mut list = cx.list();
//! for link in &links {
//!     let mut r = Record::new();
//!     r.number("ifindex", link.index()).shown(format!("{}:", link.index()));
//!     r.string("ifname", link.name()).bare().paint(Paint::Device);
//!     r.number("mtu", mtu);                                   // {"mtu": 1500}    mtu 1500
//!     r.string("operstate", state).label("state");            // {"operstate": …} state UP
//!     r.line(4);                                              // text goes on on a new line
//!     r.object("linkinfo", |r| { r.string("info_kind", "veth").bare(); });
//!     r.array("addr_info", |list| for a in addresses { list.record(|r| …) });
//!     list.push(r)?;
//! }
//! list.finish()
//! ```
//!
//! Keys come in the order they are written, which must be iproute2's. A field that only one side wants is
//! marked `json_only`, or made by [`Record::text`].

mod listing;
mod record;
mod text;

pub(crate) use listing::{Layout, Listing};
pub(crate) use record::Record;
pub(crate) use text::{Paint, Units};
