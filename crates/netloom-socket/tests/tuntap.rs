//! tun and tap through `/dev/net/tun`; iproute2 and the kernel's own stack are the judges.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

mod support;

use std::{
    io::{ErrorKind, Read, Write},
    net::UdpSocket,
    os::fd::AsFd,
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use netloom_route::{
    Rtnetlink,
    kind::{Tun, TunMode},
    link::{self, Link, LinkData},
};
use netloom_socket::{
    blocking,
    tuntap::{AsyncQueue, Mode, Offload, Queue, TunTap},
};
use netloom_testkit::{as_user, inside_after};
use serde_json::{Value, json};
use support::Space;
use tokio::sync::oneshot;

/// A namespace in which the kernel makes such links; None, and the skip recorded, where it does not.
fn space() -> Option<Space> {
    let space = Space::new()?;
    match TunTap::tap("probe%d").namespace(space.namespace()).open() {
        Ok(_) => Some(space),
        Err(error) => {
            assert!(error.is_permission() || error.to_string().contains("open /dev/net/tun"), "{error}");
            netloom_testkit::record("kind tun", &error.to_string());
            None
        }
    }
}

/// What `ip -j -d link show` says of a link's kind.
fn judged(space: &Space, name: &str) -> Value {
    let shown = space.text(&["-j", "-d", "link", "show", name]);
    let mut links: Value = serde_json::from_str(&shown).unwrap();
    links[0]["linkinfo"].take()
}

/// What our own view says of it.
fn seen<T>(space: &Space, name: &str, look: impl FnOnce(&Tun) -> T) -> T {
    let mut socket = blocking::Socket::<Rtnetlink>::with(&space.options()).unwrap();
    let link: Box<Link> = socket.run(&link::Get::new(name)).unwrap();
    let Some(LinkData::Tun(tun)) = link.linkinfo().and_then(|info| info.data()) else { panic!("{link:?}") };
    look(tun)
}

/// That there is no such link. A child of another test, between its fork and its exec, may still hold what was closed.
fn absent(space: &Space, name: &str) {
    let mut socket = blocking::Socket::<Rtnetlink>::with(&space.options()).unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        match socket.run(&link::Get::new(name)) {
            Ok(_) if Instant::now() < end => thread::sleep(Duration::from_millis(20)),
            found => return assert!(found.unwrap_err().is_not_found()),
        }
    }
}

#[test]
fn persistent_links_are_as_asked_for() {
    let Some(space) = space() else { return };
    let plain = TunTap::tun("plain0").namespace(space.namespace());
    assert_eq!(plain.create().unwrap(), "plain0");
    let data = json!({"type": "tun", "pi": false, "vnet_hdr": false, "multi_queue": false, "persist": true});
    assert_eq!(judged(&space, "plain0"), json!({"info_kind": "tun", "info_data": data}));

    let rich = TunTap::tap("rich0").owner(0).group(5).pi(true).vnet_hdr(true).multi_queue(true);
    let rich = rich.namespace(space.namespace());
    rich.create().unwrap();
    let data = json!({
        "type": "tap", "pi": true, "vnet_hdr": true, "multi_queue": true, "numqueues": 0, "numdisabled": 0,
        "persist": true, "user": "root", "group": "tty",
    });
    assert_eq!(judged(&space, "rich0"), json!({"info_kind": "tun", "info_data": data}));
    seen(&space, "rich0", |tun| {
        assert_eq!((tun.tun_type(), tun.owner(), tun.group()), (Some(TunMode::Tap), Some(0), Some(5)));
        assert_eq!((tun.pi(), tun.vnet_hdr(), tun.multi_queue()), (Some(true), Some(true), Some(true)));
    });

    // Whoever deletes need not know the number of queues.
    TunTap::new(Mode::Tap, "rich0").namespace(space.namespace()).delete().unwrap();
    absent(&space, "rich0");
    // By netlink too.
    let mut socket = blocking::Socket::<Rtnetlink>::with(&space.options()).unwrap();
    socket.run(&link::Delete::new("plain0")).unwrap();
    absent(&space, "plain0");
}

#[test]
fn names_are_made_up_by_the_kernel() {
    let Some(space) = space() else { return };
    let make = |name: &str| TunTap::tap(name).namespace(space.namespace()).create().unwrap();
    assert_eq!(
        [make("t%dx"), make("t%dx"), make(""), make("fifteen-letters")],
        ["t0x", "t1x", "tap0", "fifteen-letters"]
    );
    let device = TunTap::tun("open%d").queues(3).namespace(space.namespace()).open().unwrap();
    assert_eq!(device.name(), "open0");
    assert!(device.queues().iter().all(|queue| queue.name().unwrap() == "open0"));
}

#[test]
fn errors_name_the_link() {
    let Some(space) = space() else { return };
    let here = |wanted: TunTap| wanted.namespace(space.namespace());
    here(TunTap::tap("tap0")).create().unwrap();
    let told = |outcome: Result<String, netloom_wire::Error>| outcome.unwrap_err().to_string();
    let again = here(TunTap::tap("tap0")).create().unwrap_err();
    assert!(again.is_exists());
    assert_eq!(again.to_string(), "create tap tap0: a link has this name: File exists (EEXIST)");
    assert!(here(TunTap::tun("lo")).create().unwrap_err().is_exists());
    let wrong = here(TunTap::tun("tap0")).delete().unwrap_err().to_string();
    assert_eq!(wrong, "delete tun tap0: TUNSETIFF: Invalid argument (EINVAL)");
    let gone = here(TunTap::tun("nothing0")).delete().unwrap_err();
    assert!(gone.is_not_found(), "{gone}");
    assert_eq!(gone.to_string(), "delete tun nothing0: if_nametoindex: No such device (ENODEV)");
    absent(&space, "nothing0");
    let long = told(here(TunTap::tap("sixteen-letters!")).create());
    assert_eq!(long, "create tap sixteen-letters!: a link's name has at most 15 bytes, none of them zero");
    assert_eq!(told(here(TunTap::tap("a/b")).create()), "create tap a/b: TUNSETIFF: Invalid argument (EINVAL)");
    let nobody = told(here(TunTap::tap("nobody0")).owner(u32::MAX).create());
    assert_eq!(nobody, "create tap nobody0: TUNSETOWNER: Invalid argument (EINVAL)");
    absent(&space, "nobody0");
    assert!(here(TunTap::tap("none0")).queues(0).open().is_err());
    // One that is open with one queue cannot be opened again, nor deleted.
    let open = here(TunTap::tap("tap0")).open().unwrap();
    let busy = here(TunTap::tap("tap0")).delete().unwrap_err().to_string();
    assert_eq!(busy, "delete tap tap0: TUNSETIFF: Device or resource busy (EBUSY)");
    drop(open);
    // A process that another test starts has the descriptor too, between its fork and its exec: busy until then alone.
    let deleted = netloom_testkit::wait_for(|| match here(TunTap::tap("tap0")).delete() {
        Err(error) if error.errno().is_some_and(|errno| errno.0 == libc::EBUSY) => None,
        outcome => Some(outcome),
    });
    deleted.unwrap().unwrap();
    absent(&space, "tap0");
}

#[test]
fn too_many_queues_leave_nothing() {
    let Some(space) = space() else { return };
    let error = TunTap::tap("many0").queues(257).namespace(space.namespace()).open().unwrap_err();
    assert_eq!(error.to_string(), "open tap many0: TUNSETIFF: Argument list too long (E2BIG)");
    absent(&space, "many0");
}

#[test]
fn queues_are_turned_off_and_on() {
    let Some(space) = space() else { return };
    let device = TunTap::tap("multi0").queues(4).vnet_hdr(true).namespace(space.namespace()).open().unwrap();
    let counts = || {
        let data = judged(&space, "multi0")["info_data"].take();
        (data["numqueues"].as_u64().unwrap(), data["numdisabled"].as_u64().unwrap())
    };
    assert_eq!(counts(), (4, 0));
    device.queues()[1].detach().unwrap();
    device.queues()[3].detach().unwrap();
    assert_eq!(counts(), (2, 2));
    let twice = device.queues()[3].detach().unwrap_err().to_string();
    assert_eq!(twice, "TUNSETQUEUE: Invalid argument (EINVAL)");
    device.queues()[3].attach().unwrap();
    assert_eq!(counts(), (3, 1));

    let queue = &device.queues()[0];
    assert_eq!(queue.vnet_hdr_size().unwrap(), 10);
    queue.set_vnet_hdr_size(12).unwrap();
    assert_eq!(queue.vnet_hdr_size().unwrap(), 12);
    assert!(queue.set_vnet_hdr_size(9).is_err());
    queue.set_offload(Offload::CSUM | Offload::TSO4).unwrap();
    assert!(queue.set_offload(Offload::from_bits_retain(1 << 30)).is_err());
    space.ip(&["link", "set", "multi0", "up"]);
    queue.set_carrier(false).unwrap();
    let shown = space.text(&["link", "show", "multi0"]);
    assert!(shown.contains("NO-CARRIER"), "{shown}");
    drop(device);
    absent(&space, "multi0");
}

/// Two namespaces, a link in each.
struct Pair {
    spaces: [Space; 2],
    queues: [Queue; 2],
}

impl Pair {
    fn new(mode: Mode) -> Option<Self> {
        let spaces = [space()?, space()?];
        let mut number = 0;
        let queues = spaces.each_ref().map(|space| {
            number += 1;
            let device = TunTap::new(mode, "end0").namespace(space.namespace()).open().unwrap();
            space.ip(&["link", "set", "end0", "up"]);
            space.ip(&["addr", "add", &format!("10.77.0.{number}/24"), "dev", "end0"]);
            let queue = device.into_queues().remove(0);
            queue.set_nonblocking(true).unwrap();
            queue
        });
        Some(Self { spaces, queues })
    }

    /// An echo over UDP from one to the other by the kernels' stacks: what comes back.
    fn echo(spaces: &[Space; 2]) -> Vec<u8> {
        let socket = |space: &Space, address: &str| {
            let socket = space.enter(|| UdpSocket::bind(address)).unwrap();
            socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            socket
        };
        let near = socket(&spaces[0], "10.77.0.1:0");
        let far = socket(&spaces[1], "10.77.0.2:7");
        near.send_to(b"hello", "10.77.0.2:7").unwrap();
        let mut buffer = [0; 64];
        let (length, from) = far.recv_from(&mut buffer).unwrap();
        far.send_to(&[&buffer[..length], b" yourself"].concat(), from).unwrap();
        let length = near.recv(&mut buffer).unwrap();
        buffer[..length].to_vec()
    }
}

/// Copies what waits in one queue into the other.
fn copy(from: &Queue, to: &Queue, buffer: &mut [u8]) -> usize {
    let (mut from, mut to, mut copied) = (from, to, 0);
    loop {
        match from.read(buffer) {
            Ok(length) => to.write_all(&buffer[..length]).unwrap(),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return copied,
            Err(error) => panic!("{error}"),
        }
        copied += 1;
    }
}

fn by_poll(mode: Mode) -> Option<()> {
    let Pair { spaces, queues } = Pair::new(mode)?;
    let done = AtomicBool::new(false);
    let echoed = thread::scope(|scope| {
        scope.spawn(|| {
            let mut buffer = [0; 2000];
            while !done.load(Ordering::Relaxed) {
                let mut both = queues
                    .each_ref()
                    .map(|queue| rustix::event::PollFd::from_borrowed_fd(queue.as_fd(), rustix::event::PollFlags::IN));
                let limit = rustix::event::Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
                rustix::event::poll(&mut both, Some(&limit)).unwrap();
                copy(&queues[0], &queues[1], &mut buffer);
                copy(&queues[1], &queues[0], &mut buffer);
            }
        });
        let echoed = Pair::echo(&spaces);
        done.store(true, Ordering::Relaxed);
        echoed
    });
    assert_eq!(echoed, b"hello yourself");
    Some(())
}

#[test]
fn frames_between_namespaces_by_poll() {
    let Some(()) = by_poll(Mode::Tap) else { return };
}

#[test]
fn packets_between_namespaces_by_poll() {
    let Some(()) = by_poll(Mode::Tun) else { return };
}

/// Carries one namespace's frames to the other and back while they talk, on whichever executor drives it.
async fn by_reactor(Pair { spaces, queues }: Pair) {
    let [near, far] = queues.map(|queue| AsyncQueue::new(queue).unwrap());
    let carry = async |from: &AsyncQueue, to: &AsyncQueue| {
        let mut buffer = [0; 2000];
        loop {
            let length = from.receive(&mut buffer).await.unwrap();
            to.send(&buffer[..length]).await.unwrap();
        }
    };
    let (tell, echoed) = oneshot::channel();
    thread::spawn(move || tell.send(Pair::echo(&spaces)).unwrap());
    tokio::select! {
        () = carry(&near, &far) => {}
        () = carry(&far, &near) => {}
        echoed = echoed => assert_eq!(echoed.unwrap(), b"hello yourself"),
    }
}

#[test]
fn frames_between_namespaces_by_tokio() {
    let Some(pair) = Pair::new(Mode::Tap) else { return };
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(by_reactor(pair));
}

#[test]
fn packets_between_namespaces_by_async_io() {
    let Some(pair) = Pair::new(Mode::Tun) else { return };
    async_io::block_on(by_reactor(pair));
}

/// Packet information says the protocol: 2 bytes of flags, then the number of the protocol in network order.
#[test]
fn packet_information_is_before_each_packet() {
    let Some(space) = space() else { return };
    let device = TunTap::tun("pi0").pi(true).namespace(space.namespace()).open().unwrap();
    space.ip(&["link", "set", "pi0", "up"]);
    space.ip(&["addr", "add", "10.77.0.1/24", "dev", "pi0"]);
    let socket = space.enter(|| UdpSocket::bind("10.77.0.1:0")).unwrap();
    socket.send_to(b"hello", "10.77.0.2:7").unwrap();
    let mut packet = [0; 2000];
    // The link may speak of itself by IPv6 before.
    let found = (0..20).any(|_| {
        let length = (&device.queues()[0]).read(&mut packet).unwrap();
        packet[..length].starts_with(&[0, 0, 8, 0, 0x45]) && packet[..length].ends_with(b"hello")
    });
    assert!(found);
}

#[test]
fn without_a_device_node_the_error_says_so() {
    inside_after("without_a_device_node_the_error_says_so", "mount -t tmpfs none /dev/net", || {
        let error = TunTap::tap("tap0").create().unwrap_err().to_string();
        let said = "open /dev/net/tun, which the module tun provides: No such file or directory (ENOENT)";
        assert_eq!(error, format!("create tap tap0: {said}"));
    });
}

/// A node that everybody may open, as most systems have it: the kernel decides who may open which link.
#[test]
fn who_owns_a_link_opens_it_without_rights() {
    if space().is_none() {
        return;
    }
    let prepare = "mount -t tmpfs none /dev/net && mknod -m 666 /dev/net/tun c 10 200";
    inside_after("who_owns_a_link_opens_it_without_rights", prepare, || {
        TunTap::tap("own0").owner(1234).multi_queue(true).create().unwrap();
        TunTap::tun("group0").group(4321).create().unwrap();
        TunTap::tun("all0").create().unwrap();
        let open = |user, group, link: TunTap| as_user(user, group, || link.open());
        let device = open(1234, 1, TunTap::tap("own0").queues(2)).unwrap();
        assert_eq!((device.name(), device.queues().len()), ("own0", 2));
        let told = Command::new("ip").args(["-j", "-d", "link", "show", "own0"]).output().unwrap();
        let told: Value = serde_json::from_slice(&told.stdout).unwrap();
        let told = &told[0]["linkinfo"]["info_data"];
        assert_eq!((&told["numqueues"], &told["user"]), (&json!(2), &json!(1234)));
        drop(device);
        open(5678, 4321, TunTap::tun("group0")).unwrap();
        // Without an owner and a group, a persistent link is anybody's.
        open(5678, 1, TunTap::tun("all0")).unwrap();
        for (user, link) in [(5678, TunTap::tap("own0").multi_queue(true)), (1234, TunTap::tun("group0"))] {
            let refused = open(user, 1, link).unwrap_err();
            assert!(refused.is_permission() && refused.to_string().contains("TUNSETIFF: "), "{refused}");
        }
        // A new one takes rights, and is not left behind.
        let refused = open(1234, 1, TunTap::tap("new0")).unwrap_err().to_string();
        assert_eq!(refused, "open tap new0: TUNSETIFF: Operation not permitted (EPERM)");
        let links = Command::new("ip").args(["-br", "link"]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&links.stdout).lines().count(), 4, "{links:?}");
    });
}

#[test]
fn a_device_node_that_is_refused_is_named() {
    let prepare = "mount -t tmpfs none /dev/net && mknod -m 600 /dev/net/tun c 10 200";
    inside_after("a_device_node_that_is_refused_is_named", prepare, || {
        let refused = as_user(1234, 1, || TunTap::tap("tap0").open()).unwrap_err();
        let said = "open tap tap0: open /dev/net/tun, which the module tun provides: Permission denied (EACCES)";
        assert!(refused.is_permission() && refused.to_string() == said, "{refused}");
    });
}
