#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rights at the command line, from the program's own tables: every command on a book asks for
operations that the table of rights knows. Prints TAP."""
import re
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import ADMINS, ROOT, run  # noqa: E402
from tap import main, test  # noqa: E402
from visits import VISITS, WORLDS, build, on_book, words  # noqa: E402

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
RIGHTS = {(op, role) for op, role, _ in rows("app/seat/right.def", "RIGHT")}
PORT = {}
for act, op in rows("app/seat/port.def", "PORT"):
    PORT.setdefault(act, []).append(op)


NAMES = {word: name for name, word in COMMANDS.items()}


def commits(b):
    with sqlite3.connect(b.book) as db:
        return db.execute("SELECT act FROM event ORDER BY seq").fetchall()


def may_ever(role, command):
    """Whether the table of rights has anything for the role that the command asks for."""
    return any((op, role.upper()) in RIGHTS for act in GUARDS[NAMES[command]]
               for op in PORT.get(act, ()))


@test("every command on a book has a row of guard.def, and no other has")
def _():
    there = {NAMES[word] for word in on_book()}
    assert there == set(GUARDS), there ^ set(GUARDS)


@test("every operation of a command is known to the table of rights")
def _():
    ops = {row[0] for row in rows("app/seat/op.def", "OP")}
    rights = {row[0] for row in rows("app/seat/right.def", "RIGHT")}
    for name, words in GUARDS.items():
        assert words and set(words) - FREE <= set(PORT), name
        assert len(words) == 1 or not set(words) & {"founding", "oneself"}, name
    for act, of in PORT.items():
        assert set(of) <= ops and set(of) <= rights, act


@test("what the program asks is known, and each row is asked for by a command")
def _():
    asked = set()
    ask = re.compile(r'(?:allow(?:_at)?\([^;"]*|may_ctx, [^;"]*|_READ +)"([a-z]+\.[a-z.-]+)"')
    for path in SRC.glob("app/**/*.c"):
        asked |= set(ask.findall(path.read_text("utf-8")))
    assert {"report.read", "round.open", "task.read", "book.load"} <= asked, asked
    assert asked <= set(PORT), asked - set(PORT)
    unused = set(PORT) - {w for words in GUARDS.values() for w in words}
    assert not unused, unused


@test("no command does or tells anything to a role that has no right to it, nor to nobody")
def _():
    roles = [row[0].lower() for row in rows("app/seat/role.def", "ROLE")]
    people = {role: [f"{role} R sealed"] for role in roles if role not in ("system", "security",
                                                                           "audit")}
    b = build(WORLDS[0], people)
    admins = dict(zip(("system", "security", "audit"), ADMINS))
    before = commits(b)
    asked = 0
    for command, calls in VISITS.items():
        if set(GUARDS[NAMES[command]]) & FREE:
            continue
        for role in (*roles, "nobody"):
            if role != "nobody" and may_ever(role, command):
                continue
            status, out, err = run(*words(b, admins.get(role, role), command, calls[0]))
            assert status == 3 and out == "", f"{command} as {role}: {status}: {out}{err}"
            asked += 1
        status, out, err = run(*words(b, "stranger", command, calls[0]))
        assert status == 3 and out == "" and "nobody is logged in" in err, (command, err)
    assert commits(b) == before and asked > 100, asked


if __name__ == "__main__":
    sys.exit(main())
