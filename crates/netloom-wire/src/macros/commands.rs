//! `commands!`: a family of generic netlink.

/// Declares a family of generic netlink: the family, its requests, its message types.
///
/// ```text
/// commands! {
///     /// Doc.
///     pub FAMILY = "name" version 1 in "module" {
///         /// Doc.
///         NUMBER "KERNEL_CONSTANT" "name" REQUEST: Get(BODY) -> NUMBER REPLY,
///         NUMBER "KERNEL_CONSTANT" "name" REQUEST: Dump(BODY) -> NUMBER REPLY,
///         NUMBER "KERNEL_CONSTANT" "name" REQUEST: Command(BODY) "verb",
///         /// What only the kernel sends: a reply with a number of its own, a notification.
///         NUMBER "KERNEL_CONSTANT" "name": Event(BODY),
///         /// A notification, where these are numbered apart from replies.
///         NUMBER "KERNEL_CONSTANT" "name": Notice(BODY),
///     }
/// }
/// ```
///
/// `version 1 header 4` says that the family has a header of 4 bytes of its own, which its messages begin with.
/// A request is made by `REQUEST::new(|w| …)` of the attributes that it has; where more is to be said of one (a filter on
/// the replies, a body with a header), implement [`Request`](crate::Request) by hand for a type of its own.
#[macro_export]
macro_rules! commands {
    ($(#[$meta:meta])* $vis:vis $family:ident = $name:literal version $version:literal $(header $header:literal)? in $module:literal {
        $($(#[$row:meta])* $number:literal $kernel:literal $spec:literal $($request:ident)? : $kind:ident($body:ident) $(-> $answer:literal $reply:ident)? $($verb:literal)?),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug)]
        $vis enum $family {}

        impl $crate::Family for $family {
            const PROTOCOL: u16 = $crate::generic::PROTOCOL;
            const NAME: &'static str = $name;
            const GENERIC: Option<$crate::generic::Generic> =
                Some($crate::generic::Generic { version: $version, header: 0 $(+ $header)?, module: $module });

            fn message_types() -> &'static [$crate::MessageType] {
                <$family>::message_types()
            }
        }

        impl $family {
            /// Commands of the family, with what lies behind their header; for decoders and schemas.
            $vis fn message_types() -> &'static [$crate::MessageType] {
                static TYPES: &[$crate::MessageType] = &[$($crate::MessageType {
                    family: $name, name: $spec, kernel: $kernel, number: $number,
                    sender: $crate::__sender! { $kind $number $($answer)? },
                    layout: <$body as $crate::View>::layout,
                }),*];
                TYPES
            }
        }

        $($crate::__command! { [$(#[$row])*] $vis $family $number $kernel $($request)? : $kind($body) $(-> $answer $reply)? $($verb)? })*
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __command {
    ([$($meta:tt)*] $vis:vis $family:ident $number:literal $kernel:literal : Event($body:ident)) => {};
    ([$($meta:tt)*] $vis:vis $family:ident $number:literal $kernel:literal : Notice($body:ident)) => {};
    ([$($meta:tt)*] $vis:vis $family:ident $number:literal $kernel:literal $request:ident : Get($body:ident) -> $answer:literal $reply:ident) => {
        $crate::__command! { @ [$($meta)*] $vis $family $number $kernel $request Get $body $answer $reply "get" }
    };
    ([$($meta:tt)*] $vis:vis $family:ident $number:literal $kernel:literal $request:ident : Dump($body:ident) -> $answer:literal $reply:ident) => {
        $crate::__command! { @ [$($meta)*] $vis $family $number $kernel $request Dump $body $answer $reply "list" }
    };
    ([$($meta:tt)*] $vis:vis $family:ident $number:literal $kernel:literal $request:ident : Command($body:ident) $verb:literal) => {
        $crate::__command! { @ [$($meta)*] $vis $family $number $kernel $request Command $body $number $body $verb }
    };
    (@ [$($meta:tt)*] $vis:vis $family:ident $number:literal $kernel:literal $request:ident $kind:ident $body:ident $answer:literal $reply:ident $verb:literal) => {
        $($meta)*
        #[doc = concat!("\n\n`", $kernel, "`, ", stringify!($number), ".")]
        #[doc(alias = $kernel)]
        #[derive(Clone, Debug, Default)]
        $vis struct $request($crate::Buffer);

        impl $request {
            /// With these attributes.
            $vis fn new(attributes: impl FnOnce($crate::Writer<$body>) -> $crate::Writer<$body>) -> Self {
                let mut buffer = $crate::Buffer::new();
                buffer.message(<$body as $crate::Message>::Header::default(), attributes);
                Self(buffer)
            }
        }

        impl $crate::Request for $request {
            type Family = $family;
            type Body = $body;
            type Reply = $reply;
            type Kind = $crate::$kind;
            const COMMAND: u16 = $number;
            const REPLY: u16 = $answer;
            const VERB: &'static str = $verb;
            fn write(&self, out: &mut $crate::Buffer) {
                out.append(&self.0);
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __sender {
    (Event $($number:literal)*) => {
        $crate::Sender::Kernel
    };
    (Notice $number:literal) => {
        $crate::Sender::Group
    };
    ($kind:ident $number:literal $answer:literal) => {
        if $number == $answer { $crate::Sender::Either } else { $crate::Sender::User }
    };
    ($kind:ident $number:literal) => {
        $crate::Sender::User
    };
}
