//! What a blocking socket is, whatever its family.

use std::{sync::Arc, time::Instant};

use netloom_wire::{Family, Result};

use super::{Speaker, letters::Letters, ready};
use crate::{
    address::{Address, CONTROLLER},
    connection::Connection,
    pool::Pool,
};

/// A connection, the pool beside it, and answers that wait for somebody to ask for them.
pub(crate) struct Core {
    pub(crate) main: Connection,
    pub(crate) pool: Arc<Pool>,
    pub(super) letters: Letters,
    pub(super) deadline: Option<Instant>,
}

impl Core {
    pub(super) fn new((main, pool): (Connection, Pool)) -> Self {
        Self { main, pool: Arc::new(pool), letters: Letters::default(), deadline: None }
    }

    /// The same, and the address of the family `F`: the controller answers inside `send`, so nobody waits.
    pub(crate) fn addressed<F: Family>(sockets: (Connection, Pool)) -> Result<(Self, Address)> {
        let mut core = Self::new(sockets);
        let address = ready(Address::ask::<F>(&mut Speaker::new(&mut core, &CONTROLLER)))?;
        Ok((core, address))
    }

    /// Hands what came to those who wait for it.
    pub(super) fn sort(&mut self) {
        let Self { main, letters, pool, .. } = self;
        main.deliver(|token, message| letters.keep(token, message));
        while let Some((token, outcome)) = main.poll_done() {
            letters.end(token, outcome, pool.shared());
        }
    }
}
