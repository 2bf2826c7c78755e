#!/usr/bin/env python3
"""What the golden cases need and iproute2 cannot do by itself; run inside the namespace of a case file's section.

mount-bpf             mounts a BPF file system and pins one trivial program of each kind that a route or a link may carry
advertise-prefix DEV  sends one router advertisement (RFC 4861) with a prefix out of DEV
"""
import ctypes, os, socket, struct, subprocess, sys, time

BPF = "/run/netloom-golden-bpf"
# BPF_PROG_TYPE_*: linux/bpf.h
TYPES = {"xdp": 6, "in": 10, "out": 11, "xmit": 12, "seg6local": 19}


def bpf(command, attr):
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(attr, 128)
    result = libc.syscall(321, command, buffer, 128)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"bpf({command})")
    return result


def mount_bpf():
    os.makedirs(BPF, exist_ok=True)
    if not os.path.ismount(BPF):
        subprocess.run(["mount", "-t", "bpf", "none", BPF], check=True)
    for name, kind in TYPES.items():
        if os.path.exists(f"{BPF}/{name}"):
            continue
        verdict = 2 if name == "xdp" else 0
        code = struct.pack("<BBhi", 0xB7, 0, 0, verdict) + struct.pack("<BBhi", 0x95, 0, 0, 0)
        code, licence = ctypes.create_string_buffer(code), ctypes.create_string_buffer(b"GPL")
        fd = bpf(5, struct.pack("<IIQQ", kind, 2, ctypes.addressof(code), ctypes.addressof(licence)))
        path = ctypes.create_string_buffer(f"{BPF}/{name}".encode())
        bpf(6, struct.pack("<QI", ctypes.addressof(path), fd))


def advertise_prefix(dev):
    time.sleep(0.2)  # the device's link-local address is still being set up
    prefix = struct.pack("!BBBBIII", 3, 4, 64, 0xC0, 3600, 1800, 0) + socket.inet_pton(socket.AF_INET6, "2001:db8:77::")
    body = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0) + prefix
    s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
    s.sendto(body, ("ff02::1", 0, 0, socket.if_nametoindex(dev)))


{"mount-bpf": mount_bpf, "advertise-prefix": advertise_prefix}[sys.argv[1]](*sys.argv[2:])
