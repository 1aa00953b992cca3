#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Redraws the sample of F15 as an outsider would: with the list, the seed, and an SM3 of its own.

1,430 training plans of 54 colleges, 20 % = 286 drawn in strata, with an SM3 that shares nothing
with the program; it is checked with the standard's examples first."""
import json
import os
import subprocess
import sys
import tempfile
from fractions import Fraction
from math import ceil
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from draw import redraw, sm3  # noqa: E402

ROOT = Path(__file__).parent.parent.parent
TIZHI = Path(os.environ.get("TIZHI_BUILD", ROOT / "build")) / "src" / "tizhi"
SEED = "示例〔2026〕3号 2026-03-01"
PLAN = """计划 p { 年度 2024 至 2026 }
层级 自治区 > 盟市 > 职业院校
台账 培养方案 属于 职业院校 { 字段 方案号 : 文本 键  字段 在用 : 是否  字段 已抽查 : 是否 }
抽查 V6.1 培养方案抽查 {
  依据 V6
  台账 培养方案  当 在用
  占比 20%  分层 职业院校  种子 "SEED"
  冻结 2026-03-01  于 2026年  满足 已抽查
}
sample V6.2 one_stratum { register 培养方案 share 三分之一 seed "x" frozen 2026-03-01 at 2026 }
""".replace("SEED", SEED)


def pack():
    """The tables, and the population of V6.1: what was in use and known on the day of the draw."""
    units = ["code,name,kind,parent", "R,自治区,自治区,", "M1,甲市,盟市,R", "M2,乙市,盟市,R"]
    rows = ["register,owner,from,recorded,方案号,在用,已抽查"]
    elements = []
    for s in range(54):
        code = f"S{s:02}"
        units.append(f"{code},学校{s:02},职业院校,M{1 + s % 2}")
        size = 20 + s * 7 % 13 if s < 53 else 1430 - len(elements)
        elements += [(code, f"{code}-{i:03}") for i in range(size)]
    rows += [f"培养方案,{s},2024-09-01,,{i},是," for s, i in elements]
    rows += ["培养方案,S01,2024-09-01,,old,否,", "培养方案,S01,2026-03-02,,later,是,",
             "培养方案,S01,2024-09-01,2026-03-02,unknown-then,是,",
             "培养方案,S02,2024-09-01,,silent,,"]
    return units, rows, elements


def evaluate(units, rows, as_of):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("a.plan", PLAN), ("units.csv", "\n".join(units) + "\n"),
                           ("rows.csv", "\n".join(rows) + "\n")):
            Path(folder, name).write_text(text, encoding="utf-8")
        command = [TIZHI, "eval", "--pack", folder, "--format", "json", "--as-of", as_of]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if done.returncode not in (0, 1):
            return None, done.stderr + done.stdout[:1000]
        answer = json.loads(done.stdout)
        return {v["target"]: v for v in answer["verdicts"]}, answer["findings"]


def vectors():
    return [] if sm3(b"abc").hex().startswith("66c7f0f462eeedd9d1f2d46bdc10e4e2") and \
        sm3(b"abcd" * 16).hex().startswith("debe9ff92275b8a138604889c18e5a4d") else ["SM3 is wrong"]


def f15():
    units, rows, elements = pack()
    got, findings = evaluate(units, rows, "2026-06-01")
    if got is None:
        return [findings]
    v = got["V6.1"]
    want = redraw(elements, Fraction(1, 5), SEED)
    wrong = [] if len(elements) == 1430 and len(want) == 286 else ["the fixture is not 286 of 1430"]
    wrong += [] if v.get("population") == 1430 else [f"population {v.get('population')}"]
    wrong += [] if v.get("sample") == want else ["the sample is another"]
    wrong += [] if v["state"] == "pending" else [f"state {v['state']}"]
    wrong += [] if [f["unit"] for f in findings if f["code"] == "sample_left_out"] == ["S02"] else \
        ["the silent one is not named"]
    return wrong


def all_done():
    units, rows, elements = pack()
    drawn = set(redraw(elements, Fraction(1, 5), SEED))
    filled = [r + "是" if r.split(",")[4] in drawn else r for r in rows]
    got, _ = evaluate(units, filled, "2027-01-01")
    wrong = [] if got["V6.1"]["state"] == "met" else [f"all done: {got['V6.1']['state']}"]
    one = sorted(drawn)[17]
    short = [r[:-1] + "否" if r.split(",")[4] == one else r for r in filled]
    got, _ = evaluate(units, short, "2027-01-01")
    v = got["V6.1"]
    missed = v["state"] == "missed" and v["lo_exact"] == "285/286"
    wrong += [] if missed else [f"one short: {v['state']}"]
    wrong += [] if v["counterexamples"] == [one.split("-")[0]] else ["the school is not named"]
    got, _ = evaluate(units, rows, "2027-01-01")
    wrong += [] if got["V6.1"]["state"] == "unknown" else [f"silent: {got['V6.1']['state']}"]
    return wrong


def without_strata():
    units, rows, _ = pack()
    got, _ = evaluate(units, rows, "2026-03-01")
    known = [(r.split(",")[4]) for r in rows[1:] if r.split(",")[2] <= "2026-03-01" and
             r.split(",")[3] <= "2026-03-01"]
    want = redraw([("", i) for i in known], Fraction(1, 3), "x")
    return [] if got["V6.2"]["sample"] == want and len(want) == ceil(len(known) / 3) else \
        [f"{len(got['V6.2']['sample'])} drawn, wanted {len(want)} of {len(known)}"]


def before_the_draw():
    units, rows, _ = pack()
    got, _ = evaluate(units, rows, "2026-02-28")
    v = got["V6.1"]
    return [] if v["state"] == "pending" and "sample" not in v else ["drawn too early"]


def main():
    tests = [vectors, f15, all_done, without_strata, before_the_draw]
    print(f"1..{len(tests)}")
    failed = False
    for i, test in enumerate(tests, 1):
        wrong = test()
        failed |= bool(wrong)
        print(f"{'not ' if wrong else ''}ok {i} - {test.__name__}")
        for w in wrong:
            print(f"# {w}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
