#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The service as its clients meet it: logging in and out, pages, languages, headers, problems. (Who
may what: run_matrix.py.) Prints TAP."""
import datetime
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import GOOD, Town  # noqa: E402
from service import Service, part  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 t { 名称 "试" 印发 2024-01-01 年度 2024 至 2026 }
层级 省 > 县 > 学校
条款 A 附件1
对象 学校 属于 县 { 数据 学生 : 人 每年  数据 在考 : 人 每年 密级 密封 }
指标 A.1 学生 { 依据 附件1 计算 求和(学校.学生) 目标 每年 每个 县 不低于 100人 }
指标 A.2 在考 { 依据 附件1 计算 求和(学校.在考) 目标 每年 每个 县 不低于 3人 }
"""
UNITS = """code,name,kind,parent,from,to,alias
R,某省,省,,,,
D,甲县,县,R,,,
E,"<script>alert(1)</script>",县,R,,,
S1,甲一校,学校,D,,,
S2,甲二校,学校,D,,,
T1,乙一校,学校,E,,,
"""
FACTS = """unit,item,period,value,recorded,source,grade
S1,学校.学生,2024,60,2025-01-05,t,A
S2,学校.学生,2024,50,2025-01-05,t,A
T1,学校.学生,2024,70,2025-01-05,t,A
S1,学校.在考,2024,2,2025-01-05,t,A
S2,学校.在考,2024,2,2025-01-05,t,A
"""
CHINA = datetime.timezone(datetime.timedelta(hours=8))
ROLES = ("filler", "reviewer", "head", "leader", "inspector", "issuer")
PEOPLE = {f"{role}": [f"{role} D sensitive"] for role in ROLES if role != "issuer"}
PEOPLE["issuer"] = ["issuer R sealed"]
PEOPLE["nobody"] = []
TOWN = Town(PLAN, UNITS, PEOPLE, tables=(("facts.csv", FACTS),))
BOOK = TOWN.copy()

SERVICE = Service(BOOK)
SERVICE.__enter__()
ANYONE = SERVICE.asker()
API = SERVICE.api.says
WHO = {user: SERVICE.login(user) for user in (*PEOPLE, "sys", "sec", "aud")}


def get(asker, path, want=200, **more):
    answer = asker.get(path, **more)
    assert answer.status == want, f"{path}: {answer.status} {answer.text}"
    return answer


# ---- the file -----------------------------------------------------------------------------------

@test("the OpenAPI file names every route once, with words, rights and answers")
def _():
    assert API["openapi"].startswith("3.1")
    ids = [op["operationId"] for x in API["paths"].values() for op in x.values()]
    assert len(ids) == len(set(ids)) >= 14
    for path, item in API["paths"].items():
        for op in item.values():
            words = [p["name"] for p in op["parameters"] if p["in"] == "path"]
            assert re.findall(r"{(\w+)}", path) == words
            assert op["summary"] and op["x-rights"] and "default" in op["responses"]
    for name in API["components"]["schemas"]:
        SERVICE.api.validator(name)


@test("the file says in both languages what the words of answers mean, those that come up, too")
def _():
    words = API["x-words"]
    assert words["state"]["met"] == ["达成", "met"] and words["report"]["draft"][0] == "填报中"
    assert set(words) >= {"state", "light", "flag", "kind", "role", "class", "task", "register"}
    for of, rows in words.items():
        for word, (zh, en) in rows.items():
            assert word and en.isascii() and not zh.isascii(), (of, word)
    for v in get(WHO["issuer"], "/verdicts?limit=1000").json["verdicts"]:
        assert v["state"] in words["state"] and set(v["flags"]) <= set(words["flag"])


@test("yes and no of a query are said to be these words")
def _():
    (flag,) = [p for p in API["paths"]["/api/v1/rounds"]["get"]["parameters"]
               if p["name"] == "counts"]
    assert flag["schema"] == {"type": "string", "enum": ["yes", "no"]}, flag


# ---- sessions -----------------------------------------------------------------------------------

@test("who logs in is told who he is and what seats he holds; out again he is nobody")
def _():
    a = SERVICE.login("filler")
    me = get(a, "/session").json
    assert me["user"] == "filler" and me["seats"][0]["unit_name"] == "甲县", me
    kept = a.cookie
    out = a.delete("/session")
    assert out.status == 204 and "Max-Age=0" in out.headers["Set-Cookie"]
    a.cookie = kept
    assert get(a, "/session", 401).json["status"] == 401


@test("the cookie is of this host, for no script and no other site; a new one with each login")
def _():
    a = SERVICE.asker()
    seen = set()
    a.cookie = "tizhi=" + "A" * 52 + ".leader"  # brought along: not taken over
    for _ in range(2):
        got = a.post("/session", {"user": "leader", "password": GOOD})
        cookie = got.headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
        assert got.headers["Cache-Control"] == "no-store"
        assert "A" * 52 not in cookie
        seen.add(cookie)
    assert len(seen) == 2


@test("behind TLS the cookie is Secure and of this host alone, and http is not asked again")
def _():
    with Service(TOWN.copy(), plain=False) as s:
        got = s.asker().post("/session", {"user": "leader", "password": GOOD})
        assert got.headers["Set-Cookie"].startswith("__Host-tizhi=")
        assert "Secure" in got.headers["Set-Cookie"]
        assert "max-age" in got.headers["Strict-Transport-Security"]


@test("a password for one use must be changed before anything else")
def _():
    b = TOWN.copy()
    once = b("user", "add", "new", "--name", "New", who="sec", fmt="json")["password"]
    with Service(b) as s:
        a = s.asker()
        got = a.post("/session", {"user": "new", "password": once})
        assert got.status == 403 and got.json["at"] == "/password", got.text
        body = {"user": "new", "password": once, "next": "short"}
        got = a.post("/session/password", body)
        assert got.status == 422 and got.json["at"] == "/next", got.text
        got = a.post("/session/password", body | {"next": GOOD})
        assert got.status == 200 and got.json["stale"] is False, got.text
        get(a, "/session")


@test("units come in pages that meet without gap, by kind, name and place")
def _():
    a = WHO["leader"]
    seen, after = [], ""
    for _ in range(10):
        page = get(a, f"/units?limit=2{after}").json
        seen += [u["code"] for u in page["units"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == ["R", "D", "S1", "S2", "E", "T1"], seen
    assert [u["code"] for u in get(a, "/units?under=D&kind=" + part("学校")).json["units"]] == \
        ["S1", "S2"]
    assert [u["code"] for u in get(a, "/units?name=" + part("乙一")).json["units"]] == ["T1"]
    assert get(a, "/units/" + part("E")).json["name"] == "<script>alert(1)</script>"


@test("verdicts are those of eval, row by row and page by page")
def _():
    rows = BOOK("eval", who="leader", fmt="json")["verdicts"]
    want = [(v["target"], v["unit"], v["year"], v["state"]) for v in rows]
    got, after = [], ""
    while True:
        page = get(WHO["leader"], f"/verdicts?limit=3{after}").json
        got += [(v["target"], v["unit"], v["year"], v["state"]) for v in page["verdicts"]]
        if page["next"] is None:
            break
        after = "&after=" + part(page["next"])
    assert got == want, f"{got}\n{want}"
    met = get(WHO["leader"], "/verdicts?state=met&year=2024&target=A.1&under=D").json["verdicts"]
    assert [(v["unit"], v["text"]) for v in met] == [("D", "110 persons")], met


@test("a figure of sealed data is not told, its state is")
def _():
    rows = get(WHO["leader"], "/verdicts?target=A.2&unit=D&year=2024").json["verdicts"]
    assert rows and all(v["text"] == "" and v["state"] == "met" for v in rows), rows


@test("the overview counts the rows there are, of the unit and below it")
def _():
    rows = get(WHO["issuer"], "/verdicts?limit=1000").json["verdicts"]
    for unit, below in (("R", {"D", "E", "S1", "S2", "T1"}), ("D", {"S1", "S2"}), ("S1", set())):
        got = get(WHO["issuer"], f"/units/{unit}/overview").json
        for key, units in (("own", {unit}), ("below", below)):
            for state, n in got[key].items():
                assert n == sum(v["unit"] in units and v["state"] == state for v in rows), \
                    (unit, key, state, n)


@test("the units directly below, and their counts, which are those of their own overviews")
def _():
    a = WHO["issuer"]
    for unit, children in (("R", ["D", "E"]), ("D", ["S1", "S2"]), ("S1", [])):
        assert [u["code"] for u in get(a, f"/units?parent={unit}").json["units"]] == children
        lines = get(a, f"/units/{unit}/overview/below").json["units"]
        assert [x["unit"]["code"] for x in lines] == children
        for x in lines:
            own = get(a, f"/units/{x['unit']['code']}/overview").json
            assert x["own"] == own["own"] and x["below"] == own["below"], x
    assert get(a, "/units?parent=none", 404).json["at"] == "?parent"


@test("the session says what each seat may do; what it does not name is denied")
def _():
    seats = {u: get(WHO[u], "/session").json["seats"] for u in ("filler", "leader", "sec")}
    may = {u: x[0]["may"] for u, x in seats.items()}
    assert "fact.fill" in may["filler"] and "fact.fill" not in may["leader"]
    assert "user.set" in may["sec"] and "verdict.read" not in may["sec"]


@test("verdicts follow what is committed")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a = s.login("issuer")
        before = get(a, "/verdicts?target=A.1&unit=E&year=2024").json
        assert before["verdicts"][0]["state"] == "missed", before
        (b.pack / "facts.csv").write_text(
            "unit,item,period,value,recorded,source,grade\n"
            "T1,学校.学生,2024,170,2025-02-05,t,A\n", "utf-8")
        b("book", "load", who="issuer")
        seq = int(b("book", "status", who="issuer", fmt="json")["commits"])
        after = get(a, f"/verdicts?target=A.1&unit=E&year=2024&since={seq}").json
        assert after["commit"] >= seq and after["verdicts"][0]["state"] == "met", after
        line = get(a, f"/units/E/overview?since={seq}").json
        assert line["own"]["met"] >= 1, line


# ---- what an answer carries ---------------------------------------------------------------------

@test("answers keep browsers from harm; what is known is not sent again; long ones are packed")
def _():
    a = WHO["leader"]
    got = get(a, "/units")
    for name, value in (("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
                        ("Referrer-Policy", "no-referrer")):
        assert got.headers[name] == value
    assert "default-src 'none'" in got.headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in got.headers
    tag = got.headers["ETag"]
    again = a.get("/units", headers={"If-None-Match": tag})
    assert again.status == 304 and again.text == ""
    small = a.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip" and small.json == API
    me = a.get("/session", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in me.headers and "ETag" not in me.headers


@test("HEAD is GET without the body")
def _():
    got = WHO["leader"].ask("HEAD", "/api/v1/units")
    assert got.status == 200 and got.text == "", f"{got.status} {got.text}"
    assert int(got.headers["Content-Length"]) > 100, got.headers


@test("problems speak Chinese or English, name the place, and tell no more")
def _():
    a = WHO["leader"]
    en = get(a, "/units?colour=red", 400).json
    zh = get(a, "/units?colour=red", 400, headers={"Accept-Language": "zh-CN,en;q=0.5"}).json
    assert en["at"] == zh["at"] == "?colour" and en["title"].isascii() and not zh["title"].isascii()
    for path, at in (("/units?limit=x", "?limit"), ("/units?limit=-1", "?limit"),
                     ("/units?after=nowhere", "?after"), ("/verdicts?state=red", "?state"),
                     ("/verdicts?target=X", "?target"), ("/units?name=%ff", "?name")):
        got = a.get(path)
        assert got.status in (400, 404, 409) and got.json["at"] == at, got.text
    assert get(a, "/units/none", 404)
    assert a.ask("PUT", "/api/v1/session").headers["Allow"] == "GET, POST, DELETE"


# ---- who may what -------------------------------------------------------------------------------

@test("a seat that is taken away is gone with the next request")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a = s.login("leader")
        get(a, "/units/D/overview")
        yesterday = datetime.datetime.now(CHINA).date() - datetime.timedelta(days=1)
        b("seat", "end", "d.leader.leader", "--to", yesterday, who="sec")
        get(a, "/units/D/overview", 403)
        get(a, "/session")


# ---- running ----------------------------------------------------------------------------------

@test("the log has a line per request and nothing secret in it; the number is in the answer")
def _():
    with Service(TOWN.copy()) as s:
        a = s.login("leader")
        number = a.get("/units?name=geheim").headers["X-Request-Id"]
        token = a.cookie.split("=")[1].split(".")[0]
        assert s.stop() == 0
        lines = [json.loads(x) for x in s.log]
        assert any(x["request"] == number and x["user"] == "leader" for x in lines)
        for word in (GOOD, token, "geheim"):
            assert word not in "".join(s.log) + "".join(s.said), word


@test("it is stopped in order, and says so before")
def _():
    with Service(TOWN.copy()) as s:
        assert get(s.asker(), "/ready").json["ready"] is True
        text = get(s.asker(), "/metrics").text
        assert "tizhi_requests_total" in text and "tizhi_commit" in text
        assert s.stop() == 0


SERVICE.stop()
sys.exit(main())
