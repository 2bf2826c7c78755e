//! BPF programs that links and routes are given, judged by iproute2: by what it shows of them, and by what it makes of the
//! same words.
#![cfg(feature = "bpf")]

mod support;

use netloom_testkit::{record, tree};
use serde_json::Value as Json;

const NETLOOM: &str = env!("CARGO_BIN_EXE_netloom");

/// Where the programs are pinned that `xtask/golden/helpers.py` makes.
const PINS: &str = "/run/netloom-golden-bpf";

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
    ];
    for (line, reason) in &cases {
        let script = format!("ip {line} >&2; echo $?; '{NETLOOM}' {line} 2>&1; echo $?");
        let Some(printed) = run(&script) else { return };
        let lines: Vec<&str> = printed.lines().collect();
        assert_eq!(lines.first(), lines.last(), "{line}: {printed}");
        assert_ne!(lines.first(), Some(&"0"), "{line}: {printed}");
        assert!(printed.contains(reason), "{line}: {printed}");
    }
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
}

/// The kernel says no more than EINVAL.
#[test]
fn programs_of_another_type_are_refused_by_name() {
    for (line, reason) in [
        (format!("link set v0 xdp pinned {PINS}/in"), "is of the type LwtInput; Xdp is needed"),
        (
            format!("route add 10.1.0.0/16 dev v0 encap bpf in pinned {PINS}/xdp"),
            "is of the type Xdp; LwtInput is needed",
        ),
    ] {
        let Some(printed) = run(&format!("'{NETLOOM}' {line} 2>&1; echo $?")) else { return };
        assert!(printed.contains(reason) && printed.ends_with("\n255\n"), "{line}: {printed}");
    }
}

#[test]
fn objects_that_need_another_loader_say_which() {
    let line = format!("route add 10.1.0.0/16 dev v0 encap bpf in object {} section prog", sample("programs.o"));
    let Some(printed) = run(&format!("'{NETLOOM}' {line} 2>&1; echo $?")) else { return };
    assert!(printed.contains("bpftool prog load") && printed.contains("type lwt_in"), "{printed}");
    assert!(printed.ends_with("\n255\n"), "{printed}");
}

/// The same routes by both, one after the other: what iproute2 shows of each is the same.
#[test]
fn pinned_programs_of_routes_are_as_iproute2_gives_them() {
    for (feature, words) in [
        ("encap bpf", format!("10.1.0.0/16 dev v0 encap bpf in pinned {PINS}/in out pinned {PINS}/out")),
        ("encap bpf", format!("10.1.0.0/16 dev v0 encap bpf xmit pinned {PINS}/xmit headroom 32")),
        (
            "encap seg6local",
            format!("2001:db8:1::/64 dev v0 encap seg6local action End.BPF endpoint pinned {PINS}/seg6local"),
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
        assert!(theirs.contains("*fsobj"), "{words}: {theirs}");
        assert_eq!(ours.trim_end(), theirs, "{words}");
    }
}
