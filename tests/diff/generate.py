# SPDX-License-Identifier: BSD-3-Clause
"""Random cases: a configuration, and frames, operations and pauses.

A case is a pure function of its seed. `lines` are the words of the `set` lines, `text` is the
configuration as the switch gets it, `events` are statements of diff.c.
"""
import os
import random
import shlex
import struct

import chassis
import config
from switch import LAG0, NONE, UNLIMITED, pack

US, MS, SEC = 10 ** 6, 10 ** 9, 10 ** 12
ACTIONS = ["none", "log", "drop", "drop-and-log", "shutdown"]
FAMILY = "unit 0 family ethernet-switching".split()


AVOID = os.environ.get("AVOID", "look age order lag").split()


class Case:
    def __init__(self, seed, lines, events, text=None):
        self.seed, self.lines, self.events = seed, lines, events
        self.text = text if text is not None else set_text(lines)

    def write(self, file):
        """As diff.c reads it."""
        text = self.text.encode()
        file.write(b"case %d %d\n%s" % (self.seed, len(text), text))
        file.write("".join(self.events).encode())

    def without(self, lines=(), events=()):
        """The case without some of its lines and events, given by number."""
        return Case(self.seed, [x for i, x in enumerate(self.lines) if i not in lines],
                    [x for i, x in enumerate(self.events) if i not in events])


def quote(word):
    return f'"{word}"' if " " in word else word


def words_of(line):
    return shlex.split(line)


def set_text(lines):
    return "".join("set " + " ".join(map(quote, words)) + "\n" for words in lines)


# ---- the other written form ----

BLOCKS = {"unit", "storm-control-profiles", "static-mac", "fpc", "pic", "port", "family",
          "interface", "interface-mac-limit"}
LISTS = {"members", "community-vlans", "vlan-id-list", "apply-groups"}


class Curly:
    """Prints a tree of words with curly braces, with the liberties that the form has."""

    def __init__(self, rng):
        self.rng, self.out = rng, []

    def line(self, depth, text):
        noise = self.rng.random()
        if noise < 0.03:
            self.out.append("    " * depth + "/* set this; { or not } */\n")
        elif noise < 0.06:
            self.out.append("    " * depth + "# a comment; {\n")
        self.out.append("    " * depth + text + "\n")

    def block(self, depth, head, node):
        if not node:
            self.line(depth, head + ";")
        elif self.rng.random() < 0.1 and len(node) == 1 and not any(node.values()):
            self.line(depth, f"{head} {{ {quote(next(iter(node)))}; }}")
        else:
            self.line(depth, head + " {")
            self.children(depth + 1, node)
            self.line(depth, "}")

    def children(self, depth, node):
        words = list(node)
        self.rng.shuffle(words)
        for word in words:
            self.child(depth, word, node[word])

    def child(self, depth, word, node):
        leaf = node and not any(node.values())
        if word in LISTS and leaf and self.rng.random() < 0.7:
            self.line(depth, f"{word} [ {' '.join(map(quote, node))} ];")
        elif word in ("interface-mac-limit", "mac-table-size", "global-mac-limit"):
            self.limit(depth, word, node)
        elif word in BLOCKS:
            for key, below in node.items():
                self.block(depth, f"{word} {quote(key)}", below)
        elif leaf and word not in CONTAINERS and "members" not in node:
            for key in node:
                self.line(depth, f"{word} {quote(key)};")
        else:
            self.block(depth, quote(word), node)

    def limit(self, depth, word, node):
        number = next(k for k in node if k.isdigit())
        rest = {k: v for k, v in node.items() if k != number}
        if self.rng.random() < 0.5:
            self.block(depth, f"{word} {number}", rest)
        else:
            self.block(depth, word, node)


CONTAINERS = {"all", "ethernet-switching", "ether-options", "aggregated-ether-options",
              "switch-options", "system", "chassis", "voip", "l2-learning", "protocols", "vlans"}


def curly_text(lines, rng):
    printer = Curly(rng)
    printer.children(0, config.tree_of(lines))
    return "".join(printer.out)


# ---- configurations ----

class Configuration:
    """Random, and valid."""

    def __init__(self, rng):
        self.rng, self.lines = rng, []
        self.vlans = {}  # name: list of ids
        self.private = set()  # names that private VLANs take
        self.groups = []  # (primary, isolated or None, communities)
        self.bridged = []  # names
        self.access, self.trunk = {}, {}  # name: VLAN names
        self.lags = {}
        self.sticky, self.no_learning = set(), set()
        if rng.random() < 0.06:
            self.factory()
        else:
            self.make()

    def add(self, *words):
        flat = []
        for word in words:
            flat += word if isinstance(word, list) else str(word).split()
        self.lines.append(flat)

    def chance(self, p):
        return self.rng.random() < p

    def factory(self):
        self.chassis()
        self.choose(8)

    def make(self):
        self.chassis()
        self.choose(self.rng.randint(3, 9))
        self.make_speeds()
        self.make_vlans()
        self.make_lags()
        self.make_ports()
        self.make_private()
        self.make_options()
        self.make_storm()

    def chassis(self):
        rng = self.rng
        model = rng.choice(list(chassis.ACCESS)) if self.chance(0.4) else "ex4400-24t"
        module = rng.choice([*chassis.MODULES, None, None, None])
        channels = {}
        if model != "ex4400-24t" or self.chance(0.2):
            self.add("chassis model", model)
        if module:
            self.add("chassis extension-module", module)
        if self.chance(0.1):
            channels = {rng.randint(0, 1): rng.choice([10000, 25000])}
            for where, mbps in channels.items():
                self.add("chassis fpc 0 pic 1 port", where, "channel-speed", f"{mbps // 1000}g")
        if self.chance(0.2):
            self.add("system host-name", "switch-1")
        self.ports = chassis.ports_of(model, module, channels)

    def choose(self, n):
        """Ports that the case is about, a few of each kind."""
        others = [p for p in self.ports if p.pic]
        self.mine = self.rng.sample(self.ports[:12] + others, min(n, 12))
        if self.chance(0.2):
            self.mine += self.rng.sample(self.ports[12:24], 2)

    def make_speeds(self):
        for port in self.mine:
            if self.chance(0.3) and len(port.speeds) > 1:
                port.mbps = self.rng.choice(port.speeds)
                if port.mbps != port.speeds[-1] or self.chance(0.3):
                    self.add("interfaces", port.name, "speed", chassis.SPEED_WORDS[port.mbps])

    # ---- VLANs ----

    def make_vlans(self):
        rng = self.rng
        pool = rng.sample([1, 2, 3, 10, 20, 30, 100, 200, 300, 999, 2000, 4093, 4094], 12)
        for i in range(rng.randint(1, 5)):
            vid = pool.pop()
            name = rng.choice([f"v{vid}", f"net-{vid}x", f"V{i}"])
            self.vlans[name] = [vid]
            self.add("vlans", name, "vlan-id", vid)
            if self.chance(0.1):
                self.add("vlans", name, "description", ["a; b {"])
        if self.chance(0.12):
            self.vlans["many"] = [501, 502, 503, 507]
            self.add("vlans many vlan-id-list 501-503")
            self.add("vlans many vlan-id-list 507")
        if self.chance(0.3):
            self.private_group(pool)

    def private_group(self, pool):
        primary, isolated = "pri", "iso" if self.chance(0.8) else None
        communities = [f"com{i}" for i in range(self.rng.randint(0 if isolated else 1, 2))]
        for name in [primary, *([isolated] if isolated else []), *communities]:
            self.vlans[name] = [pool.pop()]
            self.private.add(name)
            self.add("vlans", name, "vlan-id", self.vlans[name][0])
        if isolated:
            self.add("vlans", primary, "isolated-vlan", isolated)
            self.add("vlans", isolated, "private-vlan isolated")
        for name in communities:
            self.add("vlans", primary, "community-vlans", name)
            self.add("vlans", name, "private-vlan community")
        self.groups.append((primary, isolated, communities))

    def ordinary(self):
        return [name for name in self.vlans if name not in self.private]

    def word_of(self, name):
        """Some way to name a VLAN."""
        vids = self.vlans[name]
        if len(vids) == 1 and self.chance(0.3):
            return str(vids[0])
        return name

    # ---- ports ----

    def make_lags(self):
        rng = self.rng
        if not self.chance(0.4):
            return
        count = rng.randint(1, 3)
        self.add("chassis aggregated-devices ethernet device-count", rng.randint(count, 8))
        free = [p for p in self.ports if p not in self.mine and p.pic == 0]
        for k in range(count):
            if self.chance(0.15):
                continue
            mbps = rng.choice([p.mbps for p in free])
            same = [p for p in free if p.mbps == mbps]
            members = rng.sample(same, min(len(same), rng.choice([1, 2, 2, 3, 4])))
            free = [p for p in free if p not in members]
            self.lags[f"ae{k}"] = members
            for port in members:
                options = "gigether-options" if False else "ether-options"
                self.add("interfaces", port.name, options, "802.3ad", f"ae{k}")
                if self.chance(0.1):
                    self.add("interfaces", port.name, "disable")
            if self.chance(0.3):
                self.add("interfaces", f"ae{k}", "aggregated-ether-options minimum-links",
                         rng.randint(1, len(members) + 1))
            if not free:
                break

    def make_ports(self):
        for name in [p.name for p in self.mine] + list(self.lags):
            if self.chance(0.06):
                self.add("interfaces", name, "disable")
            if self.chance(0.25):
                self.add("interfaces", name, "mtu", self.rng.choice([256, 600, 1514, 1600, 9000, 9216]))
            if self.chance(0.06):
                continue  # no switching port
            self.bridged.append(name)
            self.port(name)
        for port in self.mine:
            self.chance(0.1) and self.add("interfaces", port.name, "description", ["to the host"])

    def port(self, name):
        head = ["interfaces", name, *FAMILY]
        ordinary = self.ordinary()
        if self.chance(0.15):
            self.add(head, "recovery-timeout", self.rng.choice([10, 15, 60]))
        if self.groups and self.chance(0.6):
            self.private_port(name, head)
        elif self.chance(0.45):
            self.trunk_port(name, head, ordinary)
        else:
            self.access_port(name, head, [n for n in ordinary if len(self.vlans[n]) == 1])

    def access_port(self, name, head, ordinary):
        if self.chance(0.3):
            self.add(head, "interface-mode access")
        else:
            self.add(head)
        can_default = not any(1 in v for n, v in self.vlans.items())
        if not ordinary or (can_default and self.chance(0.1)):
            if not can_default:
                ordinary = [n for n, v in self.vlans.items() if 1 in v]
            else:
                self.vlans_default()
                self.access[name] = "default"
                return
        vlan = self.rng.choice(ordinary)
        self.access[name] = vlan
        if self.chance(0.15) and vlan not in self.private:
            self.add("vlans", vlan, "interface", name + self.rng.choice(["", ".0"]))
        else:
            self.add(head, "vlan members", self.word_of(vlan))

    def vlans_default(self):
        self.implicit_default = True

    def trunk_port(self, name, head, ordinary):
        self.add(head, "interface-mode trunk")
        vlans = self.rng.sample(ordinary, self.rng.randint(1, len(ordinary)))
        if self.chance(0.2):
            vlans = ordinary
            self.add(head, "vlan members all")
            if self.groups:
                vlans = ordinary + [self.groups[0][0]]
        else:
            for vlan in vlans:
                self.add(head, "vlan members", self.word_of(vlan))
        self.trunk[name] = list(vlans)
        if self.chance(0.4):
            single = [n for n in ordinary if len(self.vlans[n]) == 1]
            if single:
                native = self.rng.choice(single)
                self.add("interfaces", name, "native-vlan-id", self.vlans[native][0])
                if native not in self.trunk[name]:
                    self.trunk[name].append(native)

    def private_port(self, name, head):
        primary, isolated, communities = self.rng.choice(self.groups)
        hosts = communities + ([isolated] if isolated else [])
        kind = self.rng.random()
        if kind < 0.65:
            vlan = self.rng.choice(hosts)
            self.access[name] = vlan
            self.add(head, "vlan members", self.word_of(vlan))
        elif kind < 0.85:
            if self.chance(0.4):
                self.access[name] = primary
                self.add(head, "vlan members", self.word_of(primary))
                return
            self.trunk[name] = [primary]
            self.add(head, "interface-mode trunk")
            self.add(head, "vlan members", self.word_of(primary))
            if self.chance(0.3):
                self.add("interfaces", name, "native-vlan-id", self.vlans[primary][0])
        else:
            self.trunk[name] = [primary, *hosts]
            self.add(head, "interface-mode trunk")
            self.add(head, "inter-switch-link")
            self.add(head, "vlan members", self.word_of(primary))
            if self.chance(0.3):
                self.add(head, "vlan members", self.word_of(hosts[0]))

    def make_private(self):
        pass

    # ---- options ----

    def limit(self, head, word, low, high):
        self.add(head, word, self.rng.randint(low, high))
        if self.chance(0.8):
            self.add(head, word, "packet-action", self.rng.choice(ACTIONS))

    def unit_name(self, name):
        return name + self.rng.choice(["", ".0"])

    def make_options(self):
        rng = self.rng
        options = "switch-options"
        if self.chance(0.5):
            age = rng.choice([10, 11, 20, 33, 60])
            if self.chance(0.5):
                self.add("protocols l2-learning global-mac-table-aging-time", age)
            else:
                self.add(options, "mac-table-aging-time", age)
        if self.chance(0.15):
            self.limit("protocols l2-learning", "global-mac-limit", 2, 12)
        if self.chance(0.1):
            self.limit(options, "mac-table-size", 2, 12)
        if self.chance(0.15):
            self.limit(options, "interface-mac-limit", 1, 5)
        none = self.chance(0.04)
        if none:
            self.add(options, "no-mac-learning")
        names = {}
        for name in self.bridged:
            if self.chance(0.6):
                continue
            unit = names.setdefault(name, self.unit_name(name))
            head = f"{options} interface {unit}"
            if self.chance(0.4):
                self.limit(head, "interface-mac-limit", 1, 4)
            if self.chance(0.3) and not none:
                self.sticky.add(name)
                self.add(head, "persistent-learning")
            elif self.chance(0.2):
                self.add(head, "no-mac-learning")
            if self.chance(0.3):
                self.static(head, name)
        self.voice()
        for name in [n for n in self.vlans if n != "default"]:
            if self.chance(0.3):
                self.vlan_options(name)

    def static(self, head, name):
        vlan = self.access.get(name)
        if vlan is None:
            vlan = next((v for v in self.trunk.get(name, ()) if len(self.vlans[v]) == 1), None)
            if vlan is None:
                return
            self.add(head, "static-mac", mac_text(self.mac(name)), "vlan-id", self.vlans[vlan][0])
        else:
            self.add(head, "static-mac", mac_text(self.mac(name)))

    def mac(self, name):
        self.statics = getattr(self, "statics", [])
        self.statics.append(0x020000005000 + len(self.statics))
        return self.statics[-1]

    def voice(self):
        names = [n for n in self.access if self.access[n] not in self.private]
        if not names or not self.chance(0.25):
            return
        for name in self.rng.sample(names, 1):
            others = [v for v in self.ordinary() if v != self.access[name] and
                      len(self.vlans[v]) == 1]
            if others:
                self.add("switch-options voip interface", self.unit_name(name), "vlan",
                         self.word_of(self.rng.choice(others)))

    def vlan_options(self, name):
        head = f"vlans {name} switch-options"
        if self.chance(0.4):
            self.limit(head, "mac-table-size", 1, 8)
        if self.chance(0.4):
            self.add(head, "mac-table-aging-time", self.rng.choice([10, 15, 40]))
        if self.chance(0.3):
            self.limit(head, "interface-mac-limit", 1, 4)
        if self.chance(0.1):
            self.add(head, "no-mac-learning")
        members = [n for n in self.bridged if self.access.get(n) == name]
        if members and len(self.vlans[name]) == 1 and self.chance(0.4):
            unit = self.unit_name(members[0])
            self.limit(f"{head} interface {unit}", "interface-mac-limit", 1, 3)
            if self.chance(0.4):
                self.add(head, "interface", unit, "static-mac", mac_text(self.mac(name)))

    def make_storm(self):
        rng = self.rng
        if not self.chance(0.35):
            return
        for i in range(rng.randint(1, 2)):
            head = f"forwarding-options storm-control-profiles sc{i}"
            self.add(head, "all")
            if self.chance(0.5):
                self.add(head, "all bandwidth-level", rng.choice([100, 512, 1000, 5120, 100000]))
            elif self.chance(0.6):
                self.add(head, "all bandwidth-percentage", rng.choice([1, 1, 2, 50, 100]))
            exempt = rng.sample(["no-broadcast", "no-multicast", "no-unknown-unicast",
                                 "no-registered-multicast"], rng.choice([0, 0, 1, 1, 2]))
            for word in exempt:
                self.add(head, "all", word)
            if self.chance(0.3):
                self.add(head, "action-shutdown")
            for name in self.bridged:
                if self.chance(0.5) and ["storm-control"] not in [
                        x[-2:-1] for x in self.lines if x[1:2] == [name]]:
                    self.add("interfaces", name, *FAMILY, "storm-control", f"sc{i}")


def mac_text(address):
    return ":".join(f"{b:02x}" for b in address.to_bytes(6, "big"))


# ---- frames ----

def internet_checksum_free(rng, kind):
    """The beginning of what follows the type field: headers that a parser may trip over."""
    a, b = rng.choice([1, 2, 3]), rng.choice([1, 2, 3])
    ports = struct.pack(">HH", rng.choice([80, 443, 1000]), rng.choice([53, 2000, 2001]))
    proto = rng.choice([6, 17, 1, 2, 47])
    if kind == 0x0800:
        words = rng.choice([5, 5, 5, 6, 15, 4])
        flags = rng.choice([0, 0, 0x4000, 0x2000, 0x00B9, 0x20B9])
        total = words * 4 + rng.choice([20, 28, 8, 8, 7, 4, 0])
        total = rng.choice([total, total, total, total, 0, 9000])
        header = struct.pack(">BBHHHBBH4B4B", (rng.choice([4, 4, 4, 4, 6]) << 4) | words, 0, total,
                             1, flags, 64, proto, 0, 10, 0, 0, a, 10, 0, 1, b)
        return header + bytes(max(0, words * 4 - 20)) + ports + bytes(16)
    chain = rng.choice([[], [], [0], [60, 43], [44], [51], [0, 44]])
    body, kinds = b"", [*chain, rng.choice([6, 17, 58])]
    for this, after in zip(kinds, kinds[1:]):
        size = rng.choice([0, 0, 1]) if this != 44 else 0
        more = rng.choice([0, 1, 0x10]) if this == 44 else 0
        length = (size + 1) * 8 if this != 51 else (size + 2) * 4
        body += (bytes([after, size]) + struct.pack(">H", more)).ljust(length, b"\0")
    body += ports + bytes(16)
    plen = rng.choice([len(body)] * 5 + [0, 4, 2000])
    return (struct.pack(">IHBB", rng.choice([6, 6, 6, 4]) << 28, plen, kinds[0], 64) +
            bytes(15) + bytes([a]) + bytes(15) + bytes([b]) + body)


class Traffic:
    """Random events for a configuration."""

    def __init__(self, rng, configuration):
        self.rng, self.c = rng, configuration
        self.o = config.Config(configuration.lines)
        self.index = self.o.index
        self.now = rng.choice([0, 0, 1, 5 * MS, 999_999_999, 123_456_789_000])
        self.events = []
        self.used = self.busy_ports()
        self.vids = [v.vid for v in self.o.tables.vlans.values()] or [1]
        self.macs = [0x020000000001 + i for i in range(rng.randint(3, 14))]
        self.macs += getattr(configuration, "statics", [])
        self.home = {}
        ages = [v.age for v in self.o.tables.vlans.values()]
        self.age = min(ages) if ages else 300
        self.total = 0  # bytes
        for _ in range(rng.choice([20, 60, 60, 150])):
            self.event()
        if self.rng.random() < 0.08:
            self.flood_queue()
        for text in ("drain\n", "take\n", "dump\n"):
            self.events.append(text)
        self.add_gap(2 * max(ages or [300]) + 1)
        self.events += [f"adv {self.now}\n", "take\n", "dump\n", "end\n"]

    def busy_ports(self):
        names = [p.name for p in self.c.mine]
        for members in self.c.lags.values():
            names += [p.name for p in members]
        ports = [self.index[n] for n in names]
        return ports or [0, 1, 2]

    def event(self):
        kind = self.rng.random()
        if kind > 0.90 and "look" in AVOID:
            self.events.append(f"adv {self.now}\n")  # XXX
        if kind < 0.70:
            self.frames()
        elif kind < 0.90:
            self.pause()
        elif kind < 0.955:
            self.operations()
        elif kind < 0.97:
            self.events.append(f"adv {self.now}\n")
        elif kind < 0.985:
            self.events.append("take\n")
        else:
            self.events.append("dump\n")

    def add_gap(self, seconds):
        self.now += int(seconds * SEC)

    def pause(self):
        rng = self.rng
        kind = rng.random()
        if kind < 0.3:
            self.now += rng.choice([1, 1000, 672_000, 5 * US, 12_304_000])
        elif kind < 0.5:
            self.now += rng.randint(1, 3 * MS)
        elif kind < 0.65:
            self.now = (self.now // MS + 1) * MS - rng.choice([0, 0, 1, 1000])
        elif kind < 0.8:
            self.now += rng.randint(1, 900) * MS
        elif kind < 0.97:
            self.add_gap(self.age * rng.choice([0.1, 0.3, 0.5, 0.9, 1.0, 1.1, 1.5, 2.0, 2.2]))
        else:
            self.now = max(0, self.now - rng.choice([1, 1000, MS, SEC]))
        if rng.random() < 0.1:
            self.events.append(f"adv {self.now}\n")

    def frames(self):
        rng = self.rng
        port = rng.choice(self.used)
        if rng.random() < 0.02:
            port = rng.randrange(len(self.o.ports))
        for _ in range(rng.choice([1, 1, 1, 2, 3, 10])):
            n = rng.choice([1, 1, 1, 1, 1, 2, 30])
            self.frame(port, n)
            if rng.random() < 0.5:
                self.now += rng.choice([0, 1, 672_000, 1_000_000, 8_000])

    def frame(self, port, n):
        rng = self.rng
        head = self.addresses(port) + self.tags(port)
        length = self.length()
        kind = rng.choice([0x0800, 0x0800, 0x86DD, 0x0806, 0x88CC, 0x9000, 46, 0x8100, "snap"])
        if kind in (0x0800, 0x86DD):
            body = kind.to_bytes(2, "big") + internet_checksum_free(rng, kind)
            if rng.random() < 0.1:
                inner = rng.choice([0x0800, 0x86DD])
                body = (b"\x01\x00\xaa\xaa\x03\0\0\0" + inner.to_bytes(2, "big") +
                        internet_checksum_free(rng, inner))
        elif kind == "snap":
            body = b"\x00\x40\xaa\xaa\x03\0\0\0\x08\x00" + internet_checksum_free(rng, 0x0800)
        else:
            body = kind.to_bytes(2, "big")
        data = (head + body)[:length]
        captured = length
        if rng.random() < 0.02 and length > 1:
            captured = rng.randint(1, length - 1)
        self.rx(port, length, captured, n, data[:captured])

    def rx(self, port, length, captured, n, data):
        self.total += n * length
        if self.total > 20_000_000:
            n = 1
        self.events.append(f"rx {port} {self.now} {length} {captured} {n} {data.hex() or '00'}\n"
                           if data else "")
        if not data:
            self.events.pop()

    def addresses(self, port):
        rng = self.rng
        kind = rng.random()
        if kind < 0.25:
            dst = 0xFFFFFFFFFFFF
        elif kind < 0.8:
            dst = rng.choice(self.macs)
        elif kind < 0.87:
            dst = rng.choice([0x01005E000001, 0x333300000001, 0x0180C2000010, 0x01000CCCCCCC])
        elif kind < 0.9:
            dst = 0x0180C2000000 + rng.randrange(16)
        elif kind < 0.92:
            dst = 0x02EE44000000 + rng.randrange(4)
        elif kind < 0.93:
            dst = 0
        else:
            dst = 0x020000009000 + rng.randrange(1000)
        return dst.to_bytes(6, "big") + self.source(port).to_bytes(6, "big")

    def source(self, port):
        rng = self.rng
        kind = rng.random()
        if kind < 0.02:
            return rng.choice([0, 0x010000000001, 0xFFFFFFFFFFFF, 0x02EE44000000,
                               0x02EE44000000 + len(self.o.ports) - 1,
                               0x02EE44000000 + len(self.o.ports)])
        if kind < 0.08:
            return 0x020000001000 + rng.randrange(100)
        if kind < 0.2:
            return rng.choice(self.macs)
        mine = [m for m in self.macs if self.home.setdefault(m, rng.choice(self.used)) == port]
        return rng.choice(mine or self.macs)

    def tags(self, port):
        rng = self.rng

        def tag(tpid, vid):
            return struct.pack(">HH", tpid, rng.randrange(16) << 12 | vid)

        def some_vid():
            return rng.choice([*self.vids, *self.vids, 0, 4095, 77])

        lport = self.o.tables.lag_of(port)
        lport = port if lport is None else LAG0 + lport
        member = [v.vid for v in self.o.tables.vlans.values() if lport in v.sets[0]]
        trunk = lport in self.o.trunks
        kind = rng.random()
        if kind < (0.15 if trunk else 0.75):
            return b""
        if kind < 0.88 and member:
            return tag(0x8100, rng.choice(member))
        if kind < 0.9:
            return tag(0x8100, some_vid())
        if kind < 0.92:
            return tag(0x88A8, some_vid())
        if kind < 0.95:
            return tag(0x8100, rng.choice(member or [1])) + tag(0x8100, some_vid())
        if kind < 0.97:
            return (tag(0x8100, rng.choice(member or [1])) + tag(0x8100, some_vid()) +
                    tag(rng.choice([0x8100, 0x88A8]), 5))
        if kind < 0.985:
            return tag(0x88A8, some_vid()) + tag(0x8100, some_vid())
        return tag(0x8100, 0)

    def length(self):
        rng = self.rng
        kind = rng.random()
        if kind < 0.5:
            return 60
        if kind < 0.6:
            return rng.randint(14, 59)
        if kind < 0.61:
            return rng.randint(1, 13)
        if kind < 0.75:
            return rng.randint(60, 600)
        if kind < 0.95:
            mtu = rng.choice([p.mtu for p in self.o.tables.ports])
            return mtu + rng.choice([-4, -1, 0, 1, 3, 4, 5, 8, 9, 12])
        if kind < 0.98:
            return rng.choice([508, 512, 513, 516, 255, 256, 257, 2044, 2048, 2049, 2052])
        return rng.choice([9213, 9216, 9224, 9230, 9234, 9235, 9300, 20000])

    def flood_queue(self):
        """More than the queue of a slow port holds."""
        slow = min(self.used, key=lambda p: self.o.tables.ports[p].mbps)
        for port in self.used:
            mtu = self.o.tables.ports[port].mtu
            if port != slow:
                for vid in (None, *self.vids[:2]):
                    tag = b"" if vid is None else struct.pack(">HH", 0x8100, vid)
                    data = b"\xff" * 6 + (0x020000000777).to_bytes(6, "big") + tag + b"\x90\x00"
                    length = mtu + len(tag)
                    n = 4_300_000 // length if mtu >= 1500 else 17000
                    self.events.append(f"rx {port} {self.now} {length} {length} "
                                       f"{n // len(self.used) + 1} {data.hex()}\n")

    # ---- operations ----

    def operations(self):
        rng = self.rng
        ops = [self.operation() for _ in range(1 if "order" in AVOID else rng.choice([1, 1, 1, 2, 3]))]
        self.events.append("op " + " ".join(op.hex() for op in ops) + "\n")

    def lport(self):
        rng = self.rng
        if rng.random() < 0.04:
            return rng.choice([127, 128, 200, 255, 256, NONE])
        return rng.choice([*self.used, *(LAG0 + int(n[2:]) for n in self.c.lags)])

    def bd(self):
        rng = self.rng
        if rng.random() < 0.06:
            return rng.choice([0, 7, 4095, 4096, NONE])
        return rng.choice(list(self.o.tables.vlans) or [1])

    def operation(self):
        rng = self.rng
        name = rng.choice(["port"] * 4 + ["port_up"] * 2 + ["mac_set"] * 4 + ["mac_del"] * 2 +
                          ["mac_flush"] * 3 + ["stp"] * 3 + ["vlan_ports"] * 3 + ["lport"] * 2 +
                          ["vlan", "vlan", "switch", "lag", "lag_del", "member_add",
                           "member_del", "vlan_del", "vlan_port_limit"])
        op = getattr(self, "make_" + name)()
        if rng.random() < 0.05:
            op = bytearray(op)
            op[rng.choice([0, 1, *range(8, 64)])] ^= 1 << rng.randrange(8)
            op = bytes(op)
        return op

    def make_port(self):
        rng = self.rng
        port = rng.choice(self.used)
        p = self.o.tables.ports[port]
        kbps = rng.choice([0, 0, p.storm_kbps, 100, 5000])
        kbps = min(kbps, p.mbps * 1000)
        classes = rng.choice([15, 11, 1, 31, 27]) if kbps else 0
        speed = rng.choice([p.mbps] * 4 + [10, 100, 1000, 10000])
        kbps = min(kbps, speed * 1000)
        return pack("port", port, rng.choice([1514, 256, 9216, p.mtu]), rng.choice([0, 1, 1]),
                    speed, rng.choice([0, 0, 1, 2]), classes, 0, kbps)

    def make_port_up(self):
        return pack("port_up", self.rng.choice(self.used), 0, 0, 0, 0, 0, 0, 0)

    def address(self):
        return self.rng.choice(self.macs).to_bytes(6, "big")

    def make_mac_set(self):
        return pack("mac_set", self.bd(), self.lport(), self.address(),
                    self.rng.choice([1, 1, 1, 2, 2, 0, 3]), 0)

    def make_mac_del(self):
        return pack("mac_del", self.bd(), 0, self.address(), 0, 0)

    def make_mac_flush(self):
        rng = self.rng
        return pack("mac_flush", rng.choice([NONE, self.lport()]), rng.choice([NONE, self.bd()]),
                    rng.choice([0, 0, 1]))

    def make_stp(self):
        rng = self.rng
        instance = rng.choice([0] * 12 + [1, 511, 512])
        return pack("stp", instance, self.lport(), rng.choice([0, 1, 2, 2, 2]), b"\0\0\0")

    def make_vlan_ports(self):
        rng = self.rng
        ports = {self.lport() for _ in range(rng.randint(0, 5))}
        words = [sum(1 << p % 64 for p in ports if p // 64 == w) for w in range(4)]
        return pack("vlan_ports", self.bd(), rng.choice([0, 0, 1, 1, 2, 3]), 0, *words)

    def make_lport(self):
        rng = self.rng
        return pack("lport", self.lport(), rng.choice([NONE, self.bd(), self.bd()]),
                    rng.choice([0, 0, 1, 2]), rng.choice([UNLIMITED, UNLIMITED, 0, 1, 3]),
                    rng.randrange(5), b"\0\0\0")

    def make_vlan(self):
        rng = self.rng
        bd = self.bd()
        v = self.o.tables.vlans.get(bd)
        vid = v.vid if v else 4000
        fid = v.fid if v else bd
        return pack("vlan", bd, rng.choice([vid, vid, vid, 1, 4001]), rng.choice([fid, fid, bd]),
                    rng.choice([0, 0, 0, 1]), rng.choice([0, 0, 1, 2, 2]),
                    v.age if v and "age" in AVOID else rng.choice([10, 10, v.age if v else 300, 60, 1000]),
                    rng.choice([UNLIMITED, UNLIMITED, 0, 2]), rng.randrange(5), b"\0\0\0")

    def make_vlan_del(self):
        return pack("vlan_del", self.bd(), 0, 0, 0, 0, 0, 0, 0, b"\0\0\0")

    def make_vlan_port_limit(self):
        rng = self.rng
        return pack("vlan_port_limit", self.bd(), self.lport(),
                    rng.choice([UNLIMITED, 0, 1, 2]), rng.randrange(5), b"\0\0\0")

    def make_switch(self):
        rng = self.rng
        return pack("switch", rng.choice([UNLIMITED, UNLIMITED, 2, 5]), rng.randrange(5), b"\0\0\0")

    def lag_number(self):
        rng = self.rng
        return rng.choice([*(int(n[2:]) for n in self.c.lags), 0, 5, 128])

    def make_lag(self):
        return pack("lag", self.lag_number(), self.rng.choice([1, 1, 1, 2, 3]), self.rng.choice([1, 1, 0]))

    def make_lag_del(self):
        if "lag" in AVOID:
            return self.make_lag()
        return pack("lag_del", self.lag_number(), 0, 0)

    def make_member_add(self):
        return pack("member_add", self.lag_number(), self.rng.choice(self.used))

    def make_member_del(self):
        return pack("member_del", self.lag_number(), self.rng.choice(self.used))


def make(seed):
    rng = random.Random(f"vex diff {seed}")
    configuration = Configuration(rng)
    lines = configuration.lines
    rng.shuffle(lines)
    text = set_text(lines) if rng.random() < 0.5 else curly_text(lines, rng)
    return Case(seed, lines, Traffic(rng, configuration).events, text)
