#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Annex 3 of plans/nmg-2024 on made-up schools: worked figures F1, F7, F8, F10, F11 and F15, and
the way from rectification to exit (V5). The real roll is judged with them. Prints TAP."""
import csv
import hashlib
import json
import os
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TIZHI = Path(os.environ.get("TIZHI", ROOT / "build" / "src" / "tizhi"))
PACK = ROOT / "plans" / "nmg-2024"
COUNTY = "150102"
RESULTS = []

COLUMNS = {
    "units": ["code", "name", "kind", "parent", "from", "to", "公办", "达标纳入", "达标类别"],
    "attributes": ["unit", "attribute", "value"],
    "facts": ["unit", "item", "period", "value"],
    "lineage": ["event", "date", "from", "to"],
    "filings": ["form", "unit", "period"],
}
# A secondary school that qualifies, with 1,000 students.
GOOD = {"占地面积": 40000, "校舍建筑面积": 24000, "教师折合数": 60, "仪器设备值": 300,
        "纸质图书": 30000}
BAD = {**GOOD, "占地面积": 39999}


class Region:
    """Tables beside the roll of the pack: schools in one county, a roll filed by each."""

    def __init__(self):
        self.tables = defaultdict(list)
        with open(PACK / "units.csv", encoding="utf8", newline="") as f:
            roll = list(csv.DictReader(f))
        self.counties = sorted({u["code"] for u in roll if u["kind"] == "旗县"})
        self.vocational = sorted({u["code"] for u in roll if u["kind"] in ("高职", "职业本科")})
        upgraded = {u["code"] for u in roll if u["kind"] in ("普通本科", "职业本科")}
        self.colleges = [c for c in self.vocational if c not in upgraded]
        for year in (2023, 2024, 2025, 2026):
            self.file("学校", self.counties, [year])

    def school(self, code, since="", until="", public="是"):
        self.tables["units"].append(
            (code, code + "学校", "中职", COUNTY, since, until, public, "是", "一般"))

    def conditions(self, code, year, given, staff=60):
        facts = [(code, item, year, value) for item, value in given.items()]
        facts += [(code, item, f"{year}-{year + 1}", value)
                  for item, value in (("学生数", 1000), ("专任教师数", staff))]
        self.tables["facts"] += facts

    def without_colleges(self):
        self.tables["attributes"] += [(c, "达标纳入", "否") for c in self.vocational]

    def file(self, form, owners, years):
        self.tables["filings"] += [(form, o, y) for o in owners for y in years]

    def judge(self, target, as_of):
        with tempfile.TemporaryDirectory() as folder:
            for name, rows in self.tables.items():
                with open(Path(folder, name + ".csv"), "w", encoding="utf8", newline="") as f:
                    out = csv.writer(f)
                    out.writerow(COLUMNS.get(name) or rows[0])
                    out.writerows(rows if name in COLUMNS else rows[1:])
            done = subprocess.run(
                [TIZHI, "eval", "--pack", PACK, "--data", PACK / "data", "--data", folder,
                 "--as-of", as_of, "--target", target, "--format", "json"],
                capture_output=True, timeout=120)
        assert done.returncode in (0, 1), done.stdout.decode()[:800] + done.stderr.decode()[:800]
        found = json.loads(done.stdout)["verdicts"]
        return {(v["part"], v["unit"], v["year"]): v for v in found if v["target"] == target}


def sm3(data):
    return hashlib.new("sm3", data).digest()


def test(fn):
    try:
        fn()
        RESULTS.append((fn.__doc__, ""))
    except AssertionError as e:
        RESULTS.append((fn.__doc__, str(e) or "assertion failed"))


def expect(v, **want):
    got = {k: v.get(k) for k in want}
    assert got == want, f"{got}, expected {want}"


@test
def f1_school():
    """F1 two years below 90 % cut the plan of the college by a tenth; 90.00 % does not"""
    r = Region()
    college = r.colleges[0]
    for year, plan, came in ((2023, 1200, 1068), (2024, 1200, 1070), (2025, 1200, 1080)):
        r.tables["facts"] += [(college, "招生计划", year, plan), (college, "实际报到", year, came)]
    rows = r.judge("V14.R1", "2026-02-01")
    expect(rows["", college, 2024], fires="yes", proposal=1080)
    expect(rows["", college, 2025], fires="no")
    missing = Region()
    missing.tables["facts"] += [(college, "招生计划", 2024, 1200),
                                (college, "实际报到", 2024, 1070)]
    expect(missing.judge("V14.R1", "2026-02-01")["", college, 2024], fires="unknown")


@test
def f1_major():
    """F1 a major below 50 % is cut, at 50.00 % it is not; a small one goes by three years"""
    r = Region()
    college = r.colleges[0]
    r.tables["rows-majors"] = [
        ("register", "owner", "id", "date", "专业", "计划人数", "毕业人数", "落实人数",
         "近三年毕业人数", "近三年落实人数"),
        ("职教专业", college, "1", "2024-12-31", "甲", 60, 90, 44, "", ""),
        ("职教专业", college, "2", "2024-12-31", "乙", 60, 90, 45, "", ""),
        ("职教专业", college, "3", "2024-12-31", "丙", 60, 10, 2, 45, 40),
    ]
    rows = r.judge("V14.R2", "2025-02-01")
    expect(rows["甲", college, 2024], fires="yes", proposal=54)
    expect(rows["乙", college, 2024], fires="no")
    expect(rows["丙", college, 2024], fires="no")


@test
def f7():
    """F7 2,040 of 80,000 is 2.55 % or 2.49 %, and 8,000 would be needed"""
    r = Region()
    r.tables["facts"].append(("150000", "公布高职专科招生数", 2025, 80000))
    row = r.judge("V4.1", "2026-02-01")["2025", "150000", 2025]
    expect(row, state="missed", lo_exact="51/2000")
    others = {a["definition"]: a["lo_exact"] for a in row["alternatives"]}
    assert others["含职业本科"] == "51/2051", others
    expect(r.judge("V4.9", "2026-02-01")["2025", "150000", 2025], state="missed", lo_exact="2040")


@test
def f8():
    """F8 82,000 and 96,000 leave 122,000 for the third year"""
    for third, state in ((121999, "missed"), (122000, "met")):
        r = Region()
        college = r.colleges[0]
        r.tables["rows-training"] = [("register", "owner", "id", "date", "班期", "人次")] + [
            ("职业培训班", college, str(y), f"{y}-06-30", str(y), n)
            for y, n in ((2024, 82000), (2025, 96000), (2026, third))]
        r.file("职业培训班", r.vocational, (2024, 2025, 2026))
        expect(r.judge("V17.1", "2027-02-01")["", "150000", 2026], state=state)
        expect(r.judge("V0.10", "2027-02-01")["", "150000", 2026], state=state)


@test
def f10():
    """F10 13,500 person-times are 46 % of the teachers"""
    r = Region()
    owner = r.colleges[0]
    others = [c for c in r.vocational if c != owner]
    r.tables["facts"] += [(owner, "专任教师数", 2026, 200)]
    r.tables["facts"] += [(c, "专任教师数", 2026, 0) for c in others]
    who = {2024: range(45), 2025: range(45, 90), 2026: [*range(43), 90, 91]}  # 92 persons
    r.tables["rows-training"] = [("register", "owner", "id", "date", "教师", "班次", "级别")] + [
        ("教师培训", owner, f"{y}-{n}", f"{y}-07-15", f"T{n}", str(y), "自治区级")
        for y, some in who.items() for n in some]
    r.file("教师培训", r.vocational, who)
    expect(r.judge("V8.5", "2027-02-01")["", "150000", 2026], state="missed", lo_exact="23/50",
           hi_exact="23/50")
    r.tables["facts"] = [(u, i, y, 184 if v == 200 else v) for u, i, y, v in r.tables["facts"]]
    expect(r.judge("V8.5", "2027-02-01")["", "150000", 2026], state="met", lo_exact="1/2")


def qualify(r, schools, year, good):
    for i in range(schools):
        r.conditions(f"Z{i:03}", year, GOOD if i < good else BAD)


@test
def f11():
    """F11 168 of 207, 38 of them new; merging 12 that fail into 6 raises the current base only"""
    r = Region()
    r.without_colleges()
    for i in range(207):
        r.school(f"Z{i:03}", until="2025-06-30" if i >= 195 else "")
    for year, good in ((2023, 130), (2024, 168)):
        qualify(r, 207, year, good)
    qualify(r, 195, 2025, 168)
    for k in range(6):
        r.school(f"M{k}", since="2025-07-01")
        r.conditions(f"M{k}", 2025, BAD)
        r.tables["lineage"] += [("merge", "2025-07-01", f"Z{195 + 2 * k + n}", f"M{k}")
                                for n in (0, 1)]
    rows = r.judge("V5.1", "2026-02-01")
    expect(rows["2024", "150000", 2024], state="met", lo_exact="56/69")
    row = rows["2025", "150000", 2025]
    expect(row, state="missed", lo_exact="56/67")
    assert row["alternatives"][0]["lo_exact"] == "56/69", row["alternatives"]
    expect(r.judge("V5.2", "2026-02-01")["", "150000", 2024], state="met", lo_exact="38")


@test
def v5_ladder():
    """V5 rectification, an order to stop, then the licence of a private school"""
    r = Region()
    for code, public in (("A", "是"), ("B", "否"), ("C", "是")):
        r.school(code, public=public)
        r.conditions(code, 2024, GOOD if code == "C" else BAD)
        r.conditions(code, 2025, GOOD if code == "C" else BAD)
    head = ("register", "owner", "id", "from", "to", "文号", "措施", "期满", "复核达标")
    order = [("达标整改", c, c + "1", "2025-01-01", "2025-12-31", c + "1", "限期整顿", "是", "否")
             for c in "AB"]
    stop = [("达标整改", c, c + "2", "2025-10-01", "", c + "2", "停止办学", "否", "否")
            for c in "AB"]
    r.tables["rows-orders"] = [head] + order + stop
    fires = {(rule, c, y): r_[("", c, y)]["fires"]
             for rule in ("V5.R1", "V5.R2", "V5.R3", "V5.R4")
             for r_ in [r.judge(rule, "2026-02-01")] for c in "ABC" for y in (2024, 2025)}
    want = {("V5.R1", "A", 2024): "yes", ("V5.R1", "B", 2024): "yes", ("V5.R1", "A", 2025): "no",
            ("V5.R2", "A", 2024): "no", ("V5.R2", "A", 2025): "yes", ("V5.R2", "B", 2025): "yes",
            ("V5.R3", "A", 2025): "no", ("V5.R3", "B", 2025): "yes",
            ("V5.R4", "A", 2025): "yes", ("V5.R4", "B", 2025): "no"}
    want.update({(f"V5.R{n}", "C", y): "no" for n in (1, 2, 3, 4) for y in (2024, 2025)})
    wrong = {k: (fires[k], v) for k, v in want.items() if fires[k] != v}
    assert not wrong, wrong
    gate = r.judge("V5.G1", "2026-02-01")
    assert (gate["", "A", 2025]["state"], gate["", "B", 2025]["state"]) == ("missed", "met")


@test
def f15():
    """F15 286 of 1,430 programmes are drawn by school and seed, and anybody can redo it"""
    r = Region()
    sizes = [44] * 32 + [22]
    plans = [(c, f"{c}-{n}") for c, size in zip(r.colleges, sizes) for n in range(size)]
    assert len(plans) == 1430
    r.tables["rows-plans"] = [("register", "owner", "id", "from", "方案", "抽查合格")] + [
        ("培养方案", c, p, "2025-09-01", p, "是") for c, p in plans]
    row = r.judge("V6.10", "2026-12-31")["", "150000", 2026]
    expect(row, state="met")
    drawn = row["sample"]
    assert len(drawn) == 286, len(drawn)
    seed = "内蒙古自治区职业教育培养方案抽查2026".encode()
    places = {s["stratum"]: s["drawn"] for s in row["strata"]}
    mine = set()
    for college in r.colleges:
        ids = sorted((p for c, p in plans if c == college),
                     key=lambda p: sm3(seed + b"\0" + p.encode()))
        mine.update(ids[:places.get(college, 0)])
    assert mine == set(drawn), sorted(mine ^ set(drawn))[:5]


print(f"1..{len(RESULTS)}")
for n, (name, trouble) in enumerate(RESULTS, 1):
    print(f"{'not ' if trouble else ''}ok {n} - {name}")
    if trouble:
        print("# " + trouble.replace("\n", "\n# "))
raise SystemExit(any(trouble for _, trouble in RESULTS))
