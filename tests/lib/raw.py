# SPDX-License-Identifier: Apache-2.0
"""Bytes on a socket, for requests that no library of HTTP would send.

    answers, closed = say(port, b"GET / HTTP/1.1\r\n…")
    answers[0].status, answers[0].headers["allow"], answers[0].body
"""
import re
import socket
from dataclasses import dataclass

PATIENCE = 20  # seconds without a byte


@dataclass
class Raw:
    status: int
    headers: dict
    body: bytes


def parts(data):
    """Answers one after another, by their Content-Length; what is no answer ends the list."""
    found = []
    while (m := re.match(rb"HTTP/1\.1 (\d{3}) [^\r]*\r\n(.*?)\r\n\r\n", data, re.S)):
        lines = [x.split(b": ", 1) for x in m.group(2).split(b"\r\n")]
        headers = {k.decode().lower(): v.decode() for k, v in lines}
        n = int(headers.get("content-length", 0))
        found.append(Raw(int(m.group(1)), headers, data[m.end():m.end() + n]))
        data = data[m.end() + n:]
    return found


def say(port, data, wait=PATIENCE):
    """The answers, and whether the service has closed the connection within `wait` seconds."""
    got, closed = b"", False
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as c:
        try:
            c.sendall(data)
            while not closed:
                more = c.recv(65536)
                got, closed = got + more, not more
        except socket.timeout:
            pass
        except (ConnectionResetError, BrokenPipeError):
            closed = True
    return parts(got), closed
