#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A crawl of the sealed zone: two books that differ in sealed data alone (names, figures, how many
rows, all below 10) are asked everything, by users from above, from beside and by administrators,
with every role and up to every class. Whatever comes must be the same for both, to the last byte.
So nothing sealed is seen, not even in part, by its size or by what follows from it.

Every command on a book has to be in VISITS: a new one that is not makes this fail. Prints TAP."""
import difflib
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import run  # noqa: E402
from tap import main, test  # noqa: E402
from visits import (ELSEWHERE, READS, REPORTS, VISITS, WISH, WORLDS, build,  # noqa: E402
                    on_book, words)

ROLES = ("filler", "reviewer", "head", "leader", "inspector", "issuer")
VISITORS = {f"all-{unit.lower()}": [f"{role} {unit} sealed" for role in ROLES]
            for unit in ("D", "C", "R", "E")}
READERS = (*VISITORS, "sec", "aud")
WRITERS = ("all-d", "all-r", "sec", "sys")
PLANTED = re.compile("密封")
HASHES = re.compile(r"[0-9a-f]{32,}")  # of the machine sheet, over what is compared itself
NOISE = [(re.compile(r"\b1\d{15}\b|\b\d\d:\d\d:\d\d\b(\.\d+)?"), "MOMENT"),
         (re.compile(r"[0-9a-f]{32,}"), "HASH"),
         (re.compile(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}"), "PASSWORD"),
         (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z?"), "MOMENT")]


def visit(b, who, command, args):
    """All that is told, in text and JSON, without what differs between any two books."""
    told = []
    ways = ((), ("--format", "json")) if who in ("all-d", "aud") else (("--format", "json"),)
    if command not in READS or command == "report blank":
        ways = ((),)
    for more in ways:
        status, out, err = run(*words(b, who, command, args), *more)
        assert status in (0, 1, 3), f"{command} {args} as {who}: exit {status}: {err}"
        text = f"{status}\n{out}\n{err}".replace(str(b.dir), "DIR")
        for pattern, word in NOISE:
            text = pattern.sub(word, text)
        told.append(text)
        if command.startswith("export "):
            told.append(written(b.dir / "out"))
    return told


def written(path):
    """All that a workbook says, its hidden sheets too."""
    if not path.exists():
        return ""
    shown = run("sheet", path, "--lang", "zh")[1]
    path.unlink()
    return HASHES.sub("HASH", shown)


def difference(a, b):
    lines = [x.split("\n") for x in ("\n".join(a), "\n".join(b))]
    return "\n".join(x for x in difflib.unified_diff(*lines, n=0, lineterm="") if x[:2] != "@@")


POOL = ThreadPoolExecutor(len(WORLDS))
BOOKS = list(POOL.map(lambda world: build(world, VISITORS), WORLDS))


@test("every command on a book is visited")
def _():
    there = on_book() - ELSEWHERE
    assert there == set(VISITS), there ^ set(VISITS)


@test("who is of the unit does see the difference")
def _():
    for who, command, args in (("f1", "report show", REPORTS[1]),
                               ("f1", "report check", REPORTS[0]),
                               ("f1", "report blank", REPORTS[1]),
                               ("f2", "report show", REPORTS[3])):
        told = [visit(b, who, command, args) for b in BOOKS]
        assert told[0] != told[1], (who, command, told)


@test("a submission of sealed figures is reviewed without being seen")
def _():
    for b in BOOKS:
        shown = b("report", "show", "R2", "--unit", "S2", who="all-d", fmt="json")
        assert shown["state"] == "submitted", shown
        (cell,) = shown["cells"]
        assert cell["item"] == "学校.残疾" and cell["sealed"] is True, cell
        assert [cell[k] for k in ("value", "explained", "returned", "was")] == [""] * 4, cell
    assert "密封" in BOOKS[0]("report", "show", "R2", "--unit", "S2", who="all-d", lang="zh")


@test("who issues learns that sealed figures are held, and not by whom")
def _():
    found = BOOKS[0]("round", "try", "R9", *WISH, who="iss", want=1, fmt="json")["findings"]
    assert [(f["code"], f["about"], f["detail"]) for f in found] == [
        ("held", "学校.残疾", "–")], found


@test("nobody else is told anything, read or written, refused or allowed")
def _():
    leaks = []
    for command, calls in VISITS.items():
        for args in calls:
            for who in READERS if command in READS else WRITERS:
                a, b = POOL.map(lambda book: visit(book, who, command, args), BOOKS)
                if a != b:
                    leaks.append(f"{command} {args} as {who}:\n{difference(a, b)}")
                if any(PLANTED.search(text) for text in a + b):
                    leaks.append(f"{command} {args} as {who}: a planted name")
    assert not leaks, f"{len(leaks)} leaks\n" + "\n".join(leaks[:5])


if __name__ == "__main__":
    sys.exit(main())
