#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two processes of the service over one book on PostgreSQL, alone and behind nginx: they behave as
one. Prints TAP."""
import http.client
import shutil
import socket
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import GOOD  # noqa: E402
from nginx import NAME, Nginx  # noqa: E402
from pg import PostgresTown, Server  # noqa: E402
from service import Asker, Listener, Service  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 p { 年度 2024 至 2026 }
层级 省 > 县 > 学校
对象 学校 属于 县 { 数据 学生 : 人 每年 小数 0 }
报表 F1 基本 { 对象 学校 每年 项 学生 截止 10-15 }
目标 T1 学生 { 每年 每个 县 求和(学校.学生) 不少于 100人 }
"""
SCHOOLS = [f"S{i}" for i in range(1, 13)]
UNITS = "code,name,kind,parent\nR,省,省,\nD,县,县,R\n" + \
        "".join(f"{s},校{s},学校,D\n" for s in SCHOOLS)
PEOPLE = {"iss": ["issuer R internal"], "lead": ["leader D internal"], "other": ["leader D public"]}
PEOPLE |= {s.lower(): [f"filler {s} internal"] for s in SCHOOLS}
WISH = {"round": "R1", "form": "F1", "period": "2025", "due": "2199-01-01", "minutes": 1,
        "signatures": 0}


def at(service, asker):
    """The same one at another process."""
    other = Asker(service)
    other.cookie = asker.cookie
    return other


def path_of(school):
    return f"/rounds/R1/reports/{school}"


def save(asker, school, value, seen=None, want=200):
    if seen is None:
        seen = asker.get(path_of(school)).json["seen"]
    got = asker.post(f"{path_of(school)}/save",
                     {"seen": seen, "cells": [{"item": "学生", "value": str(value)}]})
    assert got.status == want, f"{school}: {got.status} {got.text}"
    return got.json


def submit(asker, school, value):
    seen = save(asker, school, value)["seen"]
    got = asker.post(f"{path_of(school)}/submit", {"seen": seen})
    assert got.status == 200, got.text
    return got.json["commit"]


class Front(Asker):
    """Somebody who asks through nginx, over TLS."""

    def __init__(self, service, front):
        super().__init__(service)
        self.front, self.context = front, front.tls()

    def connection(self, host):
        c = http.client.HTTPSConnection(NAME, self.front.https, timeout=60, context=self.context)
        plain = socket.create_connection(("127.0.0.1", self.front.https))
        c.sock = self.context.wrap_socket(plain, server_hostname=NAME)
        return c


def cases(town, a, b):
    @test("logged in at one is logged in at the other, logged out at one at both; streams end")
    def _():
        here = a.login("lead")
        there = at(b, here)
        assert there.get("/session").json["user"] == "lead"
        heard = Listener(here)
        assert heard.next()[0] == "ready"
        assert there.delete("/session").status == 204
        assert here.get("/session").status == 401
        assert heard.until("end") and heard.next() is None

    @test("tries are counted together: after a wrong one here the next is too early there")
    def _():
        assert a.asker().post("/session", {"user": "other", "password": "x"}).status == 401
        got = b.asker().post("/session", {"user": "other", "password": GOOD})
        assert got.status == 401 and "possible in" in got.text, got.text

    @test("a commit through one is told by the other, whose verdicts stand for it")
    def _():
        iss = a.login("iss")
        assert iss.post("/rounds", WISH).status == 200
        lead = b.login("lead")
        heard = Listener(lead)
        heard.next()
        commit = submit(at(a, a.login("s1")), "S1", 40)
        says = {"commit": 0}
        while says["commit"] < commit:
            says = heard.until("queue")[2]
        assert says["units"] == ["S1"], says
        got = lead.get(f"/units/D/overview?since={commit}")
        assert got.status == 200 and got.json["commit"] >= commit, got.text
        heard.close()

    @test("two write on one report, one here and one there: one of them was faster")
    def _():
        here = a.login("s2")
        there = at(b, here)
        for value in range(5):
            seen = here.get(path_of("S2")).json["seen"]
            got = {}

            def write(who, name):
                got[name] = who.post(f"{path_of('S2')}/save", {
                    "seen": seen, "cells": [{"item": "学生", "value": f"{value}{name}"}]}).status
            threads = [threading.Thread(target=write, args=x) for x in ((here, 1), (there, 2))]
            for t in threads:
                t.start()
            for t in threads:
                t.join()
            assert sorted(got.values()) == [200, 409], got

    @test("a seat that is given counts at both with the next request")
    def _():
        here = a.login("s3")
        there = at(b, here)
        assert [x.get("/units/S5/overview").status for x in (here, there)] == [403, 403]
        town.seat("s3", "leader", "D", "internal")
        assert [x.get("/units/S5/overview").status for x in (here, there)] == [200, 200]

    @test("what one has named the other knows: 304 at both")
    def _():
        lead = a.login("lead")
        commit = submit(a.login("s4"), "S4", 60)
        path = f"/verdicts?unit=D&since={commit}"
        tags = [at(s, lead).get(path).headers["ETag"] for s in (a, b)]
        first = "/verdicts?unit=D"
        tag = lead.get(first).headers["ETag"]
        assert tags[0] == tags[1]
        assert at(b, lead).get(first, headers={"If-None-Match": tag}).status == 304

    @test("behind nginx they are one: sessions, writing, streams, and both do their part")
    def _():
        with Nginx(a, b, patient=True) as front:
            who = {}
            for school in SCHOOLS[5:]:
                who[school] = Front(a, front)
                got = who[school].post("/session", {"user": school.lower(), "password": GOOD},
                                       headers={"Origin": f"https://{NAME}"})
                assert got.status == 200, got.text
            last = 0
            for i, (school, asker) in enumerate(who.items()):
                last = max(last, submit(asker, school, 10 + i))
            for service in (a, b):
                lead = at(service, a.login("lead"))
                got = lead.get(f"/units/D/overview?since={last}").json
                assert got["commit"] >= last, got
            passed = front.passed()
            served = [sum(any(n in line for line in s.log) for n in passed) for s in (a, b)]
            assert min(served) >= 10, served
        iss = a.login("iss")
        for service in (a, b):
            rows = at(service, iss).get("/rounds/R1/reports").json
            states = {r["unit"]: r["state"] for r in rows["reports"]}
            assert all(states[s] == "submitted" for s in SCHOOLS[5:]), states

    @test("a plan adopted at one is in force at both; what was begun on the other is told")
    def _():
        here = a.login("iss")
        there = at(b, here)
        heard = Listener(there)
        heard.next()
        wish = {"files": [{"name": "a.plan", "text": PLAN.replace("100人", "5人")}]}
        tried = here.post("/plan/packs", wish).json
        late = there.post("/plan/packs", wish).json
        words = {"reason": "r"} | {k: tried[k] for k in ("seen", "in_force")}
        done = here.post("/plan/adopt", wish | words)
        assert done.status == 200, done.text
        assert heard.until("plan")[2]["commit"] >= done.json["commit"]
        heard.close()
        for asker in (here, there):
            plan = asker.get(f"/units/D/overview?since={done.json['commit']}")
            assert plan.status == 200, plan.text
            assert asker.get("/plan").json["adopted"] == done.json["commit"]
            rungs = asker.get("/commitments/T1").json["requirements"]
            assert "5" in {r["value"] for r in rungs}, rungs
        words = {"reason": "r"} | {k: late[k] for k in ("seen", "in_force")}
        wish["files"][0]["text"] = PLAN.replace("100人", "6人")
        assert there.post("/plan/adopt", wish | words).status == 409

    @test("one goes, the other stays")
    def _():
        here = a.login("lead")
        assert a.stop() == 0
        assert at(b, here).get("/units/D/overview").status == 200


if not shutil.which("nginx", path="/usr/sbin:/usr/bin"):
    print("1..0 # skip nginx is not installed")
    sys.exit(0)

with Server() as SERVER:
    TOWN = PostgresTown(SERVER, PLAN, UNITS, PEOPLE)
    MORE = (f"files={TOWN.dir / 'files'}", f"origin=https://{NAME}", "proxy=127.0.0.1")
    with Service(TOWN, *MORE, plain=False) as A, Service(TOWN, *MORE, plain=False) as B:
        cases(TOWN, A, B)
sys.exit(main())
