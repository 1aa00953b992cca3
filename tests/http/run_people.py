#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Users, seats and rights over HTTP, from a new user to the end of his seat, two persons where two
are asked for; what the command line says of the same book. Prints TAP."""
import datetime
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import GOOD, Town, run  # noqa: E402
from service import Service, part  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 t { 名称 "试" 印发 2024-01-01 年度 2024 至 2026 }
层级 省 > 县 > 学校
对象 学校 属于 县 { 数据 学生 : 人 每年 }
报表 F1 基本 { 对象 学校 每年 项 学生 截止 10-15 }
"""
UNITS = """code,name,kind,parent,from,to,alias
R,某省,省,,,,
D,甲县,县,R,,,
E,乙县,县,R,,,
S1,甲一校,学校,D,,,
"""
PEOPLE = {"li": ["filler S1 internal"], "wu": ["head D internal"], "iss": ["issuer R internal"]}
TOWN = Town(PLAN, UNITS, PEOPLE)
TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
YESTERDAY = str(TODAY - datetime.timedelta(days=1))
NEXT = "Airag-8-bowl"
AUD = {"user": "aud", "password": GOOD}


def want(answer, status, at=None):
    assert answer.status == status, f"{answer.status}, not {status}: {answer.text}"
    assert at is None or answer.json.get("at") == at, answer.text
    return answer.json


def settle(service, user, once, password=GOOD):
    want(service.asker().post("/session/password",
                              {"user": user, "password": once, "next": password}), 200)


@test("a new user: his password for one use, his first login, his seat, what he may then")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        sec = s.login("sec")
        new = {"user": "zhao", "name": "赵", "unit": "D", "note": "new clerk"}
        got = sec.post("/users", new)
        once = want(got, 200)["password"]
        assert got.headers["Cache-Control"] == "no-store"
        want(sec.post("/users", new), 409)
        want(sec.post("/users", new | {"user": "Zhao"}), 422)
        want(sec.post("/users", new | {"user": "z2", "unit": "nowhere"}), 404)
        settle(s, "zhao", once)
        zhao = s.login("zhao")
        want(zhao.get("/seats"), 403)
        seat = {"seat": "d.head", "role": "head", "unit": "E", "class": "internal",
                "holder": "zhao", "note": "n"}
        given = want(sec.post("/seats", seat), 200)
        assert given["acting"] == "zhao" and len(given["versions"]) == 1, given
        want(sec.post("/seats", seat), 409)
        want(sec.post("/seats", seat | {"seat": "x", "role": "king"}), 422, "/role")
        want(sec.post("/seats", seat | {"seat": "x", "class": "open"}), 422, "/class")
        want(sec.post("/seats", seat | {"seat": "x", "holder": "sec"}), 403)  # not to himself
        assert [x["seat"] for x in want(zhao.get("/seats"), 200)["seats"]] == ["d.head"]
        assert zhao.get("/session").json["seats"][0]["role"] == "head"
        one = want(sec.get("/users/zhao"), 200)
        assert one["name"] == "赵" and one["seats"][0]["seat"] == "d.head" and one["lock"] == ""
    acts = [(e["act"], e["note"]) for e in b("audit", "log", who="aud", fmt="json")]
    assert ("user.add", "new clerk") in acts and ("seat.give", "n") in acts


@test("lists say what the command line says, filtered, in pages, as csv; each sees what he may")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        sec, aud, wu = s.login("sec"), s.login("aud"), s.login("wu")
        rows = want(sec.get("/users"), 200)["users"]
        cli = b("user", "list", who="sec", fmt="json")
        assert [(r["user"], r["name"], r["state"]) for r in rows] == \
            [(r["id"], r["name"], r["state"]) for r in cli]
        assert want(aud.get("/users"), 200)["users"] == rows
        want(wu.get("/users"), 403)
        seats = want(sec.get("/seats"), 200)["seats"]
        cli = b("seat", "list", who="sec", fmt="json")
        assert [(r["seat"], r["role"], r["holder"], r["acting"]) for r in seats] == \
            [(r["id"], r["role"], r["holder"], r["acting"]) for r in cli]
        mine = want(wu.get("/seats?under=D"), 200)["seats"]
        assert {r["seat"] for r in mine} == {"s1.filler.li", "d.head.wu"}
        assert mine == [r for r in seats if r["seat"] in ("s1.filler.li", "d.head.wu")]
        assert want(wu.get("/seats"), 200)["seats"] == mine
        want(wu.get("/seats?unit=E"), 403)
        assert [r["seat"] for r in want(sec.get("/seats?holder=li"), 200)["seats"]] == \
            ["s1.filler.li"]
        assert [r["seat"] for r in want(sec.get("/seats?role=head"), 200)["seats"]] == ["d.head.wu"]
        page = want(sec.get("/users?limit=2"), 200)
        assert len(page["users"]) == 2 and page["next"]
        rest = want(sec.get(f"/users?after={page['next']}"), 200)
        assert page["users"] + rest["users"] == rows and rest["next"] is None
        assert [u["user"] for u in want(sec.get("/users?name=" + part("name of w")), 200)[
            "users"]] == ["wu"]
        text = sec.get("/users?format=csv").text
        assert "li" in text and text.count("\n") == len(rows) + 1


@test("the table of rights is that of the command line, and a question about it its answer")
def _():
    with Service(TOWN.copy()) as s:
        rows = want(s.asker().get("/rights?limit=1000"), 200)["rights"]
        cli = json.loads(run("seat", "rights", "--format", "json")[1])
        assert [{k: v for k, v in r.items() if not k.endswith("_text")} for r in rows] == cli
        sec = s.login("sec")
        may = want(sec.get("/users/wu/may?op=seat.read&unit=S1&class=internal"), 200)
        assert may == {"allowed": True, "seat": "d.head.wu"}, may
        assert not want(sec.get("/users/wu/may?op=seat.set&unit=S1&class=public"), 200)["allowed"]
        want(sec.get("/users/wu/may?op=rule&class=public"), 422, "?op")


@test("what concerns an administrator takes two, each with his password, of another sort")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        sec = s.login("sec")
        want(sec.post("/users/sys/reset", {}), 403)
        want(sec.post("/users/sys/reset", {"second": AUD | {"password": "wrong"}}), 403, "/second")
        b("user", "unlock", "aud", "--with", "sys", who="sec", lines=(GOOD,))
        want(sec.post("/users/sys/reset", {"second": {"user": "sec", "password": GOOD}}), 403)
        want(sec.post("/users/sys/reset", {"second": {"user": "wu", "password": GOOD}}), 403)
        want(sec.post("/users/sys/reset", {"second": AUD | {"more": 1}}), 422, "/second/more")
        before = len(b("audit", "log", "--limit", "1000", who="aud", fmt="json"))
        once = want(sec.post("/users/sys/reset", {"second": AUD, "note": "lost"}), 200)["password"]
        settle(s, "sys", once, NEXT)
        seat = {"seat": "sys.2", "role": "system", "class": "internal", "holder": "wu"}
        want(sec.post("/seats", seat), 403)
        want(sec.post("/seats", seat | {"second": AUD}), 409)  # wu holds another seat
        want(sec.post("/users/sec/reset", {"second": AUD}), 403)  # not oneself
        log = b("audit", "log", "--limit", "1000", who="aud", fmt="json")
        assert "[user/aud] lost" in [e["note"] for e in log if e["act"] == "user.reset"]
        assert len(log) == before + 3, [e["act"] for e in log[:5]]  # reset, password, login


@test("handing over: by days, with what is open; ended; the history is kept")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        sec = s.login("sec")
        want(sec.post("/users", {"user": "ma", "name": "马"}), 200)
        body = {"holder": "ma", "from": str(TODAY + datetime.timedelta(days=3)),
                "duties": ["key of the cabinet"], "note": "leaves"}
        got = want(sec.post("/seats/s1.filler.li/hand-over", body), 200)
        assert got["acting"] == "li" and got["versions"][1]["holder"] == "ma"
        assert "key of the cabinet" in got["versions"][1]["duties"]
        want(sec.post("/seats/s1.filler.li/hand-over", body), 409)
        want(sec.post("/seats/none/hand-over", body), 404)
        got = want(sec.post("/seats/d.head.wu/end", {"to": YESTERDAY}), 200)
        assert got["acting"] == "" and got["versions"][-1]["to"] == YESTERDAY
        want(s.login("wu").get("/seats?unit=D"), 403)
        want(sec.post("/users/wu/close", {"note": "left"}), 200)
        assert want(sec.get("/users/wu"), 200)["state"] == "closed"
        assert want(sec.get("/users?state=closed"), 200)["users"][0]["user"] == "wu"
        assert want(sec.post("/users/wu/reopen", {}), 200)["password"]
        want(sec.post("/users/li/close", {}), 409)  # still seated


@test("locked, unlocked, reset, without an authenticator, linked; sessions and tokens end")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        sec, li = s.login("sec"), s.login("li")
        rows = want(sec.get("/users/li/sessions"), 200)["sessions"]
        assert rows[-1]["agent"] == "?/?" and not rows[-1]["own"]
        want(sec.post("/users/li/sessions/end", {"session": rows[-1]["id"]}), 200)
        want(li.get("/session"), 401)
        want(sec.post("/users/li/sessions/end", {"session": rows[-1]["id"]}), 404)
        li = s.login("li")
        until = str(TODAY + datetime.timedelta(days=2))
        want(li.post("/tokens", {"name": "bot", "operations": ["unit.read"], "until": until,
                                 "password": GOOD}), 200)
        assert want(sec.get("/users/li/tokens"), 200)["tokens"][0]["name"] == "bot"
        want(sec.post("/users/li/tokens/end", {"token": "bot"}), 200)
        assert want(li.get("/tokens"), 200)["tokens"] == []
        want(sec.post("/users/li/lock", {"note": "key lost"}), 200)
        want(li.get("/session"), 401)
        assert want(sec.get("/users/li"), 200)["lock"] == "administrator"
        want(sec.post("/users/li/unlock", {}), 200)
        s.login("li")
        assert want(sec.get("/users/li"), 200)["lock"] == ""
        want(sec.post("/users/li/link", {"sub": "l", "issuer": "https://sso.example"}), 200)
        assert want(sec.get("/users/li"), 200)["link"] == "https://sso.example l"
        want(sec.post("/users/wu/link", {"sub": "l", "issuer": "https://sso.example"}), 409)
        want(sec.post("/users/li/unlink", {}), 200)
        want(sec.post("/users/li/no-totp", {}), 200)
        once = want(sec.post("/users/li/reset", {}), 200)["password"]
        settle(s, "li", once, NEXT)
        for path in ("lock", "reset", "close", "link"):
            body = {"sub": "x", "issuer": "https://x"} if path == "link" else {}
            want(s.login("aud").post(f"/users/li/{path}", body), 403)
            want(s.login("wu").post(f"/users/nobody/{path}", body), 403)


@test("passwords for one use are in no log")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        once = want(s.login("sec").post("/users/li/reset", {}), 200)["password"]
        assert s.stop() == 0
        assert once not in "".join(s.log) + "".join(s.said) and GOOD not in "".join(s.log)


sys.exit(main())
