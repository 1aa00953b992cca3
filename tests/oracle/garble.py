# SPDX-License-Identifier: Apache-2.0
"""The data of a region with holes and with wrong figures, always the same ones: what is silent is
where verdicts are hard, and what is wrong is where checks have something to say."""
import csv
import hashlib
import shutil

from measure import BOUNDS

HOLES = WRONG = 0.25
FACTORS = (0.3, 0.69, 0.9, 1.21, 1.6, 3)
FIXED = {"register", "owner", "id", "date", "from", "to", "revoked", "recorded", "source", "grade",
    "status"}


def draw(*what):
    """A number in [0, 1) that hangs on the cell alone."""
    return int.from_bytes(hashlib.md5("|".join(what).encode()).digest()[:4], "big") / 2 ** 32


def cell(value, item, *where):
    """As it was, missing, or multiplied; years and figures with bounds of their own stay true."""
    if draw("hole", item, *where) < HOLES:
        return ""
    if (value.isdigit() and int(value) > 1 and item not in BOUNDS and "年度" not in item
            and draw("wrong", item, *where) < WRONG):
        return str(int(int(value) * FACTORS[int(draw("by", item, *where) * len(FACTORS))]))
    return value


def fact(r):
    r["value"] = cell(r["value"], r["item"].rpartition(".")[2], r["unit"], r["period"])
    return r["value"]


def row(r):
    for k, v in r.items():
        if v and k not in FIXED:
            r[k] = cell(v, k, r["owner"], r["recorded"], v)
    return True


def filing(r):
    return r["form"] == "学校" or draw(r["form"], r["unit"], r["period"]) >= HOLES


def attribute(r):
    return draw(r["unit"], r["attribute"]) >= HOLES


def garble(source, target):
    shutil.copytree(source, target)
    for name, change in (("facts", fact), ("rows", row), ("filings", filing),
                         ("attributes", attribute)):
        for path in sorted(target.glob(name + "[-_.]*csv")):
            with open(path, encoding="utf-8-sig", newline="") as f:
                table = csv.reader(f)
                head, *lines = table
            with open(path, "w", encoding="utf-8", newline="") as f:
                out = csv.writer(f)
                out.writerow(head)
                for line in lines:
                    r = {h: v for h, v in zip(head, line) if v or h in ("owner", "recorded")}
                    if change(r):
                        out.writerow([r.get(h, "") for h in head])
