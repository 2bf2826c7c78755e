//! How proxies are registered: the same for both worlds.

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

/// An `IpRoute`, or its async twin, over a socket, with the proxies that are built in.
macro_rules! carrying {
    ($socket:expr) => {{
        let socket = $socket;
        for $crate::devices::Proxy { name, kind, handler } in $crate::devices::proxies(&socket.beside()) {
            let concerns = $crate::devices::is_of(kind);
            socket.on_send_slow_if(name, $crate::devices::NEWLINK, concerns, handler);
        }
        #[cfg(feature = "openvswitch")]
        let open_vswitch = $crate::openvswitch::install!(socket);
        // The user's own stand before these.
        socket.next_layer();
        Self {
            #[cfg(feature = "openvswitch")]
            open_vswitch,
            socket,
        }
    }};
}
pub(crate) use carrying;
