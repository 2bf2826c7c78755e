//! A socket, its exchange and its receive buffer: what blocking and async drivers share.

mod bytes;

use std::{
    collections::VecDeque,
    io,
    ops::Range,
    sync::Arc,
    time::{Duration, Instant},
};

use netloom_proto::{Exchange, Handled, Outcome, Token};
use netloom_wire::{Errno, Error, Messages, Origin, RawMessage, Result, align, nlmsg};

use crate::{
    RawSocket, Received, SocketOptions,
    hooks::{Chain, OnReceive, Refused},
    namespace::failed,
    shared::Shared,
    spare, trace,
};

/// What answers may take of the receive buffer before [`Connection::widen`], in bytes: less than any system's default.
const NARROW: usize = 64 << 10;

/// What receiving brought.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Progress {
    /// There may be messages in the buffer, requests may have ended, there may be something to send.
    Some,
    /// The socket is empty.
    Empty,
}

/// A message in the buffer.
#[derive(Debug)]
pub(crate) struct Found {
    /// What the exchange made of it.
    pub(crate) handled: Handled,
    /// Its type.
    pub(crate) command: u16,
    /// Where its payload lies.
    pub(crate) at: Range<usize>,
}

/// A socket with an exchange. Messages are handed out as ranges of the buffer, so that nothing stays borrowed between
/// finding one and using it.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) exchange: Exchange,
    socket: Arc<RawSocket>,
    shared: Arc<Shared>,
    /// Reserved, and not resident beyond the longest datagram that came.
    buffer: Box<[u8]>,
    /// What of the datagram in the buffer was not handed out.
    at: usize,
    end: usize,
    /// The datagram was longer than the buffer.
    cut: bool,
    /// Notifications were lost and nobody was told.
    lost: bool,
    nsid: Option<i32>,
    /// What handlers put behind the message that was found last; they have not seen it.
    more: VecDeque<Vec<u8>>,
    /// Whether what was found last is such a message.
    follows: bool,
    /// The handlers for what is in the buffer, as they were when it came.
    chain: Option<Arc<Chain<OnReceive>>>,
    refused: Refused,
    /// Datagrams to be given past the exchange before the socket is read.
    waiting: VecDeque<Result<Vec<u8>>>,
    user_senders: bool,
    /// Port of who answers; 0 is the kernel.
    peer: u32,
    /// How long a blocking receive may take, and what the socket is set to.
    limit: Option<Duration>,
    timeout: Option<Duration>,
}

impl Connection {
    /// A connection over `socket`, whose port is `port`; 0 if nobody asked yet, of a socket that is in no group.
    pub(crate) fn new(socket: RawSocket, port: u32, options: &SocketOptions, shared: Arc<Shared>) -> Self {
        Self {
            exchange: spare::exchange(NARROW, port, options.first_sequence),
            socket: Arc::new(socket),
            buffer: spare::buffer(shared.capacity()),
            shared,
            at: 0,
            end: 0,
            cut: false,
            lost: false,
            nsid: None,
            more: VecDeque::new(),
            follows: false,
            chain: None,
            refused: Refused::default(),
            waiting: VecDeque::new(),
            user_senders: options.user_senders,
            peer: options.peer,
            limit: options.inactivity_limit,
            timeout: None,
        }
    }

    /// Makes room for the answers to many requests at once.
    pub(crate) fn widen(&mut self) {
        self.exchange.limit_window(self.socket.features().receive_buffer);
    }

    pub(crate) fn socket(&self) -> &Arc<RawSocket> {
        &self.socket
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// A blocking receive takes at most this long.
    pub(crate) fn set_inactivity_limit(&mut self, limit: Option<Duration>) {
        self.limit = limit;
    }

    /// Sends what is due.
    pub(crate) fn flush(&mut self) {
        while let Some(datagram) = self.exchange.transmit() {
            if let Err(error) = self.socket.send(datagram) {
                self.exchange.handle_unsent(error.raw_os_error().map_or(Errno::EIO, Errno));
            }
        }
    }

    /// Receives a datagram if one is there.
    pub(crate) fn try_receive(&mut self) -> Result<Progress> {
        self.prepare();
        let received = self.socket.try_receive(&mut self.buffer);
        self.take(received)
    }

    /// Waits for a datagram, until the inactivity limit or `deadline`.
    ///
    /// The limit ends all requests that were sent. The deadline is an error; the caller knows whose it is.
    pub(crate) fn receive(&mut self, deadline: Option<Instant>) -> Result<Progress> {
        if self.exchange.is_draining() {
            return self.try_receive();
        }
        if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            return Err(Error::timeout());
        }
        self.prepare();
        if deadline.is_some() || self.timeout != self.limit {
            // The kernel has answered inside `send`: a limit is only needed where something has to be waited for.
            let received = self.socket.try_receive(&mut self.buffer);
            if self.take(received)? == Progress::Some {
                return Ok(Progress::Some);
            }
            self.limit_time(deadline)?;
        }
        let received = self.socket.receive(&mut self.buffer);
        match self.take(received)? {
            Progress::Some => {}
            Progress::Empty if deadline.is_some_and(|deadline| deadline <= Instant::now()) => {
                return Err(Error::timeout());
            }
            Progress::Empty => self.exchange.handle_silence(),
        }
        Ok(Progress::Some)
    }

    /// Lets a blocking receive end at the inactivity limit or at `deadline`.
    fn limit_time(&mut self, deadline: Option<Instant>) -> Result<()> {
        let limit = match deadline {
            None => self.limit,
            Some(deadline) => {
                let left = deadline.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return Err(Error::timeout());
                }
                Some(self.limit.map_or(left, |limit| limit.min(left)))
            }
        };
        if self.timeout != limit {
            self.socket.set_receive_timeout(limit).map_err(|e| failed(&e, "limit the time of receiving"))?;
            self.timeout = limit;
        }
        Ok(())
    }

    #[inline]
    fn prepare(&mut self) {
        (self.at, self.end, self.cut) = (0, 0, false);
        self.more.clear();
        let capacity = self.shared.capacity();
        if self.buffer.len() < capacity {
            self.buffer = spare::buffer(capacity);
        }
    }

    #[inline]
    fn take(&mut self, received: io::Result<Received>) -> Result<Progress> {
        match received {
            Ok(received) if self.is_wanted(&received) => {
                self.end = received.length;
                self.nsid = received.nsid;
                self.chain = self.shared.hooks().receiving();
                if received.is_truncated() {
                    self.cut = true;
                    self.shared.grow(received.sent);
                }
                Ok(Progress::Some)
            }
            Ok(_) => Ok(Progress::Some),
            Err(error) => self.failed(&error),
        }
    }

    /// Whether its sender is one that is listened to; counts it if not.
    #[inline]
    fn is_wanted(&self, received: &Received) -> bool {
        let wanted =
            received.port == self.peer || self.user_senders || self.shared.hooks().listeners().is_teller(received.port);
        if !wanted {
            self.shared.count_foreign();
            trace::foreign(&self.socket, received.port);
        }
        wanted
    }

    #[cold]
    fn failed(&mut self, error: &io::Error) -> Result<Progress> {
        match error.raw_os_error() {
            Some(libc::ENOBUFS) => self.overrun(),
            Some(libc::EINTR) => {}
            Some(libc::EAGAIN) if self.exchange.is_draining() => self.exchange.handle_drained(),
            Some(libc::EAGAIN) => return Ok(Progress::Empty),
            _ => return Err(failed(error, "receive")),
        }
        Ok(Progress::Some)
    }

    /// Something was lost since the socket's buffer was full: what is in there is older.
    #[cold]
    pub(crate) fn overrun(&mut self) {
        self.shared.count_overrun();
        trace::overrun(&self.socket);
        self.lost = true;
        self.exchange.handle_overrun();
    }

    /// The next message of the datagram in the buffer.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<Found> {
        if !self.more.is_empty() {
            return self.next_of_handlers();
        }
        self.follows = false;
        let mut messages = Messages::new(self.buffer.get(self.at..self.end)?);
        let Some(message) = messages.next() else {
            self.finish_datagram();
            return None;
        };
        let start = self.at.saturating_add(nlmsg::HEADER);
        let at = start..start.saturating_add(message.payload.len());
        self.at = self.end.saturating_sub(messages.rest().len());
        Some(Found { handled: self.exchange.handle(&message), command: message.header.command(), at })
    }

    /// The next of the messages that handlers put behind another.
    #[cold]
    fn next_of_handlers(&mut self) -> Option<Found> {
        let bytes = self.more.pop_front()?;
        self.follows = true;
        let at = self.put_behind(&bytes);
        let message = Messages::new(&bytes).next()?;
        Some(Found { handled: self.exchange.handle(&message), command: message.header.command(), at })
    }

    /// Puts a message behind the datagram, which is read on, and says where its payload lies.
    fn put_behind(&mut self, message: &[u8]) -> Range<usize> {
        let start = align(self.end);
        self.put_into_buffer(start, message);
        let payload = start.saturating_add(nlmsg::HEADER);
        let length = Messages::new(message).next().map_or(0, |message| message.payload.len());
        payload..payload.saturating_add(length)
    }

    #[inline]
    fn finish_datagram(&mut self) {
        self.at = self.end;
        if self.cut {
            self.cut = false;
            let datagram = self.buffer.get(..self.end).unwrap_or_default();
            self.lost |= self.exchange.handle_truncated(datagram) == Handled::Notification;
        }
    }

    /// Hands out the replies among all that is left in the buffer, past the handlers.
    pub(crate) fn deliver(&mut self, mut on_reply: impl FnMut(Token, &RawMessage<'_>)) {
        let Some(chain) = self.chain.clone() else { return self.deal(on_reply) };
        let mut refused = std::mem::take(&mut self.refused);
        self.deal(|token, message| {
            if let Err(error) = chain.pass_reply(message, |message| on_reply(token, message)) {
                refused.note(token, error);
            }
        });
        self.refused = refused;
    }

    /// The same, without the handlers.
    pub(crate) fn deal(&mut self, mut on_reply: impl FnMut(Token, &RawMessage<'_>)) {
        for message in Messages::new(self.buffer.get(self.at..self.end).unwrap_or_default()) {
            if let Handled::Reply(token) = self.exchange.handle(&message) {
                on_reply(token, &message);
            }
        }
        self.finish_datagram();
    }

    /// A request that has ended, with its outcome: also what a handler made of one of its replies.
    #[inline]
    pub(crate) fn poll_done(&mut self) -> Option<(Token, Result<Outcome>)> {
        let Some((token, outcome)) = self.exchange.poll_done() else {
            if self.exchange.is_idle() {
                // Of requests that were given up.
                self.refused.clear();
            }
            return None;
        };
        Some((token, self.refused.end(token, outcome)))
    }

    /// Has the handlers see what [`Connection::next`] found, and says where the payload lies that they leave.
    #[inline]
    pub(crate) fn pass(&mut self, command: u16, at: Range<usize>, origin: Origin) -> Result<Range<usize>> {
        match &self.chain {
            Some(chain) if chain.may_be_for(command) => self.pass_handlers(at, origin),
            _ => Ok(at),
        }
    }

    #[cold]
    fn pass_handlers(&mut self, at: Range<usize>, origin: Origin) -> Result<Range<usize>> {
        let Some((chain, message)) = self.chain.as_ref().zip(self.message(at.clone())) else { return Ok(at) };
        let Some(made) = chain.pass(&message, origin)? else { return Ok(at) };
        // As in `Chain::pass_on`: nothing is put behind what stands behind another.
        if !self.follows {
            self.more.extend(made.behind);
        }
        Ok(self.put_behind(&made.first))
    }

    fn put_into_buffer(&mut self, start: usize, bytes: &[u8]) {
        let end = start.saturating_add(bytes.len());
        if self.buffer.len() < end {
            let mut longer = std::mem::take(&mut self.buffer).into_vec();
            longer.resize(end, 0);
            self.buffer = longer.into();
        }
        if let Some(place) = self.buffer.get_mut(start..end) {
            place.copy_from_slice(bytes);
        }
    }

    /// Takes a datagram for received, on a connection where nothing was.
    pub(crate) fn play(&mut self, datagram: &[u8]) {
        self.prepare();
        self.put_into_buffer(0, datagram);
        self.end = datagram.len();
        self.chain = self.shared.hooks().receiving();
    }

    /// Hands out no more of the datagram in the buffer.
    #[cold]
    pub(crate) fn skip_datagram(&mut self) {
        (self.at, self.cut) = (self.end, false);
        self.more.clear();
    }

    /// The payload that [`Connection::next`] found, until the next receive.
    #[inline]
    pub(crate) fn payload(&self, at: Range<usize>) -> &[u8] {
        self.buffer.get(at).unwrap_or_default()
    }

    /// The message whose payload [`Connection::next`] found.
    #[inline]
    pub(crate) fn message(&self, at: Range<usize>) -> Option<RawMessage<'_>> {
        let bytes = self.buffer.get(at.start.checked_sub(nlmsg::HEADER)?..at.end)?;
        Messages::new(bytes).next()
    }

    /// Whether messages of a datagram are in the buffer.
    #[cfg(any(feature = "tokio", feature = "async-io"))]
    #[inline]
    pub(crate) fn has_more(&self) -> bool {
        self.at < self.end || !self.more.is_empty()
    }

    /// Id of the namespace that the datagram comes from.
    pub(crate) fn nsid(&self) -> Option<i32> {
        self.nsid
    }

    /// Whether notifications were lost since this was asked last. While the socket is being drained that is not told:
    /// what is still in it is older than the loss, and to be skipped.
    pub(crate) fn take_lost(&mut self) -> bool {
        !self.exchange.is_draining() && std::mem::take(&mut self.lost)
    }

    /// Whether what is in the socket is older than a loss.
    pub(crate) fn is_stale(&self) -> bool {
        self.exchange.is_draining()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        spare::keep_buffer(std::mem::take(&mut self.buffer));
        spare::keep_exchange(std::mem::replace(&mut self.exchange, Exchange::new(0, 0, 0)));
    }
}
