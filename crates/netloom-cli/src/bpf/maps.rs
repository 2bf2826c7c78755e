//! The maps of an object.

use std::fs;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::Path;

use aya_obj::EbpfSectionKind;
use aya_obj::maps::{Map as Described, PinningType};
use netloom::bpf::{self, Map};

use super::elf::Selected;
use crate::bpf::Order;

/// Where iproute2 pins the maps that objects share by name.
const SHARED: &str = "/sys/fs/bpf/tc/globals";
/// `BPF_MAP_TYPE_PERF_EVENT_ARRAY`: it has an entry for each processor.
const PERF_EVENT_ARRAY: u32 = 4;
/// `BPF_MAP_TYPE_ARRAY_OF_MAPS` and `BPF_MAP_TYPE_HASH_OF_MAPS`.
const OF_MAPS: [u32; 2] = [12, 13];

/// Makes a map, or opens the one that is shared.
pub(super) fn make(
    order: &Order<'_>,
    selected: &Selected,
    name: &str,
    described: &Described,
    types: Option<&OwnedFd>,
) -> Result<OwnedFd, String> {
    if OF_MAPS.contains(&described.map_type()) {
        return Err(format!("map {name:?} is of maps, which cannot be made here"));
    }
    let device = order.purpose.device().filter(|_| described.map_type() != PERF_EVENT_ARRAY);
    let pinned = described.pinning() == PinningType::ByName || selected.shared.contains(name);
    if !pinned {
        return create(order, name, described, types, device);
    }
    let path = format!("{SHARED}/{name}");
    match bpf::open_pinned(&path) {
        Ok(fd) => same(&fd, described).then_some(fd).ok_or_else(|| format!("the map at {path:?} is not like {name:?}")),
        Err(error) if error.is_not_found() => {
            let fd = create(order, name, described, types, device)?;
            let said = |why: String| format!("{why}; is a BPF file system mounted at \"/sys/fs/bpf\"?");
            fs::create_dir_all(SHARED).map_err(|error| said(format!("cannot make {SHARED:?}: {error}")))?;
            bpf::pin(&fd, &path).map_err(|error| said(error.to_string()))?;
            Ok(fd)
        }
        Err(error) => Err(error.to_string()),
    }
}

fn create(
    order: &Order<'_>,
    name: &str,
    described: &Described,
    types: Option<&OwnedFd>,
    device: Option<u32>,
) -> Result<OwnedFd, String> {
    let entries = match described.max_entries() {
        0 if described.map_type() == PERF_EVENT_ARRAY => processors(),
        entries => entries,
    };
    let map = Map::new(described.map_type(), described.key_size(), described.value_size(), entries)
        .flags(described.map_flags())
        .device(device.unwrap_or(0));
    if is_data(described) {
        // As others name them, by the file too, since each object has such maps: 15 bytes in all.
        let room = 15usize.saturating_sub(name.len().max(7));
        let stem = Path::new(order.file).file_stem().unwrap_or_default().to_string_lossy();
        let name: String = stem.chars().take(room).chain(name.chars()).collect();
        let fd = map.name(&name).create_with(described.data()).map_err(|error| error.to_string())?;
        if described.section_kind() == EbpfSectionKind::Rodata {
            // Kernels that cannot freeze maps verify the program without knowing the constants.
            let _ = Map::freeze(&fd);
        }
        return Ok(fd);
    }
    let plain = map.name(name);
    // Many kinds of maps take no types.
    let typed = match (described, types) {
        (Described::Btf(map), Some(types)) => {
            let typed = plain.clone().types(types, map.def.btf_key_type_id, map.def.btf_value_type_id);
            typed.create().ok()
        }
        _ => None,
    };
    typed.map_or_else(|| plain.create().map_err(|error| error.to_string()), Ok)
}

/// Whether a map is one of global variables, whose values it begins with.
pub(super) fn is_data(map: &Described) -> bool {
    matches!(map.section_kind(), EbpfSectionKind::Data | EbpfSectionKind::Rodata | EbpfSectionKind::Bss)
}

/// Whether a map that is there has the kind and the sizes that the object describes.
fn same(fd: &OwnedFd, described: &Described) -> bool {
    let known = fs::read_to_string(format!("/proc/self/fdinfo/{}", fd.as_fd().as_raw_fd())).unwrap_or_default();
    let has = |key: &str, wanted: u32| {
        known.lines().any(|line| line.strip_prefix(key).is_some_and(|value| value.trim() == wanted.to_string()))
    };
    has("map_type:", described.map_type())
        && has("key_size:", described.key_size())
        && has("value_size:", described.value_size())
        && has("max_entries:", described.max_entries())
}

/// How many processors there can be; the kernel has a list such as `0-3`.
fn processors() -> u32 {
    let list = fs::read_to_string("/sys/devices/system/cpu/possible").unwrap_or_default();
    let last = list.trim().rsplit([',', '-']).next().and_then(|last| last.parse::<u32>().ok());
    last.map_or(1, |last| last.saturating_add(1))
}
