#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rights at the command line, from the program's own tables: every command on a book asks for
operations that the table of rights knows. Prints TAP."""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import ROOT, run  # noqa: E402
from tap import main, test  # noqa: E402

SRC = ROOT / "src"
FREE = {"founding", "oneself", "holder"}


def rows(path, macro):
    """The arguments of each row of a table, texts without their quotes."""
    text = (SRC / path).read_text("utf-8")
    found = re.findall(rf"^{macro}\((.*)\)$", text, re.M)
    assert found, path
    return [[a.strip().strip('"') for a in row.split(",")] for row in found]


COMMANDS = dict(re.findall(r'^COMMAND\((\w+),\s+"([^"]+)"', (SRC / "cli/options.def").read_text(
    "utf-8"), re.M))
GUARDS = {name: ops.split() for name, ops in rows("cli/guard.def", "GUARD")}
PORT = {}
for act, op in rows("app/seat_port.def", "PORT"):
    PORT.setdefault(act, []).append(op)


def on_book():
    """The commands that take --book, by the help that the program prints."""
    return {name for name, word in COMMANDS.items()
            if "--book" in run("help", *word.split(), "--lang", "en")[1]}


@test("every command on a book has a row of guard.def, and no other has")
def _():
    assert on_book() == set(GUARDS), on_book() ^ set(GUARDS)


@test("every operation of a command is known to the table of rights")
def _():
    ops = {row[0] for row in rows("app/seat_op.def", "OP")}
    rights = {row[0] for row in rows("app/seat_right.def", "RIGHT")}
    for name, words in GUARDS.items():
        assert words and set(words) - FREE <= set(PORT), name
        assert len(words) == 1 or not set(words) & {"founding", "oneself"}, name
    for act, of in PORT.items():
        assert set(of) <= ops and set(of) <= rights, act


@test("what the program asks is known, and each row is asked for by a command")
def _():
    asked = set()
    ask = re.compile(r'(?:allow(?:_at)?\([^;"]*|may_ctx, [^;"]*|_READ +)"([a-z]+\.[a-z.-]+)"')
    for path in SRC.glob("app/*.c"):
        asked |= set(ask.findall(path.read_text("utf-8")))
    assert {"report.read", "round.open", "task.read", "book.load"} <= asked, asked
    assert asked <= set(PORT), asked - set(PORT)
    unused = set(PORT) - {w for words in GUARDS.values() for w in words}
    assert not unused, unused


if __name__ == "__main__":
    sys.exit(main())
