//! What `teamnl` sends and the kernel answers, byte for byte.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::collections::BTreeSet;

use netloom_generic::team::{GetOptions, GetPorts, Mode, Port, Set, SetOptions, Team, TeamMessage, TeamOption, Value};
use netloom_testkit::Golden;
use netloom_wire::{About, Buffer, Request, View, check, generic, nlmsg, reencode};

/// The index of the team, and of its ports.
const TEAM: u32 = 7;
const PORTS: [u32; 2] = [70, 71];

/// The messages of a case, each from the header of generic netlink on.
fn golden(name: &str) -> Vec<Vec<u8>> {
    let case = Golden::in_crate("netloom-generic").into_iter().find(|case| case.name == name);
    let case = case.unwrap_or_else(|| panic!("no golden case {name}"));
    case.messages.iter().map(|message| message[nlmsg::HEADER..].to_vec()).collect()
}

fn sent<R: Request<Family = Team>>(request: &R) -> Vec<u8> {
    let mut out = Buffer::new();
    request.write(&mut out);
    // libteam leaves the version out, which the kernel does not look at.
    [&generic::header(R::COMMAND, 0)[..], &out.finish().unwrap()].concat()
}

/// What a message of the kernel holds, as values.
fn options(name: &str) -> Vec<TeamOption> {
    let messages = golden(name);
    let of = |message: &Vec<u8>| match generic::split(message).unwrap() {
        (2, body) => TeamMessage::view(body).unwrap().options().map(TeamOption::from).collect(),
        _ => Vec::new(),
    };
    messages.iter().flat_map(of).collect()
}

#[test]
fn orders_are_those_of_teamnl() {
    // It first asks for ports and options, always.
    let order = |name: &str| golden(name).pop().unwrap();
    let [first, second] = PORTS;
    assert_eq!(sent(&Set::new(TEAM).mode(Mode::ActiveBackup).requests().next().unwrap()), order("set-mode"));
    assert_eq!(sent(&Set::new(TEAM).enabled(first, false).requests().next().unwrap()), order("set-enabled"));
    assert_eq!(sent(&Set::new(TEAM).priority(first, -7).requests().next().unwrap()), order("set-priority"));
    assert_eq!(sent(&Set::new(TEAM).queue(second, 1).requests().next().unwrap()), order("set-queue"));
    assert_eq!(sent(&Set::new(TEAM).active_port(second).requests().next().unwrap()), order("set-active-port"));
    assert_eq!(sent(&Set::new(TEAM).hash_port(3, first).requests().next().unwrap()), order("set-hash-port"));
}

#[test]
fn questions_are_those_of_teamnl() {
    let [ports, options] = golden("options").try_into().unwrap();
    assert_eq!(sent(&GetPorts::new(|w| w.team_ifindex(TEAM))), ports);
    assert_eq!(sent(&GetOptions::new(|w| w.team_ifindex(TEAM))), options);
}

#[test]
fn answers_are_read_as_values() {
    let found = options("options-reply");
    let value = |name: &str, port: Option<u32>| {
        let mut of = found.iter().filter(|option| option.name == name && option.port == port);
        let value = of.next().unwrap().value.clone();
        assert!(of.next().is_none());
        value
    };
    let [first, second] = PORTS.map(Some);
    assert_eq!(value("mode", None), Value::Text("activebackup".into()));
    assert_eq!(Mode::named(&value("mode", None).to_string()), Some(Mode::ActiveBackup));
    assert_eq!(value("activeport", None), Value::U32(PORTS[1]));
    assert_eq!((value("enabled", first), value("enabled", second)), (Value::Flag(false), Value::Flag(true)));
    assert_eq!((value("priority", first), value("priority", second)), (Value::I32(-7), Value::I32(0)));
    assert_eq!((value("queue_id", first), value("queue_id", second)), (Value::U32(0), Value::U32(1)));

    let message = golden("ports-reply").into_iter().find(|message| message[0] == 3).unwrap();
    let ports: Vec<Port> = TeamMessage::view(&message[4..]).unwrap().ports().map(Port::from).collect();
    let port = Port { index: PORTS[0], linkup: true, speed: 0, duplex: 0, changed: false, removed: false };
    assert_eq!(ports, [port.clone(), Port { index: PORTS[1], ..port }]);
}

#[test]
fn arrays_come_in_several_messages() {
    assert!(golden("options-many-reply").iter().filter(|message| message[0] == 2).count() > 1);
    let found = options("options-many-reply");
    let mapping: Vec<_> = found.iter().filter(|option| option.name == "lb_tx_hash_to_port_mapping").collect();
    assert_eq!(mapping.iter().filter_map(|option| option.array_index).collect::<BTreeSet<_>>(), (0..256).collect());
    for option in mapping {
        let port = if option.array_index == Some(3) { PORTS[0] } else { 0 };
        assert_eq!(option.value, Value::U32(port), "{option:?}");
    }
    let stats = found.iter().find(|option| option.name == "lb_port_stats").unwrap();
    assert!(matches!(&stats.value, Value::Bytes(bytes) if bytes.len() == 8), "{stats:?}");
}

#[test]
fn an_order_is_named_by_its_option() {
    let order = Set::new(TEAM).mode(Mode::Random).queue(70, 3).hash_port(9, 71);
    let asked = order.requests().map(|request| About::of::<SetOptions>().asked(&sent(&request)[4..]).to_string());
    assert_eq!(
        asked.collect::<Vec<_>>(),
        [
            "set team with index 7: mode",
            "set team with index 7: queue_id of port 70",
            "set team with index 7: lb_tx_hash_to_port_mapping[9]",
        ]
    );
}

#[test]
fn every_golden_message_fits_the_tables_and_is_written_again_from_its_values() {
    for case in Golden::in_crate("netloom-generic") {
        for message in golden(&case.name) {
            let (command, body) = generic::split(&message).unwrap();
            assert!(Team::message_types().iter().any(|known| known.number == command), "{}", case.title());
            assert_eq!(check(TeamMessage::layout(), body), Ok(()), "{}", case.title());
            assert_eq!(reencode(TeamMessage::layout(), body).unwrap(), body, "{}", case.title());
        }
    }
}
