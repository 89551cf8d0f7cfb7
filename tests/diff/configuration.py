# SPDX-License-Identifier: BSD-3-Clause
"""Random configurations that are valid, as lists of words of `set` lines."""
import chassis
from switch import PUNTED

FAMILY = "unit 0 family ethernet-switching".split()
ACTIONS = ["none", "log", "drop", "drop-and-log", "shutdown"]


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
        self.make_options()
        self.make_storm()
        self.make_ddos()

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
                self.add("interfaces", port.name, "ether-options 802.3ad", f"ae{k}")
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
                mtu = self.rng.choice([256, 600, 1514, 1600, 9000, 9216])
                self.add("interfaces", name, "mtu", mtu)
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
                self.access[name] = "default"
                return
        vlan = self.rng.choice(ordinary)
        self.access[name] = vlan
        if self.chance(0.15) and vlan not in self.private:
            self.add("vlans", vlan, "interface", name + self.rng.choice(["", ".0"]))
        else:
            self.add(head, "vlan members", self.word_of(vlan))

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

    def make_ddos(self):
        if not self.chance(0.5):
            return
        for name in self.rng.sample(PUNTED, self.rng.randint(1, 4)):
            head = f"system ddos-protection protocols {name} aggregate"
            for word, values in (("bandwidth", [1, 3, 7, 100, 99991]), ("burst", [1, 2, 5, 100])):
                if self.chance(0.8):
                    self.add(head, word, self.rng.choice(values))
            if self.chance(0.1):
                self.add(head, "disable-fpc")

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
