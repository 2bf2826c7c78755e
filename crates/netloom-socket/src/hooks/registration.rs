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

        /// Puts the handlers of a kit behind those that there are; they are told `known` with each message.
        ///
        /// # Errors
        /// [`ErrorKind::Misuse`](netloom_wire::ErrorKind::Misuse) if the socket carries a kit already.
        pub fn carry<C: Send + Sync + 'static>(
            &self,
            kit: &$crate::hooks::Kit<C>,
            known: ::std::sync::Arc<C>,
        ) -> ::netloom_wire::Result<()> {
            self.core.pool.shared().hooks().carry(kit, &known)
        }

        /// Calls a function whenever somebody has subscribed to multicast groups, with the groups: by this socket, or by one
        /// that shares its handlers. It must not wait. What it finds to tell them goes by
        /// [`Beside::notify`](crate::Beside::notify).
        pub fn on_subscribe(&self, handler: impl Fn(&[u32]) + Send + Sync + 'static) {
            self.core.pool.shared().hooks().listeners().on_subscribe(::std::sync::Arc::new(handler));
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
