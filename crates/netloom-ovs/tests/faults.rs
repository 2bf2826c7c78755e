//! Databases and switches that are absent, dead, slow, or talk nonsense.

use std::{
    io::{Read, Write},
    ops::Deref,
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use netloom_ovs::{Change, ErrorKind, NewBridge, NewPort, OpenVswitch, SetPort};
use netloom_testkit::OvsDaemons;
use serde_json::{Value, json};

/// Longer than anything that is not waited for takes.
const SOON: Duration = Duration::from_secs(20);

/// A path for a socket of a test's own, which goes with it.
struct At(PathBuf);

impl At {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("netloom-ovs-fault-{}-{number}.sock", std::process::id())))
    }
}

impl Deref for At {
    type Target = Path;
    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for At {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A server at a socket of its own that answers each connection with `serve`.
fn server(serve: impl Fn(UnixStream) + Send + 'static) -> At {
    let path = At::new();
    let listener = UnixListener::bind(&*path).expect("bound");
    thread::spawn(move || listener.incoming().flatten().for_each(&serve));
    path
}

/// Reads requests and writes what `answer` says to each; None ends the connection.
fn converse(mut stream: UnixStream, answer: impl Fn(&Value) -> Option<String>) {
    let requests = serde_json::Deserializer::from_reader(stream.try_clone().expect("cloned")).into_iter::<Value>();
    for request in requests.map_while(Result::ok) {
        match answer(&request) {
            Some(text) => stream.write_all(text.as_bytes()).expect("written"),
            None => return,
        }
    }
}

/// The operations of a transaction.
fn operations(request: &Value) -> &[Value] {
    request["params"].as_array().expect("parameters").get(1..).expect("operations")
}

/// An answer to a plan's questions: one bridge, br0, and no ports.
fn nothing_but_br0(request: &Value) -> String {
    let bridge = json!({"name": "br0", "_uuid": ["uuid", "b"], "ports": ["set", []]});
    let rows = operations(request).iter().map(|operation| match operation["table"].as_str() {
        Some("Open_vSwitch") => json!({"rows": [{"_uuid": ["uuid", "r"]}]}),
        Some("Bridge") => json!({"rows": [bridge]}),
        _ => json!({"rows": []}),
    });
    json!({"id": request["id"], "error": null, "result": rows.collect::<Vec<_>>()}).to_string()
}

fn is_question(request: &Value) -> bool {
    operations(request).iter().all(|operation| operation["op"] == "select")
}

fn add_bridge(ovs: &OpenVswitch) -> netloom_ovs::Error {
    ovs.add_bridge(NewBridge::new("br1")).expect_err("it cannot be done")
}

#[test]
fn no_socket() {
    let ovs = OpenVswitch::at("/no/such/db.sock");
    assert!(!ovs.has_socket());
    let error = add_bridge(&ovs);
    let expected = "add bridge br1: Open vSwitch is not running: no database socket at /no/such/db.sock";
    assert_eq!((error.to_string().as_str(), error.kind()), (expected, ErrorKind::Unsupported));
    let error = ovs.list().expect_err("nobody").to_string();
    assert!(error.starts_with("list bridges of Open vSwitch: Open vSwitch is not running: no database"), "{error}");
    assert!(ovs.mirror().expect_err("nobody").is_unsupported());
    ovs.apply(&Change::new()).expect("nothing is asked for nothing");
}

#[test]
fn a_socket_at_which_nobody_listens() {
    let path = At::new();
    drop(UnixListener::bind(&*path).expect("bound"));
    let error = add_bridge(&OpenVswitch::at(&*path)).to_string();
    assert!(error.starts_with("add bridge br1: Open vSwitch is not running: nobody listens at the data"), "{error}");
}

#[test]
fn a_path_too_long_for_a_socket_and_a_file_that_is_none() {
    let error = add_bridge(&OpenVswitch::at("/x".repeat(200)));
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    let error = add_bridge(&OpenVswitch::at("/x\0y"));
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    let error = add_bridge(&OpenVswitch::at("/etc/passwd")).to_string();
    assert!(error.contains("/etc/passwd"), "{error}");
}

#[test]
fn a_server_that_never_answers() {
    let path = server(|mut stream| {
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let started = Instant::now();
    let error = add_bridge(&OpenVswitch::at(&*path).timeout(Duration::from_millis(300)));
    assert!(error.is_timeout() && started.elapsed() < SOON, "{error}");
    let expected = format!("add bridge br1: no answer from the database at {} within 300ms", path.display());
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_server_that_accepts_nobody() {
    let path = At::new();
    let listener = UnixListener::bind(&*path).expect("bound");
    // Those that the queue takes, which nobody accepts.
    let ovs = OpenVswitch::at(&*path).timeout(Duration::from_millis(300));
    let waiting: Vec<UnixStream> = (0..5000).map_while(|_| connect_at_once(&path)).collect();
    let started = Instant::now();
    let error = add_bridge(&ovs);
    assert!(error.is_timeout() && started.elapsed() < SOON, "{error}, after {} connections", waiting.len());
    drop(listener);
}

/// A connection, if the server's queue has a place.
fn connect_at_once(path: &Path) -> Option<UnixStream> {
    use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::NONBLOCK, None).expect("a socket");
    connect(&socket, &SocketAddrUnix::new(path).expect("a path")).ok().map(|()| socket.into())
}

#[test]
fn a_server_that_talks_nonsense() {
    let cases = [
        ("HTTP/1.1 400 Bad Request\r\n\r\n", "does not speak OVSDB's JSON-RPC"),
        ("{\"id\": nonsense}", "the database sent broken JSON"),
        ("{\"id\": 1, \"error\": null, \"result\": {}}", "answered a transaction with something else"),
        ("{\"id\": 1, \"error\": null, \"result\": [{}]}", "answered a part of the transaction only"),
        ("{\"id\": 1, \"error\": \"unknown database\", \"result\": null}", "unknown database"),
        (
            "{\"id\": 1, \"error\": {\"error\": \"not allowed\", \"details\": \"you cannot\"}}",
            "you cannot (not allowed)",
        ),
        ("", "closed the connection"),
    ];
    for (answer, expected) in cases {
        let path = server(move |stream| converse(stream, |_| Some(answer.to_owned()).filter(|text| !text.is_empty())));
        let error = add_bridge(&OpenVswitch::at(&*path).timeout(SOON)).to_string();
        assert!(error.starts_with("add bridge br1: ") && error.contains(expected), "{error}");
    }
}

#[test]
fn the_server_asks_whether_somebody_is_there() {
    let path = server(|mut stream| {
        let probe = json!({"method": "echo", "params": ["are you there"], "id": "echo"});
        stream.write_all(probe.to_string().as_bytes()).expect("written");
        let mut answered = false;
        let mut requests =
            serde_json::Deserializer::from_reader(stream.try_clone().expect("cloned")).into_iter::<Value>();
        // The question is answered only after the probe.
        let question = requests.next().expect("asked").expect("JSON");
        while let Some(Ok(message)) = requests.next() {
            assert_eq!(message, json!({"id": "echo", "result": ["are you there"], "error": null}));
            answered = true;
            let rows: Vec<Value> = operations(&question).iter().map(|_| json!({"rows": []})).collect();
            let answer = json!({"id": question["id"], "error": null, "result": rows});
            stream.write_all(answer.to_string().as_bytes()).expect("written");
        }
        assert!(answered);
    });
    let listed = OpenVswitch::at(&*path).timeout(SOON).list().expect("listed");
    assert!(listed.bridges().is_empty());
}

#[test]
fn a_refused_transaction_names_its_step() {
    let path = server(|stream| {
        converse(stream, |request| {
            if is_question(request) {
                return Some(nothing_but_br0(request));
            }
            let insert = |operation: &Value| operation["op"] == "insert" && operation["row"]["name"] == "p2";
            let at = operations(request).iter().position(insert).expect("inserted");
            let mut results = vec![json!({}); at];
            results.push(json!({"error": "resource exhausted", "details": "no room for it"}));
            results.resize(operations(request).len(), Value::Null);
            Some(json!({"id": request["id"], "error": null, "result": results}).to_string())
        })
    });
    let change = Change::new().add_port("br0", NewPort::new("p1")).add_port("br0", NewPort::new("p2"));
    let error = OpenVswitch::at(&*path).timeout(SOON).apply(&change).expect_err("refused");
    assert_eq!(error.to_string(), "add port p2 to bridge br0: no room for it (resource exhausted)");
}

#[test]
fn a_transaction_that_fails_as_a_whole() {
    let path = server(|stream| {
        converse(stream, |request| {
            if is_question(request) {
                return Some(nothing_but_br0(request));
            }
            let mut results = vec![json!({}); operations(request).len()];
            results.push(json!({"error": "constraint violation", "details": "twice the same"}));
            Some(json!({"id": request["id"], "error": null, "result": results}).to_string())
        })
    });
    let change = Change::new().add_port("br0", NewPort::new("p1")).add_port("br0", NewPort::new("p2"));
    let error = OpenVswitch::at(&*path).timeout(SOON).apply(&change).expect_err("refused");
    assert_eq!(error.to_string(), "add port p1 to bridge br0 and 1 more: twice the same (constraint violation)");
}

#[test]
fn what_others_changed_in_the_meantime() {
    let path = server(|stream| {
        converse(stream, |request| {
            if is_question(request) {
                return Some(nothing_but_br0(request));
            }
            assert_eq!(operations(request)[0]["op"], "wait");
            let mut results = vec![json!({"error": "timed out", "details": "\"wait\" timed out"})];
            results.resize(operations(request).len(), Value::Null);
            Some(json!({"id": request["id"], "error": null, "result": results}).to_string())
        })
    });
    let error = OpenVswitch::at(&*path).timeout(SOON).add_port("br0", NewPort::new("p1")).expect_err("refused");
    assert_eq!(error.to_string(), "add port p1 to bridge br0: bridge br0 was deleted in the meantime");
}

#[test]
fn an_answer_that_is_lost() {
    let path = server(|stream| converse(stream, |request| is_question(request).then(|| nothing_but_br0(request))));
    let error = OpenVswitch::at(&*path).timeout(SOON).add_port("br0", NewPort::new("p1")).expect_err("lost");
    assert!(error.is_unknown());
    let path = path.display();
    assert_eq!(
        error.to_string(),
        format!(
            "add port p1 to bridge br0: the database at {path} closed the connection; whether the database changed is not known"
        )
    );
}

/// The real database without, or with a sleeping, `ovs-vswitchd`.
#[test]
fn a_switch_that_does_not_follow() {
    let Some(mut daemons) = OvsDaemons::start() else { return };
    let patient = OpenVswitch::at(daemons.socket()).timeout(Duration::from_secs(60));
    let ovs = OpenVswitch::at(daemons.socket()).timeout(Duration::from_millis(500));
    patient.add_bridge(NewBridge::new("br0").datapath("netdev")).expect("made");
    patient.add_port("br0", NewPort::internal("in0")).expect("made");
    let before = daemons.vsctl(&["show"]);

    daemons.pause_switch();
    let error = ovs.add_bridge(NewBridge::new("br1").datapath("netdev")).expect_err("asleep");
    assert!(error.is_timeout());
    let expected = "add bridge br1: ovs-vswitchd did not follow the database within 500ms; the change was undone";
    assert_eq!(error.to_string(), expected);
    assert_eq!(daemons.vsctl(&["--no-wait", "show"]), before);
    daemons.resume();

    daemons.kill_switch();
    let error = ovs.set_port(SetPort::new("in0").tag(3)).expect_err("dead").to_string();
    assert_eq!(error, "set port in0: ovs-vswitchd did not follow the database within 500ms; the change was undone");
    assert_eq!(daemons.vsctl(&["--no-wait", "show"]), before);
    // What is deleted cannot be made again with all that others wrote there.
    let error = ovs.delete_port("in0").expect_err("dead").to_string();
    let expected = "delete port in0: ovs-vswitchd did not follow the database within 500ms; what stays: port in0 is \
        deleted from the database";
    assert_eq!(error, expected);
    assert_eq!(daemons.vsctl(&["--no-wait", "list-ports", "br0"]), "");

    daemons.start_switch();
    patient.add_port("br0", NewPort::internal("in0")).expect("made");
}

/// The real database, which sleeps or dies.
#[test]
fn a_database_that_sleeps_or_dies() {
    let Some(mut daemons) = OvsDaemons::start() else { return };
    let ovs = OpenVswitch::at(daemons.socket()).timeout(Duration::from_millis(500));
    daemons.pause_database();
    let error = add_bridge(&ovs);
    assert!(error.is_timeout(), "{error}");
    daemons.resume();

    // It dies while the switch, which sleeps, is waited for: nobody is there to undo what was made.
    daemons.pause_switch();
    let error = dying(&mut daemons, "br1", |_| ());
    assert!(
        error.starts_with("add bridge br1: the database at ") && error.contains(" closed the connection; "),
        "{error}"
    );
    assert!(error.contains("; undoing failed (Open vSwitch is not running: nobody listens at "), "{error}");
    assert!(error.ends_with("), what may stay in the database: bridge br1"), "{error}");
    daemons.start_database();
    assert_eq!(daemons.vsctl(&["--no-wait", "list-br"]).trim(), "br1");

    // It dies and comes back.
    let error = dying(&mut daemons, "br2", OvsDaemons::start_database);
    assert!(error.ends_with(" closed the connection; the change was undone"), "{error}");
    assert_eq!(daemons.vsctl(&["--no-wait", "list-br"]).trim(), "br1");
}

/// Why a bridge could not be made when the database died after it had taken it.
fn dying(daemons: &mut OvsDaemons, name: &str, then: impl FnOnce(&mut OvsDaemons)) -> String {
    let waiting = OpenVswitch::at(daemons.socket()).timeout(Duration::from_secs(60));
    thread::scope(|scope| {
        let change = scope.spawn(|| waiting.add_bridge(NewBridge::new(name).datapath("netdev")));
        let end = Instant::now() + SOON;
        while !daemons.vsctl(&["--no-wait", "list-br"]).contains(name) {
            assert!(Instant::now() < end, "never committed");
        }
        daemons.kill_database();
        then(daemons);
        change.join().expect("no panic").expect_err("dead").to_string()
    })
}
