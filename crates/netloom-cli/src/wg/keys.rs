//! Keys: new ones, those in files, and the public one of a private one.

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::Words;
use netloom::wireguard::{NotAKey, PresharedKey, PrivateKey, SecretText};
use std::fs::File;
use std::io::Read as _;
use std::os::fd::AsFd as _;
use std::os::unix::fs::MetadataExt as _;
use std::str::FromStr;

pub(super) fn genkey(cx: &mut Context, _: &Words) -> Outcome {
    print(cx, &PrivateKey::generate()?.to_base64())
}

pub(super) fn genpsk(cx: &mut Context, _: &Words) -> Outcome {
    print(cx, &PresharedKey::generate()?.to_base64())
}

pub(super) fn pubkey(cx: &mut Context, words: &Words) -> Outcome {
    let mut text = String::new();
    let read = std::io::stdin().read_to_string(&mut text);
    read.map_err(|error| words.wrong(format!("cannot read standard input: {error}")))?;
    let key: PrivateKey = text.trim().parse().map_err(|error| words.wrong(format!("standard input: {error}")))?;
    Ok(writeln!(cx.out(), "{}", key.public_key())?)
}

/// Prints a secret, and warns if others can read where it goes.
fn print(cx: &mut Context, secret: &SecretText) -> Outcome {
    let file = std::io::stdout().as_fd().try_clone_to_owned().map(File::from);
    let open = file.and_then(|file| file.metadata()).is_ok_and(|found| found.is_file() && found.mode() & 0o007 != 0);
    if open {
        cx.warn("Warning: others than the owner can open the file that this key is written to; `umask 077` makes one that they cannot.");
    }
    Ok(writeln!(cx.out(), "{}", secret.as_str())?)
}

/// The key in a file, in base64; None if the file is empty, which says that there shall be none.
pub(super) fn in_file<K: FromStr<Err = NotAKey>>(words: &Words, path: &str) -> Result<Option<K>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| words.wrong(format!("{path}: {error}")))?;
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|error| words.wrong(format!("{path}: {error}"))),
    }
}
