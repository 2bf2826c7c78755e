//! What tests find in the guest alone: QEMU's monitor, cards that are plugged in, simulated devices.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::Path,
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::is_root;

/// QEMU's own monitor.
const MONITOR: &str = "/dev/virtio-ports/netloom.monitor";
const SIMULATOR: &str = "/sys/bus/netdevsim";

/// Longer than a slow machine takes to bring a device up, or to take it down.
const PATIENCE: Duration = Duration::from_secs(60);

/// Tells QEMU's monitor something: `system_powerdown`. False where there is none: outside of the guest.
///
/// # Panics
/// If it is there and cannot be written.
pub fn tell_monitor(command: &str) -> bool {
    if std::env::var("NETLOOM_GUEST").as_deref() != Ok("1") {
        return false;
    }
    // Not to be truncated, nor created, where it is missing.
    let port = OpenOptions::new().write(true).open(MONITOR);
    let mut port = port.unwrap_or_else(|e| panic!("{MONITOR}: {e}"));
    writeln!(port, "{command}").unwrap_or_else(|e| panic!("{MONITOR}: {e}"));
    true
}

/// Waits until there is something; None if it takes too long.
pub fn wait_for<T>(mut find: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = find() {
            return Some(found);
        }
        if Instant::now() > end {
            return None;
        }
        sleep(Duration::from_millis(50));
    }
}

/// The name of a network device whose driver is called so.
pub fn device_of(driver: &str) -> Option<String> {
    let of = |entry: &fs::DirEntry| {
        let link = fs::read_link(entry.path().join("device/driver")).ok()?;
        (link.file_name()?.to_str()? == driver).then_some(())
    };
    let devices = fs::read_dir("/sys/class/net").ok()?.flatten();
    devices.filter(|entry| of(entry).is_some()).find_map(|entry| entry.file_name().into_string().ok())
}

/// A card that QEMU emulates; unplugged when dropped. There is one slot, so that tests have it one after another.
#[derive(Debug)]
pub struct Card {
    /// The device's name.
    pub name: String,
    _slot: MutexGuard<'static, ()>,
}

impl Card {
    /// Plugs in a model, with options behind it: `virtio-net-pci,rss=on`. None outside of the guest.
    ///
    /// # Panics
    /// If no device comes up.
    pub fn plugged(model: &str) -> Option<Self> {
        static SLOT: Mutex<()> = Mutex::new(());
        let slot = SLOT.lock().unwrap_or_else(PoisonError::into_inner);
        let before = devices();
        // Models and modules of emulated cards mostly have the same name.
        let _ = Command::new("modprobe").arg(model).output();
        if !tell_monitor(&format!("device_add {model},bus=slot0,id=card")) {
            return None;
        }
        let cards = || devices().into_iter().find(|name| !before.contains(name) && is_card(name));
        let name = wait_for(cards).unwrap_or_else(|| panic!("no {model} comes up"));
        Some(Self { name, _slot: slot })
    }
}

impl Drop for Card {
    fn drop(&mut self) {
        let _ = tell_monitor("device_del card");
        let _ = wait_for(|| (!devices().contains(&self.name)).then_some(()));
    }
}

fn devices() -> Vec<String> {
    let entries = fs::read_dir("/sys/class/net").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// Whether it is on a bus of PCI, unlike what other tests make at the same time.
fn is_card(name: &str) -> bool {
    fs::canonicalize(format!("/sys/class/net/{name}")).is_ok_and(|path| path.to_string_lossy().contains("/pci"))
}

/// A device of netdevsim with one port; gone when dropped.
#[derive(Debug)]
pub struct Simulated {
    /// The device's name.
    pub name: String,
    id: u32,
}

impl Simulated {
    /// Makes one with four queues. None where the kernel has no netdevsim.
    ///
    /// # Panics
    /// If it is there and makes no device.
    pub fn new() -> Option<Self> {
        static NEXT: Mutex<u32> = Mutex::new(0);
        if !is_root() {
            return None;
        }
        let _ = Command::new("modprobe").arg("netdevsim").output();
        if !Path::new(SIMULATOR).exists() {
            return None;
        }
        let mut next = NEXT.lock().unwrap_or_else(PoisonError::into_inner);
        *next += 1;
        let id = *next * 100_000 + std::process::id() % 100_000;
        let new = format!("{SIMULATOR}/new_device");
        fs::write(&new, format!("{id} 1 4")).unwrap_or_else(|e| panic!("{new}: {e}"));
        let folder = format!("{SIMULATOR}/devices/netdevsim{id}/net");
        let name = || fs::read_dir(&folder).ok()?.flatten().next()?.file_name().into_string().ok();
        let name = wait_for(name).unwrap_or_else(|| panic!("{folder}: there is no device"));
        Some(Self { name, id })
    }

    /// Writes a file of its port in debugfs: what it is to say, or to fail with.
    ///
    /// # Panics
    /// If there is no such file.
    pub fn set(&self, file: &str, text: &str) {
        let path = format!("/sys/kernel/debug/netdevsim/netdevsim{}/ports/0/{file}", self.id);
        fs::write(&path, text).unwrap_or_else(|e| panic!("{path}: {e}"));
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        let _ = fs::write(format!("{SIMULATOR}/del_device"), self.id.to_string());
    }
}
