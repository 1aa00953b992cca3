#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Hostile texts in every place of every route that takes a text, on both engines: path, query,
body. They are answered like any other text that nobody knows, and do nothing. Prints TAP."""
import json
import sys
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import ADMINS, Town  # noqa: E402
from examples import EXAMPLES  # noqa: E402
from pg import Server  # noqa: E402
from service import Service, part  # noqa: E402
from tap import main, test  # noqa: E402
from visits import PLAN, UNITS, WORLDS, build  # noqa: E402

PLAIN = "nobody knows this"  # what the others are compared with
SQL = ("' OR '1'='1", "'; DROP TABLE event; --", "\" OR 1=1 --", "\\' OR 1=1",
       "1); DELETE FROM parcel", "' UNION SELECT body FROM secret --", "%' OR name LIKE '%", "$1",
       "?1", ":a", "x'00'")
OTHER = ("../../../../etc/passwd", "..\\..\\x", "${7*7}", "{{7*7}}", "<script>alert(1)</script>",
         "file:///etc/passwd", "=1+1", "a" * 4000, "\u202egnp.x", "ﷺ" * 50, "%s%n%x", "|id", "`id`")
WHO = {"all-r": ["issuer R internal", "reviewer R internal"], "fill": ["filler S1 internal"]}


class PgTown(Town):
    """A town in a schema of a server."""

    def __init__(self, server):
        self.server, self.place = server, None
        super().__init__(PLAN, UNITS, WHO)

    def __call__(self, *args, **kw):
        if self.place is None:
            self.place = self.server.place()[0]
        self.book = self.place
        return super().__call__(*args, "--files", self.dir / "files", **kw)


def places(name, op):
    """Where the route takes a text: a function from a text to a request."""
    example = EXAMPLES[name]
    method, path = name.split(" ")
    body = example.body
    words = {"unit": "S1", **example.words}

    def request(words, query, body):
        at = path
        for word, value in words.items():
            at = at.replace("{" + word + "}", part(value))
        query = {**example.query, **query}
        more = {} if body is None else {"body": body}
        if example.upload:
            more = {"body": example.upload[0], "headers": {
                "Content-Type": example.upload[1], "X-Tizhi": "1"}}
        return method, at + ("?" + urlencode(query) if query else ""), more

    for p in op["parameters"]:
        if p["in"] == "path":
            yield f"{{{p['name']}}}", lambda x, p=p: request({**words, p["name"]: x}, {}, body)
        else:
            yield f"?{p['name']}", lambda x, p=p: request(words, {p["name"]: x}, body)
    for member, value in body.items() if isinstance(body, dict) else ():
        if isinstance(value, str) and member not in ("password", "code"):  # a guess, and they lock
            yield f"/{member}", lambda x, m=member: request(words, {}, body | {m: x})


def ask(who, request):
    method, at, more = request
    return who.ask(method, at, **more)


def who_may(people, make):
    """Somebody whose request gets as far as the text."""
    return next((a for a in people if ask(a, make(PLAIN)).status not in (401, 403)), people[0])


def attack(service, people, texts):
    api = service.asker().get("/openapi.json").json
    wrong, asked = [], 0
    for path, item in api["paths"].items():
        for method, op in item.items():
            name = f"{method.upper()} {path}"
            if path.startswith("/api/v1/session") and method != "get" or name not in EXAMPLES:
                continue
            if path.endswith("/events"):
                continue
            for place, make in places(name, op):
                who = who_may(people, make)
                for text in texts:
                    got = ask(who, make(text))
                    asked += 1
                    if got.status >= 500 or "root:" in got.text or "syntax" in got.text.lower():
                        wrong.append(f"{name} {place} {text[:30]!r}: {got.status} {got.text[:200]}")
    assert not wrong, "\n".join(wrong[:20])
    assert asked > 300, asked


def whole(book):
    book("audit", "verify", who="aud")
    said = json.dumps(book("user", "list", who="sec", fmt="json"))
    assert all(f'"{user}"' in said for user in (*WHO, *ADMINS)), said


def cases(book, engine):
    with Service(book) as s:
        # Once: texts that are taken for wrong codes make logins wait.
        people = [s.login(user) for user in (*WHO, *ADMINS)]

        @test(f"SQL injection on {engine}: no text of any route is more than a text")
        def _():
            attack(s, people, SQL)

        @test(f"other hostile texts on {engine}: paths, templates, formulas, commands, lengths")
        def _():
            attack(s, people, OTHER)

        @test(f"after it the book on {engine} verifies, and everybody is there")
        def _():
            whole(book)


cases(build(WORLDS[0], WHO), "SQLite")
with Server() as server:
    cases(PgTown(server), "PostgreSQL")
sys.exit(main())
