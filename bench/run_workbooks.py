#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reading workbooks: tizhi beside openpyxl (read-only) and SheetJS on the same files; and writing a
form of 13,000 units and 300 items, alone.

First every cell that each of them reads is compared; who reads something else is left out of the
table. Then each reads all files twice; the lesser CPU time counts, without the start of the
process (on a machine with other work the clock says little). Memory is the peak of the process.

usage: run_workbooks.py       wants python3-openpyxl (Debian), and node; SheetJS is fetched by npm
Results: build/bench/workbooks.json.
"""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("TIZHI_BUILD", ROOT / "build")).resolve()
OUT = BUILD / "bench"
HERE = ROOT / "bench"
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's openpyxl


def fetch_sheetjs():
    folder = OUT / "npm"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    if not (folder / "node_modules" / "xlsx").is_dir():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder,
                       stdout=subprocess.DEVNULL, check=True)
    return folder / "node_modules"


def readers():
    os.environ["NODE_PATH"] = str(fetch_sheetjs())
    return {"tizhi": [str(OUT / "read-workbooks")],
            "openpyxl": [PYTHON, str(HERE / "read_openpyxl.py")],
            "SheetJS": ["node", str(HERE / "read_sheetjs.js")]}


def cells(argv, folder):
    """Each cell by file, sheet and place; numbers as numbers."""
    shown = subprocess.run([*argv, str(folder), "--cells"], check=True, stdout=subprocess.PIPE)
    found = {}
    for line in shown.stdout.decode("utf-8").split("\n"):
        if line:
            *place, kind, text = line.split("\t")
            found[tuple(place)] = (kind, float(text) if kind == "1" else text)
    return found


def measure(argv, folder):
    best = None
    for _ in range(2):
        shown = subprocess.run([*argv, str(folder)], check=True, stdout=subprocess.PIPE)
        got = json.loads(shown.stdout)
        best = got if best is None or got["seconds"] < best["seconds"] else best
    return best


def written():
    folder = OUT / "written"
    folder.mkdir(parents=True, exist_ok=True)
    shown = subprocess.run([OUT / "write-workbook", folder, "13000", "300"], check=True,
                           stdout=subprocess.PIPE)
    return {**json.loads(shown.stdout), "bytes": (folder / "many.xlsx").stat().st_size}


def main():
    result = {}
    for what in ("forms", "rosters"):
        folder = OUT / "workbooks" / what
        if not folder.is_dir():
            subprocess.run([PYTHON, str(HERE / "read_openpyxl.py"), "--make", str(folder), what],
                           check=True)
        result[what] = {}
        expected = None
        for name, argv in readers().items():
            found = cells(argv, folder)
            expected = expected or found
            if found != expected:
                wrong = [k for k in expected.keys() | found.keys()
                         if expected.get(k) != found.get(k)]
                print(f"{name} reads {len(wrong)} cells of {what} otherwise, such as {wrong[0]}: "
                      f"{found.get(wrong[0])}, not {expected.get(wrong[0])}", file=sys.stderr)
                continue
            result[what][name] = measure(argv, folder)
            print(what, name, result[what][name], flush=True)
    result["written"] = written()
    print("written", result["written"], flush=True)
    (OUT / "workbooks.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


main()
