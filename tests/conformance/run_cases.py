#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Conformance cases in data form: a pack, tables, and the verdicts that must come out.

A file of cases/ is a sequence of cases. Each begins with `=== NAME`; lines before the first section
are remarks. Sections: `== plan`, `== FILE.csv`, `== expect [options of eval]`, `== run COMMAND
[options]` (the last two may repeat). An expectation is one verdict a line:
    TARGET[/PART] UNIT YEAR STATE [lo=..] [hi=..] [value=..] [rep=3/5] [flags=a,b] [light=x]
        [counterexamples=A,B] [undecided=C] [score=20,60] [alt=NAME:STATE:LO:HI] [for_all=true]
        [action=ITEM:FROM:TO] and by their names used base cap remaining score_base proposal fires
        text
lo, hi, value and other figures are compared exactly (fractions); `-` is none. What is not named in
the line is not compared; `_` is a space. `none TARGET[/PART] UNIT YEAR` says that there
is no such row; `[no] finding CODE TARGET UNIT YEAR` speaks of findings (`*`: any). Lines of
`== run` must stand in what the command prints (spaces at the ends apart), those that begin with
`! ` must not. Prints TAP."""
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


def figures(text, sep):
    return [fraction(t) for t in text.split(sep)]


def alternative(row, value):
    name, state, *bounds = value.split(":")
    found = [a for a in row["alternatives"] if a["definition"] == name]
    if len(found) != 1:
        return [f"alternatives {[a['definition'] for a in row['alternatives']]}, not {name}"]
    has = [found[0]["state"], *(fraction(found[0][k]) for k in ("lo_exact", "hi_exact"))]
    want = [state, *(fraction(b) for b in bounds)]
    return [] if has[: len(want)] == want else [f"alternative {name} is {has}, not {want}"]


def action(row, value):
    has = [":".join("-" if p[k] is None else str(p[k]) for k in ("item", "from", "to"))
           for p in row.get("proposals", [])]
    return [] if value in has else [f"proposals {has}, not {value}"]


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
            if value.replace("_", " ") != row.get(key):
                wrong.append(f"{key} is {row.get(key)}, not {value}")
        elif key in ("proposal", "cap", "remaining", "used", "base", "score_base"):
            has = row.get(key)
            if (None if has is None else Fraction(str(has))) != fraction(value):
                wrong.append(f"{key} is {has}, not {value}")
        elif key in ("counterexamples", "undecided"):
            if sorted(v for v in value.split(",") if v) != sorted(row[key]):
                wrong.append(f"{key} {row[key]}, not {value}")
        elif key == "score":
            if [Fraction(str(x)) for x in row.get("score", [])] != figures(value, ","):
                wrong.append(f"score is {row.get('score')}, not {value}")
        elif key == "for_all":
            if (value == "true") != row["for_all"]:
                wrong.append(f"for_all is {row['for_all']}")
        elif key == "alt":
            wrong += alternative(row, value)
        elif key == "action":
            wrong += action(row, value)
        else:
            wrong.append(f"unknown expectation {want}")
    return wrong


def check_finding(words, findings):
    absent = words[0] == "no"
    code, *rest = words[2:] if absent else words[1:]
    keys = ("target", "unit", "year")
    found = [f for f in findings if f["code"] == code and
             all(w in ("*", str(f[k]), "-" if f[k] == "" else None) for k, w in zip(keys, rest))]
    if bool(found) == absent:
        known = [(f["code"], f["target"], f["unit"], f["year"]) for f in findings]
        return [f"{' '.join(words)}: findings {known}"]
    return []


def check(line, rows, findings):
    words = line.split()
    if words[0] == "finding" or words[:2] == ["no", "finding"]:
        return check_finding(words, findings)
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


def tizhi(command, folder, options):
    done = subprocess.run([TIZHI, command, "--pack", folder, *options], capture_output=True,
                          text=True, timeout=60, env={**os.environ, "LC_ALL": "C"})
    return done.returncode, done.stdout, done.stderr


def evaluate(folder, options):
    return tizhi("eval", folder, ["--format", "json", *options])


def differences(columns, reference):
    rows = zip(json.loads(columns)["verdicts"], json.loads(reference)["verdicts"])
    return [f"{c} against {r}" for c, r in rows if c != r] or ["beside the verdicts"]


def check_run(command, folder, lines):
    rc, out, err = tizhi(command[0], folder, command[1:])
    out = out.replace(folder, "")  # its name is a matter of chance
    if rc not in (0, 1):
        return [f"{command}: exit {rc}: {err}{out[:2000]}"]
    wrong = []
    for line in (x for x in lines if x.strip() and not x.startswith("#")):
        absent = line.startswith("! ")
        text = (line[2:] if absent else line).strip().replace("_", " ")
        if (text in out) == absent:
            wrong.append(f"{' '.join(command)}: {line}\n{out}")
    return wrong


def respelled(folder, answered):
    """Written anew in either language a plan means the same."""
    wrong = []
    for lang in ("en", "zh") if answered else ():
        tizhi("fmt", folder, ["--lang", lang, "--write"])
        options, before = answered[-1]
        rc, out, err = evaluate(folder, options)
        if rc != 0 or json.loads(out)["verdicts"] != before:
            wrong.append(f"fmt --lang {lang} changes the meaning: {err}{out[:500]}")
    return wrong


def run_case(sections):
    wrong, answered = [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, lines in sections:
            text = "\n".join(lines) + "\n"
            if name == "plan":
                Path(folder, "pack.plan").write_text(text, encoding="utf-8")
            elif name.endswith(".csv"):
                text = "\n".join(l for l in lines if l.strip()) + "\n"
                Path(folder, name).write_text(text, encoding="utf-8")
        for name, lines in sections:
            if name.startswith("run "):
                wrong += check_run(name.split()[1:], folder, lines)
            if not name.startswith("expect"):
                continue
            rc, out, err = evaluate(folder, name.split()[1:])
            if rc != 0:
                return [f"exit {rc}: {err}{out[:2000]}"]
            reference = evaluate(folder, [*name.split()[1:], "--reference"])[1]
            if reference != out:
                wrong += [f"columns and reference differ: {d}"
                          for d in differences(out, reference)]
            answered.append((name.split()[1:], json.loads(out)["verdicts"]))
            answer = json.loads(out)
            rows, findings = answer["verdicts"], answer["findings"]
            keys = [(r["target"], r["part"], r["unit"], r["year"]) for r in rows]
            wrong += [f"two rows of {k}" for k in set(keys) if keys.count(k) > 1]
            for line in lines:
                if line.strip() and not line.startswith("#"):
                    wrong += check(line, rows, findings)
        wrong += respelled(folder, answered)
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
