"""Does one work by pyroute2 and prints what it used: WORK COUNT PROGRAM, the benchmark itself, which adds routes."""

import base64
import json
import resource
import socket
import struct
import subprocess
import sys
import time

import pyroute2
from pyroute2.netlink import GENL_ID_CTRL, NLM_F_ACK, NLM_F_REQUEST, ctrlmsg
from pyroute2.netlink.generic import GenericNetlinkSocket
from pyroute2.netlink.rtnl.rtmsg import rtmsg

MAIN = 254
LOOPBACK = 1
IPV4_ROUTE = 1 << 6
WATCH_BUFFER = 256 << 20
DEVICE = "wg0"
ALLOWED = 3
FIRST = 0x0A000000


def address(n):
    return socket.inet_ntoa(struct.pack(">I", FIRST + n))


def reads(route):
    has = route.get_attr("RTA_DST") is not None and route.get_attr("RTA_OIF") is not None
    return route["table"] == MAIN and has


def dump(count):
    with pyroute2.IPRoute() as ipr:
        return sum(reads(route) for route in ipr.route("dump", family=socket.AF_INET))


def collect(count):
    with pyroute2.IPRoute() as ipr:
        return sum([reads(route) for route in list(ipr.get_routes(family=socket.AF_INET))])


def add(count):
    with pyroute2.IPRoute() as ipr:
        for n in range(count):
            ipr.route("add", dst=address(n), dst_len=32, oif=LOOPBACK, scope=253)
    return count


def links(count):
    with pyroute2.IPRoute() as ipr:
        names = ((link.get_attr("IFLA_IFNAME"), link.get_attr("IFLA_MTU")) for link in ipr.link("dump"))
        return sum(name.startswith("i") and mtu is not None for name, mtu in names)


def one_link(ipr):
    return sum(link.get_attr("IFLA_MTU") is not None for link in ipr.link("get", ifname="lo"))


def get(count):
    with pyroute2.IPRoute() as ipr:
        return sum(one_link(ipr) for _ in range(count))


def open_each(count):
    seen = 0
    for _ in range(count):
        with pyroute2.IPRoute() as ipr:
            seen += one_link(ipr)
    return seen


def watch(count):
    seen = 0
    with pyroute2.IPRoute() as ipr:
        ipr.setsockopt(socket.SOL_SOCKET, 33, WATCH_BUFFER)  # SO_RCVBUFFORCE
        ipr.bind(groups=IPV4_ROUTE)
        words = [sys.argv[3], "dump", "--worker", "producer", "--count", str(count)]
        producer = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        while seen < count:
            seen += sum(message["event"] == "RTM_NEWROUTE" and reads(message) for message in ipr.get())
        producer.wait()
    return seen


def codec(count):
    with pyroute2.IPRoute() as ipr:
        sample = next(bytes(route.data) for route in ipr.route("dump", family=socket.AF_INET) if reads(route))
    seen = 0
    for _ in range(count):
        route = rtmsg(sample)
        route.decode()
        seen += reads(route)
    return seen


def generic(count):
    seen = 0
    with GenericNetlinkSocket() as controller:
        controller.bind("nlctrl", ctrlmsg)
        for _ in range(count):
            asked = ctrlmsg()
            asked["cmd"] = 3
            asked["version"] = 2
            asked["attrs"].append(["CTRL_ATTR_FAMILY_ID", GENL_ID_CTRL])
            replies = controller.nlm_request(asked, msg_type=GENL_ID_CTRL, msg_flags=NLM_F_REQUEST | NLM_F_ACK)
            seen += sum(reply.get_attr("CTRL_ATTR_FAMILY_NAME") is not None for reply in replies)
    return seen


def wireguard(count):
    whole = 0
    with pyroute2.WireGuard() as wg:
        for n in range(count):
            key = base64.b64encode(struct.pack(">I", n) + bytes([7]) * 28)
            allowed = [address(n * ALLOWED + k) + "/32" for k in range(ALLOWED)]
            wg.set(DEVICE, peer={"public_key": key, "allowed_ips": allowed})
        for part in wg.info(DEVICE):
            for peer in part.get_attr("WGDEVICE_A_PEERS") or []:
                whole += len(peer.get_attr("WGPEER_A_ALLOWEDIPS") or [])
    return whole // ALLOWED


WORKS = {
    "dump": dump,
    "collect": collect,
    "add": add,
    "links": links,
    "get": get,
    "open": open_each,
    "watch": watch,
    "codec": codec,
    "generic": generic,
    "wireguard": wireguard,
}


def main():
    work, count = WORKS[sys.argv[1]], int(sys.argv[2])
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    done = work(count)
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_SELF)
    used = {
        "done": done,
        "user": after.ru_utime - before.ru_utime,
        "system": after.ru_stime - before.ru_stime,
        "wall": wall,
        "memory": after.ru_maxrss / 1024,
    }
    print(json.dumps(used))


main()
