//! What an order does with an object. Objects declare one order, generic over its verb, and name it once for each:
//! `address::Add` is `address::Order<verb::Add>`.

use netloom_wire::nlmsg;

/// Adds, replaces, deletes …; sealed, the verbs of this module are all.
pub trait Verb: sealed::Sealed + Clone + Copy + core::fmt::Debug + Send + Sync + 'static {
    /// For errors: `add`.
    const NAME: &'static str;
    /// `NLM_F_*` bits beside those of every request.
    const FLAGS: u16;
    /// Whether the message type is the one that deletes.
    const DELETES: bool = false;
}

mod sealed {
    #[expect(unnameable_types, reason = "that is what seals it")]
    pub trait Sealed {}
}

macro_rules! verbs { ($($(#[$doc:meta])* $verb:ident $name:literal $flags:expr, $deletes:literal;)*) => { $(
    $(#[$doc])*
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum $verb {}
    impl sealed::Sealed for $verb {}
    impl Verb for $verb {
        const NAME: &'static str = $name;
        const FLAGS: u16 = $flags;
        const DELETES: bool = $deletes;
    }
)* } }
verbs! {
    /// Makes it; an error if it is there.
    Add "add" nlmsg::CREATE | nlmsg::EXCL, false;
    /// Makes it, or changes what is there.
    Replace "replace" nlmsg::CREATE | nlmsg::REPLACE, false;
    /// Changes what is there; an error if it is not.
    Change "change" nlmsg::REPLACE, false;
    /// Adds to what is there.
    Append "append" nlmsg::CREATE | nlmsg::APPEND, false;
    /// Adds before what is there.
    Prepend "prepend" nlmsg::CREATE, false;
    /// Says whether it is there, and adds nothing.
    Test "test" nlmsg::EXCL, false;
    /// Removes it; an error if it is not there.
    Delete "delete" 0, true;
}
