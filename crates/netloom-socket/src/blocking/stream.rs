//! A dump, object by object.

use std::{fmt, sync::Arc, time::Instant};

use netloom_wire::{Done, Dump, RawMessage, Request, Result, View};

use crate::{
    address::Address,
    cursor::{Cursor, Step, about},
    hooks::Decision,
    pool::Pool,
};

/// A dump under way: `while let Some(route) = routes.next()? { … }`.
///
/// Each object is a view into the receive buffer and lives until the next call. The stream has a socket of its own, so
/// requests may be made meanwhile; given up half way, that socket is closed, which ends the dump.
///
/// An object that does not fit the buffer ends the stream with [`ErrorKind::Truncated`](netloom_wire::ErrorKind); the
/// next attempt has a larger buffer.
///
/// ```no_run
/// # use netloom_socket::blocking::Socket;
/// # use netloom_wire::{Dump, Request, Result};
/// # fn count<R: Request<Kind = Dump> + Clone>(request: &R) -> Result<usize> {
/// let mut socket = Socket::<R::Family>::open()?;
/// let mut stream = socket.stream(request)?;
/// let mut count = 0;
/// while let Some(_object) = stream.next()? {
///     count += 1;
/// }
/// assert!(!stream.interrupted());
/// # Ok(count)
/// # }
/// ```
pub struct Stream<R: Request<Kind = Dump>> {
    /// Only gone while it is dropped.
    cursor: Option<Cursor>,
    request: R,
    pool: Arc<Pool>,
    deadline: Option<Instant>,
}

impl<R: Request<Kind = Dump>> Stream<R> {
    pub(super) fn start(pool: &Arc<Pool>, address: &Address, request: R, deadline: Option<Instant>) -> Result<Self> {
        let cursor = start(pool, address, &request)?;
        Ok(Self { cursor: Some(cursor), request, pool: Arc::clone(pool), deadline })
    }

    /// The next object that the request accepts; None at the end.
    #[expect(clippy::should_implement_trait, reason = "it lends, which an iterator cannot")]
    #[inline]
    pub fn next(&mut self) -> Result<Option<&R::Reply>> {
        let Self { cursor: Some(cursor), request, deadline, .. } = self else { return Ok(None) };
        loop {
            match cursor.step(request)? {
                Step::Object(at) => return Ok(R::Reply::view(cursor.object(at))),
                Step::End => return Ok(None),
                Step::Receive => receive(cursor, request, *deadline)?,
            }
        }
    }

    /// The next message as it is, with its header, whether or not it is what was asked for; None at the end.
    pub fn next_raw(&mut self) -> Result<Option<RawMessage<'_>>> {
        let Self { cursor: Some(cursor), request, deadline, .. } = self else { return Ok(None) };
        loop {
            match cursor.step_raw(request)? {
                Step::Object(at) => return Ok(cursor.message(at)),
                Step::End => return Ok(None),
                Step::Receive => receive(cursor, request, *deadline)?,
            }
        }
    }

    /// Whether the table changed while it was read, so that objects may be missing or twice. Known at the end only.
    pub fn interrupted(&self) -> bool {
        self.cursor.as_ref().and_then(Cursor::done).is_some_and(|done| done.interrupted)
    }
}

fn receive<R: Request>(cursor: &mut Cursor, request: &R, deadline: Option<Instant>) -> Result<()> {
    cursor.connection().receive(deadline).map(drop).map_err(|error| about(request, error))
}

fn start<R: Request<Kind = Dump>>(pool: &Pool, address: &Address, request: &R) -> Result<Cursor> {
    let decision = Decision::of(pool.shared().hooks().sending().as_ref(), address, request)?;
    Ok(Cursor::start(pool.take()?, address, request, decision))
}

/// Runs a dump to its end.
pub(super) fn run<R: Request<Kind = Dump>>(
    pool: &Pool,
    address: &Address,
    request: &R,
    deadline: Option<Instant>,
    mut on_reply: impl FnMut(&R::Reply),
) -> Result<Done> {
    let mut cursor = start(pool, address, request)?;
    loop {
        match cursor.step(request)? {
            Step::Object(at) => {
                if let Some(object) = R::Reply::view(cursor.object(at)) {
                    on_reply(object);
                }
            }
            Step::End => break,
            Step::Receive => receive(&mut cursor, request, deadline)?,
        }
    }
    let done = cursor.done().unwrap_or_default();
    pool.give(cursor.into_connection());
    Ok(done)
}

impl<R: Request<Kind = Dump>> Drop for Stream<R> {
    fn drop(&mut self) {
        if let Some(cursor) = self.cursor.take() {
            self.pool.give(cursor.into_connection());
        }
    }
}

impl<R: Request<Kind = Dump>> fmt::Debug for Stream<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("done", &self.cursor.as_ref().and_then(Cursor::done)).finish_non_exhaustive()
    }
}
