# SPDX-License-Identifier: Apache-2.0
"""Bytes on a socket, for requests that no library of HTTP would send.

    answers, closed = say(port, b"GET / HTTP/1.1\r\n…")
    answers[0].status, answers[0].headers["allow"], answers[0].body
"""
import re
import socket
import ssl
from dataclasses import dataclass

PATIENCE = 20  # seconds without a byte

HOST = b"Host: tizhi.example.cn\r\n"
JSON = b"Content-Type: application/json\r\n"
GET = b"GET /api/v1/health HTTP/1.1\r\n" + HOST
POST = b"POST /api/v1/session HTTP/1.1\r\n" + HOST + JSON
HIDDEN = b"GET /api/v1/ready HTTP/1.1\r\n" + HOST + b"\r\n"
LAST = b"GET /api/v1/ready HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
# Whose end, or whose other parts, two readers could take for different ones.
CHUNKED = b"Transfer-Encoding: chunked\r\n"
SMUGGLED = {
    "length and chunks": POST + b"Content-Length: 5\r\n" + CHUNKED + b"\r\n0\r\n\r\n",
    "chunks and length": POST + CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 2\r\nContent-Length: 44\r\n\r\n{}",
    "two lengths, the long one first": POST + b"Content-Length: 44\r\nContent-Length: 2\r\n\r\n{}",
    "the same length twice": POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "a list of lengths": POST + b"Content-Length: 2, 2\r\n\r\n{}",
    "a signed length": POST + b"Content-Length: +2\r\n\r\n{}",
    "a negative length": POST + b"Content-Length: -2\r\n\r\n{}",
    "a length in hex": POST + b"Content-Length: 0x2\r\n\r\n{}",
    "a length with a blank": POST + b"Content-Length: 2 2\r\n\r\n{}",
    "an empty length": POST + b"Content-Length: \r\n\r\n{}",
    "a length beyond 64 bits": POST + b"Content-Length: 18446744073709551618\r\n\r\n{}",
    "a blank before the colon": POST + b"Content-Length : 2\r\n\r\n{}",
    "a tab before the colon": POST + b"Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
    "a folded length": POST + b"Content-Length:\r\n 2\r\n\r\n{}",
    "a length that goes on in the next line": POST + b"Content-Length: 4\r\n 4\r\n\r\n{}",
    "folded chunks": POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "chunks": POST + CHUNKED + b"\r\n2\r\n{}\r\n0\r\n\r\n",
    "chunks with an extension": POST + CHUNKED + b"\r\n2;a=\"b\"\r\n{}\r\n0\r\n\r\n",
    "chunks with a bare LF": POST + CHUNKED + b"\r\n2;\n{}\r\n0\r\n\r\n",
    "chunks with trailers": POST + CHUNKED + b"\r\n2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n",
    "a chunk of more than all": POST + CHUNKED + b"\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    "another coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks under a coding": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "two codings": POST + b"Transfer-Encoding: identity\r\n" + CHUNKED + b"\r\n0\r\n\r\n",
    "a coding with a control character": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": b"POST /api/v1/session HTTP/1.0\r\nConnection: keep-alive\r\n" + JSON +
                          CHUNKED + b"\r\n0\r\n\r\n",
    "a blank before the first header": GET[:-len(HOST)] + b" X: a\r\n" + HOST + b"\r\n",
    "no host": b"GET /api/v1/health HTTP/1.1\r\n\r\n",
    "two hosts": GET + b"Host: b\r\n\r\n",
    "two cookies": GET + b"Cookie: tizhi=a\r\nCookie: tizhi=b\r\n\r\n",
    "a header without a colon": GET + b"garbage\r\n\r\n",
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no protocol": b"GET /api/v1/health\r\n\r\n",
    "a bare CR": b"GET /api/v1/health HTTP/1.1\rHost: a\r\r\n\r\n",
}
# In no doubt, though strange.
HARMLESS = {
    "bare LF": b"GET /api/v1/health HTTP/1.1\nHost: a\n\n",
    "a folded header": GET + b"X: a\r\n b\r\n\r\n",
    "a body of its own length": POST + b"Content-Length: 2\r\n\r\n{}",
    "an upgrade": GET + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                        b"HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
}


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


def connect(port, wait, tls):
    c = socket.create_connection(("127.0.0.1", port), timeout=wait)
    return tls[0].wrap_socket(c, server_hostname=tls[1]) if tls else c


def say(port, data, wait=PATIENCE, tls=None):
    """The answers, and whether the service has closed the connection within `wait` seconds. tls: a
    context and the name of the server."""
    got, closed = b"", False
    with connect(port, wait, tls) as c:
        try:
            c.sendall(data)
            while not closed:
                more = c.recv(65536)
                got, closed = got + more, not more
        except socket.timeout:
            pass
        except (ConnectionResetError, BrokenPipeError, ssl.SSLError):
            closed = True
    return parts(got), closed
