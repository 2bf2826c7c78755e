//! The extended acknowledgement: the kernel's own words about a request (`enum nlmsgerr_attrs`, `linux/netlink.h`).

use alloc::{string::String, vec::Vec};
use core::fmt;

use crate::{Layout, Path, View, attributes, open_enum};

attributes! {
    /// What may follow the errno of an acknowledgement or of the end of a dump.
    pub ExtendedAckAttributes, ExtendedAckWriter = "netlink/nlmsgerr-attrs" {
        /// Text, in English, without a full stop.
        1 "NLMSGERR_ATTR_MSG" message: str,
        /// Offset of the attribute that is wrong, in bytes from the begin of the request's header.
        2 "NLMSGERR_ATTR_OFFS" offset: u32,
        /// Whatever the operation returns on success, up to 20 bytes.
        3 "NLMSGERR_ATTR_COOKIE" cookie: Bytes,
        /// What the attribute would have to be.
        4 "NLMSGERR_ATTR_POLICY" policy: Nest(Policy),
        /// Number of an attribute that is missing.
        5 "NLMSGERR_ATTR_MISS_TYPE" missing: u32,
        /// Offset of the nest in which it is missing; absent at the top level.
        6 "NLMSGERR_ATTR_MISS_NEST" missing_nest: u32,
    }
}

open_enum! {
    /// What the kernel takes an attribute for (`enum netlink_attribute_type`).
    pub PolicyType: u32 = "netlink-attribute-type" {
        0 "NL_ATTR_TYPE_INVALID" Invalid, 1 "NL_ATTR_TYPE_FLAG" Flag, 2 "NL_ATTR_TYPE_U8" U8, 3 "NL_ATTR_TYPE_U16" U16,
        4 "NL_ATTR_TYPE_U32" U32, 5 "NL_ATTR_TYPE_U64" U64, 6 "NL_ATTR_TYPE_S8" S8, 7 "NL_ATTR_TYPE_S16" S16,
        8 "NL_ATTR_TYPE_S32" S32, 9 "NL_ATTR_TYPE_S64" S64, 10 "NL_ATTR_TYPE_BINARY" Binary, 11 "NL_ATTR_TYPE_STRING" String,
        12 "NL_ATTR_TYPE_NUL_STRING" NulString, 13 "NL_ATTR_TYPE_NESTED" Nested, 14 "NL_ATTR_TYPE_NESTED_ARRAY" NestedArray,
        15 "NL_ATTR_TYPE_BITFIELD32" Bitfield32, 16 "NL_ATTR_TYPE_SINT" Sint, 17 "NL_ATTR_TYPE_UINT" Uint,
    }
}

attributes! {
    /// What the kernel accepts of one attribute (`enum netlink_policy_type_attr`).
    pub Policy, PolicyWriter = "nlctrl/policy-attrs" {
        /// What the payload is.
        1 "NL_POLICY_TYPE_ATTR_TYPE" kind: PolicyType,
        /// Least value of a signed number.
        2 "NL_POLICY_TYPE_ATTR_MIN_VALUE_S" min_signed: i64,
        /// Greatest value of a signed number.
        3 "NL_POLICY_TYPE_ATTR_MAX_VALUE_S" max_signed: i64,
        /// Least value of an unsigned number.
        4 "NL_POLICY_TYPE_ATTR_MIN_VALUE_U" min: u64,
        /// Greatest value of an unsigned number.
        5 "NL_POLICY_TYPE_ATTR_MAX_VALUE_U" max: u64,
        /// Least length, in bytes.
        6 "NL_POLICY_TYPE_ATTR_MIN_LENGTH" min_length: u32,
        /// Greatest length, in bytes.
        7 "NL_POLICY_TYPE_ATTR_MAX_LENGTH" max_length: u32,
        /// Index of the nested policy.
        8 "NL_POLICY_TYPE_ATTR_POLICY_IDX" policy_index: u32,
        /// Greatest attribute number of the nested policy.
        9 "NL_POLICY_TYPE_ATTR_POLICY_MAXTYPE" policy_max: u32,
        /// Bits that a bitfield may have.
        10 "NL_POLICY_TYPE_ATTR_BITFIELD32_MASK" bitfield_mask: u32,
        /// Bits that a number may have.
        12 "NL_POLICY_TYPE_ATTR_MASK" mask: u64,
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            Some(PolicyType::Other(number)) => write!(f, "type {number}")?,
            Some(kind) => write!(f, "{kind:?}")?,
            None => f.write_str("attribute")?,
        }
        let range = |f: &mut fmt::Formatter<'_>, what: &str, low: Option<i128>, high: Option<i128>| match (low, high) {
            (Some(low), Some(high)) => write!(f, " {what}{low} to {high}"),
            (Some(low), None) => write!(f, " {what}at least {low}"),
            (None, Some(high)) => write!(f, " {what}at most {high}"),
            (None, None) => Ok(()),
        };
        range(f, "", self.min().map(Into::into), self.max().map(Into::into))?;
        range(f, "", self.min_signed().map(Into::into), self.max_signed().map(Into::into))?;
        range(f, "of length ", self.min_length().map(Into::into), self.max_length().map(Into::into))?;
        if let Some(mask) = self.mask().or_else(|| self.bitfield_mask().map(Into::into)) {
            write!(f, " with bits of {mask:#x}")?;
        }
        Ok(())
    }
}

/// What the kernel said beside the errno.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExtendedAck {
    /// The kernel's text: a reason with an error, a warning with a success.
    pub message: Option<String>,
    /// Where the wrong attribute starts, in bytes from the begin of the request's header.
    pub offset: Option<u32>,
    /// The attributes that lie at [`ExtendedAck::offset`], from the outside in.
    pub path: Option<Path>,
    /// Number of an attribute that the kernel missed.
    pub missing: Option<u16>,
    /// The attribute that the kernel missed, with the nests around it.
    pub missing_path: Option<Path>,
    /// What the wrong attribute would have to be, in words.
    pub policy: Option<String>,
    /// Bytes that the operation returned.
    pub cookie: Option<Vec<u8>>,
}

/// A request that was sent, as far as naming its attributes goes.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// How its body is laid out.
    pub layout: &'static Layout,
    /// Bytes between the `nlmsghdr` and the body.
    pub before: usize,
    /// The body.
    pub body: &'a [u8],
}

impl ExtendedAck {
    /// Reads the attributes after the errno.
    ///
    /// `request` is what was sent, and how it is laid out: offsets become paths by it.
    pub fn read(attributes: &[u8], request: Option<Sent<'_>>) -> Self {
        let Some(said) = ExtendedAckAttributes::view(attributes) else { return Self::default() };
        let within = |offset: u32| {
            let before = crate::nlmsg::HEADER.saturating_add(request.map_or(0, |sent| sent.before));
            usize::try_from(offset).ok()?.checked_sub(before)
        };
        let missing = said.missing().and_then(|number| u16::try_from(number).ok());
        Self {
            message: said.message().filter(|text| !text.is_empty()).map(Into::into),
            offset: said.offset(),
            path: request
                .zip(said.offset().and_then(within))
                .map(|(sent, at)| crate::path(sent.layout, sent.body, at))
                .filter(|path| !path.is_empty()),
            missing,
            missing_path: request.zip(missing).map(|(sent, number)| {
                let nest = said.missing_nest().and_then(within);
                crate::missing_path(sent.layout, sent.body, nest, number)
            }),
            policy: said.policy().map(|policy| alloc::format!("{policy}")),
            cookie: said.cookie().map(Into::into),
        }
    }

    /// Whether the kernel said nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for ExtendedAck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(message) = &self.message {
            f.write_str(message)?;
            separator = ", ";
        }
        match (&self.path, self.offset) {
            (Some(path), _) => write!(f, "{separator}at {path}")?,
            (None, Some(offset)) => write!(f, "{separator}at offset {offset}")?,
            (None, None) => {}
        }
        if self.path.is_some() || self.offset.is_some() {
            separator = ", ";
        }
        match (&self.missing_path, self.missing) {
            (Some(path), _) => write!(f, "{separator}missing {path}")?,
            (None, Some(number)) => write!(f, "{separator}missing attribute {number}")?,
            (None, None) => {}
        }
        if self.missing_path.is_some() || self.missing.is_some() {
            separator = ", ";
        }
        if let Some(policy) = &self.policy {
            write!(f, " (wanted: {policy})")?;
        }
        if let Some(cookie) = &self.cookie {
            write!(f, "{separator}cookie")?;
            cookie.iter().try_for_each(|byte| write!(f, " {byte:02x}"))?;
        }
        Ok(())
    }
}
