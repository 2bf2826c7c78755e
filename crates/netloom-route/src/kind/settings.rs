//! What the writers of kinds have in common.

/// The writer of a kind's table is what a link of that kind is to be.
macro_rules! kind {
    ($writer:ident, $name:literal) => {
        impl crate::link::LinkKind for $writer {
            fn name(&self) -> &str {
                $name
            }
            fn into_data(self) -> netloom_wire::Buffer {
                netloom_wire::Write::into_buffer(self)
            }
        }
    };
}

/// The writer of a port's table is what a port of that kind is to be.
macro_rules! port {
    ($writer:ident, $name:literal) => {
        impl crate::link::PortKind for $writer {
            fn name(&self) -> &str {
                $name
            }
            fn into_data(self) -> netloom_wire::Buffer {
                netloom_wire::Write::into_buffer(self)
            }
        }
    };
}

/// Kinds that share the table of another one, with a character device beside it.
macro_rules! tap {
    ($writer:ident, $name:literal) => {
        impl $writer {
            #[doc = concat!("The same settings for the kind `", $name, "`, which has a character device, `/dev/tapINDEX`.")]
            pub fn tap(self) -> (&'static str, netloom_wire::Buffer) {
                ($name, netloom_wire::Write::into_buffer(self))
            }
        }
    };
}

/// Kinds that come in pairs take the other end as a whole message.
macro_rules! peer {
    ($writer:ident, $number:literal) => {
        impl $writer {
            /// The other end, by what `build` writes: name, MTU, address, namespace …
            pub fn peer(self, build: impl FnOnce(crate::link::LinkWriter) -> crate::link::LinkWriter) -> Self {
                let mut out = netloom_wire::Write::into_buffer(self);
                let open = out.open($number | netloom_wire::NESTED);
                out.message(crate::link::LinkHeader::default(), build);
                out.close(open);
                netloom_wire::Write::from_buffer(out)
            }
        }
    };
}

pub(super) use {kind, peer, port, tap};
