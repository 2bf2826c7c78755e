//! The guest's initial memory disk, in the `newc` format of cpio (`Documentation/driver-api/early-userspace/buffer-format.rst`).

/// A disk under construction.
#[derive(Debug, Default)]
pub(super) struct MemoryDisk {
    bytes: Vec<u8>,
    count: u32,
}

const FOLDER: u32 = 0o040_755;
const PROGRAM: u32 = 0o100_755;
const LINK: u32 = 0o120_777;

impl MemoryDisk {
    pub(super) fn folder(&mut self, name: &str) {
        self.entry(name, FOLDER, &[]);
    }

    pub(super) fn file(&mut self, name: &str, content: &[u8]) {
        self.entry(name, PROGRAM, content);
    }

    pub(super) fn link(&mut self, name: &str, target: &str) {
        self.entry(name, LINK, target.as_bytes());
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.entry("TRAILER!!!", 0, &[]);
        self.bytes
    }

    fn entry(&mut self, name: &str, mode: u32, content: &[u8]) {
        self.count += 1;
        let size = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        // inode, mode, uid, gid, links, time, size, device (2), what a device file is (2), length of the name, no checksum
        let fields = [self.count, mode, 0, 0, 1, 0, size(content.len()), 0, 0, 0, 0, size(name.len() + 1), 0];
        self.bytes.extend_from_slice(b"070701");
        fields.iter().for_each(|field| self.bytes.extend_from_slice(format!("{field:08x}").as_bytes()));
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.push(0);
        self.align();
        self.bytes.extend_from_slice(content);
        self.align();
    }

    fn align(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_aligned_and_end_with_the_trailer() {
        let mut disk = MemoryDisk::default();
        disk.folder("bin");
        disk.file("init", b"#!/bin/sh\n");
        disk.link("bin/sh", "busybox");
        let bytes = disk.finish();
        let starts: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(b"070701")).collect();
        assert_eq!(starts.len(), 4);
        assert!(starts.iter().all(|at| at % 4 == 0) && bytes.len() % 4 == 0);
        let second = String::from_utf8_lossy(&bytes[starts[1]..starts[2]]);
        assert_eq!(&second[6..22], "00000002000081ed");
        assert_eq!(&second[110..116], "init\0\0");
        assert!(second[116..].starts_with("#!/bin/sh\n"));
        assert!(String::from_utf8_lossy(&bytes).contains("TRAILER!!!\0"));
    }
}
