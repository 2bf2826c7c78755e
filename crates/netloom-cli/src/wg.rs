//! `wg`: WireGuard devices, their peers and keys. Words, output, files and exit codes are those of `wg` of wireguard-tools.

mod change;
mod conf;
mod endpoint;
mod human;
mod keys;
mod property;
mod settings;
mod show;

use crate::context::Context;
use crate::failure::Failure;
use crate::words::{Kind, Object, Verb, Word, word};
use netloom::WireGuard;

pub(crate) static OBJECT: Object = Object {
    names: &["wg"],
    about: "WireGuard devices, their peers, and keys",
    whole_verbs: true,
    options: &[],
    one_failure: true,
    all_once: false,
    verbs: &[
        Verb {
            names: &["show"],
            about: "show devices, or one property; secret keys are hidden unless WG_HIDE_KEYS is \"never\"",
            words: show::SHOW,
            run: show::show,
        },
        Verb {
            names: &["showconf"],
            about: "print a device as a file for setconf",
            words: DEVICE,
            run: show::showconf,
        },
        Verb { names: &["set"], about: "change a device and its peers", words: change::SET, run: change::set },
        Verb { names: &["setconf"], about: "have a device become what a file says", words: FILE, run: change::setconf },
        Verb { names: &["addconf"], about: "add what a file says to a device", words: FILE, run: change::addconf },
        Verb {
            names: &["syncconf"],
            about: "the same as setconf, but peers that stay keep their sessions",
            words: FILE,
            run: change::syncconf,
        },
        Verb { names: &["genkey"], about: "print a new private key", words: &[], run: keys::genkey },
        Verb { names: &["genpsk"], about: "print a new preshared key", words: &[], run: keys::genpsk },
        Verb {
            names: &["pubkey"],
            about: "print the public key that belongs to the private key on standard input",
            words: &[],
            run: keys::pubkey,
        },
    ],
};

const DEVICE: &[Word] = &[word("device", Kind::Device, "the device").first()];

const FILE: &[Word] = &[
    word("device", Kind::Device, "the device").first(),
    word("file", Kind::Text("FILE"), "a file with sections [Interface] and [Peer]; /dev/stdin is standard input")
        .bare(),
];

/// A socket in the namespace that the options name.
fn socket(cx: &Context) -> Result<WireGuard, Failure> {
    WireGuard::with(&cx.socket_options()?).map_err(Failure::Unavailable)
}
