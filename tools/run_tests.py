#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every test and counts the cases, not the programs.

Programs come from two places: the tests that meson knows (C programs that print TAP: cmocka and
corpus replays) and the scripts tools/tidy.py and tests/*/run_*.py, which print TAP too. Scripts get
    TIZHI_ROOT   the source tree (also the working directory)
    TIZHI_BUILD  the build directory
    TIZHI        the program under test
A program that ends badly, prints no case, or prints fewer cases than its plan is itself a failure.

usage: run_tests.py BUILD_DIR [FILTER...]     a filter keeps programs whose name contains it
The last line is `N passed, N failed`; the exit status is 1 when something failed.
"""
import concurrent.futures
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JOBS = 2
CASE = re.compile(r"^\s*(not )?ok\b(?:\s+\d+)?(?:\s*-?\s*(.*))?$")
PLAN = re.compile(r"^\s*1\.\.(\d+)(\s*#\s*skip.*)?\s*$", re.IGNORECASE)
SKIP = re.compile(r"#\s*skip", re.IGNORECASE)


class Program:
    def __init__(self, name, argv, extra_env=None):
        self.name = name
        self.argv = argv
        self.extra_env = extra_env or {}


class Outcome:
    def __init__(self):
        self.passed = 0
        self.skipped = 0
        self.failures = []  # one line each
        self.output = ""


def meson_programs(build):
    shown = subprocess.run(["meson", "introspect", "--tests", str(build)], check=True,
                           capture_output=True, text=True).stdout
    for test in json.loads(shown):
        suite = test["suite"][0].split(":")[-1] if test["suite"] else "test"
        yield Program(f"{suite}/{test['name']}", test["cmd"], test.get("env") or {})


def script_programs():
    yield Program("style/tidy", [sys.executable, str(ROOT / "tools" / "tidy.py")])
    for script in sorted(ROOT.glob("tests/*/run_*.py")):
        yield Program(f"{script.parent.name}/{script.stem}", [sys.executable, str(script)])


def count(outcome, text, status):
    """Fills the outcome from TAP text. Several plans in one output (one per group) add up."""
    planned, seen = 0, 0
    for line in text.splitlines():
        plan = PLAN.match(line)
        if plan:
            planned += int(plan.group(1))
            continue
        case = CASE.match(line)
        if not case:
            continue
        seen += 1
        label = case.group(2) or f"case {seen}"
        if SKIP.search(line):
            outcome.skipped += 1  # before "not": cmocka skips with `not ok N # SKIP`
        elif case.group(1):
            outcome.failures.append(label)
        else:
            outcome.passed += 1
    if planned > seen:
        outcome.failures.append(f"planned {planned} cases, ran {seen}")
    if seen == 0 and planned == 0 and status == 0 and not re.search(r"^1\.\.0", text, re.M):
        outcome.failures.append("printed no test case")
    if status != 0 and not outcome.failures:
        outcome.failures.append(f"ended with {describe(status)}")


def describe(status):
    if status < 0:
        try:
            return signal.Signals(-status).name
        except ValueError:
            return f"signal {-status}"
    return f"exit status {status}"


def run(program, build, tmp_root, limit_s):
    outcome = Outcome()
    env = dict(os.environ, TIZHI_ROOT=str(ROOT), TIZHI_BUILD=str(build),
               TIZHI=str(build / "src" / "tizhi"), PYTHONDONTWRITEBYTECODE="1",
               PYTHONIOENCODING="utf-8", **program.extra_env)
    with tempfile.TemporaryDirectory(dir=tmp_root) as tmp:
        env["TMPDIR"] = tmp
        # Its own session, so that a program that hangs goes together with its children.
        child = subprocess.Popen(program.argv, cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                 start_new_session=True)
        try:
            raw, _ = child.communicate(timeout=limit_s)
            text, status = raw.decode("utf-8", "replace"), child.returncode
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            raw, _ = child.communicate()
            text, status = raw.decode("utf-8", "replace"), 1
            outcome.failures.append(f"still running after {limit_s} s")
    outcome.output = text
    count(outcome, text, status)
    return outcome


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    build = Path(sys.argv[1]).resolve()
    filters = sys.argv[2:]
    limit_s = int(os.environ.get("TIZHI_TEST_LIMIT_S", "900"))
    programs = [p for p in [*meson_programs(build), *script_programs()]
                if not filters or any(f in p.name for f in filters)]
    passed = skipped = failed = 0
    with tempfile.TemporaryDirectory(prefix="tizhi-tests-") as tmp_root, \
            concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        futures = {pool.submit(run, p, build, tmp_root, limit_s): p for p in programs}
        for done, future in enumerate(concurrent.futures.as_completed(futures), 1):
            program, outcome = futures[future], future.result()
            passed += outcome.passed
            skipped += outcome.skipped
            failed += len(outcome.failures)
            mark = "失败 FAIL" if outcome.failures else "ok"
            tail = f", {outcome.skipped} skipped" if outcome.skipped else ""
            print(f"[{done:3}/{len(programs)}] {program.name:<40} {outcome.passed:5} {mark}{tail}")
            if outcome.failures:
                print(f"---- {program.name}: {' '.join(map(str, program.argv))}")
                print(outcome.output.rstrip())
                for label in outcome.failures:
                    print(f"---- {program.name}: FAILED {label}")
            sys.stdout.flush()
    if not programs:
        print("没有匹配的测试 / no test matches", file=sys.stderr)
        failed += 1
    if skipped:
        print(f"{skipped} skipped")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
