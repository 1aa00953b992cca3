# SPDX-License-Identifier: Apache-2.0
"""Commitments that are not targets: rules and gates over units (C25), caps (C33), scorecards
(C31), samples, and targets that wait for an event (C02)."""
import sys
from fractions import Fraction
from pathlib import Path

from judge import ROOT, YEARS, Check, Moment, Target, due_state, fired, rows_of, truth
from measure import OWNERS, Sql, completions

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from draw import redraw  # noqa: E402


class UnitRule(Check):
    """A rule over the units of a kind: missed where it fires."""

    def answer(self, is_, as_of, due):
        return fired(is_, as_of, due)


fires = UnitRule
gate = Check  # open where its condition is proven, as a check is met


def cap(ident, check):
    """A share that must not be exceeded at any time: judged as it stands, missed at once, kept at
    the end of the year."""
    class Cap(Target):
        def judge(self, region, part, when, moment, check, reach):
            moment.day = min(moment.day, region.as_of)
            for key, (state, *shown) in super().judge(region, part, when, moment, check, reach):
                over = state == "pending" and check(moment, key[2]).is_ == "no"
                yield key, ("missed" if over else state, *shown)
    return Cap(ident, [("", "each", y, check, False) for y in YEARS])


class Until:
    """Judged on the day of an event, in the year of the event; until then pending."""

    def __init__(self, ident, event, check):
        self.ident, self.event, self.check = ident, event, check

    def verdicts(self, region):
        day = region.ask("SELECT MIN(day) FROM event WHERE name=?", self.event)[0][0]
        if day:
            moment, year = Moment(region, int(day[:4]), day[5:]), int(day[:4])
            moment.last = day
        else:  # how it stands is shown as of the latest year that is over
            moment, year = Moment(region, int(region.as_of[:4]) - 1), YEARS[-1]
        answer = self.check(moment, ROOT)
        state = due_state(answer, "at", day, region.as_of, True) if day else "pending"
        yield (self.ident, "", ROOT, year), (
            state, answer.lo, answer.hi, answer.more(state, False))


class Scorecard:
    """Points for the rows of other commitments at the same unit and year."""

    def __init__(self, ident, kind, items, mark, known):
        self.ident, self.kind, self.items, self.mark = ident, kind, items, mark
        self.known = known  # id -> the definitions of the items

    def rows(self, region):
        """(id, unit, year) -> states, without those that are n/a."""
        out = {}
        for ident in self.items:
            for definition in self.known(ident):
                for (_, _, unit, year), (state, *_) in rows_of(definition, region):
                    if state != "na":
                        out.setdefault((ident, unit, year), []).append(state)
        return out

    def verdicts(self, region):
        states, whole = self.rows(region), sum(self.items.values())
        for year in YEARS:
            for unit in region.units(self.kind, f"{year}-12-31"):
                lo = hi = base = Fraction(0)
                for ident, points in self.items.items():
                    got = states.get((ident, unit, year), [])
                    each = Fraction(points, len(got)) if got else 0
                    base += each * len(got)
                    lo += each * got.count("met")
                    hi += each * (len(got) - got.count("missed"))
                mark = Fraction(self.mark) * base / whole
                open_ = "unknown" if region.as_of > f"{year}-12-31" else "pending"
                state = "met" if lo >= mark else "missed" if hi < mark else open_
                if region.as_of <= f"{year}-12-31":
                    state = "pending"
                shown = (state, lo, hi, {"score_base": base}) if base else ("na", None, None)
                yield (self.ident, "", unit, year), shown


class Ident(str):
    """What a row is called in a draw; it bears the row."""


class Sample:
    """Rows of a register drawn by lot, in strata, as known on the day of the draw; and whether
    something is true of each (the language reference, §5)."""

    def __init__(self, ident, reg, key, share, seed, day, year, satisfied):
        self.ident, self.reg, self.key, self.share = ident, reg, key, Fraction(share)
        self.seed, self.day, self.year, self.satisfied = seed, day, year, Sql(satisfied)

    def rows(self, region):
        """(stratum, id with its row) of those on record on the day of the draw."""
        owners = set(region.units(OWNERS[self.reg], self.day))
        for owner, rows in region.rows(self.reg, f"{self.year}-01-01", self.day).items():
            nameless = 1
            for row in rows if owner in owners else ():
                if row[" recorded"] <= self.day:
                    ident = Ident(row.get(" id") or row.get(self.key) or f"{owner}#{nameless}")
                    nameless += ident.startswith(owner + "#")
                    ident.row = row
                    yield owner, ident

    def verdicts(self, region):
        key = (self.ident, "", ROOT, self.year)
        if region.as_of < self.day:
            yield key, ("pending", None, None)
            return
        last, listed, says = f"{self.year}-12-31", list(self.rows(region)), []
        alive = set(region.units(OWNERS[self.reg], last))
        drawn = redraw(listed, self.share, self.seed)
        more = {"sample": drawn, "population": len(listed)}
        for row in (ident.row for ident in drawn if ident.row[" owner"] in alive):
            points, _, _ = completions(region.db, self.satisfied, (self.reg,),
                                       lambda k, row=row: row.get(k[1]))
            got = {bool(p[0]) for p in points}
            says.append("unknown" if len(got) > 1 else "yes" if got.pop() else "no")
        if not says:
            yield key, ("na", None, None, more)
            return
        answer = truth("no" if "no" in says else "unknown" if "unknown" in says else "yes")
        state = due_state(answer, "by", last, region.as_of, True)
        yes, maybe = says.count("yes"), says.count("unknown")
        yield key, (state, Fraction(yes, len(says)), Fraction(yes + maybe, len(says)), more)
