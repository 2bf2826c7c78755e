//! Who may less: nobody, a user namespace without the host's rights, a sandbox that refuses options. What can work works,
//! what cannot says why.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/handle.rs"]
mod handle;
mod support;

use handle::{Handle, by_async_io, by_nobody, by_tokio};
use netloom_route::{Rtnetlink, link};
use netloom_socket::{Features, Namespace, SocketOptions, asynchronous, blocking};
use netloom_testkit::{as_user, inside};
use support::Space;

/// What everybody may: read, by each driver.
fn reading_works(options: &SocketOptions) -> blocking::Socket<Rtnetlink> {
    async fn body<H: Handle<Rtnetlink>>(options: &SocketOptions) {
        let mut io = H::open(options);
        assert_eq!(io.run(link::Get::new("lo")).await.unwrap().index(), 1);
        assert!(!io.run(link::List::all()).await.unwrap().is_empty());
        io.watch(&[1]).unwrap();
    }
    by_nobody(body::<blocking::Socket<Rtnetlink>>(options));
    by_tokio(body::<asynchronous::Socket<Rtnetlink>>(options));
    by_async_io(body::<asynchronous::Socket<Rtnetlink>>(options));
    blocking::Socket::with(options).unwrap()
}

/// What needs rights in the namespace says so, by each driver.
fn changing_is_refused() {
    async fn body<H: Handle<Rtnetlink>>() {
        let error = H::open(&SocketOptions::new()).run(link::Set::new("lo").down()).await.unwrap_err();
        assert!(error.is_permission(), "{error}");
        assert!(error.to_string().starts_with("set link lo: Operation not permitted (EPERM)"), "{error}");
    }
    by_nobody(body::<blocking::Socket<Rtnetlink>>());
    by_tokio(body::<asynchronous::Socket<Rtnetlink>>());
    by_async_io(body::<asynchronous::Socket<Rtnetlink>>());
}

fn foreign_namespaces_are_out_of_reach() {
    let first = Namespace::of_process(1);
    let error = match first.map(|first| SocketOptions::new().namespace(first)) {
        // It may be seen, and not be entered.
        Ok(options) => blocking::Socket::<Rtnetlink>::with(&options).unwrap_err(),
        Err(error) => error,
    };
    assert!(error.is_permission(), "{error}");
    assert!(error.to_string().starts_with("enter network namespace of process 1: "), "{error}");
}

#[test]
fn as_nobody() {
    let wrapper = ["unshare", "--net", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    inside("as_nobody", &wrapper, || {
        let wanted = SocketOptions::new().listen_all_nsid(true).receive_buffer(64 << 20);
        let socket = reading_works(&wanted);
        let features = *socket.features();
        assert!(features.extended_ack && features.strict_check && !features.listen_all_nsid);
        // The limit of the system, doubled, and not what only the privileged get.
        assert!(features.receive_buffer < 64 << 20, "{features:?}");
        changing_is_refused();
        foreign_namespaces_are_out_of_reach();
        // The own namespace is no move, and needs no right.
        reading_works(&SocketOptions::new().namespace(Namespace::current().unwrap()));
    });
}

#[test]
fn in_a_user_namespace_beside_the_hosts_network() {
    inside("in_a_user_namespace_beside_the_hosts_network", &["unshare", "--user", "--map-root-user"], || {
        reading_works(&SocketOptions::new());
        changing_is_refused();
        foreign_namespaces_are_out_of_reach();
    });
}

#[test]
fn in_a_user_namespace_with_a_network_of_its_own() {
    let wrapper = ["unshare", "--user", "--map-root-user", "--net"];
    inside("in_a_user_namespace_with_a_network_of_its_own", &wrapper, || {
        let mut socket = reading_works(&SocketOptions::new());
        socket.run(&link::Add::new("v0").veth("v1")).unwrap();
        socket.run(&link::Delete::new("v0")).unwrap();
    });
}

/// A seccomp filter, installed by a few lines of Python: `setsockopt` of `SOL_NETLINK` and of `SO_RCVBUFFORCE` ends in
/// `EPERM`, as in some sandboxes.
const SANDBOX: &str = r#"
import ctypes, os, platform, struct, sys
number = {"x86_64": 54, "aarch64": 208}[platform.machine()]
LD, JEQ, RET, ALLOW, EPERM = 0x20, 0x15, 0x06, 0x7FFF0000, 0x00050001
program = [
    (LD, 0, 0, 0), (JEQ, 0, 7, number),          # not setsockopt: allow
    (LD, 0, 0, 24), (JEQ, 4, 0, 270),            # level: SOL_NETLINK is refused
    (JEQ, 0, 4, 1), (LD, 0, 0, 32),              # SOL_SOCKET: look at the option
    (JEQ, 1, 0, 33), (JEQ, 0, 1, 0xFFFF),        # SO_RCVBUFFORCE is refused
    (RET, 0, 0, EPERM), (RET, 0, 0, ALLOW),
]
code = b"".join(struct.pack("HBBI", *line) for line in program)
code = ctypes.create_string_buffer(code)
prog = struct.pack("HxxxxxxQ", len(program), ctypes.addressof(code))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, prog, 0, 0):
    raise OSError(ctypes.get_errno(), "seccomp")
os.execvp(sys.argv[1], sys.argv[1:])
"#;

#[test]
fn in_a_sandbox_that_refuses_options() {
    let wrapper = ["unshare", "--net", "python3", "-c", SANDBOX];
    inside("in_a_sandbox_that_refuses_options", &wrapper, || {
        sandboxed(blocking::Socket::<Rtnetlink>::open().unwrap().features());
        by_nobody(without_options::<blocking::Socket<Rtnetlink>>());
        by_tokio(without_options::<asynchronous::Socket<Rtnetlink>>());
        by_async_io(async {
            sandboxed(asynchronous::Socket::<Rtnetlink>::open().unwrap().features());
            without_options::<asynchronous::Socket<Rtnetlink>>().await;
        });
    });
}

fn sandboxed(features: &Features) {
    assert!(!features.extended_ack && !features.capped_ack && !features.strict_check, "{features:?}");
    assert!(features.bound && features.receive_buffer > 0);
}

async fn without_options<H: Handle<Rtnetlink>>() {
    let mut io = H::open(&SocketOptions::new());
    assert_eq!(io.run(link::Get::new("lo")).await.unwrap().index(), 1);
    assert_eq!(io.run(link::List::all()).await.unwrap().len(), 1);
    // Acknowledgements come with the whole request, and are understood.
    io.run(link::Add::new("v0").veth("v1")).await.unwrap();
    assert!(io.run(link::Add::new("v0").veth("v1")).await.unwrap_err().is_exists());
    let report = io.pipeline((0..20).map(|_| link::Add::new("v0").veth("v1")), |_, _| ()).await.unwrap();
    assert!(report.failures.len() == 20 && report.failures.iter().all(|(_, error)| error.is_exists()));
    io.run(link::Delete::new("v0")).await.unwrap();
    // A subscription without its groups would be none.
    let error = io.watch(&[1]).map(drop).unwrap_err();
    assert_eq!(error.to_string(), "join netlink group 1: Operation not permitted (EPERM)");
}

/// Who may not ask for the namespace of a socket is not told that it is their own.
#[test]
fn the_namespace_beside_a_socket_is_no_other() {
    let (Some(near), Some(far)) = (Space::new(), Space::new()) else { return };
    let beside = blocking::Socket::<Rtnetlink>::with(&far.options()).unwrap().beside();
    assert!(far.namespace().is_same(&beside.namespace().unwrap()));
    let error = near.enter(|| as_user(65534, 65534, || beside.namespace().unwrap_err()));
    assert!(error.is_permission(), "{error}");
    assert!(error.to_string().starts_with("find the network namespace that the socket was opened in: "), "{error}");
    // In their own they need not be told.
    assert!(far.enter(|| as_user(65534, 65534, || beside.namespace().unwrap().is_current())));
}

#[test]
fn as_root_all_is_granted() {
    let Some(space) = Space::new() else { return };
    let socket = reading_works(&space.options().listen_all_nsid(true).packet_info(true).receive_buffer(64 << 20));
    let features = socket.features();
    assert!(features.listen_all_nsid && features.packet_info);
    assert_eq!(features.receive_buffer, 128 << 20);
}
