#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands backup and restore, and the restore drill: book, backup, loss, restore; all users,
reports and verdicts are the same, and the audit verifies. Prints TAP."""
import os
import pty
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import ADMINS, GOOD, TIZHI, Town, run  # noqa: E402
from tamper import PEOPLE, PLAN, UNITS, report  # noqa: E402
from tap import main, test  # noqa: E402

TASKS = PLAN + '任务 B1 规划 { 于 2069年 每个 学校 交付 "规划" }\n'
PHRASE = "three wise cranes above the marsh"


def town():
    t = Town(TASKS, UNITS, {**PEOPLE, "u1": ["filler S1 sensitive"]})
    report(t)
    (t.dir / "a.txt").write_text("规划文本\n", "utf-8")
    return t


TOWN = town()


def lose(b):
    """The book and its files are gone."""
    for path in (b.book, Path(f"{b.book}-wal"), Path(f"{b.book}-shm")):
        path.unlink(missing_ok=True)
    shutil.rmtree(f"{b.book}.files", ignore_errors=True)


def backup(b, *more, want=0, lines=(), **kw):
    return b("backup", "--to", b.dir / "kept", *more, who="sys", want=want, lines=lines, **kw)


def restore(b, *more, want=0, **kw):
    return b("restore", "--from", b.dir / "kept", *more, want=want, **kw)


def state(b):
    """All that people see of it."""
    users = b("user", "list", who="sec", fmt="json")
    seats = b("seat", "list", who="sec", fmt="json")
    status = b("round", "status", "R1", who="issuer", fmt="json")
    shown = b("report", "show", "R1", "--unit", "S1", who="u1", fmt="json")
    return users, seats, status, shown


def rows(path):
    with sqlite3.connect(path) as db:
        return [list(db.execute(f"SELECT * FROM {t} ORDER BY 1, 2"))
                for t in ("event", "parcel", "layout")]


@test("the drill: backup with secrets, loss, restore; users, reports and log are the same")
def _():
    b = TOWN.copy()
    said = backup(b, "--secrets", lines=(PHRASE, PHRASE), fmt="json")
    assert said["before"] == 0 and said["verified"] == said["commits"], said
    assert said["secrets"] == len(PEOPLE) + len(ADMINS), said
    before = state(b)
    kept = rows(b.dir / "kept")
    lose(b)
    got = restore(b, "--secrets", lines=(PHRASE,), fmt="json")
    assert got["commits"] == said["commits"] and got["secrets"] == said["secrets"], got
    assert rows(b.book) == kept
    assert state(b) == before
    assert "0 findings" in b("audit", "verify", who="aud")
    status, _, _ = run("user", "login", "--as", "u1", "--book", b.book, "--session",
                       b.dir / "new.session", lines=(GOOD,))
    assert status == 0
    report(b, "S2", "u2", opened=True)  # and it goes on


@test("the drill without secrets: nobody can log in until the three administrators regain it")
def _():
    b = TOWN.copy()
    backup(b)
    lose(b)
    said = restore(b)
    assert "user regain SYSTEM SECURITY AUDIT" in said, said
    status, _, err = run("user", "list", "--as", "sec", "--book", b.book, lines=(GOOD,))
    assert status == 3, err
    assert "holds no seat over all units" in b("user", "regain", "sys", "aud", "sec", want=3)
    assert "holds no seat" in b("user", "regain", "sys", "sec", "u1", want=3)
    once = b("user", "regain", *ADMINS, fmt="json")
    again = b("user", "regain", *ADMINS, fmt="json")  # the first was cut short: once more
    assert list(again) == list(ADMINS) and again != once
    for user, password in again.items():
        b.settle(user, password)
    said = b("user", "regain", *ADMINS, want=3)
    assert "who can log in" in said and "user reset" in said, said
    made = b("user", "reset", "u1", who="sec", fmt="json")
    b.settle("u1", made["password"])
    assert b("report", "show", "R1", "--unit", "S1", who="u1", fmt="json")["state"] == "accepted"
    acts = [e["act"] for e in b("audit", "log", "--act", "user", who="aud", fmt="json")]
    assert acts.count("user.regain") == 2, acts
    assert "0 findings" in b("audit", "verify", who="aud")


@test("a backup again adds what is new, evidence with it; a mark says so in the log")
def _():
    b = TOWN.copy()
    first = backup(b, fmt="json")
    b("task", "file", "B1", b.dir / "a.txt", "--unit", "S1", "--day", "2025-03-01", who="u1")
    second = backup(b, fmt="json")
    assert second["before"] == first["commits"] and second["files"] == 1, second
    assert second["commits"] == first["commits"] + 2, second  # the mark, and the filing
    marks = b("audit", "log", "--act", "backup.done", who="aud", fmt="json")
    assert len(marks) == 2 and str(b.dir / "kept") in marks[0]["note"], marks
    assert stat.S_IMODE((b.dir / "kept").stat().st_mode) == 0o600
    lose(b)
    dry = restore(b, "--dry-run", fmt="json")
    assert dry["dry_run"] and dry["commits"] == second["commits"], dry
    assert not b.book.exists()
    restore(b)
    assert len(list(Path(f"{b.book}.files").glob("??/*"))) == 1


@test("a backup is made while others write, and is a whole book")
def _():
    b = TOWN.copy()
    writers = [subprocess.Popen(
        [TIZHI, "user", "login", "--as", "u2", "--book", b.book, "--session", b.dir / f"w{i}"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={"TIZHI_TEST_CHEAP_PASSWORDS": "1"}) for i in range(4)]
    for w in writers:
        w.stdin.write(f"{GOOD}\n".encode())
        w.stdin.close()
    said = backup(b, fmt="json")
    assert said["verified"] == said["commits"], said
    for w in writers:
        w.wait()
    assert backup(b, fmt="json")["verified"] >= said["commits"]


@test("never over what has gone another way, never from what is damaged")
def _():
    b = TOWN.copy()
    backup(b)
    other = TOWN.copy()  # goes another way from here on
    report(other, "S2", "u2", opened=True)
    b("user", "add", "late", "--name", "x", who="sec")
    backup(b)
    said = other("backup", "--to", b.dir / "kept", who="sys", want=3)
    assert "gone another way" in said and "Choose a new place" in said, said
    said = other("restore", "--from", b.dir / "kept", who="sys", want=3)
    assert "gone another way" in said, said
    said = Town(PLAN, UNITS, {})("restore", "--from", b.dir / "kept", want=3)
    assert "another book" in said, said
    with sqlite3.connect(b.dir / "kept") as db:
        db.execute("DROP TRIGGER event_update")
        db.execute("UPDATE event SET note = 'x' WHERE seq = 5")
    lose(b)
    said = restore(b, want=1)
    assert "finding changed: commit 5" in said and not b.book.exists(), said
    assert "cannot be opened" in b("restore", "--from", b.dir / "no", want=3)


@test("only the system administrator backs up; restoring over a living book asks for him too")
def _():
    b = TOWN.copy()
    for who in ("sec", "aud", "issuer", "u1"):
        said = b("backup", "--to", b.dir / "kept", who=who, want=3)
        assert "(backup)" in said, said
    backup(b)
    assert "what is there is longer" in restore(b, who="sys", want=3)
    behind = TOWN.copy()
    said = behind("restore", "--from", b.dir / "kept", want=3)
    assert "nobody is logged in" in said, said
    b("user", "add", "late", "--name", "x", who="sec")
    backup(b)
    assert "(backup)" in behind("restore", "--from", b.dir / "kept", who="aud", want=3)
    got = behind("restore", "--from", b.dir / "kept", who="sys", fmt="json")
    assert 0 < got["before"] < got["commits"], got
    assert "late" in behind("user", "list", who="sec")


@test("a backup goes into a file: no address of a server gets into the log")
def _():
    said = TOWN("backup", "--to", "postgresql://u:secret@host/db", who="sys", want=2)
    assert "into a file" in said and "tizhi restore" in said, said


@test("secrets open with their passphrase alone, and only beside their book")
def _():
    b = TOWN.copy()
    assert "fewer than 12" in backup(b, "--secrets", lines=("short", "short"), want=3)
    assert "not the same" in backup(b, "--secrets", lines=(PHRASE, "other"), want=3)
    backup(b, "--secrets", lines=(PHRASE, PHRASE))
    secrets = b.dir / "kept.secrets"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    bytes_ = secrets.read_bytes()
    assert bytes_.startswith(b"tizhi-secrets-1\n") and b"argon2" not in bytes_
    lose(b)
    said = restore(b, "--secrets", lines=("another passphrase",), want=3)
    assert "does not open" in said and "user regain" in said, said
    for wrong in (bytes_[:-1], bytes_[:80] + b"x" + bytes_[81:], bytes_[:60], b""):
        secrets.write_bytes(wrong)
        assert "does not open" in restore(b, "--secrets", lines=(PHRASE,), want=3)
    assert not b.book.exists()
    secrets.write_bytes(bytes_)
    restore(b)  # as if the secrets had been forgotten, or the program killed before them
    assert restore(b, "--secrets", lines=(PHRASE,), fmt="json")["secrets"] > 0
    other = Town(PLAN, UNITS, {})
    other("backup", "--to", other.dir / "kept", who="sys")
    lose(other)
    shutil.copy(secrets, other.dir / "kept.secrets")
    assert "of another book" in other("restore", "--from", other.dir / "kept", "--secrets",
                                      lines=(PHRASE,), want=3)


@test("on a terminal a backup shows that verifying it goes on, elsewhere it does not")
def _():
    b = TOWN.copy()
    ours, theirs = pty.openpty()
    argv = [TIZHI, "backup", "--to", b.dir / "kept", "--book", b.book, "--session",
            b.dir / "sys.session", "--lang", "zh"]
    env = {"TIZHI_TEST_CHEAP_PASSWORDS": "1", "XDG_STATE_HOME": str(b.dir / "state")}
    done = subprocess.run([str(x) for x in argv], stderr=theirs, timeout=300, check=False, env=env,
                          stdout=subprocess.DEVNULL)
    os.close(theirs)
    said = os.read(ours, 65536).decode("utf-8")
    os.close(ours)
    assert done.returncode == 0 and "已读账本 " in said and "\x1b[K" in said, said
    assert "已读账本" not in backup(b, lang="zh")


if __name__ == "__main__":
    sys.exit(main())
