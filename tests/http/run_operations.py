#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What docs/operations.md and packaging say is so: the table of settings, the configuration that is
shipped, how far the units of systemd are closed. Prints TAP."""
import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import ROOT, run  # noqa: E402
from tap import main, test  # noqa: E402

PACKAGING = ROOT / "packaging"
DOC = (ROOT / "docs/operations.md").read_text("utf-8")
HEAD = ["| setting | default | bounds | what | 说明 |", "|---|---|---|---|---|"]
EXPOSURE = 1.5


def table():
    """As the program has it."""
    text = (ROOT / "src/http/setting.def").read_text("utf-8")
    word = '"([^"]*)"'
    row = re.compile(rf"^SETTING\(\w+, {word}, (\w+), {word}, (\d+), (\d+), {word}, {word}\)",
                     re.M)
    lines = []
    for name, kind, otherwise, low, high, en, zh in row.findall(text):
        bounds = {"COUNT": f"{low} – {high}", "SWITCH": "yes, no"}.get(kind, "")
        shown = f"`{otherwise}`" if otherwise else ""
        lines.append(f"| `{name}` | {shown} | {bounds} | {en} | {zh} |")
    assert len(lines) == text.count("\nSETTING("), "a row that is read by nobody"
    return HEAD + lines


@test("the table of settings is that of the program")
def _():
    want = table()
    have = [x for x in DOC.splitlines() if x in HEAD or x.startswith("| `") and x.count("|") == 6]
    missing = [f"missing: {x}" for x in want if x not in have]
    stale = [f"not so: {x}" for x in have if x not in want]
    assert not missing + stale, "\n".join(missing + stale)
    assert have == want, "the rows stand in another order than in setting.def"


@test("the configuration that is shipped is taken, and so are its remarks")
def _():
    conf = (PACKAGING / "tizhi.conf").read_text("utf-8")
    assert run("serve", "--config", PACKAGING / "tizhi.conf", "--settings")[0] == 0
    for line in re.findall(r"^#(\w+ = .*)$", conf, re.M):
        assert run("serve", "--settings", "--set", line)[0] == 0, line


@test("a password in a setting is refused, wherever it comes from")
def _():
    for url in ("postgresql://tizhi:geheim@db/tizhi", "postgres://x/y?password=geheim",
                "host=db password=geheim"):
        status, out, err = run("serve", "--settings", "--set", f"book={url}", "--lang", "en")
        assert status == 3 and "geheim" not in out + err and "password" in err, (url, err)
    assert run("serve", "--settings", "--set", "book=postgresql://tizhi@db/tizhi")[0] == 0


@test("the units are closed as far as the page says")
def _():
    if not shutil.which("systemd-analyze"):
        return
    for unit in ("tizhi.service", "tizhi-backup.service"):
        done = subprocess.run(["systemd-analyze", "security", "--offline=true",
                               PACKAGING / "systemd" / unit], capture_output=True, text=True)
        level = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
        assert level, done.stdout + done.stderr
        assert float(level.group(1)) <= EXPOSURE, level.group(0)


@test("what the page names is there")
def _():
    for name in re.findall(r"`((?:packaging|tests|docs)/[\w./-]+)`", DOC):
        assert (ROOT / name).exists(), name


sys.exit(main())
