# SPDX-License-Identifier: BSD-3-Clause
"""A program at a pseudo terminal, for tests of what a person sees.

`expect` waits for a text in what was written since the last one that was found; escape sequences of
xterm are taken out, so the text is what was written, not where it stood on the screen.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

LIMIT = 30
ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]")


class Terminal:
    def __init__(self, command, env, rows=24, columns=80):
        self.seen, self.raw = "", b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.execve(command[0], command, env)
            finally:
                os._exit(127)
        self.resize(rows, columns)

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))

    def type(self, text):
        os.write(self.fd, text.encode())

    def read(self, timeout):
        if not select.select([self.fd], [], [], timeout)[0]:
            return False
        try:
            got = os.read(self.fd, 65536)
        except OSError:
            got = b""
        self.raw += got
        return bool(got)

    def text(self):
        return ESCAPES.sub(b"", self.raw).decode("utf-8", "replace").replace("\r", "")

    def expect(self, text):
        """What was written up to the text."""
        end = time.monotonic() + LIMIT
        while text not in self.text()[len(self.seen):]:
            assert self.read(max(0, end - time.monotonic())), \
                f"{text!r} was never written, but {self.text()[len(self.seen):]!r}"
        new = self.text()[len(self.seen):]
        new = new[:new.index(text) + len(text)]
        self.seen += new
        return new

    def line(self, text, until):
        """Types a line; what is written from then on up to `until`."""
        self.type(text + "\n")
        return self.expect(until)

    def status(self):
        """Until the program has ended."""
        while self.read(LIMIT):
            pass
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def close(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)
