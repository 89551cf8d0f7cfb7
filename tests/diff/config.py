# SPDX-License-Identifier: BSD-3-Clause
"""What a configuration of `set` lines means for the tables of switch.py.

Reads the statements that generate.py writes, in the words of Junos; written from design.md,
ops.h and the documentation of Junos, and from no other code.
"""
import chassis
import switch
from switch import IN, LAG0, OUT, PRIMARY_TAG, UNTAGGED

STORM = {"broadcast": 1, "unregistered": 2, "registered": 4, "unicast": 8}


def tree_of(lines):
    """Nested dictionaries of the words of the lines."""
    tree = {}
    for words in lines:
        node = tree
        for word in words:
            node = node.setdefault(word, {})
    return tree


def dig(node, *words):
    for word in words:
        node = (node or {}).get(word)
    return node


def value(node, *words):
    """The value of a leaf, or None."""
    node = dig(node, *words)
    return next(iter(node)) if node else None


def limit_of(node, word):
    """(limit, action) of `word { N; packet-action A; }`, or None."""
    node = dig(node, word)
    numbers = [int(w) for w in node or () if w.isdigit()]
    return (numbers[0], value(node, "packet-action") or "none") if numbers else None


class Config:
    """name of each port, names of VLANs by bridge domain, and the tables."""

    def __init__(self, lines):
        self.tree = tree_of(lines)
        self.read_chassis()
        self.tables = switch.Tables(len(self.ports), 4093)
        self.index = {p.name: i for i, p in enumerate(self.ports)}
        self.vlan_names, self.members, self.native = {}, {}, {}
        self.trunks, self.isl, self.bridged = set(), set(), set()
        self.macs = []
        self.read_vlans()
        self.read_ports()
        self.read_members()
        self.read_private()
        self.read_voice()
        self.read_learning()
        self.read_static()

    def read_chassis(self):
        c = dig(self.tree, "chassis")
        channels = {}
        for where, node in (dig(c, "fpc", "0", "pic", "1", "port") or {}).items():
            channels[int(where)] = {"10g": 10000, "25g": 25000}[value(node, "channel-speed")]
        self.ports = chassis.ports_of(value(c, "model") or "ex4400-24t",
                                      value(c, "extension-module"), channels)
        for name, node in (dig(self.tree, "interfaces") or {}).items():
            speed = value(node, "speed")
            if speed:
                mbps = chassis.WORD_SPEEDS[speed]
                place = name.partition("-")[2]
                port = next(p for p in self.ports if p.name.partition("-")[2] == place)
                port.mbps = mbps

    def lport(self, name):
        name = name[:-2] if name.endswith(".0") else name
        return LAG0 + int(name[2:]) if name.startswith("ae") else self.index[name]

    def unit(self, lport):
        if lport >= LAG0:
            return f"ae{lport - LAG0}.0"
        return self.ports[lport].name + ".0"

    # ---- VLANs ----

    def add_vlan(self, vid, name, node):
        v = switch.Vlan()
        v.vid = v.fid = vid
        self.tables.vlans[vid] = v
        self.vlan_names[vid] = name
        self.nodes[vid] = node

    def read_vlans(self):
        self.nodes, self.groups = {}, {}
        for name, node in (dig(self.tree, "vlans") or {}).items():
            if "vlan-id-list" in node:
                ids = []
                for word in node["vlan-id-list"]:
                    low, _, high = word.partition("-")
                    ids += range(int(low), int(high or low) + 1)
                for vid in ids:
                    self.add_vlan(vid, f"{name}-vlan-{vid:04}", node)
                self.groups[name] = ids
            else:
                self.add_vlan(int(value(node, "vlan-id") or 1), name, node)

    def vids(self, word):
        """Identifiers that a word of `vlan members` means."""
        if word == "all":
            return sorted(self.nodes)
        low, dash, high = word.partition("-")
        if dash and low.isdigit() and high.isdigit():
            return [vid for vid in sorted(self.nodes) if int(low) <= vid <= int(high)]
        if word in self.groups:
            return self.groups[word]
        for vid, name in self.vlan_names.items():
            if name == word:
                return [vid]
        if word == "default":
            self.implicit_default()
            return [1]
        if int(word) == 1 and 1 not in self.tables.vlans:
            self.implicit_default()
        return [int(word)]

    def implicit_default(self):
        if 1 not in self.tables.vlans:
            self.add_vlan(1, "default", {})
            del self.nodes[1]

    # ---- ports ----

    def read_ports(self):
        t = self.tables
        interfaces = dig(self.tree, "interfaces") or {}
        profiles = dig(self.tree, "forwarding-options", "storm-control-profiles") or {}
        for name, node in (dig(self.tree, "system", "ddos-protection", "protocols") or {}).items():
            rate, burst = (int(value(node, "aggregate", word) or 20000) for word in ("bandwidth", "burst"))
            t.punt[name] = (0, 0) if "disable-fpc" in node["aggregate"] else (rate, burst)
        for i, port in enumerate(self.ports):
            t.ports[i].mbps, t.ports[i].admin = port.mbps, True
        for name, node in interfaces.items():
            bundle = value(node, "ether-options", "802.3ad")
            if name.startswith("ae") or bundle:
                k = int((bundle or name)[2:])
                lag = t.lags.setdefault(k, switch.Lag())
                t.lports.setdefault(LAG0 + k, switch.Lport())
                if bundle:
                    lag.members.append(self.index[name])
        for k, lag in t.lags.items():
            node = interfaces.get(f"ae{k}")
            lag.admin = "disable" not in (node or {})
            lag.minimum = int(value(node, "aggregated-ether-options", "minimum-links") or 1)
        for i, port in enumerate(self.ports):
            own = interfaces.get(port.name) or {}
            k = t.lag_of(i)
            node = own if k is None else interfaces.get(f"ae{k}") or {}
            t.ports[i].admin = "disable" not in own
            t.ports[i].mtu = int(value(node, "mtu") or 1514)
            family = dig(node, "unit", "0", "family", "ethernet-switching") or {}
            t.ports[i].recovery = int(value(family, "recovery-timeout") or 0)
            profile = value(family, "storm-control")
            if profile:
                self.read_storm(t.ports[i], profiles[profile])
        if not interfaces and not dig(self.tree, "vlans"):
            self.bridged = {i for i, p in enumerate(self.ports) if p.pic == 0}

    @staticmethod
    def read_storm(port, profile):
        police = profile["all"]
        classes = 15
        if "no-broadcast" in police:
            classes &= ~STORM["broadcast"]
        if "no-multicast" in police:
            classes &= ~(STORM["registered"] | STORM["unregistered"])
        if "no-registered-multicast" in police:
            classes &= ~STORM["registered"]
        if "no-unregistered-multicast" in police:
            classes &= ~STORM["unregistered"]
        if "no-unknown-unicast" in police:
            classes &= ~STORM["unicast"]
        level = value(police, "bandwidth-level")
        percent = int(value(police, "bandwidth-percentage") or 80)
        port.storm_classes = classes
        port.storm_shutdown = "action-shutdown" in profile
        port.storm_kbps = min(int(level) if level else port.mbps * 10 * percent, port.mbps * 1000)

    def read_members(self):
        t = self.tables
        for name, node in (dig(self.tree, "interfaces") or {}).items():
            family = dig(node, "unit", "0", "family", "ethernet-switching")
            if family is None:
                continue
            lport = self.lport(name)
            self.bridged.add(lport)
            if value(family, "interface-mode") == "trunk":
                self.trunks.add(lport)
            if "inter-switch-link" in family:
                self.isl.add(lport)
            for word in dig(family, "vlan", "members") or ():
                plural = word == "all" or ("-" in word and word not in self.vlan_names.values()
                                           and word not in self.groups)
                for vid in self.vids(word):
                    secondary = "private-vlan" in self.nodes.get(vid, {})
                    if plural and secondary and lport in self.trunks and lport not in self.isl:
                        continue
                    self.members.setdefault(lport, set()).add(vid)
        for vid, node in list(self.nodes.items()):
            for name in node.get("interface") or ():
                self.members.setdefault(self.lport(name), set()).add(vid)
        for lport in sorted(self.bridged):
            node = dig(self.tree, "interfaces", self.unit(lport)[:-2])
            native = value(node, "native-vlan-id")
            if native and lport in self.trunks:
                vid, = self.vids(native)
                self.members.setdefault(lport, set()).add(vid)
                t.lports[lport].untagged = vid
            if lport not in self.trunks:
                if not self.members.get(lport):
                    self.implicit_default()
                    self.members[lport] = {1}
                t.lports[lport].untagged, = self.members[lport]
        for lport, vids in self.members.items():
            for vid in vids:
                if "private-vlan" in self.nodes.get(vid, {}):
                    continue
                v = t.vlans[vid]
                v.sets[IN].add(lport)
                v.sets[OUT].add(lport)
                if t.lports[lport].untagged == vid:
                    v.sets[UNTAGGED].add(lport)

    def read_private(self):
        """RFC 5517: who may send to whom."""
        t = self.tables
        for vid, node in self.nodes.items():
            names = list(node.get("isolated-vlan") or ()) + list(node.get("community-vlans") or ())
            if not names:
                continue
            primary = t.vlans[vid]
            primary.private = True
            trusted = {p for p, vids in self.members.items() if vid in vids}
            for name in names:
                other, = self.vids(name)
                v = t.vlans[other]
                v.private, v.fid = True, vid
                hosts = {p for p, vids in self.members.items()
                         if other in vids and p not in self.isl}
                v.sets[IN] = hosts | trusted & self.isl
                v.sets[OUT] = set(trusted)
                v.sets[UNTAGGED] = {p for p in trusted - self.isl if t.lports[p].untagged == vid}
                v.sets[UNTAGGED] |= {p for p in trusted & self.isl
                                     if t.lports[p].untagged == other}
                v.sets[PRIMARY_TAG] = trusted - self.isl - v.sets[UNTAGGED]
                if name in (node.get("community-vlans") or ()):
                    v.sets[OUT] |= hosts
                    v.sets[UNTAGGED] |= hosts
                primary.sets[OUT] |= hosts
                primary.sets[UNTAGGED] |= hosts

    def read_voice(self):
        entries = dict(dig(self.tree, "switch-options", "voip", "interface") or {})
        general = entries.pop("access-ports", None)
        voice = {self.lport(name): value(node, "vlan") for name, node in entries.items()}
        if general:
            for lport in self.bridged - self.trunks:
                voice.setdefault(lport, value(general, "vlan"))
        for lport, name in voice.items():
            vid, = self.vids(name)
            self.tables.vlans[vid].sets[IN].add(lport)
            self.tables.vlans[vid].sets[OUT].add(lport)

    # ---- addresses ----

    def read_learning(self):
        t = self.tables
        options = dig(self.tree, "switch-options") or {}
        l2 = dig(self.tree, "protocols", "l2-learning") or {}
        limits = [x for x in (limit_of(options, "mac-table-size"),
                              limit_of(l2, "global-mac-limit")) if x]
        if limits:
            t.limit, t.action = min(limits, key=lambda x: x[0])
        every = limit_of(options, "interface-mac-limit")
        for lport in self.bridged:
            p = t.lports[lport]
            if every:
                p.limit, p.action = every
            p.no_learn = "no-mac-learning" in options
        for name, node in (options.get("interface") or {}).items():
            p = t.lports[self.lport(name)]
            own = limit_of(node, "interface-mac-limit")
            if own:
                p.limit, p.action = own
            p.no_learn |= "no-mac-learning" in node
            p.sticky = "persistent-learning" in node
        age = value(options, "mac-table-aging-time") or value(l2, "global-mac-table-aging-time")
        for vid, v in t.vlans.items():
            node = self.nodes.get(vid, {})
            own = node.get("switch-options") or {}
            v.age = int(value(own, "mac-table-aging-time") or age or 300)
            v.no_learn = "no-mac-learning" in node or "no-mac-learning" in own
            size = limit_of(own, "mac-table-size")
            if size:
                v.limit, v.action = size
            each = limit_of(own, "interface-mac-limit")
            if each:
                for lport in v.sets[IN]:
                    t.port_limits[vid, lport] = each
            for name, port in (own.get("interface") or {}).items():
                one = limit_of(port, "interface-mac-limit")
                if one:
                    t.port_limits[vid, self.lport(name)] = one

    def read_static(self):
        """self.macs: (bd, lport, address)"""
        def add(vid, name, word):
            self.macs.append((vid, self.lport(name), int(word.replace(":", ""), 16)))

        for name, node in (dig(self.tree, "switch-options", "interface") or {}).items():
            for word, more in (node.get("static-mac") or {}).items():
                vid = value(more, "vlan-id")
                add(int(vid) if vid else self.tables.lports[self.lport(name)].untagged, name, word)
        for vid, vlan in self.nodes.items():
            for name, node in (dig(vlan, "switch-options", "interface") or {}).items():
                for word in node.get("static-mac") or {}:
                    add(vid, name, word)
