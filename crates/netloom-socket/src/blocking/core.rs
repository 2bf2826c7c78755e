//! What a blocking socket is, whatever its family.

use std::{sync::Arc, time::Instant};

use super::letters::Letters;
use crate::{connection::Connection, pool::Pool};

/// A connection, the pool beside it, and answers that wait for somebody to ask for them.
pub(super) struct Core {
    pub(super) main: Connection,
    pub(super) pool: Arc<Pool>,
    pub(super) letters: Letters,
    pub(super) deadline: Option<Instant>,
}

impl Core {
    pub(super) fn new((main, pool): (Connection, Pool)) -> Self {
        Self { main, pool: Arc::new(pool), letters: Letters::default(), deadline: None }
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
