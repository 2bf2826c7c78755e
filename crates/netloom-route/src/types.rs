//! The family and its message types.

use netloom_wire::{Family, MessageType, View};

use crate::link::Link;

/// The family of this crate's requests (`NETLINK_ROUTE`).
#[derive(Clone, Copy, Debug)]
pub enum Rtnetlink {}

impl Family for Rtnetlink {
    const PROTOCOL: u16 = 0;
    const NAME: &'static str = "rtnetlink";
}

/// Message types of rtnetlink that this crate knows, with what lies behind their header; for decoders and schemas.
///
/// ```
/// let getlink = netloom_route::message_types().iter().find(|kind| kind.kernel == "RTM_GETLINK").unwrap();
/// assert_eq!((getlink.number, (getlink.layout)().header_size()), (18, 16));
/// ```
pub fn message_types() -> &'static [MessageType] {
    macro_rules! types {
        ($($number:literal $kernel:literal $family:literal $name:literal $view:ident,)*) => {
            &[$(MessageType { family: $family, name: $name, kernel: $kernel, number: $number, layout: $view::layout }),*]
        };
    }
    static TYPES: &[MessageType] = types! {
        16 "RTM_NEWLINK" "rt-link" "newlink" Link,
        17 "RTM_DELLINK" "rt-link" "dellink" Link,
        18 "RTM_GETLINK" "rt-link" "getlink" Link,
        19 "RTM_SETLINK" "rt-link" "setlink" Link,
        108 "RTM_NEWLINKPROP" "rt-link" "newlinkprop" Link,
        109 "RTM_DELLINKPROP" "rt-link" "dellinkprop" Link,
        110 "RTM_GETLINKPROP" "rt-link" "getlinkprop" Link,
    };
    TYPES
}
