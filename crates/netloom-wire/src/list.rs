//! Many objects in one arena.

use alloc::{boxed::Box, vec::Vec};
use core::{fmt, marker::PhantomData};

use crate::{Done, Driver, Dump, Object, Request, Result, View};

/// How often a collected dump is tried again when the kernel says that it was interrupted.
const ATTEMPTS: usize = 8;

/// Objects of a dump, one behind the other in one allocation.
///
/// ```
/// # use netloom_wire::{List, View};
/// # fn show<T: View + std::fmt::Debug + ?Sized>(list: &List<T>) {
/// for object in list {
///     println!("{object:?}");
/// }
/// # }
/// ```
pub struct List<T: ?Sized> {
    /// Each object behind its length in bytes, a native `u32`.
    arena: Vec<u8>,
    count: usize,
    interrupted: bool,
    of: PhantomData<fn() -> Box<T>>,
}

impl<T: View + ?Sized> List<T> {
    /// An empty list.
    pub const fn new() -> Self {
        Self { arena: Vec::new(), count: 0, interrupted: false, of: PhantomData }
    }

    /// Appends a copy of an object.
    #[inline]
    pub fn push(&mut self, object: &T) {
        let bytes = object.bytes();
        let Ok(length) = u32::try_from(bytes.len()) else { return }; // no netlink message is that long
        self.arena.extend_from_slice(&length.to_ne_bytes());
        self.arena.extend_from_slice(bytes);
        self.count = self.count.saturating_add(1);
    }

    /// Appends copies of all objects of another list, whose mark of an interruption counts for both.
    pub fn append(&mut self, other: &Self) {
        self.arena.extend_from_slice(&other.arena);
        self.count = self.count.saturating_add(other.count);
        self.interrupted |= other.interrupted;
    }

    /// Runs a dump to its end.
    pub(crate) async fn collect<R: Request<Kind = Dump, Reply = T>, D: Driver<Family = R::Family>>(
        request: &R,
        io: &mut D,
    ) -> Result<Self>
    where
        T: Object,
    {
        let (list, done) = collect(request, io, Self::push).await?;
        Ok(Self { interrupted: done.interrupted, ..list })
    }

    /// Empties the list and keeps its memory.
    pub fn clear(&mut self) {
        self.arena.clear();
        self.count = 0;
        self.interrupted = false;
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether the table changed during each attempt to read it: objects may be missing or twice.
    pub fn is_interrupted(&self) -> bool {
        self.interrupted
    }

    /// All objects, in the order of the kernel.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { rest: &self.arena, left: self.count, of: PhantomData }
    }

    /// The first object.
    pub fn first(&self) -> Option<&T> {
        self.iter().next()
    }

    /// The objects, each owning its bytes.
    pub fn to_boxes(&self) -> Vec<Box<T>> {
        self.iter().filter_map(|object| T::boxed(object.bytes())).collect()
    }
}

/// Runs a dump to its end and has `put` add each object to what is collected; from the start again, a bounded number of
/// times, if the kernel says that it was interrupted, or if an answer was lost for want of room in a receive buffer.
///
/// [`Done`] says whether the last attempt was interrupted too. Where all objects are wanted as they are, running the request
/// itself gives them as a [`List`].
///
/// ```
/// use netloom_wire::{Driver, Dump, Request, Result, collect};
///
/// async fn count<R: Request<Kind = Dump>>(list: &R, io: &mut impl Driver<Family = R::Family>) -> Result<u64> {
///     let (count, _) = collect(list, io, |count: &mut u64, _| *count += 1).await?;
///     Ok(count)
/// }
/// ```
pub async fn collect<R: Request<Kind = Dump>, D: Driver<Family = R::Family>, C: Default + Send>(
    request: &R,
    io: &mut D,
    mut put: impl FnMut(&mut C, &R::Reply) + Send,
) -> Result<(C, Done)> {
    let mut left = ATTEMPTS;
    loop {
        left = left.saturating_sub(1);
        let mut collected = C::default();
        match io.each(request, |object| put(&mut collected, object)).await {
            // The buffer has grown since, or has room again.
            Err(error) if left > 0 && error.is_lost_answer() => {}
            Err(error) => return Err(error),
            Ok(done) if done.interrupted && left > 0 => {}
            Ok(done) => return Ok((collected, done)),
        }
    }
}

impl<T: View + ?Sized> Default for List<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: View + ?Sized> Extend<Box<T>> for List<T> {
    fn extend<I: IntoIterator<Item = Box<T>>>(&mut self, objects: I) {
        objects.into_iter().for_each(|object| self.push(&object));
    }
}

impl<T: View + fmt::Debug + ?Sized> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl<'a, T: View + ?Sized> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;
    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

/// Iterator over a [`List`].
pub struct Iter<'a, T: ?Sized> {
    rest: &'a [u8],
    left: usize,
    of: PhantomData<&'a T>,
}

impl<T: ?Sized> fmt::Debug for Iter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").field("left", &self.left).finish()
    }
}

impl<'a, T: View + ?Sized> Iterator for Iter<'a, T> {
    type Item = &'a T;

    #[inline]
    fn next(&mut self) -> Option<&'a T> {
        let (length, rest) = self.rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_ne_bytes(*length)).ok()?;
        let (object, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        self.left = self.left.saturating_sub(1);
        T::view(object)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<T: View + ?Sized> ExactSizeIterator for Iter<'_, T> {}
