//! Which kinds of links `show type TYPE` means.

use crate::words::Words;
use netloom::kind::TunMode;
use netloom::link::{Link, LinkData};

/// A kind that links or ports must have; by default all are meant.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// Kind of the link, by the kernel's name.
    kind: Option<String>,
    /// Kind of what the link is a port of.
    port_kind: Option<String>,
    /// What a tun must carry.
    carries: Option<TunMode>,
}

impl Wanted {
    /// Reads the word `type`: a kind, or `KIND_slave`. Links that `type tap` makes are of the kernel's kind `tun`.
    pub(crate) fn new(words: &Words) -> Self {
        let Some(given) = words.text("type") else { return Self::default() };
        match (given, given.strip_suffix("_slave")) {
            (_, Some(kind)) => Self { port_kind: Some(kind.into()), ..Self::default() },
            ("tap", _) => Self { kind: Some("tun".into()), carries: Some(TunMode::Tap), ..Self::default() },
            _ => Self { kind: Some(given.into()), ..Self::default() },
        }
    }

    /// The kind that the kernel can be asked for.
    pub(crate) fn kind(&self) -> Option<&str> {
        self.kind.as_deref()
    }

    /// Whether a link is of it.
    pub(crate) fn passes(&self, link: &Link) -> bool {
        self.kind().is_none_or(|kind| link.kind() == Some(kind))
            && self.port_kind.as_deref().is_none_or(|kind| link.port_kind() == Some(kind))
            && self.carries.is_none_or(|mode| match link.linkinfo().and_then(|info| info.data()) {
                Some(LinkData::Tun(tun)) => tun.tun_type() == Some(mode),
                _ => false,
            })
    }
}
