//! The objects of one sort that are known.

use alloc::{collections::BTreeMap, sync::Arc, vec::Vec};

use netloom_wire::nlmsg;

use super::{Change, object::Watched};

/// All known objects of a sort, by their keys.
///
/// Several may share a key: the kernel lets routes of IPv4 be appended that differ in nothing but the next hop.
///
/// ```
/// use netloom_route::{link::{Link, LinkKey}, watch::Table};
///
/// fn mtu(links: &Table<Link>, index: u32) -> Option<u32> {
///     links.get(&LinkKey { index, family: 0 })?.mtu()
/// }
///
/// fn names(links: &Table<Link>) -> Vec<&str> {
///     links.iter().filter(|link| link.is_up()).map(Link::name).collect()
/// }
/// ```
#[derive(Debug)]
pub struct Table<T: Watched + ?Sized> {
    known: BTreeMap<T::Key, Vec<Arc<T>>>,
}

/// Whether a message said all there is to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Certainty {
    /// The table is as the kernel's.
    Certain,
    /// Several objects share the key: which one was meant can only be read.
    Ambiguous,
}

fn owned<T: Watched + ?Sized>(object: &T) -> Option<Arc<T>> {
    T::boxed(object.bytes()).map(Arc::from)
}

fn change<T: Watched + ?Sized>(before: Option<&Arc<T>>, now: Option<&Arc<T>>, synthetic: bool) -> Change {
    let any = |object: &Arc<T>| T::any(Arc::clone(object));
    Change { before: before.map(any), now: now.map(any), synthetic }
}

impl<T: Watched + ?Sized> Default for Table<T> {
    fn default() -> Self {
        Self { known: BTreeMap::new() }
    }
}

impl<T: Watched + ?Sized> Table<T> {
    /// How many objects are known.
    pub fn len(&self) -> usize {
        self.known.values().map(Vec::len).sum()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The object with this key; the first, where several share it.
    pub fn get(&self, key: &T::Key) -> Option<&T> {
        self.known.get(key)?.first().map(|object| &**object)
    }

    /// Whether there is an object with this key.
    pub fn contains(&self, key: &T::Key) -> bool {
        self.known.contains_key(key)
    }

    /// All objects, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.known.values().flatten().map(|object| &**object)
    }

    /// All objects from this key on.
    pub(super) fn from(&self, key: &T::Key) -> impl Iterator<Item = &T> {
        self.known.range(key..).flat_map(|(_, objects)| objects).map(|object| &**object)
    }

    /// All objects, shared.
    pub(super) fn shared(&self) -> impl Iterator<Item = Arc<T>> {
        self.known.values().flatten().map(Arc::clone)
    }

    /// A message says that the object is so now; `flags` are the message's.
    pub(super) fn put(&mut self, object: &T, flags: u16, on: &mut impl FnMut(Change)) -> Certainty {
        let Some(object) = owned(object) else { return Certainty::Certain };
        let same_key = self.known.entry(object.key()).or_default();
        if same_key.iter().any(|known| known.same(&object)) {
            return Certainty::Certain;
        }
        let appended = flags & nlmsg::APPEND != 0;
        match same_key.as_mut_slice() {
            [only] if !appended => {
                on(change(Some(only), Some(&object), false));
                *only = object;
                Certainty::Certain
            }
            [_, _, ..] if !appended => Certainty::Ambiguous,
            _ => {
                on(change(None, Some(&object), false));
                same_key.push(object);
                Certainty::Certain
            }
        }
    }

    /// A message says that the object is gone.
    pub(super) fn remove(&mut self, object: &T, on: &mut impl FnMut(Change)) -> Certainty {
        let key = object.key();
        let Some(same_key) = self.known.get_mut(&key) else { return Certainty::Certain };
        let exact = same_key.iter().position(|known| known.same(object));
        let at = match (exact, same_key.len()) {
            (Some(at), _) => at,
            (None, 1) => 0,
            (None, _) => return Certainty::Ambiguous,
        };
        on(change(Some(&same_key.remove(at)), None, false));
        if same_key.is_empty() {
            self.known.remove(&key);
        }
        Certainty::Certain
    }

    /// What was read says that the object is so now.
    pub(super) fn refresh(&mut self, object: &T, synthetic: bool, on: &mut impl FnMut(Change)) {
        let Some(object) = owned(object) else { return };
        let same_key = self.known.entry(object.key()).or_default();
        match same_key.first_mut() {
            Some(known) if known.same(&object) => *known = object,
            Some(known) => {
                on(change(Some(known), Some(&object), synthetic));
                *known = object;
            }
            None => {
                on(change(None, Some(&object), synthetic));
                same_key.push(object);
            }
        }
    }

    /// Everything was read, and is `fresh`: tells the differences.
    ///
    /// With `complete` unset, objects that were not read may still be there, and stay.
    pub(super) fn settle(&mut self, fresh: Self, complete: bool, on: &mut impl FnMut(Change)) {
        let mut before = core::mem::take(&mut self.known);
        for (key, now) in fresh.known {
            let mut left = before.remove(&key).unwrap_or_default();
            // What is the same is nobody's business; the rest are changes in pairs, then additions or removals.
            let mut news = Vec::new();
            for object in &now {
                match left.iter().position(|known| known.same(object)) {
                    Some(at) => drop(left.remove(at)),
                    None => news.push(object),
                }
            }
            let mut left = left.iter();
            news.into_iter().for_each(|object| on(change(left.next(), Some(object), true)));
            left.for_each(|gone| on(change(Some(gone), None, true)));
            self.known.insert(key, now);
        }
        for (key, gone) in before {
            if complete {
                gone.iter().for_each(|object| on(change(Some(object), None, true)));
            } else {
                self.known.insert(key, gone);
            }
        }
    }

    /// Adds what a reading found, telling nobody.
    pub(super) fn collect(&mut self, object: &T) {
        if let Some(object) = owned(object) {
            self.known.entry(object.key()).or_default().push(object);
        }
    }
}
