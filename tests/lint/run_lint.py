#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every kind of finding of the linter on a small invented plan: it is there, and in the twin plan
where it is mended it is not. Prints TAP."""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TIZHI = Path(os.environ.get("TIZHI", ROOT / "build" / "src" / "tizhi"))

CASES = ROOT / "tests" / "lint" / "cases.txt"


def read_cases():
    base, *blocks = re.split(r"^=== (?=L)", CASES.read_text("utf-8"), flags=re.M)
    cases = {}
    for block in blocks:
        head, body = block.split("\n", 1)
        cases[head.split()[0]] = body.split("--- mended\n")
    return base, cases


BASE, KINDS = read_cases()

FACTS = {}

RESULTS = []


def test(name):
    def wrap(fn):
        try:
            fn()
            RESULTS.append((name, ""))
        except AssertionError as e:
            RESULTS.append((name, str(e) or "assertion failed"))
        return fn
    return wrap


def lint(text, *args, files=None, lang="en", form="json"):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.plan").write_text(BASE + text + "\n", encoding="utf-8")
        for name, body in (files or {}).items():
            Path(folder, name).write_text(body, encoding="utf-8")
        done = subprocess.run([TIZHI, "lint", "--pack", folder, "--format", form, "--lang", lang,
                               *(a.replace("@", folder) for a in args)],
                              capture_output=True, timeout=60)
    out = done.stdout.decode("utf-8")
    assert done.returncode in (0, 1), done.stderr.decode("utf-8") + out
    return done.returncode, json.loads(out)["findings"] if form == "json" else out


def kind(code, bad, mended):
    status, found = lint(bad)
    mine = [f for f in found if f["code"] == code]
    assert status == 1 and mine, f"no {code} in {[f['code'] for f in found]}"
    for f in mine:
        assert f["en"] != f["zh"] and f["mend_en"] != f["mend_zh"], f
        assert "{" not in f["en"] + f["zh"] + f["mend_en"] + f["mend_zh"], f
        assert f["places"] and all(p["line"] > 0 for p in f["places"] if code != "L01"), f
    _, found = lint(mended)
    mine = [f for f in found if f["code"] == code]
    assert not mine, f"still there when mended: {mine}"


for code, (bad, mended) in KINDS.items():
    test(f"{code}: there, and gone when mended")(lambda: kind(code, bad, mended))


@test("every kind has a case")
def _():
    rows = re.findall(r"^LINT\((L\d+)", (ROOT / "src/lang/lint.def").read_text("utf-8"), re.M)
    missing = [r for r in rows if r not in KINDS and r not in FACTS]
    assert not missing, missing


def main():
    print(f"1..{len(RESULTS)}")
    for i, (name, wrong) in enumerate(RESULTS, 1):
        print(f"{'not ' if wrong else ''}ok {i} - {name}")
        for line in wrong.splitlines():
            print(f"# {line}")
    return 1 if any(w for _, w in RESULTS) else 0


if __name__ == "__main__":
    sys.exit(main())
