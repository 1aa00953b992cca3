# SPDX-License-Identifier: Apache-2.0
"""Conditions and measures that are made of others: counts of units for which a condition holds
(C14), quotients over several registers, other years, variation (C27), days (C17)."""
from copy import copy
from datetime import date
from fractions import Fraction

from judge import BASE, YEARS, Answer, truth
from measure import (HALF_TOLD, INF, Sql, Value, bounds, completions, entry, member, register,
    roll_open, row_parts)
from region import SCALE

MAY = {"yes": (1,), "no": (0,), "na": (0,), "unknown": (0, 1)}


def no(test):
    """Not (C14)."""
    def at(frame, unit):
        return truth({"yes": "no", "no": "yes"}.get(test(frame, unit).is_, test(frame, unit).is_))
    return at


def holds(condition):
    """A condition over the unit's own cells, attributes and titles."""
    sql = Sql(f"IIF({condition}, 1#, 0)")

    def at(frame, unit):
        points, _, _ = member(sql, frame, unit)
        got = {p[0] for p in points}
        return truth("unknown" if len(got) > 1 else "yes" if got.pop() else "no")
    return at


def among(attribute, cases, otherwise):
    """The condition that the value of an attribute asks for; unknown: what all of them say."""
    def at(frame, unit):
        value = frame.region.attrs(attribute, frame.day).get(unit)
        if value is not None:
            return cases.get(value, otherwise)(frame, unit)
        says = {t(frame, unit).is_ for t in (*cases.values(), otherwise)}
        return truth(says.pop() if len(says) == 1 else "unknown")
    return at


def at_least(first, second):
    """A measure against a figure that is itself worked out."""
    def at(frame, unit):
        a, b = first(frame, unit), second(frame, unit)
        if a.hi is None or b.hi is None:
            return Answer("na")
        is_ = "yes" if a.lo >= b.hi else "no" if a.hi < b.lo else "unknown"
        return Answer(is_, a.lo, a.hi)
    return at


def tally(kind, base, then=None):
    """How many units of a kind below satisfy a condition; with `then`: what share of them satisfies
    that one too."""
    def at(frame, unit):
        region, parts = frame.region, []
        for u in region.units(kind, frame.day, unit):
            b, s = base(frame, u).is_, then(frame, u).is_ if then else "yes"
            points = {(x * y * SCALE, x * SCALE) for x in MAY[b] for y in MAY[s]}
            parts.append((list(points), [], len(points) == 1))
        if roll_open(region, kind, unit, frame):
            parts.append(([], [(SCALE, SCALE), (0, SCALE)], False))
        return bounds(parts + [HALF_TOLD], then is not None)
    return at


def count_true(*tests):
    """How many of several conditions hold for a unit."""
    def at(frame, unit):
        says = [t(frame, unit).is_ for t in tests]
        return Value(Fraction(says.count("yes")), Fraction(sum(max(MAY[s]) for s in says)))
    return at


def sum_where(kind, base, amount, divisor=None):
    """A figure summed over the units of a kind that satisfy a condition."""
    sql = Sql(amount, divisor or "0")

    def at(frame, unit):
        region, parts = frame.region, []
        for u in region.units(kind, frame.day, unit):
            is_ = base(frame, u).is_
            points, rays, known = member(sql, frame, u)
            if 1 in MAY[is_]:
                out = [(0, 0)] if 0 in MAY[is_] else []
                parts.append((points + out, rays, known and not out))
        if roll_open(region, kind, unit, frame):
            points, rays, _ = completions(region.db, sql, (kind,), lambda key: None)
            parts.append(([], [p for p in points + rays if any(p)], False))
        return bounds(parts + [HALF_TOLD], divisor is not None)
    return at


def row_quotient(*terms):
    """A quotient of sums over the rows of registers: (register, numerator, divisor)."""
    compiled = [(reg, Sql(*exprs)) for reg, *exprs in terms]

    def at(frame, unit):
        parts = [p for reg, sql in compiled for p in row_parts(sql, reg, frame, unit)]
        silent = any(p[2] is False for p in parts)
        return bounds(parts + [HALF_TOLD] * (silent and len(terms) > 1), True)
    return at


def before(measure):
    return lambda frame, unit: measure(frame.before(), unit)


def in_base_year(measure):
    return lambda frame, unit: measure(frame.of(BASE), unit)


def over_plan(measure):
    """The sum over the years of the plan."""
    def at(frame, unit):
        got = [measure(frame.of(y), unit) for y in YEARS]
        return Value(sum(g.lo for g in got), sum(g.hi for g in got))
    return at


def within(years, measure):
    """The rows of the last few years."""
    def at(frame, unit):
        frame = copy(frame)
        frame.back, frame.touch = years - 1, True
        return measure(frame, unit)
    return at


def days(reg, person, where):
    """Days on which each person has a row in force, added up over persons (C17)."""
    sql = Sql(where)

    def at(frame, unit):
        frame = copy(frame)
        frame.touch = True
        listed, loose, _ = register(reg, frame, unit)
        sure, maybe, blank, least = set(), set(), 0, 0
        for row in listed:
            says = {bool(p[0]) for p in entry(sql, frame, row)[0]}
            first, last = (date.fromisoformat(d).toordinal() for d in row[" span"])
            if says == {False}:
                continue
            if row.get(person) is None:
                blank += last - first + 1
                least = max(least, last - first + 1) if says == {True} else least
            else:
                (sure if says == {True} else maybe).update(
                    (row[person], day) for day in range(first, last + 1))
        return Value(Fraction(max(len(sure), least)),
                     INF if loose else Fraction(len(sure | maybe) + blank))
    return at


class Root(Fraction):
    """A square root, kept as its square."""


def varies(kind, figure, weight, where, limit):
    """The coefficient of variation of figure per weight, weighted, against a limit, on squares:
    CV² = P Σ(xᵢ²/pᵢ) / X² − 1 (C27). Where a cell is silent anything may be."""
    sql = Sql(figure, weight, f"IIF({where}, 1, 0)")

    def at(frame, unit):
        region, got, sure = frame.region, [], not roll_open(frame.region, kind, unit, frame)
        for u in region.units(kind, frame.day, unit):
            points, rays, known = member(sql, frame, u)
            if any(p[2] for p in points):
                got.append(points[0])
                sure = sure and known
        got = [(Fraction(x), Fraction(p)) for x, p, _ in got if p or not sure]
        if not sure:
            return Answer("unknown", Root(0), INF)
        mass, total = sum(p for _, p in got), sum(x for x, _ in got)
        if not total:
            return Answer("na")
        square = mass * sum(x * x / p for x, p in got) / total ** 2 - 1
        limit2 = Fraction(limit) ** 2
        return Answer("yes" if square <= limit2 else "no", Root(square), Root(square))
    return at
