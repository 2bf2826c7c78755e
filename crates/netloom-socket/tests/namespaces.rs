//! Sockets in other network namespaces, without moving a thread of the caller's.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

mod support;

use std::{
    fs::{File, read_link},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
};

use netloom_route::{Rtnetlink, link};
use netloom_socket::{Namespace, SocketOptions, asynchronous, blocking};
use netloom_wire::{ErrorKind, Notice, View};
use support::Space;

/// The namespace of the calling thread.
fn here() -> PathBuf {
    read_link("/proc/thread-self/ns/net").unwrap()
}

/// A process that sleeps in a namespace until it is dropped.
struct Sleeper(Child);

impl Sleeper {
    fn inside(space: &Space) -> Self {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", space.name(), "sh", "-c", "echo; exec sleep 60"]).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It has arrived when it speaks.
        std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut [0]).unwrap();
        Self(child)
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A namespace with a link that no other has.
fn marked() -> Option<Space> {
    let space = Space::new()?;
    space.ip(&["link", "add", "marked0", "type", "veth", "peer", "name", "marked1"]);
    Some(space)
}

/// Whether sockets with these options are in the marked namespace: main ones and pooled ones, blocking and async.
fn sees_the_mark(options: &SocketOptions) {
    let before = here();
    let mut socket = blocking::Socket::<Rtnetlink>::with(options).unwrap();
    socket.run(&link::Get::new("marked0")).unwrap();
    // A dump runs on a pooled socket.
    assert_eq!(socket.run(&link::List::all()).unwrap().len(), 3);
    assert_eq!(here(), before);

    let check = async {
        let socket = asynchronous::Socket::<Rtnetlink>::with(options).unwrap();
        socket.run(&link::Get::new("marked0")).await.unwrap();
        assert_eq!(socket.run(&link::List::all()).await.unwrap().len(), 3);
        // Slow: on a thread for that, over a pooled socket.
        socket.run(&link::Add::new("made0").veth("made1")).await.unwrap();
        socket.run(&link::Delete::new("made0")).await.unwrap();
        assert_eq!(here(), before);
    };
    async_io::block_on(check);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let socket = asynchronous::Socket::<Rtnetlink>::with(options).unwrap();
        socket.run(&link::Get::new("marked0")).await.unwrap();
        assert_eq!(socket.run(&link::List::all()).await.unwrap().len(), 3);
        assert_eq!(here(), before);
    });
}

fn options(namespace: Namespace) -> SocketOptions {
    SocketOptions::new().namespace(namespace)
}

#[test]
fn by_name() {
    let Some(space) = marked() else { return };
    sees_the_mark(&options(Namespace::named(space.name()).unwrap()));
}

#[test]
fn by_path() {
    let Some(space) = marked() else { return };
    sees_the_mark(&options(Namespace::path(format!("/run/netns/{}", space.name())).unwrap()));
}

#[test]
fn by_process() {
    let Some(space) = marked() else { return };
    let sleeper = Sleeper::inside(&space);
    sees_the_mark(&options(Namespace::of_process(sleeper.0.id()).unwrap()));
}

#[test]
fn by_descriptor() {
    let Some(space) = marked() else { return };
    let file = File::open(format!("/run/netns/{}", space.name())).unwrap();
    sees_the_mark(&options(Namespace::from_fd(file)));
}

#[test]
fn it_stays_when_its_name_is_gone() {
    let Some(space) = marked() else { return };
    let options = options(Namespace::named(space.name()).unwrap());
    let mut socket = blocking::Socket::<Rtnetlink>::with(&options).unwrap();
    drop(space);
    // The pooled socket is opened only now.
    assert_eq!(socket.run(&link::List::all()).unwrap().len(), 3);
}

/// Opened in one namespace and used by a thread of another: the pooled socket belongs beside the main one.
#[test]
fn used_by_a_thread_that_is_elsewhere() {
    let Some(space) = marked() else { return };
    let mut socket = space.namespace().run(blocking::Socket::<Rtnetlink>::open).unwrap().unwrap();
    let links = thread::spawn(move || socket.run(&link::List::all()).unwrap().len()).join().unwrap();
    assert_eq!(links, 3);
}

#[test]
fn the_namespace_of_the_caller_needs_no_move() {
    let Some(space) = marked() else { return };
    let own = Namespace::current().unwrap();
    assert!(own.is_current());
    assert!(!space.namespace().is_current());
    let mut socket = blocking::Socket::<Rtnetlink>::with(&options(own)).unwrap();
    socket.run(&link::Get::new("lo")).unwrap();
}

#[test]
fn work_inside_and_what_it_returns() {
    let Some(space) = marked() else { return };
    let before = here();
    let inside = space.namespace().run(here).unwrap();
    assert_ne!(inside, before);
    assert_eq!(here(), before);
}

#[test]
fn errors_name_the_namespace() {
    let absent = Namespace::named("nl-absent").unwrap_err();
    assert!(absent.is_not_found());
    assert_eq!(
        absent.to_string(),
        "enter network namespace nl-absent: open /run/netns/nl-absent: No such file or directory (ENOENT)"
    );
    for name in ["", ".", "..", "a/b"] {
        assert_eq!(Namespace::named(name).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    let other = Namespace::from_fd(File::open("/proc/self/ns/uts").unwrap());
    let error = blocking::Socket::<Rtnetlink>::with(&options(other)).unwrap_err();
    assert!(error.to_string().ends_with("setns: Invalid argument (EINVAL)"), "{error}");
    let file = Namespace::path("/proc/self/status").unwrap();
    let error = blocking::Socket::<Rtnetlink>::with(&options(file)).unwrap_err();
    assert!(error.to_string().starts_with("enter network namespace /proc/self/status: setns: "), "{error}");
}

/// Notifications of a namespace that has an id in the socket's own say which.
#[test]
fn notifications_say_their_namespace() {
    let (Some(near), Some(far)) = (Space::new(), Space::new()) else { return };
    near.ip(&["netns", "set", far.name(), "77"]);
    let listening = near.options().listen_all_nsid(true);
    let mut socket = blocking::Socket::<Rtnetlink>::with(&listening).unwrap();
    assert!(socket.features().listen_all_nsid);
    let mut links = socket.watch(&[1]).unwrap();
    far.ip(&["link", "add", "far0", "type", "veth", "peer", "name", "far1"]);
    near.ip(&["link", "add", "near0", "type", "veth", "peer", "name", "near1"]);
    let mut seen = Vec::new();
    while seen.len() < 2 {
        let Notice::Message { payload, nsid, .. } = links.next().unwrap() else { panic!("lost some") };
        let name = link::Link::view(payload).unwrap().ifname().unwrap();
        if name.ends_with('0') {
            seen.push((name.to_owned(), nsid));
        }
    }
    assert_eq!(seen, [("far0".to_owned(), Some(77)), ("near0".to_owned(), None)]);

    let listen = async |name: &str| {
        let socket = asynchronous::Socket::<Rtnetlink>::with(&listening).unwrap();
        let mut links = socket.watch(&[1]).unwrap();
        far.ip(&["link", "add", name, "type", "ifb"]);
        let Notice::Message { nsid, payload, .. } = links.next().await.unwrap() else { panic!("lost some") };
        assert_eq!((link::Link::view(payload).unwrap().ifname(), nsid), (Some(name), Some(77)));
    };
    async_io::block_on(listen("far2"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(listen("far3"));
}
