#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An independent oracle: commitments of the plan of Inner Mongolia defined by hand in SQL, from
the clauses and the data dictionary, recompute the verdicts of a synthetic region from its raw
tables; the answers of tizhi must be the same row by row, also where the tables have holes and
wrong figures. Prints TAP. With ids as arguments: only these, and every difference."""
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from garble import garble  # noqa: E402
from judge import rows_of  # noqa: E402
from logic import Root  # noqa: E402
from measure import INF  # noqa: E402
from region import Region  # noqa: E402

ROOT = HERE.parent.parent
TIZHI = Path(os.environ.get("TIZHI", ROOT / "build" / "src" / "tizhi"))
PACK = ROOT / "plans" / "nmg-2024"
PERCENT = os.environ.get("ORACLE_PERCENT", "2")
DAYS = ("2025-10-20", "2027-06-30")
THEMES = ("annex1", "annex2", "annex3", "maintext", "checks_basic", "checks_higher",
          "checks_vocational", "checks_main", "scorecards")
FLAGS = ("early", "under", "over")


def tizhi(*args):
    done = subprocess.run([str(TIZHI), *map(str, args)], capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    return done.stdout


def exact(x):
    if x is None or x == "?":
        return x
    if isinstance(x, Root):
        return f"sqrt({Fraction(x)})"
    return "inf" if x == INF else "-inf" if x == -INF else str(Fraction(x))


def commitments():
    got = {}
    for theme in THEMES:
        for c in importlib.import_module(theme).ALL:
            got.setdefault(c.ident, []).append(c)
    return got


def answers(data, day):
    out = json.loads(tizhi("eval", "--pack", PACK, "--data", data, "--as-of", day, "--format",
        "json"))
    by = defaultdict(dict)
    for v in out["verdicts"]:
        v["value"] = v["value_exact"]
        v.update({flag: flag in (v["flags"] or []) for flag in FLAGS})
        by[v["target"]][v["part"], v["unit"], v["year"]] = v
    return by


def differs(ours, theirs):
    """What of a row is not the same: a pair, or None."""
    if ours is None or theirs is None:
        return ours, theirs and theirs["state"]
    state, lo, hi, *more = ours
    shown, flags = (exact(lo), exact(hi)), theirs["flags"] or []
    bounds = theirs["lo_exact"], theirs["hi_exact"]
    sealed = "suppressed" in flags
    if state != theirs["state"] or not (sealed or agree(shown, bounds, "wide" in flags)):
        return (state, *shown), (theirs["state"], *bounds)
    for name, mine in (more[0] if more else {}).items():
        if isinstance(mine, Fraction):
            mine = exact(mine) if isinstance(theirs[name], str) else float(mine)
        if mine not in ("?", theirs[name]) and not sealed:
            return (name, mine), (name, theirs[name])
    return None


def agree(ours, theirs, wide):
    """Bounds are the same; those flagged wide may lie further out (C03)."""
    number = lambda x: float(x) if "inf" in x else Fraction(x.removeprefix("sqrt(").rstrip(")"))
    for x, y, sign in zip(ours, theirs, (1, -1)):
        further = wide and None not in (x, y) and x != "?" and sign * number(y) <= sign * number(x)
        if x not in ("?", y) and not further:
            return False
    return True


def differences(wanted, region, theirs):
    """Rows compared, and what differs: (id, part, unit, year), ours, theirs."""
    rows, bad = 0, []
    for ident, defs in wanted.items():
        ours = {}
        for d in defs:
            for key, answer in rows_of(d, region):
                ours[key[1:]] = answer
        for key in sorted(set(ours) | set(theirs.get(ident, {})), key=str):
            rows += 1
            a, b = ours.get(key), theirs.get(ident, {}).get(key)
            wrong = differs(a, b)
            if wrong:
                bad.append(((ident, *key), *wrong))
    return rows, bad


def main():
    only, wanted = sys.argv[1:], commitments()
    if only:
        wanted = {k: v for k, v in wanted.items() if k in only}
    rows, bad, judged = 0, [], set()
    with tempfile.TemporaryDirectory() as tmp:
        tizhi("demo-data", "--pack", PACK, "--out", tmp, "--percent", PERCENT, "--as-of", DAYS[1])
        data, wrong = Path(tmp) / "data", Path(tmp) / "garbled"
        garble(data, wrong)
        for said, folder, day in (("", data, DAYS[0]), ("", data, DAYS[1]),
                                  ("garbled ", wrong, DAYS[1])):
            theirs = answers(folder, day)
            judged |= set(theirs)
            n, differ = differences(wanted, Region(PACK, folder, day), theirs)
            rows += n
            bad += [(said + day, *w) for w in differ]
    blamed = {b[1][0] for b in bad}
    print(f"1..{len(wanted)}")
    for n, ident in enumerate(sorted(wanted), 1):
        print(f"{'not ok' if ident in blamed else 'ok'} {n} - {ident}")
        shown = [b for b in bad if b[1][0] == ident]
        for day, key, ours, theirs in shown[:None if only else 3]:
            print(f"#   {day} {key}: oracle {ours}, tizhi {theirs}")
        if len(shown) > 3 and not only:
            print(f"#   and {len(shown) - 3} more")
    print(f"# {len(wanted)} of {len(judged)} commitments, {rows} rows compared, {len(bad)} "
          f"differences")
    if not only:
        print("# without an oracle yet: " + " ".join(sorted(judged - set(wanted))))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
