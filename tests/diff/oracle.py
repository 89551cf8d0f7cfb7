# SPDX-License-Identifier: BSD-3-Clause
"""A slow layer-2 switch, for comparison: what must leave which port when, and what is counted.

Written from design.md, dataplane/ops.h and the comments of the headers, one packet at a time, with
dictionaries and lists. Where the rules leave a choice (an address that has been idle for between
one and two ageing times may be known or not) the record of the switch decides, and is only checked
against the rule.
"""
import zlib
from collections import deque

import config
from flow import be16, crc32c, flow_of, fmix32, fmix64
from switch import (FORWARDING, DISCARDING, IN, LAG0, LEARNING, NONE, OUT, PRIMARY_TAG, UNTAGGED,
                    Refused)

MS = 10 ** 9  # picoseconds
SEC = 10 ** 12
BASE_MAC = 0x02EE44000000
BROADCAST = 0xFFFFFFFFFFFF
CELLS, PORT_CELLS = 131072, 16384
NEVER = float("inf")


class Mismatch(Exception):
    """The switch did what the rules forbid."""


def expect(condition, text):
    if not condition:
        raise Mismatch(text() if callable(text) else text)


def same(what, got, want):
    if got != want:
        if isinstance(got, dict) and isinstance(want, dict):
            for key in {**got, **want}:
                same(f"{what}, {key}", got.get(key), want.get(key))
        raise Mismatch(f"{what}: the switch has {got}, expected {want}")


class Entry:
    """An address: what the table says, and since when it is idle."""

    def __init__(self, bd, lport, kind, now, age):
        self.bd, self.lport, self.kind = bd, lport, kind
        self.refresh(now, age)

    def refresh(self, now, age):
        self.used, self.age_min, self.age_max = now, age, age


class Queue:
    """What a port has to send, on virtual time."""

    def __init__(self):
        self.frames = deque()  # (ready, frame, cells)
        self.cells, self.line_free, self.out = 0, 0, NEVER

    def start(self, byte_ps):
        self.out = NEVER
        if self.frames:
            ready, frame, _ = self.frames[0]
            self.out = max(ready, self.line_free) + (8 + max(len(frame), 60) + 4) * byte_ps


class Bucket:
    """Storm control (qos/storm.h): 10 ms at the rate, in 1e-9 bit; a longer frame needs it full."""

    def __init__(self):
        self.ns, self.tokens = 0, NEVER

    def take(self, kbps, length, now):
        cost = (max(length, 60) + 4) * 8 * 10 ** 9
        depth, ns = kbps * 1000 * 10 ** 7, now // 1000
        self.tokens = min(self.tokens + (ns - self.ns) * kbps * 1000, depth)
        self.ns = ns
        if self.tokens < min(cost, depth):
            return False
        self.tokens -= cost
        return True


class Policer:
    """Of a punted protocol (dataplane/punt.h): a frame takes ceil(10^12 / pps) ps of a bucket."""

    def __init__(self):
        self.time, self.level = 0, NEVER

    def take(self, pps, burst, now):
        cost = -(-SEC // pps)
        self.level = min(self.level + now - self.time, cost * burst)
        self.time = now
        if self.level < cost:
            return False
        self.level -= cost
        return True


def punted_protocol(frame, tags):
    """By IEEE 802.1Q table 8-1, IEEE 802.3 annex 57A and the types that IEEE registered."""
    kind, rest = be16(frame, 12 + 4 * tags), frame[14 + 4 * tags:]
    if kind <= 1500:
        if rest[:6] == b"\xaa\xaa\3\0\0\0":
            return "unclassified"
        return "stp" if rest[:3] == b"\x42\x42\3" and frame[5] in (0, 8) else "unclassified"
    if kind == 0x8809:
        slow = {1: "lacp", 2: "lacp", 3: "oam-lfm", 10: "esmc"}
        return slow.get(rest[0] if rest else 0, "unclassified")
    if kind == 0x88F5:
        return "pmvrp" if frame[5] == 13 else "unclassified"
    return {0x888E: "proto-802-1x", 0x88CC: "lldp", 0x88F7: "ptp"}.get(kind, "unclassified")


class Counters:
    NAMES = ("rx_packets", "rx_bytes", "tx_packets", "tx_bytes", "punted", "passed", "enqueued",
             "time_backwards", "mac_limit_exceeded")

    def __init__(self):
        for name in self.NAMES:
            setattr(self, name, 0)
        self.drops = {}


class Oracle:
    def __init__(self, lines, seed):
        self.config = config.Config(lines)
        self.t = self.config.tables
        self.names = [p.name for p in self.config.ports]
        n = len(self.names)
        self.now, self.ran = 0, 0  # ran: ticks
        self.queues = [Queue() for _ in range(n)]
        self.buckets = [Bucket() for _ in range(n)]
        self.policers, self.punted = {}, {}
        self.count = [Counters() for _ in range(n)]
        self.copies = self.learned = self.moved = self.aged = self.cells = 0
        self.macs = {}  # (fid, address): Entry
        self.to_shut, self.recover, self.flushed = {}, {}, 0
        self.sent, self.taken = [], 0
        self.lag_seed = fmix64((seed + 0x9E3779B97F4A7C15) & (1 << 64) - 1) & 0xFFFFFFFF
        self.up_now = [self.t.port_up(p) for p in range(n)]
        self.cache()
        for bd, lport, address in self.config.macs:
            self.set_mac(bd, lport, address, "static")

    # ---- time ----

    def byte_ps(self, port):
        return 8000000 // self.t.ports[port].mbps

    def depart(self, limit, inclusive=True):
        """Frames whose last bit leaves until then, in order of time, then port."""
        while True:
            out, port = min((q.out, i) for i, q in enumerate(self.queues))
            if out > limit or (out == limit and not inclusive) or out == NEVER:
                return
            q = self.queues[port]
            _, frame, cells = q.frames.popleft()
            frame = frame.ljust(60, b"\0")
            self.sent.append((out, port, len(frame), zlib.crc32(frame)))
            c = self.count[port]
            c.tx_packets += 1
            c.tx_bytes += len(frame)
            q.cells -= cells
            self.cells -= cells
            q.line_free = out + 12 * self.byte_ps(port)
            q.start(self.byte_ps(port))

    def pass_time(self, to):
        """Ticks and departures up to an instant, which is later than or at the present one."""
        last = to // MS
        self.flushed = 0
        while True:
            nexts = list(self.recover.values())
            if self.to_shut:
                nexts.append(self.ran + 1)
            tick = min(nexts, default=NEVER)
            if tick > last:
                break
            self.depart(tick * MS, inclusive=False)
            self.tick(tick)
            self.ran = tick
        self.ran = last
        self.depart(to)
        self.now = to

    def tick(self, tick):
        """Deferred effects, then recovery."""
        before = self.up_now
        if self.to_shut:
            ports = set(self.to_shut)
            for port, cause in self.to_shut.items():
                k = self.t.lag_of(port)
                if cause == "MAC_LIMIT" and k is not None:
                    ports |= set(self.t.lags[k].members)
            for port in ports:
                self.t.ports[port].shutdown = True
                seconds = self.t.ports[port].recovery
                self.recover.pop(port, None)
                if seconds:
                    self.recover[port] = tick + seconds * 1000
            self.to_shut = {}
        for port in [p for p, at in self.recover.items() if at <= tick]:
            self.t.ports[port].shutdown = False
            del self.recover[port]
        self.changed(before)
        self.revalidate(tick * MS)

    def changed(self, before):
        """After a change of the tables: queues of ports that went down are emptied."""
        self.cache()
        self.up_now = [self.t.port_up(p) for p in range(len(self.names))]
        for port, up in enumerate(self.up_now):
            q = self.queues[port]
            if before[port] and not up and q.frames:
                self.drop(port, "QUEUE_PORT_DOWN", len(q.frames))
                self.cells -= q.cells
                q.frames.clear()
                q.cells, q.out = 0, NEVER

    def cache(self):
        self.lag_of = {p: k for k, lag in self.t.lags.items() for p in lag.members}
        self.bd_of = {v.vid: bd for bd, v in self.t.vlans.items()}
        self.active = {k: self.t.active(k) for k in self.t.lags}
        self.lport_up = {p: self.t.lport_up(p) for p in self.t.lports}

    # ---- addresses ----

    def revalidate(self, when=0):
        """Addresses go with their VLAN, their port's membership, and dynamic ones with the link."""
        for (fid, address), e in list(self.macs.items()):
            v = self.t.vlans.get(e.bd)
            if (v and v.fid == fid and (e.lport in v.sets[IN] or e.lport in v.sets[OUT]) and
                    (e.kind != "dynamic" or self.lport_up.get(e.lport))):
                continue
            del self.macs[fid, address]
            # Had it aged before? Then the switch counted it as that.
            self.flushed += e.kind == "dynamic" and when - e.used >= e.age_min * SEC

    def set_mac(self, bd, lport, address, kind):
        fid = self.t.vlans[bd].fid if bd in self.t.vlans else bd
        self.macs[fid, address] = Entry(bd, lport, kind, self.now, NEVER)

    def occupied(self, test):
        return sum(1 for e in self.macs.values() if e.kind != "static" and test(e))

    def limits(self, lport, bd, old):
        """Limits that one more address of a port and VLAN falls under, in order: what it would
        add to, the limit, and the action."""
        p, v = self.t.lports[lport], self.t.vlans[bd]
        if not old or old.lport != lport:
            yield self.occupied(lambda e: e.lport == lport), p.limit, p.action
        if (bd, lport) in self.t.port_limits and not (old and old.lport == lport and old.bd == bd):
            limit, action = self.t.port_limits[bd, lport]
            yield self.occupied(lambda e: e.lport == lport and e.bd == bd), limit, action
        if not old or old.bd != bd:
            yield self.occupied(lambda e: e.bd == bd), v.limit, v.action
        if not old:
            yield self.occupied(lambda e: True), self.t.limit, self.t.action

    def learn(self, address, lport, bd, port):
        """Returns the reason of a drop, or None."""
        v = self.t.vlans[bd]
        e = self.macs.get((v.fid, address))
        sticky = self.t.lports[lport].sticky
        if e:
            self.check_not_too_old(address, e)
            if e.lport == lport and e.bd == bd:
                e.refresh(self.now, v.age)
                return None
            if e.lport != lport and e.kind != "dynamic":
                return "FDB_STATIC_MOVE"
            if e.kind == "static":
                return None
        for count, limit, action in self.limits(lport, bd, e):
            if count >= limit:
                self.count[port].mac_limit_exceeded += 1
                if action in ("none", "log"):
                    return None
                if action == "shutdown":
                    self.to_shut[port] = "MAC_LIMIT"  # takes its LAG along, whatever else
                return "MAC_LIMIT"
        if not e:
            self.macs[v.fid, address] = Entry(bd, lport, "sticky" if sticky else "dynamic",
                                              self.now, v.age)
            self.learned += 1
        else:
            self.moved += e.lport != lport
            if e.lport != lport and sticky:
                e.kind = "sticky"
            e.lport, e.bd = lport, bd
            e.refresh(self.now, v.age)
        return None

    def too_old(self, e):
        return e.kind == "dynamic" and self.now - e.used > 2 * e.age_max * SEC + MS

    def check_not_too_old(self, address, e):
        if self.too_old(e):
            raise Mismatch(f"{address:012x} is idle for {(self.now - e.used) / SEC} s and known, "
                           f"with an ageing time of {e.age_max} s")

    def age(self, delta, tables, source):
        """The switch says that addresses aged; believes it if the rule allows it."""
        left = {(m["vlan_id"], m["mac"]) for m in tables["mac"]}
        gone = []
        for (fid, address), e in self.macs.items():
            v = self.t.vlans.get(fid)
            key = (v.vid if v else 0, self.mac_text(address))
            if e.kind == "dynamic" and key not in left:
                gone.append((fid, address))
        missing = delta - len(gone)
        if (missing >= 1 and source in self.macs and source not in gone and
                (self.too_old(self.macs[source]) or missing == 1 and not self.flushed)):
            gone.append(source)  # it aged, and this very frame brought it back
            missing -= 1
        expect(missing == 0 or self.flushed,
               f"{delta} addresses were counted as aged, and {len(gone)} have gone")
        for key in gone:
            e = self.macs.pop(key)
            expect(self.now - e.used >= e.age_min * SEC,
                   f"{key[1]:012x} aged after {(self.now - e.used) / SEC} s, "
                   f"with an ageing time of {e.age_min} s")
        self.aged += delta

    # ---- operations ----

    def apply(self, ops, got):
        """got: what the switch answered, a status for each operation."""
        next_tables, macs, wanted = self.t.clone(), [], []
        for op in ops:
            try:
                mac = next_tables.apply(op)
                wanted.append(("OK", "ABORTED"))
                if mac:
                    macs.append(mac)
            except Refused as refused:
                wanted.append(refused.args)
        ok = all(w[0] == "OK" for w in wanted)
        for i, (status, want) in enumerate(zip(got, wanted)):
            if want[0] == "OK":
                want = ("OK",) if ok else ("ABORTED",)
            expect(status in want, f"operation {i} {ops[i].hex()}: {status}, expected {want}")
        if not ok:
            return
        before, old = self.up_now, self.t
        self.t = next_tables
        for bd, v in self.t.vlans.items():
            if bd in old.vlans and old.vlans[bd].age != v.age:
                for e in self.macs.values():
                    if e.bd == bd:
                        e.age_min, e.age_max = min(e.age_min, v.age), max(e.age_max, v.age)
        for name, fields in macs:
            if name == "port_up":
                self.recover.pop(fields[0], None)
                self.to_shut.pop(fields[0], None)  # one that is due at the next tick as well
        self.changed(before)
        self.revalidate()
        for name, fields in macs:
            self.apply_mac(name, fields)
        self.revalidate()

    def apply_mac(self, name, fields):
        if name == "mac_set":
            self.set_mac(*fields)
        elif name == "mac_del":
            bd, address = fields
            if bd in self.t.vlans:
                self.macs.pop((self.t.vlans[bd].fid, address), None)
        elif name == "mac_flush":
            lport, bd, sticky = fields
            self.macs = {key: e for key, e in self.macs.items()
                         if e.kind == "static" or (e.kind == "sticky" and not sticky) or
                         lport not in (NONE, e.lport) or bd not in (NONE, e.bd)}

    # ---- packets ----

    def drop(self, port, reason, n=1):
        drops = self.count[port].drops
        drops[reason] = drops.get(reason, 0) + n

    def receive(self, port, time, original, frame):
        """A frame arrives; its time has passed already (pass_time)."""
        c = self.count[port]
        c.rx_packets += 1
        c.rx_bytes += original
        reason = self.walk(port, original, frame)
        if reason:
            self.drop(port, reason)

    def walk(self, port, original, frame):
        """Returns the reason of an ingress drop, or None."""
        reason, *where = self.classify(port, original, frame)
        if reason == "punt":
            return self.punt(port, frame, *where)
        return reason or self.bridge(port, *where, frame)

    def punt(self, port, frame, tags):
        name = punted_protocol(frame, tags)
        count = self.punted.setdefault(name, {"received": 0, "dropped": 0})
        rate, burst = self.t.punt[name]
        count["received"] += 1
        if rate and not self.policers.setdefault(name, Policer()).take(rate, burst, self.now):
            count["dropped"] += 1
            return "PUNT_POLICED"
        self.count[port].punted += 1
        return None

    def classify(self, port, original, frame):
        """The reason to go no further, or None and (logical port, bridge domain, tag)."""
        if original < 14:
            return "RUNT",
        if len(frame) < original:
            return "TRUNCATED",
        tags, off = [], 12
        while be16(frame, off) in (0x8100, 0x88A8) and len(tags) < 2:
            if len(frame) < off + 6:
                return "RUNT",  # ends within the tag
            tags.append((be16(frame, off), be16(frame, off + 2)))
            off += 4
        if not self.up_now[port]:
            return "PORT_DOWN",
        if original - 4 * len(tags) > self.t.ports[port].mtu:
            return "EXCEEDS_L2_MTU",
        if frame[:5] == b"\x01\x80\xc2\0\0" and frame[5] < 16:
            return "punt", len(tags)
        src = int.from_bytes(frame[6:12], "big")
        if frame[6] & 1:
            return "SMAC_MULTICAST",
        if not src:
            return "SMAC_ZERO",
        if BASE_MAC <= src < BASE_MAC + len(self.names):
            return "SMAC_OWN",
        lport = LAG0 + self.lag_of[port] if port in self.lag_of else port
        tci = tags[0][1] if tags and tags[0][0] == 0x8100 else None
        if tci is not None and tci & 0xFFF:
            bd = self.bd_of.get(tci & 0xFFF)
            if bd is None or lport not in self.t.vlans[bd].sets[IN]:
                return "INGRESS_VLAN_FILTER",
        else:
            bd = self.t.lports[lport].untagged
            if bd is None or lport not in self.t.vlans[bd].sets[IN]:
                return "VLAN_TAG_NOT_ALLOWED",
        return None, lport, bd, tci

    def bridge(self, port, lport, bd, tci, frame):
        dst, src = (int.from_bytes(frame[i:i + 6], "big") for i in (0, 6))
        v = self.t.vlans[bd]
        stp = self.t.stp_state(v.stp, lport)
        if stp == DISCARDING:
            return "INGRESS_STP_FILTER"
        if not v.no_learn and not self.t.lports[lport].no_learn:
            reason = self.learn(src, lport, bd, port)
            if reason:
                return reason
        if stp == LEARNING:
            return "STP_LEARNING"
        known = None if dst >> 40 & 1 else self.macs.get((v.fid, dst))
        if known:
            self.check_not_too_old(dst, known)
            if known.lport == lport:
                return "LOOPBACK_FILTER"
            reason = self.refusal(v, known.lport)
            if not reason:
                self.send([known.lport], v, tci, frame, port)
            return reason
        reason = self.storm(port, dst, len(frame))
        if reason:
            return reason
        to = [p for p in sorted(v.sets[OUT])
              if p != lport and self.lport_up[p] and self.t.stp_state(v.stp, p) == FORWARDING]
        if not to:
            return "FDB_MC_DISCARD"
        self.send(to, v, tci, frame, port)
        return None

    def refusal(self, v, lport):
        """Why a frame of a VLAN may not go to the port of its destination."""
        if lport not in v.sets[OUT]:
            return "PVLAN_ISOLATION" if v.private else "EGRESS_VLAN_FILTER"
        if not self.lport_up[lport]:
            return "EGRESS_PORT_DOWN"
        if self.t.stp_state(v.stp, lport) != FORWARDING:
            return "EGRESS_STP_FILTER"
        return None

    def storm(self, port, dst, length):
        p = self.t.ports[port]
        kind = 1 if dst == BROADCAST else 2 if dst >> 40 & 1 else 8
        if not p.storm_kbps or not p.storm_classes & kind:
            return None
        if self.buckets[port].take(p.storm_kbps, length, self.now):
            return None
        if p.storm_shutdown:
            self.to_shut.setdefault(port, "STORM_CONTROL")
        return "STORM_CONTROL"

    def send(self, lports, v, tci, frame, in_port):
        self.count[in_port].passed += 1
        self.copies += len(lports) - 1
        for lport in lports:
            port = lport
            if lport >= LAG0:
                members = self.active[lport - LAG0]
                h = fmix32(crc32c(flow_of(frame)) ^ self.lag_seed)
                port = members[h * len(members) >> 32]
            self.enqueue(port, self.retag(frame, tci, self.out_vid(v, lport)))

    def out_vid(self, v, lport):
        """The VLAN identifier of the tag with which a copy leaves, None without a tag."""
        if lport in v.sets[UNTAGGED]:
            return None
        return self.t.vlans[v.fid].vid if lport in v.sets[PRIMARY_TAG] else v.vid

    @staticmethod
    def retag(frame, tci, vid):
        plain = frame if tci is None else frame[:12] + frame[16:]
        if vid is None:
            return plain
        tag = b"\x81\x00" + ((tci or 0) & 0xF000 | vid).to_bytes(2, "big")
        return plain[:12] + tag + plain[12:]

    def enqueue(self, port, frame):
        tags = 0
        while tags < 2 and len(frame) >= 18 + 4 * tags and \
                be16(frame, 12 + 4 * tags) in (0x8100, 0x88A8):
            tags += 1
        cells = (len(frame) + 255) // 256
        q = self.queues[port]
        if len(frame) - 4 * tags > self.t.ports[port].mtu:
            self.drop(port, "EXCEEDS_EGRESS_MTU")
        elif q.cells + cells > PORT_CELLS:
            self.drop(port, "QUEUE_FULL")
        elif self.cells + cells > CELLS:
            self.drop(port, "BUFFER_FULL")
        else:
            self.count[port].enqueued += 1
            q.cells += cells
            self.cells += cells
            q.frames.append((self.now, frame, cells))
            if len(q.frames) == 1:
                q.start(self.byte_ps(port))

    # ---- what the switch shows ----

    @staticmethod
    def mac_text(address):
        return ":".join(f"{b:02x}" for b in address.to_bytes(6, "big"))

    def compare_counters(self, got):
        totals = {}
        for i, name in enumerate(self.names):
            have, c = got["ports"][name], self.count[i]
            want = {n: getattr(c, n) for n in Counters.NAMES}
            want.update(queued=len(self.queues[i].frames), consumed=0, held=0, drops=c.drops)
            same(f"counters of {name}", have, {n: want[n] for n in have})
            for reason, n in c.drops.items():
                totals[reason] = totals.get(reason, 0) + n
        same("drops", got["drops"], totals)
        same("copies", got["switch"]["copies"], self.copies)
        same("punt", got["punt"], self.punted)
        fdb = got["fdb"]
        same("fdb", (fdb["learned"], fdb["moved"], fdb["aged"], fdb["limit_exceeded"]),
             (self.learned, self.moved, self.aged, sum(c.mac_limit_exceeded for c in self.count)))

    def vlan_name(self, bd):
        return self.config.vlan_names.get(bd, "?")

    def compare_tables(self, got):
        want = []
        for (fid, address), e in self.macs.items():
            self.check_not_too_old(address, e)
            want.append({"vlan": self.vlan_name(fid), "vlan_id": self.t.vlans[fid].vid,
                         "mac": self.mac_text(address), "port": self.config.unit(e.lport),
                         "type": e.kind})
        want.sort(key=lambda m: (m["vlan_id"], m["mac"]))
        for have, expected in zip(got["mac"], want):
            same("MAC table", have, expected)
        same("number of addresses", len(got["mac"]), len(want))
        for have, (bd, v) in zip(got["vlans"], sorted(self.t.vlans.items(),
                                                      key=lambda x: x[1].vid)):
            units = {name: [self.config.unit(p) for p in sorted(ports)] for name, ports in
                     (("untagged", v.sets[UNTAGGED]), ("tagged", v.sets[OUT] - v.sets[UNTAGGED]))}
            macs = self.occupied(lambda e, b=bd: e.bd == b)
            same(f"VLAN {v.vid}", have,
                 dict(vlan=self.vlan_name(bd), vlan_id=v.vid, macs=macs, **units))
        same("number of VLANs", len(got["vlans"]), len(self.t.vlans))
        for have, (k, lag) in zip(got["lags"], sorted(self.t.lags.items())):
            name = self.config.unit(LAG0 + k)[:-2]
            same(f"ae{k}", have, {"lag": name, "up": bool(self.active[k]),
                                  "active": len(self.active[k]),
                                  "members": [self.names[p] for p in sorted(lag.members)]})
        same("number of LAGs", len(got["lags"]), len(self.t.lags))
