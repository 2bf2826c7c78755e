//! The controller of generic netlink: which families there are, their numbers, operations, groups and policies
//! (`CTRL_*`, `linux/genetlink.h`).

use core::fmt;

use alloc::{borrow::ToOwned, string::String};

use crate::{Buffer, Nests, Object, Policy, Request, Write, attributes, commands, flags, message};

/// `GENL_ID_CTRL`: the number of the controller itself.
pub const ID: u16 = 16;

/// The controller's group: families that come and go.
pub const NOTIFY: &str = "notify";

commands! {
    /// The controller.
    pub Controller = "nlctrl" version 2 in "" {
        /// A family, or what was asked of it.
        1 "CTRL_CMD_NEWFAMILY" "newfamily": Event(FamilyInfo),
        /// A family that went.
        2 "CTRL_CMD_DELFAMILY" "delfamily": Event(FamilyInfo),
        /// A family that gained a group.
        7 "CTRL_CMD_NEWMCAST_GRP" "newmcast-grp": Event(FamilyInfo),
        /// A family that lost a group.
        8 "CTRL_CMD_DELMCAST_GRP" "delmcast-grp": Event(FamilyInfo),
        /// Gets a family by name or number; see [`Get`].
        3 "CTRL_CMD_GETFAMILY" "getfamily" GetFamily: Get(FamilyInfo) -> 1 FamilyInfo,
        /// Lists all families.
        3 "CTRL_CMD_GETFAMILY" "getfamily" ListFamilies: Dump(FamilyInfo) -> 1 FamilyInfo,
        /// Lists what a family accepts, policy by policy.
        10 "CTRL_CMD_GETPOLICY" "getpolicy" ListPolicies: Dump(FamilyInfo) -> 10 FamilyInfo,
    }
}

message! {
    /// A family of generic netlink, or a part of its policy.
    pub FamilyInfo FamilyAttributes
}

attributes! {
    /// Attributes of a family.
    pub FamilyAttributes, FamilyWriter = "nlctrl/ctrl-attrs" {
        /// Number, the message type of all its messages.
        1 "CTRL_ATTR_FAMILY_ID" id: u16,
        /// Name.
        2 "CTRL_ATTR_FAMILY_NAME" name: str,
        /// Version of its interface.
        3 "CTRL_ATTR_VERSION" version: u32,
        /// Length in bytes of its own header before the attributes.
        4 "CTRL_ATTR_HDRSIZE" header_size: u32,
        /// Greatest attribute number at the top level, where that is one for all commands.
        5 "CTRL_ATTR_MAXATTR" max_attribute: u32,
        /// Its commands.
        6 "CTRL_ATTR_OPS" operations: List(FamilyOperation),
        /// Its multicast groups.
        7 "CTRL_ATTR_MCAST_GROUPS" groups: List(Group),
        /// Policies: by their index, then by the attribute that they are about.
        8 "CTRL_ATTR_POLICY" policies: List(PolicyAttributes),
        /// Which policies hold for a command, by the command's number.
        9 "CTRL_ATTR_OP_POLICY" operation_policies: List(OperationPolicy),
        /// The command whose policy is asked for.
        10 "CTRL_ATTR_OP" operation: u32,
    }
}

attributes! {
    /// A command of a family.
    pub FamilyOperation, FamilyOperationWriter = "nlctrl/op-attrs" {
        /// Number.
        1 "CTRL_ATTR_OP_ID" id: u32,
        /// What it takes.
        2 "CTRL_ATTR_OP_FLAGS" flags: OperationFlags,
    }
}

flags! {
    /// What a command is, and the rights that it takes (`GENL_*`).
    pub OperationFlags: u32 = "op-flags" {
        /// Takes CAP_NET_ADMIN in the initial user namespace.
        "GENL_ADMIN_PERM" ADMIN = 0x1,
        /// Can be run for one object.
        "GENL_CMD_CAP_DO" DO = 0x2,
        /// Can be run as a dump.
        "GENL_CMD_CAP_DUMP" DUMP = 0x4,
        /// Has a policy.
        "GENL_CMD_CAP_HASPOL" POLICY = 0x8,
        /// Takes CAP_NET_ADMIN in the namespace's own user namespace.
        "GENL_UNS_ADMIN_PERM" NAMESPACE_ADMIN = 0x10,
    }
}

attributes! {
    /// A multicast group of a family.
    pub Group, GroupWriter = "nlctrl/mcast-group-attrs" {
        /// Name.
        1 "CTRL_ATTR_MCAST_GRP_NAME" name: str,
        /// Number, for the subscription.
        2 "CTRL_ATTR_MCAST_GRP_ID" id: u32,
    }
}

attributes! {
    /// Which policies hold for a command: indexes among the family's.
    pub OperationPolicy, OperationPolicyWriter = "nlctrl/op-policy-attrs" {
        /// When it is run for one object.
        1 "CTRL_ATTR_POLICY_DO" one: u32,
        /// When it is run as a dump.
        2 "CTRL_ATTR_POLICY_DUMP" dump: u32,
    }
}

/// What a policy says of its attributes, by their numbers; a message has one attribute of one policy.
pub type PolicyAttributes = Nests<'static, Policy>;

impl FamilyInfo {
    /// Number of the multicast group with this name.
    pub fn group(&self, name: &str) -> Option<u32> {
        self.groups()?.find(|group| group.name() == Some(name))?.id()
    }

    /// What a policy dump says: index of a policy, number of an attribute, and what the kernel accepts of it.
    ///
    /// ```
    /// # fn show(family: &netloom_wire::controller::FamilyInfo) {
    /// for (policy, attribute, accepted) in family.attribute_policies() {
    ///     println!("policy {policy}, attribute {attribute}: {accepted}");
    /// }
    /// # }
    /// ```
    pub fn attribute_policies(&self) -> impl Iterator<Item = (u16, u16, &Policy)> {
        let policies = self.policies().into_iter().flat_map(Nests::numbered);
        policies.flat_map(|(index, attributes)| attributes.numbered().map(move |(number, of)| (index, number, of)))
    }
}

impl Object for FamilyInfo {
    type Key = u16;
    const NOUN: &'static str = "generic netlink family";
    fn key(&self) -> u16 {
        self.id().unwrap_or_default()
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.name(), self.id()) {
            (Some(name), _) => f.write_str(name),
            (None, Some(id)) => write!(f, "{id:#x}"),
            (None, None) => Ok(()),
        }
    }
}

/// Gets a family. The kernel loads the module that provides it, if it may.
///
/// ```
/// use netloom_wire::controller::Get;
///
/// let by_name = Get::named("wireguard");
/// let by_number = Get::numbered(0x1c);
/// ```
#[derive(Clone, Debug)]
pub struct Get(Which);

#[derive(Clone, Debug)]
enum Which {
    Name(String),
    Id(u16),
}

impl Get {
    /// By its name.
    pub fn named(name: &str) -> Self {
        Self(Which::Name(name.to_owned()))
    }

    /// By its number.
    pub fn numbered(id: u16) -> Self {
        Self(Which::Id(id))
    }
}

impl Request for Get {
    type Family = Controller;
    type Body = FamilyInfo;
    type Reply = FamilyInfo;
    type Kind = crate::Get;
    const COMMAND: u16 = GetFamily::COMMAND;
    const REPLY: u16 = GetFamily::REPLY;
    const VERB: &'static str = "get";
    const ALWAYS_REPLIES: bool = true;

    fn write(&self, out: &mut Buffer) {
        out.message((), |w: FamilyWriter| match &self.0 {
            Which::Name(name) => w.name(name),
            Which::Id(id) => w.id(*id),
        });
    }
}

impl ListPolicies {
    /// All policies of the family with this name, or, with `operation`, those of one command; see
    /// [`FamilyInfo::attribute_policies`].
    ///
    /// ```
    /// use netloom_wire::controller::ListPolicies;
    ///
    /// let all = ListPolicies::of("ethtool", None);
    /// let of_one_command = ListPolicies::of("ethtool", Some(15));
    /// ```
    pub fn of(family: &str, operation: Option<u32>) -> Self {
        Self::new(|w| w.name(family).some(operation, FamilyWriter::operation))
    }
}
