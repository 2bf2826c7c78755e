//! What the command prints, beside what iproute2 prints of the same namespace. A case is a setup and lines.

mod support;

use support::answers::assert_same;

#[test]
fn links() {
    assert_same(
        &[
            "ip link set lo up",
            "ip link add v0 type veth peer name v1",
            "ip link set v0 up alias 'a name' mtu 1400",
            "ip link property add dev v0 altname other altname third",
            "ip link add br0 type bridge",
            "ip link set v1 master br0 up",
        ],
        &[
            "link",
            "link show up",
            "link show dev v0",
            "link show other",
            "-d link show",
            "-s link show",
            "-s -s link show dev lo",
            "-br link",
            "link show master br0",
            "link show type veth",
            "link show dev nope",
        ],
    );
}

#[test]
fn namespaces() {
    assert_same(
        &["ip netns add a", "ip netns add b", "ip netns set a 5", "ip -n b link set lo up"],
        &["netns", "netns list", "netns list-id", "netns list-id nsid 5", "-n b link show up", "-n nope link"],
    );
}

#[test]
fn batches() {
    assert_same(
        &["printf 'link show dev lo # one\\nlink show dev nope\\nlink show dev lo\\n' >/run/lines"],
        &["-batch /run/lines", "-force -batch /run/lines"],
    );
}

/// Runs `netloom` with each of these words in one namespace; gives the exit codes.
fn codes(setup: &str, lines: &[&str]) -> Option<Vec<String>> {
    let netloom = env!("CARGO_BIN_EXE_netloom");
    let commands: Vec<_> =
        lines.iter().map(|line| format!("\"{netloom}\" {line} >/dev/null 2>&1 && echo 0 || echo $?")).collect();
    let script = format!("mount -t tmpfs tmpfs /run\n{setup}\n{}", commands.join("\n"));
    support::answers::in_namespace(&script).map(|out| out.lines().map(str::to_owned).collect())
}

#[test]
fn exit_codes_are_those_of_iproute2() {
    let lines = [
        "link add v0 type veth peer name v1",
        "link add v0 type veth peer name v1", // the kernel refuses: it is there
        "link set v0 mtu 3",                  // the kernel refuses: too small
        "link set nope up",                   // no such device
        "addr add 10.0.0.1/24 dev nope",
        "addr del 10.0.0.1/24 dev v0", // the kernel refuses: it is not there
        "-n nope link",
        "rule add from 10.0.0.0/8 table 100",
        "link set v0 up",
    ];
    let Some(found) = codes("ip link set lo up", &lines) else { return };
    assert_eq!(found, ["0", "2", "2", "1", "1", "2", "255", "0", "0"]);
}

#[test]
fn a_batch_keeps_up_with_its_own_changes() {
    // The name `x1` means another device in the last line than in the second.
    let lines = "link add x1 type veth peer name p\\nlink set x1 mtu 1400\\nlink set x1 name x2\\n\
                 link add x1 type veth peer name q\\nlink set x1 mtu 1300\\n";
    let netloom = env!("CARGO_BIN_EXE_netloom");
    let script = format!(
        "mount -t sysfs sysfs /sys\nprintf '{lines}' | \"{netloom}\" -batch -\ncat /sys/class/net/x1/mtu /sys/class/net/x2/mtu"
    );
    let Some(out) = support::answers::in_namespace(&script) else { return };
    assert_eq!(out.split_whitespace().collect::<Vec<_>>(), ["1300", "1400"]);
}

#[test]
fn what_an_order_made_is_echoed() {
    assert_same(
        &["ip link add v0 type veth peer name v1", "ip link set v0 up", "ip addr add 10.0.0.1/24 dev v0"],
        &["-echo addr replace 10.0.0.1/24 dev v0", "-echo nexthop replace id 5 blackhole"],
    );
    let netloom = env!("CARGO_BIN_EXE_netloom");
    let script = format!(
        "ip rule add from 10.9.8.7 table 100\n\"{netloom}\" -j -echo link add x%d type veth peer name y0\n\
         \"{netloom}\" -j -echo rule del from 10.9.8.7 table 100\n\
         \"{netloom}\" -j -echo neigh add 10.0.0.2 lladdr 02:00:00:00:00:01 dev y0 nud permanent"
    );
    let Some(out) = support::answers::in_namespace(&script) else { return };
    let told: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let deleted = told.last().expect("the rule");
    assert_eq!((&deleted[0]["deleted"], &deleted[0]["src"]), (&true.into(), &"10.9.8.7".into()), "{out}");
    // Older kernels do not echo links.
    if let [made, _] = told.as_slice() {
        assert_eq!(made[0]["ifname"], "x0", "{out}");
    }
}

#[test]
fn a_flush_goes_on_for_as_many_rounds_as_are_asked_for() {
    // With promotion each round brings forth the next primary address.
    let netloom = env!("CARGO_BIN_EXE_netloom");
    let addresses: String = (1..6).map(|n| format!("ip addr add 10.0.0.{n}/24 dev v0\n")).collect();
    let script = format!(
        "ip link add v0 type veth peer name v1\nsysctl -qw net.ipv4.conf.v0.promote_secondaries=1\n{addresses}\
         \"{netloom}\" -s -l 0 addr flush dev v0\nip -4 -o addr show dev v0 | wc -l"
    );
    let Some(out) = support::answers::in_namespace(&script) else { return };
    assert!(out.trim().ends_with('0'), "{out}");
}

#[test]
fn what_one_program_saves_the_other_reads() {
    let netloom = env!("CARGO_BIN_EXE_netloom");
    let script = format!(
        "mount -t tmpfs tmpfs /run\nip link set lo up\nip link add v0 type veth peer name v1\n\
         ip addr add 10.0.0.1/24 dev v0\nip -4 addr save dev v0 >/run/theirs\nip addr add 10.0.1.1/24 dev v0\n\
         ip rule add from 10.9.8.7 table 100\n\
         \"{netloom}\" addr save dev v0 to 10.0.0.0/24 >/run/ours\n\
         \"{netloom}\" rule save from 10.9.8.7 >/run/rules\n\
         ip addr flush dev v0\nip rule del from 10.9.8.7\nip addr restore </run/ours\n\
         \"{netloom}\" addr restore </run/theirs\n\"{netloom}\" rule restore </run/rules\n\
         echo no >/run/script\nip -4 -br addr show dev v0\nip rule show from 10.9.8.7\nip addr del 10.0.0.1/24 dev v0\n\
         \"{netloom}\" addr restore </run/theirs\nip -4 -br addr show dev v0\nip rule restore </run/rules\nip rule | wc -l\n\
         for object in addr rule route; do for program in ip \"{netloom}\"; do\n\
         $program $object restore </run/script 2>/dev/null; echo $?; done; done\n\
         ip -j addr showdump </run/theirs >/run/a; \"{netloom}\" -j addr showdump </run/theirs >/run/b; diff /run/a /run/b"
    );
    let Some(out) = support::answers::in_namespace(&script) else { return };
    let words: Vec<_> = out.split_whitespace().filter(|word| !["v0@v1", "DOWN"].contains(word)).collect();
    // The last line: three rules of the kernel's, and the one that was made a second time.
    let expected = ["10.0.0.1/24", "32765:", "from", "10.9.8.7", "lookup", "100", "10.0.0.1/24", "5"];
    // What is no such file is refused with iproute2's exit code.
    let codes = ["255", "255", "255", "255", "1", "1"];
    assert_eq!(words, [&expected[..], &codes].concat(), "{out}");
}
