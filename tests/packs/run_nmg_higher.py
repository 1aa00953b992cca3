#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Annex 2 and the main text of plans/nmg-2024 on made-up figures: F9 and F14, ladders with a gap,
fields, people counted once, contracts that the firm confirms, classes with too few hours.
Prints TAP."""
import csv
import json
import os
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TIZHI = Path(os.environ.get("TIZHI", ROOT / "build" / "src" / "tizhi"))
PACK = ROOT / "plans" / "nmg-2024"
REGION, COUNTY = "150000", "150102"
RESULTS = []

with open(PACK / "units.csv", encoding="utf8", newline="") as roll:
    ROLL = list(csv.DictReader(roll))
COLLEGES = {"普通本科", "职业本科", "高职"}
UNIVERSITIES = sorted({u["code"] for u in ROLL if u["kind"] in COLLEGES})
UNDERGRADUATE = sorted({u["code"] for u in ROLL if u["kind"] in COLLEGES - {"高职"}})
STEADY = [c for c in UNDERGRADUATE if sum(u["code"] == c for u in ROLL) == 1]
COUNTIES = sorted({u["code"] for u in ROLL if u["kind"] == "旗县"})


def filed(form, owners, years=(2023, 2024, 2025, 2026)):
    return [(form, owner, year) for owner in owners for year in years]


def judge(target, as_of, **tables):
    """Verdicts of one target, by part, unit and year; each table is a header and its rows."""
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in tables.items():
            with open(Path(folder, name + ".csv"), "w", encoding="utf8", newline="") as f:
                csv.writer(f).writerows(rows)
        done = subprocess.run([TIZHI, "eval", "--pack", PACK, "--data", PACK / "data", "--data",
                               folder, "--as-of", as_of, "--target", target, "--format", "json"],
                              capture_output=True, timeout=120)
    assert done.returncode in (0, 1), done.stdout.decode()[:800] + done.stderr.decode()[:800]
    found = json.loads(done.stdout)["verdicts"]
    return {(v["part"], v["unit"], v["year"]): v for v in found if v["target"] == target}


def test(fn):
    try:
        fn()
        RESULTS.append((fn.__doc__, ""))
    except (AssertionError, KeyError) as e:
        RESULTS.append((fn.__doc__, repr(e)))


def expect(v, **want):
    got = {k: v.get(k) for k in want}
    assert got == want, f"{got}, expected {want}"


def schools(n):
    return [("code", "name", "kind", "parent")] + [
        (f"S{i}", f"{i}小学", "小学", COUNTY) for i in range(n)]


FILINGS = ("form", "unit", "period")


@test
def f14():
    """F14 doctoral programmes wait for the round of authorisation, then 68 of about 70 will do"""
    rows = [("register", "owner", "id", "from", "授权点", "学位", "建设状态")] + [
        ("学位授权点", STEADY[i % 9], f"d{i}", "2020-01-01", f"d{i}", "博士",
         "已授权" if i < 68 else "培育") for i in range(80)]
    filings = [FILINGS] + filed("学位授权点", UNDERGRADUATE)
    before = judge("H7.2", "2027-03-01", rows=rows, filings=filings)
    expect(before["", REGION, 2026], state="pending")
    event = [("event", "date"), ("下一轮学位授权审核", "2026-10-01")]
    after = judge("H7.2", "2027-03-01", rows=rows, filings=filings, events=event)
    expect(after["", REGION, 2026], state="met", lo_exact="68")


@test
def f9():
    """F9 the cap of 15 % leaves one title of twenty schools, and a fourth one breaks it"""
    titles = [("title", "unit", "from")] + [
        ("自治区级平安校园", f"S{i}", "2025-03-01") for i in range(3)]
    filings = [FILINGS] + filed("学校", COUNTIES)
    rows = judge("M19.7", "2026-03-01", units=schools(20), titles=titles[:3], filings=filings)
    expect(rows["", REGION, 2025], state="met", used=2, base=20, cap=3, remaining=1)
    rows = judge("M19.7", "2026-03-01", units=schools(20), titles=titles, filings=filings)
    expect(rows["", REGION, 2025], state="met", used=3, remaining=0)
    titles.append(("自治区级平安校园", "S9", "2025-03-01"))
    rows = judge("M19.7", "2026-03-01", units=schools(20), titles=titles, filings=filings)
    expect(rows["", REGION, 2025], state="missed", used=4, flags=["breach"])


@test
def ladder():
    """H20 fitness: 20 % in 2024, 30 % in 2026, and no verdict in 2025"""
    facts = [("unit", "item", "period", "value")]
    for year, good in ((2024, 20), (2025, 1), (2026, 29)):
        for u in ROLL:
            if u["kind"] in COLLEGES:
                facts += [(u["code"], item, year, n) for item, n in
                          (("体测应测人数", 100), ("体测有效人数", 100), ("体测优良人数", good))
                          if not (u["to"] and year > 2024 or u["from"] and year < 2025)]
    rows = judge("H20.2", "2027-03-01", facts=facts)
    assert sorted(y for _, _, y in rows) == [2024, 2026], sorted(rows)
    expect(rows["2024", REGION, 2024], state="met", lo_exact="1/5")
    expect(rows["2026", REGION, 2026], state="missed", lo_exact="29/100")


@test
def fields():
    """H14 at least two projects a year in each of five fields: one is enough to miss one field"""
    names = ["能源和战略资源", "农畜产品", "生物育种", "生态环境", "边疆安全与发展"]
    rows = [("register", "owner", "id", "date", "攻关编号", "任务领域", "联合方式")] + [
        ("五大任务攻关", STEADY[0], f"{f}{i}", "2024-05-01", f"{f}{i}", f, "校企")
        for f in names for i in range(1 if f == "生物育种" else 2)]
    got = judge("H14.1", "2025-03-01", rows=rows,
                filings=[FILINGS] + filed("五大任务攻关", UNIVERSITIES))
    states = {part: v["state"] for (part, _, year), v in got.items() if year == 2024}
    assert states == {f: "missed" if f == "生物育种" else "met" for f in names}, states


@test
def people():
    """H18 a person whom two universities claim is one of the sixteen a year, not two"""
    rows = [("register", "owner", "id", "date", "人才代码", "人才类别", "引育方式")] + [
        ("人才引育", STEADY[i % 2], f"r{i}", "2024-06-01", f"p{min(i, 14)}", "四类", "引进")
        for i in range(16)]
    filings = [FILINGS] + filed("人才引育", UNIVERSITIES)
    got = judge("H18.1", "2025-03-01", rows=rows, filings=filings)
    expect(got["", REGION, 2024], state="missed", lo_exact="15")


@test
def contracts():
    """H12 ten firms a university, counted by code and only when the firm confirms"""
    rows = [("register", "owner", "id", "from", "合同号", "企业代码", "企业确认")]
    for u, firms, sure in ((STEADY[0], 10, 10), (STEADY[1], 10, 9), (STEADY[2], 9, 10)):
        rows += [("校企合同", u, f"{u}{i}", "2024-01-01", f"{u}{i}", f"f{min(i, firms - 1)}",
                  "是" if i < sure else "否") for i in range(10)]
    got = judge("H12.2", "2027-03-01", rows=rows,
                filings=[FILINGS] + filed("校企合同", UNIVERSITIES))
    states = [got["", u, 2026]["state"] for u in STEADY[:3]]
    assert states == ["met", "missed", "missed"], states


@test
def hours():
    """M6 a class with eleven hours fails its school, twelve pass, and a silent school is unknown"""
    rows = [("register", "owner", "id", "date", "班级", "课时")] + [
        ("民族团结专题课时", s, f"{s}{c}", "2024-11-01", f"{s}{c}", h)
        for s, c, h in (("S0", 1, 12), ("S0", 2, 11), ("S1", 1, 12), ("S1", 2, 14))]
    filings = [FILINGS] + filed("学校", COUNTIES) + [
        ("民族团结专题课时", s, "2024-2025") for s in ("S0", "S1")]
    got = judge("M6.1", "2025-10-01", units=schools(3), rows=rows, filings=filings)
    states = [got["", s, 2024]["state"] for s in ("S0", "S1", "S2")]
    assert states == ["missed", "met", "unknown"], states
    expect(got["", COUNTY, 2024], state="missed", counterexamples=["S0"])


print(f"1..{len(RESULTS)}")
for n, (name, trouble) in enumerate(RESULTS, 1):
    print(f"{'not ' if trouble else ''}ok {n} - {name}")
    if trouble:
        print("# " + trouble.replace("\n", "\n# "))
raise SystemExit(any(trouble for _, trouble in RESULTS))
