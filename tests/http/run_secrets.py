#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Secrets never reach logs: a whole story over HTTP, with everything in it that should stay secret
or private, and then what the service has written is searched for it. Prints TAP."""
import base64
import datetime
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import GOOD, TIZHI, Town  # noqa: E402
from raw import HOST, say  # noqa: E402
from service import Service  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = "计划 t { 年度 2024 至 2026 }\n层级 省 > 县\n对象 县 { 数据 人数 : 人 每年 }\n"
UNITS = "code,name,kind,parent\nR,省,省,\nD,县,县,R\n"
TOWN = Town(PLAN, UNITS, {"li": ["leader R internal"], "wang": ["filler D internal"]})
WRONG = "Wrong-Guess-7781"
NEXT = "Kumis-Next-4420"
SEARCHED = "某某人的姓名"
KEYS = []  # of authenticators: without a key for it the book has them as they are (people.md, 9)


def forms(word):
    """How a word could stand in a log."""
    raw = word.encode()
    return {word, quote(word), json.dumps(word)[1:-1], base64.b64encode(raw).decode(), raw.hex()}


def story(service):
    """Plays it; what must not be found."""
    secrets = [GOOD, WRONG, NEXT, SEARCHED]

    def keep(answer):
        if "Set-Cookie" in answer.headers:
            secrets.append(answer.headers["Set-Cookie"].split("=")[1].split(".")[0])
        return answer

    li, wang, thief = service.asker(), service.asker(), service.asker()
    assert keep(li.post("/session", {"user": "li", "password": GOOD})).status == 200
    assert keep(wang.post("/session", {"user": "wang", "password": GOOD})).status == 200
    keep(wang.post("/session/password", {"user": "wang", "password": GOOD, "next": NEXT}))
    li.get("/units?name=" + quote(SEARCHED))
    li.get("/units/" + quote(SEARCHED))
    li.get(f"/{quote(SEARCHED)}?password={WRONG}")
    li.ask("GET", "/api/v1/units", headers={"Authorization": f"Bearer {NEXT}", "X-Mine": SEARCHED
                                            .encode().decode("latin-1")})
    li.post("/session", '{"user":"li","password":"' + WRONG, headers={
        "Content-Type": "application/json"})
    offered = li.post("/session/totp", {"password": GOOD})
    assert offered.status == 200, offered.text
    KEYS.append(offered.json["secret"])
    token = li.post("/tokens", {"password": GOOD, "name": "t", "operations": ["unit.read"],
                                "until": str(datetime.date.today() + datetime.timedelta(days=9))})
    assert token.status == 200, token.text
    secrets.append(token.json["token"])
    say(service.port, b"GET /" + WRONG.encode() + b" HTTP/1.1\r\n" + HOST + b"X\0: " +
        NEXT.encode() + b"\r\n\r\n")
    say(service.port, b"GET /" + WRONG.encode() + b"\r\n\r\n")
    keep(thief.post("/session", {"user": "li", "password": WRONG, "code": "778899"}))
    secrets.append("778899")
    assert keep(li.delete("/session")).status == 204
    return [s for s in secrets + KEYS if s]


def search(place, text, secrets):
    for secret in secrets:
        for form in forms(secret):
            assert form not in text, f"{form!r} in {place}"


@test("access log, standard error and the strings of the book have no secret in them")
def _():
    b = TOWN.copy()
    with Service(b) as s:
        secrets = story(s)
        assert len(secrets) >= 8, secrets
        assert s.stop() == 0
        search("the access log", "".join(s.log), secrets)
        search("standard error", "".join(s.said), secrets)
        assert len(s.log) >= 12 and all(json.loads(x)["route"] is not None for x in s.log)
    kept = b.book.read_bytes().decode("latin-1")
    search("the book", kept, [x for x in secrets if x not in (SEARCHED, *KEYS)])


@test("with a key the database has no secret at all, and nobody is let in without it")
def _():
    b = TOWN.copy()
    key = b.dir / "key"
    key.write_text("5a" * 32)
    key.chmod(0o600)
    with Service(b, f"key={key}") as s:
        secrets = story(s)
        s.login("wang", password=NEXT)
        assert s.stop() == 0
    kept = b"".join(p.read_bytes() for p in b.dir.glob(b.book.name + "*") if p.is_file())
    search("the book", kept.decode("latin-1"), [x for x in secrets if x != SEARCHED])
    with Service(b) as s:
        got = s.asker().post("/session", {"user": "wang", "password": NEXT})
        assert got.status >= 400 and "key" in got.text.lower(), got.text
        assert s.stop() == 0


@test("a process shows no secret: neither in its words nor in its environment")
def _():
    with Service(TOWN.copy()) as s:
        s.login("li")
        for name in ("cmdline", "environ"):
            text = Path(f"/proc/{s.process.pid}/{name}").read_bytes().decode("utf-8", "replace")
            search(name, text, [GOOD])


@test("a failure of the book at the start tells no password")
def _():
    for place in ("postgresql://u@127.0.0.1:1/x", "/nowhere/at/all"):
        done = subprocess.run([str(x) for x in (
            TIZHI, "serve", "--pack", TOWN.pack, "--book", place, "--lang", "en")],
            capture_output=True, text=True, env={"PGPASSWORD": WRONG, "PATH": "/usr/bin"})
        assert done.returncode in (3, 4), done
        search("standard error", done.stderr + done.stdout, [WRONG])


if __name__ == "__main__":
    sys.exit(main())
