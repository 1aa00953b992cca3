#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeping a book over HTTP: changes of the tree of units, the log, verification and the look over
the book as jobs with progress, anchors; what the command line says of the same book. Prints TAP."""
import datetime
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town  # noqa: E402
from service import Service  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 t { 名称 "试" 印发 2024-01-01 年度 2024 至 2026 }
层级 省 > 县 > 学校
对象 学校 属于 县 { 数据 学生 : 人 每年 }
台账 送教 属于 学校 { 字段 姓名 : 文本 键 密级 密封 }
"""
UNITS = """code,name,kind,parent,from,to,alias
R,某省,省,,,,
D,甲县,县,R,,,
E,乙县,县,R,,,
S1,甲一校,学校,D,,,一校
S2,甲二校,学校,D,,,
"""
TOWN = Town(PLAN, UNITS, {"li": ["filler S1 sealed"], "iss": ["issuer R internal"]})
TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
LATER = str(TODAY + datetime.timedelta(days=40))


def want(answer, status, at=None):
    assert answer.status == status, f"{answer.status}, not {status}: {answer.text}"
    assert at is None or answer.json.get("at") == at, answer.text
    return answer.json


def finished(asker, path):
    """A job, when it is over: it is asked until then, without a sleep."""
    while True:
        got = want(asker.get(path), 200)
        if got["state"] != "running":
            return got


# ---- units --------------------------------------------------------------------------------------

@test("units are made, renamed, moved, merged, closed and opened again, each with its reason")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a = s.login("sys")
        new = {"code": "S3", "name": "甲三校", "kind": "学校", "parent": "D", "cause": "文 1 号"}
        dry = want(a.post("/units?dry=yes", new), 200)
        assert dry["commit"] == 0 and dry["changes"][0]["act"] == "create", dry
        want(a.get("/units/S3"), 404)
        done = want(a.post("/units", new), 200)
        assert done["commit"] > 0 and done["changes"] == dry["changes"]
        assert want(a.get("/units/S3"), 200)["parent"] == "D"
        want(a.post("/units", new), 409)
        want(a.post("/units?dry=yes", new), 409)
        want(a.post("/units", new | {"code": "S4", "kind": "学效"}), 422)
        want(a.post("/units", new | {"code": "S4", "parent": "nowhere"}), 422)
        want(a.post("/units", {k: v for k, v in new.items() if k != "cause"}), 422, "/cause")
        want(a.post("/units/S1/rename", {"name": "实验一校", "cause": "c"}), 200)
        assert want(a.get("/units/S1"), 200)["name"] == "实验一校"
        want(a.post("/units/S3/move", {"parent": "E", "cause": "c"}), 200)
        assert want(a.get("/units/S3"), 200)["parent"] == "E"
        want(a.post("/units/S3/move", {"parent": "D", "from": LATER, "cause": "c"}), 200)
        assert want(a.get("/units/S3"), 200)["parent"] == "E"  # not yet
        want(a.post("/units/S1/merge", {"others": ["S2"], "cause": "c"}), 200)
        want(a.get("/units/S2"), 404)
        want(a.post("/units/S2/reopen", {"cause": "c"}), 200)
        want(a.post("/units/S2/close", {"cause": "c", "from": LATER}), 200)
        want(a.post("/units/none/close", {"cause": "c"}), 404)
        history = want(a.get("/units/S1/history"), 200)["history"]
        assert history == b("units", "show", "S1", who="sys", fmt="json"), history
        assert {h["value"] for h in history if h["property"] == "alias"} == {"一校"}, history
        want(a.get("/units/none/history"), 404)
        for user in ("li", "iss", "sec", "aud"):
            want(s.login(user).post("/units", new | {"code": "X"}), 403)
            want(s.login(user).post("/units/S1/close?dry=yes", {"cause": "c"}), 403)


@test("an official list: what would be done, then done; what differs and nothing else")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a = s.login("sys")
        text = "code,name,kind,parent\nD,甲县,县,R\nS1,甲第一校,学校,D\nS9,甲九校,学校,D\n"
        body = {"csv": text, "unit": "D", "close_missing": True, "cause": "名录 2026"}
        dry = want(a.post("/units/import?dry=yes", body), 200)
        acts = {(c["act"], c["code"]) for c in dry["changes"]}
        assert acts == {("rename", "S1"), ("create", "S9"), ("close", "S2")}, acts
        assert dry["commit"] == 0
        done = want(a.post("/units/import", body), 200)
        assert done["commit"] > 0 and done["changes"] == dry["changes"]
        assert want(a.post("/units/import", body), 200)["changes"] == []
        want(a.post("/units/import", body | {"csv": "code,name\nx,y\n"}), 422, "/csv")
        want(a.post("/units/import", body | {"csv": ""}), 422, "/csv")
        want(s.login("iss").post("/units/import?dry=yes", body), 403)


# ---- the log ------------------------------------------------------------------------------------

@test("the log is that of the command line: by whom, what, about what, when; in pages; one commit")
def _():
    b = TOWN.copy()
    b("register", "add", "送教", "--unit", "S1", "--set", "姓名=张密封", who="li")
    with Service(b) as s:
        li = s.login("li")
        want(li.get("/session"), 200)
        aud = s.login("aud")
        rows = want(aud.get("/commits?limit=1000"), 200)["commits"]
        cli = b("audit", "log", "--limit", "1000", who="aud", fmt="json")
        assert [(r["commit"], r["time"], r["actor"], r["act"], r["note"], r["subjects"])
                for r in rows] == [(r["commit"], r["time"], r["actor"], r["act"], r["note"],
                                    r["subjects"]) for r in cli]
        assert "张密封" not in str(rows)
        page = want(aud.get("/commits?limit=3"), 200)
        more = want(aud.get(f"/commits?limit=3&after={page['next']}"), 200)
        assert page["commits"] + more["commits"] == rows[:6]
        assert want(aud.get("/commits?act=user"), 200)["commits"]
        mine = want(aud.get("/commits?by=user/li"), 200)["commits"]
        assert {r["actor"] for r in mine} == {"user/li"} and mine[0]["name"] == "name of li"
        assert want(aud.get(f"/commits?from={TODAY + datetime.timedelta(days=1)}"), 200)[
            "commits"] == []
        about = want(aud.get("/commits?unit=S1"), 200)["commits"]
        assert [r["act"] for r in about] == ["register.add", "units.import"], about
        login = next(r for r in mine if r["act"] == "user.login")
        one = want(aud.get(f"/commits/{login['commit']}"), 200)
        assert one["login"]["from"].startswith("127.0.0.1 "), one
        founding = want(aud.get("/commits/2"), 200)
        assert founding["login"] is None and founding["act"] == "user.found", founding
        for none in ("0", "999999", "x", "-1", "9" * 30):
            want(aud.get(f"/commits/{none}"), 404)
        assert aud.get("/commits?format=csv").text.count("\n") >= len(rows)
        for user in ("li", "iss", "sys", "sec"):
            want(s.login(user).get("/commits"), 403)


# ---- the whole book -----------------------------------------------------------------------------

@test("how far the book is, its last anchor and backup")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        aud = s.login("aud")
        book = want(s.login("li").get("/book"), 200)
        status = b("book", "status", who="li", fmt="json")
        assert (book["book"], book["commits"], book["units"], book["anchor"]) == \
            (status["book"], status["commits"], status["units"], status["anchor"])
        assert book["anchored"] == {"commit": 0, "time": ""} == book["backed_up"]
        taken = want(aud.ask("POST", "/api/v1/anchors"), 200)
        assert taken == {"commit": book["commits"], "anchor": book["anchor"]}
        b("backup", "--to", b.dir / "copy.book", who="sys")
        book = want(aud.get("/book"), 200)
        assert book["anchored"]["commit"] == taken["commit"] and book["anchored"]["time"]
        assert book["backed_up"]["commit"] > taken["commit"]
        b("audit", "verify", "--anchor", taken["anchor"], who="aud")


@test("a verification is a job: begun once at a time, looked at, with what it has found")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        aud = s.login("aud")
        assert want(aud.get("/audit"), 200) == {
            "state": "none", "by": "", "by_name": "", "unit": "", "began": "", "ended": "",
            "counted": "", "done": 0, "of": 0, "why": "", "result": None}
        begun = want(aud.ask("POST", "/api/v1/audit"), 200)
        assert begun["state"] in ("running", "done") and begun["by"] == "aud" and begun["began"]
        assert begun["by_name"] == "aud", begun
        got = finished(aud, "/audit")
        assert got["state"] == "done" and got["result"]["n_findings"] == 0 and got["ended"], got
        assert (got["counted"], got["done"], got["of"]) == ("book", 100, 100), got
        with sqlite3.connect(b.book, timeout=30) as db:
            db.execute("DROP TRIGGER IF EXISTS event_update")
            for name, in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"
                                    ).fetchall():
                db.execute(f'DROP TRIGGER "{name}"')
            db.execute("UPDATE event SET note = 'other' WHERE seq = 3")
        want(aud.ask("POST", "/api/v1/audit"), 200)
        got = finished(aud, "/audit")["result"]
        assert got["n_findings"] > 0 and got["findings"][0]["commit"] == 3, got
        assert got["findings"][0]["zh"] and got["findings"][0]["remedy_en"]
        for user in ("li", "sys", "sec"):
            want(s.login(user).get("/audit"), 403)
            for method in ("POST", "DELETE"):
                want(s.login(user).ask(method, "/api/v1/audit"), 403)


@test("a verification can be cancelled, and another one begun")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        aud = s.login("aud")
        assert want(aud.ask("DELETE", "/api/v1/audit"), 200)["state"] == "none"
        want(aud.ask("POST", "/api/v1/audit"), 200)
        want(aud.ask("DELETE", "/api/v1/audit"), 200)
        assert finished(aud, "/audit")["state"] in ("cancelled", "done")  # whoever was faster
        want(aud.ask("POST", "/api/v1/audit"), 200)
        assert finished(aud, "/audit")["state"] == "done"


@test("the service tells its version, memory and settings to the system administrator")
def _():
    with Service(TOWN.copy()) as s:
        got = want(s.login("sys").get("/system"), 200)
        settings = {x["name"]: x for x in got["settings"]}
        assert 10 < got["memory_mib"] < 4000 and got["version"] and got["asked"] > 0, got
        assert settings["rate"]["value"] == "100000" and settings["rate"]["from"] == "--set"
        assert settings["public"]["value"] == "no" and settings["public"]["from"] == ""
        assert all(x["text"] for x in got["settings"])
        for user in ("aud", "iss"):
            assert "settings" not in str(want(s.login(user).get("/system"), 403)), user


@test("a look over the book says what doctor says")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a = s.login("sys")
        want(a.ask("POST", "/api/v1/doctor"), 200)
        got = finished(a, "/doctor")
        assert got["state"] == "done", got
        cli = b("doctor", who="sys", fmt="json", want=1) if got["result"]["worst"] == "warning" \
            else b("doctor", who="sys", fmt="json")
        codes = {f["code"] for f in got["result"]["findings"]}
        if not isinstance(cli, str):
            assert codes == {f["code"] for f in cli["findings"]}, (codes, cli)
        else:
            assert all(c in cli for c in codes), (codes, cli)
        want(s.login("aud").get("/doctor"), 403)


sys.exit(main())
