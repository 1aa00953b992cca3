#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands user and seat as their users meet them: one book, from its founding on. Passwords
are lines of standard input. Prints TAP."""
import base64
import hashlib
import hmac
import json
import os
import re
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import run  # noqa: E402
from tap import main, test  # noqa: E402

FOLDER = tempfile.TemporaryDirectory()
BOOK = Path(FOLDER.name, "a.book")
HOME = Path(FOLDER.name, "state")
PACK = Path(FOLDER.name, "pack")
GOOD = "Kumis-9-lamp"


def tizhi(*args, lines=(), lang="en", cheap=True):
    return run(*args, "--lang", lang, lines=lines, cheap=cheap, home=HOME)


def ok(*args, lines=(GOOD,), **more):
    status, out, err = tizhi(*args, "--book", BOOK, lines=lines, **more)
    assert status == 0, f"{args}: exit {status}: {err}"
    return out


def fails(want, text, *args, lines=(GOOD,), **more):
    status, out, err = tizhi(*args, "--book", BOOK, lines=lines, **more)
    assert status == want and text in err, f"{args}: exit {status}: {out}{err}"
    assert out == "", out


def answer(*args, **more):
    return json.loads(ok(*args, "--format", "json", **more))


def settle(user, once):
    ok("user", "password", "--as", user, lines=(once, GOOD, GOOD))


def code(secret, step):
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = digest[19] & 15
    return f"{(int.from_bytes(digest[at:at + 4], 'big') & 0x7fffffff) % 1000000:06}"


COMMANDS = [f"user {c}" for c in ("found", "list", "add", "close", "reopen", "reset", "unlock",
                                  "lock", "link", "unlink", "no-totp", "password", "totp",
                                  "prove", "login", "logout")] \
    + [f"token {c}" for c in ("create", "list", "end")] \
    + [f"seat {c}" for c in ("list", "show", "give", "hand", "end", "may", "rights")]


@test("help in both languages, usage errors with exit status 2")
def _():
    for command in COMMANDS:
        for lang in ("en", "zh"):
            status, out, _ = tizhi("help", *command.split(), lang=lang)
            assert status == 0 and f"tizhi {command}" in out, out
            assert ("--book" in out) == (command != "seat rights"), out
    fails(2, "no command user", "user", "lst")
    fails(2, "missing: USER", "user", "add", "--as", "sec")
    fails(2, "missing: AUDIT", "user", "found", "a", "b")
    fails(2, "one word too many", "user", "add", "a", "b", "--as", "sec")
    fails(2, "missing: --as", "user", "login")
    fails(2, "no option --role", "user", "list", "--as", "sec", "--role", "head")
    for args in (("user", "list", "--as", "sec"), ("user", "found", "a", "b", "c")):
        status, _, err = tizhi(*args)
        assert status == 2 and "missing: --book" in err, err
    status, _, err = tizhi("user", "list", "--format", "csv")
    assert status == 2 and "csv" in err, err


@test("there is no book before it is founded, and only once it is")
def _():
    for args in (("user", "list", "--as", "sec"), ("user", "found", "a", "b", "c")):
        fails(3, "", *args)
        assert not BOOK.exists()
    PACK.mkdir()
    (PACK / "a.plan").write_text("计划 p { 年度 2024 至 2026 }\n层级 省\n", "utf-8")
    (PACK / "units.csv").write_text("code,name,kind,parent\nR,省,省,\n", "utf-8")
    ok("book", "init", "--pack", PACK)
    fails(3, "no users yet", "user", "list", "--as", "sec")
    fails(3, "three persons", "user", "found", "sys", "sec", "sys")
    fails(3, "is no id", "user", "found", "sys", "张三", "aud")
    once = answer("user", "found", "sys", "sec", "aud", lines=())
    assert list(once) == ["sys", "sec", "aud"] and len(set(once.values())) == 3, once
    assert all(re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", p) for p in once.values()), once
    fails(3, "first users already", "user", "found", "x", "y", "z")
    fails(3, "has to be changed first", "user", "list", "--as", "sec", lines=(once["sec"],))
    fails(3, "10 characters", "user", "password", "--as", "sec", lines=(once["sec"], "a", "a"))
    fails(3, "not the same", "user", "password", "--as", "sec", lines=(once["sec"], GOOD, "b"))
    fails(3, "line is missing", "user", "password", "--as", "sec", lines=(once["sec"],))
    for user, password in once.items():
        settle(user, password)


@test("users: added by the security administrator alone")
def _():
    made = answer("user", "add", "li", "--name", "李雷", "--as", "sec", "--note", "new clerk")
    settle("li", made["password"])
    settle("wu", answer("user", "add", "wu", "--name", "吴", "--as", "sec")["password"])
    fails(3, "is there already", "user", "add", "li", "--name", "x", "--as", "sec")
    fails(2, "missing: --name", "user", "add", "ma", "--as", "sec")
    fails(3, "there is no unit", "user", "add", "ma", "--name", "m", "--unit", "Q", "--as", "sec")
    for other in ("sys", "aud", "li"):
        fails(3, "holds no seat", "user", "add", "ma", "--name", "m", "--as", other)
    users = answer("user", "list", "--as", "aud")
    assert [u["id"] for u in users] == ["aud", "li", "sec", "sys", "wu"], users
    assert users[1] == {"id": "li", "name": "李雷", "unit": "", "state": "open"}, users
    assert "李雷" in ok("user", "list", "--as", "sec", lang="zh")
    fails(3, "holds no seat", "user", "list", "--as", "sys")


@test("seats: given, shown, asked about")
def _():
    give = ("seat", "give", "root.fill", "--role", "filler", "--class", "internal", "--holder",
            "li")
    ok(*give, "--as", "sec")
    fails(3, "is there already", *give, "--as", "sec")
    fails(2, "One of: filler, reviewer", "seat", "give", "x", "--role", "boss", *give[5:], "--as",
          "sec")
    fails(2, "missing: --role", "seat", "give", "x", *give[5:], "--as", "sec")
    fails(2, "--to wants a date", *give, "--to", "soon", "--as", "sec")
    fails(3, "to himself", *give[:2], "x", *give[3:-1], "sec", "--as", "sec")
    seats = answer("seat", "list", "--as", "aud")
    assert [s["id"] for s in seats] == ["audit", "root.fill", "security", "system"], seats
    assert seats[1]["role"] == "filler" and seats[1]["acting"] == "li", seats
    may = ("seat", "may", "--holder", "li", "--as", "aud", "--op")
    assert answer(*may, "fact.fill", "--class", "internal") == {"allowed": "yes",
                                                                "seat": "root.fill"}
    status, out, _ = tizhi(*may, "fact.fill", "--class", "sensitive", "--book", BOOK, lines=(GOOD,))
    assert (status, out) == (1, "allowed: no\n"), out
    assert answer(*may, "填写草稿、说明校验", "--class", "公开")["allowed"] == "yes"
    fails(3, "holds no seat", "seat", "list", "--as", "li")


@test("an administrator's seat needs two, and excludes others")
def _():
    give = ("seat", "give", "audit.2", "--role", "audit", "--class", "sensitive", "--holder")
    fails(3, "needs a second one", *give, "wu", "--as", "sec")
    fails(3, "needs a second one", *give, "wu", "--as", "sec", "--with", "li", lines=(GOOD, GOOD))
    fails(3, "holds the seat root.fill", *give, "li", "--as", "sec", "--with", "aud",
          lines=(GOOD, GOOD))
    ok(*give, "wu", "--as", "sec", "--with", "aud", lines=(GOOD, GOOD))
    fails(3, "holds the seat audit.2", "seat", "give", "x", "--role", "head", "--class", "internal",
          "--holder", "wu", "--as", "sec")
    fails(3, "last seat", "seat", "end", "system", "--as", "sec", "--with", "aud",
          lines=(GOOD, GOOD))


@test("a hand-over names predecessor and duties; the history stays")
def _():
    settle("ma", answer("user", "add", "ma", "--name", "马", "--as", "sec")["password"])
    hand = ("seat", "hand", "root.fill", "--holder", "ma", "--as", "sec")
    fails(2, "missing: --from", *hand)
    fails(2, "need the plan", *hand, "--from", "2199-09-01")
    hand += ("--pack", PACK)
    fails(3, "began on that day", *hand, "--from", time.strftime("%Y-%m-%d", time.gmtime(
        time.time() + 8 * 3600)))
    ok(*hand, "--from", "2199-09-01", "--duty", "form r1", "--duty", "key", "--note", "leaves")
    fails(3, "not come into force", *hand, "--from", "2199-10-01")
    versions = answer("seat", "show", "root.fill", "--as", "aud")
    assert [v["holder"] for v in versions] == ["li", "ma"], versions
    assert [v["acting"] for v in versions] == ["li", "li"], versions
    assert versions[1]["before"] == "li" and versions[1]["from"] == "2199-09-01", versions
    assert "  key\n" in ok("seat", "show", "root.fill", "--as", "aud")
    late = answer("seat", "list", "--as-of", "2199-09-01", "--holder", "ma", "--as", "aud")
    assert [s["acting"] for s in late] == ["ma"], late
    fails(3, "no seat none", "seat", "show", "none", "--as", "aud")
    fails(3, "still holds the seat", "user", "close", "li", "--as", "sec")


@test("one-time codes: offered, proved, asked for, good once")
def _():
    secret = answer("user", "totp", "--as", "ma")["secret"]
    step = int(time.time()) // 30
    fails(3, "does not fit", "user", "prove", "--as", "ma", lines=(GOOD, "x"))
    ok("user", "prove", "--as", "ma", lines=(GOOD, code(secret, step)))
    out = ok("user", "login", "--as", "ma", lines=(GOOD, code(secret, step + 1)))
    assert "wrong tries before: 0" in out, out
    fails(3, "is wrong", "user", "login", "--as", "ma", lines=(GOOD, code(secret, step + 1)))
    ok("user", "no-totp", "ma", "--as", "sec")
    once = answer("user", "reset", "ma", "--as", "sec")["password"]
    assert "password to be changed: yes" in ok("user", "login", "--as", "ma", lines=(once,))


@test("a session: begun by password, used without it, ended")
def _():
    out = ok("user", "login", "--as", "sec", lang="zh")
    assert "会话文件：" in out and "须更改密码：否" in out, out
    ok("user", "logout", lines=())
    fails(3, "nobody is logged in", "user", "list", lines=())
    file = Path(answer("user", "login", "--as", "sec")["session"])
    assert file.parent == HOME / "tizhi" and file.stat().st_mode & 0o777 == 0o600, file
    assert "li" in ok("user", "list", lines=())
    fails(3, "line is missing", "user", "list", "--as", "sec", lines=())
    user, token = file.read_text().split()
    assert user == "sec" and re.fullmatch("[A-Z2-7]{52}", token), token
    with sqlite3.connect(BOOK) as db:
        assert token not in "".join(b for b, in db.execute("SELECT body FROM secret"))
    other = Path(FOLDER.name, "other.session")
    ok("user", "login", "--as", "aud", "--session", other)
    assert "li" in ok("user", "list", "--session", other, lines=())
    fails(3, "holds no seat", "user", "add", "x", "--name", "x", "--session", other, lines=())
    ok("user", "logout", lines=())
    assert not file.exists()
    fails(3, "nobody is logged in", "user", "list", lines=())
    fails(3, "no session", "user", "logout", lines=())
    file.write_text(f"{user} {token}\n")
    file.chmod(0o600)
    fails(3, "session has ended", "user", "list", lines=())
    file.unlink()


@test("a file that others may read, or that is no session, is not believed")
def _():
    file = Path(FOLDER.name, "s")
    ok("user", "login", "--as", "aud", "--session", file)
    use = ("user", "list", "--session", file)
    good = file.read_text()
    for mode in (0o640, 0o604):
        file.chmod(mode)
        fails(3, "others may read", *use, lines=())
    file.chmod(0o600)
    for text in ("", "\n", good[:-1], good * 2, "aud " + "A" * 51 + "\n", " " + good,
                 good.replace("aud", "../a"), good.lower(), "a" * 5000):
        file.write_text(text)
        fails(3, "", *use, lines=())
    for text in ("aud " + "A" * 52, good.strip().replace("aud", "sec"),
                 good.strip().replace("aud", "none")):
        file.write_text(text + "\n")
        fails(3, "session has ended", *use, lines=())
    file.write_text(good)
    ok(*use, lines=())
    link = Path(FOLDER.name, "link")
    link.symlink_to(file)
    fails(3, "holds no session", "user", "list", "--session", link, lines=())
    fails(4, "cannot write", "user", "login", "--as", "aud", "--session", link)
    fails(3, "holds no session", "user", "list", "--session", FOLDER.name, lines=())


@test("a session ends with the password, with a lock, and loses a seat at once")
def _():
    file = Path(FOLDER.name, "s")
    use = ("seat", "list", "--session", file)
    settle("zhao", answer("user", "add", "zhao", "--name", "赵", "--as", "sec")["password"])
    ok("user", "login", "--as", "zhao", "--session", file)
    fails(3, "holds no seat", *use, lines=())
    ok("seat", "give", "head", "--role", "head", "--class", "internal", "--holder", "zhao", "--as",
       "sec")
    assert "head" in ok(*use, lines=())
    ok("seat", "end", "head", "--to", time.strftime("%Y-%m-%d", time.gmtime(
        time.time() - 16 * 3600)), "--as", "sec")
    fails(3, "holds no seat", *use, lines=())
    ok("user", "password", "--as", "zhao", lines=(GOOD, "Airag-8-bowl", "Airag-8-bowl"))
    fails(3, "session has ended", *use, lines=())
    ok("user", "login", "--as", "zhao", "--session", file, lines=("Airag-8-bowl",))
    for wait in (0, 1.1, 2.1, 4.1, 8.1):
        time.sleep(wait)
        fails(3, "is wrong", "user", "login", "--as", "zhao", lines=("x",))
    fails(3, "session has ended", *use, lines=())


@test("a wrong password and an unknown user have one answer")
def _():
    texts = [tizhi("user", "login", "--as", user, "--book", BOOK, lines=(password,))
             for user, password in (("wu", "Kumis-8-lamp"), ("nobody", GOOD), ("", GOOD))]
    assert len(set(texts)) == 1 and texts[0][0] == 3, texts
    ok("user", "unlock", "wu", "--as", "sec", "--with", "sys", lines=(GOOD, GOOD))
    ok("user", "login", "--as", "wu")


@test("a cheap hash is worth nothing without the variable")
def _():
    fails(3, "is wrong", "user", "login", "--as", "sys", cheap=False)
    ok("user", "unlock", "sys", "--as", "sec", "--with", "aud", lines=(GOOD, GOOD))


@test("closed, and open again")
def _():
    ok("user", "add", "bo", "--name", "博", "--as", "sec")
    ok("user", "close", "bo", "--as", "sec", "--note", "left")
    assert {u["id"]: u["state"] for u in answer("user", "list", "--as", "sec")}["bo"] == "closed"
    once = answer("user", "reopen", "bo", "--as", "sec")["password"]
    settle("bo", once)


@test("a user is locked at once, and linked to a name at the provider that nobody else has")
def _():
    ok("user", "add", "kang", "--name", "康", "--as", "sec")
    ok("user", "add", "lan", "--name", "兰", "--as", "sec")
    use = ("--issuer", "https://sso.example", "--sub", "k-1", "--as", "sec")
    ok("user", "link", "kang", *use)
    fails(3, "linked to kang", "user", "link", "lan", *use)
    fails(3, "by password", "user", "link", "sys", *use[:3], "k-2", "--as", "sec", "--with", "aud",
          lines=(GOOD, GOOD))
    fails(2, "missing: --sub", "user", "link", "lan", *use[:2], "--as", "sec")
    ok("user", "unlink", "kang", "--as", "sec")
    ok("user", "link", "lan", *use)
    ok("user", "lock", "lan", "--as", "sec", "--note", "key lost")
    fails(3, "has locked", "user", "login", "--as", "lan")
    ok("user", "unlock", "lan", "--as", "sec")
    fails(3, "is wrong", "user", "login", "--as", "lan")


@test("an API token is shown once, listed without its secret, and ended")
def _():
    until = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 10 * 86400))
    use = ("--op", "fact.read", "--op", "unit.read", "--until", until, "--as", "li")
    text = answer("token", "create", "bot", *use)["token"]
    assert re.fullmatch(r"tizhi-[A-Z2-7]{52}\.li", text), text
    (row,) = answer("token", "list", "--as", "li")
    assert row["name"] == "bot" and row["operations"] == "fact.read unit.read", row
    assert row["until"] == until and row["last"] == "" and text not in str(row)
    fails(3, "already", "token", "create", "bot", *use)
    fails(3, "cannot be for user.set", "token", "create", "b2", "--op", "user.set", *use)
    fails(3, "no unit", "token", "create", "b2", "--unit", "nowhere", *use)
    fails(3, "in 366 days", "token", "create", "b2", "--op", "fact.read", "--until", "2090-01-01",
          "--as", "li")
    with sqlite3.connect(BOOK) as db:
        assert text.split("-")[1].split(".")[0] not in str(db.execute(
            "SELECT body FROM secret").fetchall())
        events = db.execute("SELECT act, actor, note FROM event").fetchall()
    assert ("user.token", "user/li", "bot") in events
    ok("token", "end", "bot", "--as", "li")
    fails(3, "no token bot", "token", "end", "bot", "--as", "li")
    assert answer("token", "list", "--as", "li") == []


@test("every act is a commit with actor, act and note; no secret is in the book")
def _():
    with sqlite3.connect(BOOK) as db:
        events = db.execute("SELECT act, actor, note FROM event ORDER BY seq").fetchall()
        bodies = "".join(b for b, in db.execute("SELECT body FROM parcel"))
    assert events[1] == ("user.found", "tizhi", ""), events[1]
    assert ("user.add", "user/sec", "new clerk") in events
    assert ("seat.hand-over", "user/sec", "leaves") in events
    assert ("seat.give", "user/sec", "[user/aud]") in events
    assert ("user.login", "user/ma", "") in events and ("user.password", "user/li", "") in events
    assert "argon2" not in bodies and GOOD not in bodies, "a secret lies in the chain"


@test("the table of rights is printed in both languages and as JSON")
def _():
    status, out, _ = tizhi("seat", "rights", "--format", "json")
    rows = json.loads(out)
    assert status == 0 and {"operation": "fact.read", "role": "filler", "own": "sealed",
                            "child": "public", "sibling": "public", "parent": "public",
                            "other": "public"} in rows, rows[:2]
    assert not [r for r in rows if r["role"] in ("system", "security", "audit")
                and r["operation"].startswith(("fact", "count", "verdict"))]
    assert "fact.read" in tizhi("seat", "rights")[1]
    assert "查看数据" in tizhi("seat", "rights", lang="zh")[1]


code_of_exit = main()
FOLDER.cleanup()
sys.exit(code_of_exit)
