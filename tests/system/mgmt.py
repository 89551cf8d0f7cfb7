# SPDX-License-Identifier: BSD-3-Clause
"""A client of the management socket of vex-re: one line of JSON a request, one an answer."""
import json
import os
import socket
import struct

LIMIT = 30  # seconds until an answer counts as missing


class Refused(Exception):
    """The errors of an answer."""

    def __init__(self, errors):
        super().__init__("; ".join(error["text"] for error in errors))
        self.errors = errors


class Session:
    """`ask()` is one request; what comes without being asked for gathers in `notes`."""

    def __init__(self, run):
        self.sock = socket.socket(socket.AF_UNIX)
        # A socket with a time-out does not wait for room in the queue of the server.
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", LIMIT, 0))
        directory = os.open(run, os.O_RDONLY)
        try:
            self.sock.connect(f"/proc/self/fd/{directory}/mgmt")
        finally:
            os.close(directory)
        self.sock.settimeout(LIMIT)
        self.buffer, self.notes, self.number = b"", [], 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.sock.close()

    def send(self, rpc, args):
        self.number += 1
        self.sock.sendall(json.dumps({"id": self.number, "rpc": rpc, "args": args}).encode() + b"\n")
        return self.number

    def line(self):
        """The next line of the server; None at its end."""
        while b"\n" not in self.buffer:
            got = self.sock.recv(1 << 20)
            if not got:
                return None
            self.buffer += got
        line, self.buffer = self.buffer.split(b"\n", 1)
        return json.loads(line)

    def answer(self, number):
        """The data of an answer; its errors are raised."""
        while True:
            line = self.line()
            assert line is not None, "the server closed the connection"
            if "notify" in line:
                self.notes.append(line["notify"])
                continue
            assert line["id"] == number
            if not line["ok"]:
                raise Refused(line["errors"])
            return line["data"]

    def ask(self, rpc, **args):
        return self.answer(self.send(rpc, args))

    def refused(self, rpc, **args):
        """The errors of a request that must fail."""
        try:
            data = self.ask(rpc, **args)
        except Refused as error:
            return error.errors
        raise AssertionError(f"{rpc} {args} was accepted: {data}")

    def note(self, text):
        """Until the server says something that contains the text."""
        while not any(text in note for note in self.notes):
            line = self.line()
            assert line is not None and "notify" in line, line
            self.notes.append(line["notify"])
