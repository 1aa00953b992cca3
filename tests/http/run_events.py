#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Event streams: told after commits, to each what he may read, on from where he was, ended with the
session, and two thousand at once. Prints TAP."""
import datetime
import json
import selectors
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import TIZHI, Town  # noqa: E402
from service import Listener, Service  # noqa: E402
from tap import main, test  # noqa: E402

LONG = "x" * 40
PLAN = """计划 t { 名称 "试" 印发 2024-01-01 年度 2024 至 2026 }
层级 省 > 县 > 学校
条款 A 附件1
对象 学校 属于 县 { 数据 学生 : 人 每年 小数 0  数据 在考 : 人 每年 密级 密封 }
报表 F1 基本 { 对象 学校 每年 项 学生 截止 10-15 }
指标 A.1 学生 { 依据 附件1 计算 求和(学校.学生) 目标 每年 每个 县 不低于 100人 }
目标 A.2 规模 { 依据 附件1 每年 每个 学校 学生 不低于 50人 }
"""
UNITS = "code,name,kind,parent\nR,某省,省,\nD,甲县,县,R\nE,乙县,县,R\nS1,一校,学校,D\n" \
        "S2,二校,学校,D\nT1,三校,学校,E\n"
MANY = [f"{LONG}{i}" for i in range(120)]  # schools of E, all changed at once
UNITS += "".join(f"{x},校{i},学校,E\n" for i, x in enumerate(MANY))
PEOPLE = {"issuer": ["issuer R sealed"], "d": ["leader D internal"], "e": ["leader E internal"],
          "s": ["filler S1 internal"], "nobody": [], "gone": ["filler S2 internal"]}
TOWN = Town(PLAN, UNITS, PEOPLE)
ALL = ["R", "D", "E", "S1", "S2", "T1"]
CHINA = datetime.timezone(datetime.timedelta(hours=8))


def load(b, *facts):
    """Facts of schools, by the issuer; the number of the commit."""
    rows = "".join(f"{u},学校.学生,2024,{n},2025-01-05,t,A\n" for u, n in facts)
    (b.pack / "facts.csv").write_text("unit,item,period,value,recorded,source,grade\n" + rows,
                                      "utf-8")
    b("book", "load", who="issuer")
    return int(b("book", "status", who="issuer", fmt="json")["commits"])


BOOK = TOWN.copy()
SERVICE = Service(BOOK)
SERVICE.__enter__()
WHO = {user: SERVICE.login(user) for user in PEOPLE}


def readable(user):
    return {u for u in ALL if WHO[user].get(f"/units/{u}/overview").status == 200}


@test("a stream begins with the commit it goes on from, and is for nobody else to keep")
def _():
    s = Listener(WHO["d"])
    assert s.status == 200
    for name, value in (("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"),
                        ("X-Accel-Buffering", "no"), ("X-Content-Type-Options", "nosniff")):
        assert s.response.headers[name] == value, s.response.headers
    name, number, says = s.next()
    assert name == "ready" and number == says["commit"], (name, number, says)
    assert 0 < number <= WHO["d"].get("/health").json["commit"]
    s.close()
    assert SERVICE.asker().get("/events").status == 401


@test("a commit is told with where and what, and whoever then asks gets it")
def _():
    s = Listener(WHO["issuer"])
    s.next()
    seq = load(BOOK, ("S1", 60), ("S2", 50))
    name, number, says = s.until("verdict")
    assert number == seq == says["commit"], (number, seq, says)
    assert set(says["units"]) == {"D", "R", "S1", "S2"}, says
    assert set(says["targets"]) == {"A.1", "A.2"}, says
    got = WHO["issuer"].get("/verdicts?target=A.1&unit=D&year=2024").json
    assert got["commit"] >= seq and got["verdicts"][0]["state"] == "met", got
    s.close()


@test("each is told of units that he may read, of all of them, and of no other")
def _():
    who = ("issuer", "d", "e", "s", "nobody")
    streams = {user: Listener(WHO[user]) for user in who}
    for s in streams.values():
        s.next()
    load(BOOK, ("S1", 20), ("S2", 20), ("T1", 120))
    whole = set(streams["issuer"].until("verdict")[2]["units"])
    assert whole == {"R", "D", "E", "S1", "S2", "T1"}, whole
    for user in ("d", "e", "s"):
        told = set(streams[user].until("verdict")[2]["units"])
        assert told == readable(user) & whole, (user, told, readable(user))
    assert {"S1", "D"} <= readable("d") and "S2" not in readable("s")
    assert readable("nobody") == set()
    BOOK("user", "add", f"u{time.monotonic_ns()}", "--name", "New", who="sec")
    assert streams["nobody"].next()[0] == "hall"  # and no verdict before it
    for s in streams.values():
        s.close()


@test("work is told to those who may read the reports of the unit")
def _():
    streams = {user: Listener(WHO[user]) for user in ("d", "e", "s")}
    for s in streams.values():
        s.next()
    BOOK("round", "open", "R1", "--form", "F1", "--period", "2025", "--due", "2026-10-15",
         "--minutes", "2", who="issuer")
    for s in streams.values():
        assert s.until("queue")[2]["many"] is True
    (BOOK.dir / "form.csv").write_text("item,value,explain\n学生,3,\n", "utf-8")
    BOOK("report", "save", "R1", BOOK.dir / "form.csv", "--unit", "S1", who="s")
    BOOK("report", "submit", "R1", "--unit", "S1", who="s")
    for user in ("d", "s"):
        assert streams[user].until("queue")[2]["units"] == ["S1"]
    BOOK("user", "add", "later", "--name", "Later", who="sec")
    event = streams["e"].next()
    assert event[0] == "hall", event
    for s in streams.values():
        s.close()


@test("who comes back is told what he has missed, and who has missed too much is told that")
def _():
    before = WHO["d"].get("/health").json["commit"]
    first = load(BOOK, ("S1", 70))
    last = load(BOOK, ("S2", 71))
    waits = Listener(WHO["issuer"], f"?since={before}")
    event = waits.until("verdict")
    while event[2]["commit"] < last:
        event = waits.until("verdict")
    again = Listener(WHO["d"], last=before)
    name, number, says = again.next()
    assert name == "verdict" and says["commit"] == last == number, (name, number, says)
    assert {"S1", "S2", "D"} <= set(says["units"]), says
    assert first < last
    some = Listener(WHO["d"], last=first).next()
    assert some[0] == "verdict" and "S2" in some[2]["units"], some
    name, number, _says = Listener(WHO["d"], last=1).next()
    assert name == "missed" and number == last, (name, number, last)
    once = WHO["d"].get(f"/events?once=yes&since={first}")
    assert once.type == "text/event-stream" and f'"commit":{last}' in once.text, once.text
    assert WHO["d"].get(f"/events?once=yes&since={last}").text == ":\n\n"
    assert "event: ready" in WHO["d"].get("/events?once=yes").text
    for s in (waits, again):
        s.close()


@test("a seat that is taken away takes its events away, another one brings them")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        d, issuer = s.login("d"), s.login("issuer")
        one, all_ = Listener(d), Listener(issuer)
        one.next(), all_.next()
        load(b, ("S1", 60))
        assert "S1" in one.until("verdict")[2]["units"]
        yesterday = datetime.datetime.now(CHINA).date() - datetime.timedelta(days=1)
        b("seat", "end", "d.leader.d", "--to", yesterday, who="sec")
        assert one.until("hall")
        seq = load(b, ("S1", 61), ("S2", 61))
        while all_.until("verdict")[2]["commit"] < seq:
            pass
        b.seat("d", "leader", "E", "internal")
        event = one.next()
        assert event[0] == "hall", event
        load(b, ("T1", 90))
        assert "T1" in one.until("verdict")[2]["units"]


@test("a stream ends with its session: logged out, locked, closed")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a = s.login("d")
        one = Listener(a)
        one.next()
        assert a.delete("/session").status == 204
        assert one.next()[0] == "end" and one.next() is None
        again = s.login("d")
        two, gone = Listener(again), Listener(s.login("gone"))
        two.next(), gone.next()
        b("user", "lock", "d", who="sec")
        b("user", "lock", "gone", who="sec")
        assert two.until("end") and two.next() is None
        assert gone.until("end") and gone.next() is None
        assert Listener(again).status == 401


@test("the service stops in order: streams are told, and end")
def _():
    with Service(TOWN.copy()) as s:
        one = Listener(s.login("d"))
        one.next()
        assert s.stop() == 0
        assert one.next() is None
        lines = [json.loads(x) for x in s.log]
        assert [x["user"] for x in lines if x["route"] == "/api/v1/events"] == ["d"], lines[-3:]


def sleepers(a, n):
    """Connections that listen, each with its buffer for what has come."""
    out = []
    for _ in range(n):
        c = socket.create_connection(("127.0.0.1", a.service.port))
        c.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nCookie: {a.cookie}\r\n\r\n".encode())
        out.append([c, b""])
    return out


def until_all(connections, word):
    """Reads from all until each has had the word."""
    with selectors.DefaultSelector() as chosen:
        for x in connections:
            x[1] = b""
            chosen.register(x[0], selectors.EVENT_READ, x)
        left = len(connections)
        while left:
            ready = chosen.select(60)
            assert ready, f"{left} have not had {word}"
            for key, _mask in ready:
                x = key.data
                more = x[0].recv(65536)
                assert more, "a stream has ended"
                x[1] += more
                if word in x[1]:
                    chosen.unregister(x[0])
                    left -= 1


def status(pid, name):
    text = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(next(x for x in text.splitlines() if x.startswith(name)).split()[1])


@test("two thousand streams at once, without a thread each, and all of them are told")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a = s.login("d")
        pid = s.process.pid
        threads, memory = status(pid, "Threads"), status(pid, "VmRSS")
        streams = sleepers(a, 2000)
        until_all(streams, b"event: ready")
        assert f"tizhi_streams {len(streams)}\n" in a.get("/metrics").text
        load(b, ("S1", 60))
        until_all(streams, b"event: verdict")
        assert status(pid, "Threads") == threads
        grown = (status(pid, "VmRSS") - memory) / len(streams)
        # A sanitizer has its own memory around each block.
        assert grown < 48 or "build-" in str(TIZHI), f"{grown} KiB a stream"
        assert a.get("/units/D/overview").status == 200
        for x in streams:
            x[0].close()
        assert s.stop() == 0


@test("who does not take what he is told is cut off, and nobody waits for him")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a = s.login("issuer")
        c = socket.socket()
        c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        c.connect(("127.0.0.1", s.port))
        c.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nCookie: {a.cookie}\r\n\r\n".encode())
        good = Listener(a)
        good.next()
        for i in range(8):
            load(b, *[(x, 40 + i % 2 * 20 + i) for x in MANY])
            event = good.until("verdict")
        end = time.monotonic() + 60
        while "tizhi_streams 1\n" not in a.get("/metrics").text and time.monotonic() < end:
            time.sleep(0.2)
        assert "tizhi_streams 1\n" in a.get("/metrics").text
        assert event[2]["commit"] == s.asker().get("/health").json["commit"]
        good.close()


@test("more streams than are allowed are refused with another way")
def _():
    with Service(TOWN.copy(), "streams=2") as s:
        a = s.login("d")
        two = [Listener(a) for _ in range(2)]
        got = a.get("/events")
        assert got.status == 503 and "once=yes" in got.text, got.text
        for x in two:
            x.close()


SERVICE.stop()
sys.exit(main())
