# SPDX-License-Identifier: Apache-2.0
"""From measures to verdicts: conditions, deadlines, states, the rows of units and the for-all
rows above them."""
from calendar import monthrange
from fractions import Fraction

from measure import OWNERS, ROLL, Frame, Sql, completions, roll_open
from region import LEVELS

YEARS = (2024, 2025, 2026)
BASE = 2023
ROOT = "150000"


class Answer:
    """yes, no, unknown or na, with the bounds and the value shown (?: not worked out)."""

    def __init__(self, is_, lo=None, hi=None, value="?"):
        self.is_, self.lo, self.hi, self.value = is_, lo, hi, value
        self.sides = {}  # where the comparison has two: whether the figure is under, over

    def more(self, state, early):
        """What else is shown of a row in a state."""
        decided = state in ("met", "missed")
        return {"value": self.value, "early": early and state == "met",
                **{side: there and decided for side, there in self.sides.items()}}


def truth(is_):
    return Answer(is_, *{"yes": (1, 1), "no": (0, 0), "unknown": (0, 1), "na": (None, None)}[is_])


OPS = {">=": lambda a, v: a >= v, ">": lambda a, v: a > v, "<=": lambda a, v: a <= v,
    "<": lambda a, v: a < v,
       "=": lambda a, v: a == v}


def compare(got, op, v, v2=None, tol=0):
    """A measure against a figure (C12, C13, C34)."""
    if got.lo is None and got.hi is None:
        return Answer("na", value=None)
    lo = got.lo if got.lo is not None else got.hi
    hi = got.hi if got.hi is not None else got.lo
    v, sides = Fraction(v), {}
    if op == "nearly":
        op, v = ">=", v - tol
    if op == "about":  # below is missed, above is met with a flag
        sides = {"under": hi < v * (1 - tol), "over": lo > v * (1 + tol)}
        op, v = ">=", v * (1 - tol)
    if op == "range":
        v2 = Fraction(v2)
        sides = {"under": hi < v, "over": lo > v2}
        is_ = ("yes" if v <= lo and hi <= v2 else "no" if hi < v or lo > v2 else "unknown")
    elif op == "=":
        is_ = "yes" if lo == hi == v else "no" if not lo <= v <= hi else "unknown"
    else:
        a, b = OPS[op](lo, v), OPS[op](hi, v)
        is_ = "yes" if a and b else "no" if not (a or b) else "unknown"
    answer = Answer(is_, lo, hi, got.value)
    answer.sides = sides
    return answer


def test(measure, op, v, v2=None, tol=0):
    return lambda frame, unit: compare(measure(frame, unit), op, v, v2, tol)


def all_of(*tests):
    def at(frame, unit):
        got = [t(frame, unit).is_ for t in tests]
        got = [g for g in got if g != "na"]
        return truth("na" if not got else "no" if "no" in got else "unknown"
            if "unknown" in got else "yes")
    return at


def any_of(*tests):
    def at(frame, unit):
        got = [t(frame, unit).is_ for t in tests]
        got = [g for g in got if g != "na"]
        return truth("na" if not got else "yes" if "yes" in got else "unknown"
            if "unknown" in got else "no")
    return at


def yes(expr_measure):
    """A yes-or-no figure as a condition: the measure is its 1 or 0."""
    def at(frame, unit):
        got = expr_measure(frame, unit)
        return truth("yes" if got.lo and got.lo >= 1 else "no" if got.hi == 0 else "unknown")
    return at


def grows(measure, down=False, top=1):
    """Strictly more (less) than the year before; a share of 100 % (0) cannot (C20). top None:
    no natural bound."""
    def at(frame, unit):
        now, then = measure(frame, unit), measure(frame.before(), unit)
        if now.lo is None or then.lo is None:
            return Answer("na", now.lo, now.hi, now.value)
        a, b = (now.lo, now.hi), (then.lo, then.hi)
        if down:
            sure, no = a[1] < b[0], a[0] >= b[1]
            full, never = top is not None and a[1] == 0, top is not None and a[0] == 0
        else:
            sure, no = a[0] > b[1], a[1] <= b[0]
            full = top is not None and a == (top, top)
            never = top is not None and a[0] <= top <= a[1]
        is_ = "yes" if sure or full else "no" if no and not never else "unknown"
        return Answer(is_, *a, now.value)
    return at


def above_base(measure, more):
    """At least `more` above the baseline year."""
    def at(frame, unit):
        now, then = measure(frame, unit), measure(frame.of(BASE), unit)
        return Answer("yes" if now.lo >= then.hi + more else "no" if now.hi < then.lo + more
            else "unknown",
                      now.lo, now.hi, now.value)
    return at


class Moment(Frame):
    """A year of a target: `point` is the snapshot day within it (12-31 unless its items have a
    time point)."""

    def __init__(self, region, year, point="12-31", months=None, school=False):
        self.point, self.school, self.month = point, school, months
        if months:
            day = f"{year}-{months:02d}-{monthrange(year, months)[1]:02d}"
            super().__init__(region, year, day, f"{year}-{months:02d}",
                f"{year}-{months:02d}-01", day)
        elif school:
            super().__init__(region, year, f"{year + 1}-08-31", first=f"{year}-09-01",
                             last=f"{year + 1}-08-31")
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
            return Answer("na", now.lo, now.hi, now.value)
        sure, no = now.lo >= then.hi, now.hi < then.lo
        if down:
            sure, no = now.hi <= then.lo, now.lo > then.hi
        return Answer("yes" if sure else "no" if no else "unknown", now.lo, now.hi, now.value)
    return at


def due_state(answer, when, due, as_of, early):
    """C01: before its deadline a target is met early, missed beyond repair, or pending."""
    if answer.is_ == "na":
        return "na"
    if as_of > due:
        return {"yes": "met", "no": "missed"}.get(answer.is_, "unknown")
    return "met" if early and answer.is_ == "yes" else "pending"


def rows_of(definition, region):
    """The verdicts of a definition, worked out once."""
    key = ("verdicts", id(definition))
    if key not in region.cache:
        region.cache[key] = list(definition.verdicts(region))
    return region.cache[key]


class Target:
    """rungs: [(part, when, year, test, reach)] · at: "R" the region, else kinds or codes ·
    given: who must comply."""

    def __init__(self, ident, rungs, at=("R",), given=None, point="12-31", months=False,
        school=False):
        self.ident, self.rungs, self.at, self.given = ident, rungs, at, given
        self.point, self.months, self.school = point, months, school

    def moments(self, region, when, year):
        if self.months:
            return [(f"{year}-{m:02d}", Moment(region, year, months=m)) for m in range(1, 13)]
        return [("", Moment(region, year, self.point, school=self.school))]

    def verdicts(self, region):
        for part, when, year, check, reach in self.rungs:
            for period, moment in self.moments(region, when, year):
                yield from self.judge(region, "/".join(p for p in (part, period) if p), when,
                    moment, check, reach)

    def units(self, region, scope, day):
        if scope == "R":
            return [ROOT]
        if isinstance(scope, tuple):
            return [u for u in scope if u in region.units(region.kind(u, day), day)]
        return region.units(scope, day)

    def judge(self, region, part, when, moment, check, reach):
        ends = self.months or self.school and when == "each"
        due = moment.day if ends else f"{moment.year}-12-31"
        seen = moment
        if (when == "by" or when == "at" and reach) and region.as_of <= due:
            while seen.day > region.as_of and seen.year > BASE:  # the latest closed period (C02)
                seen = seen.before()
        listed = [u for scope in self.at for u in self.units(region, scope, seen.day)]
        rows = {}
        for unit in listed:
            must = self.given(seen, unit).is_ if self.given else "yes"
            if must in ("no", "na"):
                continue
            answer = check(seen, unit)
            if must == "unknown" and answer.is_ == "no":
                answer.is_ = "unknown"  # C08
            state = due_state(answer, when, due, region.as_of, when == "by" or reach)
            if when == "hold" and answer.is_ == "no":
                state = "missed"
            rows[unit] = (state, answer, must)
            yield (self.ident, part, unit, moment.year), (
                state, answer.lo, answer.hi, answer.more(state, region.as_of <= due))
        above = self.below(region, seen, listed, rows)
        for up, units in (above or ({} if listed else {ROOT: {}})).items():
            yield (self.ident, part, up, moment.year), self.for_all(region, seen, due, up, units)

    def filed_kinds(self):
        return [s for s in self.at if isinstance(s, str) and s in ROLL]

    def below(self, region, seen, listed, rows):
        """The rows below each unit that has a for-all row: those above, unless named themselves."""
        out = {}
        for unit in listed:
            for up in region.above(unit, seen.day) if unit != ROOT else ():
                if up not in listed:
                    out.setdefault(up, {}).update({unit: rows[unit]} if unit in rows else {})
        for kind in self.filed_kinds():  # units that are not on record yet have rows too
            for up in [u for level in LEVELS for u in region.units(level, seen.day)]:
                if up not in listed and roll_open(region, kind, up, seen):
                    out.setdefault(up, {})
        return out

    def for_all(self, region, seen, due, up, rows):
        """C09: one miss decides; bounds are the share of those that comply."""
        loose = any(roll_open(region, k, up, seen) for k in self.filed_kinds())
        got = [r for r in rows.values() if r[0] != "na"]
        if not got and not loose:
            return "na", None, None, {"value": None}
        states = [r[0] for r in got]
        after = region.as_of > due
        state = ("missed" if "missed" in states else "unknown" if after and loose else
                 "met" if not loose and set(states) == {"met"} else "unknown" if after
                     else "pending")
        if any(must == "unknown" for _, _, must in got):
            return state, "?", "?"  # bounds under unknown applicability are not recomputed
        says = [a.is_ for _, a, _ in got]
        sure, maybe = says.count("yes"), says.count("unknown")
        decided = len(got) - maybe
        value = {"value": Fraction(sure, decided) if decided else None}
        if loose:
            return state, 0, 1, value
        return state, Fraction(sure, len(got)), Fraction(sure + maybe, len(got)), value


def hold(measure, op, v):
    """The worst year of the plan (C15): missed at once; before the end of the span the years
    that are over."""
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


def quarters(year):
    return [(f"{year}-Q{q}", f"{year}-{3 * q - 2:02d}-01",
             f"{year}-{3 * q:02d}-{monthrange(year, 3 * q)[1]}") for q in (1, 2, 3, 4)]


def terms(year):
    end = f"{year + 1}-02-{monthrange(year + 1, 2)[1]}"
    return [(f"{year}-{year + 1}-1", f"{year}-09-01", end),
            (f"{year}-{year + 1}-2", f"{year + 1}-03-01", f"{year + 1}-08-31")]


def holders(title):
    """Who is asked, and whether certainly: the holders of a title who exist on a day."""
    return lambda region, day: {u: True for u in sorted(region.titles(title, day))
                                if region.kind(u, day)}


def listed(kind, attribute, frozen):
    """Those of a list that was frozen on a day, as far as they exist (C39)."""
    def at(region, day):
        says = region.attrs(attribute, frozen)
        return {u: u in says for u in region.units(kind, frozen)
                if says.get(u, True) and region.kind(u, day)}
    return at


class Task:
    """Enough evidence on record by the day (C22); each: within every period; spans: the periods
    of a year; at: the region, a kind, or who is asked on a day."""

    def __init__(self, ident, years, each=False, n=1, at="R", spans=None, part=""):
        self.ident, self.years, self.each, self.n, self.at = ident, years, each, n, at
        self.spans, self.part = spans, part

    def verdicts(self, region):
        for year in self.years:
            whole = [(self.part, f"{year}-01-01" if self.each else "0", f"{year}-12-31")]
            for part, first, last in self.spans(year) if self.spans else whole:
                yield from self.judge(region, part, year, first, last)

    def asked(self, region, last):
        if callable(self.at):
            return self.at(region, min(last, region.as_of))
        return dict.fromkeys([ROOT] if self.at == "R" else region.units(self.at, last), True)

    def judge(self, region, part, year, first, last):
        units = self.asked(region, last)
        met = {}
        for unit in units:
            n = region.ask("SELECT COUNT(*) FROM proof WHERE target=? AND part=? AND day "
                           "BETWEEN ? AND ? AND day<=? "
                           "AND (unit=? OR (unit='' AND ?=?))", self.ident, self.part, first,
                               last, region.as_of,
                           unit, unit, ROOT)[0][0]
            late = "pending" if region.as_of <= last else "missed" if units[unit] else "unknown"
            met[unit] = state = "met" if n >= self.n else late
            yield (self.ident, part, unit, year), (state, "?", "?")
        above = {}
        for unit in units:
            for up in region.above(unit, last):
                above.setdefault(up, []).append(met[unit])
        kind = None if callable(self.at) else self.at
        loose = roll_open(region, kind, ROOT, Moment(region, year))
        for up in [u for level in LEVELS for u in region.units(level, last)]:
            if loose and up not in units and roll_open(region, kind, up, Moment(region, year)):
                above.setdefault(up, [])
        for up, states in above.items():
            more = roll_open(region, kind, up, Moment(region, year))
            state = ("missed" if "missed" in states else "pending" if "pending" in states else
                     "unknown" if "unknown" in states else
                     ("unknown" if region.as_of > last else "pending") if more else "met")
            yield (self.ident, part, up, year), (state, "?", "?")


class Stages:
    """Milestones in order: one before its predecessor is missed at once."""

    def __init__(self, ident, steps):
        self.ident, self.steps = ident, steps

    def verdicts(self, region):
        before = []
        for part, year in self.steps:
            first = region.ask("SELECT MIN(day) FROM proof WHERE target=? AND part=? AND day<=?",
                               self.ident, part, region.as_of)[0][0]
            due = f"{year}-12-31"
            if first and any(b is None or b > first for b in before):
                state = "missed"
            elif first and first <= due:
                state = "met"
            else:
                state = "missed" if region.as_of > due else "pending"
            before.append(first)
            yield (self.ident, part, ROOT, year), (state, "?", "?")


class Rows:
    """Over the rows of a register, year by year, each by its key: one of the conditions holds."""

    def __init__(self, ident, reg, *conditions, key):
        self.ident, self.reg, self.key = ident, reg, key.split("/")
        self.conditions = [Sql(c) for c in conditions]

    def verdicts(self, region):
        for year in YEARS:
            day = f"{year}-12-31"
            owners = set(region.units(OWNERS[self.reg], day))
            for owner, listed in region.rows(self.reg, f"{year}-01-01", day).items():
                names = {}
                for row in listed if owner in owners else ():
                    name = "/".join(row[k] for k in self.key if row.get(k)) or row.get(" id", "")
                    names[name] = n = names.get(name, 0) + 1
                    part = name if n == 1 and name else f"{name}/{n}".lstrip("/")
                    yield (self.ident, part, owner, year), self.answer(region, row, day)

    def answer(self, region, row, day):
        got = any_of(*[lambda f, u, c=c: truth(said(region, c, lambda k: row.get(k[1])))
                       for c in self.conditions])(None, None)
        return decided(got.is_, region.as_of, day)


def said(region, sql, read, kinds=()):
    """Whether a condition holds, over all completions."""
    points, rays, _ = completions(region.db, sql, kinds, read)
    got = {p[0] if p[0] is None else bool(p[0]) for p in points}
    return "unknown" if rays or len(got) != 1 else {True: "yes", False: "no"}.get(got.pop(), "na")


class Rule(Rows):
    """Fires is missed, does not is met (C25)."""

    def __init__(self, ident, reg, where, key):
        super().__init__(ident, reg, where, key=key)

    def answer(self, region, row, day):
        return fired(said(region, self.conditions[0], lambda k: row.get(k[1])), region.as_of, day)


def fired(is_, as_of, due):
    """The state of a rule: its bounds are those of its condition."""
    shown = truth(is_)
    state = decided({"yes": "no", "no": "yes"}.get(is_, is_), as_of, due)[0]
    return state, shown.lo, shown.hi, {"fires": is_}


class Check:
    """A check over the units of a kind, each plan year; before the year is over what is not
    decided is pending (C01)."""

    def __init__(self, ident, kind, check, point="12-31"):
        self.ident, self.kind, self.check, self.point = ident, kind, check, point

    def verdicts(self, region):
        for year in YEARS:
            moment = Moment(region, year, self.point)
            for unit in ([ROOT] if self.kind == "R" else region.units(self.kind, moment.day)):
                got = self.check(moment, unit).is_
                yield (self.ident, "", unit, year), self.answer(got, region.as_of,
                                                                f"{year}-12-31")

    def answer(self, is_, as_of, due):
        return decided(is_, as_of, due)


def decided(is_, as_of, due):
    """The state of a condition that nothing later repairs, and its bounds (C01, C11)."""
    state = {"yes": "met", "no": "missed", "na": "na"}.get(
        is_, "unknown" if as_of > due else "pending")
    answer = truth(is_)
    return state, answer.lo, answer.hi
