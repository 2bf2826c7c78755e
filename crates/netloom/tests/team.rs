//! Teams of links on the real kernel; `teamnl`, `teamdctl` and `ip` are the judges.
#![cfg(all(feature = "generic", feature = "route"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use netloom::{
    Create, Event, Generic, IpRoute, Namespace, SocketOptions, TeamEvents, kind, link,
    team::{Daemon, Mode, Options, Port, Ports, Set, Team, TeamOption, Value},
};
use netloom_testkit::{Namespace as Space, skip};

struct Scene {
    space: Space,
    ipr: IpRoute,
    team: u32,
    ports: [u32; 2],
    socket: Generic<Team>,
}

fn options(space: &Space) -> SocketOptions {
    SocketOptions::new().namespace(Namespace::path(space.path()).unwrap())
}

/// Whether such links can be made.
fn lacking(space: &Space) -> Option<&'static str> {
    if !space.has_kind("team") {
        return Some("the kernel has none");
    }
    (!space.has_kind("dummy")).then_some("no links to be ports")
}

impl Scene {
    /// A team of this mode with two ports.
    fn new(space: Space, mode: Mode) -> Self {
        let mut ipr = IpRoute::with(&options(&space)).unwrap();
        ipr.run(&link::Add::new("team0").kind("team").up()).unwrap();
        let team = ipr.link("team0").unwrap().index();
        let mut socket = Generic::<Team>::with(&options(&space)).unwrap();
        socket.run(&Set::new(team).mode(mode)).unwrap();
        let ports = ["d0", "d1"].map(|name| {
            ipr.run(&link::Add::new(name).kind("dummy")).unwrap();
            ipr.run(&link::Set::new(name).master(team)).unwrap();
            ipr.run(&link::Set::new(name).up()).unwrap();
            ipr.link(name).unwrap().index()
        });
        Self { space, ipr, team, ports, socket }
    }

    fn teamnl(&self, words: &[&str]) -> String {
        judge(&self.space, "teamnl", words)
    }

    /// Every option as `teamnl` prints it: `queue_id (port:d0)` and its value.
    fn judged(&self) -> BTreeMap<String, String> {
        let shown = self.teamnl(&["team0", "options"]);
        // A name, perhaps where it is in parentheses, and a value, which may be empty.
        let option = |line: &str| {
            let line = line.trim();
            let end = line.find(") ").map(|at| at + 1).or_else(|| line.find(' ')).unwrap_or(line.len());
            (line[..end].to_owned(), line[end..].trim().to_owned())
        };
        shown.lines().map(option).collect()
    }

    /// The same of ours.
    fn seen(&mut self) -> BTreeMap<String, String> {
        let [first, _] = self.ports;
        let found = self.socket.run(&Options::of(self.team)).unwrap();
        let shown = found.into_iter().map(|TeamOption { name, value, port, array_index, .. }| {
            let port = port.map(|port| format!(" (port:{})", if port == first { "d0" } else { "d1" }));
            let place = array_index.map(|place| format!(" (arridx:{place})"));
            // teamnl puts \ before each byte.
            let value = match value {
                Value::Bytes(bytes) => bytes.iter().map(|byte| format!("\\{byte:02x}")).collect(),
                other => other.to_string(),
            };
            (name + &place.or(port).unwrap_or_default(), value)
        });
        shown.collect()
    }
}

fn judge(space: &Space, program: &str, words: &[&str]) -> String {
    let out = space.enter(|| Command::new(program).args(words).output()).unwrap_or_else(|e| panic!("{program}: {e}"));
    assert!(out.status.success(), "{program} {words:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

macro_rules! scene {
    ($mode:expr) => {{
        let Some(space) = Space::new() else { return };
        if let Some(reason) = lacking(&space) {
            skip!("kind team", reason);
        }
        Scene::new(space, $mode)
    }};
}

#[test]
fn options_are_those_of_teamnl() {
    let Some(space) = Space::new() else { return };
    if let Some(reason) = lacking(&space) {
        skip!("kind team", reason);
    }
    drop(space);
    for mode in Mode::ALL {
        let mut scene = scene!(mode);
        assert_eq!(scene.teamnl(&["team0", "getoption", "mode"]).trim(), mode.name());
        assert_eq!(scene.seen(), scene.judged(), "{mode}");
    }
}

#[test]
fn options_of_ports_are_set() {
    let mut scene = scene!(Mode::ActiveBackup);
    let [first, second] = scene.ports;
    let set = Set::new(scene.team).enabled(first, false).priority(first, -7).priority(second, 100).queue(second, 2);
    scene.socket.run(&set.active_port(second).option("notify_peers_count", Value::U32(3))).unwrap();
    let get = |name: &str, port: &str| scene.teamnl(&["-p", port, "team0", "getoption", name]).trim().to_owned();
    assert_eq!((get("enabled", "d0"), get("enabled", "d1")), ("false".to_owned(), "true".to_owned()));
    assert_eq!((get("priority", "d0"), get("priority", "d1")), ("-7".to_owned(), "100".to_owned()));
    assert_eq!(get("queue_id", "d1"), "2");
    assert_eq!(scene.teamnl(&["team0", "getoption", "activeport"]).trim(), second.to_string());
    assert_eq!(scene.teamnl(&["team0", "getoption", "notify_peers_count"]).trim(), "3");
    scene.socket.run(&Set::new(scene.team).user_linkup_enabled(first, true).user_linkup(first, false)).unwrap();
    assert_eq!(scene.seen(), scene.judged());
}

#[test]
fn ports_come_and_go_by_their_master() {
    let mut scene = scene!(Mode::RoundRobin);
    let ports = |scene: &mut Scene| -> Vec<(u32, bool)> {
        scene
            .socket
            .run(&Ports::of(scene.team))
            .unwrap()
            .iter()
            .map(|Port { index, linkup, .. }| (*index, *linkup))
            .collect()
    };
    let [first, second] = scene.ports;
    assert_eq!(ports(&mut scene), [(first, true), (second, true)]);
    let shown = scene.teamnl(&["team0", "ports"]);
    let shown: BTreeSet<_> = shown.lines().map(str::trim).collect();
    let expected = [(first, "d0"), (second, "d1")].map(|(port, name)| format!("{port}: {name}: up 0Mbit HD"));
    assert_eq!(shown, expected.iter().map(String::as_str).collect());
    scene.ipr.run(&link::Set::new("d0").master(0)).unwrap();
    assert_eq!(ports(&mut scene), [(second, true)]);
    // What a link's master says is the same.
    assert_eq!(scene.ipr.link("d1").unwrap().master(), Some(scene.team));
}

#[test]
fn errors_name_team_option_and_port() {
    let mut scene = scene!(Mode::ActiveBackup);
    let (team, [first, _]) = (scene.team, scene.ports);
    let mut refused = |set: Set| scene.socket.run(&set).unwrap_err().to_string();
    assert_eq!(
        refused(Set::new(team).mode(Mode::Random)),
        format!("set team with index {team}: mode: Device or resource busy (EBUSY)")
    );
    assert_eq!(
        refused(Set::new(team).option("colour", Value::U32(1))),
        format!("set team with index {team}: colour: No such file or directory (ENOENT)")
    );
    let wrong = refused(Set::new(team).port_option(first, "queue_id", Value::U32(10_000)));
    assert!(wrong.starts_with(&format!("set team with index {team}: queue_id of port {first}: ")), "{wrong}");
    assert_eq!(refused(Set::new(9999).mode(Mode::Random)), "set team with index 9999: mode: Invalid argument (EINVAL)");
    let absent = scene.socket.run(&Options::of(9999)).unwrap_err().to_string();
    assert_eq!(absent, "get team with index 9999: Invalid argument (EINVAL)");
}

#[test]
fn changes_are_told() {
    let mut scene = scene!(Mode::ActiveBackup);
    let mut events = TeamEvents::with(&options(&scene.space)).unwrap();
    events.deadline(Some(Duration::from_secs(20)));
    let _ = scene.teamnl(&["-p", "d1", "team0", "setoption", "priority", "5"]);
    let told = loop {
        let Event::Happened { event, .. } = events.next().unwrap() else { panic!("lost some") };
        assert_eq!(event.team_ifindex(), Some(scene.team));
        if let Some(option) = event.options().map(TeamOption::from).find(|option| option.name == "priority") {
            break option;
        }
    };
    assert_eq!((told.port, told.value, told.changed), (Some(scene.ports[1]), Value::I32(5), true));
    scene.ipr.run(&link::Set::new("d0").master(0)).unwrap();
    loop {
        let Event::Happened { event, .. } = events.next().unwrap() else { panic!("lost some") };
        if event.ports().map(Port::from).any(|port| port.index == scene.ports[0] && port.removed) {
            return;
        }
    }
}

/// A namespace for teamd; its files are named by the team alone, so the name must be a test's own.
fn for_teamd() -> Option<Space> {
    let space = Space::new()?;
    let reason = lacking(&space).or_else(|| Command::new("teamd").arg("-v").output().is_err().then_some("no teamd"));
    match reason {
        Some(reason) => {
            netloom_testkit::record("kind team", reason);
            None
        }
        None => Some(space),
    }
}

#[test]
fn teamd_runs_a_team_by_a_configuration() {
    let Some(space) = for_teamd() else { return };
    let here = Namespace::path(space.path()).unwrap();
    let daemon = Daemon::new("nlteam0", r#"{"runner": {"name": "activebackup"}, "device": "other"}"#).namespace(here);
    let mut ipr = IpRoute::with(&options(&space)).unwrap();
    // A link that is younger than teamd may be overlooked by it.
    ipr.run(&link::Add::new("d0").kind("dummy")).unwrap();
    assert!(!daemon.is_running().unwrap());
    daemon.start().unwrap();
    assert!(daemon.is_running().unwrap());
    let team = ipr.link("nlteam0").unwrap();
    assert_eq!(team.kind(), Some("team"));
    ipr.run(&link::Set::new("d0").master(team.index())).unwrap();
    ipr.run(&link::Set::new("d0").up()).unwrap();
    // teamd sees the port by an event.
    let end = Instant::now() + Duration::from_secs(20);
    while judge(&space, "teamdctl", &["nlteam0", "state", "item", "get", "runner.active_port"]).trim() != "d0" {
        assert!(Instant::now() < end, "{}", judge(&space, "teamdctl", &["nlteam0", "state"]));
        thread::sleep(Duration::from_millis(50));
    }
    let mode = judge(&space, "teamdctl", &["nlteam0", "state", "item", "get", "setup.kernel_team_mode_name"]);
    assert_eq!(mode.trim(), "activebackup");
    let second = daemon.start().unwrap_err().to_string();
    assert!(second.starts_with("start the daemon of team nlteam0: teamd ended with exit status: 1: "), "{second}");
    daemon.stop().unwrap();
    assert!(ipr.link("nlteam0").unwrap_err().is_not_found());
    assert!(daemon.stop().unwrap_err().to_string().starts_with("stop the daemon of team nlteam0: "));
}

#[test]
fn a_bad_configuration_leaves_no_link() {
    let Some(space) = for_teamd() else { return };
    let here = Namespace::path(space.path()).unwrap();
    for config in ["{", r#"{"runner": {"name": "none"}}"#] {
        let error = Daemon::new("nlteam1", config).namespace(here.clone()).start().unwrap_err().to_string();
        assert!(error.starts_with("start the daemon of team nlteam1: teamd ended with exit status: "), "{error}");
    }
    let mut ipr = IpRoute::with(&options(&space)).unwrap();
    assert!(ipr.link("nlteam1").unwrap_err().is_not_found());
}

#[test]
fn a_team_with_settings_is_made_like_any_link() {
    let Some(space) = for_teamd() else { return };
    let mut ipr = IpRoute::with(&options(&space)).unwrap();
    let wanted = kind::Team::new().mode("roundrobin").notify_peers_count(2).mcast_rejoin_interval(50);
    let made = ipr.run(&link::Add::new("nlteam%d").kind(wanted).mtu(1400).up().created()).unwrap();
    assert_eq!((made.name(), made.mtu(), made.is_up()), ("nlteam0", Some(1400), true));
    let get = |name: &str| judge(&space, "teamnl", &["nlteam0", "getoption", name]).trim().to_owned();
    let values = ["mode", "notify_peers_count", "mcast_rejoin_interval"].map(get);
    assert_eq!(values, ["roundrobin", "2", "50"]);
    let refused = ipr.run(&link::Add::new("nlteam7").kind(kind::Team::new().mode("sideways"))).unwrap_err().to_string();
    assert!(refused.starts_with("add link nlteam7: proxy `team`: a team has no mode \"sideways\", but broadcast, "));
    // The mode is set, then the link is refused: nothing is left.
    let late = link::Add::new("nlteam7").kind(kind::Team::new().mode("random")).mtu(1 << 30);
    let refused = ipr.run(&late).unwrap_err().to_string();
    assert!(refused.starts_with("add link nlteam7: proxy `team`: set link index "), "{refused}");
    assert!(ipr.link("nlteam7").unwrap_err().is_not_found());
    assert!(ipr.run(&link::Add::new("nlteam0").kind(kind::Team::new().mode("random"))).unwrap_err().is_exists());
    ipr.run(&link::Set::new("nlteam0").kind(kind::Team::new().mode("loadbalance")).mtu(1300)).unwrap();
    assert_eq!((get("mode"), ipr.link("nlteam0").unwrap().mtu()), ("loadbalance".to_owned(), Some(1300)));
    ipr.run(&link::Delete::new("nlteam0")).unwrap();
}

#[test]
fn a_daemon_that_was_killed_can_be_started_again() {
    let Some(space) = for_teamd() else { return };
    let mut ipr = IpRoute::with(&options(&space)).unwrap();
    let runner = r#"{"runner": {"name": "broadcast"}}"#;
    let wanted = link::Add::new("nlteam5").kind(kind::Team::new().config(runner));
    ipr.run(&wanted).unwrap();
    let pid = fs::read_to_string("/run/teamd/nlteam5.pid").unwrap();
    assert!(Command::new("kill").args(["-9", pid.trim()]).status().unwrap().success());
    let daemon = Daemon::new("nlteam5", runner).namespace(Namespace::path(space.path()).unwrap());
    let end = Instant::now() + Duration::from_secs(20);
    while daemon.is_running().unwrap() {
        assert!(Instant::now() < end);
        thread::sleep(Duration::from_millis(50));
    }
    // The link stays, in nobody's care.
    assert!(ipr.run(&wanted).unwrap_err().is_exists());
    ipr.run(&link::Delete::new("nlteam5")).unwrap();
    ipr.run(&wanted).unwrap();
    assert!(daemon.is_running().unwrap());
    daemon.stop().unwrap();
}

#[cfg(feature = "tokio")]
#[test]
fn teams_are_made_and_read_under_tokio() {
    let Some(space) = for_teamd() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ipr = netloom::AsyncIpRoute::with(&options(&space)).unwrap();
        let wanted = link::Add::new("nlteam6").kind(kind::Team::new().mode("random"));
        let made = ipr.run(&wanted.created()).await.unwrap();
        let socket = netloom::AsyncGeneric::<Team>::with(&options(&space)).unwrap();
        socket.run(&Set::new(made.index()).option("notify_peers_count", Value::U32(4))).await.unwrap();
        let found = socket.run(&Options::of(made.index())).await.unwrap();
        let value = |name: &str| found.iter().find(|option| option.name == name).unwrap().value.clone();
        assert_eq!((value("mode"), value("notify_peers_count")), (Value::Text("random".into()), Value::U32(4)));
        assert!(socket.run(&Ports::of(made.index())).await.unwrap().is_empty());
    });
}

#[test]
fn teamd_runs_a_team_that_is_made_like_any_link() {
    let Some(space) = for_teamd() else { return };
    let mut ipr = IpRoute::with(&options(&space)).unwrap();
    let runner = r#"{"runner": {"name": "loadbalance"}}"#;
    let made = ipr.run(&link::Add::new("nlteam3").kind(kind::Team::new().config(runner)).up().created()).unwrap();
    assert!(made.is_up());
    let shown = judge(&space, "teamdctl", &["nlteam3", "state", "item", "get", "setup.runner_name"]);
    assert_eq!(shown.trim(), "loadbalance");
    let again = ipr.run(&link::Add::new("nlteam3").kind(kind::Team::new().config(runner))).unwrap_err().to_string();
    assert_eq!(again, "add link nlteam3: proxy `team`: a link has this name: File exists (EEXIST)");
    let daemon = Daemon::new("nlteam3", runner).namespace(Namespace::path(space.path()).unwrap());
    // It goes with its link.
    ipr.run(&link::Delete::new("nlteam3")).unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    while daemon.is_running().unwrap() {
        assert!(Instant::now() < end);
        thread::sleep(Duration::from_millis(50));
    }
    // It started, but the link is refused: neither is left.
    let late = link::Add::new("nlteam3").kind(kind::Team::new().config(runner)).mtu(1 << 30);
    assert!(ipr.run(&late).unwrap_err().to_string().contains("set link index "));
    while daemon.is_running().unwrap() {
        assert!(Instant::now() < end);
        thread::sleep(Duration::from_millis(50));
    }
    assert!(ipr.link("nlteam3").unwrap_err().is_not_found());
    let missing = kind::Team::new().config(runner).daemon("/nonexistent/teamd");
    let missing = ipr.run(&link::Add::new("nlteam4").kind(missing)).unwrap_err().to_string();
    assert!(missing.contains("there is no program /nonexistent/teamd"), "{missing}");
}
