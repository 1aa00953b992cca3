#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command doctor: each thing that can be wrong with a book is found, with severity, place and
remedy in both languages; the exit status is that of the worst. Prints TAP."""
import os
import sqlite3
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import ADMINS, Book, Town, run  # noqa: E402
from tamper import PEOPLE, PLAN, UNITS, report  # noqa: E402
from tap import main, test  # noqa: E402

TASKS = PLAN + '任务 B1 规划 { 于 2069年 每个 学校 交付 "规划" }\n'
DAY = 86400


def town():
    t = Town(TASKS, UNITS, {**PEOPLE, "u1": ["filler S1 sensitive"]})
    report(t)
    (t.dir / "a.txt").write_text("规划文本\n", "utf-8")
    t("task", "file", "B1", t.dir / "a.txt", "--unit", "S1", "--day", "2025-03-01", who="u1")
    return t


TOWN = town()


def settled():
    """A book with which nothing is wrong: an anchor is taken, a backup made."""
    b = TOWN.copy()
    b("audit", "anchor", who="aud")
    b("backup", "--to", b.dir / "kept", who="sys")
    for path in b.dir.glob("region.book*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return b


def doctor(b, *more, want, who="sys"):
    """Codes; each finding has all its texts, and the text says the same as the JSON."""
    answer = b("doctor", *more, who=who, want=want, fmt="json")
    for f in answer["findings"]:
        assert all(f[k] for k in ("severity", "en", "zh", "remedy_en", "remedy_zh")), f
        assert "{" not in f["en"] + f["zh"] + f["remedy_en"], f
    for lang, key in (("en", "en"), ("zh", "zh")):
        said = b("doctor", who=who, want=want, lang=lang) if not more else ""
        told = [f for f in answer["findings"] if f["code"] != "clock"]  # which goes on
        assert not said or all(f[key] in said for f in told), said
    return {f["code"]: f for f in answer["findings"]}, answer


def sql(b, *statements):
    with sqlite3.connect(b.book) as db:
        for name, in list(db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")):
            db.execute(f"DROP TRIGGER {name}")
        for s in statements:
            db.execute(s)


@test("a book with which nothing is wrong; what it says of it")
def _():
    b = settled()
    found, answer = doctor(b, want=0)
    assert found == {} or set(found) <= {"disk_low"}, found
    assert answer["opened"] and answer["engine"] == "SQLite" and answer["version"] >= 4, answer
    assert answer["bytes"] > 0 and answer["free_mib"] > 0 and answer["commits"] > 30, answer
    assert answer["anchored"] > 0 and answer["backed_up"] > answer["anchored"], answer
    assert "nothing is wrong" in b("doctor", who="sys")
    assert "未发现问题" in b("doctor", "--pack", b.pack, who="sys", lang="zh")
    for who in ("aud", "sec", "issuer"):
        assert "system.set" in b("doctor", who=who, want=3)


@test("no anchor, no backup, a user without a seat: warnings and notes")
def _():
    b = TOWN.copy()
    b("user", "add", "idle", "--name", "x", who="sec")
    found, answer = doctor(b, want=1)
    assert {"anchor_none", "backup_none", "no_seat"} <= set(found), found
    assert "idle" in found["no_seat"]["en"] and answer["worst"] == "warning", answer


@test("what cannot be opened: told without login, exit status 4")
def _():
    b = settled()
    nothing = Book()
    nothing.pack = b.pack
    found, answer = doctor(nothing, want=4, who=None)
    assert set(found) == {"cannot_open"} and not answer["opened"], answer
    b.book.write_bytes(b"this is no book, and never was" * 100)
    for path in b.dir.glob("region.book-*"):
        path.unlink()
    found, _ = doctor(b, want=4, who=None)
    assert "no book" in found["cannot_open"]["en"], found
    newer = settled()
    with sqlite3.connect(newer.book) as db:
        db.execute("INSERT INTO migration VALUES (999, 'x', 0)")
    found, _ = doctor(newer, want=4, who=None)
    assert "newer" in found["cannot_open"]["en"] + found["cannot_open"]["remedy_en"], found


@test("a clock set back, a changed commit, open files: errors, each with its place")
def _():
    b = settled()
    os.chmod(b.book, 0o644)
    found, _ = doctor(b, want=4)
    assert set(found) == {"mode"} and "region.book" in found["mode"]["en"], found
    os.chmod(b.book, 0o600)
    sql(b, "UPDATE event SET note = 'x' WHERE seq = 7")
    found, _ = doctor(b, want=4)
    assert "changed 7" in found["audit"]["en"], found
    b = settled()
    sql(b, f"UPDATE chain SET at = {int((time.time() + 7200) * 1e6)}")
    found, _ = doctor(b, want=4)
    assert {"clock", "audit"} <= set(found) and "chrony" in found["clock"]["remedy_en"], found


@test("evidence: missing files, files that nobody names, a sweep by age")
def _():
    b = settled()
    folder = Path(f"{b.book}.files")
    kept = next(folder.glob("??/*"))
    old, new = folder / "ab" / ("0" * 62), folder / "cd" / ("1" * 62)
    for path in (old, new):
        path.parent.mkdir(exist_ok=True)
        path.write_text("left over", "utf-8")
    os.utime(old, (time.time() - 9 * DAY,) * 2)
    found, _ = doctor(b, want=0)
    extra = found["files_extra"]
    assert "2 files" in extra["en"] and "--sweep" in extra["remedy_en"], extra
    found, _ = doctor(b, "--sweep", "8", want=0)
    assert set(found) == {"files_swept", "files_extra"}, found
    assert not old.exists() and new.exists() and kept.exists()
    kept.rename(b.dir / "away")
    found, _ = doctor(b, want=4)
    assert "1 files of evidence" in found["files_gone"]["en"], found
    kept.write_text("short", "utf-8")
    found, _ = doctor(b, want=4)
    assert "files_gone" in found, found


@test("a book that does not verify is not swept")
def _():
    b = settled()
    kept = next(Path(f"{b.book}.files").glob("??/*"))
    sql(b, "DELETE FROM file")
    os.utime(kept, (0, 0))
    found, _ = doctor(b, "--sweep", "1", want=4)
    assert {"audit", "files_extra"} <= set(found) and kept.exists(), found


@test("a file that is put again is touched, and survives the sweep")
def _():
    b = settled()
    folder = Path(f"{b.book}.files")
    kept = next(folder.glob("??/*"))
    other = b.dir / "b.txt"
    other.write_text("又一份\n", "utf-8")
    os.utime(kept, (0, 0))
    b("task", "file", "B1", b.dir / "a.txt", "--unit", "S1", "--day", "2025-03-02", who="u1")
    assert time.time() - kept.stat().st_mtime < 600
    doctor(b, "--sweep", "1", want=0)
    assert kept.exists()


@test("people: an administrator missing, nobody who can log in")
def _():
    b = settled()
    kept = b.dir / "kept"
    again = Book()
    again.pack = b.pack
    again("restore", "--from", kept)
    found, _ = doctor(again, want=4, who=None)
    assert "user regain" in found["no_login"]["remedy_en"], found
    fresh = Book()
    fresh.pack = b.pack
    fresh("book", "init")
    found, _ = doctor(fresh, want=1, who=None)
    assert "user found" in found["no_users"]["remedy_en"], found
    b("seat", "end", "audit", "--with", "sys", who="sec", want=3)  # the last one stays
    assert ADMINS


@test("the plan: rows it does not know, kinds it does not know")
def _():
    b = TOWN.copy(facts="unit,item,period,value\nS2,学生,2024,60\n")
    small = b.dir / "small"
    small.mkdir()
    without = [line for line in TASKS.replace("学生, 教师", "教师").splitlines()
               if "数据 学生" not in line and "目标 T1" not in line]
    (small / "a.plan").write_text("\n".join(without), "utf-8")
    found, _ = doctor(b, "--pack", small, want=1)
    assert "does not know" in found["plan_left"]["en"], found
    (small / "a.plan").write_text("计划 p { 年度 2024 至 2026 }\n层级 省 > 县\n", "utf-8")
    found, _ = doctor(b, "--pack", small, want=4)
    assert "kind" in found["plan"]["en"], found
    status, _, _ = run("doctor", "--book", b.book, "--pack", b.dir / "none")
    assert status == 3


@test("what was forgotten is not on the disk: pages are overwritten")
def _():
    b = TOWN.copy()
    made = b("user", "add", "gone", "--name", "x", who="sec", fmt="json")
    b.settle("gone", made["password"])
    with sqlite3.connect(b.book) as db:
        body, = db.execute("SELECT body FROM secret WHERE subject = 'user/gone'").fetchone()
    salt = body.split("$")[4].encode()
    assert salt in b.book.read_bytes()
    b("user", "close", "gone", who="sec")
    with sqlite3.connect(b.book) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert salt not in b.book.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
