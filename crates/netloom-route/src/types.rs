//! The family and its message types.

use netloom_wire::{Family, MessageType, Sender, View};

use crate::{
    address::Address,
    addrlabel::AddressLabel,
    link::Link,
    neighbour::Neighbour,
    neighbour_table::NeighbourTable,
    netconf::Netconf,
    nexthop::{Bucket, Nexthop},
    nsid::Nsid,
    prefix::AdvertisedPrefix,
    route::Route,
    rule::Rule,
    stats::{Stats, StatsQuery},
};

/// The family of this crate's requests (`NETLINK_ROUTE`).
#[derive(Clone, Copy, Debug)]
pub enum Rtnetlink {}

impl Family for Rtnetlink {
    const PROTOCOL: u16 = 0;
    const NAME: &'static str = "rtnetlink";

    fn message_types() -> &'static [MessageType] {
        message_types()
    }
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
            &[$(MessageType { family: $family, name: $name, kernel: $kernel, number: $number, sender: Sender::Either, layout: $view::layout }),*]
        };
    }
    static TYPES: &[MessageType] = types! {
        16 "RTM_NEWLINK" "rt-link" "newlink" Link,
        17 "RTM_DELLINK" "rt-link" "dellink" Link,
        18 "RTM_GETLINK" "rt-link" "getlink" Link,
        19 "RTM_SETLINK" "rt-link" "setlink" Link,
        20 "RTM_NEWADDR" "rt-addr" "newaddr" Address,
        21 "RTM_DELADDR" "rt-addr" "deladdr" Address,
        22 "RTM_GETADDR" "rt-addr" "getaddr" Address,
        24 "RTM_NEWROUTE" "rt-route" "newroute" Route,
        25 "RTM_DELROUTE" "rt-route" "delroute" Route,
        26 "RTM_GETROUTE" "rt-route" "getroute" Route,
        28 "RTM_NEWNEIGH" "rt-neigh" "newneigh" Neighbour,
        29 "RTM_DELNEIGH" "rt-neigh" "delneigh" Neighbour,
        30 "RTM_GETNEIGH" "rt-neigh" "getneigh" Neighbour,
        32 "RTM_NEWRULE" "rt-rule" "newrule" Rule,
        33 "RTM_DELRULE" "rt-rule" "delrule" Rule,
        34 "RTM_GETRULE" "rt-rule" "getrule" Rule,
        52 "RTM_NEWPREFIX" "rt-prefix" "newprefix" AdvertisedPrefix,
        56 "RTM_NEWMULTICAST" "rt-addr" "newmulticast" Address,
        57 "RTM_DELMULTICAST" "rt-addr" "delmulticast" Address,
        58 "RTM_GETMULTICAST" "rt-addr" "getmulticast" Address,
        60 "RTM_NEWANYCAST" "rt-addr" "newanycast" Address,
        61 "RTM_DELANYCAST" "rt-addr" "delanycast" Address,
        62 "RTM_GETANYCAST" "rt-addr" "getanycast" Address,
        64 "RTM_NEWNEIGHTBL" "rt-neigh" "newneightbl" NeighbourTable,
        66 "RTM_GETNEIGHTBL" "rt-neigh" "getneightbl" NeighbourTable,
        67 "RTM_SETNEIGHTBL" "rt-neigh" "setneightbl" NeighbourTable,
        72 "RTM_NEWADDRLABEL" "rt-addrlabel" "newaddrlabel" AddressLabel,
        73 "RTM_DELADDRLABEL" "rt-addrlabel" "deladdrlabel" AddressLabel,
        74 "RTM_GETADDRLABEL" "rt-addrlabel" "getaddrlabel" AddressLabel,
        80 "RTM_NEWNETCONF" "rt-netconf" "newnetconf" Netconf,
        81 "RTM_DELNETCONF" "rt-netconf" "delnetconf" Netconf,
        82 "RTM_GETNETCONF" "rt-netconf" "getnetconf" Netconf,
        88 "RTM_NEWNSID" "rt-nsid" "newnsid" Nsid,
        89 "RTM_DELNSID" "rt-nsid" "delnsid" Nsid,
        90 "RTM_GETNSID" "rt-nsid" "getnsid" Nsid,
        92 "RTM_NEWSTATS" "rt-link" "newstats" Stats,
        94 "RTM_GETSTATS" "rt-link" "getstats" StatsQuery,
        95 "RTM_SETSTATS" "rt-link" "setstats" StatsQuery,
        104 "RTM_NEWNEXTHOP" "rt-nexthop" "newnexthop" Nexthop,
        105 "RTM_DELNEXTHOP" "rt-nexthop" "delnexthop" Nexthop,
        106 "RTM_GETNEXTHOP" "rt-nexthop" "getnexthop" Nexthop,
        108 "RTM_NEWLINKPROP" "rt-link" "newlinkprop" Link,
        109 "RTM_DELLINKPROP" "rt-link" "dellinkprop" Link,
        110 "RTM_GETLINKPROP" "rt-link" "getlinkprop" Link,
        116 "RTM_NEWNEXTHOPBUCKET" "rt-nexthop" "newnexthopbucket" Bucket,
        117 "RTM_DELNEXTHOPBUCKET" "rt-nexthop" "delnexthopbucket" Bucket,
        118 "RTM_GETNEXTHOPBUCKET" "rt-nexthop" "getnexthopbucket" Bucket,
    };
    TYPES
}
