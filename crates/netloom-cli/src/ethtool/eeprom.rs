//! Memory of a pluggable module, page by page: `-m`; and its firmware.

use super::given::given;
use super::sheet::Sheet;
use super::talk::{CHANGED, Talk, changed, number};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::out::{Paint, Record};
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::commands::{FlashModule, GetModuleEeprom};
use netloom::ethtool::module::{FlashStatus, ModuleFlash};
use netloom::ethtool::{DeviceRef, GROUP};
use netloom::wire::{Notice, View as _};

pub(super) const WORDS: &[Word] = &[
    CHANGED,
    word("raw", Kind::OnOff, "write the bytes as they are"),
    word("hex", Kind::OnOff, "show the bytes in hexadecimal, as is done anyway"),
    word("pages", Kind::OnOff, "show all pages that the sort of module has, as is done anyway"),
    word("offset", Kind::Number(0, 255), "first byte within the page"),
    word("length", Kind::Number(1, 256), "how many bytes"),
    word("page", Kind::U8, "page; all but 0 begin at offset 128"),
    word("bank", Kind::U8, "bank, of pages that have several"),
    word("i2c", Kind::Number(0, 127), "address on the module's bus: 0x50, or 0x51 with SFP diagnostics"),
];
pub(super) const FLASH: &[Word] = &[
    CHANGED,
    word("file", Kind::Text("FILE"), "file among those that the kernel loads firmware from (/lib/firmware)"),
    word("pass", Kind::U32, "password that the module asks for"),
];

/// Bytes of half a page, which is what the kernel gives at once.
const HALF: u32 = 128;
/// Bytes on a line of text.
const LINE: usize = 16;
/// Where a module is on its bus; diagnostics of an SFP are elsewhere.
const ADDRESS: u8 = 0x50;
const DIAGNOSTICS: u8 = 0x51;

/// A piece of the memory.
struct Piece {
    bank: u8,
    page: u8,
    offset: u32,
    length: u32,
    address: u8,
}

impl Piece {
    const fn of(page: u8, offset: u32, address: u8) -> Self {
        Self { bank: 0, page, offset, length: HALF, address }
    }

    fn read(&self, talk: &mut Talk, device: &DeviceRef) -> Result<Vec<u8>, Failure> {
        let ask = GetModuleEeprom::with(device.clone(), |w| {
            w.offset(self.offset).length(self.length).page(self.page).bank(self.bank).i2c_address(self.address)
        });
        Ok(talk.run(&ask)?.data().unwrap_or_default().to_vec())
    }

    /// The piece and the rest of it beyond the half of the page that it begins in.
    fn halves(self) -> Vec<Self> {
        let first = HALF.saturating_sub(self.offset % HALF).min(self.length);
        let rest = self.length.saturating_sub(first);
        let next = Self { offset: self.offset.saturating_add(first), length: rest, ..self };
        let head = Self { length: first, ..next };
        let head = Self { offset: self.offset, ..head };
        if rest == 0 { vec![head] } else { vec![head, next] }
    }

    fn describe(&self, bytes: &[u8]) -> Record {
        let mut r = Record::new();
        r.number("bank", self.bank);
        r.number("page", self.page).shown(format!("page {:#04x}", self.page)).paint(Paint::Device);
        r.number("offset", self.offset);
        r.number("i2c_address", self.address).shown(format!("address {:#04x}", self.address));
        let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        for (number, line) in hex.chunks(LINE).enumerate() {
            let at = usize::try_from(self.offset).unwrap_or_default().saturating_add(number.saturating_mul(LINE));
            r.line(4);
            r.text(format!("{at:#06x}: {}", line.join(" ")));
        }
        r.strings("data", hex).json_only();
        r
    }
}

pub(super) fn run(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    for what in ["hex", "pages"] {
        if words.bool(what) == Some(false) {
            return Err(words.refused(format!("{what} off: what the bytes mean is not shown here")));
        }
    }
    let mut talk = Talk::open(cx)?;
    let one = ["page", "bank", "i2c", "offset", "length"].iter().any(|name| words.has(name));
    let pieces = if one { given_piece(words)? } else { pages(&mut talk, &device)? };
    let mut found = Vec::new();
    for piece in pieces {
        let bytes = piece.read(&mut talk, &device)?;
        found.push((piece, bytes));
    }
    if words.bool("raw") == Some(true) {
        for (_, bytes) in &found {
            cx.out().write_all(bytes)?;
        }
        return Ok(());
    }
    if !cx.options.json {
        let mut list = cx.list();
        for (piece, bytes) in &found {
            list.push(piece.describe(bytes))?;
        }
        return list.finish();
    }
    let mut r = Record::new();
    r.array("pages", |list| {
        for (piece, bytes) in &found {
            list.record(|r| *r = piece.describe(bytes));
        }
    });
    super::talk::print(cx, [r])
}

/// The piece that the words name.
fn given_piece(words: &Words) -> Result<Vec<Piece>, Failure> {
    let page = words.number("page").unwrap_or_default();
    let start = if page == 0 { 0 } else { HALF };
    let offset = number(words, "offset").unwrap_or(start);
    if offset < start {
        return Err(words.wrong("pages but 0 begin at offset 128"));
    }
    let most = 256u32.saturating_sub(offset);
    let length = number(words, "length").unwrap_or_else(|| most.min(HALF));
    if length > most {
        return Err(words.wrong(format!("behind offset {offset} the page has {most} bytes")));
    }
    let bank = words.number("bank").unwrap_or_default();
    let address = words.number("i2c").unwrap_or(ADDRESS);
    Ok(Piece { bank, page, offset, length, address }.halves())
}

/// The pages that a module of its sort has (SFF-8024, SFF-8472, SFF-8636, CMIS).
fn pages(talk: &mut Talk, device: &DeviceRef) -> Result<Vec<Piece>, Failure> {
    let lower = Piece::of(0, 0, ADDRESS);
    let bytes = lower.read(talk, device)?;
    let byte = |place: usize| bytes.get(place).copied().unwrap_or_default();
    let mut all = vec![lower];
    match byte(0) {
        // SFP: diagnostics, if it has them, are a device of their own on the bus.
        0x01..=0x03 => {
            all.push(Piece::of(0, HALF, ADDRESS));
            if byte(92) & 1 << 6 != 0 {
                all.extend([Piece::of(0, 0, DIAGNOSTICS), Piece::of(0, HALF, DIAGNOSTICS)]);
            }
        }
        // QSFP: page 3 has the thresholds, unless the memory is flat.
        0x0c | 0x0d | 0x11 => {
            all.push(Piece::of(0, HALF, ADDRESS));
            if byte(2) & 1 << 2 == 0 {
                all.push(Piece::of(3, HALF, ADDRESS));
            }
        }
        // CMIS: pages 1 and 2 and the first bank of 0x11, unless the memory is flat.
        0x18 | 0x19 | 0x1b | 0x1e..=0x20 => {
            all.push(Piece::of(0, HALF, ADDRESS));
            if byte(2) & 1 << 7 == 0 {
                all.extend([1, 2, 0x11].map(|page| Piece::of(page, HALF, ADDRESS)));
            }
        }
        _ => all.push(Piece::of(0, HALF, ADDRESS)),
    }
    Ok(all)
}

/// Updates the firmware and tells how it goes until it has ended.
pub(super) fn flash(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    let file = words.text("file").ok_or_else(|| words.missing("file"))?;
    let mut talk = Talk::open(cx)?;
    let mut told = talk.socket().watch_groups(&[GROUP])?;
    talk.run(&FlashModule::of(device, |w| {
        let w = w.file_name(file);
        given!(w, words; number "pass" => password)
    }))?;
    let name = words.text("device").map(str::to_owned);
    let mut list = cx.stream();
    loop {
        let Notice::Message { command, payload, .. } = told.next()? else { continue };
        let Some(found) = ModuleFlash::view(payload).filter(|_| command == super::monitor::FLASH) else { continue };
        if found.header().and_then(|header| header.name()) != name.as_deref() {
            continue;
        }
        list.push(progress(found).of(found.header()))?;
        list.flush()?;
        match found.status() {
            Some(FlashStatus::Completed) => return list.finish(),
            Some(FlashStatus::Failed) => {
                return Err(Failure::Failed(format!("firmware: {}", found.status_text().unwrap_or("it failed"))));
            }
            _ => {}
        }
    }
}

pub(super) fn progress(found: &ModuleFlash) -> Sheet {
    let mut s = Sheet::default();
    let status = found.status().map(|status| match status {
        FlashStatus::Started => "started".to_owned(),
        FlashStatus::InProgress => "in progress".to_owned(),
        FlashStatus::Completed => "completed".to_owned(),
        FlashStatus::Failed => "failed".to_owned(),
        other => u32::from(other).to_string(),
    });
    s.some("status", status);
    s.some("message", found.status_text());
    s.some("done", found.done());
    s.some("total", found.total());
    s
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_end_at_the_half_of_a_page() {
        let halves = |offset, length| {
            let piece = Piece { bank: 1, page: 0, offset, length, address: ADDRESS };
            piece.halves().iter().map(|piece| (piece.bank, piece.offset, piece.length)).collect::<Vec<_>>()
        };
        assert_eq!(halves(0, 128), [(1, 0, 128)]);
        assert_eq!(halves(100, 56), [(1, 100, 28), (1, 128, 28)]);
        assert_eq!(halves(200, 56), [(1, 200, 56)]);
    }
}
