# SPDX-License-Identifier: Apache-2.0
"""The raw tables of a data folder in SQLite, as they were known on a day, and what can be asked
of them."""
import csv
import sqlite3
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

DAY = timedelta(days=1)
SCALE = 10000  # four decimals: every figure is an exact integer
YES, NO = ("是", "true", "yes"), ("否", "false", "no")

# A kind and the more general kinds that it is (the data dictionary of the plan).
IS = {
    "幼儿园": ("学校",), "特教学校": ("学校",), "小学": ("义务教育学校", "中小学", "学校"),
    "初中": ("义务教育学校", "中小学", "学校"), "普通高中": ("中小学", "学校"),
    "中职": ("学校", "职业院校"), "普通本科": ("本科高校", "高校"),
    "职业本科": ("本科高校", "高校", "职业院校"), "高职": ("高校", "职业院校"),
    "中小学": ("学校",), "义务教育学校": ("中小学", "学校"), "本科高校": ("高校",),
}
# Whose roll is filed, by the units of which kind.
ROLL = {"学校": "旗县", "幼儿园": "旗县", "特教学校": "旗县", "小学": "旗县", "初中": "旗县",
        "普通高中": "旗县", "中职": "旗县", "中小学": "旗县", "义务教育学校": "旗县",
            "教研机构": "盟市", "职业院校": "旗县", "产业链": "自治区"}
ROLL_FORM = {"教研机构": "教研机构", "产业链": "产业链"}
LEVELS = ("自治区", "盟市", "旗县")


def plain(text):
    """A cell as SQLite keeps it: yes/no as 1/0, figures times SCALE, anything else as text."""
    text = text.strip()
    if text in YES:
        return 1
    if text in NO:
        return 0
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lstrip("-").rstrip("%").partition(".")
    if whole.isdigit() and (not part or part.isdigit()) and len(part) <= 4:
        return sign * (int(whole) * SCALE + int(part.ljust(4, "0") or 0))
    return text or None


class Line(dict):
    """A line of a table: what it says, and nothing for the rest."""

    def __missing__(self, key):
        return ""


@lru_cache(maxsize=None)
def lines(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        table = csv.reader(f)
        head = next(table)
        return [Line((h, v) for h, v in zip(head, line) if v) for line in table]


def table(*folders):
    def read(name):
        for folder in folders:
            for path in sorted(Path(folder).glob(name + "[-_.]*csv")):
                yield from lines(path)
    return read


class Region:
    def __init__(self, pack, data, as_of):
        self.as_of, self.db, self.cache = as_of, sqlite3.connect(":memory:"), {}
        self.load(table(pack, data))

    def known(self, row):
        return not row.get("recorded") or row["recorded"] <= self.as_of

    def load(self, read):
        db = self.db
        db.executescript("""
            CREATE TABLE unit(code TEXT, kind TEXT, parent TEXT, vfrom TEXT, vto TEXT);
            CREATE TABLE fact(unit TEXT, item TEXT, per TEXT, val, recorded TEXT);
            CREATE TABLE attr(unit TEXT, name TEXT, val, vfrom TEXT, vto TEXT, recorded TEXT);
            CREATE TABLE title(name TEXT, unit TEXT, vfrom TEXT, vto TEXT, revoked TEXT);
            CREATE TABLE pair(rel TEXT, a TEXT, b TEXT, vfrom TEXT, vto TEXT, ended TEXT,
            confirmed INT);
            CREATE TABLE activity(rel TEXT, a TEXT, b TEXT, day TEXT);
            CREATE TABLE event(name TEXT, day TEXT);
            CREATE TABLE proof(target TEXT, part TEXT, unit TEXT, day TEXT);
            CREATE TABLE line(event TEXT, day TEXT, old TEXT, new TEXT);
            CREATE TABLE isa(kind TEXT, general TEXT);""")

        def put(name, rows):
            rows = list(rows)
            if rows:
                db.executemany(f"INSERT INTO {name} VALUES({','.join('?' * len(rows[0]))})", rows)

        units = list(read("units"))
        put("unit", [(u["code"], u["kind"], u["parent"], u["from"] or "0", u["to"] or "9")
            for u in units])
        known = {"code", "name", "kind", "parent", "from", "to", "alias"}
        put("attr", [(u["code"], k, plain(v), u["from"] or "0", u["to"] or "9", "")
                     for u in units for k, v in u.items() if k not in known and v])
        put("isa", [(k, g) for k in {u["kind"] for u in units} for g in (k, *IS.get(k, ()))])
        put("fact", [(r["unit"], r["item"].rpartition(".")[2], r["period"], plain(r["value"]),
            r["recorded"])
                     for r in read("facts")
                     if self.known(r) and r["status"] in ("", "accepted", "已采纳")])
        put("attr", [(r["unit"], r["attribute"].rpartition(".")[2], plain(r["value"]),
            r["from"] or "0", r["to"] or "9",
                      r["recorded"]) for r in read("attributes") if self.known(r)])
        put("title", [(r["title"], r["unit"], r["from"], r["to"] or "9", r["revoked"] or "9")
                      for r in read("titles") if self.known(r) and r["status"] in ("", "accepted")])
        put("pair", [(r["relation"], r["a"], r["b"], r["from"] or "0", r["to"] or "9",
            r["ended"] or "9",
                      int(r["confirmed"] in YES)) for r in read("relations") if self.known(r)])
        put("activity", [(r["relation"], r["a"], r["b"], r["date"])
            for r in read("activities") if self.known(r)])
        put("event", [(r["event"], r["date"]) for r in read("events") if self.known(r)])
        put("proof", [(r["target"], r["part"], r["unit"], r["date"]) for r in read("evidence")
            if self.known(r)])
        self.filings = {(r["form"], r["unit"], r["period"]) for r in read("filings")
                        if self.known(r)}
        put("line", [(r["event"], r["date"], r["from"], r["to"]) for r in read("lineage")])
        db.executescript("""
            CREATE INDEX f1 ON fact(item, per); CREATE INDEX a1 ON attr(name); CREATE INDEX t1
            ON title(name);
            CREATE INDEX u1 ON unit(code); CREATE INDEX u2 ON unit(parent);
            CREATE INDEX i1 ON isa(general);
            CREATE INDEX p1 ON proof(target); CREATE INDEX r1 ON pair(rel); CREATE INDEX c1 ON
            activity(rel, a, b);
            CREATE TABLE reg(name TEXT, id INTEGER PRIMARY KEY, owner TEXT, day TEXT, vfrom
            TEXT, vto TEXT, recorded TEXT);
            CREATE TABLE cell(id INT, field TEXT, val);""")
        fixed = {"register", "owner", "id", "date", "from", "to", "revoked", "recorded",
            "source", "grade", "status"}
        heads, cells = [], []
        for n, r in enumerate(read("rows")):
            if self.known(r):
                end = min(r["to"] or "9", str(date.fromisoformat(r["revoked"]) - DAY)
                    if r["revoked"] else "9")
                heads.append((r["register"], n, r["owner"], r["date"] or None, r["from"] or "0",
                    end, r["recorded"]))
                cells += [(n, k, plain(v)) for k, v in r.items() if k not in fixed]
                cells += [(n, " id", r["id"])] if r["id"] else []
        put("reg", heads)
        put("cell", cells)
        db.executescript("CREATE INDEX g1 ON reg(name); CREATE INDEX l1 ON cell(id);")

    def ask(self, sql, *args):
        key = (sql, args)
        if key not in self.cache:
            self.cache[key] = self.db.execute(sql, args).fetchall()
        return self.cache[key]

    def units(self, kind, day, top=None):
        """The units of a kind on a day, in the subtree of a unit."""
        if top is None:
            return [r[0] for r in self.ask(
                "SELECT code FROM unit JOIN isa USING(kind) WHERE general=? AND ? BETWEEN "
                "vfrom AND vto ORDER BY 1",
                kind, day)]
        return [r[0] for r in self.ask(
            """WITH RECURSIVE tree(code) AS (SELECT ? UNION ALL
                 SELECT u.code FROM unit u JOIN tree t ON u.parent=t.code WHERE ? BETWEEN
                 u.vfrom AND u.vto)
               SELECT u.code FROM tree JOIN unit u USING(code) JOIN isa USING(kind)
               WHERE general=? AND ? BETWEEN vfrom AND vto ORDER BY 1""", top, day, kind, day)]

    def kind(self, unit, day):
        got = self.ask("SELECT kind FROM unit WHERE code=? AND ? BETWEEN vfrom AND vto", unit, day)
        return got[0][0] if got else None

    def above(self, unit, day):
        return [r[0] for r in self.ask(
            """WITH RECURSIVE up(code, n) AS (SELECT parent, 1 FROM unit WHERE code=? AND ?
            BETWEEN vfrom AND vto
                 UNION ALL SELECT u.parent, n+1 FROM unit u JOIN up ON u.code=up.code WHERE ?
                 BETWEEN vfrom AND vto)
               SELECT code FROM up WHERE code<>'' ORDER BY n""", unit, day, day)]

    def facts(self, item, per):
        """unit -> latest accepted figure of an item in a period (a year stands for its school
        year too)."""
        key = ("facts", item, per)
        if key not in self.cache:
            rows = self.db.execute(
                "SELECT unit, val FROM fact WHERE item=? AND (per=? OR per=?) ORDER BY recorded",
                (item, per, f"{per}-{int(per) + 1}" if len(per) == 4 else per))
            self.cache[key] = dict(rows)
        return self.cache[key]

    def attrs(self, name, day):
        key = ("attrs", name, day)
        if key not in self.cache:
            self.cache[key] = dict(self.db.execute(
                "SELECT unit, val FROM attr WHERE name=? AND ? BETWEEN vfrom AND vto ORDER BY "
                "recorded", (name, day)))
        return self.cache[key]

    def titles(self, name, day):
        return {r[0] for r in self.ask("SELECT unit FROM title WHERE name=? AND ? BETWEEN "
                                       "vfrom AND vto AND ?<revoked",
                                       name, day, day)}

    def partners(self, rel, day, days=365, confirmed=True):
        """unit -> distinct partners through pairs in force on a day, with an activity in the
        last `days` days."""
        sql = """SELECT a, b FROM pair p WHERE rel=? AND ? BETWEEN vfrom AND vto AND ?<ended AND
        confirmed>=?"""
        args = [rel, day, day, int(confirmed)]
        if days:
            sql += """ AND EXISTS(SELECT 1 FROM activity c WHERE c.rel=p.rel AND c.day BETWEEN
            date(?, ?) AND ?
                       AND ((c.a=p.a AND c.b=p.b) OR (c.a=p.b AND c.b=p.a)))"""
            args += [day, f"-{days} days", day]
        out = {}
        for a, b in self.ask(sql, *args):
            out.setdefault(a, set()).add(b)
            out.setdefault(b, set()).add(a)
        return out

    def filed(self, form, unit, per):
        return not self.filings.isdisjoint(((form, unit, str(per)),
                                            (form, unit, f"{per}-{int(per) + 1}")))

    def rows(self, name, first, last, touch=False):
        """owner -> rows dated in a span of days (up to the day it is asked for) or in force on its
        last day (touch: on any day of it), each a dict of its fields."""
        key = ("rows", name, first, last, touch)
        if key not in self.cache:
            until, out = min(last, self.as_of), {}
            for n, owner, start, end, recorded in self.db.execute(
                    "SELECT id, owner, ifnull(day, vfrom), ifnull(day, vto), recorded FROM reg "
                    "WHERE name=? AND (day BETWEEN ? AND ? OR "
                    "(day IS NULL AND vfrom<=? AND vto>=?)) ORDER BY id",
                    (name, first, until, until if touch else last, first if touch else last)):
                out.setdefault(owner, []).append({
                    **self.fields(name).get(n, {}), "": n, " owner": owner, " reg": name,
                    " recorded": recorded, " span": (max(start, first), min(end, until))})
            self.cache[key] = out
        return self.cache[key]

    def fields(self, name):
        """row -> the fields of a register's rows."""
        key = ("fields", name)
        if key not in self.cache:
            self.cache[key] = by = {}
            for n, field, val in self.db.execute(
                    "SELECT id, field, val FROM cell WHERE id IN (SELECT id FROM reg WHERE "
                    "name=?)", (name,)):
                by.setdefault(n, {})[field] = val
        return self.cache[key]
