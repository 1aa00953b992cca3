# SPDX-License-Identifier: Apache-2.0
"""From measures to verdicts: conditions, deadlines, states, the rows of units and the for-all rows above them."""
from calendar import monthrange
from fractions import Fraction

from measure import ROLL, Frame, OWNERS, Sql, Value, completions, roll_open

YEARS = (2024, 2025, 2026)
BASE = 2023
ROOT = "150000"


class Answer:
    """yes, no, unknown or na, with the bounds shown."""

    def __init__(self, is_, lo=None, hi=None):
        self.is_, self.lo, self.hi = is_, lo, hi


def truth(is_):
    return Answer(is_, *{"yes": (1, 1), "no": (0, 0), "unknown": (0, 1), "na": (None, None)}[is_])


OPS = {">=": lambda a, v: a >= v, ">": lambda a, v: a > v, "<=": lambda a, v: a <= v, "<": lambda a, v: a < v,
       "=": lambda a, v: a == v}


def compare(got, op, v, v2=None, tol=0):
    """A measure against a figure (C12, C13, C34)."""
    if got.lo is None and got.hi is None:
        return Answer("na")
    lo = got.lo if got.lo is not None else got.hi
    hi = got.hi if got.hi is not None else got.lo
    v = Fraction(v)
    if op == "nearly":
        op, v = ">=", v - tol
    if op == "about":  # below is missed, above is met with a flag
        op, v = ">=", v * (1 - tol)
    if op == "range":
        v2 = Fraction(v2)
        is_ = ("yes" if v <= lo and hi <= v2 else "no" if hi < v or lo > v2 else "unknown")
    elif op == "=":
        is_ = "yes" if lo == hi == v else "no" if not lo <= v <= hi else "unknown"
    else:
        a, b = OPS[op](lo, v), OPS[op](hi, v)
        is_ = "yes" if a and b else "no" if not (a or b) else "unknown"
    return Answer(is_, lo, hi)


def test(measure, op, v, v2=None, tol=0):
    return lambda frame, unit: compare(measure(frame, unit), op, v, v2, tol)


def all_of(*tests):
    def at(frame, unit):
        got = [t(frame, unit).is_ for t in tests]
        got = [g for g in got if g != "na"]
        return truth("na" if not got else "no" if "no" in got else "unknown" if "unknown" in got else "yes")
    return at


def any_of(*tests):
    def at(frame, unit):
        got = [t(frame, unit).is_ for t in tests]
        got = [g for g in got if g != "na"]
        return truth("na" if not got else "yes" if "yes" in got else "unknown" if "unknown" in got else "no")
    return at


def yes(expr_measure):
    """A yes-or-no figure as a condition: the measure is its 1 or 0."""
    def at(frame, unit):
        got = expr_measure(frame, unit)
        return truth("yes" if got.lo and got.lo >= 1 else "no" if got.hi == 0 else "unknown")
    return at


def grows(measure, down=False, top=1):
    """Strictly more (less) than the year before; a share of 100 % (0) cannot (C20). top None: no natural bound."""
    def at(frame, unit):
        now, then = measure(frame, unit), measure(frame.before(), unit)
        if now.lo is None or then.lo is None:
            return Answer("na", now.lo, now.hi)
        a, b = (now.lo, now.hi), (then.lo, then.hi)
        if down:
            sure, no = a[1] < b[0], a[0] >= b[1]
            full, never = top is not None and a[1] == 0, top is not None and a[0] == 0
        else:
            sure, no = a[0] > b[1], a[1] <= b[0]
            full, never = top is not None and a == (top, top), top is not None and a[0] <= top <= a[1]
        is_ = "yes" if sure or full else "no" if no and not never else "unknown"
        return Answer(is_, *a)
    return at


def above_base(measure, more):
    """At least `more` above the baseline year."""
    def at(frame, unit):
        now, then = measure(frame, unit), measure(frame.of(BASE), unit)
        return Answer("yes" if now.lo >= then.hi + more else "no" if now.hi < then.lo + more else "unknown",
                      now.lo, now.hi)
    return at


class Moment(Frame):
    """A year of a target: `point` is the snapshot day within it (12-31 unless its items have a time point)."""

    def __init__(self, region, year, point="12-31", months=None, school=False):
        self.point, self.school, self.month = point, school, months
        if months:
            day = f"{year}-{months:02d}-{monthrange(year, months)[1]:02d}"
            super().__init__(region, year, day, f"{year}-{months:02d}", f"{year}-{months:02d}-01")
        elif school:
            super().__init__(region, year, f"{year + 1}-08-31", first=f"{year}-09-01")
        else:
            super().__init__(region, year, f"{year}-{point}")

    def of(self, year):
        return Moment(self.region, year, self.point, self.month, self.school)

    def before(self):
        return Moment(self.region, self.year - 1, self.point, self.month, self.school)


def keeps(measure, down=False):
    """No less (no more) than the year before (C19)."""
    def at(frame, unit):
        now, then = measure(frame, unit), measure(frame.before(), unit)
        if now.lo is None or then.lo is None:
            return Answer("na", now.lo, now.hi)
        sure, no = ((now.hi <= then.lo, now.lo > then.hi) if down else (now.lo >= then.hi, now.hi < then.lo))
        return Answer("yes" if sure else "no" if no else "unknown", now.lo, now.hi)
    return at


def due_state(answer, when, due, as_of, early):
    """C01: before its deadline a target is met early, missed beyond repair, or pending."""
    if answer.is_ == "na":
        return "na"
    if as_of > due:
        return {"yes": "met", "no": "missed"}.get(answer.is_, "unknown")
    return "met" if early and answer.is_ == "yes" else "pending"


class Target:
    """rungs: [(part, when, year, test, reach)] · at: "R" the region, else kinds or codes · given: who must comply."""

    def __init__(self, ident, rungs, at=("R",), given=None, point="12-31", months=False, school=False):
        self.ident, self.rungs, self.at, self.given = ident, rungs, at, given
        self.point, self.months, self.school = point, months, school

    def moments(self, region, when, year):
        if self.months:
            return [(f"{year}-{m:02d}", Moment(region, year, months=m)) for m in range(1, 13)]
        return [("", Moment(region, year, self.point, school=self.school))]

    def verdicts(self, region):
        for part, when, year, check, reach in self.rungs:
            for period, moment in self.moments(region, when, year):
                yield from self.judge(region, "/".join(p for p in (part, period) if p), when, moment, check, reach)

    def judge(self, region, part, when, moment, check, reach):
        due = moment.day if self.months or self.school else f"{moment.year}-12-31"
        seen = moment
        if (when == "by" or when == "at" and reach) and region.as_of <= due:
            while seen.day > region.as_of and seen.year > BASE:
                seen = seen.before()
        named, listed = set(), []
        for scope in self.at:
            if scope == "R":
                units = [ROOT]
            elif isinstance(scope, tuple):
                units = [u for u in scope if region.ask("SELECT 1 FROM unit WHERE code=? AND ? BETWEEN vfrom AND vto",
                                                        u, seen.day)]
            else:
                units = region.units(scope, seen.day)
            named.update(units)
            listed += units
        rows, open_above = {}, {}
        for unit in listed:
            must = self.given(seen, unit).is_ if self.given else "yes"
            if must in ("no", "na"):
                continue
            answer = check(seen, unit)
            if must == "unknown" and answer.is_ != "yes":
                answer = Answer("unknown" if answer.is_ != "na" else "na", answer.lo, answer.hi)
            state = due_state(answer, when, due, region.as_of, when == "by" or reach)
            if when == "hold" and answer.is_ == "no":
                state = "missed"
            rows[unit] = (state, answer, must)
            yield (self.ident, part, unit, moment.year), (state, answer.lo, answer.hi)
        yield from self.above(region, part, seen, moment, due, named, rows)

    def above(self, region, part, seen, moment, due, named, rows):
        kinds = [s for s in self.at if isinstance(s, str) and s != "R"]
        if not kinds and not any(isinstance(s, tuple) for s in self.at):
            return
        below = {}
        for scope in self.at:
            if scope == "R":
                continue
            units = scope if isinstance(scope, tuple) else region.units(scope, seen.day)
            for u in units:
                for up in region.above(u, seen.day):
                    if up not in named:
                        below.setdefault(up, [])
                        if u in rows:
                            below[up].append(u)
        for k in kinds:
            if k in ROLL:
                for lvl in ("旗县", "盟市", "自治区"):
                    for up in region.units(lvl, seen.day):
                        if up not in named and roll_open(region, k, up, seen):
                            below.setdefault(up, [])
        for up, units in below.items():
            units = sorted(set(units))
            loose = any(roll_open(region, k, up, seen) for k in kinds)
            got = [rows[u] for u in units if rows[u][0] != "na"]
            if not got and not loose:
                yield (self.ident, part, up, moment.year), ("na", None, None)
                continue
            says = [(a.is_, must) for _, a, must in got]
            good = sum(s == "yes" for s, m in says if m == "yes")
            bad = sum(s == "no" for s, m in says)
            undecided = sum(s == "unknown" and m == "yes" for s, m in says)
            if any(m == "unknown" for s, m in says):
                lo = hi = "?"  # bounds with unknown applicability are compared by state only
            else:
                base = len(got)
                lo = Fraction(good, base) if base else Fraction(0)
                hi = Fraction(good + undecided, base) if base else Fraction(1)
                if loose:
                    lo, hi = Fraction(0), Fraction(1)
            states = [s for s, _, _ in got]
            if "missed" in states:
                state = "missed"
            elif loose:
                state = "unknown" if region.as_of > due else "pending"
            elif all(s == "met" for s in states):
                state = "met"
            elif region.as_of <= due:
                state = "pending"
            else:
                state = "unknown"
            yield (self.ident, part, up, moment.year), (state, lo, hi)


def hold(measure, op, v):
    """The worst year of the plan (C15): missed at once; before the end of the span the years that are over."""
    def at(frame, unit):
        got = []
        for year in YEARS:
            m = Moment(frame.region, year, frame.point)
            if m.day <= frame.region.as_of or frame.region.as_of > f"{YEARS[-1]}-12-31":
                got.append(compare(measure(m, unit), op, v))
        got = [g for g in got if g.is_ != "na"]
        if not got:
            return Answer("na")
        pick = min if op in (">=", ">") else max
        return Answer("no" if any(g.is_ == "no" for g in got) else
                      "unknown" if any(g.is_ == "unknown" for g in got) else "yes",
                      pick(g.lo for g in got), pick(g.hi for g in got))
    return at


def each(check, years=YEARS, part="", reach=False):
    return [(part, "each", y, check, reach) for y in years]


def by(year, check, part=""):
    return [(part, "by", year, check, True)]


def on(year, check, part="", reach=False):
    return [(part, "at", year, check, reach)]


class Task:
    """Enough evidence on record by the day (C22); each: within every period."""

    def __init__(self, ident, years, each=False, n=1, at="R", quarters=False, part=""):
        self.ident, self.years, self.each, self.n, self.at = ident, years, each, n, at
        self.quarters, self.part = quarters, part

    def verdicts(self, region):
        for year in self.years:
            if self.quarters:
                spans = [(f"{year}-Q{q}", f"{year}-{3 * q - 2:02d}-01",
                          f"{year}-{3 * q:02d}-{monthrange(year, 3 * q)[1]}") for q in (1, 2, 3, 4)]
            else:
                spans = [(self.part, f"{year}-01-01" if self.each else "0", f"{year}-12-31")]
            for part, first, last in spans:
                yield from self.judge(region, part, year, first, last)

    def judge(self, region, part, year, first, last):
        units = [ROOT] if self.at == "R" else region.units(self.at, last)
        met = {}
        for unit in units:
            n = region.ask("SELECT COUNT(*) FROM proof WHERE target=? AND part=? AND day BETWEEN ? AND ? AND day<=? "
                           "AND (unit=? OR (unit='' AND ?=?))", self.ident, self.part, first, last, region.as_of,
                           unit, unit, ROOT)[0][0]
            met[unit] = state = "met" if n >= self.n else "missed" if region.as_of > last else "pending"
            lo = 1 if state == "met" else 0
            yield (self.ident, part, unit, year), (state, "?", "?")
        above = {}
        for unit in units:
            for up in region.above(unit, last):
                above.setdefault(up, []).append(met[unit])
        loose = self.at != "R" and roll_open(region, self.at, ROOT, Moment(region, year))
        for up in region.units("自治区", last) + region.units("盟市", last) + region.units("旗县", last):
            if loose and up not in units and roll_open(region, self.at, up, Moment(region, year)):
                above.setdefault(up, [])
        for up, states in above.items():
            more = self.at != "R" and roll_open(region, self.at, up, Moment(region, year))
            state = ("missed" if "missed" in states else "pending" if "pending" in states else
                     ("unknown" if region.as_of > last else "pending") if more else "met")
            yield (self.ident, part, up, year), (state, "?", "?")


class Stages:
    def __init__(self, ident, steps):
        self.ident, self.steps = ident, steps

    def verdicts(self, region):
        before = ""
        ok = True
        firsts = []
        for part, year in self.steps:
            days = [r[0] for r in region.ask("SELECT day FROM proof WHERE target=? AND part=? AND day<=? ORDER BY day",
                                             self.ident, part, region.as_of)]
            due = f"{year}-12-31"
            first = days[0] if days else None
            if first and any(f is None or f > first for f in firsts):
                state = "missed"
            elif first and first <= due:
                state = "met"
            else:
                state = "missed" if region.as_of > due else "pending"
            firsts.append(first)
            yield (self.ident, part, ROOT, year), (state, "?", "?")


class Rule:
    """Over the rows of a register: a row a year for each row of the year; fires is missed, not is met (C25)."""

    def __init__(self, ident, reg, where, key):
        self.ident, self.reg, self.where, self.key = ident, reg, where, key

    def verdicts(self, region):
        sql = Sql(self.where)
        for year in YEARS:
            day = f"{year}-12-31"
            owners = set(region.units(OWNERS[self.reg], day))
            names = {}
            for owner, listed in region.rows(self.reg, f"{year}-01-01", day).items():
                for row in listed if owner in owners else ():
                    points, _, _ = completions(region.db, sql, (), lambda k: row.get(k[1]))
                    got = {bool(p[0]) for p in points}
                    state = "missed" if got == {True} else "met" if got == {False} else "unknown"
                    name = row.get(self.key) or str(row[""])
                    names[owner, name] = n = names.get((owner, name), 0) + 1
                    yield (self.ident, name if n == 1 else f"{name}/{n}", owner, year), (state, "?", "?")


class Check:
    """A check over the units of a kind, each plan year."""

    def __init__(self, ident, kind, check, point="12-31"):
        self.ident, self.kind, self.check, self.point = ident, kind, check, point

    def verdicts(self, region):
        for year in YEARS:
            moment = Moment(region, year, self.point)
            for unit in ([ROOT] if self.kind == "R" else region.units(self.kind, moment.day)):
                got = self.check(moment, unit)
                state = {"yes": "met", "no": "missed", "na": "na"}.get(got.is_, "unknown")
                yield (self.ident, "", unit, year), (state, "?", "?")
