//! The watch itself.

use alloc::{
    collections::{BTreeSet, VecDeque},
    vec::Vec,
};
use core::fmt;

use netloom_wire::{Driver, Notice, Notifications, Object, Operation, Result, View, nlmsg};

use super::{
    AnyObject, Cause, Change, Event, Message, Objects, Table,
    beside::Beside,
    implied::{self, Implied},
    joined::is_joined,
    object::Watched,
    reading::Reading,
    table::Certainty,
};
use crate::{
    Rtnetlink,
    address::Address,
    link::{self, Link, LinkKey, RTM_DELLINK, RTM_NEWLINK},
    neighbour::Neighbour,
    nexthop::Nexthop,
    route::{RTM_DELROUTE, RTM_NEWROUTE, Route},
    rule::Rule,
};

/// Messages that are taken before what they call for is read: one reading answers many of them.
const BURST: usize = 4096;
/// From so many links on, all are read instead of each.
const MANY_LINKS: usize = 64;

/// The state of the kernel and its changes.
///
/// It has a driver and a subscription of its own. The state is that of the kernel as of the last event told.
///
/// ```no_run
/// use netloom_route::{Rtnetlink, watch::{Event, Objects, Watch}};
/// use netloom_wire::{Driver, Result};
///
/// /// Waits until there is a default route of IPv4.
/// async fn online(io: impl Driver<Family = Rtnetlink>) -> Result<()> {
///     let mut watch = Watch::start(io, Objects::ROUTES).await?;
///     while !watch.routes().iter().any(|route| route.family() == 2 && route.dst_length() == 0) {
///         let _: Event = watch.next().await?;
///     }
///     Ok(())
/// }
/// ```
pub struct Watch<D: Driver<Family = Rtnetlink>> {
    io: D,
    notifications: D::Notifications,
    objects: Objects,
    /// Messages are told beside what they change.
    tells_messages: bool,
    links: Table<Link>,
    addresses: Table<Address>,
    routes: Table<Route>,
    rules: Table<Rule>,
    neighbours: Table<Neighbour>,
    nexthops: Table<Nexthop>,
    implied: Implied,
    beside: Beside,
    /// Links of which a message told, perhaps only in part: to be read.
    told: BTreeSet<u32>,
    /// Objects that may have changed without a message: to be read.
    stale: Objects,
    /// It is known of all links what they imply for other objects.
    learned: bool,
    /// Everything is to be read, which nobody was told yet.
    all: Option<Cause>,
    /// Everything is being read; the end is to be told.
    reading: Option<Cause>,
    events: VecDeque<Event>,
}

impl<D: Driver<Family = Rtnetlink>> fmt::Debug for Watch<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("objects", &self.objects).field("stale", &self.stale).finish_non_exhaustive()
    }
}

/// The message of a notice, out of the receive buffer; None if the notice says that some were lost.
fn owned(notice: &Notice<'_>) -> Option<Message> {
    match *notice {
        Notice::Message { command, flags, payload, nsid, .. } => {
            Some(Message { command, flags, payload: payload.to_vec(), nsid })
        }
        // What else it may be one day: reading again does no harm.
        _ => None,
    }
}

/// Calls a macro with every sort of object and the field of its table.
macro_rules! every { ($do:ident!($($with:tt)*)) => {
    $do!($($with)*; links, Link);
    $do!($($with)*; addresses, Address);
    $do!($($with)*; routes, Route);
    $do!($($with)*; rules, Rule);
    $do!($($with)*; neighbours, Neighbour);
    $do!($($with)*; nexthops, Nexthop);
} }

impl<D: Driver<Family = Rtnetlink>> Watch<D> {
    /// Subscribes; the first events tell what there is already.
    pub async fn start(io: D, objects: Objects) -> Result<Self> {
        Self::subscribed(io, objects, &[], false).await
    }

    /// The same, and each message is told as the kernel sent it, before the changes that it makes: those of these
    /// groups, and those by which the objects are followed. So what is known of objects and what was said of anything
    /// come in one order.
    pub async fn with_messages(io: D, objects: Objects, groups: &[u32]) -> Result<Self> {
        Self::subscribed(io, objects, groups, true).await
    }

    async fn subscribed(mut io: D, objects: Objects, groups: &[u32], tells_messages: bool) -> Result<Self> {
        let mut groups: Vec<u32> = implied::groups(objects).chain(groups.iter().copied()).collect();
        macro_rules! own {
            ($self:expr; $field:ident, $type:ident) => {
                if $self.contains($type::OBJECT) {
                    groups.extend($type::GROUPS);
                }
            };
        }
        every!(own!(objects));
        groups.sort_unstable();
        groups.dedup();
        let notifications = io.watch(&groups).await?;
        Ok(Self {
            io,
            notifications,
            objects,
            tells_messages,
            links: Table::default(),
            addresses: Table::default(),
            routes: Table::default(),
            rules: Table::default(),
            neighbours: Table::default(),
            nexthops: Table::default(),
            implied: Implied::default(),
            beside: Beside::default(),
            told: BTreeSet::new(),
            stale: Objects::empty(),
            learned: false,
            all: Some(Cause::Start),
            reading: None,
            events: VecDeque::new(),
        })
    }

    /// Waits for the next event. A future that is dropped loses nothing.
    ///
    /// # Errors
    /// What the socket fails with; the watch goes on when this is called again. A loss of messages is no error, it is read
    /// over.
    pub async fn next(&mut self) -> Result<Event> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(event);
            }
            let mut taken = 0;
            while taken < BURST && self.take_waiting()? {
                taken = taken.saturating_add(1);
            }
            if !self.events.is_empty() {
                continue;
            }
            // What is to be read stays noted until it was: the future may be dropped, and the socket may fail.
            if let Some(cause) = self.all.take() {
                self.begin(cause);
            } else if !self.stale.is_empty() || self.reading.is_some() {
                self.read().await?;
            } else if !self.told.is_empty() {
                self.read_told().await?;
            } else {
                let Self { notifications, .. } = self;
                let message = owned(&notifications.next().await?);
                self.take(message);
            }
        }
    }

    /// The subscription, as for a handle that stops it.
    pub fn notifications(&mut self) -> &mut D::Notifications {
        &mut self.notifications
    }

    /// Known links.
    pub fn links(&self) -> &Table<Link> {
        &self.links
    }

    /// Known addresses.
    pub fn addresses(&self) -> &Table<Address> {
        &self.addresses
    }

    /// Known routes.
    pub fn routes(&self) -> &Table<Route> {
        &self.routes
    }

    /// Known rules.
    pub fn rules(&self) -> &Table<Rule> {
        &self.rules
    }

    /// Known neighbours.
    pub fn neighbours(&self) -> &Table<Neighbour> {
        &self.neighbours
    }

    /// Known next hop objects.
    pub fn nexthops(&self) -> &Table<Nexthop> {
        &self.nexthops
    }

    /// Takes a message that is here already.
    fn take_waiting(&mut self) -> Result<bool> {
        let Some(message) = self.notifications.try_next()?.as_ref().map(owned) else { return Ok(false) };
        self.take(message);
        Ok(true)
    }

    /// Takes a message; None says that some were lost.
    fn take(&mut self, message: Option<Message>) {
        let Some(message) = message else {
            self.all = Some(Cause::Lost);
            return;
        };
        if self.tells_messages {
            self.events.push_back(Event::Message(message.clone()));
        }
        // The state is that of the own namespace.
        if message.nsid.is_none() {
            self.apply(message.command, message.flags, &message.payload);
        }
    }

    fn apply(&mut self, command: u16, flags: u16, payload: &[u8]) {
        self.stale |= self.implied.by(command, payload) & self.objects;
        if matches!(command, RTM_NEWLINK | RTM_DELLINK) && self.objects.contains(Objects::LINKS) {
            return Link::view(payload).into_iter().for_each(|link| self.apply_link(command, link));
        }
        if matches!(command, RTM_NEWROUTE | RTM_DELROUTE) && self.objects.contains(Objects::ROUTES) {
            if Route::view(payload).is_some_and(|route| is_joined(&self.routes, route, flags)) {
                self.stale |= Objects::ROUTES;
                return;
            }
        }
        let Self { events, stale, objects, .. } = self;
        let mut on = |change: Change| events.push_back(Event::Change(change));
        macro_rules! take {
            ($self:expr; $field:ident, $type:ident) => {
                let (set, unset) = $type::COMMANDS;
                if (command == set || command == unset) && objects.contains($type::OBJECT) {
                    // A neighbour may come into a state in which it is not watched, and stay: here it is gone.
                    let leaves = |object: &$type| $type::OBJECT == Objects::NEIGHBOURS && !object.is_watched();
                    // A rule is never changed: one that has the key of another was made by another protocol.
                    let flags = if $type::OBJECT == Objects::RULES { flags | nlmsg::APPEND } else { flags };
                    let object = $type::view(payload);
                    if let Some(object) = object.filter(|object| object.is_watched() || leaves(object)) {
                        let certainty = if command == set && object.is_watched() {
                            $self.$field.put(object, flags, &mut on)
                        } else {
                            $self.$field.remove(object, &mut on)
                        };
                        if certainty == Certainty::Ambiguous {
                            *stale |= $type::OBJECT;
                        }
                    }
                }
            };
        }
        take!(self; addresses, Address);
        take!(self; routes, Route);
        take!(self; rules, Rule);
        take!(self; neighbours, Neighbour);
        take!(self; nexthops, Nexthop);
    }

    fn apply_link(&mut self, command: u16, link: &Link) {
        let index = link.index();
        if command == RTM_DELLINK && link.is_watched() {
            self.told.remove(&index);
            self.told.extend(self.beside.of(index));
            self.beside.forget(index);
            self.links.remove(link, &mut |change| self.events.push_back(Event::Change(change)));
            return;
        }
        // A message about a link may lack what a reading shows, and one of a bridge's is about its port only.
        self.told.insert(index);
        if link.is_watched() && !self.links.contains(&link.key()) {
            self.told.extend(self.beside.of_new(index));
            self.told.extend(link.link().filter(|named| self.links.contains(&LinkKey { index: *named, family: 0 })));
        }
    }

    /// Everything is to be read.
    fn begin(&mut self, cause: Cause) {
        if self.reading.is_none() {
            self.events.push_back(Event::ReadBegin(cause));
            self.reading = Some(cause);
        }
        self.told.clear();
        self.stale = self.objects;
        self.learned = false;
    }

    /// Reads what is stale and tells the differences.
    async fn read(&mut self) -> Result<()> {
        if !self.learned && !self.objects.contains(Objects::LINKS) {
            // Known by what they imply for others, even if nobody wants to hear of them.
            let Reading { found, .. } = Reading::<Link>::of(&mut self.io).await?;
            found.iter().for_each(|link| self.implied.learn(link));
        }
        self.learned = true;
        macro_rules! again {
            ($self:expr; $field:ident, $type:ident) => {
                if $self.stale.contains($type::OBJECT) {
                    let Reading { found, complete } = Reading::<$type>::of(&mut $self.io).await?;
                    // Where changes go on, it is read again.
                    $self.stale.set($type::OBJECT, !complete);
                    let Self { $field: table, events, .. } = &mut *$self;
                    table.settle(found, complete, &mut |change| events.push_back(Event::Change(change)));
                    if $type::OBJECT == Objects::LINKS {
                        $self.links.iter().for_each(|link| $self.implied.learn(link));
                        $self.beside = Beside::default();
                        $self.links.iter().for_each(|link| $self.beside.learn(link));
                    }
                    if $type::OBJECT == Objects::RULES {
                        $self.rules.iter().for_each(|rule| $self.implied.learn_rule(rule));
                    }
                }
            };
        }
        every!(again!(self));
        self.events.extend(self.reading.take().map(Event::ReadEnd));
        Ok(())
    }

    /// Reads the links of which messages told.
    async fn read_told(&mut self) -> Result<()> {
        if self.told.len() > MANY_LINKS {
            self.told.clear();
            self.stale |= Objects::LINKS;
        }
        while let Some(&index) = self.told.first() {
            match link::Get::new(index).perform(&mut self.io).await {
                Ok(link) => {
                    let Self { links, events, beside, .. } = self;
                    beside.learn(&link);
                    links.refresh(&link, false, &mut |change| events.push_back(Event::Change(change)));
                }
                // Gone since: its removal is still to come, as a message.
                Err(problem) if problem.is_not_found() => {}
                Err(problem) => return Err(problem),
            }
            self.told.remove(&index);
        }
        Ok(())
    }
}

impl<D: Driver<Family = Rtnetlink>> Watch<D> {
    /// Every known object.
    ///
    /// ```
    /// use netloom_route::{Rtnetlink, watch::Watch};
    /// use netloom_wire::Driver;
    ///
    /// fn print<D: Driver<Family = Rtnetlink>>(watch: &Watch<D>) {
    ///     for object in watch.objects() {
    ///         println!("{object}"); // link eth0, address 192.0.2.1/24 …
    ///     }
    /// }
    /// ```
    pub fn objects(&self) -> Vec<AnyObject> {
        let mut all = Vec::new();
        macro_rules! known {
            ($self:expr; $field:ident, $type:ident) => {
                all.extend($self.$field.shared().map($type::any));
            };
        }
        every!(known!(self));
        all
    }
}
