#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Conformance cases in data form: a pack, tables, and the verdicts that must come out.

A file of cases/ is a sequence of cases. Each begins with `=== NAME`; lines before the first section
are remarks. Sections: `== plan`, `== FILE.csv`, `== expect [options of eval]` (may repeat).
An expectation is one verdict a line:
    TARGET[/PART] UNIT YEAR STATE [lo=..] [hi=..] [value=..] [rep=3/5] [flags=a,b] [light=x]
lo, hi and value are compared exactly (fractions); `-` is none. flags without a name in the line are
not compared. `none TARGET[/PART] UNIT YEAR` says that there is no such row. Prints TAP."""
import json
import os
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TIZHI = Path(os.environ.get("TIZHI_BUILD", ROOT / "build")) / "src" / "tizhi"


def cases():
    for path in sorted(HERE.glob("cases/*.case")):
        name, sections = None, []
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("=== "):
                if name:
                    yield name, sections
                name, sections = f"{path.stem}: {line[4:]}", []
            elif line.startswith("== "):
                sections.append((line[3:].strip(), []))
            elif sections:
                sections[-1][1].append(line)
        if name:
            yield name, sections


def fraction(text):
    if text in (None, "-", ""):
        return None
    return text if "inf" in text or "sqrt" in text else Fraction(text)


def compare(row, wants):
    wrong = []
    for want in wants:
        key, _, value = want.partition("=")
        if key in ("lo", "hi", "value"):
            if fraction(value) != fraction(row[key + "_exact"]):
                wrong.append(f"{key} is {row[key + '_exact']}, not {value}")
        elif key == "rep":
            if value != f"{row['reported']}/{row['expected']}":
                wrong.append(f"reported {row['reported']}/{row['expected']}, not {value}")
        elif key == "flags":
            if sorted(f for f in value.split(",") if f) != sorted(row["flags"]):
                wrong.append(f"flags {row['flags']}, not {value}")
        elif key in ("light", "fires", "definition", "text"):
            if value != row.get(key):
                wrong.append(f"{key} is {row.get(key)}, not {value}")
        elif key in ("proposal", "cap", "remaining", "used"):
            if row.get(key) is None or Fraction(str(row[key])) != Fraction(value):
                wrong.append(f"{key} is {row.get(key)}, not {value}")
        else:
            wrong.append(f"unknown expectation {want}")
    return wrong


def check(line, rows):
    words = line.split()
    absent = words[0] == "none"
    if absent:
        words = words[1:]
    target, _, part = words[0].partition("/")
    found = [r for r in rows if (r["target"], r["part"], r["unit"], str(r["year"])) ==
             (target, part, words[1], words[2])]
    if absent:
        return [f"{line}: there is such a row"] if found else []
    if len(found) != 1:
        return [f"{line}: {len(found)} rows"]
    row = found[0]
    wrong = [] if row["state"] == words[3] else [f"state is {row['state']}"]
    wrong += compare(row, words[4:])
    return [f"{line}: {w}" for w in wrong]


def evaluate(folder, options):
    command = [TIZHI, "eval", "--pack", folder, "--format", "json", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60,
                          env={**os.environ, "LC_ALL": "C"})


def differences(columns, reference):
    rows = zip(json.loads(columns)["verdicts"], json.loads(reference)["verdicts"])
    return [f"{c} against {r}" for c, r in rows if c != r] or ["beside the verdicts"]


def run_case(sections):
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for name, lines in sections:
            text = "\n".join(lines) + "\n"
            if name == "plan":
                Path(folder, "pack.plan").write_text(text, encoding="utf-8")
            elif name.endswith(".csv"):
                text = "\n".join(l for l in lines if l.strip()) + "\n"
                Path(folder, name).write_text(text, encoding="utf-8")
        for name, lines in sections:
            if not name.startswith("expect"):
                continue
            done = evaluate(folder, name.split()[1:])
            if done.returncode != 0:
                return [f"exit {done.returncode}: {done.stderr}{done.stdout[:2000]}"]
            reference = evaluate(folder, [*name.split()[1:], "--reference"])
            if reference.stdout != done.stdout:
                wrong += [f"columns and reference differ: {d}"
                          for d in differences(done.stdout, reference.stdout)]
            rows = json.loads(done.stdout)["verdicts"]
            keys = [(r["target"], r["part"], r["unit"], r["year"]) for r in rows]
            wrong += [f"two rows of {k}" for k in set(keys) if keys.count(k) > 1]
            for line in lines:
                if line.strip() and not line.startswith("#"):
                    wrong += check(line, rows)
    return wrong


def main():
    all_cases = list(cases())
    print(f"1..{len(all_cases)}")
    failed = 0
    for i, (name, sections) in enumerate(all_cases, 1):
        wrong = run_case(sections)
        failed += bool(wrong)
        print(f"{'not ' if wrong else ''}ok {i} - {name}")
        for w in wrong:
            for line in w.splitlines():
                print(f"# {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
