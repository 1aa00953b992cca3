#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reading workbooks: tizhi beside openpyxl (read-only) and SheetJS on the same files; and writing a
form of 13,000 units and 300 items, alone.

First every cell that each of them reads is compared; who reads something else is left out of the
table. Then each reads all files twice; the lesser CPU time counts, without the start of the
process (on a machine with other work the clock says little). Memory is the peak of the process.
Besides, `tizhi import` takes in and checks thousands of forms in one run, its start and the tree of
units included, while the others merely read the same files; every figure must be the right one.

usage: run_workbooks.py [N]   N forms to import, 7,500; ./x bench-workbooks installs what it wants
Results: build/bench/workbooks.json.
"""
import csv
import json
import os
import resource
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


# ---- importing ----------------------------------------------------------------------------------

SAMPLE = 200  # forms of which every cell is compared


def made(n):
    """The folder of n forms, made once."""
    folder = OUT / "workbooks" / f"import-{n}"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        print(f"writing {n} forms, once", flush=True)
        subprocess.run([PYTHON, str(HERE / "make_import.py"), str(folder), str(n)], check=True)
        (folder / "sample").mkdir()
        for path in sorted((folder / "in").iterdir())[:SAMPLE]:
            shutil.copy(path, folder / "sample" / path.name)
        (folder / "done").touch()
    return folder


def check_facts(folder):
    """The table that came out, held against what was put into the forms; how many figures."""
    with open(folder / "truth.csv", encoding="utf-8", newline="") as f:
        expected = {(unit, item): value for unit, item, value in csv.reader(f)}
    n = 0
    with open(folder / "facts.csv", encoding="utf-8-sig", newline="") as f:
        for row in csv.DictReader(f):
            want = expected.pop((row["unit"], row["item"].split(".")[1]), None)
            if want != row["value"]:
                sys.exit(f"{row['unit']} {row['item']}: {row['value']}, not {want}")
            n += 1
    if expected:
        sys.exit(f"{len(expected)} figures are missing, such as {next(iter(expected))}")
    return n


def import_all(folder, n):
    """CPU seconds and peak memory of one run."""
    def used():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime
    before = used()
    shown = subprocess.Popen([str(BUILD / "src" / "tizhi"), "import", str(folder / "in"), "--pack",
                              str(folder / "pack"), "--form", "F1", "--period", "2024", "--facts",
                              str(folder / "facts.csv"), "--lang", "en", "--format", "csv"],
                             stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(shown.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit("the import failed")
    return {"files": n, "seconds": used() - before, "mib": usage.ru_maxrss / 1024}


def bench_import(n):
    folder = made(n)
    found = {name: cells(argv, folder / "sample") for name, argv in readers().items()}
    for name, got in found.items():
        if got != found["tizhi"]:
            sys.exit(f"{name} reads the forms otherwise")
    best = min((import_all(folder, n) for _ in range(2)), key=lambda got: got["seconds"])
    best["figures"] = check_facts(folder)
    result = {"tizhi import": best}
    print("import", "tizhi import", best, flush=True)
    for name, argv in readers().items():
        shown = subprocess.run([*argv, str(folder / "in")], check=True, stdout=subprocess.PIPE)
        result[name] = json.loads(shown.stdout)
        print("import", name, result[name], flush=True)
    return result


def main():
    result = {"import": bench_import(int(sys.argv[1]) if len(sys.argv) > 1 else 7500)}
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
