//! How handlers are registered: the same on blocking and on async sockets, and for each family of those that have several.

/// The methods of what has `core`, `address` and a family `F`. `$slow` says how a slow handler is called.
macro_rules! registration {
    ($slow:literal) => {
        fn hooks(&self, command: u16) -> (&::std::sync::Arc<$crate::hooks::Hooks>, $crate::hooks::Key) {
            (self.core.pool.shared().hooks(), $crate::hooks::Key::of::<F>(&self.address, command))
        }

        /// Puts a handler into the way of messages to the kernel that have this type, with generic netlink this command: of
        /// every request, dump and pipeline of this socket and of those beside it, and of what is put and sent as bytes.
        /// `name` is what errors call it. See [`hooks`](crate::hooks).
        pub fn on_send(
            &self,
            name: &str,
            command: u16,
            handler: impl $crate::hooks::SendHandler,
        ) -> $crate::hooks::Hook {
            let (hooks, key) = self.hooks(command);
            hooks.on_send(name, key, None, Box::new(handler))
        }

        #[doc = concat!("The same for a handler that does IO: ", $slow)]
        pub fn on_send_slow(
            &self,
            name: &str,
            command: u16,
            handler: impl $crate::hooks::SendHandler,
        ) -> $crate::hooks::Hook {
            self.on_send_slow_if(name, command, |_| true, handler)
        }

        /// The same for messages that `concerns` says yes to, at once and without IO: others wait for no thread.
        pub fn on_send_slow_if(
            &self,
            name: &str,
            command: u16,
            concerns: impl $crate::hooks::SendTest,
            handler: impl $crate::hooks::SendHandler,
        ) -> $crate::hooks::Hook {
            let (hooks, key) = self.hooks(command);
            hooks.on_send(name, key, Some(Box::new(concerns)), Box::new(handler))
        }

        /// Begins a new [layer](crate::hooks#layers): handlers that are registered from now on stand farther from the kernel
        /// than those that are there.
        pub fn next_layer(&self) {
            self.core.pool.shared().hooks().next_layer();
        }

        /// Puts a handler into the way of messages from the kernel that have this type, with generic netlink this command:
        /// replies, objects of dumps, notifications, and what is received as bytes.
        pub fn on_receive(
            &self,
            name: &str,
            command: u16,
            handler: impl $crate::hooks::ReceiveHandler,
        ) -> $crate::hooks::Hook {
            let (hooks, key) = self.hooks(command);
            hooks.on_receive(name, key, Box::new(handler))
        }
    };
}
pub(crate) use registration;
