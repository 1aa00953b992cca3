# SPDX-License-Identifier: Apache-2.0
"""The relations that checks ask for, written as one writes them: PUPILS <= 2 * last(PUPILS).
Both sides are what they can be while figures are silent, and hard checks of the plan (part <=
whole) say more about a silent figure (C04, C05)."""
from fractions import Fraction

import measure
from judge import Check, all_of, truth
from logic import holds
from measure import BOUNDS, INF, SCALE, Value, kinds_of

BEGIN = "09-01"  # figures of the beginning of the school year


class Term:
    """A figure that can be computed at a unit."""

    def __init__(self, at):
        self.at = at

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


def tied(kinds, item, up=True):
    """What one hard check says to be no less (no more) than a figure."""
    return {(w if up else p) for where, p, w in measure.TIES
            if where in kinds and (p if up else w) == item}


class Silent:
    """What is not reported of a unit: figures lie within their bounds and what hard checks leave
    between reported ones. A check that reported figures break changes nothing."""

    def __init__(self, frame, unit):
        self.read = lambda item: frame.region.facts(item, frame.per).get(unit)
        self.kinds = kinds_of(frame.region, unit, frame.day)

    def bound(self, item, up, seen=()):
        tells = [BOUNDS.get(item, (0, INF))[up]]
        for other in tied(self.kinds, item, up) - {item, *seen}:
            value = self.read(other)
            tells.append(value if value is not None else self.bound(other, up, (item, *seen)))
        return min(tells) if up else max(tells)

    def connected(self, item):
        """Figures that are silent with it."""
        got, new = set(), {item}
        while new:
            got |= new
            near = set().union(*[tied(self.kinds, i, up) for i in new for up in (True, False)])
            new = {i for i in near - got if self.read(i) is None}
        return got

    def bounds(self, item):
        """Where what is on record contradicts itself it says nothing."""
        if any(self.bound(i, False) > self.bound(i, True) for i in self.connected(item)):
            return BOUNDS.get(item, (0, INF))
        return self.bound(item, False), self.bound(item, True)


def figure(item):
    """A figure of the unit: as reported, else what it can be (C04, C05)."""
    def at(frame, unit):
        known = frame.region.facts(item, frame.per).get(unit)
        lo, hi = (known, known) if known is not None else Silent(frame, unit).bounds(item)
        return Value(Fraction(lo, SCALE), hi if hi == INF else Fraction(hi, SCALE))
    return Term(at)


def last(t):
    """The same a year earlier, in that year's tree: of a merged unit the sum of what it was made
    of (figures that add up); a part of a split one has no past (C29)."""
    def at(frame, unit):
        then = frame.before()
        units = before(frame.region, unit, then.day)
        got = [t.at(then, u) for u in units or ()]
        if not got or any(g.lo is None for g in got):
            return measure.NONE
        return Value(sum(g.lo for g in got), sum(g.hi for g in got))
    return Term(at)


def before(region, unit, day):
    """What a unit was on an earlier day; None: a part of something else."""
    lines = [] if region.kind(unit, day) else region.ask(
        "SELECT event, old FROM line WHERE new=?", unit)
    if any(event in ("split", "拆分") for event, _ in lines):
        return None
    parents = [before(region, old, day) for _, old in lines]
    return None if None in parents else sum(parents, []) if lines else [unit]


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
    return all_of(low <= t, t <= high)


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


states = holds  # yes-or-no figures, attributes and titles of the unit, as a condition


def hard(ident, kind, part, whole, point="12-31"):
    """A hard check that one figure is part of another: asked, and believed of what is silent."""
    measure.TIES.append((kind, part, whole))
    return Check(ident, kind, figure(part) <= figure(whole), point)
