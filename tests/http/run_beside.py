#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A report beside the period before and beside its peers: nearest area with enough of them, this
period or the one before, and nothing where there are too few. Prints TAP."""
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town  # noqa: E402
from service import Person, Service  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 p { 年度 2024 至 2026 }
层级 省 > 县 > 学校
对象 学校 属于 县 {
  数据 学生 : 人 每年 小数 0
  数据 教师 : 人 每年 小数 0
  数据 班额率 : % 每年 小数 1 范围 0 至 100%
  数据 公办 : 是否 每年
  数据 残疾 : 人 每年 小数 0 密级 密封
  数据 校训 : 文本 每年
}
报表 F1 学校基本情况 { 对象 学校 每年 项 学生, 教师, 班额率, 公办, 残疾, 校训  截止 10-15 }
指标 T1 学生 { 计算 求和(学校.学生) 目标 每年 每个 县 不低于 1人 }
"""
LEAST = 20
# A large county and a small one; the small one has too few schools of its own.
BIG = [f"B{i:02}" for i in range(LEAST + 2)]
SMALL = [f"S{i}" for i in range(3)]
UNITS = ("code,name,kind,parent\nR,省,省,\nD,大县,县,R\nE,小县,县,R\n"
         + "".join(f"{c},{c}校,学校,D\n" for c in BIG)
         + "".join(f"{c},{c}校,学校,E\n" for c in SMALL))
PUPILS = {c: 100 + 10 * i for i, c in enumerate(BIG)}  # of 2025


def rows():
    yield "unit,item,period,value,source\n"
    for c in BIG + SMALL:
        yield f"{c},学生,2024,100,去年\n{c},教师,2024,10,去年\n{c},残疾,2024,1,去年\n"
        yield f"{c},班额率,2024,90%,去年\n{c},公办,2024,{'是' if c in BIG[:15] else '否'},去年\n"
    for c in BIG[1:]:  # the first one is still to report
        yield f"{c},学生,2025,{PUPILS[c]},今年\n"


PEOPLE = {"b": ["filler B00 sealed"], "s": ["filler S0 sealed"], "d": ["reviewer D sensitive"],
          "e": ["reviewer E sensitive"], "iss": ["issuer R internal"]}
TOWN = Town(PLAN, UNITS, PEOPLE, (("facts.csv", "".join(rows())),))
SERVICE = Service(TOWN)
SERVICE.__enter__()
WHO = {user: Person(SERVICE.login(user)) for user in PEOPLE}
WHO["iss"].post("/rounds", {"round": "R1", "form": "F1", "period": "2025", "due": "2025-10-15",
                            "minutes": 2, "only": ["B00", "S0"], "signatures": 0})


def beside(who, unit):
    got = WHO[who].get(f"/rounds/R1/reports/{unit}/beside")
    assert got["least"] == LEAST, got
    return {i["item"].split(".")[1]: i for i in got["items"]}


def save(who, unit, **figures):
    path = f"/rounds/R1/reports/{unit}"
    cells = [{"item": k, "value": v} for k, v in figures.items()]
    WHO[who].post(f"{path}/save", {"seen": WHO[who].get(path)["seen"], "cells": cells})


@test("how far a figure is from the period before, in its unit and in percent")
def _():
    save("b", "B00", 学生="125", 教师="8", 班额率="95.5%", 公办="是")
    x = beside("d", "B00")
    assert (x["学生"]["before"], x["学生"]["by"], x["学生"]["percent"]) == ("100", "+25", "+25"), x
    assert (x["教师"]["by"], x["教师"]["percent"]) == ("-2", "-20"), x
    # Of percentages the difference is in points, and a percentage of them would be misread.
    assert x["班额率"]["by"] == "+5.5" and "percent" not in x["班额率"], x
    assert "by" not in x["公办"], x


@test("quartiles of the nearest area with enough of its kind, this period if they have said it")
def _():
    p = beside("d", "B00")["学生"]["peers"]
    others = [PUPILS[c] for c in BIG[1:]]
    low, middle, high = statistics.quantiles(others, n=4, method="inclusive")
    assert p["area"] == "D" and p["area_name"] == "大县" and p["period"] == "2025", p
    assert (p["units"], p["said"]) == (len(others), len(others)), p
    assert [float(p[k]) for k in ("low", "middle", "high")] == [low, middle, high], p
    assert p["place"] == "below", p
    for figure, place in (("200", "within"), ("300", "above"), ("3000", "far-above")):
        save("b", "B00", 学生=figure)
        assert beside("d", "B00")["学生"]["peers"]["place"] == place, place


@test("too few have said this period: the one before is shown, and says so")
def _():
    p = beside("d", "B00")["教师"]["peers"]
    assert p["period"] == "2024" and p["area"] == "D" and p["middle"] == "10", p
    yes = beside("d", "B00")["公办"]["peers"]
    assert yes["period"] == "2024" and yes["yes"] == 14 and "middle" not in yes, yes


@test("too few in the county: the area above it")
def _():
    save("s", "S0", 学生="160")
    p = beside("e", "S0")["学生"]["peers"]
    assert p["area"] == "R" and p["said"] == len(BIG) - 1 and p["units"] == len(BIG + SMALL) - 1, p


@test("sealed items and texts are held against nobody's, and their difference is not told")
def _():
    save("b", "B00", 残疾="5", 校训="勤")
    x = beside("d", "B00")
    assert set(x["残疾"]) == {"item"} and set(x["校训"]) == {"item"}, x
    assert beside("b", "B00")["残疾"]["by"] == "+4"


@test("the server stops cleanly")
def _():
    assert SERVICE.stop() == 0, "".join(SERVICE.said)


if __name__ == "__main__":
    sys.exit(main())
