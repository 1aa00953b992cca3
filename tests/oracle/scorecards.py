# SPDX-License-Identifier: Apache-2.0
"""Yearly assessments of prefectures, universities and colleges, and the goals that are broken down
to them: defined from the text and the data dictionary. The points are an example of the plan."""
import annex1
import annex2
import annex3
import maintext
from acts import Scorecard
from annex1 import MIN1
from annex3 import ASKED, DUAL, FITS, QUALIFIED, VOC
from checks import equal
from judge import Check, Target, by, each, keeps, test
from measure import own, plus, units

PREFECTURES = ["盟市"]
RISING = ((2024, "0.8", "0.6"), (2025, "0.9", "0.7"), (2026, 1, "0.75"))


def rungs(measure, column):
    return [(str(r[0]), "at", r[0], test(measure, ">=", r[column]), True) for r in RISING]


def known(ident):
    """The definitions of a commitment, wherever it is defined."""
    return [d for theme in (annex1.ALL, annex2.ALL, annex3.ALL, maintext.ALL, ALL) for d in theme
            if d.ident == ident]


def card(ident, kind, points):
    listed = points.split()
    return Scorecard(ident, kind, dict(zip(listed[::2], map(int, listed[1::2]))), 60, known)


ALL = [
    Check("S3.3", "盟市", equal(own("{普查人口}"), plus(units(("旗县", "{普查人口}")),
        units(("功能区", "{普查人口}"))))),
    *[Target(i, by(2026, test(units(("幼儿园", f"IIF({x}, [学生数], 0)", "[学生数]"), dens=True),
        ">=", v)), at=PREFECTURES, point="09-01") for i, x, v in (
            ("S3.21", "{公办} OR {普惠}", "0.93"), ("S3.22", "{公办}", "0.64"))],
    Target("S3.23", rungs(QUALIFIED, 1), at=PREFECTURES),
    Target("S3.24", rungs(DUAL, 2), at=PREFECTURES),
    Target("S3.25", each(keeps(units(("中职", "[落实毕业生数]", "[毕业生数]"), dens=True))),
        at=PREFECTURES, point="08-31"),
    Target("S3.26", by(2026, MIN1(FITS)), at=[VOC], given=ASKED),
    card("S3.2", "盟市", "S3.21 8 S3.22 8 B1.2 6 B2.5 8 B8.1 6 B9.3 6 B10.3 6 B13.2 12 S3.23 8 "
         "S3.24 6 S3.25 6 V1.4 4 V6.8 4 M8.1 4 M19.1 8"),
    card("S3.4", "本科高校", "H1.5 6 H4.3 6 H7.7 6 H8.9 6 H12.2 16 H12.7 6 H18.4 10 H20.1 6 "
         "H21.2 6 H21.4 6 H22.1 6 M2.2 4 M3.1 4 M6.8 4 M16.2 4 S1.6 4"),
    card("S3.5", "高职", "S3.26 20 V0.9 8 V2.3 6 V8.2 10 V8.13 6 V8.14 4 V11.1 6 V11.10 4 V12.2 6 "
         "V13.1 6 V17.3 8 M2.2 4 M3.1 4 M16.2 4 S1.6 4"),
]
