//! What the real kernel says beside a number: by each driver.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/handle.rs"]
mod handle;
mod support;

use std::{fmt, process::Command as Process};

use handle::{Handle, by_async_io, by_nobody, by_tokio};
use netloom_route::{Rtnetlink, kind, link};
use netloom_testkit::{attribute, skip};
use netloom_wire::{Buffer, Command, ErrorKind, Family, Messages, Object, Request, Tlvs, attributes, message, nlmsg};
use support::Space;

attributes! {
    /// Attributes of a traffic class, as far as they are needed here.
    pub ClassAttributes, ClassWriter = "test/tc-attrs" {
        /// Kind of its discipline.
        1 "TCA_KIND" kind: str,
        /// Options of the kind.
        2 "TCA_OPTIONS" options: Nest(Htb),
    }
}
attributes! {
    /// Options of a class of htb.
    pub Htb, HtbWriter = "test/tc-htb-attrs" {
        /// Rates, `struct tc_htb_opt`.
        1 "TCA_HTB_PARMS" parameters: Bytes,
    }
}
message! {
    /// A traffic class.
    pub Class, ClassHeader = "tcmsg" ClassAttributes {
        /// Family.
        pub family: u8,
        #[doc(hidden)]
        pub _pad: [u8; 3],
        /// Index of the link.
        pub index: i32,
        /// Its own handle.
        pub handle: u32,
        /// Where it hangs.
        pub parent: u32,
        #[doc(hidden)]
        pub _info: u32,
    }
}

impl Object for Class {
    type Key = u32;
    const NOUN: &'static str = "class";
    fn key(&self) -> u32 {
        self.handle()
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.handle())
    }
}

/// A class of htb whose rate is so high that the kernel finds its quantum odd, and says so; or with too short options.
#[derive(Clone, Debug)]
struct AddClass {
    index: i32,
    handle: u32,
    whole: bool,
}

impl Request for AddClass {
    type Family = Rtnetlink;
    type Body = Class;
    type Reply = Class;
    type Kind = Command;
    const COMMAND: u16 = 40; // RTM_NEWTCLASS
    const REPLY: u16 = 40;
    const VERB: &'static str = "add";
    fn flags(&self) -> u16 {
        nlmsg::CREATE | nlmsg::EXCL
    }
    fn write(&self, out: &mut Buffer) {
        // Linklayer Ethernet, 10^9 bytes a second; twice, then two buffers, no quantum, level and priority 0.
        let rate = [&[0, 1, 0, 0, 0, 0, 0, 0][..], &1_000_000_000u32.to_ne_bytes()].concat();
        let rest = [1000u32, 1000, 0, 0, 0].map(u32::to_ne_bytes).concat();
        let parameters = [&rate[..], &rate, &rest].concat();
        let parameters = if self.whole { &parameters[..] } else { &parameters[..8] };
        let header = ClassHeader { index: self.index, handle: self.handle, parent: 0x1_0000, ..Default::default() };
        out.message(header, |w: ClassWriter| w.kind("htb").options(|w| w.parameters(parameters)));
    }
}

each_driver! { Rtnetlink, Space, Space::new();
    /// A name that is too long: the attribute, and what it would have to be.
    async fn a_policy_is_told_with_the_attribute(io, space, |options| options) {
        let error = io.run(link::Add::new("a-name-that-is-much-too-long").veth("v1")).await.unwrap_err();
        let ack = error.extended_ack().unwrap();
        assert_eq!(ack.path.as_ref().map(ToString::to_string).as_deref(), Some("IFLA_IFNAME"));
        assert_eq!(ack.policy.as_deref(), Some("String of length at most 15"));
        let text = error.to_string();
        assert!(text.starts_with("add link a-name-that-is-much-too-long: "), "{text}");
        assert!(text.ends_with("(ERANGE): Attribute failed policy validation, at IFLA_IFNAME (wanted: String of length at most 15)"), "{text}");
        assert!(space.name().starts_with("netloom"));
    }

    /// In nests: of a vxlan among good ones in a pipeline.
    async fn a_path_leads_into_nests(io, space, |options| options) {
        let id = |n| if n == 2 { 1 << 24 } else { n };
        let adds = (0..4).map(|n| link::Add::new(&format!("vx{n}")).kind(kind::Vxlan::new(id(n)).port(4790)));
        let report = io.pipeline(adds, |_, _| ()).await.unwrap();
        let [(2, error)] = &report.failures[..] else { panic!("{report:?}") };
        let text = error.to_string();
        assert!(text.starts_with("add link vx2: Numerical result out of range (ERANGE): "), "{text}");
        assert!(text.contains("at IFLA_LINKINFO > IFLA_INFO_DATA > IFLA_VXLAN_ID"), "{text}");
        space.ip(&["link", "show", "vx3"]);
    }

    /// The kernel makes it, and says that it has doubts.
    async fn a_warning_comes_with_success(io, space, |options| options) {
        space.ip(&["link", "add", "v0", "type", "veth", "peer", "name", "v1"]);
        let index = i32::try_from(io.run(link::Get::new("v0")).await.unwrap().index()).unwrap();
        let tc = ["-n", space.name(), "qdisc", "add", "dev", "v0", "root", "handle", "1:", "htb"];
        if !Process::new("tc").args(tc).output().is_ok_and(|out| out.status.success()) {
            skip!("sch_htb", "the kernel, or this machine's iproute2, has none");
        }
        io.run(AddClass { index, handle: 0x1_0001, whole: true }).await.unwrap();
        let doubts = io.warnings();
        assert_eq!(doubts.len(), 1);
        assert!(doubts[0].to_string().starts_with("add class 10001: sch_htb: quantum of class 10001 is big"), "{doubts:?}");
        let adds = (2..5).map(|nth| AddClass { index, handle: 0x1_0000 + nth, whole: nth != 3 });
        let report = io.pipeline(adds, |_, _| ()).await.unwrap();
        assert_eq!((report.failures.len(), report.failures[0].0), (1, 1));
        let text = report.failures[0].1.to_string();
        assert!(text.starts_with("add class 10003: ") && text.contains("at TCA_OPTIONS > TCA_HTB_PARMS"), "{text}");
    }
}

/// `NETLINK_GENERIC`, whose families check for attributes that must be there.
enum Generic {}

impl Family for Generic {
    const PROTOCOL: u16 = 16;
    const NAME: &'static str = "generic";
}

each_driver! { Generic, Space, Space::new();
    async fn a_missing_attribute_is_named(io, space, |options| options) {
        // CTRL_CMD_GETFAMILY, by name; then NETDEV_CMD_DEV_GET, without the index that it needs.
        let name = attribute(2, b"netdev\0");
        let asked = io.put(16, 0, &[&[3, 1, 0, 0][..], &name].concat()).await.unwrap();
        let Ok(answer) = io.get(asked).await else {
            skip!("netdev", "the kernel's generic netlink has no such family");
        };
        let found = Messages::new(&answer).next().unwrap();
        let number = Tlvs::new(&found.payload[4..]).find(|tlv| tlv.number() == 1).unwrap();
        let command = u16::from_ne_bytes(*number.payload.first_chunk().unwrap());
        let asked = io.put(command, 0, &[1, 1, 0, 0]).await.unwrap();
        let error = io.get(asked).await.unwrap_err();
        assert_eq!((error.kind(), error.extended_ack().and_then(|ack| ack.missing)), (ErrorKind::Kernel, Some(1)));
        assert!(error.to_string().contains("missing attribute 1"), "{error}");
        assert!(!space.name().is_empty());
    }
}
