#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`tizhi draft` over invented plan documents of several styles: what it finds against what a person
wrote below each paragraph (*.case), and what must hold of every draft. With TIZHI_PLAN_TEXT=FILE
(the official text, which is not in the repository) it is also held against plans/nmg-2024.
Prints TAP."""
import json
import os
import re
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import measure  # noqa: E402

ROOT = Path(__file__).parent.parent.parent
TIZHI = Path(os.environ.get("TIZHI", ROOT / "build" / "src" / "tizhi"))
CASES = sorted(Path(__file__).parent.glob("*.case"))
TMP = Path(tempfile.mkdtemp())
RESULTS = []


def run(*args, status=0):
    done = subprocess.run([TIZHI, *args], capture_output=True, timeout=120)
    text = done.stdout.decode() + done.stderr.decode()
    assert done.returncode == status, f"{args}: exit {done.returncode}, not {status}: {text[:800]}"
    return done.stdout.decode()


def answer(*args):
    return json.loads(run(*args, "--format", "json"))


def test(name):
    def register(fn):
        try:
            RESULTS.append((name, fn() or ""))
        except (AssertionError, KeyError, ValueError) as e:
            RESULTS.append((name, str(e)))
        return fn
    return register


def case(path):
    """The document, and what is expected of it, in its order."""
    lines = path.read_text("utf8").splitlines()
    document = "\n".join(x for x in lines if not x.startswith(("# ", "= "))) + "\n"
    return document, [x[2:].strip() for x in lines if x.startswith("= ")]


def figure(value, value2, unit, between):
    """`93%`, `15-20门`, `18/1`, `2.5万个`: exact, in the shortest spelling."""
    def short(text):
        x = Fraction(text)
        scale = next((s for s, n in (("亿", 10**8), ("万", 10**4))
                      if x >= n and (x / n * 1000).denominator == 1), "")
        x /= {"亿": 10**8, "万": 10**4, "": 1}[scale]
        number = str(x.numerator) if x.denominator == 1 else f"{float(x):g}"
        return (f"{x.numerator}/{x.denominator}" if Fraction(number) != x else number) + scale
    if value2 is None:
        return short(value) + unit
    return f"{short(value)}{'-' if between else '/'}{short(value2)}{unit}"


def told(f):
    """A finding as the cases write it."""
    between = f["comparator"] in ("between", "about")
    value = figure(f["value"], f.get("value2"), f["unit"], between) if "value" in f else ""
    parts = [f["kind"], f"{f['comparator']} {value}".strip(), f"{f['when']} {f['year']}",
             f["subject"] + (f" / {f['base']}" if f.get("base") else "")]
    parts += [f"each {f['each']}"] if f.get("each") else []
    parts += [f"cond {f['condition']}"] if f.get("condition") and f["kind"] != "rule" else []
    parts += [f["modality"]] if f["modality"] != "must" else []
    parts += ["nested"] if f["nested"] else []
    parts += [] if f["written"] else ["low"]
    return " | ".join(parts)


def draft(document, name):
    """The findings of a document, and its pack."""
    source = TMP / f"{name}.txt"
    source.write_text(document, "utf8")
    pack = TMP / name
    return answer("draft", source, "--out", pack), pack


def accept_all(pack):
    """Every comment taken for what it is."""
    for file in pack.glob("*.plan"):
        file.write_text(re.sub(r"^#\? ", "", file.read_text("utf8"), flags=re.M), "utf8")


def differences(expected, got):
    lines = [f"  wanted {x}" for x in expected if x not in got]
    lines += [f"  found  {x}" for x in got if x not in expected]
    return "\n".join(lines) or "the order differs"


for path in CASES:
    document, expected = case(path)

    @test(f"{path.stem}: what a person reads in it is what is found, and nothing else")
    def finds():
        got = [told(f) for f in draft(document, path.stem)[0]["found"]]
        assert got == expected, "\n" + differences(expected, got)

    @test(f"{path.stem}: the pack passes check, and passes when everything is accepted")
    def passes():
        pack = draft(document, f"{path.stem}-pack")[1]
        run("check", "--pack", pack)
        accept_all(pack)
        run("check", "--pack", pack)


def hand_made():
    """The list of plans/nmg-2024 and the sentences of the official text, by path and number."""
    pack = ROOT / "plans" / "nmg-2024"
    covered = answer("coverage", os.environ["TIZHI_PLAN_TEXT"], "--pack", pack)
    sentences = {(re.sub(r"\s", "", s["path"]), s["sentence"]): s["text"]
                 for s in covered["sentences"]}
    return pack, answer("list", "--pack", pack), sentences


@test("the official text: recall, what is right, and nothing invented, against the hand-made pack")
def official():
    if "TIZHI_PLAN_TEXT" not in os.environ:
        return "# SKIP the official text is not in the repository: TIZHI_PLAN_TEXT=FILE"
    hand, rows, sentences = hand_made()
    pack = TMP / "official"
    run("draft", os.environ["TIZHI_PLAN_TEXT"], "--out", pack)
    run("check", "--pack", pack)
    paths = measure.clause_paths(hand)
    wanted, answered, exact, missing, wrong, invented = measure.measure(
        rows, paths, answer("list", "--pack", pack), measure.clause_paths(pack), sentences,
        measure.held_numbers(hand, paths))
    print(f"# printed {wanted}, drafted {answered}, right {exact}, invented {len(invented)}")
    for place, value, row in missing:
        print(f"# missing {place} {value} ({row['id']})")
    for place, value, row, got in wrong:
        print(f"# not as in {row['id']}: {place} {value}, {got['id']}")
    assert not invented, invented
    assert answered >= 0.95 * wanted, f"{answered} of {wanted}"
    assert exact >= 0.9 * wanted, f"{exact} of {wanted}"


if __name__ == "__main__":
    print(f"1..{len(RESULTS)}")
    for number, (name, problem) in enumerate(RESULTS, 1):
        skipped = problem.startswith("# SKIP")
        print(f"{'ok' if not problem or skipped else 'not ok'} {number} - {name}"
              + (f" {problem}" if skipped else ""))
        for line in problem.splitlines() if not skipped else ():
            print("# " + line)
    sys.exit(any(p and not p.startswith("# SKIP") for _, p in RESULTS))
