//! ethtool's family on the real kernel, by every driver; the tool itself is the judge. Only devices of the tests' own
//! namespaces change.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "../../netloom-socket/tests/support/handle.rs"]
mod handle;

use std::{collections::BTreeMap, process::Command, time::Duration};

use handle::{Handle, by_async_io, by_nobody, by_tokio};
use netloom::{
    ErrorKind, Ethtool, SocketOptions, View,
    ethtool::{
        Answers, DeviceRef, Family, GROUP, bitset::Bitset, commands::*, features::Features, strings::StringSetId,
    },
    wire::{Notice, Notifications as _},
};
use netloom_testkit::{EthtoolJudge, Namespace, device_of, record, skip};
use serde_json::Value;

/// A namespace with a veth pair, `v0` and `v1`, both up, with queues to choose from.
struct Pair {
    space: Namespace,
    judge: EthtoolJudge,
}

impl Pair {
    /// None, and the skip recorded, where there is no namespace or no ethtool.
    fn new() -> Option<Self> {
        let space = Namespace::new()?;
        let Some(judge) = EthtoolJudge::newest() else {
            record("ethtool", "the tool is not installed");
            return None;
        };
        let queues = ["numrxqueues", "4", "numtxqueues", "4"];
        space.ip(&[&["link", "add", "v0"], &queues[..], &["type", "veth", "peer", "name", "v1"], &queues[..]].concat());
        space.ip(&["link", "set", "v0", "up"]);
        space.ip(&["link", "set", "v1", "up"]);
        Some(Self { space, judge })
    }

    fn options(&self) -> SocketOptions {
        SocketOptions::new().namespace(netloom::Namespace::path(self.space.path()).unwrap())
    }

    /// What the tool prints in the namespace.
    fn tool(&self, words: &[&str]) -> String {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", self.space.name()]).arg(self.judge.path());
        let out = command.args(words).output().unwrap();
        assert!(out.status.success(), "ethtool {words:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    }
}

/// `Name: number` of each line of a section; what the tool calls `n/a` is left out.
fn section(text: &str, title: &str) -> BTreeMap<String, u32> {
    let lines = text.lines().skip_while(|line| !line.starts_with(title)).skip(1);
    let pairs = lines.take_while(|line| !line.ends_with(':')).filter_map(|line| line.split_once(':'));
    pairs.filter_map(|(name, number)| Some((name.to_owned(), number.trim().parse().ok()?))).collect()
}

fn has(set: Option<&Bitset>, name: &str) -> bool {
    set.and_then(|set| set.named(name)).unwrap_or(false)
}

each_driver! { Family, Pair, Pair::new();
    async fn features_are_those_that_ethtool_shows(socket, pair, |options| options) {
        let strings = socket.run(GetStringSets::of_kernel(&[StringSetId::Features])).await.unwrap();
        let names: Vec<&str> = strings.strings(StringSetId::Features).map(|(_, name)| name).collect();
        assert_eq!(strings.count(StringSetId::Features).unwrap() as usize, names.len());

        let features = socket.run(GetFeatures::of("v0")).await.unwrap();
        let judge: Value = serde_json::from_str(&pair.tool(&["--json", "-k", "v0"])).unwrap();
        let mut compared = 0;
        for (name, shown) in judge[0].as_object().unwrap().iter().filter(|(name, _)| names.contains(&name.as_str())) {
            compared += 1;
            assert_eq!(Some(has(features.active(), name)), shown["active"].as_bool(), "{name}");
            assert_eq!(Some(has(features.wanted(), name)), shown["requested"].as_bool(), "{name}");
            let fixed = !has(features.changeable(), name) || has(features.fixed(), name);
            assert_eq!(Some(fixed), shown["fixed"].as_bool(), "{name}");
        }
        assert!(compared > 30, "only {compared} features compared");

        let compact = socket.run(GetFeatures::of(DeviceRef::from("v0").compact())).await.unwrap();
        let (verbose, words) = (features.active().unwrap(), compact.active().unwrap());
        assert_eq!(words.words(), verbose.words());
        assert_eq!(words.size(), Some(u32::try_from(names.len()).unwrap()));
        assert_eq!(words.iter().count(), verbose.names().count());
    }

    async fn features_that_are_set_are_read_back_answered_and_told(socket, pair, |options| options) {
        let mut told = socket.watch_groups(&[GROUP]).unwrap();
        assert!(!has(socket.run(GetFeatures::of("v0")).await.unwrap().active(), "rx-gro"));
        let set = |on| SetFeatures::of("v0", move |w| w.wanted(|b| b.named([("rx-gro", on)])));
        let answer = socket.run(set(true).answered()).await.unwrap();
        assert_eq!(answer.active().and_then(|active| active.named("rx-gro")), Some(true), "{answer:?}");
        assert!(has(socket.run(GetFeatures::of("v0")).await.unwrap().active(), "rx-gro"));

        told.deadline(Some(Duration::from_secs(10)));
        let Notice::Message { payload, .. } = told.next().await.unwrap() else { panic!("nothing was told") };
        let features = Features::view(payload).unwrap();
        assert_eq!(features.header().and_then(|header| header.name()), Some("v0"));
        let strings = socket.run(GetStringSets::of_kernel(&[StringSetId::Features])).await.unwrap();
        let (gro, _) = strings.strings(StringSetId::Features).find(|(_, name)| *name == "rx-gro").unwrap();
        assert_eq!(features.active().and_then(|active| active.at(gro)), Some(true), "{features:?}");

        socket.run(set(false)).await.unwrap();
        assert!(!has(socket.run(GetFeatures::of("v0")).await.unwrap().active(), "rx-gro"));
    }

    async fn channels_that_are_set_are_read_back(socket, pair, |options| options) {
        for (rx, tx) in [(1, 1), (3, 2), (4, 4)] {
            socket.run(SetChannels::of("v0", |w| w.rx(rx).tx(tx))).await.unwrap();
            let channels = socket.run(GetChannels::of("v0")).await.unwrap();
            let shown = pair.tool(&["-l", "v0"]);
            let (most, now) = (section(&shown, "Pre-set"), section(&shown, "Current"));
            assert_eq!(
                (channels.rx(), channels.tx(), channels.combined()),
                (Some(rx), Some(tx), now.get("Combined").copied())
            );
            assert_eq!((channels.rx(), channels.tx()), (now.get("RX").copied(), now.get("TX").copied()));
            assert_eq!((channels.rx_max(), channels.tx_max()), (most.get("RX").copied(), most.get("TX").copied()));
        }
        let error = socket.run(SetChannels::of("v0", |w| w.rx(5))).await.unwrap_err().to_string();
        assert!(error.starts_with("set channels of v0: Invalid argument (EINVAL)"), "{error}");
        assert!(error.contains("ETHTOOL_A_CHANNELS_RX_COUNT"), "{error}");
    }

    async fn lists_have_every_device_and_links_their_state(socket, pair, |options| options) {
        let channels = socket.run(ListChannels::all()).await.unwrap();
        let names: Vec<_> = channels.iter().map(|c| c.header().unwrap().name().unwrap()).collect();
        assert!(names.contains(&"v0") && names.contains(&"v1") && !names.contains(&"lo"), "{names:?}");
        let states = socket.run(ListLinkState::all()).await.unwrap();
        assert!(states.iter().all(|state| state.link() == Some(true)) && states.len() == 3, "{states:?}");
        let index = socket.run(GetLinkState::of("v0")).await.unwrap().header().unwrap().index().unwrap();
        pair.space.ip(&["link", "set", "v1", "down"]);
        assert_eq!(socket.run(GetLinkState::of(index)).await.unwrap().link(), Some(false));
        let modes = socket.run(GetLinkModes::of("v0")).await.unwrap();
        assert_eq!(modes.speed(), Some(10_000));
    }

    async fn string_sets_of_a_device_name_its_counters(socket, pair, |options| options) {
        let own = socket.run(GetStringSets::of("v0")).await.unwrap();
        assert!(own.strings(StringSetId::Statistics).any(|(index, name)| (index, name) == (0, "peer_ifindex")), "{own:?}");
        let counts = socket.run(GetStringSets::counts_of("v0", &[StringSetId::Statistics])).await.unwrap();
        assert_eq!(counts.count(StringSetId::Statistics), own.count(StringSetId::Statistics));
        assert_eq!(counts.strings(StringSetId::Statistics).count(), 0);
        let some = socket.run(GetStringSets::some_of("v0", &[StringSetId::Statistics])).await.unwrap();
        assert!(some.strings(StringSetId::Statistics).eq(own.strings(StringSetId::Statistics)));
    }

    async fn what_a_device_lacks_is_an_error_that_names_it(socket, pair, |options| options) {
        let rings = socket.run(SetRings::of("v0", |w| w.rx(512))).await.unwrap_err();
        assert_eq!(rings.to_string(), "set rings of v0: Operation not supported (EOPNOTSUPP)");
        let gone = socket.run(GetRings::of("nope0")).await.unwrap_err().to_string();
        assert!(gone.starts_with("get rings of nope0: No such device (ENODEV)"), "{gone}");
        assert!(gone.contains("ETHTOOL_A_HEADER_DEV_NAME") || gone.contains("ETHTOOL_A_RINGS_HEADER"), "{gone}");
    }

    /// Each question is understood by the kernel, whatever the device knows of it: what is wrong with a question is EINVAL.
    async fn every_question_is_understood(socket, pair, |options| options) {
        macro_rules! ask { ($socket:ident $($request:ident)*) => { $(
            match $socket.run($request::of("v0")).await {
                Ok(found) => assert_eq!(netloom::wire::check(found.layout_of(), found.bytes()), Ok(()), "{found:?}"),
                Err(error) => {
                    let known = ["EOPNOTSUPP", "ENODEV"].iter().any(|name| error.to_string().contains(name));
                    // Linux 6.12 has no word for a PHY that is not there.
                    let silent = error.kind() == ErrorKind::NoReply && stringify!($request) == "GetPhy";
                    assert!(known || silent, "{}: {error}", stringify!($request));
                }
            }
        )* } }
        trait Layouts: View {
            fn layout_of(&self) -> &'static netloom::wire::Layout {
                Self::layout()
            }
        }
        impl<T: View + ?Sized> Layouts for T {}
        ask! { socket GetStringSets GetLinkInfo GetLinkModes GetLinkState GetDebugMessages GetWakeOnLan GetFeatures GetPrivateFlags
        GetRings GetChannels GetCoalesce GetPause GetEee GetTimestamping GetTunnelInfo GetFec GetVirtualClocks GetModule GetPse
        GetRss GetPlca GetPlcaStatus GetMacMerge GetPhy GetTimestampingConfig }
    }
}

/// Reads only: the host's own card is not a test's to change.
#[test]
fn rings_of_the_hosts_card_are_those_that_ethtool_shows() {
    let Some(card) = device_of("virtio_net") else { skip!("virtio_net", "there is no such card") };
    let Some(judge) = EthtoolJudge::newest() else { skip!("ethtool", "the tool is not installed") };
    let shown = Command::new(judge.path()).args(["-g", &card]).output().unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    let rings = Ethtool::open().unwrap().run(&GetRings::of(card.as_str())).unwrap();
    let (most, now) = (section(&shown, "Pre-set"), section(&shown, "Current"));
    assert!(rings.rx().is_some());
    assert_eq!((rings.rx(), rings.tx()), (now.get("RX").copied(), now.get("TX").copied()));
    assert_eq!((rings.rx_max(), rings.tx_max()), (most.get("RX").copied(), most.get("TX").copied()));
}
