# SPDX-License-Identifier: BSD-3-Clause
"""The tables of a layer-2 switch, and the operations on them, as dataplane/ops.h describes them.

Plain dictionaries and sets, written from the description and from no other code.
"""
import copy
import struct

LPORTS, LAG0, NONE, UNLIMITED = 256, 128, 0xFFFF, 0xFFFFFFFF
ACTIONS = ["none", "log", "drop", "drop-and-log", "shutdown"]
DISCARDING, LEARNING, FORWARDING = 0, 1, 2
IN, OUT, UNTAGGED, PRIMARY_TAG = range(4)

OPS = {  # type: (name, layout)
    1: ("switch", "<IB3s"),
    2: ("port", "<HHIIIIIQ"),
    3: ("lag", "<HHI"),
    4: ("lag_del", "<HHI"),
    5: ("member_add", "<HH"),
    6: ("member_del", "<HH"),
    7: ("lport", "<HHIIB3s"),
    8: ("vlan", "<HHHHIIIB3s"),
    9: ("vlan_del", "<HHHHIIIB3s"),
    10: ("vlan_ports", "<HHI4Q"),
    11: ("vlan_port_limit", "<HHIB3s"),
    12: ("stp", "<HHB3s"),
    13: ("mac_set", "<HH6sBB"),
    14: ("mac_del", "<HH6sBB"),
    15: ("mac_flush", "<HHI"),
    16: ("port_up", "<HHIIIIIQ"),
    21: ("punt", "<HHII"),
}
NUMBER = {name: number for number, (name, _) in OPS.items()}


# What is punted, by number, as `system ddos-protection protocols` names it.
PUNTED = ["unclassified", "stp", "lacp", "oam-lfm", "esmc", "proto-802-1x", "lldp", "ptp", "pmvrp"]


def pack(name, *fields):
    """The 64 bytes of an operation."""
    number = NUMBER[name]
    return struct.pack("<HHI", number, 0, 0) + struct.pack(OPS[number][1], *fields).ljust(56, b"\0")


class Refused(Exception):
    """An operation is refused with one of these statuses."""


INVALID, NOT_FOUND, NO_RESOURCE, NO_SUPPORT = "INVALID", "NOT_FOUND", "NO_RESOURCE", "NO_SUPPORT"


def need(condition, *statuses):
    if not condition:
        raise Refused(*statuses)


class Port:
    """A physical port."""

    def __init__(self):
        self.admin, self.mtu, self.mbps, self.recovery = False, 1514, 1000, 0
        self.storm_classes, self.storm_shutdown, self.storm_kbps = 0, False, 0
        self.shutdown = False


class Lport:
    def __init__(self):
        self.untagged, self.no_learn, self.sticky = None, False, False
        self.limit, self.action = UNLIMITED, "none"


class Lag:
    def __init__(self):
        self.admin, self.minimum, self.members = False, 1, []


class Vlan:
    def __init__(self):
        self.vid = self.fid = self.stp = 0
        self.no_learn = self.private = False
        self.age, self.limit, self.action = 300, UNLIMITED, "none"
        self.sets = [set(), set(), set(), set()]


class Tables:
    def __init__(self, ports, max_vlans):
        self.max_vlans = max_vlans
        self.ports = [Port() for _ in range(ports)]
        self.lports = {i: Lport() for i in range(ports)}
        self.lags = {}
        self.vlans = {}  # by bridge domain
        self.stp = {}  # (instance, lport): state
        self.port_limits = {}  # (bd, lport): (limit, action)
        self.limit, self.action = UNLIMITED, "none"
        self.punt = {name: (20000, 20000) for name in PUNTED}  # (rate, burst)

    def clone(self):
        return copy.deepcopy(self)

    # ---- derived ----

    def lag_of(self, port):
        for k, lag in self.lags.items():
            if port in lag.members:
                return k
        return None

    def active(self, k):
        """Members of a LAG that send, in port order."""
        lag = self.lags[k]
        up = [p for p in sorted(lag.members)
              if self.ports[p].admin and not self.ports[p].shutdown]
        return up if lag.admin and len(up) >= lag.minimum else []

    def port_up(self, port):
        p = self.ports[port]
        k = self.lag_of(port)
        return p.admin and not p.shutdown and (k is None or bool(self.active(k)))

    def lport_up(self, lport):
        if lport >= LAG0:
            return lport - LAG0 in self.lags and bool(self.active(lport - LAG0))
        return self.lag_of(lport) is None and self.port_up(lport)

    def vlan_of_vid(self, vid):
        for bd, v in self.vlans.items():
            if v.vid == vid:
                return bd
        return None

    def stp_state(self, instance, lport):
        return self.stp.get((instance, lport), FORWARDING)

    def has_lport(self, lport):
        return lport in self.lports

    # ---- operations: apply() changes the tables, or raises Refused ----

    def apply(self, op):
        """Returns (name, fields) of a MAC operation, for the caller to do."""
        number, _, _ = struct.unpack_from("<HHI", op)
        need(number in OPS, INVALID)
        name, layout = OPS[number]
        size = struct.calcsize(layout)
        need(not any(op[8 + size:]), INVALID)
        fields = struct.unpack_from(layout, op, 8)
        return getattr(self, "op_" + name)(*fields)

    def op_switch(self, limit, action, pad):
        need(action < 5 and not any(pad), INVALID)
        self.limit, self.action = limit, ACTIONS[action]

    def op_port(self, port, mtu, flags, mbps, recovery, storm, pad, kbps):
        need(port < len(self.ports), NOT_FOUND, INVALID)
        need(256 <= mtu <= 9216 and flags <= 1 and not pad, INVALID)
        need(10 <= mbps <= 100000 and 8000000 % mbps == 0, INVALID)
        need(storm <= 0x1F, INVALID)
        need(storm & 0xF if kbps else not storm, INVALID)
        need(kbps <= mbps * 1000, INVALID)
        p = self.ports[port]
        p.admin, p.mtu, p.mbps, p.recovery = bool(flags), mtu, mbps, recovery
        p.storm_classes, p.storm_shutdown, p.storm_kbps = storm & 0xF, bool(storm & 16), kbps

    def op_port_up(self, port, *rest):
        need(port < len(self.ports), NOT_FOUND, INVALID)
        need(not any(rest), INVALID)
        self.ports[port].shutdown = False
        return "port_up", (port,)

    def op_punt(self, protocol, pad, pps, burst):
        need(protocol < len(PUNTED) and not pad and pps <= 100000 and burst <= 100000, INVALID)
        need(bool(pps) == bool(burst), INVALID)
        self.punt[PUNTED[protocol]] = pps, burst

    def op_lag(self, k, minimum, flags):
        need(k < 128 and flags <= 1 and 1 <= minimum <= 16, INVALID)
        if k not in self.lags:
            self.lags[k] = Lag()
            self.lports[LAG0 + k] = Lport()
        self.lags[k].minimum, self.lags[k].admin = minimum, bool(flags)

    def op_lag_del(self, k, minimum, flags):
        need(not minimum and not flags, INVALID, NOT_FOUND)
        need(k in self.lags, NOT_FOUND, INVALID)
        lport = LAG0 + k
        del self.lags[k], self.lports[lport]
        for v in self.vlans.values():
            for ports in v.sets:
                ports.discard(lport)
        self.stp = {key: s for key, s in self.stp.items() if key[1] != lport}
        self.port_limits = {key: s for key, s in self.port_limits.items() if key[1] != lport}

    def op_member_add(self, k, port):
        need(k in self.lags and port < len(self.ports), NOT_FOUND, INVALID)
        if port in self.lags[k].members:
            return
        need(self.lag_of(port) is None, INVALID)
        need(len(self.lags[k].members) < 16, NO_RESOURCE)
        self.lags[k].members.append(port)

    def op_member_del(self, k, port):
        need(k in self.lags and port in self.lags[k].members, NOT_FOUND, INVALID)
        self.lags[k].members.remove(port)

    def op_lport(self, lport, untagged, flags, limit, action, pad):
        need(self.has_lport(lport), NOT_FOUND, INVALID)
        need(flags <= 3 and action < 5 and not any(pad), INVALID)
        need(untagged == NONE or untagged in self.vlans, NOT_FOUND, INVALID)
        p = self.lports[lport]
        p.untagged = None if untagged == NONE else untagged
        p.no_learn, p.sticky = bool(flags & 1), bool(flags & 2)
        p.limit, p.action = limit, ACTIONS[action]

    def op_vlan(self, bd, vid, fid, stp, flags, age, limit, action, pad):
        need(bd < 4096 and 1 <= vid <= 4094 and flags <= 3 and action < 5 and not any(pad), INVALID)
        need(stp < 512 and 10 <= age <= 1000000, INVALID)
        need(self.vlan_of_vid(vid) in (None, bd), INVALID)
        need(fid == bd or (fid in self.vlans and flags & 2), INVALID, NOT_FOUND)
        if bd not in self.vlans:
            need(len(self.vlans) < self.max_vlans, NO_RESOURCE)
            self.vlans[bd] = Vlan()
        v = self.vlans[bd]
        v.vid, v.fid, v.stp = vid, fid, stp
        v.no_learn, v.private = bool(flags & 1), bool(flags & 2)
        v.age, v.limit, v.action = age, limit, ACTIONS[action]

    def op_vlan_del(self, bd, *rest):
        need(not any(x for x in rest if x != b"\0\0\0"), INVALID, NOT_FOUND)
        need(bd in self.vlans, NOT_FOUND, INVALID)
        need(all(v.fid != bd for b, v in self.vlans.items() if b != bd), INVALID)
        del self.vlans[bd]
        for p in self.lports.values():
            if p.untagged == bd:
                p.untagged = None
        self.port_limits = {key: s for key, s in self.port_limits.items() if key[0] != bd}

    def op_vlan_ports(self, bd, which, pad, *words):
        need(which < 4 and not pad, INVALID)
        need(bd in self.vlans, NOT_FOUND, INVALID)
        ports = {i for i in range(LPORTS) if words[i // 64] >> i % 64 & 1}
        need(all(map(self.has_lport, ports)), NOT_FOUND, INVALID)
        self.vlans[bd].sets[which] = ports

    def op_vlan_port_limit(self, bd, lport, limit, action, pad):
        need(action < 5 and not any(pad), INVALID)
        need(bd in self.vlans and self.has_lport(lport), NOT_FOUND, INVALID)
        self.port_limits.pop((bd, lport), None)
        if limit != UNLIMITED:
            self.port_limits[bd, lport] = (limit, ACTIONS[action])

    def op_stp(self, instance, lport, state, pad):
        need(state < 3 and not any(pad) and instance < 512, INVALID)
        need(self.has_lport(lport), NOT_FOUND, INVALID)
        self.stp[instance, lport] = state

    def op_mac_set(self, bd, lport, mac, kind, pad):
        address = int.from_bytes(mac, "big")
        need(address and not mac[0] & 1 and not pad, INVALID)
        need(kind < 4, INVALID)
        need(kind in (1, 2), NO_SUPPORT)
        need(bd in self.vlans and self.has_lport(lport), NOT_FOUND, INVALID)
        sets = self.vlans[bd].sets
        need(lport in sets[IN] or lport in sets[OUT], INVALID)
        return "mac_set", (bd, lport, address, ("static", "sticky")[kind - 1])

    def op_mac_del(self, bd, lport, mac, kind, pad):
        need(any(mac) and not mac[0] & 1 and not lport and not kind and not pad, INVALID)
        need(bd in self.vlans, NOT_FOUND, INVALID)
        return "mac_del", (bd, int.from_bytes(mac, "big"))

    def op_mac_flush(self, lport, bd, flags):
        need(flags <= 1, INVALID)
        need(bd == NONE or bd in self.vlans, NOT_FOUND, INVALID)
        need(lport == NONE or self.has_lport(lport), NOT_FOUND, INVALID)
        return "mac_flush", (lport, bd, bool(flags))
