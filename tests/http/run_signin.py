#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Signing in over HTTP: passwords and their rules, the authenticator, devices, slow-down and lock,
sessions that end, are stolen or brought along. Time is set in the records of the book, not waited
for. Prints TAP."""
import base64
import hashlib
import hmac
import json
import re
import sqlite3
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import GOOD, Town  # noqa: E402
from service import Service  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 t { 名称 "试" 印发 2024-01-01 年度 2024 至 2026 }
层级 省 > 县
对象 县 属于 省 { 数据 学生 : 人 每年 }
"""
UNITS = "code,name,kind,parent,from,to,alias\nR,某省,省,,,,\nD,甲县,县,R,,,\n"
NEXT = "Airag-8-bowl"
TOWN = Town(PLAN, UNITS, {"li": ["filler D internal"], "wu": ["head D internal"], "ma": []})
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
WECHAT = ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 "
          "MicroMessenger/8.0")


def code(secret, seconds=0):
    step = int(time.time() + seconds) // 30
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = digest[19] & 15
    return f"{(int.from_bytes(digest[at:at + 4], 'big') & 0x7fffffff) % 1000000:06}"


def record(book, user, change):
    """The record of secrets of a user, changed: its places are those of app/seat/secret.c."""
    with sqlite3.connect(book.book, timeout=30) as db:
        body, = db.execute("SELECT body FROM secret WHERE subject = ?",
                           (f"user/{user}",)).fetchone()
        places = json.loads(body)
        change(places)
        db.execute("UPDATE secret SET body = ?, version = version + 1 WHERE subject = ?",
                   (json.dumps(places, separators=(",", ":")), f"user/{user}"))


def forget_wait(places):
    places[4] = 0  # when the next try is looked at


def want(answer, status, at=None):
    assert answer.status == status, f"{answer.status}, not {status}: {answer.text}"
    assert at is None or answer.json.get("at") == at, answer.text
    return answer.json


def login(service, user="li", password=GOOD, **more):
    a = service.asker()
    headers = {"User-Agent": more.pop("agent")} if "agent" in more else {}
    return a, a.post("/session", {"user": user, "password": password} | more, headers=headers)


def seconds(book, user, back):
    """All sessions of the user began and were used so long ago."""
    def change(places):
        for i in range(0, len(places[9]), 3):
            places[9][i + 1] -= back[0] * 1000000
            places[9][i + 2] -= back[1] * 1000000
    record(book, user, change)


@test("the rules of passwords are told before one is typed, in both languages, and hold")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a = s.asker()
        rules = want(a.get("/password-rules"), 200)
        assert rules["min_characters"] == 10 and rules["days"] == 180 and rules["old"] == 5
        assert len(rules["rules"]) == 8 and all(r.isascii() for r in rules["rules"])
        zh = want(a.get("/password-rules", headers={"Accept-Language": "zh"}), 200)
        assert "密码至少 10 个字符" in zh["rules"]
        body = {"user": "li", "password": GOOD}
        for bad in ("short", "allsmallletters", "Aaaa-1111-bbbb", "Li-li-li-2024!", GOOD,
                    "Password-1!", "x" * 600):
            got = a.post("/session/password", body | {"next": bad})
            want(got, 422, "/next")
            assert bad == "x" * 600 or got.json["title"] in rules["rules"], got.text
        want(a.post("/session/password", body | {"next": NEXT}), 200)
        want(login(s)[1], 401)
        want(login(s, password=NEXT)[1], 401)  # too early: one was wrong just now
        record(b, "li", forget_wait)
        want(login(s, password=NEXT)[1], 200)


@test("a password given by another one is changed at the first login and after a reset")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a, got = login(s)
        want(got, 200)
        once = b("user", "reset", "li", who="sec", fmt="json")["password"]
        want(a.get("/session"), 401)
        want(login(s, password=once)[1], 403, "/password")
        want(s.asker().post("/session/password", {"user": "li", "password": once, "next": NEXT}),
             200)
        want(login(s, password=once)[1], 401)


@test("who logs in is told how long it lasts; idle and in all it ends by the clock")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a, got = login(s)
        me = want(got, 200)
        assert me["by"] == "password" and me["totp"] is False and me["idle"] == 1800, me
        assert 35990 <= me["ends_in"] <= 36000, me
        seconds(b, "li", (1000, 1000))
        assert want(a.get("/session"), 200)["ends_in"] <= 35000
        seconds(b, "li", (0, 1790))
        want(a.get("/session"), 200)
        seconds(b, "li", (0, 1801))
        want(a.get("/session"), 401)
        a, _ = login(s)
        seconds(b, "li", (36001, 0))
        want(a.get("/session"), 401)


@test("an authenticator: the secret is shown once, holds when it is proved, each code is good once")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a, _ = login(s)
        want(a.post("/session/totp/proof", {"code": "000000"}), 409)
        want(a.post("/session/totp", {"password": "wrong"}), 422, "/password")
        record(b, "li", forget_wait)
        got = a.post("/session/totp", {"password": GOOD})
        secret = want(got, 200)["secret"]
        assert got.headers["Cache-Control"] == "no-store" and secret in got.json["url"]
        want(login(s)[1], 200)  # not yet asked for
        want(a.post("/session/totp/proof", {"code": "12345"}), 422, "/code")
        me = want(a.post("/session/totp/proof", {"code": code(secret)}), 200)
        assert me["totp"] is True
        want(login(s)[1], 401)
        record(b, "li", forget_wait)
        want(login(s, code=code(secret))[1], 401)  # it was used for the proof
        record(b, "li", forget_wait)
        later = code(secret, 30)
        got = login(s, code=later)[1]
        assert want(got, 200)["totp"] is True
        want(login(s, code=later)[1], 401)
        # Another one takes the password and a code of the one there is.
        record(b, "li", forget_wait)
        want(a.post("/session/totp", {"password": GOOD}), 422, "/password")
        b("user", "no-totp", "li", who="sec")
        want(a.get("/session"), 401)
        record(b, "li", forget_wait)
        assert want(login(s)[1], 200)["totp"] is False


@test("unknown users are answered, slowed down and locked like those there are")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        def until_told_to_wait(user):
            """On a slow machine a wait may be over before the next try; the fifth is long."""
            for _ in range(7):
                got = login(s, user=user, password="x")[1]
                want(got, 401)
                if "possible in" in got.text:
                    break
            return {k: re.sub(r"\d+ s", "N s", str(v)) for k, v in got.json.items()
                    if k != "request"}

        answers = [until_told_to_wait(user) for user in ("li", "ghost", "nobody")]
        assert answers[0] == answers[1] == answers[2], answers
        assert "possible in N s" in answers[0]["title"], answers


@test("the fifth wrong try locks; the administrator unlocks; his own lock holds until he does")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a, _ = login(s, user="wu")
        for _ in range(5):
            record(b, "wu", forget_wait)
            want(login(s, user="wu", password="x")[1], 401)
        assert "1800 s" in login(s, user="wu")[1].text
        want(a.get("/session"), 401)
        b("user", "unlock", "wu", who="sec")
        a, got = login(s, user="wu")
        want(got, 200)
        b("user", "lock", "wu", who="sec")
        want(a.get("/session"), 401)
        assert "has locked" in login(s, user="wu")[1].text
        b("user", "unlock", "wu", who="sec")
        want(login(s, user="wu")[1], 200)


@test("devices: from where, with what, since when; one or all others are ended")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a, _ = login(s, agent=FIREFOX)
        phone, _ = login(s, agent=WECHAT)
        pad, _ = login(s, agent="<script>x</script>")
        rows = want(a.get("/sessions"), 200)["sessions"]
        assert [r["agent"] for r in rows[-3:]] == ["Firefox/Linux", "WeChat/Android", "?/?"], rows
        assert [r["own"] for r in rows[-3:]] == [True, False, False]
        assert rows[-1]["address"] == "127.0.0.1" and re.match(r"20\d\d-.* ", rows[-1]["since"])
        token = a.cookie.split("=")[1].split(".")[0]
        assert token not in str(rows)
        want(a.delete("/sessions/" + rows[-1]["id"]), 204)
        want(pad.get("/session"), 401)
        want(a.delete("/sessions/" + rows[-1]["id"]), 404)
        want(a.delete("/sessions/A"), 404)
        want(phone.get("/session"), 200)
        want(a.delete("/sessions"), 204)
        want(phone.get("/session"), 401)
        assert [r["own"] for r in want(a.get("/sessions"), 200)["sessions"]] == [True]
        got = a.delete("/sessions/" + rows[-3]["id"])
        assert got.status == 204 and "Max-Age=0" in got.headers["Set-Cookie"]
    events = b("audit", "log", "--act", "user.login", who="aud", fmt="json")
    assert "127.0.0.1 WeChat/Android" in [e["note"] for e in events], events


@test("a session that is brought along is not taken over, a stolen one ends with its owner's word")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        thief, _ = login(s, user="ma")
        victim = s.asker()
        victim.cookie = thief.cookie  # planted by another site of the same host
        got = victim.post("/session", {"user": "li", "password": GOOD})
        want(got, 200)
        assert victim.cookie != thief.cookie
        want(thief.get("/session"), 401)  # the planted one is over
        stolen = s.asker()
        stolen.cookie = victim.cookie
        want(stolen.get("/session"), 200)
        want(victim.post("/session/password", {"user": "li", "password": GOOD, "next": NEXT}), 200)
        want(stolen.get("/session"), 401)
        want(victim.get("/session"), 200)
        want(stolen.post("/tokens", {"name": "x", "operations": ["unit.read"],
                                     "until": "2099-01-01"}), 401)


@test("what outlasts a session takes the password once more")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a, _ = login(s)
        until = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86400 * 5))
        token = {"name": "x", "operations": ["unit.read"], "until": until}
        want(a.post("/tokens", token), 422, "/password")
        record(b, "li", forget_wait)
        want(a.post("/tokens", token | {"password": GOOD}), 200)


@test("logins that hash passwords keep nobody else waiting, and too many are told to come again")
def _():
    b = TOWN.copy()
    with Service(b, "hashers=1", "workers=2") as s:
        a, _ = login(s)
        seen = []

        def guess(i):
            seen.append(login(s, user=f"ghost{i}", password="x")[1].status)

        crowd = [threading.Thread(target=guess, args=(i,)) for i in range(150)]
        for t in crowd:
            t.start()
        for _ in range(20):
            want(a.get("/units/D"), 200)
        for t in crowd:
            t.join(timeout=60)
        assert len(seen) == 150 and set(seen) <= {401, 503}, set(seen)


sys.exit(main())
