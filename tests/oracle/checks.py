# SPDX-License-Identifier: Apache-2.0
"""The relations that checks ask for, written as one writes them: PUPILS <= 2 * last(PUPILS).
Both sides are what they can be while figures are silent, and hard checks of the plan (part <=
whole) say more about a silent figure (C04, C05)."""
from fractions import Fraction

import measure
from judge import Answer, Check, Moment, YEARS, decided, truth
from measure import BOUNDS, INF, OWNERS, SCALE, Sql, Value, completions, kinds_of

BEGIN = "09-01"  # figures of the beginning of the school year


class Term:
    """A figure that can be computed at a unit."""

    def __init__(self, at):
        self.at = at

    def __call__(self, frame, unit):
        return self.at(frame, unit)

    def __add__(self, other):
        return Term(combined(self, term(other), lambda a, b: a + b))

    def __rmul__(self, k):
        return Term(lambda frame, unit: self.at(frame, unit).scaled(Fraction(k)))

    def __neg__(self):
        def at(frame, unit):
            got = self.at(frame, unit)
            return Value(-got.hi, -got.lo)
        return Term(at)

    def __le__(self, other):
        return Relation(self, term(other))

    def __ge__(self, other):
        return Relation(term(other), self)


def term(x):
    if isinstance(x, Term):
        return x
    if callable(x):
        return Term(x)
    return Term(lambda frame, unit: Value(Fraction(x), Fraction(x)))


def combined(a, b, op):
    """Two figures that share nothing; without one of them there is none (C06)."""
    def at(frame, unit):
        x, y = a.at(frame, unit), b.at(frame, unit)
        if x.lo is None or y.lo is None:
            return measure.NONE
        return Value(op(x.lo, y.lo), op(x.hi, y.hi))
    return at


def wholes(kinds, item, up=True):
    """Figures that are no less (no more) than another, by one hard check after another."""
    got, new = set(), {item}
    while new:
        got |= new
        ties = [(p, w) if up else (w, p) for where, p, w in measure.TIES if where in kinds]
        new = {w for p, w in ties if p in new} - got
    return got - {item}


def figure(item):
    """A figure of the unit: as reported, else within its bounds and what hard checks leave."""
    def at(frame, unit):
        known = frame.region.facts(item, frame.per)
        if known.get(unit) is not None:
            return Value(Fraction(known[unit], SCALE), Fraction(known[unit], SCALE))
        kinds = kinds_of(frame.region, unit, frame.day)
        declared = BOUNDS.get(item, (0, INF))

        def told(up):
            for other in wholes(kinds, item, up):
                value = frame.region.facts(other, frame.per).get(unit)
                yield value if value is not None else BOUNDS.get(other, (0, INF))[up]
        lo, hi = max([declared[0], *told(False)]), min([declared[1], *told(True)])
        if lo > hi:  # what is on record contradicts itself and says nothing here
            lo, hi = declared
        return Value(Fraction(lo, SCALE), hi if hi == INF else Fraction(hi, SCALE))
    return Term(at)


def last(t):
    """The same a year earlier, in that year's tree."""
    return Term(lambda frame, unit: t.at(frame.before(), unit))


class Relation:
    """One figure is no more than another."""

    def __init__(self, part, whole):
        self.part, self.whole = part, whole

    def __call__(self, frame, unit):
        a, b = self.part.at(frame, unit), self.whole.at(frame, unit)
        if a.lo is None or b.lo is None:
            return truth("na")
        return truth("yes" if a.hi <= b.lo else "no" if a.lo > b.hi else "unknown")


def within(low, t, high):
    return both(low <= t, t <= high)


def equal(a, b):
    a, b = term(a), term(b)

    def at(frame, unit):
        x, y = a.at(frame, unit), b.at(frame, unit)
        if x.lo is None or y.lo is None:
            return truth("na")
        if x.lo == x.hi == y.lo == y.hi:
            return truth("yes")
        return truth("no" if x.hi < y.lo or x.lo > y.hi else "unknown")
    return at


def both(*conditions):
    return kleene(conditions, "no", "yes")


def either(*conditions):
    return kleene(conditions, "yes", "no")


def kleene(conditions, strong, weak):
    """Connectives leave out what cannot be judged (C14)."""
    def at(frame, unit):
        got = [c(frame, unit).is_ for c in conditions]
        got = [g for g in got if g != "na"]
        return truth("na" if not got else strong if strong in got else
                     "unknown" if "unknown" in got else weak)
    return at


def states(where):
    """Yes-or-no figures, attributes and titles of the unit, as a condition."""
    return said(Sql(where), lambda frame, unit: (measure.cell_of(frame, unit), kinds_of(
        frame.region, unit, frame.day)))


def said(sql, source):
    def at(frame, unit):
        read, kinds = source(frame, unit)
        points, rays, _ = completions(frame.region.db, sql, kinds, read)
        got = {bool(p[0]) for p in points}
        return truth("unknown" if rays or len(got) != 1 else "yes" if got == {True} else "no")
    return at


def hard(ident, kind, part, whole, point="12-31"):
    """A hard check that one figure is part of another: asked, and believed of what is silent."""
    measure.TIES.append((kind, part, whole))
    return Check(ident, kind, figure(part) <= figure(whole), point)


class Rows:
    """A check over the rows of a register, year by year: one of the conditions holds."""

    def __init__(self, ident, reg, *conditions, key):
        self.ident, self.reg, self.key = ident, reg, key.split("/")
        self.conditions = [Sql(c) for c in conditions]

    def verdicts(self, region):
        for year in YEARS:
            day, names = f"{year}-12-31", {}
            owners = set(region.units(OWNERS[self.reg], day))
            for owner, listed in region.rows(self.reg, f"{year}-01-01", day, day).items():
                for row in listed if owner in owners else ():
                    name = "/".join(row[k] for k in self.key if row.get(k)) or str(row[""])
                    names[owner, name] = n = names.get((owner, name), 0) + 1
                    got = either(*[self.asks(c, row) for c in self.conditions])
                    yield ((self.ident, name if n == 1 else f"{name}/{n}", owner, year),
                           decided(got(Moment(region, year), owner).is_, region.as_of, day))

    @staticmethod
    def asks(sql, row):
        return said(sql, lambda frame, unit: (lambda cell: row.get(cell[1]), ()))
