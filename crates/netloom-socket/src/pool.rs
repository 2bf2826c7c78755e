//! Further sockets of a handle: one for each dump that runs.

use std::sync::{Arc, Mutex};

use netloom_wire::Result;

use crate::{
    Beside, RawSocket, SocketOptions,
    connection::Connection,
    hooks::Hooks,
    shared::{Shared, locked},
    subscription::Subscription,
};

/// No more sockets are kept while nobody uses them.
const KEPT: usize = 4;

/// Makes sockets beside a main one, in its namespace, and keeps those that are clean.
#[derive(Debug)]
pub(crate) struct Pool {
    protocol: u16,
    options: SocketOptions,
    /// Says which namespace to be in.
    main: Arc<RawSocket>,
    shared: Arc<Shared>,
    idle: Mutex<Vec<Connection>>,
}

impl Pool {
    /// Opens a main connection, and the pool beside it.
    pub(crate) fn open_main(protocol: u16, options: &SocketOptions) -> Result<(Connection, Self)> {
        let socket = RawSocket::open_for_requests(protocol, options)?;
        let port = known_port(&socket, options);
        Ok(Self::around(protocol, socket, port, options, Arc::default()))
    }

    /// A main connection over a socket that is open already, and the pool beside it.
    pub(crate) fn new(protocol: u16, socket: RawSocket, options: &SocketOptions) -> (Connection, Self) {
        // It may be in groups that nobody here knows of.
        let port = socket.port();
        Self::around(protocol, socket, port, options, Arc::default())
    }

    fn around(
        protocol: u16,
        socket: RawSocket,
        port: u32,
        options: &SocketOptions,
        hooks: Arc<Hooks>,
    ) -> (Connection, Self) {
        let main = Connection::new(socket, port, options, Arc::new(Shared::new(options.largest_datagram, hooks)));
        let pool = Self {
            protocol,
            options: options.clone(),
            main: Arc::clone(main.socket()),
            shared: Arc::clone(main.shared()),
            idle: Mutex::default(),
        };
        (main, pool)
    }

    /// A main connection and a pool like these, sharing nothing with them but the namespace and the handlers.
    pub(crate) fn sibling(&self) -> Result<(Connection, Self)> {
        let socket = self.main.open_beside(self.protocol, &self.options)?;
        let port = known_port(&socket, &self.options);
        Ok(Self::around(self.protocol, socket, port, &self.options, Arc::clone(self.shared.hooks())))
    }

    pub(crate) fn beside(&self) -> Beside {
        Beside::new(&self.main, &self.options, self.protocol, self.shared.hooks())
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// A connection on which nothing is under way.
    pub(crate) fn take(&self) -> Result<Connection> {
        let idle = locked(&self.idle).pop();
        match idle {
            Some(connection) => Ok(connection),
            None => self.open(&self.options.for_requests()),
        }
    }

    /// Keeps a connection for the next one who asks. One with a request under way, such as a dump that was given up half
    /// way, is closed instead: that ends it.
    pub(crate) fn give(&self, connection: Connection) {
        let mut idle = locked(&self.idle);
        if connection.exchange.is_idle() && idle.len() < KEPT {
            idle.push(connection);
        }
    }

    /// A connection that receives notifications of `groups`.
    pub(crate) fn subscribe(&self, groups: &[u32]) -> Result<Subscription> {
        let connection = self.open(&self.options.for_notifications(groups))?;
        Ok(Subscription::new(connection, self.protocol).to(groups))
    }

    fn open(&self, options: &SocketOptions) -> Result<Connection> {
        let socket = self.main.open_beside(self.protocol, options)?;
        let port = known_port(&socket, options);
        Ok(Connection::new(socket, port, options, Arc::clone(&self.shared)))
    }
}

/// The port of a socket that was just opened; 0, without asking, where the first answer tells it early enough.
fn known_port(socket: &RawSocket, options: &SocketOptions) -> u32 {
    if options.groups.is_empty() { 0 } else { socket.port() }
}
