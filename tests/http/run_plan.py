#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The pages of the plan over HTTP: clauses, a commitment, where it stands at a unit, its children,
who could still change it. What they say is what the command line says to the same person. Prints
TAP."""
import json
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town, run  # noqa: E402
from service import Service, part  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 t { 名称 "试" 印发 2024-01-01 年度 2024 至 2026 }
层级 省 > 县 > 学校
条款 A 附件1
条款 A2 附件1 二(一)3
条款 M 三(一)
对象 学校 属于 县 {
  数据 学生 : 人 每年
  数据 教师 : 人 每年
  数据 在考 : 人 每年 密级 密封
}
指标 A.1 师生比 {
  依据 附件1 二(一)3 第2至3句  依据 三(一)  英文 "teachers to students"
  责任 教育厅  协办 "财政厅"  口径 "每百名学生的教师" 来源 事业统计  说明 "示例"
  计算 求和(学校.教师) / 求和(学校.学生)
  目标 不低于 于 2024年 5%, 到 2026年 8%
}
指标 A.2 学生 { 依据 附件1 计算 求和(学校.学生) 目标 每年 每个 县 不低于 100人 }
指标 A.3 在考 { 依据 附件1 计算 求和(学校.在考) 目标 每年 每个 县 不低于 3人 }
指标 A.4 校均 { 依据 附件1 计算 求和(学校.学生) 目标 每年 每个 学校 不低于 55人 }
"""
UNITS = """code,name,kind,parent,from,to,alias
R,某省,省,,,,
D,甲县,县,R,,,
E,乙县,县,R,,,
S1,甲一校,学校,D,,,
S2,甲二校,学校,D,,,
T1,乙一校,学校,E,,,
"""
FACTS = """unit,item,period,value,recorded,source,grade
S1,学校.学生,2024,60,2025-01-05,t,A
S2,学校.学生,2024,50,2025-01-05,t,A
S1,学校.教师,2024,3,2025-01-05,t,A
S2,学校.教师,2024,2,2025-01-05,t,A
T1,学校.学生,2024,70,2025-01-05,t,A
T1,学校.教师,2024,1,2025-01-05,t,A
S1,学校.在考,2024,2,2025-01-05,t,A
S2,学校.在考,2024,2,2025-01-05,t,A
S1,学校.学生,2025,61,2026-01-05,t,A
"""
PEOPLE = {"issuer": ["issuer R sealed"], "leader": ["leader R internal"],
          "filler": ["filler D sensitive"], "school": ["filler S1 internal"]}
TOWN = Town(PLAN, UNITS, PEOPLE, tables=(("facts.csv", FACTS),))

SERVICE = Service(TOWN.copy())
SERVICE.__enter__()
WHO = {user: SERVICE.login(user) for user in PEOPLE}


def get(user, path, want=200, **more):
    answer = WHO[user].get(path, **more)
    assert answer.status == want, f"{path}: {answer.status} {answer.text}"
    return answer.json


# ---- what the plan says -------------------------------------------------------------------------

@test("the clauses come step by step, each with what rests on it")
def _():
    got = {c["code"]: c for c in get("school", "/plan/clauses")["clauses"]}
    assert list(got) == ["A", "A2", "M"]
    assert got["A2"]["steps"] == ["附件1", "二", "(一)", "3"], got["A2"]
    assert got["M"]["steps"] == ["三", "(一)"]
    assert [(c["id"], c["first"], c["last"]) for c in got["A2"]["commitments"]] == [("A.1", 2, 3)]
    assert [c["id"] for c in got["A"]["commitments"]] == ["A.2", "A.3", "A.4"]


@test("a commitment says its formula, its ladder, who answers for it, in both languages")
def _():
    en = get("school", "/commitments/A.1")
    zh = get("school", "/commitments/A.1", headers={"Accept-Language": "zh"})
    assert (en["name"], zh["name"]) == ("teachers to students", "师生比"), en
    assert zh["formula"] == "求和(学校.教师) / 求和(学校.学生)", zh["formula"]
    assert en["formula"] != zh["formula"] and "学校" in en["formula"]
    assert (en["owner"], en["with"], en["source"]) == ("教育厅", ["财政厅"], "事业统计")
    ladder = [(r["year"], r["value"], r["requires"]) for r in zh["requirements"] if r["value"]]
    assert (2024, "0.05") in [(y, v) for y, v, _ in ladder], ladder
    assert (2026, "0.08") in [(y, v) for y, v, _ in ladder], ladder
    for page, want in ((zh, ["不低于 5%", "不低于 8%"]), (en, ["at least 5%", "at least 8%"])):
        assert [r["requires"] for r in page["requirements"]] == want, page["requirements"]
    assert zh["clauses"] == ["A2 第2至3句", "M"], zh["clauses"]
    get("school", "/commitments/X.9", 404)


@test("what is wrong with the policy, and how another text differs, is what the commands say")
def _():
    (status, out, _) = run("lint", "--pack", TOWN.pack, "--format", "json")
    assert status in (0, 1)
    assert get("school", "/plan/lint") == json.loads(out)
    kind = {"X-Tizhi": "1", "Content-Type": "application/octet-stream"}
    same = WHO["school"].post("/plan/diff?name=a.plan", PLAN.encode(), headers=kind).json
    assert same["changes"] == [] and same["judged"] is False, same
    other = PLAN.replace("不低于 100人", "不低于 120人")
    got = WHO["school"].post("/plan/diff?name=a.plan", other.encode(), headers=kind).json
    assert [(c["id"], c["from"], c["to"]) for c in got["changes"]] == [
        ("A.2", "100 persons", "120 persons")], got["changes"]
    bad = WHO["school"].post("/plan/diff?name=a.plan", "指标 {".encode(), headers=kind)
    assert bad.status == 422 and bad.json["findings"][0]["about"] == "a.plan:1", bad.text


@test("the official text is held against the plan sentence by sentence, and not kept")
def _():
    text = "附件1\n一、学生不低于100人。按规定执行。\n".encode()
    file = TOWN.dir / "official.txt"
    file.write_bytes(text)
    kind = {"X-Tizhi": "1", "Content-Type": "application/octet-stream"}
    got = WHO["school"].post("/plan/coverage?name=official.txt", text, headers=kind)
    (_, out, _) = run("coverage", file, "--pack", TOWN.pack, "--format", "json")
    assert got.status == 200 and got.json == json.loads(out), (got.text, out)
    assert got.json["summary"]["sentences"] == 2 and got.json["missing"] == ["A2", "M"], got.json
    for bad, says in ((b"%PDF-1.7\n", "PDF"), (b"\0\1\2", ""), ("无标题".encode(), "heading")):
        answer = WHO["school"].post("/plan/coverage", bad, headers=kind)
        assert answer.status == 422 and says in answer.text, answer.text


# ---- where it stands ----------------------------------------------------------------------------

def evaluated(user, *args):
    return SERVICE.book("eval", *args, who=user, fmt="json")["verdicts"]


@test("a commitment at a unit is the rows of eval, member by member")
def _():
    for target, unit in (("A.1", "R"), ("A.2", "D"), ("A.2", "R"), ("A.4", "S1"), ("A.4", "D")):
        want = evaluated("leader", "--target", target, "--unit", unit)
        got = get("leader", f"/commitments/{target}/units/{unit}")
        assert got["commit"] > 0 and got["unit"] == unit
        assert len(got["verdicts"]) == len(want) > 0, (target, unit)
        for a, b in zip(got["verdicts"], want):
            for key in b.keys() - {"counterexamples", "undecided"}:
                assert a[key] == b[key], (target, unit, key, a[key], b[key])


@test("what a figure lacks, and at what pace it has to come")
def _():
    rows = {(v["part"], v["year"]): v for v in
            get("leader", "/commitments/A.1/units/R")["verdicts"]}
    missed = [v for v in rows.values() if v["state"] == "missed"]
    assert missed and missed[0]["year"] == 2024, rows
    assert missed[0]["lacks"]["exact"] == "1/60" and missed[0]["lacks"]["days"] is None, missed
    assert missed[0]["required_exact"] == "1/20" and missed[0]["due"] == "2024-12-31"
    one = get("leader", "/commitments/A.2/units/E?year=2024")["verdicts"]
    assert one[0]["lacks"]["exact"] == "30" and "30" in one[0]["lacks"]["text"], one


@test("year and part choose rows; what is not there is said")
def _():
    rows = get("leader", "/commitments/A.2/units/D")["verdicts"]
    assert {v["year"] for v in rows} == {2024, 2025, 2026}
    assert [v["year"] for v in get("leader", "/commitments/A.2/units/D?year=2025")["verdicts"]] \
        == [2025]
    assert get("leader", "/commitments/A.2/units/D?part=" + part("没有"))["verdicts"] == []
    get("leader", "/commitments/A.9/units/D", 404)
    get("leader", "/commitments/A.2/units/none", 403)  # as one that is not for him to see


@test("figures on sealed data are not told, whoever asks; states are")
def _():
    for user in ("leader", "issuer", "filler"):
        (v,) = get(user, "/commitments/A.3/units/D?year=2024")["verdicts"]
        assert v["sealed"] and v["state"] == "met", v
        assert v["lo"] is v["hi"] is v["value"] is None and "lacks" not in v, v
        assert "4" not in v["text"], v


@test("the children of a unit come in pages, with their verdicts of the year and counts")
def _():
    got = get("leader", "/commitments/A.2/units/R/children?year=2024")
    assert [c["unit"] for c in got["children"]] == ["D", "E"] and got["next"] is None
    assert {c["unit"]: c["state"] for c in got["children"]} == {"D": "met", "E": "missed"}
    first = get("leader", "/commitments/A.4/units/D/children?year=2024&limit=1")
    second = get("leader", f"/commitments/A.4/units/D/children?year=2024&after={first['next']}")
    both = [c for page in (first, second) for c in page["children"]]
    assert [(c["unit"], c["state"], c["lo_exact"]) for c in both] == [("S1", "met", "60"),
                                                                     ("S2", "missed", "50")]
    table = WHO["leader"].get("/commitments/A.4/units/D/children?year=2024&format=csv").text
    assert "甲一校" in table and len(table.splitlines()) == 3, table
    for c in get("leader", "/commitments/A.4/units/R/children?year=2024")["children"]:
        schools = evaluated("leader", "--target", "A.4")
        below = {"D": ("S1", "S2"), "E": ("T1",)}[c["unit"]]
        n = sum(v["unit"] in below and v["state"] == "met" for v in schools)
        assert c["below"]["met"] == n, (c, n)
    get("leader", "/commitments/A.4/units/D/children?after=T1", 409)


@test("who misses a demand on each, and who could still change it, is who eval names")
def _():
    rows = {(v["part"], v["year"]): v
            for v in evaluated("leader", "--target", "A.4", "--unit", "D")}
    for year in (2024, 2025):
        for line in get("leader", f"/commitments/A.4/units/D/open?year={year}")["lines"]:
            row = rows[line["part"], year]
            assert [u["unit"] for u in line["missing"]] == row["counterexamples"], (line, row)
            assert [u["unit"] for u in line["open"]] == row["undecided"], (line, row)
            assert line["n_open"] == len(row["undecided"])
    assert any(v["counterexamples"] for v in rows.values())
    assert any(v["undecided"] for v in rows.values())


# ---- why ----------------------------------------------------------------------------------------

@test("an explanation is the tree of the command line, down to who reported it by which commit")
def _():
    for user, target, unit, year in (("leader", "A.1", "R", 2024), ("leader", "A.2", "D", 2025),
                                     ("filler", "A.2", "D", 2024), ("leader", "A.4", "D", 2025),
                                     ("school", "A.4", "S1", 2024)):
        args = (target, "--unit", unit, "--year", year)
        want = SERVICE.book("explain", *args, who=user, fmt="json")
        got = get(user, f"/commitments/{target}/units/{unit}/explain?year={year}")["verdicts"]
        assert [v["why"] for v in got] == want, f"{[v['why'] for v in got]}\n{want}"
    text = str(got)
    assert "commit" in text and "facts.load by tizhi" in text, text
    (got,) = get("leader", "/commitments/A.2/units/D/explain?year=2025")["verdicts"]
    assert "missing: not reported" in str(got), got


@test("in an explanation no figure that rests on sealed data is told")
def _():
    for user in ("leader", "issuer", "filler"):
        (got,) = get(user, "/commitments/A.3/units/D/explain?year=2024")["verdicts"]

        def figures(node):
            yield node["figure"]
            for x in node["parts"]:
                yield from figures(x)
        shown = set(figures(got["why"]))
        assert not any("4" in x or "2" in x for x in shown), shown
        assert "withheld" in shown, shown


@test("commits and explanations go on beside each other, each of one moment")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a = s.login("leader")
        seen = []

        def ask():
            asker = s.asker()
            asker.cookie = a.cookie
            while not done:
                got = asker.get("/commitments/A.2/units/E/explain?year=2024")
                if got.status == 200:
                    seen.append((got.json["commit"], got.json["verdicts"][0]["why"]))
        done = []
        threads = [threading.Thread(target=ask) for _ in range(2)]
        for t in threads:
            t.start()
        for n in range(8):
            (b.pack / "facts.csv").write_text(
                "unit,item,period,value,recorded,source,grade\n"
                f"T1,学校.学生,2024,{200 + n},2025-02-{n + 1:02},t,A\n", "utf-8")
            b("book", "load", who="issuer")
        time.sleep(0.5)
        done.append(True)
        for t in threads:
            t.join()
        assert len({c for c, _ in seen}) >= 2, "too few moments were seen"
        for commit, why in seen:
            school = why["parts"][-1]["parts"][0]["figure"]
            assert why["figure"] == school, (commit, why)


@test("a fact that a report has brought leads to the cell of it")
def _():
    b = Town(PLAN + "报表 F1 学生 { 对象 学校 每年 项 学生 截止 10-15 }\n", UNITS,
             {"issuer": ["issuer R internal"], "own": ["filler T1 internal"],
              "county": ["reviewer E internal"], "land": ["reviewer R internal"]})
    b("round", "open", "R1", "--form", "F1", "--period", "2024", "--due", "2199-01-01",
      "--minutes", "2", "--only", "T1", who="issuer")
    report = ("R1", "--unit", "T1")
    (b.dir / "form.csv").write_text("item,value,explain\n学生,60,\n", "utf-8")
    b("report", "save", "R1", b.dir / "form.csv", "--unit", "T1", who="own")
    b("report", "submit", *report, who="own")
    for who, at in (("county", "E"), ("land", "R")):
        b("review", "approve", *report, "--at", at, who=who)
    with Service(b) as s:
        a = s.login("issuer")
        leaf = a.get("/commitments/A.4/units/T1/explain?year=2024").json["verdicts"][0]["why"]
        while leaf["parts"]:
            leaf = leaf["parts"][-1]
        cells = a.get(f"/rounds/{leaf['round']}/reports/{leaf['unit']}").json["cells"]
        assert [c["value"] for c in cells if c["item"] == leaf["item"]] == ["60"], (leaf, cells)


# ---- how it stood -------------------------------------------------------------------------------

def past(asker, path):
    """Asked until it is worked out; how often one was sent away."""
    for n in range(200):
        got = asker.get(path)
        if got.status != 202:
            return got, n
        assert int(got.headers["Retry-After"]) >= 1 and got.json["says"], got.text
        time.sleep(0.05)
    raise AssertionError(got.text)


@test("how it stood after a commit, or was known on a day, is what the command line says of it")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        a = s.login("leader")
        before = a.get("/commitments/A.2/units/E").json
        (b.pack / "facts.csv").write_text(
            "unit,item,period,value,recorded,source,grade\n"
            "T1,学校.学生,2024,170,2025-02-05,t,A\n", "utf-8")
        b("book", "load", who="issuer")
        seq = int(b("book", "status", who="issuer", fmt="json")["commits"])
        now = a.get(f"/commitments/A.2/units/E?since={seq}").json
        assert now["verdicts"][0]["state"] == "met" != before["verdicts"][0]["state"]
        then, sent = past(a, f"/commitments/A.2/units/E?commit={before['commit']}")
        assert sent > 0 and then.json == before, (sent, then.text)
        for args, query in ((("--as-of", "2025-01-20"), "as_of=2025-01-20"),
                            (("--commit", "2"), "commit=2"), (("--as-of", "2024-06-30"),
                                                              "as_of=2024-06-30")):
            for unit in ("E", "D"):
                want = b("eval", "--target", "A.2", "--unit", unit, *args, who="leader",
                         fmt="json")
                got, _ = past(a, f"/commitments/A.2/units/{unit}?{query}")
                assert got.json["as_of"] == want["as_of"]
                for x, y in zip(got.json["verdicts"], want["verdicts"], strict=True):
                    for key in y.keys() - {"counterexamples", "undecided"}:
                        assert x[key] == y[key], (query, key, x, y)
        got, _ = past(a, "/commitments/A.2/units/R/children?year=2024&as_of=2025-01-20")
        assert {c["unit"]: c["state"] for c in got.json["children"]} == {"D": "met", "E": "missed"}
        got, _ = past(a, "/commitments/A.2/units/E/explain?year=2024&as_of=2025-01-20")
        want = b("explain", "A.2", "--unit", "E", "--year", "2024", "--as-of", "2025-01-20",
                 who="leader", fmt="json")
        assert [v["why"] for v in got.json["verdicts"]] == want, got.text
        assert a.get("/commitments/A.2/units/E?as_of=2199-01-01").status == 422
        assert a.get("/commitments/A.2/units/E").json == now


@test("what commits have changed at a unit is told, and nothing else")
def _():
    b = TOWN.copy()

    def load(value, day):
        (b.pack / "facts.csv").write_text("unit,item,period,value,recorded,source,grade\n"
                                          f"T1,学校.学生,2024,{value},{day},t,A\n", "utf-8")
        b("book", "load", who="issuer")
        return int(b("book", "status", who="issuer", fmt="json")["commits"])

    def changed(a, since, upto):
        want = a.get(f"/commitments/A.2/units/E?since={upto}").json["commit"]
        got, _ = past(a, f"/units/E/changes?since={since}")
        assert got.status == 200 and got.json["since"] == since, got.text
        assert got.json["commit"] == want == upto, got.text
        return [(c["target"], c["state_then"], c["text_then"], c["state"], c["text"])
                for c in got.json["changes"] if c["year"] == 2024 and c["part"] == ""]

    with Service(b) as s:
        a = s.login("leader")
        first = a.get("/commitments/A.2/units/E").json["commit"]
        second = load(170, "2025-02-05")
        got = changed(a, first, second)
        assert ("A.2", "missed", "70 persons", "met", "170 persons") in got, got
        third = load(180, "2025-02-06")  # met as before, by another figure
        got = changed(a, second, third)
        assert got == [("A.2", "met", "170 persons", "met", "180 persons")], got
        assert changed(a, third, third) == []
        assert a.get("/units/E/overview").json["changed"] == third
        assert a.get("/units/D/overview").json["changed"] <= first, "a change elsewhere counts"
        assert a.get("/units/E/changes").status == 422
        assert a.get("/units/nowhere/changes?since=1").status in (403, 404)


@test("of a sealed figure only the verdict is told to have changed; a change without one is not")
def _():
    b = Town(PLAN + "报表 F1 在考 { 对象 学校 每年 项 在考 截止 10-15 }\n", UNITS,
             {"issuer": ["issuer R sealed"], "leader": ["leader R internal"],
              "own": ["filler T1 sealed"], "own2": ["filler T1 sealed"],
              "county": ["reviewer E sealed"], "land": ["reviewer R sealed"]})
    b("round", "open", "R1", "--form", "F1", "--period", "2024", "--due", "2199-01-01",
      "--minutes", "2", "--only", "T1", who="issuer")
    report = ("R1", "--unit", "T1")

    def accept(value):
        """The commit at which it counts."""
        (b.dir / "form.csv").write_text(f"item,value,explain\n在考,{value},\n", "utf-8")
        b("report", "save", "R1", b.dir / "form.csv", "--unit", "T1", who="own")
        if value == 1:
            b("report", "sign", *report, who="own2")
        b("report", "submit", *report, who="own")
        for who, at in (("county", "E"), ("land", "R")):
            b("review", "approve", *report, "--at", at, who=who)
        return int(b("book", "status", who="issuer", fmt="json")["commits"])

    with Service(b) as s:
        a = s.login("leader")

        def changed(since, upto):
            assert a.get(f"/commitments/A.3/units/E?since={upto}").json["commit"] == upto
            got, _ = past(a, f"/units/E/changes?since={since}")
            assert got.status == 200, got.text
            return [(c["state_then"] != "missed", c["text_then"], c["state"], c["text"])
                    for c in got.json["changes"] if c["target"] == "A.3" and c["year"] == 2024]

        first = a.get("/commitments/A.3/units/E").json["commit"]
        second = accept(2)
        assert changed(first, second) == [(True, "", "missed", "")]
        b("report", "correct", *report, "--cause", "多报一人", who="own")
        assert changed(second, accept(1)) == []  # another figure, missed as before


@test("who may not read verdicts of a unit is refused there")
def _():
    for page in ("", "/children", "/open", "/explain"):
        get("school", f"/commitments/A.2/units/E{page}", 403)
        get("filler", f"/commitments/A.2/units/D{page}")


SERVICE.stop()
sys.exit(main())
