//! Families of generic netlink on the real kernel; /proc and /sys are the judges.

#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::{fs, process::Command, time::Duration};

use netloom::{
    AcpiEvents, AsyncFamilies, ErrorKind, Families, Generic, QuotaEvents, View,
    ethtool::{self, commands::ListLinkState},
    generic::{
        taskstats::{Get, Register, TaskStats, Usage},
        thermal::{GetTemperature, ListZones, Thermal},
    },
    wire::{Notice, controller},
};
use netloom_testkit::{is_root, skip};

#[test]
fn task_statistics_are_those_of_proc() {
    if !is_root() {
        skip!("root", "task statistics take CAP_NET_ADMIN in the initial user namespace");
    }
    let mut socket = Generic::<TaskStats>::open().unwrap();
    let own = socket.run(&Get::process(std::process::id())).unwrap();
    assert_eq!(own.process().and_then(|process| process.process_id()), Some(std::process::id()));
    let thread = socket.run(&Get::thread(std::process::id())).unwrap().figures().unwrap();
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
    assert_eq!(thread.command(), fs::read_to_string(format!("/proc/{0}/task/{0}/comm", thread.ac_pid)).unwrap().trim());
    assert_eq!((thread.ac_pid, thread.ac_ppid.to_string()), (std::process::id(), field("PPid:")));
    assert!(thread.version >= 8 && thread.nvcsw < 1_000_000, "{thread:?}");

    let error = socket.run(&Get::thread(u32::MAX)).unwrap_err();
    assert_eq!(error.to_string(), "get task statistics of thread 4294967295: No such process (ESRCH)");
}

#[test]
fn tasks_that_end_are_told_to_the_socket_that_registered() {
    if !is_root() {
        skip!("root", "task statistics take CAP_NET_ADMIN in the initial user namespace");
    }
    let mut socket = Generic::<TaskStats>::open().unwrap();
    let cpus = fs::read_to_string("/sys/devices/system/cpu/possible").unwrap();
    socket.run(&Register::cpus(cpus.trim())).unwrap();
    let mut exits = socket.into_notifications();
    let mut child = Command::new("true").spawn().unwrap();
    let id = child.id();
    child.wait().unwrap();
    exits.deadline(Some(Duration::from_secs(10)));
    loop {
        let Notice::Message { payload, .. } = exits.next().unwrap() else { continue };
        let usage = Usage::view(payload).unwrap();
        if let Some(stats) = usage.thread().and_then(|thread| thread.stats()).filter(|stats| stats.ac_pid == id) {
            assert_eq!((stats.command(), stats.ac_exitcode), ("true", 0));
            return;
        }
    }
}

#[test]
fn thermal_zones_are_those_of_sysfs() {
    let Ok(mut socket) = Generic::<Thermal>::open() else { skip!("thermal", "the kernel has no thermal family") };
    let zones = socket.run(&ListZones::default()).unwrap();
    let found: Vec<_> = zones.iter().flat_map(|message| message.zones()).collect();
    for (id, name) in &found {
        let kind = fs::read_to_string(format!("/sys/class/thermal/thermal_zone{id}/type")).unwrap();
        assert_eq!(kind.trim(), *name);
        assert!(socket.run(&GetTemperature::of(*id)).unwrap().temperature().is_some());
    }
    let error = socket.run(&GetTemperature::of(4_000)).unwrap_err().to_string();
    assert!(error.starts_with("get thermal zone 4000: Invalid argument (EINVAL)"), "{error}");
}

#[test]
fn event_sockets_wait_until_their_deadline() {
    let mut quota = QuotaEvents::open().unwrap();
    quota.deadline(Some(Duration::from_millis(50)));
    assert_eq!(quota.next().unwrap_err().kind(), ErrorKind::Timeout);
    let Ok(mut acpi) = AcpiEvents::open() else { skip!("ACPI events", "the kernel has no ACPI") };
    acpi.deadline(Some(Duration::from_millis(50)));
    assert_eq!(acpi.next().unwrap_err().kind(), ErrorKind::Timeout);
}

/// What `genl` says of the number of a family.
fn number(family: &str) -> String {
    let said = Command::new("genl").args(["ctrl", "get", "name", family]).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    said.split("ID: ").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap_or_default().to_owned()
}

#[test]
fn one_socket_speaks_to_several_families() {
    let mut families = Families::open().unwrap();
    let ports = families.run(&ListLinkState::all()).unwrap();
    let named = families.run(&controller::Get::named("ethtool")).unwrap();
    assert!(ports.is_empty() || ports.iter().all(|port| port.header().is_some()));
    let info = families.family::<ethtool::Family>().unwrap();
    assert_eq!(info.id(), named.id());
    assert_eq!(format!("{:#x}", info.id().unwrap()), number("ethtool"));
    families.forget::<ethtool::Family>();
    assert_eq!(families.run(&ListLinkState::all()).unwrap().len(), ports.len());
    let mut events = families.watch_groups::<ethtool::Family>(&["monitor"]).unwrap();
    events.deadline(Some(Duration::from_millis(20)));
    assert_eq!(events.next().unwrap_err().kind(), ErrorKind::Timeout);
    let error = families.watch_groups::<ethtool::Family>(&["monitor", "none"]).unwrap_err();
    assert_eq!(error.to_string(), "family `ethtool` has no multicast group `none`");
}

async fn several_families_at_once() {
    let families = AsyncFamilies::open().unwrap();
    let (first, second, own) = (ListLinkState::all(), ListLinkState::all(), controller::Get::named("ethtool"));
    let (first, second, own) = tokio::join!(families.run(&first), families.run(&second), families.run(&own));
    assert_eq!((first.unwrap().len(), own.unwrap().name()), (second.unwrap().len(), Some("ethtool")));
    families.forget::<ethtool::Family>();
    assert!(families.of::<ethtool::Family>().await.is_ok());
    assert!(families.watch_groups::<ethtool::Family>(&["monitor"]).await.is_ok());
    assert!(families.watch_groups::<ethtool::Family>(&["none"]).await.is_err());
}

#[tokio::test]
async fn one_socket_speaks_to_several_families_by_tokio() {
    several_families_at_once().await;
}

#[test]
fn one_socket_speaks_to_several_families_by_async_io() {
    async_io::block_on(several_families_at_once());
}
