#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The track of a commitment and the smallest change that would mend it, over HTTP. That a change
is enough, and less is not, is asked of `eval` over a book in which it has been made. Prints TAP."""
import sys
import time
from datetime import date
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town, run as cli  # noqa: E402
from service import Service  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 t { 名称 "试" 印发 2024-01-01 年度 2024 至 2026 基准年 2023 }
层级 省 > 县 > 学校
条款 A 附件1
条款 B 附件1 二
对象 学校 属于 县 {
  数据 学生 : 人 每年
  数据 教师 : 人 每年
  数据 经费 : 万元 每年 小数 2
  数据 达标 : 是否 每年
  数据 在考 : 人 每年 密级 密封
}
台账 培训 属于 学校 { 字段 人员 : 文本 键  须报送 每年 }
指标 A.1 师生比 { 依据 附件1 计算 求和(学校.教师) / 求和(学校.学生)
  目标 不低于 于 2024年 5%, 到 2026年 8% }
指标 A.2 班额 { 依据 附件1 计算 求和(学校.学生) / 求和(学校.教师) 目标 于 2024年 不超过 20 }
指标 A.3 达标 { 依据 附件1 计算 占比(学校 其中 达标) 目标 于 2024年 超过 50% }
指标 A.4 校均 { 依据 附件1 计算 求和(学校.学生) 目标 于 2024年 每个 学校 不低于 55人 }
指标 A.5 经费 { 依据 附件1 计算 求和(学校.经费) 目标 于 2024年 达到 100万元 }
指标 A.6 在考 { 依据 附件1 计算 求和(学校.在考) 目标 于 2024年 不低于 9人 }
指标 A.8 师生比 { 依据 附件1 计算 求和(学校.教师) / 求和(学校.学生) 目标 于 2024年 超过 6% }
指标 A.9 培训 { 依据 附件1 计算 去重(培训.人员) 目标 于 2024年 不少于 3人 }
指标 A.10 师生比 { 依据 附件1 计算 求和(学校.教师) / 求和(学校.学生)
  目标 到 2026年 每个 县 不低于 8% }
任务 A.7 台账 { 依据 附件1 责任 省 交付 "建立台账" 于 2024年 }
"""
UNITS = """code,name,kind,parent,from,to,alias
R,某省,省,,,,
D,甲县,县,R,,,
E,乙县,县,R,,,
S1,甲一校,学校,D,,,
S2,甲二校,学校,D,,,
T1,乙一校,学校,E,,,
"""
HEAD = "unit,item,period,value,recorded,source,grade\n"
FACTS = {("S1", "学生", 2023): 50, ("S2", "学生", 2023): 50, ("S1", "教师", 2023): 2,
         ("S2", "教师", 2023): 2, ("S1", "学生", 2024): 60, ("S2", "学生", 2024): 50,
         ("S1", "教师", 2024): 3, ("S2", "教师", 2024): 2, ("T1", "学生", 2024): 70,
         ("T1", "教师", 2024): 1, ("S1", "达标", 2024): "是", ("S2", "达标", 2024): "否",
         ("T1", "达标", 2024): "否", ("S1", "经费", 2024): "30.25", ("S1", "在考", 2024): 4}
PEOPLE = {"leader": ["leader R internal"], "school": ["filler S1 internal"]}


def table(facts):
    return HEAD + "".join(f"{u},学校.{i},{y},{v},{y + 1}-01-05,t,A\n"
                          for (u, i, y), v in facts.items())


TOWN = Town(PLAN, UNITS, PEOPLE, tables=(("facts.csv", table(FACTS)),))
SERVICE = Service(TOWN.copy())
SERVICE.__enter__()
LEADER = SERVICE.login("leader")


def get(path, want=200, who=LEADER, **more):
    answer = who.get(path, **more)
    assert answer.status == want, f"{path}: {answer.status} {answer.text}"
    return answer.json


def until_there(path):
    """A moment gone by is asked for until it is worked out."""
    answer = LEADER.get(path)
    while answer.status == 202:
        time.sleep(0.05)
        answer = LEADER.get(path)
    assert answer.status == 200, answer.text
    return answer.json


def mend(target, unit, year=2024):
    (line,) = get(f"/commitments/{target}/units/{unit}/mend?year={year}")["lines"]
    return line


def steps(line):
    return {s["sort"]: s for s in line["steps"]}


@test("the track goes from the baseline year to the newest one that is known, with what is asked")
def _():
    (line,) = get("/commitments/A.1/units/R/track")["lines"]
    got = [(p["year"], p["lo_exact"], p["hi_exact"]) for p in line["points"]]
    assert got[1] == (2024, "1/30", "1/30") and got[0][0] == 2023, got
    assert all(y <= 2025 for y, _, _ in got), "a year that is not over is known of nothing"
    assert [(r["year"], r["required"], r["due"]) for r in line["rungs"]] == [
        (2024, "≥ 5.0%", "2024-12-31"), (2026, "≥ 8.0%", "2026-12-31")], line["rungs"]
    (line,) = get("/commitments/A.1/units/D/track")["lines"] or [None]


@test("the figures of the track are those that verdicts of these years have")
def _():
    (own,) = [v for v in get("/commitments/A.1/units/R")["verdicts"] if v["year"] == 2024]
    (line,) = get("/commitments/A.1/units/R/track")["lines"]
    (then,) = [p for p in line["points"] if p["year"] == 2024]
    assert (then["lo_exact"], then["text"], then["reported"]) == (
        own["lo_exact"], own["text"], own["reported"]), (then, own)
    (line,) = get("/commitments/A.4/units/R/track")["lines"]
    assert line["for_all"] and [p["text"] for p in line["points"]] == ["66.7%"], line
    (line,) = get("/commitments/A.6/units/D/track")["lines"] or [{"points": []}]
    assert all(p["lo_exact"] is None for p in line["points"]), line


@test("the run rate that a light compares is told: what came every 30 days, what has to come (C42)")
def _():
    path, day = "/commitments/A.10/units/{}/track?as_of=2025-06-30", date(2025, 6, 30)
    (rung,) = until_there(path.format("D"))["lines"][0]["rungs"]
    now, base, asked = Fraction(5, 110), Fraction(4, 100), Fraction(8, 100)
    gone, left = (day - date(2023, 12, 31)).days, (date(2026, 12, 31) - day).days
    rate = {"observed": (now - base) * 30 / gone, "required": (asked - now) * 30 / left}
    run = rung["run"]
    assert (run["gone"], run["left"], run["since"], run["base"]) == (
        gone, left, "2023-12-31", "4.0%"), run
    for name, exact in rate.items():
        assert Fraction(run[f"{name}_exact"]) == exact, run
        figure = Fraction(run[name].split()[0]) / 100
        assert exact <= figure <= exact * Fraction(11, 10), (run, exact)
    assert rung["light"] == "red" and 2 * rate["observed"] < rate["required"], rung
    # Where the baseline is not known the light is grey, and there is nothing to compare.
    (rung,) = until_there(path.format("E"))["lines"][0]["rungs"]
    assert rung["light"] == "grey" and "run" not in rung, rung
    # The command line says the same, with what it follows from.
    (_, said, _) = cli("explain", "A.10", "--pack", TOWN.pack, "--as-of", "2025-06-30",
                       "--unit", "D", "--lang", "en")
    for line in ("run rate · red", "baseline 2023-12-31: 4.0%",
                 f"so far, in {gone} days, every 30 days: {run['observed']}",
                 f"needed, in {left} days, every 30 days: {run['required']}"):
        assert line in said, (line, said)


@test("who is silent behind a figure is named, and nobody where all have reported")
def _():
    (line,) = get("/commitments/A.5/units/R/open?year=2024")["lines"]
    assert (line["n_silent"], [u["unit"] for u in line["silent"]]) == (2, ["S2", "T1"]), line
    # A register that must be filed is waited for like a report.
    (line,) = get("/commitments/A.9/units/R/open?year=2024")["lines"]
    assert (line["n_silent"], [u["unit"] for u in line["silent"]]) == (3, ["S1", "S2", "T1"]), line
    assert steps(mend("A.9", "R"))["silent"]["amount_exact"] == "3"
    (line,) = get("/commitments/A.1/units/R/open?year=2024")["lines"]
    assert (line["n_silent"], line["silent"]) == (0, []), line
    (line,) = get("/commitments/A.1/units/R/open?year=2026")["lines"]
    assert [u["unit"] for u in line["silent"]] == ["S1", "S2", "T1"], line


# ---- what would mend it -------------------------------------------------------------------------

def state_with(changes, target, unit):
    """How it would stand with these facts beside."""
    b = Town(PLAN, UNITS, PEOPLE, tables=(("facts.csv", table(FACTS | changes)),))
    (row,) = [v for v in b("eval", "--target", target, "--unit", unit, who="leader",
                           fmt="json")["verdicts"] if v["year"] == 2024]
    return row["state"]


@test("a quotient is mended from above or from below, by whole people, and by no less")
def _():
    got = steps(mend("A.1", "R"))
    assert got["figure"]["exact"] == "1/60" and got["figure"]["amount"] == \
        "1.7 percentage points", got
    assert (got["numerator"]["exact"], got["numerator"]["amount_exact"]) == ("3", "3"), got
    assert (got["denominator"]["amount_exact"], got["denominator"]["less"]) == ("60", True), got
    assert state_with({("S1", "教师", 2024): 6}, "A.1", "R") == "met"
    assert state_with({("S1", "教师", 2024): 5}, "A.1", "R") == "missed"
    assert state_with({("S1", "学生", 2024): 0}, "A.1", "R") == "met"
    assert state_with({("S1", "学生", 2024): 1}, "A.1", "R") == "missed"
    got = steps(mend("A.8", "R"))
    assert (got["numerator"]["exact"], got["numerator"]["amount"]) == ("24/5", "5 persons"), got
    assert state_with({("S1", "教师", 2024): 8}, "A.8", "R") == "met"
    assert state_with({("S1", "教师", 2024): 7}, "A.8", "R") == "missed"
    assert "求和(学校.教师)" in str(get("/commitments/A.1/units/R/mend",
                                        headers={"Accept-Language": "zh"})), "not in words"


@test("of a ceiling what is above goes down or what is below goes up")
def _():
    got = steps(mend("A.2", "R"))
    assert (got["numerator"]["amount_exact"], got["numerator"]["less"]) == ("60", True), got
    assert (got["denominator"]["amount_exact"], got["denominator"]["less"]) == ("3", False), got


@test("of a share it is told how many units more, also where reaching the bound is not enough")
def _():
    got = steps(mend("A.3", "R"))
    assert got["units"]["amount"] == "1" and Fraction(got["units"]["exact"]) == Fraction(1, 2), got
    assert state_with({("S2", "达标", 2024): "是"}, "A.3", "R") == "met"


@test("of a demand on each it is told how many miss it; of one that misses it, by what")
def _():
    assert steps(mend("A.4", "R"))["each"]["amount"] == "1"
    assert steps(mend("A.4", "S2"))["figure"]["amount"] == "5 persons"
    assert mend("A.4", "S1")["silence"] == "done"


@test("of a sum it is told what those who are silent have to bring, in what can be reported")
def _():
    got = steps(mend("A.5", "R"))
    assert list(got) == ["silent"] and got["silent"]["exact"] == "697500", got
    assert state_with({("S2", "经费", 2024): "69.75"}, "A.5", "R") != "missed"
    assert state_with({("S2", "经费", 2024): "69.75", ("T1", "经费", 2024): 0}, "A.5", "R") == "met"
    assert state_with({("S2", "经费", 2024): "69.74", ("T1", "经费", 2024): 0},
                      "A.5", "R") == "missed"


@test("where no amount can be named it is said why, and nothing of sealed data is told")
def _():
    sealed = mend("A.6", "R")
    assert sealed["silence"] == "sealed" and sealed["steps"] == [], sealed
    assert mend("A.7", "R")["silence"] == "evidence"
    assert mend("A.1", "R", 2026)["silence"] in ("open", "")
    zh = get("/commitments/A.7/units/R/mend", headers={"Accept-Language": "zh"})
    assert "佐证" in zh["lines"][0]["says"], zh


@test("both are refused where verdicts may not be read, and said of days gone by")
def _():
    school = SERVICE.login("school")
    for page in ("track", "mend"):
        get(f"/commitments/A.4/units/T1/{page}", 403, who=school)
        get(f"/commitments/A.4/units/S1/{page}", who=school)
        get(f"/commitments/X/units/R/{page}", 404)
        get(f"/commitments/A.1/units/R/{page}?as_of=2199-01-01", 422)


# ---- the official text --------------------------------------------------------------------------

OFFICIAL = """附件1
一、到二〇二六年师生比不低于8%，学生班额不超过20人。
二、完善工作机制。
"""


@test("the official text comes with commitments where they are printed, others in the margin")
def _():
    assert get("/plan/text") == {"there": False, "paragraphs": []}
    file = TOWN.dir / "official.txt"
    file.write_text(OFFICIAL, "utf-8")
    with Service(TOWN.copy(), f"text={file}") as s:
        got = get("/plan/text", who=s.login("school"))
    lines = ["".join(r["text"] for r in p["runs"]) for p in got["paragraphs"]]
    assert got["there"] and lines == OFFICIAL.splitlines(), lines
    marked = {r["text"]: r["by"] for p in got["paragraphs"] for r in p["runs"] if r["by"]}
    of = {i: [t for t, by in marked.items() if i in by] for i in ("A.1", "A.2")}
    assert of["A.1"] and all("8%" in t and "20人" not in t for t in of["A.1"]), marked
    assert of["A.2"] and all("20人" in t and "8%" not in t for t in of["A.2"]), marked
    assert [r["text"] for r in got["paragraphs"][2]["runs"] if r["open"]] == ["完善工作机制"], got
    (beside,) = got["paragraphs"][2]["margin"]
    assert (beside["clause"], beside["sentence"], beside["state"]) == ("B", 1, "open"), beside
    assert got["paragraphs"][0]["heading"] and not got["paragraphs"][1]["heading"], got


SERVICE.stop()
sys.exit(main())
