//! Generic netlink on the real kernel: families are found by name, their messages framed, their errors named.

use core::fmt;

use netloom_socket::blocking::Socket;
use netloom_wire::{
    Object, View, attributes, commands,
    controller::{Controller, FamilyInfo, Get, ListFamilies, ListPolicies},
    message,
};

commands! {
    /// A family that no kernel has.
    pub Nowhere = "netloom_none" version 1 in "netloom-none" {
        1 "NOWHERE_CMD_GET" "get" GetNothing: Get(Nothing) -> 1 Nothing,
    }
}

commands! {
    /// A family as a table has it that was made for a later kernel.
    pub Later = "VFS_DQUOT" version 200 in "" {
        1 "LATER_CMD_GET" "get" GetLater: Get(Nothing) -> 1 Nothing,
    }
}

commands! {
    /// The same with a header that its messages do not have.
    pub Headed = "VFS_DQUOT" version 1 header 8 in "" {
        1 "HEADED_CMD_GET" "get" GetHeaded: Get(Nothing) -> 1 Nothing,
    }
}

message! {
    /// Nothing in particular.
    pub Nothing NothingAttributes
}

attributes! {
    /// No attribute is known.
    pub NothingAttributes, NothingWriter = "nowhere/attrs" {
        /// A name.
        1 "NOWHERE_ATTR_NAME" name: str,
    }
}

impl Object for Nothing {
    type Key = ();
    const NOUN: &'static str = "nothing";
    fn key(&self) {}
    fn describe(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

#[test]
fn the_controller_tells_of_itself_by_name_and_by_number() {
    let mut socket = Socket::<Controller>::open().unwrap();
    let named = socket.run(&Get::named("nlctrl")).unwrap();
    assert_eq!((named.id(), named.name(), named.version()), (Some(16), Some("nlctrl"), Some(2)));
    assert_eq!(named.group("notify"), Some(16));
    let numbered = socket.run(&Get::numbered(16)).unwrap();
    assert_eq!(named.bytes(), numbered.bytes());
    let families = socket.run(&ListFamilies::default()).unwrap();
    assert!(families.iter().any(|family| family.name() == Some("nlctrl")), "{families:?}");
    assert!(families.len() > 1);
}

#[test]
fn a_policy_dump_says_what_the_controller_accepts() {
    let mut socket = Socket::<Controller>::open().unwrap();
    let parts = socket.run(&ListPolicies::of("nlctrl", None)).unwrap();
    let accepted: Vec<_> = parts.iter().flat_map(FamilyInfo::attribute_policies).map(|(_, number, _)| number).collect();
    assert!(accepted.contains(&1) && accepted.contains(&2), "{parts:?}");
    assert!(parts.iter().any(|part| part.operation_policies().is_some()));
}

#[test]
fn a_family_that_is_not_there_is_named_with_its_module() {
    let error = Socket::<Nowhere>::open().unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(
        error.to_string(),
        "get generic netlink family netloom_none: this kernel has none; its module `netloom-none` usually provides it: \
         No such file or directory (ENOENT)"
    );
    let error = Socket::<Controller>::open().unwrap().run(&Get::named("netloom_none")).unwrap_err();
    assert_eq!(error.to_string(), "get generic netlink family netloom_none: No such file or directory (ENOENT)");
}

#[test]
fn version_and_header_are_those_of_the_tables_or_it_is_said() {
    let error = Socket::<Later>::open().unwrap_err().to_string();
    assert_eq!(error, "family `VFS_DQUOT`: the kernel has version 1 of it, version 200 is needed");
    let error = Socket::<Headed>::open().unwrap_err().to_string();
    assert_eq!(error, "family `VFS_DQUOT`: its messages have a header of 0 bytes, 8 were expected");
}

#[test]
fn an_attribute_that_the_kernel_refuses_is_named_behind_the_header_of_generic_netlink() {
    let mut socket = Socket::<Controller>::open().unwrap();
    let long = "x".repeat(40);
    let error = socket.run(&Get::named(&long)).unwrap_err();
    assert!(error.to_string().contains("at CTRL_ATTR_FAMILY_NAME"), "{error}");
}

#[test]
fn a_group_that_the_family_lacks_is_an_error_before_anything_is_sent() {
    let mut socket = Socket::<Controller>::open().unwrap();
    let error = socket.watch_groups(&["nothing"]).unwrap_err();
    assert_eq!(error.to_string(), "family `nlctrl` has no multicast group `nothing`");
}
