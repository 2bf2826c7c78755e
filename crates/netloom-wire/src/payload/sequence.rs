//! Payloads that hold several values.

use core::{fmt, marker::PhantomData};

use super::Payload;
use crate::{Buffer, Kind, NESTED, Tlvs, View, align};

macro_rules! debug_as_list { ($($type:ident [$($bound:tt)*],)*) => { $(
    impl<'a, T: $($bound)*> fmt::Debug for $type<'a, T> where Self: Clone + Iterator, <Self as Iterator>::Item: fmt::Debug {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_list().entries(self.clone()).finish()
        }
    }
)* } }
debug_as_list! { Values[Payload + ?Sized], Nests[Payload + ?Sized], Array[Payload], Records[View + ?Sized], }

macro_rules! clone_without_bound { ($($type:ident { $($field:ident),* },)*) => { $(
    impl<T: ?Sized> Clone for $type<'_, T> {
        fn clone(&self) -> Self {
            Self { $($field: self.$field.clone(),)* of: PhantomData }
        }
    }
)* } }
clone_without_bound! { Values { tlvs, number }, Nests { tlvs }, Records { rest }, }

/// The values of an attribute that may be repeated; those that do not fit their kind are left out.
pub struct Values<'a, T: ?Sized> {
    tlvs: Tlvs<'a>,
    number: u16,
    of: PhantomData<fn() -> &'a T>,
}

impl<'a, T: ?Sized> Values<'a, T> {
    #[doc(hidden)]
    pub fn new(run: &'a [u8], number: u16) -> Self {
        Values { tlvs: Tlvs::new(run), number, of: PhantomData }
    }
}

impl<'a, T: Payload + ?Sized> Iterator for Values<'a, T> {
    type Item = T::Get<'a>;
    fn next(&mut self) -> Option<T::Get<'a>> {
        let number = self.number;
        self.tlvs.by_ref().filter(|tlv| tlv.number() == number).find_map(|tlv| T::get(tlv.payload))
    }
}

/// Values as attributes whose numbers only count; those that do not fit their kind are left out.
pub struct Nests<'a, T: ?Sized> {
    tlvs: Tlvs<'a>,
    of: PhantomData<fn() -> &'a T>,
}

impl<'a, T: Payload + ?Sized> Nests<'a, T> {
    /// The values with the numbers that their attributes have.
    pub fn numbered(self) -> impl Iterator<Item = (u16, T::Get<'a>)> {
        self.tlvs.filter_map(|tlv| Some((tlv.number(), T::get(tlv.payload)?)))
    }
}

impl<'a, T: Payload + ?Sized> Iterator for Nests<'a, T> {
    type Item = T::Get<'a>;
    fn next(&mut self) -> Option<T::Get<'a>> {
        self.tlvs.by_ref().find_map(|tlv| T::get(tlv.payload))
    }
}

impl<T: Payload + ?Sized + 'static> Payload for Nests<'static, T> {
    type Get<'a> = Nests<'a, T>;
    const KIND: Kind = Kind::List(&T::KIND);
    fn get(payload: &[u8]) -> Option<Nests<'_, T>> {
        Some(Nests { tlvs: Tlvs::new(payload), of: PhantomData })
    }
    fn put(value: Nests<'_, T>, number: u16, out: &mut Buffer) {
        let open = out.open(number | NESTED);
        value.tlvs.for_each(|tlv| out.put(tlv.raw_type, tlv.payload));
        out.close(open);
    }
}

/// Values of a fixed width, one after the other.
#[derive(Clone)]
pub struct Array<'a, T> {
    rest: &'a [u8],
    of: PhantomData<fn() -> T>,
}

impl<T> Array<'_, T> {
    /// How many values are left.
    pub fn len(&self) -> usize {
        self.rest.len().checked_div(size_of::<T>()).unwrap_or_default()
    }

    /// Whether no value is left.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'a, T: Payload> Iterator for Array<'a, T> {
    type Item = T::Get<'a>;
    fn next(&mut self) -> Option<T::Get<'a>> {
        let (item, rest) = self.rest.split_at_checked(size_of::<T>())?;
        self.rest = rest;
        T::get(item)
    }
}

impl<T: Payload + 'static> Payload for Array<'static, T> {
    type Get<'a> = Array<'a, T>;
    const KIND: Kind = Kind::Array(&T::KIND);
    fn get(payload: &[u8]) -> Option<Array<'_, T>> {
        let whole = payload.len().checked_rem(size_of::<T>()) == Some(0);
        whole.then_some(Array { rest: payload, of: PhantomData })
    }
    fn put(value: Array<'_, T>, number: u16, out: &mut Buffer) {
        out.put(number, value.rest);
    }
}

/// Messages that begin with their own 16-bit length, as the next hops of a multipath route do.
pub struct Records<'a, T: ?Sized> {
    rest: &'a [u8],
    of: PhantomData<fn() -> &'a T>,
}

impl<'a, T: ?Sized> Records<'a, T> {
    pub(crate) fn new(rest: &'a [u8]) -> Self {
        Records { rest, of: PhantomData }
    }
    pub(crate) fn next_bytes(&mut self) -> Option<&'a [u8]> {
        let [l0, l1, ..] = *self.rest else { return None };
        let length = usize::from(u16::from_ne_bytes([l0, l1]));
        let record = self.rest.get(..length).filter(|record| record.len() >= 2)?;
        self.rest = self.rest.get(align(length)..).unwrap_or_default();
        Some(record)
    }
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a, T: View + ?Sized> Iterator for Records<'a, T> {
    type Item = &'a T;
    fn next(&mut self) -> Option<&'a T> {
        T::view(self.next_bytes()?)
    }
}

impl<T: View + ?Sized> Payload for Records<'static, T> {
    type Get<'a> = Records<'a, T>;
    const KIND: Kind = Kind::Records(T::layout);
    fn get(payload: &[u8]) -> Option<Records<'_, T>> {
        Some(Records::new(payload))
    }
    fn put(value: Records<'_, T>, number: u16, out: &mut Buffer) {
        out.put(number, value.rest);
    }
}
