//! Handlers in the path of messages of the real kernel: the examples of the documentation, and generic netlink.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/handle.rs"]
mod handle;
#[expect(dead_code, unreachable_pub, reason = "it is a program")]
#[path = "../examples/protect.rs"]
mod protect;
#[expect(dead_code, unreachable_pub, reason = "it is a program")]
#[path = "../examples/rename.rs"]
mod rename;
mod support;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use handle::{Handle, by_async_io, by_nobody, by_tokio};
use netloom_route::{Prefix, Rtnetlink, group, link, route};
use netloom_socket::hooks::{Outgoing, ReceiveVerdict, Replies};
use netloom_wire::{
    Buffer, ErrorKind, Message, Messages, Notice, Notifications, View, Write,
    controller::{Controller, FamilyInfo, Get, ListFamilies},
    nlmsg,
};
use protect::protect;
use rename::rename;
use support::Space;

/// Destinations of the routes of a table, as iproute2 shows them.
fn shown(space: &Space, table: &str) -> Vec<String> {
    let shown = space.text(&["route", "show", "table", table]);
    shown.lines().filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect()
}

fn add(destination: &str) -> route::Add {
    route::Add::new(destination.parse::<Prefix>().unwrap()).dev(1).table(100)
}

each_driver! { Rtnetlink, Space, Space::new();
    async fn routes_into_a_protected_prefix(io, space, |options| options) {
        let hook = io.on_send("protector", 24, protect("10.8.0.0/16".parse().unwrap())); // RTM_NEWROUTE
        io.run(add("10.9.0.0/24")).await.unwrap();
        for inside in ["10.8.0.0/16", "10.8.1.0/24", "10.8.255.255/32"] {
            let error = io.run(add(inside)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Proxy);
            let shown = inside.trim_end_matches("/32");
            assert!(error.to_string().starts_with(&format!("add route {shown}")), "{error}");
            let said = format!(": proxy `protector`: {inside} is in 10.8.0.0/16, which is protected");
            assert!(error.to_string().ends_with(&said), "{error}");
        }
        // What only overlaps is none of its business.
        io.run(add("10.8.0.0/15")).await.unwrap();
        let adds = (0..40).map(|n| add(&format!("10.{}.7.0/24", n)));
        let report = io.pipeline(adds, |_, _| ()).await.unwrap();
        assert_eq!((report.total, report.failures.len(), report.failures[0].0), (40, 1, 8));
        let replaced = io.run(route::Replace::new("10.8.9.0/24".parse().unwrap()).dev(1).table(100)).await;
        assert_eq!(replaced.unwrap_err().kind(), ErrorKind::Proxy);
        assert!(!shown(&space, "100").iter().any(|route| route.starts_with("10.8.") && route != "10.8.0.0/15"));
        assert_eq!(shown(&space, "100").len(), 41);
        hook.remove();
        io.run(add("10.8.1.0/24")).await.unwrap();
        assert!(shown(&space, "100").contains(&"10.8.1.0/24".to_owned()));
    }

    async fn devices_under_other_names(io, space, |options| options) {
        io.run(link::Add::new("v0").veth("v1")).await.unwrap();
        let mut links = io.watch(&[group::LINK]).unwrap();
        for command in [16, 17] { // RTM_NEWLINK, RTM_DELLINK
            io.on_receive("renamer", command, rename("v0", "uplink-of-the-west"));
        }
        let v0 = io.run(link::Get::new("v0")).await.unwrap();
        // Longer than any name in the kernel, and everything else is still there.
        assert_eq!((v0.ifname(), v0.check()), (Some("uplink-of-the-west"), Ok(())));
        assert!(v0.mtu() == Some(1500) && v0.link().is_some());
        let mut listed = Vec::new();
        io.stream(&link::List::all(), |link| listed.push(link.name().to_owned())).await.unwrap();
        listed.sort();
        assert_eq!(listed, ["lo", "uplink-of-the-west", "v1"]);
        assert!(io.run(link::List::all()).await.unwrap().iter().any(|link| link.name() == "uplink-of-the-west"));
        space.ip(&["link", "set", "v0", "mtu", "1400"]);
        space.ip(&["link", "delete", "v0"]);
        let mut told = Vec::new();
        links.deadline(Some(Duration::from_millis(300)));
        while let Ok(Notice::Message { command, payload, .. }) = links.next().await {
            told.push((command, link::Link::view(payload).unwrap().name().to_owned()));
        }
        assert!(told.contains(&(16, "uplink-of-the-west".into())) && told.contains(&(17, "uplink-of-the-west".into())), "{told:?}");
        assert!(told.iter().any(|(_, name)| name == "v1") && !told.iter().any(|(_, name)| name == "v0"), "{told:?}");
        let put = io.put(18, nlmsg::DUMP, &[0; 16]).await.unwrap();
        assert_eq!(Messages::new(&io.get(put).await.unwrap()).count(), 1, "lo alone is left");
    }

    /// Among what the kernel tells, as if it had told it.
    async fn a_handle_tells_its_own_subscriptions(io, space, |options| options.receive_buffer(8 << 10)) {
        let subscribed = Arc::<Mutex<Vec<Vec<u32>>>>::default();
        let seen = Arc::clone(&subscribed);
        io.on_subscribe(move |groups| seen.lock().unwrap().push(groups.to_vec()));
        assert!(!io.beside().has_subscription(group::LINK));
        let mut links = io.watch(&[group::LINK]).unwrap();
        let mut others = io.watch(&[group::NEIGHBOUR]).unwrap();
        assert_eq!(*subscribed.lock().unwrap(), [vec![group::LINK], vec![group::NEIGHBOUR]]);
        assert!(io.beside().has_subscription(group::LINK));
        let lo = |index: u32| [&[0, 0, 4, 3][..], &index.to_ne_bytes(), &[0; 8]].concat(); // struct ifinfomsg
        io.on_receive("thousand", 17, |message| {
            let mut body = message.body().to_vec();
            body.get_mut(4..8)?.copy_from_slice(&(message.view::<link::Link>()?.index() + 1000).to_ne_bytes());
            Some(ReceiveVerdict::Rewrite(body))
        });
        io.beside().notify(group::LINK, 17, &lo(1)).unwrap();
        let Notice::Message { command: 17, payload, .. } = links.next().await.unwrap() else { panic!("lost") };
        assert_eq!(link::Link::view(payload).unwrap().index(), 1001);
        space.ip(&["link", "set", "lo", "mtu", "30000"]);
        assert!(matches!(links.next().await.unwrap(), Notice::Message { command: 16, .. }));
        // More than it has room for.
        (0..1000).for_each(|index| io.beside().notify(group::LINK, 17, &lo(index)).unwrap());
        assert!(matches!(links.next().await.unwrap(), Notice::Lost));
        assert_eq!(io.overruns(), 1);
        io.beside().notify(group::LINK, 17, &lo(7)).unwrap();
        let Notice::Message { command: 17, payload, .. } = links.next().await.unwrap() else { panic!("lost") };
        assert_eq!(link::Link::view(payload).unwrap().index(), 1007);
        // Nobody else is told, and who is gone is forgotten.
        assert!(others.try_next().unwrap().is_none());
        assert_eq!(io.foreign(), 0);
        drop(links);
        assert!(!io.beside().has_subscription(group::LINK));
        io.beside().notify(group::LINK, 17, &lo(1)).unwrap();
    }

    /// In the namespace of the socket, whichever thread it runs on: a mtu of its own for what has none.
    async fn a_handler_asks_the_kernel_of_the_same_namespace(io, space, |options| options) {
        io.run(link::Add::new("v0").veth("v1").mtu(4321)).await.unwrap();
        for slow in [false, true] {
            let beside = io.beside();
            let handler = move |message: &Outgoing<'_>| {
                let asked = message.view::<link::Link>()?;
                if asked.mtu().is_some() {
                    return None;
                }
                let v0 = match beside.open::<Rtnetlink>().and_then(|mut kernel| kernel.run(&link::Get::new("v0"))) {
                    Ok(v0) => v0,
                    Err(error) => return Some(error.into()),
                };
                let mut body = Buffer::after(message.body().to_vec());
                body.put(4, &v0.mtu()?.to_ne_bytes()); // IFLA_MTU
                Some(message.with_body(body.finish().ok()?).into())
            };
            // RTM_NEWLINK
            let hook = if slow { io.on_send_slow("same mtu", 16, handler) } else { io.on_send("same mtu", 16, handler) };
            let name = if slow { "i1" } else { "i0" };
            io.run(link::Add::new(name).kind("ifb")).await.unwrap();
            assert!(space.text(&["link", "show", name]).contains(" mtu 4321 "));
            space.ip(&["link", "delete", name]);
            hook.remove();
        }
        space.ip(&["link", "delete", "v0"]);
        let beside = io.beside();
        let asked = move || beside.open::<Rtnetlink>()?.run(&link::Get::new("v0"));
        io.on_send("same mtu", 16, move |_| asked().err().map(Into::into));
        let error = io.run(link::Add::new("i0").kind("ifb")).await.unwrap_err();
        assert_eq!(error.to_string(), "add link i0: proxy `same mtu`: get link v0: No such device (ENODEV)");
    }
}

/// `CTRL_CMD_NEWFAMILY` and `CTRL_CMD_GETFAMILY`.
const NEW_FAMILY: u16 = 1;
const GET_FAMILY: u16 = 3;

/// A socket of several families has handlers for each.
#[test]
fn handlers_of_one_family_of_several() {
    let Some(space) = Space::new() else { return };
    let named = |name: &'static str| FamilyInfo::build((), move |w| w.name(name)).unwrap();
    let instead = move |message: &Outgoing<'_>| Some(message.with_body(named("nlctrl").bytes()).into());
    let mut families = netloom_socket::blocking::Families::with(&space.options()).unwrap();
    let hook = families.of::<Controller>().unwrap().on_send("other", GET_FAMILY, instead);
    assert_eq!(families.run(&Get::named("nobody")).unwrap().id(), Some(16));
    hook.remove();
    assert!(families.run(&Get::named("nobody")).unwrap_err().is_not_found());
    by_async_io(async {
        let families = netloom_socket::asynchronous::Families::with(&space.options()).unwrap();
        let hook = families.of::<Controller>().await.unwrap().on_send_slow("other", GET_FAMILY, instead);
        assert_eq!(families.run(&Get::named("nobody")).await.unwrap().id(), Some(16));
        hook.remove();
        assert!(families.run(&Get::named("nobody")).await.unwrap_err().is_not_found());
    });
}

each_driver! { Controller, Space, Space::new();
    /// The key is the command; handlers see what follows the `genlmsghdr`, which stays as it was.
    async fn generic_netlink_by_its_commands(io, space, |options| options) {
        let named = |name: &'static str| FamilyInfo::build((), move |w| w.name(name)).unwrap();
        let hook = io.on_send("other", GET_FAMILY, move |message| {
            (message.view::<FamilyInfo>()?.name()? == "nobody").then(|| message.with_body(named("nlctrl").bytes()).into())
        });
        let controller = io.run(Get::named("nobody")).await.unwrap();
        assert_eq!((controller.name(), controller.id()), (Some("nlctrl"), Some(16)));
        let absent = io.run(Get::named("nobody else")).await.unwrap_err();
        assert!(absent.is_not_found());
        hook.remove();
        let hook = io.on_send("answer", GET_FAMILY, move |message| {
            let replies = Replies::new().reply(NEW_FAMILY, named("played").bytes());
            Some(if message.is_dump() { replies.reply(NEW_FAMILY, named("too").bytes()) } else { replies }.into())
        });
        assert_eq!(io.run(Get::named("nobody")).await.unwrap().name(), Some("played"));
        let names: Vec<_> = io.run(ListFamilies::default()).await.unwrap().iter().map(|found| found.name().unwrap().to_owned()).collect();
        assert_eq!(names, ["played", "too"]);
        let put = io.put(16, 0, &[&[3, 1, 0, 0][..], named("nobody").bytes()].concat()).await.unwrap();
        let answer = io.get(put).await.unwrap();
        let message = Messages::new(&answer).next().unwrap();
        assert_eq!((message.header.command(), &message.payload[..4]), (16, &[1, 1, 0, 0][..]));
        hook.remove();
        io.on_receive("rename", NEW_FAMILY, |message| {
            let found = message.view::<FamilyInfo>()?;
            let renamed = FamilyInfo::build((), |w| {
                w.name("renamed").copy(found.tlvs().filter(|tlv| tlv.number() != 2))
            });
            Some(ReceiveVerdict::Rewrite(renamed.ok()?.bytes().to_vec()))
        });
        let found = io.run(Get::named("nlctrl")).await.unwrap();
        assert_eq!((found.name(), found.id()), (Some("renamed"), Some(16)));
        let families = io.run(ListFamilies::default()).await.unwrap();
        assert!(families.len() > 1 && families.iter().all(|found| found.name() == Some("renamed")));
        assert!(!space.name().is_empty());
    }
}
