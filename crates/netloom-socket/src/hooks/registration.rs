//! How handlers are registered: the same on blocking and on async sockets.

/// The methods of a socket with `core` and `address`. `$slow` says how a slow handler is called.
macro_rules! registration {
    ($slow:literal) => {
        /// Puts a handler into the way of messages to the kernel that have this type, with generic netlink this command: of
        /// every request, dump and pipeline of this socket and of those beside it, and of what is [put](Socket::put) and
        /// [sent](Socket::send). `name` is what errors call it. See [`hooks`](crate::hooks).
        pub fn on_send(
            &self,
            name: &str,
            command: u16,
            handler: impl $crate::hooks::SendHandler,
        ) -> $crate::hooks::Hook {
            let key = $crate::hooks::Key::of::<F>(&self.address, command);
            self.core.pool.shared().hooks().on_send(name, key, $crate::hooks::Slow::Never, Box::new(handler))
        }

        #[doc = concat!("The same for a handler that does IO: ", $slow)]
        pub fn on_send_slow(
            &self,
            name: &str,
            command: u16,
            handler: impl $crate::hooks::SendHandler,
        ) -> $crate::hooks::Hook {
            let key = $crate::hooks::Key::of::<F>(&self.address, command);
            self.core.pool.shared().hooks().on_send(name, key, $crate::hooks::Slow::Always, Box::new(handler))
        }

        /// The same for a handler that is called only if `wanted` says so, which is asked each time and must not wait: where
        /// it is not, the message goes on at once.
        pub fn on_send_slow_if(
            &self,
            name: &str,
            command: u16,
            wanted: impl Fn() -> bool + Send + Sync + 'static,
            handler: impl $crate::hooks::SendHandler,
        ) -> $crate::hooks::Hook {
            let key = $crate::hooks::Key::of::<F>(&self.address, command);
            let slow = $crate::hooks::Slow::If(Box::new(wanted));
            self.core.pool.shared().hooks().on_send(name, key, slow, Box::new(handler))
        }

        /// Calls a function whenever somebody has subscribed to multicast groups, with the groups: by this socket, or by one
        /// that shares its handlers. It must not wait. What it finds to tell them goes by
        /// [`Beside::notify`](crate::Beside::notify).
        pub fn on_subscribe(&self, handler: impl Fn(&[u32]) + Send + Sync + 'static) {
            self.core.pool.shared().hooks().listeners().on_subscribe(::std::sync::Arc::new(handler));
        }

        /// Puts a handler into the way of messages from the kernel that have this type, with generic netlink this command:
        /// replies, objects of dumps, notifications, and what is [received](Socket::recv) as bytes.
        pub fn on_receive(
            &self,
            name: &str,
            command: u16,
            handler: impl $crate::hooks::ReceiveHandler,
        ) -> $crate::hooks::Hook {
            let key = $crate::hooks::Key::of::<F>(&self.address, command);
            self.core.pool.shared().hooks().on_receive(name, key, Box::new(handler))
        }
    };
}
pub(crate) use registration;
