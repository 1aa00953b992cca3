#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the public may see: off until it is switched on; of the unit at the top alone; nothing of
sealed data, no small counts, nothing that is not accepted; the same for everybody. Prints TAP."""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town, run  # noqa: E402
from service import Service, part  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 t { 名称 "试" 印发 2024-01-01 年度 2024 至 2026 }
层级 省 > 县 > 学校
条款 A 附件1
对象 学校 属于 县 {
  数据 学生 : 人 每年 小数 0
  数据 教师 : 人 每年 小数 0
  数据 教室 : 个 每年 小数 0
  数据 在考 : 人 每年 小数 0 密级 密封
  数据 借调 : 人 每年 小数 0 密级 敏感
  数据 信访 : 人 每年 小数 0 密级 敏感
}
台账 骨干 属于 学校 { 字段 姓名 : 文本 键 密级 敏感 }
台账 个案 属于 学校 { 字段 姓名 : 文本 键 密级 密封 }
报表 F1 基本 { 对象 学校 每年 项 学生 截止 10-15 }
指标 A.1 师生比 { 依据 附件1 计算 求和(学校.教师) / 求和(学校.学生) 目标 不低于 于 2024年 5% }
指标 A.2 学生 { 计算 求和(学校.学生) 目标 每年 不低于 100人 目标 每年 每个 县 不低于 100人 }
指标 A.3 在考 { 计算 求和(学校.在考) / 求和(学校.学生) 目标 于 2024年 不高于 50% }
指标 A.4 缺考 { 计算 1 - A.3 目标 于 2024年 不低于 10% }
目标 B.1 学生 { 于 2024年 每个 学校 当 在考 不低于 1人 学生 不低于 50人 }
指标 A.5 借调 { 计算 求和(学校.借调) 目标 于 2024年 不高于 90人 }
指标 A.6 信访 { 计算 求和(学校.信访) 目标 于 2024年 不高于 90人 }
指标 A.7 借调比 { 计算 求和(学校.借调) / 求和(学校.学生) 目标 于 2024年 不高于 90% }
指标 A.8 教师 { 计算 求和(学校.教师) 目标 于 2024年 不低于 7人 }
指标 A.9 教室 { 计算 求和(学校.教室) 目标 于 2024年 不低于 7个 }
指标 A.10 骨干 { 计算 计数(骨干) 目标 于 2024年 不少于 1 }
指标 A.11 个案 { 计算 计数(个案) 目标 于 2024年 不少于 1 }
考核 S.1 总评 { 对象 县 每年 项 A.2 40分 项 A.3 60分 合格 60分 }
校验 V1 量 { 对象 学校  教师 不超过 学生  软性 提示 "多" }
"""
UNITS = """code,name,kind,parent
R,某省,省,
D,甲县,县,R
E,乙县,县,R
S1,甲一校,学校,D
S2,甲二校,学校,D
T1,乙一校,学校,E
"""
FACTS = "unit,item,period,value,recorded,source,grade\n" + "".join(
    f"{unit},学校.{item},2024,{value},2025-01-05,t,A\n" for unit, values in (
        ("S1", (6173, 3, 2, 11, 40, 1)), ("S2", (50, 2, 3, 13, 41, 2)),
        ("T1", (70, 1, 3, 17, 43, 3)))
    for item, value in zip(("学生", "教师", "教室", "在考", "借调", "信访"), values))
ROWS = "register,owner,date,姓名\n" + "".join(
    f"{register},S1,2024-05-0{i + 1},{name}\n" for register in ("骨干", "个案")
    for i, name in enumerate(("张某某", "李某某")))
TOWN = Town(PLAN, UNITS, {"leader": ["leader R internal"], "iss": ["issuer R internal"],
                          "f1": ["filler S1 internal"]},
            tables=(("facts.csv", FACTS), ("rows.csv", ROWS)))
SERVICE = Service(TOWN.copy(), "public=yes")
SERVICE.__enter__()
ANYONE = SERVICE.asker()
LEADER = SERVICE.login("leader")
MADE = ANYONE.get("/public").json
TOLD = {x["id"]: x for x in MADE["commitments"]}


def page(target):
    got = ANYONE.get(f"/public/commitments/{target}")
    assert got.status == 200, got.text
    return got.json


def state(target):
    return {v["state"] for v in page(target)["verdicts"]}


@test("it is off until it is switched on, and the service says so")
def _():
    with Service(TOWN.copy()) as closed:
        for path in ("/public", "/public/commitments/A.1", "/public/commitments/none"):
            got = closed.asker().get(path)
            assert got.status == 404 and "nothing is published" in got.text, got.text
        assert closed.asker().get("/health").json["public"] is False
    assert ANYONE.get("/health").json["public"] is True


@test("verdicts are those of the unit at the top, with day, commit and how many have reported")
def _():
    assert MADE["unit_name"] == "某省" and MADE["plan"] == "试" and MADE["as_of"]
    assert 0 < MADE["commit"] <= LEADER.get("/units/R/overview").json["commit"]
    mine = {x["target"]: x["own"] for x in LEADER.get("/units/R/overview").json["lines"]}
    for target in ("A.1", "A.2", "A.8"):
        assert TOLD[target]["states"] == mine[target], target
    seen = LEADER.get("/commitments/A.1/units/R").json["verdicts"][0]
    told = page("A.1")["verdicts"][0]
    for word in ("part", "year", "state", "text", "required", "due", "reported", "expected"):
        assert told[word] == seen[word], word
    assert page("A.1")["places"] == ["附件1"] and page("A.8")["places"] == []
    assert TOLD["A.1"]["clauses"] == ["A"]


@test("what reads sealed data, wherever, has neither verdict nor figure")
def _():
    for target in ("A.3", "A.4", "B.1", "A.11", "S.1"):
        assert not TOLD[target]["told"] and sum(TOLD[target]["states"].values()) == 0, target
        made = page(target)
        assert not made["told"] and not made["figures"] and made["verdicts"] == [], target


@test("of sensitive data counts are told, and no ratio")
def _():
    assert page("A.5")["verdicts"][0]["text"] == "124 persons", page("A.5")
    for target in ("A.7", "A.10"):
        made = page(target)
        assert made["told"] and not made["figures"], target
        assert all(v["text"] == v["required"] == "" and v["state"] for v in made["verdicts"])


@test("a count below ten is not told, nor what stands beside it; other small numbers are")
def _():
    for target in ("A.6", "A.8"):
        made = page(target)
        assert made["told"] and not made["figures"] and state(target) <= {"met", "missed"}
    assert page("A.9")["verdicts"][0]["text"].startswith("8"), page("A.9")


@test("no unit below, no person, no figure of one school, no row, no check is anywhere in it")
def _():
    whole = json.dumps([MADE, *(page(x) for x in TOLD)], ensure_ascii=False)
    for word in ("甲县", "乙县", "甲一校", "S1", "张某某", "李某某", "leader", "f1", "6173", "V1",
                 "sealed", "密封"):
        assert word not in whole, word
    for target in ("V1", "F1", "none", "A.1%00", "../A.1"):
        assert ANYONE.get(f"/public/commitments/{part(target)}").status in (400, 404), target


@test("what is not accepted moves nothing")
def _():
    before = page("A.2")
    TOWN("round", "open", "R1", "--form", "F1", "--period", "2025", "--due", "2199-10-15",
         "--minutes", "2", who="iss")
    (TOWN.dir / "form.csv").write_text("item,value,explain\n学生,999999,\n", "utf-8")
    TOWN("report", "save", "R1", TOWN.dir / "form.csv", "--unit", "S1", who="f1")
    TOWN("report", "submit", "R1", "--unit", "S1", who="f1")
    with Service(TOWN.copy(), "public=yes") as later:
        made = later.asker().get("/public/commitments/A.2").json
    assert made["commit"] > before["commit"] and "999999" not in json.dumps(made)
    assert made["verdicts"] == before["verdicts"]


@test("everybody is told the same, whoever is signed in; caches may keep it a minute")
def _():
    mine, all_ = LEADER.get("/public"), ANYONE.get("/public")
    assert mine.text == all_.text and mine.headers["ETag"] == all_.headers["ETag"]
    assert all_.headers["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in all_.headers["Vary"] and "Set-Cookie" not in mine.headers
    for path in ("/public", "/public/commitments/A.1"):
        first = ANYONE.get(path)
        again = ANYONE.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status == 304 and again.text == "", again.status
        other = ANYONE.get(path, headers={"If-None-Match": first.headers["ETag"],
                                          "Accept-Language": "zh-CN"})
        assert other.status == 200, "another language is another answer"
    missing = ANYONE.get("/public/commitments/none")
    assert missing.headers["Cache-Control"] == "no-store", missing.headers


@test("it asks for nothing that could look elsewhere: no day, no commit, no unit")
def _():
    for query in ("as_of=2024-01-01", "commit=1", "unit=S1", "since=1", "format=csv"):
        assert ANYONE.get(f"/public?{query}").status == 400, query
        assert ANYONE.get(f"/public/commitments/A.2?{query}").status == 400, query


@test("it has a rate of its own, and those at work have theirs")
def _():
    with Service(TOWN.copy(), "public=yes", "public_rate=1") as slow:
        asker = slow.asker()
        got = [asker.get("/public").status for _ in range(14)]
        assert got[:10] == [200] * 10 and 429 in got, got
        refused = asker.get("/public")
        assert refused.status == 429 and int(refused.headers["Retry-After"]) >= 1
        assert all(asker.get("/health").status == 200 for _ in range(20))


@test("demonstration data are marked")
def _():
    with Service(TOWN.copy(), "public=yes", "demo=yes") as demo:
        assert demo.asker().get("/public").json["demo"] is True
        assert demo.asker().get("/public/commitments/A.1").json["demo"] is True
    assert MADE["demo"] is False


SERVICE.stop()
sys.exit(main())
