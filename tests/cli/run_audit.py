#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands audit on a real book: each sort of tampering by plain SQL is found and its place
named; the log; anchors, signed and not. Prints TAP."""
import sqlite3
import stat
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town, run  # noqa: E402
from tamper import ACTS, FORM, PEOPLE, PLAN, UNITS, report  # noqa: E402
from tap import main, test  # noqa: E402

TOWN = Town(PLAN, UNITS, PEOPLE)
report(TOWN)


def sql(book, *statements):
    """SQL past the program, its triggers dropped."""
    with sqlite3.connect(book.book) as db:
        names = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in names:
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)


def verify(book, *more, want=0, **kw):
    return book("audit", "verify", *more, who="aud", want=want, **kw)


@test("an untouched book verifies; only the audit administrator may ask")
def _():
    found = verify(TOWN, fmt="json")
    assert found["n_findings"] == 0 and found["commits"] > 20, found
    assert found["findings"] == [] and found["anchors"] >= 1, found
    said = verify(TOWN)
    assert "0 findings" in said and "No anchor from elsewhere" in said, said
    assert "0 个问题" in verify(TOWN, lang="zh")
    for who in ("sys", "sec", "u1", "revd"):
        said = TOWN("audit", "verify", who=who, want=3)
        assert "log.read" in said, said


@test("each sort of tampering is found, with commit, people, units, moment and remedy")
def _():
    for act in ACTS:
        b = TOWN.copy()
        at = act.place(b)
        sql(b, *act.sql(at))
        found = verify(b, want=1, fmt="json")["findings"]
        act.check(at, found)
        said = verify(b, want=1)
        assert act.code in said and "remedy: " in said, said
        zh = verify(b, want=1, lang="zh")
        assert "处理：" in zh and f"问题 {act.code}" in zh, zh


@test("a tail cut off together with the end of the log is found by an anchor from elsewhere")
def _():
    b = TOWN.copy()
    line = b("audit", "anchor", who="aud").strip()
    assert line.startswith("tizhi-anchor "), line
    last = int(line.split()[2])
    for path in b.dir.glob("region.book.files/anchor"):
        path.unlink()
    sql(b, f"DELETE FROM parcel WHERE seq >= {last}", f"DELETE FROM event WHERE seq >= {last}",
        "DELETE FROM head WHERE seq >= %d" % last,
        "UPDATE chain SET seq = %d, (hash, at) = (SELECT hash, at FROM event WHERE seq = %d), "
        "parcels = (SELECT count(*) FROM parcel)" % (last - 1, last - 1))
    for path in b.dir.glob("region.book.files/anchor"):
        path.unlink()
    codes = {f["code"] for f in verify(b, want=1, fmt="json")["findings"]}
    assert codes <= {"head"}, codes  # by itself nothing of the cut is seen
    found = verify(b, "--anchor", line, want=1, fmt="json")["findings"]
    assert ["anchor_cut", last] in [[f["code"], f["commit"]] for f in found], found
    (b.dir / "filed").write_text(f"# filed away\n\n{line}\n", "utf-8")
    assert "anchor_cut" in verify(b, "--anchor", b.dir / "filed", want=1)
    said = verify(TOWN, "--anchor", b.dir / "nothing", want=3)
    assert "nothing" in said, said
    said = verify(TOWN, "--anchor", line.replace(line.split()[1], "0" * 32), want=3)
    assert "another book" in said, said


@test("signed anchors: only those of the key count")
def _():
    b = TOWN.copy()
    key, other = b.dir / "k", b.dir / "other"
    for path in (key, other):
        status, out, _ = run("audit", "key", path, "--lang", "en")
        assert status == 0 and f"{path}.pub" in out, out
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert run("audit", "key", key)[0] == 3  # never over one that is there
    line = b("audit", "anchor", "--key", key, who="aud", fmt="json")["anchor"]
    assert " ed25519 " in line, line
    assert "0 findings" in verify(b, "--anchor", line, "--public", f"{key}.pub")
    assert "0 findings" in verify(b, "--anchor", line)
    assert "not signed by this key" in verify(b, "--anchor", line, "--public", f"{other}.pub",
                                              want=3)
    words = line.split()
    for wrong in (" ".join(words[:5]), " ".join([*words[:2], "1", *words[3:]]), line[:-8]):
        assert "not signed" in verify(b, "--anchor", wrong, "--public", f"{key}.pub", want=3)
    assert "no such key" in verify(b, "--anchor", line, "--public", key, want=3)
    assert "no such key" in b("audit", "anchor", "--key", f"{key}.pub", who="aud",
                              want=3)


@test("the log: newest first, filters, pages, both languages")
def _():
    def log(*more, **kw):
        return TOWN("audit", "log", *more, who="aud", fmt="json", **kw)
    every = log("--limit", "1000")
    assert [e["commit"] for e in every] == list(range(len(every), 0, -1))
    mine = log("--actor", "user/u1")
    assert {e["act"] for e in mine} >= {"report.save", "report.submit"}, mine
    assert all(e["actor"] == "user/u1" for e in mine)
    assert {e["act"] for e in log("--act", "report.save")} == {"report.save"}
    assert {e["act"] for e in log("--act", "report")} >= {"report.save", "report.approve"}
    of_unit = log("--unit", "S1", "--act", "report")
    assert len(of_unit) == 5 and all(FORM in e["subjects"] for e in of_unit), of_unit
    first = log("--limit", "3")
    after = log("--limit", "3", "--before", str(first[-1]["commit"]))
    assert [e["commit"] for e in first + after] == [e["commit"] for e in every[:6]]
    today = every[0]["time"][:10]
    assert log("--from", today, "--to", today, "--limit", "1000") == every
    assert log("--to", "2001-01-01") == []
    said = TOWN("audit", "log", "--limit", "2", who="aud")
    assert f"--before {every[1]['commit']}" in said, said
    assert "人员" in TOWN("audit", "log", who="aud", lang="zh")
    assert "wants a date" in TOWN("audit", "log", "--from", "soon", who="aud", want=2)
    assert "log.read" in TOWN("audit", "log", who="revr", want=3)


if __name__ == "__main__":
    sys.exit(main())
