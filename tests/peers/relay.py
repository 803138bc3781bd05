# SPDX-License-Identifier: Apache-2.0
"""Between a SIP client and its server: what is said is kept, message by message, and what the server
says can be changed on the way, to see what the client makes of it."""

import re
import socket
import threading

from contract.sip_wire import Message

LENGTH = re.compile(rb"(?im)^content-length:\s*(\d+)")


def same(head, body):
    return head, body


class Relay:
    """Takes connections at `port` on to a port of this machine. `change` is asked about every message
    of the server, as texts: header section and body; the length is mended. `said` is what the client
    sent, `told` what it was sent."""

    def __init__(self, to_port, change=same):
        self.to_port, self.change = to_port, change
        self.said, self.told = [], []
        self.ends = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                here = self.listener.accept()[0]
                there = socket.create_connection(("127.0.0.1", self.to_port), 10)
            except OSError:
                return
            there.settimeout(None)
            self.ends |= {here, there}
            for pair in (here, there, same, self.said), (there, here, self.change, self.told):
                threading.Thread(target=self.carry, args=pair, daemon=True).start()

    @staticmethod
    def carry(come, go, change, kept):
        buffer = b""
        try:
            while data := come.recv(65536):
                buffer += data
                while buffer:
                    message, buffer = cut(buffer)
                    if message is None:
                        break
                    if message.strip():
                        message = changed(message, change, kept)
                    go.sendall(message)
        except OSError:
            pass
        for end in (come, go):
            shut(end)

    def close(self):
        for end in (self.listener, *self.ends):
            shut(end)
            end.close()


def shut(end):
    """Closing alone would not wake the thread that reads from it."""
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def cut(buffer):
    """The first message, or the empty lines before it, and what is left; None while it is not whole."""
    blank = len(buffer) - len(buffer.lstrip(b"\r\n"))
    if blank:
        return buffer[:blank], buffer[blank:]
    head, end, rest = buffer.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    length = int(length.group(1)) if length else 0
    if not end or len(rest) < length:
        return None, buffer
    size = len(head) + len(end) + length
    return buffer[:size], buffer[size:]


def changed(message, change, kept):
    head, _, body = message.decode("utf-8", "surrogateescape").partition("\r\n\r\n")
    head, body = change(head, body)
    data = body.encode("utf-8", "surrogateescape")
    head = LENGTH.sub(b"Content-Length: %d" % len(data), head.encode("utf-8", "surrogateescape"))
    kept.append(Message(head, data))
    return head + b"\r\n\r\n" + data
