#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adopting a plan over HTTP: tried, refused, adopted; verdicts move without a restart, what was
before is judged by the plan of then, who is too late is told. Prints TAP."""
import io
import sys
import time
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town  # noqa: E402
from service import Listener, Service  # noqa: E402
from tap import main, test  # noqa: E402

HEAD = """计划 p { 年度 2024 至 2026 }
层级 省 > 县 > 学校
"""
SCHOOL = """对象 学校 属于 县 {
  数据 学生 : 人 每年 小数 0
  数据 教师 : 人 每年 小数 0
  数据 食堂 : 个 每年 小数 0
}
报表 F1 基本 { 对象 学校 每年 项 学生, 教师 截止 10-15 }
"""
GOALS = """目标 T1 规模 { 每年 每个 学校 学生 不低于 %d人 }
目标 T2 教师 { 每年 每个 学校 教师 不低于 3人 }
"""
PLAN = HEAD + SCHOOL + GOALS % 55
NEXT = HEAD + SCHOOL + GOALS % 65
UNITS = """code,name,kind,parent
R,某省,省,
D,甲县,县,R
S1,甲一校,学校,D
S2,甲二校,学校,D
"""
FACTS = """unit,item,period,value,recorded,source
S1,学生,2024,60,2025-01-05,t
S2,学生,2024,50,2025-01-05,t
S1,教师,2024,3,2025-01-05,t
S2,教师,2024,2,2025-01-05,t
"""
PEOPLE = {"issuer": ["issuer R internal"], "leader": ["leader R internal"],
          "county": ["issuer D internal"], "school": ["filler S1 internal"]}
TOWN = Town(PLAN, UNITS, PEOPLE, tables=(("facts.csv", FACTS),))


def pack(text, name="a.plan", **more):
    return {"files": [{"name": name, "text": text}], **more}


def tried(who, text):
    got = who.post("/plan/packs", pack(text))
    assert got.status == 200, got.text
    return got.json


def ended(who, seen=None):
    """The job, when it is over; seen: how far it was meanwhile."""
    while (got := who.get("/plan/effect").json)["state"] == "running":
        if seen is not None:
            seen.append((got["counted"], got["done"], got["of"]))
    return got


def effect(who, text):
    begun = who.post("/plan/effect", pack(text))
    assert begun.status == 200 and begun.json["state"] in ("running", "done"), begun.text
    got = ended(who)
    assert got["state"] == "done" and got["result"], got
    return got["result"]


def words(t, **more):
    return {"seen": t["seen"], "in_force": t["in_force"], "reason": "教育厅通知", **more}


def adopt(who, text, want=200, **more):
    got = who.post("/plan/adopt", pack(text, **(words(tried(who, text)) | more)))
    assert got.status == want, got.text
    return got.json


def wait_for(who, digest):
    """Until the service has gone over."""
    for _ in range(500):
        plan = who.get("/plan").json
        if plan["digest"] == digest:
            return plan
        time.sleep(0.02)
    raise AssertionError("the plan has not come")


def states(who, query=""):
    got = who.get("/verdicts?target=T1&year=2024" + query)
    assert got.status == 200, got.text
    return {v["unit"]: v["state"] for v in got.json["verdicts"] if v["unit"][0] == "S"}


def then(who, unit, query):
    """What stood at a moment gone by."""
    for _ in range(500):
        got = who.get(f"/commitments/T1/units/{unit}?year=2024&{query}")
        if got.status != 202:
            return got.json["verdicts"][0]
        time.sleep(0.02)
    raise AssertionError("it is not worked out")


@test("a pack with errors is told so with the places, and is not adopted")
def _():
    with Service(TOWN.copy()) as s:
        issuer = s.login("issuer")
        t = tried(issuer, PLAN + "目标 T1 再 {\n")
        assert not t["adoptable"] and t["digest"] == "" and t["changes"] == [], t
        d = t["diagnostics"][0]
        assert (d["severity"], d["file"], d["line"] > 0, d["zh"] != "") == (
            "error", "a.plan", True, True), d
        got = issuer.post("/plan/adopt", pack("目标 {", **words(t)))
        assert got.status == 422 and got.json["findings"][0]["about"] == "a.plan:1", got.text
        for name in ("../a.plan", "a.txt", "c:\\a.plan"):
            got = issuer.post("/plan/packs", pack(PLAN, name))
            assert got.status == 422 and got.json["at"] == "/files", got.text
        twice = {"files": [{"name": "a.plan", "text": "x"}] * 2}
        assert issuer.post("/plan/packs", twice).status == 422
        assert issuer.get("/plan/versions").json["versions"] == []


@test("a trial says what differs and, as a job, how many verdicts would change; it changes nothing")
def _():
    with Service(TOWN.copy()) as s:
        issuer = s.login("issuer")
        assert issuer.get("/plan/effect").json["state"] == "none"
        t = tried(issuer, NEXT)
        assert t["adoptable"] and t["against"] == [] and t["seen"] == 0, t
        assert [(c["id"], c["from"], c["to"]) for c in t["changes"]] == [
            ("T1", "55 persons", "65 persons")], t["changes"]
        e = effect(issuer, NEXT)
        assert (e["digest"], e["in_force"], e["plan"]) == (t["digest"], t["in_force"], "p"), e
        assert e["changed"] == 1 and e["moves"] == [{"from": "met", "to": "missed", "n": 1}], e
        assert [c["target"] for c in e["commitments"]] == ["T1"], e
        assert e["before"]["met"] - e["after"]["met"] == 1, e
        assert states(issuer) == {"S1": "met", "S2": "missed"}
        for who in ("leader", "county", "school"):
            assert s.login(who).post("/plan/packs", pack(NEXT)).status == 403, who
            got = s.login(who).post("/plan/adopt", pack(NEXT, **words(t)))
            assert got.status == 403, who
            for method in ("GET", "POST", "DELETE"):
                body = pack(NEXT) if method == "POST" else None
                assert s.login(who).ask(method, "/api/v1/plan/effect", body).status == 403, who
        more = PLAN + "目标 T3 新 { 每年 每个 县 计数(学校) 不低于 1 }\n"
        gone = effect(issuer, more)
        assert {m["from"] for m in gone["moves"]} == {""}, gone["moves"]


@test("what would lose accepted facts is refused, with the reason and what to do")
def _():
    with Service(TOWN.copy()) as s:
        issuer = s.login("issuer")
        less = HEAD + """对象 学校 属于 县 {
  数据 学生 : 人 每年 小数 0
  数据 教师 : 个 每年 小数 0
}
目标 T1 规模 { 每年 每个 学校 学生 不低于 55人 }
"""
        t = tried(issuer, less)
        assert not t["adoptable"], t
        assert [(a["code"], a["about"]) for a in t["against"]] == [("meaning", "学校.教师")], t
        assert "人 → 个" in t["against"][0]["zh"] and t["against"][0]["mend_zh"], t["against"]
        got = issuer.post("/plan/adopt", pack(less, **words(t)))
        assert got.status == 422, got.text
        assert got.json["findings"][0]["code"] == "meaning", got.text
        assert issuer.get("/plan").json["adopted"] == 0


@test("adopted, verdicts move without a restart; what was before is judged by the plan of then")
def _():
    book = TOWN.copy()
    with Service(book) as s:
        issuer, school = s.login("issuer"), s.login("school")
        before = issuer.get("/plan").json
        files = issuer.get(f"/plan/versions/{before['digest']}").json["files"]
        assert files == [{"name": "a.plan", "text": PLAN}], files  # kept by nobody yet
        seen = issuer.get("/units/R/overview")
        tag = seen.headers["ETag"]
        assert issuer.get("/units/R/overview", headers={"If-None-Match": tag}).status == 304
        stream = Listener(school)
        assert stream.next()[0] == "ready"
        done = adopt(issuer, NEXT, document="内教〔2025〕1号")
        event = stream.until("plan")
        assert event[2]["commit"] >= done["commit"], event
        assert stream.until("verdict")[2]["many"] is True
        stream.close()
        plan = wait_for(issuer, done["digest"])
        assert plan["adopted"] == done["commit"] and done["before"] == before["digest"], plan
        assert states(issuer) == {"S1": "missed", "S2": "missed"}
        fresh = issuer.get("/units/R/overview", headers={"If-None-Match": tag})
        assert fresh.status == 200 and fresh.headers["ETag"] != tag
        assert "65" in str(issuer.get("/commitments/T1").json["requirements"])
        # What stood before it, by the commit.
        old = then(issuer, "S1", f"commit={done['commit'] - 1}")
        assert (old["state"], old["required_exact"]) == ("met", "55"), old
        new = then(issuer, "S1", f"commit={done['commit']}")
        assert (new["state"], new["required_exact"]) == ("missed", "65"), new
        for _ in range(500):
            got = issuer.get(f"/units/S1/changes?since={done['commit'] - 1}")
            if got.status != 202:
                break
            time.sleep(0.02)
        assert [(c["target"], c["state_then"], c["state"]) for c in got.json["changes"]] == [
            ("T1", "met", "missed")], got.text
        versions = school.get("/plan/versions").json["versions"]
        assert [(v["commit"], v["in_force"]) for v in versions] == [
            (0, False), (done["commit"], True)], versions
        assert versions[1]["by"] == "user/issuer" and versions[1]["seat"] == "r.issuer.issuer"
        assert versions[1]["document"] == "内教〔2025〕1号", versions
        files = school.get(f"/plan/versions/{done['before']}").json["files"]
        assert files == [{"name": "a.plan", "text": PLAN}], files
        zipped = school.get(f"/plan/versions/{done['before']}/zip")
        with zipfile.ZipFile(io.BytesIO(zipped.bytes)) as z:
            assert {n: z.read(n).decode() for n in z.namelist()} == {"a.plan": PLAN}, z.namelist()
        name = f"plan-p-{done['before'][:12]}.zip"
        assert name in zipped.headers["Content-Disposition"], zipped.headers
        for what in ("", "/zip"):
            assert school.get("/plan/versions/none" + what).status == 404
        # The work goes on under it.
        round_ = {"round": "R1", "form": "F1", "period": "2025", "due": "2199-01-01",
                  "minutes": 1, "signatures": 0}
        assert issuer.post("/rounds", round_).status == 200
    # The pack that the service is started with is one of the book's: the plan in force is served.
    with Service(book) as s:
        assert s.login("issuer").get("/plan").json["digest"] == done["digest"]
    # A pack that nobody adopted is not: it is said, and the plan in force is served.
    (book.pack / "a.plan").write_text(HEAD + SCHOOL + GOALS % 1, "utf-8")
    with Service(book) as s:
        assert any("no plan of this book" in line for line in s.said), s.said
        assert s.login("issuer").get("/plan").json["digest"] == done["digest"]


@test("of two who adopt, the second is told; and back again is an adoption, too")
def _():
    with Service(TOWN.copy()) as s:
        issuer = s.login("issuer")
        t = tried(issuer, NEXT)
        other = HEAD + SCHOOL + GOALS % 75
        done = adopt(issuer, other)
        got = issuer.post("/plan/adopt", pack(NEXT, **words(t)))
        assert got.status == 409, got.text
        wait_for(issuer, done["digest"])
        assert issuer.post("/plan/adopt", pack(NEXT, **words(t))).status == 409
        assert issuer.post("/plan/packs", pack(other)).status == 409  # it is in force
        back = adopt(issuer, PLAN)
        wait_for(issuer, back["digest"])
        assert back["digest"] == t["in_force"]
        assert states(issuer) == {"S1": "met", "S2": "missed"}
        assert len(issuer.get("/plan/versions").json["versions"]) == 3
        assert issuer.post("/plan/adopt", pack(NEXT, **words(t, reason=" "))).status in (409, 422)


sys.exit(main())
