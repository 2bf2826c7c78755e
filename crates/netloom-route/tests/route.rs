//! What is made of routes: names, keys, filters, deletions.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::net::IpAddr;

use netloom_route::route::{Add, Delete, Hop, List, Route, Test};
use netloom_wire::{Buffer, Object, Request, View, named, nlmsg};

const DEV: u32 = 3;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn add(prefix: &str) -> Add {
    Add::new(prefix.parse().unwrap())
}

fn body<R: Request<Body = Route>>(request: &R) -> Box<Route> {
    let mut out = Buffer::new();
    request.write(&mut out);
    Route::boxed(&out.finish().unwrap()).unwrap()
}

#[test]
fn a_route_is_named_by_what_tells_it_from_others() {
    let shown = |route: &Route| named(route).to_string();
    assert_eq!(shown(&body(&add("10.0.0.0/8").table(100))), "route 10.0.0.0/8 table 100");
    assert_eq!(shown(&body(&add("default").via(ip("10.9.0.2")))), "route default via 10.9.0.2");
    assert_eq!(shown(&body(&add("10.1.0.1/32").table(1000).tos(8))), "route 10.1.0.1 tos 8 table 1000");
    assert_eq!(shown(&body(&Add::label(100))), "route label 100");
    assert_eq!(shown(&body(&Delete::new("default".parse().unwrap()))), "route default");
    assert_eq!(shown(&body(&List::v4().table(7))), "route table 7");
}

#[test]
fn keys_tell_routes_apart_as_the_kernel_does() {
    let key = |route: Add| body(&route).key();
    assert_eq!(key(add("10.1.2.3/16").dev(1)), key(add("10.1.0.0/16").dev(2).via(ip("10.9.0.1"))));
    assert_ne!(key(add("10.1.0.0/16").dev(1)), key(add("10.1.0.0/16").dev(1).priority(1)));
    assert_ne!(key(add("10.1.0.0/16").dev(1)), key(add("10.1.0.0/16").dev(1).table(1000)));
    assert_ne!(key(add("2001:db8::/32").dev(1)), key(add("2001:db8::/32").dev(2)));
    let shared = |index| add("2001:db8::/32").hop(Hop::new().dev(index)).hop(Hop::new().dev(9));
    assert_eq!(key(shared(1)), key(shared(2)));
}

#[test]
fn what_is_listed_is_filtered_again() {
    let route = body(&add("10.1.0.0/16").hop(Hop::new().via(ip("10.9.0.2")).dev(4)).hop(Hop::new().dev(5)));
    let accepts = |list: List| list.accepts(&route);
    assert!(accepts(List::all().device(4)) && accepts(List::v4().device(5)) && !accepts(List::all().device(3)));
    assert!(!accepts(List::v6()) && !accepts(List::all().cached()));
    assert!(accepts(List::v4().table(254)) && !accepts(List::v4().table(255)));
    let prefix = |text: &str| text.parse().unwrap();
    assert!(accepts(List::all().within(prefix("10.0.0.0/8"))) && !accepts(List::all().within(prefix("10.1.1.0/24"))));
    assert!(
        accepts(List::all().covering(prefix("10.1.1.0/24"))) && !accepts(List::all().covering(prefix("10.0.0.0/8")))
    );
    assert!(
        accepts(List::all().exactly(prefix("10.1.9.9/16"))) && !accepts(List::all().exactly(prefix("10.1.0.0/17")))
    );
    assert!(accepts(List::all().via(prefix("10.9.0.0/24"))) && !accepts(List::all().via(prefix("10.8.0.0/24"))));
}

#[test]
fn a_deletion_says_all_that_the_kernel_compares() {
    let route = body(&add("10.1.0.0/16").via(ip("10.9.0.2")).dev(DEV).table(1000).priority(7).mtu(1400));
    let delete = body(&Delete::of(&route));
    assert_eq!((delete.key(), delete.header()), (route.key(), route.header()));
    assert_eq!((delete.gateway(), delete.metrics().and_then(|m| m.mtu())), (Some(ip("10.9.0.2")), Some(1400)));
}

/// Of these there are no golden bytes: the words of iproute2 are not in its manual, or not for this family.
#[test]
fn a_trial_and_the_deletion_of_a_label() {
    let trial = Test::new("10.1.0.0/16".parse().unwrap()).dev(DEV);
    assert_eq!((trial.flags(), body(&trial).oif()), (nlmsg::EXCL, Some(DEV)));
    let gone = body(&Delete::label(100));
    assert_eq!((gone.family(), gone.dst_length(), gone.label()), (28, 20, Some(100)));
}
