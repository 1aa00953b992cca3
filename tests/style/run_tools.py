#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of the tests: each rule of tools/tidy.py must be able to fail, and tools/run_tests.py must
count what goes wrong. Prints TAP."""
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(os.environ.get("TIZHI_ROOT", Path(__file__).parent.parent.parent))
SPDX = "/* SPDX-License-Identifier: Apache-2.0 */\n"
HASH = "# SPDX-License-Identifier: Apache-2.0\n"
HEAD = SPDX + "/* What it does. */\n"

# The smallest tree that breaks no rule.
CLEAN = {
    "src/base/banned.h": HEAD + "#ifndef BASE_BANNED_H\n#define BASE_BANNED_H\n"
                                "#define strcpy(...) banned__no\n#endif\n",
    "src/base/a.h": HEAD + "#ifndef BASE_A_H\n#define BASE_A_H\nint a(void);\n#endif\n",
    "src/base/a.c": HEAD + '#include "base/a.h"\n',
    "src/base/rc.def": HEAD + 'RC(OK, "fine {x}", "好 {x}")\n',
    "src/base/meson.build": HASH + "sources = files(\n  'a.c',\n)\n",
    "src/model/meson.build": HASH,
    "tests/unit/meson.build": HASH,
    "tests/fuzz/meson.build": HASH,
    "x": "#!/bin/sh\n" + HASH,
    ".ci/run": "#!/bin/sh\n" + HASH,
    "Makefile": HASH,
    ".gitignore": "build\n",
    ".clang-format": "{}\n",
}

LONG_FUNCTION = HEAD + '#include "base/a.h"\nint a(void)\n{\n' + "    ;\n" * 70 + "}\n"
A_H = CLEAN["src/base/a.h"]
A_C = CLEAN["src/base/a.c"]
HOME = "/" + "home/someone"

# (rule that must fail, file to change, its new text)
BROKEN = [
    ("lines_fit", "src/base/a.c", A_C + "// " + "x" * 98 + "\n"),
    ("lines_fit", "src/base/a.c", A_C + "// " + "指" * 49 + "\n"),
    ("functions_are_short", "src/base/a.c", LONG_FUNCTION),
    ("files_are_short", "src/base/a.c", A_C + "//\n" * 1200),
    ("includes_go_one_way", "src/base/a.c", A_C + '#include "model/m.h"\n'),
    ("includes_go_one_way", "src/base/a.c", A_C + '#include "a.h"\n'),
    ("includes_go_one_way", "src/odd/b.h", A_H.replace("BASE_A_H", "ODD_B_H")),
    ("private_headers_stay_private", "src/model/m.h",
     HEAD + '#ifndef MODEL_M_H\n#define MODEL_M_H\n#include "base/b_int.h"\n#endif\n'),
    ("own_header_comes_first", "src/base/a.c",
     HEAD + '#include "base/banned.h"\n#include "base/a.h"\n'),
    ("header_guards", "src/base/a.h", A_H.replace("BASE_A_H", "A_H")),
    ("headers_stand_alone", "src/base/a.h", A_H.replace("int a(void)", "size_u a(void)")),
    ("banned_functions", "src/base/a.c", A_C + "int b(void)\n{\n    strcpy(p, q);\n}\n"),
    ("banned_functions", "src/model/m.c", HEAD + "void f(void)\n{\n    free(p);\n}\n"),
    ("licence_and_purpose", "src/base/a.c", '#include "base/a.h"\n'),
    ("licence_and_purpose", "src/base/a.c", SPDX + '#include "base/a.h"\n'),
    ("licence_and_purpose", "tools/t.py", "print()\n"),
    ("clean_text", "src/base/a.c", A_C + "//\tx\n"),
    ("clean_text", "src/base/a.c", A_C + "// x \n"),
    ("clean_text", "src/base/a.c", A_C + "// \u202e\n"),
    ("clean_text", "docs/a.md", "no newline"),
    ("clean_text", "docs/a.md", "a\r\n"),
    ("tables_speak_both_languages", "src/base/rc.def", HEAD + 'RC(OK, "fine", "")\n'),
    ("tables_speak_both_languages", "src/base/rc.def", HEAD + 'RC(OK, "好")\n'),
    ("tables_speak_both_languages", "src/base/rc.def", HEAD + 'RC(OK, "a {x}", "好 {y}")\n'),
    ("tables_speak_both_languages", "src/base/rc.def", HEAD + 'RC(OK, "a", "好", "hint", "")\n'),
    ("nothing_private", "docs/a.md", f"see {HOME}/x\n"),
    ("no_loose_ends", "src/base/a.c", A_C + "// TO" "DO later\n"),
    ("everything_is_built", "src/base/b.c", HEAD),
    ("everything_is_built", "tests/unit/u.c", HEAD),
    ("everything_is_built", "tests/fuzz/fuzz_u.c", HEAD),
    ("everything_is_built", "tests/unit/meson.build", HASH + "unit_tests = [\n  'gone',\n]\n"),
]

# (name, TAP text, exit status, passed, skipped, failures)
COUNTS = [
    ("all well", "1..2\nok 1 - a\nok 2 - b\n", 0, 2, 0, 0),
    ("a failure", "1..2\nok 1 - a\nnot ok 2 - b\n", 1, 1, 0, 1),
    ("skips of both spellings", "1..2\nnot ok 1 # SKIP a\nok 2 - b # SKIP why\n", 0, 0, 2, 0),
    ("cut short", "1..3\nok 1 - a\n", 0, 1, 0, 1),
    ("crash at the end", "1..1\nok 1 - a\n", -11, 1, 0, 1),
    ("silence", "", 0, 0, 0, 1),
    ("nothing to do", "1..0\n", 0, 0, 0, 0),
    ("two groups", "1..1\nok 1 - a\n1..1\nok 1 - b\n", 0, 2, 0, 0),
    ("no plan", "ok a\nok b\n", 0, 2, 0, 0),
    ("chatter", "okay then\nnothing\n1..1\nok 1 - a\n", 0, 1, 0, 0),
]


def write_tree(top, files):
    for name, content in files.items():
        path = Path(top, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8", newline="")


def failing_rules(files):
    with tempfile.TemporaryDirectory() as top:
        write_tree(top, files)
        env = {k: v for k, v in os.environ.items() if k != "TIZHI_BUILD"}
        done = subprocess.run([sys.executable, str(ROOT / "tools/tidy.py"), top], env=env,
                              capture_output=True, text=True)
    return [line.split(" - ")[1] for line in done.stdout.splitlines() if line.startswith("not ok")]


def tidy_cases():
    yield "tidy accepts a clean tree", failing_rules(CLEAN) == []
    for number, (rule, name, content) in enumerate(BROKEN, 1):
        yield f"tidy {number}: {rule} sees {name}", rule in failing_rules({**CLEAN, name: content})


def runner_cases():
    spec = importlib.util.spec_from_file_location("run_tests", ROOT / "tools" / "run_tests.py")
    runner = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(runner)
    for name, text, status, passed, skipped, failures in COUNTS:
        outcome = runner.Outcome()
        runner.count(outcome, text, status)
        got = (outcome.passed, outcome.skipped, len(outcome.failures))
        yield f"runner: {name}", got == (passed, skipped, failures)


def x_cases():
    shown = subprocess.run([str(ROOT / "x"), "help"], capture_output=True, text=True).stdout
    for verb in ("run", "build", "test", "bench", "asan", "tsan", "shake", "fuzz", "cover", "tidy",
                 "fmt", "help", "clean", "install-deps", "malloc", "fault"):
        yield f"./x help names {verb}", f"\n  {verb} " in shown
    for wrong in ("nosuch", "-x", "a b", "../x"):
        status = subprocess.run([str(ROOT / "x"), wrong], capture_output=True).returncode
        yield f"./x refuses '{wrong}'", status == 2


def main():
    failed = total = 0
    for cases in (tidy_cases, runner_cases, x_cases):
        for name, good in cases():
            total += 1
            failed += not good
            print(f"{'' if good else 'not '}ok {total} - {name}", flush=True)
    print(f"1..{total}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
