#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The wire: IPv4 and IPv6, limits on connections, the log, and a stop that loses nothing while
streams are open, files are on their way and reports are being written. Prints TAP."""
import http.client
import json
import socket
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town  # noqa: E402
from service import READY, Listener, Service  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 p { 年度 2024 至 2026 }
层级 省 > 县 > 学校
对象 学校 属于 县 { 数据 学生 : 人 每年 小数 0 }
报表 F1 基本 { 对象 学校 每年 项 学生 截止 10-15 }
目标 T1 学生 { 每年 每个 县 求和(学校.学生) 不少于 100人 }
"""
SCHOOLS = [f"S{i}" for i in range(1, 9)]
UNITS = "code,name,kind,parent\nR,省,省,\nD,县,县,R\n" + \
        "".join(f"{s},校{s},学校,D\n" for s in SCHOOLS)
PEOPLE = {"iss": ["issuer R internal"]} | {s.lower(): [f"filler {s} internal"] for s in SCHOOLS}
TOWN = Town(PLAN, UNITS, PEOPLE)


def ask_at(port, host, source=None):
    """Whether somebody answers; None: the connection is refused or closed."""
    c = http.client.HTTPConnection(host, port, timeout=10, source_address=source)
    try:
        c.request("GET", "/api/v1/health")
        return c.getresponse().status
    except (ConnectionError, http.client.BadStatusLine):
        return None
    finally:
        c.close()


@test("it is there on IPv4 and on IPv6, on each only where it was told to be")
def _():
    with Service(TOWN, "listen=127.0.0.1:0 [::1]:0") as s:
        end = time.monotonic() + 10
        while len(READY.findall("".join(s.said))) < 2 and time.monotonic() < end:
            time.sleep(0.01)
        four, six = map(int, READY.findall("".join(s.said)))
        assert ask_at(four, "127.0.0.1") == 200 and ask_at(six, "::1") == 200
        assert ask_at(six, "127.0.0.1") is None and ask_at(four, "::1") is None
        c = http.client.HTTPConnection("::1", six, timeout=10)
        c.request("GET", "/api/v1/units")
        number = c.getresponse().headers["X-Request-Id"]
        s.settle(number)
        assert any('"address":"::1"' in x for x in s.log if number in x), s.log


@test("of one address only so many connections, of another one still")
def _():
    with Service(TOWN, "connections_per_address=3") as s:
        held = [socket.create_connection(("127.0.0.1", s.port)) for _ in range(3)]
        for x in held:
            x.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert x.recv(12) == b"HTTP/1.1 200"
        assert ask_at(s.port, "127.0.0.1") is None
        assert ask_at(s.port, "127.0.0.1", ("127.0.0.2", 0)) == 200
        held.pop().close()
        end = time.monotonic() + 10
        got = None
        while got is None and time.monotonic() < end:
            got = ask_at(s.port, "127.0.0.1")
        assert got == 200


@test("and of all together only so many: who comes later waits until somebody goes")
def _():
    with Service(TOWN, "connections=8") as s:
        held = [socket.create_connection(("127.0.0.1", s.port)) for _ in range(8)]
        for x in held:
            x.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert x.recv(12) == b"HTTP/1.1 200"
        late = socket.create_connection(("127.0.0.1", s.port))
        late.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
        late.settimeout(0.3)
        try:
            got = late.recv(12)
        except TimeoutError:
            got = None
        assert got is None, got
        held.pop().close()
        late.settimeout(10)
        assert late.recv(12) == b"HTTP/1.1 200"


@test("every request has a line in the log: answered, refused, not there, broken off")
def _():
    with Service(TOWN, "idle_seconds=1", "arrive_seconds=1") as s:
        a = s.login("iss")
        numbers = [a.get(path).headers["X-Request-Id"]
                   for path in ("/units", "/units/none", "/nothing", "/units?x=y", "/metrics")]
        numbers.append(s.asker().get("/units").headers["X-Request-Id"])
        numbers.append(a.ask("TRACE", "/api/v1/units").headers["X-Request-Id"])
        cut = socket.create_connection(("127.0.0.1", s.port))
        cut.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        cut.close()
        for words in (*numbers, '"status":408'):
            s.settle(words)
        lines = [json.loads(x) for x in s.log]
        assert all({"at", "request", "route", "status", "bytes", "us", "address"} <= set(x)
                   for x in lines)
        seen = {x["request"]: x["status"] for x in lines}
        assert [seen[n] for n in numbers] == [200, 404, 404, 400, 200, 401, 405], seen
        assert s.stop() == 0


def write(asker, school, done):
    """Saves one value after another as long as somebody answers; the values that were kept."""
    path = f"/rounds/R1/reports/{school}"
    value = 0
    try:
        seen = asker.get(path).json["seen"]
        while True:
            value += 1
            got = asker.post(f"{path}/save",
                             {"seen": seen, "cells": [{"item": "学生", "value": str(value)}]})
            if got.status != 200:
                return
            seen = got.json["seen"]
            done[school] = value
    except (ConnectionError, http.client.HTTPException):
        return


@test("a stop loses nothing: what was answered is kept, a file on its way is taken, streams end")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        iss = s.login("iss")
        assert iss.post("/rounds", {"round": "R1", "form": "F1", "period": "2025",
                                    "due": "2199-01-01", "minutes": 1,
                                    "signatures": 0}).status == 200
        done = {}
        threads = [threading.Thread(target=write, args=(s.login(x.lower()), x, done))
                   for x in SCHOOLS]
        heard = Listener(iss)
        heard.next()
        data = b"a,b\n1,2\n" * 20000
        file = socket.create_connection(("127.0.0.1", s.port), timeout=60)
        file.sendall("\r\n".join(["POST /api/v1/sheets HTTP/1.1", "Host: x", "X-Tizhi: 1",
                                  f"Cookie: {iss.cookie}", "Content-Type: text/csv",
                                  f"Content-Length: {len(data)}", "", ""]).encode())
        file.sendall(data[:50000])
        for t in threads:
            t.start()
        end = time.monotonic() + 20
        while (len(done) < len(SCHOOLS) or min(done.values()) < 3) and time.monotonic() < end:
            time.sleep(0.01)
        s.process.terminate()
        for t in threads:
            t.join()
        assert ask_at(s.port, "127.0.0.1") is None  # the port is closed, the file is waited for
        file.sendall(data[50000:])
        answer = file.recv(65536)
        assert answer.startswith(b"HTTP/1.1 200") and b'"rows":40000' in answer, answer
        while heard.next() is not None:
            pass
        assert s.stop() == 0
    with Service(b) as s:
        iss = s.login("iss")
        for school in SCHOOLS:
            a = s.login(school.lower())
            (cell,) = a.get(f"/rounds/R1/reports/{school}").json["cells"]
            assert int(cell["value"]) >= done[school] >= 3, (school, cell, done)


sys.exit(main())
