# SPDX-License-Identifier: Apache-2.0
"""What a measure can be while cells are missing: every completion that matters of each unit or
row is put
to SQLite, and the bounds are taken over all of them (C03 to C10, C35)."""
import re
from fractions import Fraction
from functools import lru_cache
from itertools import product

from region import IS, ROLL, ROLL_FORM, SCALE

INF = float("inf")
BIG = 10 ** 9 * SCALE
TOKEN = re.compile(r"\[([^\]]+)\]|\{([^}]+)\}|T\(([^)]+)\)|DEG\(([^)]+)\)|N\(([^)]+)\)")
COMPARED = re.compile(r"(?:[<>=]|BETWEEN|AND)\s*(\d+(?:\.\d+)?)#")
LITERAL = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)#")

# Hard checks of the plan, part <= whole (checks.hard): (kind, part, whole).
TIES = []
# Items with bounds of their own (others are 0 to unbounded), and items that are yes or no.
BOUNDS, BOOLS = {}, set()


class Value:
    """lo and hi (exact, None: no value), and the figure over those who reported everything (C32;
    None: nobody did; ?: not worked out)."""

    def __init__(self, lo, hi, value="?"):
        self.lo, self.hi, self.value = lo, hi, value

    def scaled(self, k):
        times = lambda x: x if x in (None, INF, "?") else x * k
        return Value(times(self.lo), times(self.hi), times(self.value))


NONE = Value(None, None, None)
ROLL_ONLY = "roll"  # a member of which nothing is to be reported
TOLD = ([], [], True)  # somebody has reported
# Rows with blanks of somebody who has filed: whether that is reported is left open here.
HALF_TOLD = ([], [], "?")


class Sql:
    """Expressions over the cells of one unit or row, compiled once: [item or field],
    {attribute}, T(title),
    DEG(relation|days|attribute or title of partners), N(register|filter): rows that the unit
    owns. 5# is the figure 5."""

    def __init__(self, *exprs):
        self.cells = []
        # figures that something is compared with: what is computed may jump beside them
        self.marks = {int(Fraction(n) * SCALE) for e in exprs for n in COMPARED.findall(e)}

        def cell(m):
            key = next((kind, text) for kind, text in zip("iatdn", m.groups()) if text)
            if key not in self.cells:
                self.cells.append(key)
            return f":c{self.cells.index(key)}"

        def figure(m):
            return str(int(Fraction(m.group(1)) * SCALE))

        self.asked = {}  # field -> the options it is compared with
        for field, words in re.findall(r"\[([^\]]+)\]\s*(?:=|<>|IN)\s*(\([^)]*\)|'[^']*')",
            " ".join(exprs)):
            self.asked.setdefault(("i", field), set()).update(re.findall("'([^']+)'", words))
        self.exprs = [LITERAL.sub(figure, TOKEN.sub(cell, e)) for e in exprs]
        self.sql = "SELECT " + ", ".join(self.exprs)

        self.reads = any(key[0] in "in" for key in self.cells)  # something that is reported

    def run(self, db, values):
        return db.execute(self.sql, {f"c{n}": v for n, v in enumerate(values)}).fetchone()


def tied(cells, kinds):
    """Cells that hard checks tie to those that are read, and the ties as positions (part,
    whole)."""
    pairs, more = set(), list(cells)
    for _ in range(3):
        for where, part, whole in TIES:
            if where in kinds and (("i", part) in more or ("i", whole) in more):
                pairs.add((("i", part), ("i", whole)))
                more += [c for c in (("i", part), ("i", whole)) if c not in more]
    return more, pairs


def without_silent(more, pairs, n, read):
    """Leaves out tied cells that are neither read nor known; what holds through them still
    holds."""
    values = {c: read(c) for c in more}
    for cell in more[n:]:
        if values[cell] is None:
            below = [p for p, w in pairs if w == cell]
            above = [w for p, w in pairs if p == cell]
            pairs = {t for t in pairs if cell not in t} | {(p, w) for p in below for w in above}
    cells = more[:n] + [c for c in more[n:] if values[c] is not None]
    # a check that reported figures break changes none of them
    ties = [(p, w) for p, w in pairs if values[p] is None or values[w] is None]
    return cells, [values[c] for c in cells], [(cells.index(p), cells.index(w)) for p, w in ties]


def choices(key, value, sql, others):
    """Values to try for a cell; None stands for one beyond all others (a direction)."""
    if value is not None:
        return [value] if not isinstance(value, tuple) else sorted({value[0], *(
            m for m in sql.marks if value[0] < m < value[1]), value[1] if value[1] != INF else -1})
    if (key[0] == "a" and key[1] not in COUNTED) or key[1] in BOOLS:
        return sorted(CHOICES.get(key[1], (0, 1)), key=str)
    if sql.asked.get(key):  # a choice: the options asked for, and any other
        return sorted(sql.asked[key]) + ["其他的"]
    lo, hi = BOUNDS.get(key[1], (0, INF))
    tries = {lo, *(m + d for m in sql.marks for d in (-1, 0, 1)), *others}
    tries = sorted(t for t in tries if lo <= t <= hi)
    return tries + ([-1] if hi == INF else [hi])


CHOICES = {"城乡": ("城区", "镇区", "乡村")}  # attributes are yes or no but for these
COUNTED = {"普查人口"}


def completions(db, sql, kinds, read):
    """The contributions of one unit or row over its completions: (points, directions, whether
    all is known).
    `read` gives the value of a cell: None missing, a pair a range."""
    values = [read(c) for c in sql.cells]
    if all(v is not None and not isinstance(v, tuple) for v in values):
        return [sql.run(db, values)], [], True
    cells, values, ties = without_silent(*tied(sql.cells, kinds), len(sql.cells), read)
    got = admitted(db, sql, cells, values, ties)
    if not got[0] and not got[1]:  # contradictions: what is reported says nothing of what is not
        ties = [(p, w) for p, w in ties if values[p] is None and values[w] is None]
        got = admitted(db, sql, cells, values, ties)
    return got


def admitted(db, sql, cells, values, ties):
    figures = [v for c, v in zip(cells, values) if isinstance(v, int) and c[0] == "i"]
    spread = [choices(c, v, sql, figures if ties else ()) for c, v in zip(cells, values)]
    points, rays, seen = set(), set(), set()
    for pick in product(*spread):
        near = [BIG if v == -1 and len(s) > 1 else v for v, s in zip(pick, spread)]
        if any(near[p] > near[w] for p, w in ties):
            continue
        key = pick[:len(sql.cells)]
        if key in seen:  # tied cells that are not read only narrow those that are
            continue
        seen.add(key)
        point = sql.run(db, near[:len(sql.cells)])
        if -1 in pick and near != list(pick):
            far = [2 * BIG if v == -1 and len(s) > 1 else v for v, s in zip(pick, spread)]
            ray = tuple(b - a for a, b in zip(point, sql.run(db, far[:len(sql.cells)])))
            if any(ray):
                rays.add(ray)
                continue
        points.add(point)
    return list(points), list(rays), False


def best(members, sign):
    """The largest (sign 1) or smallest (-1) quotient of sums, one point for each member; None:
    none has a divisor."""
    n = d = 0
    for points in members:
        p = max(points, key=lambda p: (p[1] > 0, sign * (p[0] - p[1])))
        n, d = n + p[0], d + p[1]
    if d == 0:
        return (INF if sign > 0 and any(p[0] > 0 for ps in members for p in ps) else None)
    while True:
        t = Fraction(n, d)
        picks = [max(points, key=lambda p: sign * (p[0] - t * p[1])) for points in members]
        gain = sign * sum(p[0] - t * p[1] for p in picks)
        if gain <= 0:
            return t
        n, d = sum(p[0] for p in picks), sum(p[1] for p in picks)
        if d == 0:
            return INF if sign > 0 else t


def quotient(members, rays):
    """Bounds of the quotient of sums over all completions (mediants: a direction bounds as its
    own quotient)."""
    out = []
    for sign, pick in ((-1, min), (1, max)):
        ends = [best(members, sign)] + [Fraction(r[0], r[1]) if r[1] else INF for r in rays
            if r[0] or r[1]]
        ends = [e for e in ends if e is not None]
        out.append(pick(ends) if ends else None)
    nothing = not any(p[1] for ps in members for p in ps) and not any(r[1] for r in rays)
    if nothing and (rays or any(len({p[0] for p in ps}) > 1 for ps in members)):
        return [None, None]  # nobody knows how much over nothing (C06)
    return [INF, INF] if out == [None, INF] else out


def total(members, rays):
    lo = sum(min(p[0] for p in points) for points in members)
    hi = sum(max(p[0] for p in points) for points in members)
    return (-INF if any(r[0] < 0 for r in rays) else Fraction(lo, SCALE),
            INF if any(r[0] > 0 for r in rays) else Fraction(hi, SCALE))


def bounds(parts, dens):
    """parts: (points, rays, known) of each member; known: whether all of it is reported, or ROLL
    where there is nothing to report. Without points: somebody has reported, or not."""
    members = [p[0] for p in parts if p[0]]
    rays = [r for p in parts for r in p[1]]
    whole = [p[0][0] for p in parts if p[2] and p[0]]
    told = any(p[2] is True for p in parts) or not any(p[2] is False for p in parts)
    n, d = sum(p[0] for p in whole), sum(p[1] for p in whole) if dens else SCALE
    value = "?" if HALF_TOLD in parts else Fraction(n, d) if d and told else None
    return Value(*(quotient if dens else total)(members, rays), value)


class Frame:
    """The day and the periods at which a measure is read."""

    def __init__(self, region, year, day, per=None, first=None, last=None):
        self.region, self.year, self.day = region, year, day
        self.per = per or str(year)
        # days whose dated rows count: the year, whatever the snapshot day in it
        self.first, self.last = first or f"{year}-01-01", last or f"{year}-12-31"
        self.back = 0  # the years before, whose rows count too, each in the tree of its year
        self.touch = False  # rows in force on any day count, not only on the last

    def spans(self):
        return [self] + [self.of(self.year - n - 1) for n in range(self.back)]


@lru_cache(maxsize=None)
def nested(reg, field, where):
    return distinct(reg, field, where) if field else rows(reg, where)


def partner(region, test, unit, day):
    """Whether a partner has an attribute (!attribute: has not, T:title: holds it), or
    None."""
    if test.startswith("T:"):
        return int(unit in region.titles(test[2:], day))
    got = region.attrs(test.lstrip("!"), day).get(unit)
    return 1 - got if test.startswith("!") and got is not None else got


def cell_of(frame, unit):
    region = frame.region

    def read(key):
        kind, text = key
        if kind == "i":
            return region.facts(text, frame.per).get(unit)
        if kind == "a":
            return region.attrs(text, frame.day).get(unit)
        if kind == "t":
            return int(unit in region.titles(text, frame.day))
        if kind == "d":
            rel, _, rest = text.partition("|")
            days, _, test = rest.partition("|")
            who = region.partners(rel, frame.day, int(days or 365)).get(unit, set())
            alive = {c for k in ("学校", "高校") for c in region.units(k, frame.day)}
            who = [w for w in who if w in alive]
            if not test:
                return len(who) * SCALE
            sure = [partner(region, test, w, frame.day) for w in who]
            lo, hi = sum(s == 1 for s in sure), sum(s in (1, None) for s in sure)
            return lo * SCALE if lo == hi else (lo * SCALE, hi * SCALE)
        reg, _, test = text.partition("|")
        field, _, reg = reg.rpartition(".")
        got = nested(reg, field, test or "1")(frame, unit, owners=[unit])
        lo, hi = (x if x == INF else int(x * SCALE) for x in (got.lo, got.hi))
        return lo if lo == hi else (lo, hi)
    return read


def filers(region, kind, unit, frame):
    """Who files the roll of a kind below a unit (or the unit itself), and whether it has."""
    by, form = ROLL.get(kind), ROLL_FORM.get(kind, "学校")
    return {u: region.filed(form, u, frame.day[:4])
            for u in (region.units(by, frame.day, unit) if by else ())}


def roll_open(region, kind, unit, frame):
    return not all(filers(region, kind, unit, frame).values())


def units(*terms, dens=False):
    """Sum (or quotient of sums) over the units of kinds below a unit. terms: (kind, numerator[,
    denominator])."""
    compiled = [(t[0], Sql(*t[1:])) for t in terms]

    def at(frame, unit):
        region, parts, listed, silent = frame.region, [], [], set()
        for kind, sql in compiled:
            listed += [(u, sql, member(sql, frame, u))
                       for u in region.units(kind, frame.day, unit)]
            rolls = filers(region, kind, unit, frame)
            silent |= {u for u, filed in rolls.items() if not filed}
            if any(rolls.values()):
                parts.append(TOLD)
            if not all(rolls.values()):
                points, rays, _ = completions(region.db, sql, (kind, *IS.get(kind, ())),
                    lambda key: None if key[0] in "ia" else
                                              0 if key[0] == "t" else (0, INF))
                parts.append(([], [p for p in points + rays if any(p)], False))
        silent |= {u for u, _, got in listed if not got[2]}
        if any(key[0] == "n" for u, sql, _ in listed if u in silent for key in sql.cells):
            parts.append(HALF_TOLD)
        parts += [(*got[:2], u not in silent and (sql.reads or ROLL_ONLY))
                  for u, sql, got in listed]
        return bounds(parts, dens)
    return at


def kinds_of(region, unit, day):
    return {r[0] for r in region.ask(
        "SELECT general FROM unit JOIN isa USING(kind) WHERE code=? AND ? BETWEEN vfrom AND vto",
            unit, day)}


def share(kind, where, sat):
    """Units of a kind that satisfy both, of those that satisfy `where`."""
    return units((kind, f"IIF(({where}) AND ({sat}), 1#, 0)", f"IIF({where}, 1#, 0)"), dens=True)


def count(kind, where="1"):
    return units((kind, f"IIF({where}, 1#, 0)"))


def member(sql, frame, unit):
    key = (id(sql), unit, frame.day, frame.per, frame.first)
    cache = frame.region.cache
    if key not in cache:
        cache[key] = completions(frame.region.db, sql, kinds_of(frame.region, unit, frame.day),
            cell_of(frame, unit))
    return cache[key]


def own(expr, *divisor):
    """An expression over the unit's own cells, or the quotient of two."""
    sql = Sql(expr, *divisor)

    def at(frame, unit):
        return bounds([member(sql, frame, unit)], bool(divisor))
    return at


OWNERS = {}  # register -> kind of its owners
UNFILED = set()  # registers that nobody files: complete as they stand


def register(reg, frame, unit, owners=None):
    """Rows of a register below a unit, whether there may be more, and the owners who have not
    filed."""
    region, kind, found, silent, loose = frame.region, OWNERS[reg], {}, [], False
    for f in frame.spans():
        asked = owners
        if owners is None:
            asked = region.units(kind, f.day, unit)
            loose = loose or roll_open(region, kind, unit, f)
        silent += [o for o in asked if reg not in UNFILED and not region.filed(reg, o, f.year)]
        got = region.rows(reg, f.first, f.last, frame.touch)
        found.update({r[""]: r for o in asked for r in got.get(o, ())})
    return list(found.values()), bool(silent) or loose, silent


def entry(sql, frame, row):
    key = (id(sql), row[""])
    cache = frame.region.cache
    if key not in cache:
        cache[key] = completions(frame.region.db, sql, (row[" reg"],), lambda k: row.get(k[1]))
    return cache[key]


def told_by(reg, frame, unit, owners, silent):
    """Whether somebody, or nobody who should have, has filed a register or the roll of its owners;
    nothing: nobody is asked."""
    rolls = {} if owners is not None else filers(frame.region, OWNERS[reg], unit, frame)
    asked = frame.region.units(OWNERS[reg], frame.day, unit) if owners is None else owners
    says = [*rolls.values(), *(o not in silent for o in asked if reg not in UNFILED)]
    return [TOLD] if any(says) else [([], [], False)] if says else []


def row_parts(sql, reg, frame, unit, owners=None):
    listed, loose, silent = register(reg, frame, unit, owners)
    got = [(row[" owner"], entry(sql, frame, row)) for row in listed]
    parts = [(*one[:2], owner not in silent and ROLL_ONLY) for owner, one in got]
    if any(owner not in silent and not known for owner, (_, _, known) in got):
        parts.append(HALF_TOLD)
    parts += told_by(reg, frame, unit, owners, silent)
    if loose:
        points, rays, _ = completions(frame.region.db, sql, (reg,), lambda k: None)
        parts.append(([], [p for p in points + rays if any(p)], False))
    return parts


def rows(reg, where="1", amount="1#"):
    sql = Sql(f"IIF({where}, {amount}, 0)")
    return lambda frame, unit, owners=None: bounds(row_parts(sql, reg, frame, unit, owners), False)


def row_share(reg, where, sat):
    sql = Sql(f"IIF(({where}) AND ({sat}), 1#, 0)", f"IIF({where}, 1#, 0)")
    return lambda frame, unit: bounds(row_parts(sql, reg, frame, unit), True)


def distinct(reg, field, where="1", span=None):
    """Distinct keys; an open owner may have any number more (C17, C35)."""
    sql = Sql(where)

    def at(frame, unit, owners=None):
        listed, loose, silent = register(reg, frame, unit, owners)
        sure, maybe, blank, forced, told, half = set(), set(), 0, False, set(), False
        for row in listed:
            points, _, known = entry(sql, frame, row)
            yes = {bool(p[0]) for p in points}
            key = row.get(field)
            half = half or row[" owner"] not in silent and (not known or key is None)
            if yes == {False}:
                continue
            if key is None:
                blank, forced = blank + 1, forced or yes == {True}
            else:
                (sure if yes == {True} else maybe).add(key)
                if yes == {True}:
                    told.add((row[" owner"], key))
        lo = len(sure) or int(forced)
        told = {key for owner, key in told if owner not in silent}
        asked = told_by(reg, frame, unit, owners, silent)
        return Value(Fraction(lo), INF if loose else Fraction(len(sure | maybe) + blank),
                     "?" if half else Fraction(len(told)) if TOLD in asked or not asked else None)
    return at


def over_years(make, years):
    """Distinct keys over a span of years, each year's rows in that year's tree (C17)."""
    def at(frame, unit):
        sure, maybe, blank, forced, loose = set(), set(), 0, False, False
        for year in years:
            a, b, c, d, e = make(frame.of(year), unit)
            sure, maybe, blank = sure | a, maybe | b, blank + c
            forced, loose = forced or d, loose or e
        return Value(Fraction(len(sure) or int(forced)),
                     INF if loose else Fraction(len(sure | maybe) + blank))
    return at


def keys(reg, field, where="1"):
    """Keys that certainly count, that may, rows of unknown key, whether one of these certainly
    counts, and whether there may be more."""
    sql = Sql(where)

    def at(frame, unit):
        listed, loose, _ = register(reg, frame, unit)
        sure, maybe, blank, forced = set(), set(), 0, False
        for row in listed:
            points, _, _ = entry(sql, frame, row)
            yes = {bool(p[0]) for p in points}
            if yes != {False} and row.get(field) is None:
                blank, forced = blank + 1, forced or yes == {True}
            elif yes != {False}:
                (sure if yes == {True} else maybe).add(row[field])
        return sure, maybe, blank, forced, loose
    return at


def mean_of(measure, years):
    def at(frame, unit):
        got = [measure(frame.of(y), unit) for y in years]
        return Value(sum(g.lo for g in got) / len(years), INF if any(g.hi == INF for g in got) else
                     sum(g.hi for g in got) / len(years))
    return at


def plus(*terms):
    def at(frame, unit):
        got = [t(frame, unit) for t in terms]
        return Value(sum(g.lo for g in got), sum(g.hi for g in got))
    return at
