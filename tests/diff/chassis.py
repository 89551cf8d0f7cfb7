# SPDX-License-Identifier: BSD-3-Clause
"""The ports of the ten models, from the data sheets (ports/README.md)."""

ACCESS = {  # (count, kind, speeds in Mb/s), the last speed is the default
    "ex4400-24t": [(24, "copper", [10, 100, 1000])],
    "ex4400-24p": [(24, "copper", [10, 100, 1000])],
    "ex4400-48t": [(48, "copper", [10, 100, 1000])],
    "ex4400-48p": [(48, "copper", [10, 100, 1000])],
    "ex4400-48xp": [(48, "copper", [10, 100, 1000])],
    "ex4400-48f": [(36, "optical", [100, 1000]), (12, "optical", [1000, 10000])],
    "ex4400-24mp": [(24, "multigig", [100, 1000, 2500, 5000, 10000])],
    "ex4400-48mp": [(36, "multigig", [100, 1000, 2500]),
                    (12, "multigig", [100, 1000, 2500, 5000, 10000])],
    "ex4400-48mxp": [(36, "multigig", [100, 1000, 2500]),
                     (12, "multigig", [100, 1000, 2500, 5000, 10000])],
    "ex4400-24x": [(24, "optical", [1000, 10000])],
}
MODULES = {
    "em-4s": (4, "optical", [1000, 10000]),
    "em-4y": (4, "optical", [1000, 10000, 25000]),
    "em-1c": (1, "optical", [40000, 100000]),
}
SPEED_WORDS = {10: "10m", 100: "100m", 1000: "1g", 2500: "2.5g", 5000: "5g", 10000: "10g",
               25000: "25g", 40000: "40g", 100000: "100g"}
WORD_SPEEDS = {word: mbps for mbps, word in SPEED_WORDS.items()}


def prefix(kind, mbps):
    """What the name of a port begins with, which for optical ports follows the speed."""
    if kind == "copper":
        return "ge"
    if kind == "multigig":
        return "mge"
    return "ge" if mbps <= 1000 else "xe" if mbps == 10000 else "et"


class Port:
    def __init__(self, pic, where, kind, speeds, channel=None):
        self.pic, self.where, self.kind, self.speeds = pic, where, kind, speeds
        self.channel = channel
        self.mbps = speeds[-1]

    @property
    def name(self):
        channel = "" if self.channel is None else f":{self.channel}"
        return f"{prefix(self.kind, self.mbps)}-0/{self.pic}/{self.where}{channel}"


def ports_of(model="ex4400-24t", module=None, channels=None):
    """Ports in chassis order; channels: speed of a channel by port of PIC 1."""
    ports = []
    for count, kind, speeds in ACCESS[model]:
        for _ in range(count):
            ports.append(Port(0, len(ports), kind, speeds))
    for where in range(2):
        if channels and where in channels:
            ports += [Port(1, where, "optical", [channels[where]], c) for c in range(4)]
        else:
            ports.append(Port(1, where, "optical", [40000, 100000]))
    if module:
        count, kind, speeds = MODULES[module]
        ports += [Port(2, where, kind, speeds) for where in range(count)]
    return ports
