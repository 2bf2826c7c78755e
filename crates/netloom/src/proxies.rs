//! How proxies are registered, and which are built in: the same for both worlds.

#[cfg(feature = "openvswitch")]
use std::sync::Arc;
use std::sync::LazyLock;

use netloom_socket::{Beside, hooks::Kit};

use crate::devices;
#[cfg(feature = "openvswitch")]
use crate::openvswitch;

/// What the proxies that are built in know of the socket that they work for.
pub(crate) struct Carrier {
    pub(crate) beside: Beside,
    #[cfg(feature = "openvswitch")]
    pub(crate) open_vswitch: Arc<openvswitch::Proxy>,
}

/// The proxies that are built in.
pub(crate) static BUILT_IN: LazyLock<Kit<Carrier>> = LazyLock::new(|| {
    let kit = devices::add(Kit::new());
    #[cfg(feature = "openvswitch")]
    let kit = openvswitch::add(kit);
    kit
});

/// Methods that put a handler into the way of messages, over a socket in `$field`.
macro_rules! proxies {
    ($field:ident) => {
        /// Puts a handler into the way of messages to the kernel that have this type: of every request, dump, pipeline and
        /// watch. `name` is what errors call it. See [`hooks`](crate::socket::hooks), which has examples.
        pub fn on_send(&self, name: &str, command: u16, handler: impl hooks::SendHandler) -> hooks::Hook {
            self.$field.on_send(name, command, handler)
        }

        /// The same for a handler that does IO: ordinary blocking code. Of an async socket it runs on a thread for such work,
        /// and no other request waits for it.
        pub fn on_send_slow(&self, name: &str, command: u16, handler: impl hooks::SendHandler) -> hooks::Hook {
            self.$field.on_send_slow(name, command, handler)
        }

        /// The same for messages that `concerns` says yes to, at once and without IO: others wait for no thread.
        pub fn on_send_slow_if(
            &self,
            name: &str,
            command: u16,
            concerns: impl hooks::SendTest,
            handler: impl hooks::SendHandler,
        ) -> hooks::Hook {
            self.$field.on_send_slow_if(name, command, concerns, handler)
        }

        /// Puts a handler into the way of messages from the kernel that have this type: replies, objects of dumps,
        /// notifications.
        pub fn on_receive(&self, name: &str, command: u16, handler: impl hooks::ReceiveHandler) -> hooks::Hook {
            self.$field.on_receive(name, command, handler)
        }
    };
}
pub(crate) use proxies;

/// An `IpRoute`, or its async twin, over a socket, with the proxies that are built in; `$blocking` says which.
macro_rules! carrying {
    ($socket:expr, $blocking:literal) => {{
        let socket = $socket;
        let beside = socket.beside();
        #[cfg(feature = "openvswitch")]
        let open_vswitch = $crate::openvswitch::Proxy::new(beside.clone(), $blocking);
        #[cfg(feature = "openvswitch")]
        {
            let told = ::std::sync::Arc::clone(&open_vswitch);
            socket.on_subscribe(move |groups| told.subscribed(groups));
        }
        let carrier = $crate::proxies::Carrier {
            beside,
            #[cfg(feature = "openvswitch")]
            open_vswitch: ::std::sync::Arc::clone(&open_vswitch),
        };
        socket.carry(&$crate::proxies::BUILT_IN, ::std::sync::Arc::new(carrier))?;
        Self {
            socket,
            #[cfg(feature = "openvswitch")]
            open_vswitch,
        }
    }};
}
pub(crate) use carrying;
