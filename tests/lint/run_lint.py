#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every kind of finding of the linter on a small invented plan: it is there, and in the twin plan
where it is mended it is not. Prints TAP."""
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from tap import main, test  # noqa: E402

ROOT = Path(__file__).parent.parent.parent
TIZHI = Path(os.environ.get("TIZHI", ROOT / "build" / "src" / "tizhi"))

CASES = ROOT / "tests" / "lint" / "cases.txt"


def read_cases():
    base, *blocks = re.split(r"^=== (?=L)", CASES.read_text("utf-8"), flags=re.M)
    cases = {}
    for block in blocks:
        head, body = block.split("\n", 1)
        cases[head.split()[0]] = body.split("--- mended\n")
    return base, cases


BASE, KINDS = read_cases()

UNITS = """code,name,kind,parent
R,省,省,
C,市一,市,R
D,县一,县,C
S1,校一,学校,D
S2,校二,小学,D
S3,校三,小学,D
"""
NUMBERS = "unit,item,period,value\n" + "".join(
    f"{unit},{item},{year},{value}\n" for unit, item, year, value in (
        ("R", "达标率", 2023, 91), ("R", "奖项", 2023, 10), ("R", "奖项", 2024, 14),
        ("R", "奖项", 2025, 17), ("S1", "达标", 2024, "是"), ("S2", "达标", 2024, "是"),
        ("S3", "达标", 2024, "否")))
DATA = {"units.csv": UNITS, "data/facts.csv": NUMBERS}

# Kinds that take facts: with the finding, mended.
FACTS = {
    "L80": ("指标 T1 { 依据 A2 计算 达标率 目标 到 2026年 不低于 90% }",
            "指标 T1 { 依据 A2 计算 达标率 目标 到 2026年 不低于 92% }"),
    "L81": ("目标 T1 { 依据 A2 到 2026年 计数(学校 其中 达标) 不少于 5所 }",
            "目标 T1 { 依据 A2 到 2026年 计数(学校 其中 达标) 不少于 3所 }"),
    "L82": ("目标 T1 { 依据 A2 到 2026年\n奖项 达到 60个 }",
            "目标 T1 { 依据 A2 到 2026年\n奖项 达到 20个 }"),
    "L83": ("名额 Q1 { 依据 A2 每年 每个 县 计数(示范校) / 计数(学校) 不超过 30% }",
            "名额 Q1 { 依据 A2 每年 每个 县 计数(示范校) / 计数(学校) 不超过 40% }"),
    "L84": ("指标 T1 { 依据 A2 口径 \"校\" 采用 { 计算 占比(学校 其中 达标) } "
            "口径 \"小学\" { 计算 占比(小学 其中 达标) } 目标 于 2024年 不低于 60% }",
            "指标 T1 { 依据 A2 口径 \"校\" 采用 { 计算 占比(学校 其中 达标) } "
            "口径 \"小学\" { 计算 占比(小学 其中 达标) } 目标 于 2024年 不低于 40% }"),
}


def lint(text, *args, files=None, lang="en", form="json"):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.plan").write_text(BASE + text + "\n", encoding="utf-8")
        for name, body in (files or {}).items():
            Path(folder, name).parent.mkdir(exist_ok=True)
            Path(folder, name).write_text(body, encoding="utf-8")
        done = subprocess.run([TIZHI, "lint", "--pack", folder, "--format", form, "--lang", lang,
                               *(a.replace("@", folder) for a in args)],
                              capture_output=True, timeout=60)
    out = done.stdout.decode("utf-8")
    assert done.returncode in (0, 1), done.stderr.decode("utf-8") + out
    return done.returncode, json.loads(out)["findings"] if form == "json" else out


def kind(code, bad, mended, *args, files=None):
    status, found = lint(bad, *args, files=files)
    mine = [f for f in found if f["code"] == code]
    assert status == 1 and mine, f"no {code} in {[f['code'] for f in found]}"
    for f in mine:
        assert f["en"] != f["zh"] and f["mend_en"] != f["mend_zh"], f
        assert "{" not in f["en"] + f["zh"] + f["mend_en"] + f["mend_zh"], f
        assert f["places"] and all(p["line"] > 0 for p in f["places"] if code != "L01"), f
    _, found = lint(mended, *args, files=files)
    mine = [f for f in found if f["code"] == code]
    assert not mine, f"still there when mended: {mine}"


for code, (bad, mended) in KINDS.items():
    test(f"{code}: there, and gone when mended")(lambda: kind(code, bad, mended))


for code, (bad, mended) in FACTS.items():
    test(f"{code}: shown by the facts, and gone when mended")(
        lambda: kind(code, bad, mended, "--data", "@/data", "--as-of", "2026-02-01", files=DATA))


@test("without data no finding takes facts")
def _():
    _, found = lint(FACTS["L80"][0], files=DATA)
    assert not [f for f in found if f["code"].startswith("L8")], found


@test("a plan without findings exits 0, in every format")
def _():
    clean = """计划 q { 年度 2024 至 2026 }
层级 省 > 县
条款 A 一
对象 县 { 数据 人口 : 人 每年 口径 "年末常住" 来源 统计 }
目标 T1 人口 { 依据 A
  到 2026年 每个 县 人口 不少于 5人 责任 甲处 }
"""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.plan").write_text(clean, encoding="utf-8")
        for form in ("text", "json", "csv"):
            done = subprocess.run([TIZHI, "lint", "--pack", folder, "--format", form],
                                  capture_output=True, timeout=60)
            assert done.returncode == 0, done.stdout.decode("utf-8")


@test("text is grouped by clause, no line is too long, and both languages say it")
def _():
    for lang, word in (("en", "findings"), ("zh", "处")):
        _, out = lint(KINDS["L21"][0], lang=lang, form="text")
        lines = out.splitlines()
        assert [ln for ln in lines if ln.startswith("A2  一2")], out
        assert word in lines[-1] or word in lines[-2], lines[-2:]
        wide = [ln for ln in lines if sum(2 if unicodedata.east_asian_width(c) in "WF" else 1
                                          for c in ln) > 100]
        assert not wide, wide


@test("JSON names every clause that a finding touches")
def _():
    _, found = lint(KINDS["L20"][0])
    f = [f for f in found if f["code"] == "L20"][0]
    assert f["clauses"] == ["A1", "A2"] and f["clause"] == "A1", f


@test("CSV has a row a finding")
def _():
    _, found = lint(KINDS["L21"][0])
    _, out = lint(KINDS["L21"][0], form="csv")
    rows = list(csv.reader(io.StringIO(out)))
    assert len(rows) == len(found) + 1 and rows[0][0] == "code", rows[:2]


@test("the pack of Inner Mongolia: what docs/internals/lint.md promises is found")
def _():
    done = subprocess.run([TIZHI, "lint", "--pack", str(ROOT / "plans" / "nmg-2024"), "--format",
                           "json"], capture_output=True, timeout=60)
    found = json.loads(done.stdout)["findings"]
    there = {(f["code"], p["id"]) for f in found for p in f["places"]}
    text = (ROOT / "docs" / "internals" / "lint.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \|.*\| (.*) \|$", text, re.M)
    promised = {n: re.findall(r"(L\d\d) ([A-Z][\w.]+)", cell) for n, cell in rows}
    missing = {n: [p for p in pairs if p not in there] for n, pairs in promised.items()}
    assert len(rows) == 30 and not any(missing.values()), missing
    assert sum(bool(pairs) for pairs in promised.values()) >= 25, promised


@test("the reference has a row for every code")
def _():
    rows = re.findall(r"^LINT\((L\d+)", (ROOT / "src/lang/lint.def").read_text("utf-8"), re.M)
    table = (ROOT / "docs" / "commands.md").read_text("utf-8")
    codes = set(re.findall(r"L\d\d", "\n".join(re.findall(r"^\| (L.*?)\|", table, re.M))))
    assert codes == set(rows), codes ^ set(rows)


@test("every kind has a case")
def _():
    rows = re.findall(r"^LINT\((L\d+)", (ROOT / "src/lang/lint.def").read_text("utf-8"), re.M)
    missing = [r for r in rows if r not in KINDS and r not in FACTS]
    assert not missing, missing


if __name__ == "__main__":
    sys.exit(main())
