# SPDX-License-Identifier: BSD-3-Clause
"""Stands for vex-re behind the management socket: what it answers is what a test says.

`answers` maps the name of a request to the data of the answer, to a list of errors, to bytes that are
sent as they are, or to a function of the arguments that returns one of these. None: no answer.
"""
import json
import os
import socket
import threading

HELLO = {"instance": "fake", "hostname": "sw1", "model": "ex4400-24t", "version": "0", "session": 1,
         "user": "alice"}


class FakeRe:
    def __init__(self, folder, **answers):
        self.folder = str(folder)
        self.run = os.path.join(self.folder, "fake")
        self.answers = {"hello": HELLO, "configure": {"warnings": [], "users": []}, "end-configure": {},
                        "compare": {"text": ""}, "get-config": {"text": ""}, "edit": {},
                        "complete": {"names": []}, **answers}
        self.asked, self.connections = [], []
        self.arrived = threading.Condition()
        self.listener = None
        os.makedirs(self.run, mode=0o700)
        self.listen()

    def listen(self):
        self.listener = socket.socket(socket.AF_UNIX)
        directory = os.open(self.run, os.O_RDONLY)
        try:
            if os.path.exists(os.path.join(self.run, "mgmt")):
                os.unlink(os.path.join(self.run, "mgmt"))
            self.listener.bind(f"/proc/self/fd/{directory}/mgmt")
        finally:
            os.close(directory)
        self.listener.listen()
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection, connection.makefile("rb") as lines:
            try:
                for line in lines:
                    self.answer(connection, json.loads(line))
            except OSError:
                return

    def answer(self, connection, request):
        with self.arrived:
            self.asked.append((request["rpc"], request["args"]))
            self.arrived.notify_all()
        answer = self.answers.get(request["rpc"], [{"kind": "unknown-statement", "text": "no such request"}])
        if callable(answer):
            answer = answer(request["args"])
        if answer is None:
            return
        if isinstance(answer, bytes):
            connection.sendall(answer)
            return
        body = {"id": request["id"], "ok": isinstance(answer, dict)}
        body["data" if body["ok"] else "errors"] = answer
        connection.sendall(json.dumps(body).encode() + b"\n")

    def wait(self, rpc, limit=30):
        """Until a request has come; its arguments."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: any(name == rpc for name, _ in self.asked), limit), \
                f"{rpc} was never asked; there was {self.asked}"
            return next(args for name, args in reversed(self.asked) if name == rpc)

    def of(self, rpc):
        return [args for name, args in self.asked if name == rpc]

    def notify(self, text):
        for connection in self.connections:
            connection.sendall(json.dumps({"notify": text}).encode() + b"\n")

    def hang_up(self):
        """Every connection ends, and there is no socket any more."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.connections.clear()

    def close(self):
        self.hang_up()


VLANS = "vlans {\n    v10 {\n        vlan-id 10;\n    }\n}\n"
SET = "set vlans v10 vlan-id 10\nset vlans v20 vlan-id 20\nset interfaces ge-0/0/0 mtu 1500\n"


def with_vlans(folder, **answers):
    """Its configuration is VLANS."""
    texts = {"curly": VLANS, "set": SET}
    trees = {"json": {"json": {"configuration": {"a": "<&>"}}}}
    return FakeRe(folder, **{"get-config": lambda args: trees.get(args["form"]) or {"text": texts[args["form"]]},
                             **answers})


def environment(server):
    """Of a command line that finds the server."""
    return dict(os.environ, VEX_RUNDIR=server.folder, HOME=server.folder, TERM="xterm")
