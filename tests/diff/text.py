# SPDX-License-Identifier: BSD-3-Clause
"""Configurations as text: set lines, and curly braces with the liberties of that form."""
import shlex

import config


def quote(word):
    return f'"{word}"' if " " in word else word


def words_of(line):
    return shlex.split(line)


def set_text(lines):
    return "".join("set " + " ".join(map(quote, words)) + "\n" for words in lines)


BLOCKS = {"interface-range", "unit", "storm-control-profiles", "static-mac", "fpc", "pic", "port",
          "family", "interface"}
LIMITS = {"interface-mac-limit", "mac-table-size", "global-mac-limit"}
CONTAINERS = {"all", "ethernet-switching", "ether-options", "aggregated-ether-options",
              "switch-options", "system", "chassis", "voip", "l2-learning", "protocols", "vlans"}
LISTS = {"members", "community-vlans", "vlan-id-list", "apply-groups"}


class Curly:
    """Prints a tree of words with curly braces, with the liberties that the form has."""

    def __init__(self, rng, inactive=()):
        self.rng, self.out, self.inactive = rng, [], set(map(tuple, inactive))

    def line(self, depth, text):
        noise = self.rng.random()
        if noise < 0.03:
            self.out.append("    " * depth + "/* set this; { or not } */\n")
        elif noise < 0.06:
            self.out.append("    " * depth + "# a comment; {\n")
        self.out.append("    " * depth + text + "\n")

    def block(self, path, head, node):
        depth = len(path)
        if not node:
            self.line(depth, head + ";")
        elif self.rng.random() < 0.1 and len(node) == 1 and not any(node.values()):
            self.line(depth, f"{head} {{ {quote(next(iter(node)))}; }}")
        else:
            self.line(depth, head + " {")
            self.children(path, node)
            self.line(depth, "}")

    def children(self, path, node):
        words = list(node)
        self.rng.shuffle(words)
        for word in words:
            self.child(path, word, node[word])

    def child(self, path, word, node):
        depth = len(path)
        leaf = node and not any(node.values())
        off = "inactive: " if (*path, word) in self.inactive else ""
        if word in LISTS and leaf and self.rng.random() < 0.7:
            self.line(depth, f"{word} [ {' '.join(map(quote, node))} ];")
        elif word in LIMITS:
            self.limit(path, word, node)
        elif word in BLOCKS:
            for key, below in node.items():
                self.block((*path, word), f"{word} {quote(key)}", below)
        elif leaf and word not in CONTAINERS and "members" not in node and not off:
            for key in node:
                self.line(depth, f"{word} {quote(key)};")
        else:
            self.block((*path, word), off + quote(word), node)

    def limit(self, path, word, node):
        number = next((k for k in node if k.isdigit()), None)
        rest = {k: v for k, v in node.items() if k != number}
        if number is not None and self.rng.random() < 0.5:
            self.block((*path, word), f"{word} {number}", rest)
        else:
            self.block((*path, word), word, node)


def curly_text(lines, rng, inactive=()):
    printer = Curly(rng, inactive)
    printer.children((), config.tree_of(lines))
    return "".join(printer.out)


def in_groups(lines, rng):
    """The same with some lines in groups that are applied at the top."""
    share, result = rng.choice([0.1, 0.5, 0.9]), []
    names = rng.sample(["g1", "more", "z-last"], rng.randint(1, 3))
    for words in lines:
        if rng.random() < share:
            words = ["groups", rng.choice(names), *words]
        result.append(words)
    used = [name for name in names if any(words[:2] == ["groups", name] for words in result)]
    return result + [["apply-groups", name] for name in used]


def in_ranges(lines, rng):
    """The same with some statements about a port said of an interface-range."""
    result, ranges = [], {}
    for words in lines:
        port = words[1] if words[0] == "interfaces" else "ae"
        if len(words) > 3 and not port.startswith("ae") and "-" in port and "speed" not in words \
                and ":" not in port and rng.random() < 0.3:
            name = ranges.setdefault(port, f"r{len(ranges)}")
            words = ["interfaces", "interface-range", name, *words[2:]]
        result.append(words)
    for port, name in ranges.items():
        result.append(["interfaces", "interface-range", name, "member", port])
    return result


def random_text(lines, rng):
    """Some text that means the lines."""
    inactive = []
    if lines and any(words[0] == "vlans" for words in lines):
        if rng.random() < 0.25:
            lines = in_ranges(lines, rng)
        if rng.random() < 0.25:
            lines = in_groups(lines, rng)
        if rng.random() < 0.25:
            inactive = [["vlans", "asleep"]]
            lines = lines + [["vlans", "asleep", "vlan-id", str(rng.choice([1, 4094]))]]
    if rng.random() < 0.5:
        return set_text(lines) + "".join(f"deactivate {' '.join(w)}\n" for w in inactive)
    return curly_text(lines, rng, inactive)
