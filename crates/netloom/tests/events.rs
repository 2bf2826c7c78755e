//! What kernels tell of buttons, disk quotas and thermal zones, by every driver; /sys and `repquota` are the judges. The
//! guest has a power button, a thermal zone, and disks that are a test's to fill.
#![cfg(all(feature = "tokio", feature = "async-io", feature = "generic"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::{
    fs,
    os::linux::fs::MetadataExt as _,
    path::PathBuf,
    process::Command,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use netloom::{
    AsyncEventSocket, ErrorKind, Event, EventFamily, EventSocket, Result,
    generic::{
        acpi::AcpiEvents,
        quota::{QuotaEvents, QuotaKind, QuotaLimit},
        thermal::{EventKind, Thermal},
    },
};
use netloom_testkit::{skip, tell_monitor, wait_for};

/// Longer than any event takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// What both sorts of sockets do.
trait Listener<F: EventFamily> {
    async fn next(&mut self) -> Result<Event<'_, F::Event>>;
    fn deadline(&mut self, limit: Option<Duration>);
}

macro_rules! listener { ($socket:ident, [$($await:tt)*]) => {
    impl<F: EventFamily> Listener<F> for $socket<F> {
        async fn next(&mut self) -> Result<Event<'_, F::Event>> {
            $socket::next(self)$($await)*
        }
        fn deadline(&mut self, limit: Option<Duration>) {
            $socket::deadline(self, limit);
        }
    }
} }
listener! { EventSocket, [] }
listener! { AsyncEventSocket, [.await] }

/// Waits for an event that `read` makes something of.
async fn find<F: EventFamily, T>(
    events: &mut impl Listener<F>,
    mut read: impl FnMut(u16, &F::Event) -> Option<T>,
) -> T {
    events.deadline(Some(PATIENCE));
    loop {
        if let Event::Happened { command, event } = events.next().await.unwrap() {
            if let Some(found) = read(command, event) {
                return found;
            }
        }
    }
}

/// The guest has one button and one zone: tests have them one after another.
fn machine() -> MutexGuard<'static, ()> {
    static MACHINE: Mutex<()> = Mutex::new(());
    MACHINE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn in_guest() -> bool {
    std::env::var("NETLOOM_GUEST").as_deref() == Ok("1")
}

/// `async fn name(events: FAMILY) or { skip } { … }` by each driver.
macro_rules! each_listener { ($($(#[$meta:meta])* async fn $name:ident($events:ident: $family:ty) or $feature:literal $body:block)*) => { $(
    $(#[$meta])*
    mod $name {
        use super::*;

        async fn body($events: &mut impl Listener<$family>) $body

        #[test]
        fn blocking() {
            if !in_guest() {
                skip!($feature, "the guest has it");
            }
            let _machine = machine();
            let mut events = EventSocket::<$family>::open().unwrap();
            netloom::socket::blocking::ready(async { Ok(body(&mut events).await) }).unwrap();
        }

        #[test]
        fn tokio() {
            if !in_guest() {
                skip!($feature, "the guest has it");
            }
            let _machine = machine();
            let runtime = ::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async { body(&mut AsyncEventSocket::<$family>::open().unwrap()).await });
        }

        #[test]
        fn async_io() {
            if !in_guest() {
                skip!($feature, "the guest has it");
            }
            let _machine = machine();
            ::async_io::block_on(async { body(&mut AsyncEventSocket::<$family>::open().unwrap()).await });
        }
    }
)* } }

/// How often the power button was pressed, as ACPI's core counts its interrupts.
fn presses() -> u32 {
    let text = fs::read_to_string("/sys/firmware/acpi/interrupts/ff_pwr_btn").unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}

fn temperature() -> i32 {
    fs::read_to_string("/sys/class/thermal/thermal_zone0/temp").unwrap().trim().parse().unwrap()
}

each_listener! {
    async fn a_press_of_the_power_button_is_told(events: AcpiEvents) or "power button" {
        let before = presses();
        assert!(tell_monitor("system_powerdown"));
        let read = |_, event: &netloom::generic::acpi::AcpiEvent| event.details().filter(|told| told.class() == "button/power");
        let told = find(events, read).await;
        assert_eq!(presses(), before + 1);
        // 0x80: a device's state changed (ACPI 6.5, table 5.165).
        assert_eq!((told.kind, told.data), (0x80, before + 1), "{told:?}");
        assert!(PathBuf::from("/sys/bus/acpi/devices").join(told.device()).exists(), "{told:?}");
        // Nothing else was pressed.
        events.deadline(Some(Duration::from_millis(200)));
        assert_eq!(events.next().await.unwrap_err().kind(), ErrorKind::Timeout);
    }

    async fn limits_of_a_disk_that_are_passed_are_told(events: QuotaEvents) or "disk quotas" {
        let disk = Disk::new();
        let mut warned = async |what: QuotaLimit| {
            let (user, caused) = find(events, |_, event: &netloom::generic::quota::QuotaWarning| {
                let device = (event.device_major(), event.device_minor());
                let ours = device == (Some(disk.device.0), Some(disk.device.1)) && event.warning() == Some(what);
                (ours && event.kind() == Some(QuotaKind::User)).then(|| (event.id(), event.caused_by()))
            })
            .await;
            assert_eq!((user, caused), (Some(NOBODY.into()), Some(NOBODY.into())), "{what:?}");
        };
        disk.writes("soft", 150, true);
        warned(QuotaLimit::BlockSoftLimit).await;
        assert_eq!(disk.reported(), ("soft".into(), 150));
        disk.writes("hard", 100, false);
        warned(QuotaLimit::BlockHardLimit).await;
        assert_eq!(disk.reported(), ("soft".into(), 200));
        disk.removes("soft");
        warned(QuotaLimit::BlockBelowSoftLimit).await;
        assert_eq!(disk.reported(), ("ok".into(), 50));
    }

    async fn changes_of_a_thermal_zone_are_told(events: Thermal) or "thermal zone" {
        let zone = |file: &str| format!("/sys/class/thermal/thermal_zone0/{file}");
        let read = |file: &str| fs::read_to_string(zone(file)).unwrap().trim().to_owned();
        let mut told = async |what: EventKind| {
            find(events, |command, event: &netloom::generic::thermal::ThermalMessage| {
                (EventKind::from(command) == what).then(|| (event.zone_id().next(), event.governor_name().map(str::to_owned)))
            })
            .await
        };
        fs::write(zone("mode"), "disabled").unwrap();
        assert_eq!(told(EventKind::ZoneDisabled).await, (Some(0), None));
        assert_eq!(read("mode"), "disabled");
        fs::write(zone("mode"), "enabled").unwrap();
        assert_eq!(told(EventKind::ZoneEnabled).await, (Some(0), None));
        assert_eq!(read("mode"), "enabled");
        let before = read("policy");
        let other = read("available_policies").split(' ').find(|policy| *policy != before).map(str::to_owned);
        for policy in [other.unwrap(), before] {
            fs::write(zone("policy"), &policy).unwrap();
            assert_eq!(told(EventKind::GovernorChanged).await, (Some(0), Some(policy)));
        }
        // Temperatures go to a group of their own as they are read.
        fs::write(zone("mode"), "enabled").unwrap();
        let (id, sampled) = find(events, |command, event: &netloom::generic::thermal::ThermalMessage| {
            Some((event.zone_id().next(), event.temperature().filter(|_| command == 0)?))
        })
        .await;
        assert_eq!((id, sampled), (Some(0), temperature()));
    }
}

/// The user `nobody`.
const NOBODY: u32 = 65534;

/// A disk in a file, with a limit for `nobody`: 100 blocks of 1 KiB, 200 at most.
struct Disk {
    folder: PathBuf,
    /// Major and minor number.
    device: (u32, u32),
}

impl Disk {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = PathBuf::from(format!("/run/netloom-quota-{}-{number}", std::process::id()));
        let (image, disk) = (folder.join("image"), folder.join("disk"));
        fs::create_dir_all(&disk).unwrap();
        let (image, disk) = (image.display(), disk.display());
        let _ = Command::new("modprobe").args(["-a", "loop", "ext4"]).status();
        must(&format!("truncate -s 16M {image}"));
        must(&format!("mkfs.ext4 -q -O quota {image}"));
        must(&format!("mount -o loop,usrquota {image} {disk}"));
        must(&format!("chmod 777 {disk}"));
        must(&format!("setquota -u {NOBODY} 100 200 0 0 {disk}"));
        let device = fs::metadata(folder.join("disk")).unwrap().st_dev();
        // `makedev(3)`, for small numbers.
        let device = (u32::try_from(device >> 8).unwrap(), u32::try_from(device & 0xff).unwrap());
        Self { folder, device }
    }

    fn disk(&self) -> String {
        self.folder.join("disk").display().to_string()
    }

    /// `nobody` writes so many KiB, which is allowed or not.
    fn writes(&self, name: &str, blocks: u32, allowed: bool) {
        let to = format!("of={}/{name} bs=1024 count={blocks} conv=fsync", self.disk());
        let words = format!("--reuid {NOBODY} --clear-groups dd if=/dev/zero {to}");
        let out = Command::new("setpriv").args(words.split(' ')).output().unwrap();
        assert_eq!(out.status.success(), allowed, "{}", String::from_utf8_lossy(&out.stderr));
    }

    /// `nobody` deletes a file.
    fn removes(&self, name: &str) {
        must(&format!("setpriv --reuid {NOBODY} --clear-groups rm {}/{name}", self.disk()));
    }

    /// What `repquota` says of `nobody`: whether a limit is passed, and how many blocks are used.
    fn reported(&self) -> (String, u32) {
        let used = || {
            let text = must(&format!("repquota -u -n -O csv {}", self.disk()));
            let line = text.lines().find(|line| line.starts_with(&format!("#{NOBODY},")))?.to_owned();
            let fields: Vec<&str> = line.split(',').collect();
            Some((fields[1].to_owned(), fields[3].parse().unwrap()))
        };
        wait_for(used).unwrap()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.disk()).status();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn must(line: &str) -> String {
    let mut words = line.split(' ');
    let out = Command::new(words.next().unwrap()).args(words).output().unwrap_or_else(|e| panic!("{line}: {e}"));
    assert!(out.status.success(), "{line}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}
