#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second pack, small and invented (other levels, kinds, years and spelling), goes through every
command without a line of C for it. Prints TAP."""
import csv
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TIZHI = Path(os.environ.get("TIZHI", ROOT / "build" / "src" / "tizhi"))
PACK = Path(__file__).parent / "second"
AS_OF = ("--as-of", "2034-03-01")
TMP = Path(tempfile.mkdtemp())
RESULTS = []


def run(*args, status=0):
    done = subprocess.run([TIZHI, *args], capture_output=True, timeout=120)
    text = done.stdout.decode() + done.stderr.decode()
    assert done.returncode == status, f"{args}: exit {done.returncode}, not {status}: {text[:600]}"
    return done.stdout.decode()


def answer(*args, status=0):
    return json.loads(run(*args, "--format", "json", status=status))


def test(fn):
    try:
        fn()
        RESULTS.append((fn.__doc__, ""))
    except (AssertionError, KeyError, ValueError) as e:
        RESULTS.append((fn.__doc__, repr(e)))


@test
def checks():
    """check finds no error"""
    assert "no errors" in run("check", "--pack", PACK, "--lang", "en")


@test
def formats():
    """fmt into Chinese and back changes the spelling and nothing else"""
    once = {}
    for lang in ("zh", "en"):
        copy = TMP / lang
        shutil.copytree(PACK, copy)
        run("fmt", "--pack", copy, "--write", "--lang", lang)
        once[lang] = {f.name: f.read_text("utf8") for f in copy.glob("*.plan")}
        assert answer("diff", PACK, copy, *AS_OF)["changes"] == []
        run("fmt", "--pack", copy, "--write", "--lang", lang)
        assert once[lang] == {f.name: f.read_text("utf8") for f in copy.glob("*.plan")}
    run("fmt", "--pack", TMP / "zh", "--write", "--lang", "en")
    assert once["en"] == {f.name: f.read_text("utf8") for f in (TMP / "zh").glob("*.plan")}
    assert "指标 A1.1" in once["zh"]["10-targets.plan"]


@test
def lists():
    """list has a row for each clause, rung and stage"""
    rows = answer("list", "--pack", PACK)
    kinds = {r["kind"] for r in rows}
    assert {"indicator", "target", "task", "stages", "quota", "rule", "unmeasurable", "check",
            "form", "scorecard", "programme"} <= kinds, kinds
    assert sum(r["id"] == "B1.2" for r in rows) == 3
    assert sum(r["id"] == "A1.2" for r in rows) == 2


@test
def judges():
    """eval judges the pack on its own data"""
    found = answer("eval", "--pack", PACK, *AS_OF)["verdicts"]
    by = {(v["target"], v["part"], v["unit"], v["year"]): v for v in found}
    whole = by["A1.1", "", "R", 2030]
    assert (whole["state"], whole["value_exact"]) == ("missed", "8/15"), whole
    assert by["A1.1", "", "R1", 2030]["state"] == "met"
    assert by["A1.1", "", "R", 2033]["state"] == "unknown"
    assert by["B1.1", "", "R", 2031]["state"] == "missed"
    assert by["B2.1", "", "R", 2033]["state"] == "pending"


@test
def explains():
    """explain leads down to the fact and its line"""
    text = run("explain", "A1.1", "--pack", PACK, *AS_OF, "--unit", "R1", "--lang", "en")
    assert "bearing 2029-2030: 70" in text and "facts-own.csv:3" in text, text[:800]


@test
def lints():
    """lint finds what the invented policy leaves open"""
    found = {f["code"] for f in answer("lint", "--pack", PACK, status=1)["findings"]}
    assert {"L50", "L56", "L70"} <= found, found


@test
def covers():
    """every sentence of the invented text has its declaration"""
    text = PACK / "plan-text.txt"
    a = answer("coverage", text, "--pack", PACK)
    total = a["summary"]
    assert (total["sentences"], total["open"], total["unmeasurable"]) == (9, 0, 1), total
    assert all(not s["figures"] for s in a["sentences"]), a["sentences"]
    shorter = TMP / "text.txt"
    shorter.write_text(text.read_text("utf8") + "Nobody promised this。\n", "utf8")
    assert answer("coverage", shorter, "--pack", PACK, status=1)["summary"]["open"] == 1


@test
def differs():
    """diff names the one target that changed, and the verdicts that follow"""
    other = TMP / "other"
    shutil.copytree(PACK, other)
    file = other / "10-targets.plan"
    file.write_text(file.read_text("utf8").replace("at_least 60%", "at_least 50%"), "utf8")
    found = answer("diff", PACK, other, *AS_OF, status=1)
    assert {c["id"] for c in found["changes"]} == {"A1.1"}, found["changes"]
    changed = {(v["target"], v["unit"], v["year"]): v for v in found["verdicts"]}
    assert changed["A1.1", "R", 2030]["to"]["state"] == "met", changed


@test
def demonstrates():
    """demo-data makes a realm whose verdicts are decided and whose checks hold"""
    run("demo-data", "--pack", PACK, "--out", TMP / "demo", *AS_OF)
    found = answer("eval", "--pack", PACK, "--data", TMP / "demo" / "data", *AS_OF)
    assert not [f for f in found["findings"] if f["code"] == "check_failed"], found["findings"]
    states = {v["state"] for v in found["verdicts"] if v["unit"] == "R"}
    assert states and "unknown" not in states, states
    with open(TMP / "demo" / "data" / "units-demo.csv", encoding="utf8", newline="") as f:
        assert {u["kind"] for u in csv.DictReader(f)} == {"orchard", "nursery"}


print(f"1..{len(RESULTS)}")
for number, (name, reason) in enumerate(RESULTS, 1):
    print(f"{'not ok' if reason else 'ok'} {number} - {name}")
    if reason:
        print(f"# {reason}")
shutil.rmtree(TMP)
raise SystemExit(any(reason for _, reason in RESULTS))
