//! Keys: 32 bytes, in base64 where people see them.

use core::{error, fmt, str::FromStr};

use base64ct::{Base64, Encoding};
use netloom_wire::{Buffer, Error, ErrorKind, Kind, Payload, Result, Struct};
use x25519_dalek::StaticSecret;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Length of every key, in bytes.
pub(crate) const LENGTH: usize = 32;

/// Length of every key in base64, in characters.
pub(crate) const TEXT: usize = 44;

/// The public key of a device or of a peer; shown in base64.
///
/// ```
/// use netloom_wireguard::PublicKey;
///
/// let key: PublicKey = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=".parse()?;
/// assert_eq!(key.to_string(), "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=");
/// # Ok::<(), netloom_wireguard::NotAKey>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PublicKey([u8; LENGTH]);

/// The private key of a device. Neither shown nor told as JSON; its bytes are cleared when it is dropped.
///
/// ```
/// use netloom_wireguard::PrivateKey;
///
/// let key = PrivateKey::generate()?;
/// println!("peers know this device as {}", key.public_key());
/// assert_eq!(format!("{key:?}"), "PrivateKey(redacted)");
/// let again: PrivateKey = key.to_base64().as_str().parse().unwrap();
/// assert_eq!(again, key);
/// # Ok::<(), netloom_wire::Error>(())
/// ```
#[derive(Clone)]
pub struct PrivateKey([u8; LENGTH]);

/// A key that two peers share beside their own. Neither shown nor told as JSON; its bytes are cleared when it is dropped.
///
/// ```
/// use netloom_wireguard::PresharedKey;
///
/// let key = PresharedKey::generate()?;
/// assert_eq!(format!("{key:?}"), "PresharedKey(redacted)");
/// # Ok::<(), netloom_wire::Error>(())
/// ```
#[derive(Clone)]
pub struct PresharedKey([u8; LENGTH]);

/// A secret key in base64, for a file; its characters are cleared when it is dropped.
///
/// ```
/// let key = netloom_wireguard::PrivateKey::generate()?;
/// assert_eq!(key.to_base64().as_str().len(), 44);
/// # Ok::<(), netloom_wire::Error>(())
/// ```
#[derive(Clone)]
pub struct SecretText([u8; TEXT]);

impl SecretText {
    /// The characters.
    pub fn as_str(&self) -> &str {
        // Only `encode` fills it.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

macro_rules! cleared { ($($type:ident,)*) => { $(
    impl Drop for $type {
        fn drop(&mut self) {
            self.0.zeroize();
        }
    }
    impl ZeroizeOnDrop for $type {}
)* } }
cleared! { PrivateKey, PresharedKey, SecretText, }

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(redacted)")
    }
}

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAKey {
    /// It has so many bytes, not 44.
    Length(usize),
    /// It is not base64 of 32 bytes.
    Base64,
}

impl fmt::Display for NotAKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(length) => write!(f, "not a key: {length} characters long, not {TEXT}"),
            Self::Base64 => write!(f, "not a key: not the base64 of {LENGTH} bytes"),
        }
    }
}
impl error::Error for NotAKey {}

fn encode(bytes: &[u8; LENGTH]) -> [u8; TEXT] {
    let mut text = [b'='; TEXT];
    // 32 bytes take 44 characters, always.
    let _ = Base64::encode(bytes, &mut text);
    text
}

fn decode(text: &str, bytes: &mut [u8; LENGTH]) -> core::result::Result<(), NotAKey> {
    if text.len() != TEXT {
        return Err(NotAKey::Length(text.len()));
    }
    // 44 characters hold up to 33 bytes, by how many `=` there are.
    let mut room = [0; LENGTH + 1];
    let outcome = match Base64::decode(text, &mut room) {
        Ok(key) if key.len() == LENGTH => {
            bytes.copy_from_slice(key);
            Ok(())
        }
        _ => Err(NotAKey::Base64),
    };
    room.zeroize();
    outcome
}

fn random() -> Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    let outcome = getrandom::fill(&mut bytes);
    outcome.map_err(|_| Error::new(ErrorKind::Unsupported, "the system gives no random bytes"))?;
    Ok(bytes)
}

/// Compares in a time that does not tell where the difference is.
fn same(one: &[u8; LENGTH], other: &[u8; LENGTH]) -> bool {
    one.iter().zip(other).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

macro_rules! keys { ($($type:ident $kind:expr,)*) => { $(
    impl $type {
        /// Of these bytes, as they are.
        pub const fn from_bytes(bytes: [u8; LENGTH]) -> Self {
            Self(bytes)
        }

        /// The bytes.
        pub const fn as_bytes(&self) -> &[u8; LENGTH] {
            &self.0
        }

        /// Whether all bytes are zero: the kernel's word for no key.
        pub fn is_zero(&self) -> bool {
            same(&self.0, &[0; LENGTH])
        }
    }

    impl FromStr for $type {
        type Err = NotAKey;
        fn from_str(text: &str) -> core::result::Result<Self, NotAKey> {
            let mut key = Self([0; LENGTH]);
            decode(text, &mut key.0)?;
            Ok(key)
        }
    }

    impl Payload for $type {
        type Get<'a> = Self;
        const KIND: Kind = $kind;
        fn get(payload: &[u8]) -> Option<Self> {
            Some(Self(payload.try_into().ok()?))
        }
        fn put(value: Self, number: u16, out: &mut Buffer) {
            out.put(number, &value.0);
        }
    }
)* } }
keys! { PublicKey Kind::Bytes, PrivateKey SECRET, PresharedKey SECRET, }

/// A struct without members, so that whoever shows a message by its tables has nothing to show.
const SECRET: Kind = Kind::Struct({
    static REDACTED: Struct = Struct { name: "redacted", size: LENGTH, members: &[] };
    &REDACTED
});

macro_rules! secret { ($($type:ident,)*) => { $(
    impl $type {
        /// In base64, for a file.
        pub fn to_base64(&self) -> SecretText {
            SecretText(encode(&self.0))
        }

        /// The key, or None if it is the kernel's word for no key.
        pub(crate) fn some(self) -> Option<Self> {
            (!self.is_zero()).then_some(self)
        }
    }

    impl PartialEq for $type {
        fn eq(&self, other: &Self) -> bool {
            same(&self.0, &other.0)
        }
    }
    impl Eq for $type {}

    impl fmt::Debug for $type {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(concat!(stringify!($type), "(redacted)"))
        }
    }
)* } }
secret! { PrivateKey, PresharedKey, }

impl PrivateKey {
    /// A new one, of the system's random bytes.
    ///
    /// # Errors
    /// If the system gives none.
    pub fn generate() -> Result<Self> {
        let mut key = Self(random()?);
        // As every key of Curve25519 is used in the end, and as `wg genkey` writes it.
        let [first, .., last] = &mut key.0;
        *first &= 0xf8;
        *last = *last & 0x7f | 0x40;
        Ok(key)
    }

    /// The public key that belongs to it.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(x25519_dalek::PublicKey::from(&StaticSecret::from(self.0)).to_bytes())
    }
}

impl PresharedKey {
    /// A new one, of the system's random bytes.
    ///
    /// # Errors
    /// If the system gives none.
    pub fn generate() -> Result<Self> {
        Ok(Self(random()?))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(core::str::from_utf8(&encode(&self.0)).unwrap_or_default())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}
