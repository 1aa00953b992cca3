#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""API tokens over HTTP: what one is for and what it is not, never more than its holder may, how it
ends, and that it stands nowhere. Prints TAP."""
import datetime
import json
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import GOOD, Town  # noqa: E402
from service import Service  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 t { 名称 "试" 印发 2024-01-01 年度 2024 至 2026 }
层级 省 > 县 > 学校
条款 A 附件1
对象 学校 属于 县 { 数据 学生 : 人 每年 }
指标 A.1 学生 { 依据 附件1 计算 求和(学校.学生) 目标 每年 每个 县 不低于 100人 }
"""
UNITS = """code,name,kind,parent,from,to,alias
R,某省,省,,,,
D,甲县,县,R,,,
E,乙县,县,R,,,
S1,甲一校,学校,D,,,
"""
TOWN = Town(PLAN, UNITS, {"li": ["reviewer D internal"], "iss": ["issuer R internal"], "ma": []})
TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
SOON = str(TODAY + datetime.timedelta(days=5))


def want(answer, status, at=None):
    assert answer.status == status, f"{answer.status}, not {status}: {answer.text}"
    assert at is None or answer.json.get("at") == at, answer.text
    return answer.json


def make(service, user, operations, units=(), until=SOON, status=200, at=None, name="bot"):
    a = service.login(user)
    got = a.post("/tokens", {"name": name, "operations": operations.split(), "until": until,
                             "password": GOOD} | ({"units": units} if units else {}))
    said = want(got, status, at)
    return said["token"] if status == 200 else said


class Bearer:
    """Asks by a token and nothing else."""

    def __init__(self, service, token, scheme="Bearer"):
        self.asker = service.asker()
        self.headers = {"Authorization": f"{scheme} {token}"}

    def get(self, path, **more):
        return self.asker.get(path, headers=self.headers | more.pop("headers", {}), **more)

    def post(self, path, body, **more):
        return self.asker.post(path, body, headers=self.headers | more.pop("headers", {}), **more)

    def delete(self, path):
        return self.asker.delete(path, headers=self.headers)


@test("a token is for its operations and units, and never for more than its holder may")
def _():
    with Service(TOWN.copy()) as s:
        t = Bearer(s, make(s, "iss", "verdict.read unit.read", ["D"]))
        want(t.get("/units/D/overview"), 200)
        want(t.get("/units/S1/overview"), 200)
        want(t.get("/units/E/overview"), 403)  # not its unit
        want(t.get("/units/R/overview"), 403)
        want(t.get("/units"), 200)  # the tree is everybody's
        want(t.get("/units/E"), 200)
        t = Bearer(s, make(s, "li", "verdict.read"))
        want(t.get("/units/S1/overview"), 200)
        want(t.get("/units"), 403)  # not its operation
        t = Bearer(s, make(s, "ma", "verdict.read unit.read"))
        want(t.get("/units/D/overview"), 403)  # he holds no seat at all


@test("nothing about proofs is done with a token, and none is for users and seats")
def _():
    with Service(TOWN.copy()) as s:
        t = Bearer(s, make(s, "li", "unit.read"))
        for got in (t.get("/session"), t.get("/tokens"), t.get("/sessions"), t.delete("/sessions"),
                    t.post("/session/totp", {"password": GOOD}), t.delete("/tokens/bot"),
                    t.post("/tokens", {"name": "x", "operations": ["unit.read"], "until": SOON,
                                       "password": GOOD})):
            want(got, 403)
        for bad in ("user.set", "seat.set", "unit.read user.set", "anything", "password"):
            make(s, "li", bad, status=422, at="/operations", name="b")
        make(s, "li", "unit.read", ["nowhere"], status=404, at="/units", name="b")
        for until in (str(TODAY - datetime.timedelta(days=1)), "2099-01-01"):
            make(s, "li", "unit.read", until=until, status=422, name="b")
        make(s, "li", "unit.read", status=409)
        make(s, "li", "unit.read", status=422, name="B!")


@test("it is listed without its secret, with its last use, and ends when it is ended")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a = s.login("li")
        text = make(s, "li", "verdict.read unit.read", ["D", "S1"])
        row, = want(a.get("/tokens"), 200)["tokens"]
        assert row["operations"] == ["verdict.read", "unit.read"] and row["units"] == ["D", "S1"]
        assert row["last"] == "" and row["until"] == SOON and row["over"] is False
        assert text.split("-")[1].split(".")[0] not in str(row)
        t = Bearer(s, text)
        want(t.get("/units"), 200)
        assert want(a.get("/tokens"), 200)["tokens"][0]["last"].startswith(str(TODAY)[:2])
        want(a.delete("/tokens/bot"), 204)
        want(t.get("/units"), 401)
        want(a.delete("/tokens/bot"), 404)
    acts = [(e["act"], e["note"]) for e in b("audit", "log", who="aud", fmt="json")]
    assert ("user.token", "bot") in acts and ("user.token.end", "bot") in acts, acts


@test("it ends with its day, a lock, a reset; a seat that ends takes its rights at once")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        text = make(s, "li", "verdict.read unit.read")
        t = Bearer(s, text)
        with sqlite3.connect(b.book, timeout=30) as db:
            body, = db.execute("SELECT body FROM secret WHERE subject = 'user/li'").fetchone()
            places = json.loads(body)
            places[11][4] -= 6  # its last day was yesterday
            db.execute("UPDATE secret SET body = ?, version = version + 1 "
                       "WHERE subject = 'user/li'", (json.dumps(places, separators=(",", ":")),))
        want(t.get("/units"), 401)
        t = Bearer(s, make(s, "li", "verdict.read unit.read", name="b2"))
        want(t.get("/units/D/overview"), 200)
        b("seat", "end", "d.reviewer.li", "--to", str(TODAY - datetime.timedelta(days=1)),
          who="sec")
        want(t.get("/units/D/overview"), 403)
        for act in ("lock", "reset"):
            t = Bearer(s, make(s, "iss", "unit.read", name=act))
            want(t.get("/units"), 200)
            b("user", act, "iss", who="sec")
            want(t.get("/units"), 401)
            b("user", "unlock", "iss", who="sec")
            want(t.get("/units"), 401)


@test("changed, cut or of another one it is nobody's; no other scheme is taken")
def _():
    with Service(TOWN.copy()) as s:
        text = make(s, "li", "unit.read")
        want(Bearer(s, text).get("/units"), 200)
        for bad in (text[:-1], text[:-3] + "iss", text[6:], text.lower(), "tizhi-", "",
                    "tizhi-" + "A" * 52 + ".li", text.replace(".", ""), text + "x", "é" * 3):
            got = Bearer(s, bad.encode("utf-8").decode("latin-1")).get("/units")
            assert got.status in (400, 401), (bad, got.text)
        for scheme in ("Basic", "Token", "bearer"):
            assert Bearer(s, text, scheme).get("/units").status == 401
        # With a cookie beside it the token counts alone.
        t = Bearer(s, "tizhi-" + "A" * 52 + ".li")
        t.asker.cookie = s.login("iss").cookie
        want(t.get("/units"), 401)
        # No page of another site can send one; so where it comes from is not asked.
        t = Bearer(s, text)
        want(t.get("/units", headers={"Origin": "https://elsewhere.example"}), 200)


@test("it stands in no log, no answer but the first, and not in the book")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        text = make(s, "li", "unit.read")
        Bearer(s, text).get("/units")
        Bearer(s, text + "x").get("/units")
        assert s.stop() == 0
        secret = text.split("-")[1].split(".")[0]
        assert secret not in "".join(s.log) + "".join(s.said)
        lines = [json.loads(x) for x in s.log]
        assert any(x.get("user") == "li" and x["route"] == "/api/v1/units" for x in lines)
    assert secret.encode() not in b.book.read_bytes()


sys.exit(main())
