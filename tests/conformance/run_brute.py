#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bounds against brute force (C03-C06). Small random packs with silent cells: every completion is
judged with everything known, and the bounds of the run with silence must be the least and the
greatest of them, or enclose them when flagged wide. All completions of a pack are units of one
tree, so that one run judges them all. Prints TAP and the seed (TIZHI_SEED repeats a run)."""
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TIZHI = Path(os.environ.get("TIZHI", ROOT / "build" / "src" / "tizhi"))
SEED = int(os.environ.get("TIZHI_SEED", "20240315"))
ROUNDS = 40
ITEMS = {"a": range(0, 4), "b": range(0, 3), "w": range(1, 3), "p": range(2), "q": range(2)}
MEASURES = [
    "求和(校.a)", "求和(校.a 其中 p)", "计数(校 其中 p)", "计数(校 其中 p 或 q)",
    "占比(校 其中 p)", "占比(校 其中 p 满足 q)", "求和(校.a 其中 p) / 求和(校.a)",
    "求和(校.a) / 求和(校.w)", "求和(校.a) / (求和(校.a) + 求和(校.b))",
    "求和(校.a) / 求和(校.a + 校.b)", "求和(校.a 其中 p 且 q) / 求和(校.a 其中 p)",
    "计数(校 其中 p 且 q) / 计数(校 其中 p)", "求和(校.a) + 求和(校.b)", "求和(校.a) - 求和(校.b)",
    "最大(校.a)", "最小(校.a 其中 p)", "平均(校.a)", "平均(校.a 其中 p)",
    "求和(校.a 其中 a 不低于 2) / 求和(校.a)", "求和(校.b) / 计数(校)",
    "(求和(校.a) + 求和(校.b)) / 求和(校.w)", "求和(校.a 其中 p) / 求和(校.b 其中 p)",
]


def plan():
    text = "计划 p { 年度 2024 至 2024 }\n层级 省 > 市 > 校\n对象 校 {\n"
    for name, values in ITEMS.items():
        kind = "是否" if name in "pq" else "个"
        bounds = "" if name in "pq" else f" 范围 {min(values)} 至 {max(values)} 小数 0"
        text += f"  数据 {name} : {kind} 每年{bounds}\n"
    text += "}\n"
    for i, measure in enumerate(MEASURES):
        # A floor that nothing reaches: only the bounds matter.
        unit = "个" if "/" not in measure and not measure.startswith("占比") else ""
        text += f"目标 T{i} {{ 于 2024年 每个 市 {measure} 不超过 9{unit} }}\n"
    return text


def cities(rng):
    """A city of one to three schools with silent cells, then one city a completion."""
    schools = rng.randint(1, 3)
    cells = [(s, name) for s in range(schools) for name in ITEMS]
    silent = set(rng.sample(cells, rng.randint(1, min(4, len(cells)))))
    known = {c: rng.choice(ITEMS[c[1]]) for c in cells}
    yield {c: None if c in silent else known[c] for c in cells}
    order = sorted(silent)
    for values in itertools.product(*(ITEMS[c[1]] for c in order)):
        yield {**known, **dict(zip(order, values))}


def judge(all_cities):
    units = ["code,name,kind,parent", "R,省,省,"]
    facts = ["unit,item,period,value"]
    for i, city in enumerate(all_cities):
        units.append(f"C{i},市{i},市,R")
        for s in sorted({s for s, _ in city}):
            units.append(f"C{i}S{s},校{i}-{s},校,C{i}")
        facts += [f"C{i}S{s},{name},2024,{v}" for (s, name), v in city.items() if v is not None]
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("a.plan", plan()), ("units.csv", "\n".join(units) + "\n"),
                           ("facts.csv", "\n".join(facts) + "\n")):
            Path(folder, name).write_text(text, encoding="utf-8")
        done = subprocess.run([TIZHI, "eval", "--pack", folder, "--as-of", "2025-06-01", "--format",
                               "json"], capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise SystemExit(f"exit {done.returncode}: {done.stderr}{done.stdout[:3000]}")
    return {(r["target"], r["unit"]): r for r in json.loads(done.stdout)["verdicts"]}


def number(text):
    return float("inf") if text == "inf" else -float("inf") if text == "-inf" else Fraction(text)


def faults(rows, n):
    for i, measure in enumerate(MEASURES):
        silent = rows[f"T{i}", "C0"]
        points = [rows[f"T{i}", f"C{k}"] for k in range(1, n)]
        values = [number(p["lo_exact"]) for p in points if p["lo_exact"] is not None]
        if any(p["lo_exact"] != p["hi_exact"] for p in points):
            yield f"{measure}: a complete city is not known"
        elif not values:
            if silent["lo_exact"] is not None:
                yield f"{measure}: bounds, though no completion has a value"
        elif silent["lo_exact"] is None:
            # A divisor known to be zero leaves no value whatever the rest is (C06).
            if any(v != float("inf") for v in values):
                yield f"{measure}: no value, but completions have {sorted(set(values))}"
        else:
            lo, hi = number(silent["lo_exact"]), number(silent["hi_exact"])
            sharp = (lo, hi) == (min(values), max(values))
            encloses = lo <= min(values) and max(values) <= hi
            if not (sharp or ("wide" in silent["flags"] and encloses)):
                yield f"{measure}: [{lo}, {hi}], not [{min(values)}, {max(values)}]"


def main():
    rng = random.Random(SEED)
    print(f"# seed {SEED}")
    print(f"1..{ROUNDS}")
    failed = 0
    for k in range(1, ROUNDS + 1):
        all_cities = list(cities(rng))
        wrong = list(faults(judge(all_cities), len(all_cities)))
        failed += bool(wrong)
        print(f"{'not ' if wrong else ''}ok {k} - round {k}: {len(all_cities) - 1} completions")
        for w in wrong:
            print(f"# {w}; facts {all_cities[0]}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
