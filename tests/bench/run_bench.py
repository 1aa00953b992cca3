#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The benchmark at a small size: tizhi and SQLite give the same answers, several shapes; nothing
is timed. The plots are well-formed."""
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(os.environ.get("TIZHI_ROOT", Path(__file__).resolve().parent.parent.parent))
BUILD = Path(os.environ.get("TIZHI_BUILD", ROOT / "build"))
PROGRAM = BUILD / "bench" / "tizhi-bench"
sys.path.insert(0, str(ROOT / "bench"))
import plot  # noqa: E402

# Few schools in many counties: areas in which all are silent, or nobody is on the border.
PARTS = BUILD / "bench" / "tizhi-parts"
SHAPES = {
    "300 units": ["--cities", "3", "--counties", "12", "--schools", "284"],
    "few schools": ["--cities", "4", "--counties", "30", "--schools", "60", "--targets", "430"],
    "few items": ["--cities", "1", "--counties", "2", "--schools", "40", "--items", "100"],
}


def contest(options):
    done = subprocess.run([str(PROGRAM), *options, "--rounds", "0", "--only", "tizhi,sqlite"],
                          capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        return [f"exit status {done.returncode}", done.stderr]
    wrong = done.stderr.splitlines()
    for c in json.loads(done.stdout)["contestants"]:
        if not c["here"] or c["different"] > 0 or c["rows"] == 0:
            wrong.append(json.dumps(c))
    return wrong


def commits():
    done = subprocess.run([str(PROGRAM), "--singles", "40", "--batch", "200", "--depth", "2"],
                          capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else [f"exit status {done.returncode}", done.stdout,
                                            done.stderr]


def parts():
    """Sums made by hand and by the compiler are compared by the program itself."""
    wrong = []
    for argv, fields in ((["kernels"], ["kernels"]),
                         (["rollup", "3", "12", "284", "1"], ["sheets", "figures", "seconds"])):
        done = subprocess.run([str(PARTS), *argv], capture_output=True, text=True, check=False)
        if done.returncode != 0 or not all(json.loads(done.stdout).get(f) for f in fields):
            wrong += [f"{argv}: exit status {done.returncode}", done.stdout, done.stderr]
    done = subprocess.run([str(PARTS), "rollup", "3"], capture_output=True, text=True, check=False)
    return wrong + ([] if done.returncode == 2 else ["wrong options are taken"])


def book(what, *options):
    """The book at a small size, on SQLite: what came in is what was sent."""
    small = ["--cities", "2", "--counties", "4", "--schools", "40", "--items", "100",
             "--targets", "54"]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([str(PROGRAM) + "-book", what, f"{folder}/book", *small, *options],
                              capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return [f"exit status {done.returncode}", done.stderr]
    r = json.loads(done.stdout)
    return [] if r["different"] == 0 and r["figures"] > 0 and not r.get("failed") else [done.stdout]


def plots():
    curves = {"units": [(100, 0.01), (1000, 0.1)], "threads": [(1, 2.0)]}
    for svg in (plot.panels("growth", curves), plot.bars([("a", 0.5), ("b", 20.0)])):
        ElementTree.fromstring(svg)
    return []


def main():
    cases = [(f"equal answers, {name}", lambda o=options: contest(o))
             for name, options in SHAPES.items()]
    cases.append(("commits leave what an evaluation from scratch gives", commits))
    cases.append(("parts of an evaluation are measured alone", parts))
    cases.append(("a book opened gives what the same facts give without it",
                  lambda: book("start")))
    for what in ("rate", "plain"):
        cases.append((f"reports are all there: {what}",
                      lambda w=what: book(w, "--clients", "8", "--reports", "60")))
    cases.append(("plots are well-formed", plots))
    print(f"1..{len(cases)}")
    failed = 0
    for number, (name, case) in enumerate(cases, 1):
        wrong = case()
        print(f"{'not ' if wrong else ''}ok {number} - {name}")
        for line in wrong[:20]:
            print(f"# {line}")
        failed += bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
