#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who may what, exhausted: every route of the OpenAPI file that the service gives out, asked by a
seat of every role, an administrator, nobody, somebody without a seat and a session that is over,
about the seat's own unit, one below, beside, above it and any other. What must come is worked out
here from the table of rights and the rights that the route says it needs. Prints TAP."""
import json
import re
import sqlite3
import sys
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import ADMINS, ROOT, run  # noqa: E402
from examples import EXAMPLES  # noqa: E402
from service import Service, part  # noqa: E402
from tap import main, test  # noqa: E402
from visits import WORLDS, build  # noqa: E402

SRC = ROOT / "src"
CLASSES = ("public", "internal", "sensitive", "sealed")
ABOVE = {"R": "", "C": "R", "D": "C", "E": "C", "S1": "D", "S2": "D", "T1": "E"}
UNITS = ("D", "S1", "E", "C", "R", "T1")  # own, child, sibling, parent, the root, other: of D
FREE = ("anybody", "oneself")

# ---- the tables ---------------------------------------------------------------------------------

RIGHTS = {(line["operation"], line["role"]): line
          for line in json.loads(run("seat", "rights", "--format", "json")[1])}
ROLES = sorted({role for _, role in RIGHTS})
ADMIN_OF = dict(zip(("system", "security", "audit"), ADMINS))


def rows(path, macro, columns):
    found = re.findall(rf"^{macro}\((.*)\)", (SRC / path).read_text("utf-8"), re.M)
    for row in found:
        yield [x.strip().strip('"') for x in row.split(",")][:columns]


WORD_OF = {name: word for name, word in rows("app/seat/op.def", "OP", 2)}
PORT = {}
for _act, _op in rows("app/seat/port.def", "PORT", 2):
    PORT.setdefault(_act, []).append(WORD_OF[_op])


def above(unit):
    while ABOVE[unit]:
        unit = ABOVE[unit]
        yield unit


def relation(seat, unit):
    """What the unit asked about is to the unit of the seat."""
    if seat == unit:
        return "own"
    if seat in above(unit):
        return "child"
    if unit in above(seat):
        return "parent"
    return "sibling" if ABOVE[seat] == ABOVE[unit] else "other"


def may(seats, act, unit, at):
    """Whether a seat may do the act at the unit on data of the class."""
    need = CLASSES.index(at)
    for seat in seats:
        to = relation(seat["unit"] or "R", unit)
        if at == "sealed" and to != "own":
            continue  # people.md, 5
        for op in PORT[act]:
            highest = RIGHTS.get((op, seat["role"]), {}).get(to)
            if highest and min(CLASSES.index(highest), CLASSES.index(seat["class"])) >= need:
                return True
    return False


# ---- the book and who asks ----------------------------------------------------------------------

SEATED = {f"d-{role}": [f"{role} D sealed"] for role in ROLES if role not in ADMIN_OF}
BOOK = build(WORLDS[0], {**SEATED, "victim": ["filler S2 internal"]})
SERVICE = Service(BOOK, "public=yes", "public_rate=100000")
SERVICE.__enter__()
API = SERVICE.asker().get("/openapi.json").json
ROUTES = {f"{method.upper()} {path}": op for path, item in API["paths"].items()
          for method, op in item.items()}


class Who:
    """Somebody who asks; his cookie stays what it is, whatever the answers say."""

    def __init__(self, name, cookie, seats=()):
        self.name, self.cookie, self.seats = name, cookie, seats
        self.asker = SERVICE.asker()

    def ask(self, request):
        method, path, more = request
        self.asker.cookie = self.cookie
        return self.asker.ask(method, path, **more)


    def log_in(self):
        a = SERVICE.login(self.name)
        self.cookie = a.cookie
        self.seats = a.get("/session").json["seats"]
        return self


def logged_out():
    a = SERVICE.login("nobody")
    kept = a.cookie
    assert a.delete("/session").status == 204
    return Who("logged out", kept)


PEOPLE = [Who(user, None).log_in() for user in (*SEATED, "iss", *ADMINS, "nobody")]
STRANGERS = [Who("", None), Who("forged", "tizhi=" + "A" * 52 + ".sys"), logged_out()]

# ---- requests -----------------------------------------------------------------------------------


def places(name, op, example):
    """Where the route takes its unit from."""
    query = [p["name"] for p in op["parameters"] if p["in"] == "query"]
    if "{unit}" in name:
        return ["path"]
    named = [w for w in ("unit", "under") if w in query]
    if not named and isinstance(example.body, dict) and "unit" in example.body:
        return ["body"]
    return [*named, ""]


def request(name, example, place, unit):
    method, path = name.split(" ")
    for word, value in (example.words | {"unit": unit}).items():
        path = path.replace("{" + word + "}", part(value))
    query = dict(example.query)
    if place in ("unit", "under"):
        query[place] = unit
    if query:
        path += "?" + urlencode(query)
    more = {}
    if example.upload:
        data, kind = example.upload
        more = {"body": data, "headers": {"Content-Type": kind, "X-Tizhi": "1"}}
    elif example.body is not None:
        more["body"] = example.body | {"unit": unit} if place == "body" else example.body
    return method, path, more


def expected(who, op, example, place, unit):
    """401, 403, 404 or "" for anything else."""
    rights = op["x-rights"].split()
    if rights == ["anybody"]:
        return ""
    if who in STRANGERS:
        return 401
    if rights == ["oneself"]:
        return ""
    units = [unit] if place else ["R"]
    if not place and example.where == "own":
        units = [s["unit"] or "R" for s in who.seats]
    if example.above:
        units += [x for u in units for x in above(u)]
    acts = example.by or rights[:1]
    if any(may(who.seats, act, u, example.at) for act in acts for u in units):
        return ""
    return 404 if example.hidden else 403


def cases(name):
    """Who asks what and what must come, first those who may not."""
    op, example = ROUTES[name], EXAMPLES[name]
    found = []
    for place in places(name, op, example):
        for unit in UNITS if place else UNITS[:1]:
            for who in (*STRANGERS, *PEOPLE):
                want = expected(who, op, example, place, unit)
                found.append((who, request(name, example, place, unit), want,
                              any(s["role"] in example.unsure for s in who.seats)))
    return sorted(found, key=lambda case: case[2] == "")


def commits():
    with sqlite3.connect(BOOK.book) as db:
        return db.execute("SELECT max(seq) FROM event").fetchone()[0]


# ---- tests --------------------------------------------------------------------------------------

@test("every route has an example, every example a route, and rights that the tables know")
def _():
    assert set(ROUTES) == set(EXAMPLES), set(ROUTES) ^ set(EXAMPLES)
    for name, op in ROUTES.items():
        rights, example = op["x-rights"].split(), EXAMPLES[name]
        assert op["x-rights"] in FREE or set(rights) <= set(PORT), (name, rights)
        assert set(example.by) <= set(rights), (name, example.by)
        words = set(re.findall(r"{(\w+)}", name)) - {"unit"}
        assert words == set(example.words), (name, words)
        assert ("requestBody" in op) == (example.body is not None or bool(example.upload)), name


@test("the relations are all there, and each role has a seat")
def _():
    assert {relation("D", u) for u in UNITS} == {"own", "child", "sibling", "parent", "other"}
    assert {s["role"] for who in PEOPLE for s in who.seats} == set(ROLES)


SEEN = {"allowed": 0, "denied": 0}


def walk(name):
    wrong = []
    before = commits()
    tried = False  # whether somebody who may has asked already
    for who, asked, want, unsure in cases(name):
        if want == "" and not tried:
            tried = True
            if commits() != before:
                wrong.append("what was refused has left something in the book")
        got = who.ask(asked)
        refused = got.status in (401, 403)
        right = got.status == want if want else not refused and got.status < 500
        right |= unsure and got.status in (403, 404)
        SEEN["denied" if want else "allowed"] += 1
        if not right:
            wrong.append(f"{asked[0]} {asked[1]} as {who.name or 'nobody'}: {got.status}, "
                         f"not {want or 'allowed'}: {got.text[:200]}")
    if name.startswith("GET") and commits() != before:
        wrong.append("reading has left something in the book")  # or a link could (CSRF)
    if not name.startswith("GET") and ROUTES[name]["x-rights"] in FREE:
        for who in PEOPLE:
            who.log_in()  # it may have ended their sessions
    assert not wrong, "\n".join(wrong[:20]) + f"\n{len(wrong)} in all"


for NAME in sorted(set(ROUTES) & set(EXAMPLES)):
    test(f"{NAME}: with every role at every unit")(lambda: walk(NAME))


@test("both answers were asked for many times")
def _():
    assert min(SEEN.values()) >= 100, SEEN


SERVICE.stop()
sys.exit(main())
