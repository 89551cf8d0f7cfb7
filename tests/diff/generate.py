# SPDX-License-Identifier: BSD-3-Clause
"""Random cases: a configuration, and frames, operations and pauses.

A case is a pure function of its seed. `lines` are the words of the `set` lines, `text` is the
configuration as the switch gets it, `events` are statements of diff.c.
"""
import random

from configuration import Configuration
from text import random_text, set_text
from traffic import Traffic


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


def make(seed):
    rng = random.Random(f"vex diff {seed}")
    configuration = Configuration(rng)
    lines = configuration.lines
    rng.shuffle(lines)
    text = random_text(lines, rng)
    return Case(seed, lines, Traffic(rng, configuration).events, text)
