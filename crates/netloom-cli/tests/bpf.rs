//! BPF programs that links and routes are given, judged by iproute2: by what it shows of them, and by what it makes of the
//! same words.
#![cfg(feature = "bpf")]

mod support;

use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use netloom_testkit::{Simulated, record, skip, tree};
use serde_json::Value as Json;

const NETLOOM: &str = env!("CARGO_BIN_EXE_netloom");

/// Where the programs are pinned that `xtask/golden/helpers.py` makes.
const PINS: &str = "/run/netloom-golden-bpf";

/// A route up to its program.
const ROUTE: &str = "route add 10.1.0.0/16 dev v0 encap bpf xmit";

fn sample(name: &str) -> String {
    tree().join("crates/netloom-cli/tests/samples").join(name).to_string_lossy().into_owned()
}

/// Runs a shell script in a namespace with the links `v0` and `v1`, where programs are pinned, and gives what it printed.
fn run(script: &str) -> Option<String> {
    let helpers = tree().join("xtask/golden/helpers.py");
    let script = format!(
        "python3 {} mount-bpf || {{ echo no BPF; exit; }}\n\
         ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up\n{script}",
        helpers.display()
    );
    let printed = support::answers::in_namespace(&script)?;
    if printed.starts_with("no BPF") {
        record("BPF", "the kernel takes no program");
        return None;
    }
    Some(printed)
}

/// Name, tag and place of the program of each line that `ip -j -d link show` printed.
fn programs(printed: &str) -> Vec<(Json, Json, Json)> {
    let links =
        printed.lines().map(|line| serde_json::from_str::<Json>(line).unwrap_or_else(|e| panic!("{e}: {line}")));
    links
        .map(|links| {
            let xdp = &links[0]["xdp"];
            (xdp["prog"]["name"].clone(), xdp["prog"]["tag"].clone(), xdp["mode"].clone())
        })
        .collect()
}

#[test]
fn programs_of_an_object_are_those_that_iproute2_attaches() {
    let object = sample("programs.o");
    for words in [
        format!("xdp object {object}"),
        format!("xdpgeneric obj {object} section drop"),
        format!("xdpdrv object {object} program drop_all"),
        format!("xdp object {}", sample("with-types.o")),
        format!("xdp pinned {PINS}/xdp"),
    ] {
        let script = format!(
            "'{NETLOOM}' link set v0 {words} && ip link set dev v1 {words}\n\
             ip -j -d link show v0; ip -j -d link show v1"
        );
        let Some(printed) = run(&script) else { return };
        let [ours, theirs] = programs(&printed).try_into().expect("two links");
        assert_ne!(ours.1, Json::Null, "{words}: {printed}");
        assert_eq!(ours, theirs, "{words}");
    }
}

#[test]
fn what_is_attached_is_replaced_by_force_alone_and_taken_off() {
    let object = sample("programs.o");
    let script = format!(
        "for words in 'link set v0 xdp object {object}' 'link set v0 xdp object {object} section drop' \
             '-force link set v0 xdp object {object} section drop' 'link set v0 xdp off'; do\n\
             '{NETLOOM}' $words 2>/dev/null\n ip -j -d link show v0\ndone"
    );
    let Some(printed) = run(&script) else { return };
    let names: Vec<Json> = programs(&printed).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, [Json::from("pass"), "pass".into(), "drop_all".into(), Json::Null]);
}

#[test]
fn maps_of_an_object_are_made() {
    let script = format!("'{NETLOOM}' link set v0 xdp object {} && ip -j -d link show v0", sample("with-map.o"));
    let Some(printed) = run(&script) else { return };
    assert_eq!(programs(&printed)[0].0, "look_up", "{printed}");
}

#[test]
fn what_is_wrong_is_said_and_iproute2_ends_with_the_same_code() {
    let object = sample("programs.o");
    let cases = [
        (
            format!("link set v0 xdp object {object} section nowhere"),
            "has no program in section \"nowhere\"; there are: drop_all in section drop, pass in section prog, wrong in section refused",
        ),
        (format!("link set v0 xdp object {object} program nobody"), "has no program \"nobody\""),
        (format!("link set v0 xdp object {object} section refused"), "R0 !read_ok"),
        ("link set v0 xdp object /no/where".to_owned(), "No such file"),
        (format!("link set v0 xdp object {}", sample("programs.s")), "is no ELF object"),
        ("link set v0 xdp object".to_owned(), "[ file ] FILE is missing"),
        ("link set v0 xdp pinned /no/where".to_owned(), "No such file"),
        ("link set v0 xdp".to_owned(), "one of these must follow"),
        ("route add 10.1.0.0/16 dev v0 encap bpf in pinned /no/where".to_owned(), "No such file"),
        (format!("{ROUTE} object {object} section nowhere"), "has no program in section \"nowhere\""),
        (
            format!("{ROUTE} object {object} section refused"),
            "cannot load program \"wrong\" in section \"refused\" of |: Permission denied (EACCES)\n  |\n  R0 !read_ok\n",
        ),
        (format!("{ROUTE} object /bin/sh"), "is an object for another machine (ELF number "),
        (format!("{ROUTE} object {}", sample("programs-big-endian.o")), "of the other byte order"),
        (format!("{ROUTE} object {}", sample("programs.s")), "is no ELF object"),
        (format!("{ROUTE} object"), "[ file ] FILE is missing"),
        (
            format!("route add 2001:db8::/64 dev v0 encap seg6local action End.BPF endpoint object {object} section a"),
            "has no program in section \"a\"",
        ),
    ];
    for (line, reasons) in &cases {
        let script = format!("ip {line} >&2; echo $?; '{NETLOOM}' {line} 2>&1; echo $?");
        let Some(printed) = run(&script) else { return };
        let lines: Vec<&str> = printed.lines().collect();
        assert_eq!(lines.first(), lines.last(), "{line}: {printed}");
        assert_ne!(lines.first(), Some(&"0"), "{line}: {printed}");
        assert!(reasons.split('|').all(|reason| printed.contains(reason)), "{line}: {printed}");
    }
}

/// Capabilities that are not there are said by the kernel; iproute2 ends with the same code.
#[test]
fn without_rights_nothing_is_loaded() {
    let line = format!("{ROUTE} object {} section drop", sample("programs.o"));
    let script = format!(
        "without() {{ setpriv --bounding-set=-all --inh-caps=-all \"$@\"; }}\n\
         without ip {line} >&2; echo $?; without '{NETLOOM}' {line} 2>&1; echo $?"
    );
    let Some(printed) = run(&script) else { return };
    assert!(printed.starts_with("255\n") && printed.ends_with("\n255\n"), "{printed}");
    assert!(
        printed.contains("section \"drop\" of ") && printed.contains("Operation not permitted (EPERM)"),
        "{printed}"
    );
}

#[test]
fn verbose_tells_all_that_the_verifier_says() {
    let line = format!("link set v0 xdp object {} section refused", sample("programs.o"));
    let Some(printed) = run(&format!("'{NETLOOM}' {line} 2>&1; echo; '{NETLOOM}' {line} verbose 2>&1; true")) else {
        return;
    };
    let (short, long) = printed.split_once("\n\n").expect("two outputs");
    assert!(short.contains("R0 !read_ok"), "{short}");
    assert!(long.len() > short.len() && long.contains("R0 !read_ok"), "{long}");
    let line = format!("link set v0 xdp object {} verbose", sample("programs.o"));
    let Some(printed) = run(&format!("'{NETLOOM}' {line} 2>&1")) else { return };
    assert!(printed.contains("r0 = 2"), "{printed}");
}

/// The kernel says no more than EINVAL.
#[test]
fn programs_of_another_type_are_refused_by_name() {
    for (line, reason) in [
        (format!("link set v0 xdp pinned {PINS}/in"), "is of the type LwtIn; Xdp is needed"),
        (format!("route add 10.1.0.0/16 dev v0 encap bpf in pinned {PINS}/xdp"), "is of the type Xdp; LwtIn is needed"),
    ] {
        let Some(printed) = run(&format!("'{NETLOOM}' {line} 2>&1; echo $?")) else { return };
        assert!(printed.contains(reason) && printed.ends_with("\n255\n"), "{line}: {printed}");
    }
}

/// The same routes by both, one after the other: what iproute2 shows of each is the same.
#[test]
fn programs_of_routes_are_as_iproute2_gives_them() {
    let (object, counting) = (sample("programs.o"), sample("counting.o"));
    for (feature, words) in [
        ("encap bpf", format!("10.1.0.0/16 dev v0 encap bpf in pinned {PINS}/in out pinned {PINS}/out")),
        ("encap bpf", format!("10.1.0.0/16 dev v0 encap bpf xmit pin {PINS}/xmit headroom 32")),
        (
            "encap bpf",
            format!("10.1.0.0/16 dev v0 encap bpf in object-file {object} out obj {object} sec drop headroom 32"),
        ),
        ("encap bpf", format!("10.1.0.0/16 dev v0 encap bpf xmit object {object} program drop_all")),
        ("encap bpf", format!("10.1.0.0/16 dev v0 encap bpf xmit object {counting} section count verbose")),
        ("encap bpf", format!("2001:db8:1::/64 dev v0 encap bpf xmit object {counting} section drop")),
        (
            "encap seg6local",
            format!("2001:db8:1::/64 dev v0 encap seg6local action End.BPF endpoint object-pinned {PINS}/seg6local"),
        ),
        (
            "encap seg6local",
            format!("2001:db8:1::/64 dev v0 encap seg6local action End.BPF endpoint object {object} section drop"),
        ),
    ] {
        let script = format!(
            "route=\"{words}\"; prefix=\"${{route%% *}}\"\n\
             ip route add $route && ip -j -d route show $prefix && ip route del $prefix || {{ echo lacks; exit; }}\n\
             '{NETLOOM}' route add $route && ip -j -d route show $prefix"
        )
        .replace("ip route", if words.contains("::") { "ip -6 route" } else { "ip route" })
        .replace("ip -j -d", if words.contains("::") { "ip -6 -j -d" } else { "ip -j -d" });
        let Some(printed) = run(&script) else { return };
        if printed.starts_with("lacks") {
            record(feature, "the kernel has none");
            continue;
        }
        let (theirs, ours) = printed.split_once('\n').expect("two answers");
        assert!(theirs.contains(":["), "{words}: {theirs}");
        assert_eq!(ours.trim_end(), theirs, "{words}");
    }
}

/// The right to look for what was loaded last, of all that is loaded on this machine. None unless the kernel has programs of
/// routes and bpftool is there.
fn judged() -> Option<MutexGuard<'static, ()>> {
    static ONE: Mutex<()> = Mutex::new(());
    let printed = run(&format!(
        "ip route add 10.1.0.0/16 dev v0 encap bpf xmit pinned {PINS}/xmit || echo lacks; bpftool version || echo no bpftool"
    ))?;
    if printed.starts_with("lacks") {
        record("encap bpf", "the kernel has none");
        return None;
    }
    if printed.contains("no bpftool") {
        record("bpftool", "it is not installed");
        return None;
    }
    Some(ONE.lock().unwrap_or_else(PoisonError::into_inner))
}

/// What bpftool says of the program that was loaded last under a name: type, name, tag, whether there are types, and
/// whether its licence goes with the GPL.
const LAST: &str = r#"last() { bpftool -j prog show | python3 -c '
import json, sys
found = [p for p in json.load(sys.stdin) if p.get("name") == sys.argv[1]]
p = max(found, key=lambda p: p["id"])
print(p["type"], p["name"], p["tag"], "btf_id" in p, p["gpl_compatible"])' $1; }
# Values of the map "counters" of the program that was loaded last under this name.
counted() { bpftool -j prog show | python3 -c '
import json, subprocess, sys
p = max((p for p in json.load(sys.stdin) if p.get("name") == sys.argv[1]), key=lambda p: p["id"])
show = lambda *words: json.loads(subprocess.check_output(["bpftool", "-j", "map", *words]))
for map in p["map_ids"]:
    if show("show", "id", str(map))["name"] == "counters":
        print(*(e["formatted"]["value"] for e in show("dump", "id", str(map))))' $1; }
"#;

/// Maps of both sorts, constants, functions and types are as libbpf makes them of the same object.
#[test]
fn what_is_loaded_is_what_iproute2_loads() {
    let Some(_alone) = judged() else { return };
    for (object, section, name) in [
        ("counting.o", "count", "count_all"),
        ("counting.o", "drop", "count_and_drop"),
        ("programs.o", "drop", "drop_all"),
        ("adapting.o", "prog", "drop_ipv4"),
    ] {
        let words = format!("route add 10.1.0.0/16 dev v0 encap bpf xmit object {} section {section}", sample(object));
        let script = format!(
            "{LAST}ip {words} && last {name} && ip route del 10.1.0.0/16 && '{NETLOOM}' {words} && last {name}"
        );
        let Some(printed) = run(&script) else { return };
        let (theirs, ours) = printed.split_once('\n').expect("two answers");
        assert!(theirs.starts_with(&format!("lwt_xmit {name} ")), "{printed}");
        assert_eq!(ours.trim_end(), theirs, "{words}");
    }
}

#[test]
fn packets_pass_the_programs_of_their_route() {
    let Some(_alone) = judged() else { return };
    let object = sample("counting.o");
    let script = format!(
        "{LAST}say() {{ bash -c 'echo > /dev/udp/10.1.0.1/9' 2>/dev/null && echo sent || echo dropped; }}\n\
         ip addr add 10.0.0.1/24 dev v0\n\
         '{NETLOOM}' route add 10.1.0.0/16 dev v0 encap bpf xmit object {object} section drop\n\
         say; say; counted count_and_drop\n\
         '{NETLOOM}' route replace 10.1.0.0/16 dev v0 encap bpf xmit object {object} section count\n\
         say; counted count_all\n\
         '{NETLOOM}' route replace 10.1.0.0/16 dev v0 encap bpf xmit object {}; say\n\
         '{NETLOOM}' route replace 10.1.0.0/16 dev v0 encap bpf xmit object {}; say",
        sample("adapting.o"),
        sample("linked.o")
    );
    let Some(printed) = run(&script) else { return };
    assert_eq!(printed, "dropped\ndropped\n0 2\nsent\n1 0\ndropped\ndropped\n");
}

/// A neighbour in another namespace sends what is to be forwarded.
#[test]
fn packets_that_come_in_pass_the_program_of_their_route() {
    let Some(_alone) = judged() else { return };
    let script = format!(
        "{LAST}unshare -n sleep 60 & other=$!\n\
         until [ \"$(readlink /proc/$other/ns/net)\" != \"$(readlink /proc/self/ns/net)\" ]; do sleep 0.1; done\n\
         ip link set v1 netns $other; ip addr add 10.0.0.1/24 dev v0; echo 1 > /proc/sys/net/ipv4/ip_forward\n\
         '{NETLOOM}' route add 10.1.0.0/16 via 10.0.0.9 dev v0 encap bpf in object {} section drop\n\
         nsenter -t $other -n sh -c 'ip addr add 10.0.0.2/24 dev v1; ip link set v1 up; ip route add 10.1.0.0/16 via 10.0.0.1'\n\
         for i in 1 2 3; do nsenter -t $other -n bash -c 'echo > /dev/udp/10.1.0.1/9'; done\n\
         for i in $(seq 50); do [ \"$(counted count_and_drop)\" = '0 3' ] && break; sleep 0.1; done\n\
         counted count_and_drop; kill $other",
        sample("counting.o")
    );
    let Some(printed) = run(&script) else { return };
    assert_eq!(printed, "0 3\n");
}

/// In a file system of the test's own. To the kernel, routes alike in all but the program are alike.
#[test]
fn maps_are_shared_by_name_with_what_iproute2_loads() {
    let Some(_alone) = judged() else { return };
    let words = format!("encap bpf xmit object {}", sample("shared.o"));
    let script = format!(
        "\
         unshare -m sh -e <<E\n\
         mount --make-rprivate /; mount -t bpf none /sys/fs/bpf\n\
         '{NETLOOM}' route add 10.1.0.0/16 dev v0 mtu 1401 {words}\n\
         ls /sys/fs/bpf/tc/globals\n\
         ip route add 10.2.0.0/16 dev v0 mtu 1402 {words}\n\
         '{NETLOOM}' route add 10.3.0.0/16 dev v0 mtu 1403 {words}\n\
         '{NETLOOM}' route add 10.4.0.0/16 dev v0 mtu 1404 encap bpf xmit object {}\n\
         bpftool -j prog show | python3 -c 'import json, sys; print(*(p[\"map_ids\"] for p in json.load(sys.stdin) if p.get(\"name\") == \"look_up_common\"))'\n\
         E\n",
        sample("shared-legacy.o")
    );
    let Some(printed) = run(&script) else { return };
    let (pins, ids) = printed.split_once('\n').expect("two lines");
    assert_eq!(pins, "common", "{printed}");
    let ids: Vec<&str> = ids.split_whitespace().collect();
    assert!(ids.len() == 4 && ids.iter().all(|id| *id == ids[0]), "{printed}");
}

/// A device of netdevsim, which takes programs, with its maps.
#[test]
fn devices_get_programs_as_iproute2_gives_them() {
    let Some(device) = Simulated::new() else { skip!("netdevsim", "the kernel has none") };
    let name = &device.name;
    let done = |program: &str, words: &str| {
        let output = Command::new(program).args(words.split(' ')).output().unwrap_or_else(|e| panic!("{program}: {e}"));
        assert!(output.status.success(), "{program} {words}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let object = format!("link set dev {name} xdpoffload object {}", sample("programs.o"));
    let look = || programs(&done("ip", &format!("-j -d link show {name}"))).remove(0);
    done("ip", &object);
    let theirs = look();
    assert_eq!(theirs.2, 3, "XDP_ATTACHED_HW");
    done("ip", &format!("link set dev {name} xdpoffload off"));
    // From another namespace: the number of the device is that of the one where it is.
    let elsewhere = format!("-n {NETLOOM} -n /proc/{}/ns/net {object}", std::process::id());
    for (program, words) in [(NETLOOM, &object), ("unshare", &elsewhere)] {
        done(program, words);
        assert_eq!(look(), theirs);
        done(NETLOOM, &format!("link set dev {name} xdpoffload off"));
    }
    done(NETLOOM, &format!("link set dev {name} xdpoffload object {}", sample("with-map.o")));
    assert_eq!(look().0, "look_up");
    let lo = format!("link set dev lo xdpoffload object {}", sample("programs.o"));
    let refused = Command::new(NETLOOM).args(lo.split(' ')).output().expect("netloom");
    assert_eq!(refused.status.code(), Some(255));
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(told.contains("cannot load program \"pass\" in section \"prog\""), "{told}");
}
