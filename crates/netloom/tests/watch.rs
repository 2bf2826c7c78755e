//! The state of a watch equals a fresh dump, whatever happens; judged by the kernel itself. One body, every driver.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says what failed by panicking")]

#[path = "support/watching.rs"]
mod watching;

use std::{thread, time::Duration};

use netloom::{
    AsyncIpRoute, ErrorKind, RawIpRoute, SocketOptions, View,
    socket::blocking,
    watch::{AnyObject, Cause, Event, Objects, Watch},
};
use netloom_testkit::Namespace as Space;
use watching::{Scene, Watching, async_watch, blocking_watch, options, prepared, removals};

/// `async fn name(watched, objects, options) { … }` by each driver.
macro_rules! each_watch { ($($(#[$meta:meta])* async fn $name:ident($watched:ident, $objects:expr, $options:expr) $body:block)*) => { $(
    $(#[$meta])*
    mod $name {
        use super::*;

        async fn body($watched: &mut Scene<impl Watching>) $body

        fn wanted(space: &Space) -> SocketOptions {
            let change: fn(SocketOptions) -> SocketOptions = $options;
            change(options(space))
        }

        async fn by_async(space: Space) {
            let socket = AsyncIpRoute::with(&wanted(&space)).unwrap();
            body(&mut Scene::begin(space, async_watch(&socket, $objects).await, $objects).await).await;
        }

        #[test]
        fn blocking() {
            let Some(space) = prepared() else { return };
            let watch = blocking_watch(&wanted(&space), $objects);
            let all = async { Ok(body(&mut Scene::begin(space, watch, $objects).await).await) };
            netloom::socket::blocking::ready(all).unwrap();
        }

        #[test]
        fn tokio() {
            let Some(space) = prepared() else { return };
            ::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(by_async(space));
        }

        #[test]
        fn async_io() {
            let Some(space) = prepared() else { return };
            ::async_io::block_on(by_async(space));
        }
    }
)* } }

each_watch! {
    async fn routes_that_vanish_with_their_device_are_told_as_synthetic(watched, Objects::all(), |options| options) {
        watched.after(&["route add 10.77.0.0/16 via 10.9.0.2", "route add 10.78.0.0/16 dev v0 metric 7"]).await;
        let told = watched.after(&["link set v0 down"]).await;
        let routes: Vec<_> = removals(&told)
            .into_iter()
            .filter(|change| matches!(change.object(), Some(AnyObject::Route(route)) if route.family() == 2))
            .collect();
        let to = |text: &str| routes.iter().filter(|c| c.to_string().contains(text)).collect::<Vec<_>>();
        for vanished in ["10.77.0.0/16", "10.78.0.0/16"] {
            let [change] = to(vanished)[..] else { panic!("{vanished} among {routes:?}") };
            assert!(change.synthetic, "the kernel says nothing of {vanished}");
        }
    }

    async fn a_deleted_next_hop_object_takes_its_routes_along(watched, Objects::all(), |options| options) {
        watched.after(&["nexthop add id 5 via 10.9.0.2 dev v0", "route add 10.80.0.0/16 nhid 5"]).await;
        let told = watched.after(&["nexthop del id 5"]).await;
        let gone: Vec<_> = removals(&told).iter().map(|change| (change.to_string(), change.synthetic)).collect();
        assert!(gone.iter().any(|(what, synthetic)| what.contains("10.80.0.0/16") && *synthetic), "{gone:?}");
        assert!(gone.iter().any(|(what, synthetic)| what.starts_with("nexthop") && !*synthetic), "{gone:?}");
    }

    async fn a_port_that_leaves_its_bridge_is_still_a_link(watched, Objects::all(), |options| options) {
        let told = watched.after(&[
            "link add br0 type bridge",
            "link set v0 master br0",
            "link set br0 up",
            "link set v0 nomaster",
        ]).await;
        assert!(removals(&told).iter().all(|change| !matches!(change.object(), Some(AnyObject::Link(_)))), "{told:?}");
        watched.after(&["link del br0"]).await;
    }

    async fn renames_and_moves_to_another_namespace(watched, Objects::all(), |options| options) {
        let Some(other) = Space::new() else { return };
        watched.after(&[
            "rule add iif v1 table 77",
            "link set v1 down",
            "link set v1 name w1",
            "link set w1 up",
            "link set v0 alias first",
        ]).await;
        watched.after(&[&format!("link set w1 netns {}", other.name())]).await;
        // Nobody tells of v0 that its peer is elsewhere, and is back.
        watched.after(&[
            "link set v0 down",
            "link add m0 link v0 type macvlan",
            &format!("-n {} link set w1 netns {}", other.name(), watched.space.name()),
            "link set w1 down",
            "link set v0 up",
            &format!("link set w1 netns {}", other.name()),
            "link set m0 up",
            &format!("link set v0 netns {}", other.name()),
            &format!("-n {} link set v0 netns {}", other.name(), watched.space.name()),
            "link set v0 up",
            "link del m0",
        ]).await;
        let names: Vec<_> = watched.watch.state().links().iter().map(|link| link.name().to_owned()).collect();
        assert_eq!(names, ["lo", "v0"]);
    }

    async fn routes_that_share_a_key_are_kept_apart(watched, Objects::ROUTES, |options| options) {
        watched.after(&[
            "route add 10.81.0.0/16 via 10.9.0.2",
            "route append 10.81.0.0/16 via 10.9.0.3",
            "route append 10.81.0.0/16 via 10.9.0.4",
            "route del 10.81.0.0/16 via 10.9.0.3",
            "route replace 10.81.0.0/16 via 10.9.0.5",
            "-6 route add 2001:db8:1::/48 dev v0 metric 50",
            "-6 route append 2001:db8:1::/48 dev v1 metric 50",
            "addr add 10.9.0.9/32 dev v0",
            "route add 10.82.0.0/16 dev v0 src 10.9.0.9",
            "addr del 10.9.0.9/32 dev v0",
        ]).await;
    }

    /// Routes of IPv6 with a router each are one route with several next hops, of which messages tell in part.
    async fn routes_that_become_one(watched, Objects::ROUTES, |options| options) {
        watched.ip("addr add 2001:db8:1::1/64 dev v0 nodad");
        watched.after(&[
            "-6 route add 2001:db8:50::/48 via 2001:db8:1::51",
            "-6 route append 2001:db8:50::/48 via 2001:db8:1::52",
            "-6 route append 2001:db8:50::/48 via 2001:db8:1::53",
            "-6 route append 2001:db8:50::/48 dev v1",
            "-6 route del 2001:db8:50::/48 via 2001:db8:1::52",
            "-6 route replace 2001:db8:50::/48 via 2001:db8:1::54",
            "-6 route append 2001:db8:50::/48 via 2001:db8:1::55",
            "-6 route del 2001:db8:50::/48 via 2001:db8:1::54",
            "-6 route add 2001:db8:51::/48 nexthop via 2001:db8:1::51 nexthop via 2001:db8:1::52",
            "-6 route append 2001:db8:51::/48 nexthop via 2001:db8:1::53 nexthop via 2001:db8:1::54",
            "-6 route replace 2001:db8:51::/48 nexthop via 2001:db8:1::56 nexthop via 2001:db8:1::57",
            "-6 route del 2001:db8:51::/48",
            "-6 route add 2001:db8:52::/48 dev v0",
            "-6 route replace 2001:db8:52::/48 dev v1",
        ]).await;
    }

    /// A rule says whether the one that it goes on with is there, of which nobody is told; two protocols may make the same.
    async fn rules_that_lean_on_others(watched, Objects::RULES, |options| options) {
        watched.after(&[
            "rule add pref 300 goto 400",
            "rule add pref 400 table 7",
            "rule add pref 400 table 7 protocol 99",
            "rule del pref 400 protocol 99",
            "rule del pref 400",
            "-6 rule add pref 400 table 7",
            "rule del pref 300",
        ]).await;
    }

    async fn a_flood_that_overruns_a_small_buffer_is_read_over_and_said(watched, Objects::ROUTES, |options| options.receive_buffer(8 * 1024)) {
        let batch: String =
            (0..3000).map(|n| format!("route add 10.{}.{}.0/24 dev v0\n", 100 + n / 250, n % 250)).collect();
        watched.batch(&batch);
        let told = watched.changes().await;
        let begin = told.iter().position(|event| *event == Event::ReadBegin(Cause::Lost)).expect("an overrun");
        let end = told.iter().rposition(|event| *event == Event::ReadEnd(Cause::Lost)).expect("its end");
        assert!(begin < end);
        watched.same_as_the_kernel("a flood").await;
        assert!(watched.watch.state().routes().len() > 3000);
    }

    /// Datagrams that do not fit: a notification that is cut is a loss, an answer that is cut is asked for again.
    async fn a_buffer_that_is_too_small(watched, Objects::all(), |options| options.largest_datagram(256)) {
        // Each message about the link is longer than the one before.
        let name = |n| format!("link property add dev v0 altname n{n}{}\n", "x".repeat(115));
        watched.batch(&(0..100).map(name).collect::<String>());
        let told = watched.changes().await;
        assert!(told.contains(&Event::ReadBegin(Cause::Lost)) && told.contains(&Event::ReadEnd(Cause::Lost)), "{told:?}");
        watched.same_as_the_kernel("names").await;
        watched.after(&["link set v0 down"]).await;
    }

    /// Permanent entries, proxies, what a bridge and a vxlan forward to; what a bridge knew of a port goes with the port.
    async fn neighbours_and_forwarding_databases(watched, Objects::NEIGHBOURS, |options| options) {
        watched.after(&[
            "neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev v0",
            "neigh replace 10.9.0.2 lladdr 02:00:00:00:00:03 dev v0",
            "neigh add proxy 10.9.0.77 dev v0",
            "-6 neigh add proxy 2001:db8::77 dev v0",
            "-6 neigh add 2001:db8::2 lladdr 02:00:00:00:00:02 dev v0 router",
            "link add br0 type bridge",
            "link set br0 up",
            "link set v0 master br0",
            "bridge fdb add 02:00:00:00:00:aa dev v0 master static",
            "bridge fdb add 02:00:00:00:00:bb dev v0 self",
            "bridge fdb add 02:00:00:00:00:cc dev br0 self",
            "link add vx0 type vxlan id 5 dstport 4789 dev v1",
            "bridge fdb append 00:00:00:00:00:00 dev vx0 dst 10.9.0.5",
            "bridge fdb append 00:00:00:00:00:00 dev vx0 dst 10.9.0.6",
            "bridge fdb del 00:00:00:00:00:00 dev vx0 dst 10.9.0.5",
            "bridge fdb add 02:00:00:00:00:dd dev vx0 dst 10.9.0.7",
            "neigh replace 10.9.0.3 lladdr 02:00:00:00:00:03 nud noarp dev v0",
            "neigh replace 10.9.0.3 lladdr 02:00:00:00:00:03 nud permanent dev v0",
            "neigh replace 10.9.0.3 lladdr 02:00:00:00:00:03 nud noarp dev v0",
        ]).await;
        watched.after(&["neigh del 10.9.0.2 dev v0", "neigh del proxy 10.9.0.77 dev v0"]).await;
        let entry = |change: &&netloom::watch::Change| change.to_string().contains("02:00:00:00:00:aa");
        let told = watched.after(&["link set v0 nomaster"]).await;
        // A bridge that knows VLANs keeps a second one, for its own VLAN.
        let entries = 1 + usize::from(watched.space.has_vlan_filtering());
        assert_eq!(removals(&told).into_iter().filter(entry).count(), entries, "{told:?}");
        watched.after(&["link set v0 master br0", "link set v0 down", "link del br0", "link del v0"]).await;
    }
}

#[test]
fn a_watch_is_stopped_from_another_thread() {
    let Some(space) = prepared() else { return };
    let mut watch = blocking_watch(&options(&space), Objects::LINKS);
    let stop = watch.stop_handle().unwrap();
    let stopper = thread::spawn(move || {
        thread::sleep(Duration::from_millis(100));
        stop.stop();
    });
    let problem = loop {
        if let Err(problem) = watch.next() {
            break problem;
        }
    };
    assert_eq!(problem.kind(), ErrorKind::Stopped);
    stopper.join().unwrap();
}

#[test]
fn several_watches_of_one_namespace_do_not_disturb_each_other() {
    let Some(space) = prepared() else { return };
    let options = options(&space);
    let body = async {
        let watch = blocking_watch(&options, Objects::LINKS);
        let mut first = Scene::begin(space, watch, Objects::LINKS).await;
        let socket = RawIpRoute::with(&options)?;
        let mut second: Watch<RawIpRoute> = Watch::start(socket, Objects::ADDRESSES).await?;
        while second.next().await? != Event::ReadEnd(Cause::Start) {}
        first.after(&["addr add 10.9.1.1/24 dev v1", "link set v1 mtu 1400"]).await;
        let Event::Change(change) = second.next().await? else { panic!("a change") };
        assert!(change.to_string().contains("10.9.1.1"), "{change}");
        assert!(second.addresses().iter().all(|address| !address.bytes().is_empty()));
        Ok(())
    };
    blocking::ready(body).unwrap();
}
