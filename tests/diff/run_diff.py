#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two packs side by side: every kind of change is told by itself, order and spelling are none, and
verdicts are compared by key. Prints TAP."""
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from tap import main, test  # noqa: E402

ROOT = Path(__file__).parent.parent.parent
TIZHI = Path(os.environ.get("TIZHI", ROOT / "build" / "src" / "tizhi"))

MODEL = """计划 p { 年度 2024 至 2026 约数 上下 5% }
层级 省 > 县
条款 A1 一1
对象 县 { 属性 山区 : 是否 数据 人口 : 人 每年 小数 0 数据 教师 : 人 每年 数据 学生 : 人 每年
  数据 随班 : 人 每年 }
台账 培训 属于 县 { 字段 人员 : 文本 键 字段 学时 : 学时 }
关系 结对 : 县 与 县 { 须确认 }
名单 首批 : 县 { "A", "B" }
事件 复评
创建 示范县 { 依据 A1 对象 县 }
"""
ASKS = """指标 T1 师生比 { 依据 A1
  口径 "全部" 采用 { 计算 求和(县.教师) / 求和(县.学生) }
  口径 "含随班" { 计算 求和(县.教师) / (求和(县.学生) + 求和(县.随班)) }
  目标 于 2024年 每个 县 不低于 10%
}
目标 T2 人口 { 依据 A1
  到 2026年 每个 县 当 山区 人口 不少于 10人 }
指标 T3 阶梯 { 依据 A1
  计算 求和(县.学生) 目标 不少于 于 2024年 10人, 于 2025年 20人, 力争 于 2026年 30人 }
任务 K1 标准 { 依据 A1
  于 2024年 交付 "标准" 责任 甲处 }
阶段 K2 试点 { 申报 于 2024年 > 建成 于 2026年 }
规则 R1 调减 { 对象 县 当 教师 低于 5人 则 下年 学生 调减 10% 叠加 否 }
报表 F1 年报 { 对象 县 每年 项 人口, 教师 截止 10-15 }
校验 C1 { 对象 县 教师 不超过 人口 软性 提示 "教师多于人口" }
"""
UNITS = "code,name,kind,parent,山区\nR,省,省,,\nA,甲,县,R,是\nB,乙,县,R,是\nC,丙,县,R,否\n"
FACTS = "unit,item,period,value\n" + "".join(
    f"{unit},{item},2024,{value}\n" for unit, item, value in (
        ("A", "教师", 10), ("A", "学生", 90), ("A", "随班", 20), ("B", "教师", 10),
        ("B", "学生", 95), ("B", "随班", 10), ("C", "教师", 10), ("C", "学生", 50),
        ("C", "随班", 0), ("A", "人口", 500), ("B", "人口", 9), ("C", "人口", 100)))


def write(folder, files):
    for name, text in files.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def diff(b, *args, a=None, data=True, form="json", lang="en"):
    """Compares the pack above (or a) with b, given as a file or as several."""
    tables = {"units.csv": UNITS, "data/facts.csv": FACTS} if data else {}
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        write(one, {**(a or {"a.plan": MODEL + ASKS}), **tables})
        write(two, b if isinstance(b, dict) else {"a.plan": b})
        done = subprocess.run([TIZHI, "diff", one, two, "--format", form, "--lang", lang,
                               "--as-of", "2025-02-01", *args], capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def changes(b, **kwargs):
    status, out, err = diff(b, **kwargs)
    assert status in (0, 1), err + out
    return status, json.loads(out)


def swap(old, new):
    text = MODEL + ASKS
    assert text.count(old) == 1, f"{old}: {text.count(old)} times"
    return text.replace(old, new)


@test("equal packs: nothing, exit 0, in every format and language")
def _():
    for form in ("text", "json", "csv"):
        for lang in ("en", "zh"):
            status, out, err = diff(MODEL + ASKS, form=form, lang=lang)
            assert status == 0, err + out
    _, found = changes(MODEL + ASKS)
    assert not found["changes"] and not found["verdicts"] and not found["unread"], found


@test("files, order, comments and the language of the keywords make no difference")
def _():
    blocks = ["指标 T1" + ASKS.split("指标 T1")[1].split("目标 T2")[0],
              "目标 T2" + ASKS.split("目标 T2")[1].split("指标 T3")[0],
              "指标 T3" + ASKS.split("指标 T3")[1]]
    files = {"z.plan": MODEL, "b/3.plan": "# 注\n" + blocks[2], "b/1.plan": blocks[1],
             "a.plan": blocks[0]}
    status, found = changes(files)
    assert status == 0 and not found["changes"], found["changes"]
    english = ASKS.replace("任务 K1", "task K1").replace("交付", "deliver")
    english = english.replace("不少于 10人 }", "at_least 10人 }")
    status, found = changes(MODEL + english)
    assert status == 0 and not found["changes"], found["changes"]


# what is replaced, by what; then id, part and property that change, from and to
EACH = [
    ("于 2024年 每个 县 不低于 10%", "于 2024年 每个 县 超过 10%", "T1", "at 2024", "comparator",
     "at_least", "above"),
    ("不低于 10%", "不低于 11%", "T1", "at 2024", "value", "10%", "11%"),
    ("于 2024年 每个 县 不低于", "于 2025年 每个 县 不低于", "T1", "at 2024", "time", "at 2024",
     "at 2025"),
    ("于 2024年 每个 县 不低于", "于 2024年 不低于", "T1", "at 2024", "scope", "each 县",
     "overall"),
    ("目标 于 2024年 每个 县", "目标 力争 于 2024年 每个 县", "T1", "at 2024", "modality", "must",
     "strive"),
    ("当 山区 人口", "人口", "T2", "by 2026", "condition", "山区", ""),
    ("人口 不少于 10人 }", "学生 不少于 10人 }", "T2", "by 2026", "measure", "人口", "学生"),
    ("求和(县.学生) 目标", "求和(县.教师) 目标", "T3", "", "measure", "sum(县.学生)",
     "sum(县.教师)"),
    ("于 2025年 20人", "于 2025年 25人", "T3", "at 2025", "value", "20 persons", "25 persons"),
    ("交付 \"标准\"", "交付 \"新标准\"", "K1", "", "text", "标准", "新标准"),
    ("责任 甲处", "责任 乙处", "K1", "", "owner", "甲处", "乙处"),
    ("责任 甲处", '责任 甲处 协办 县, "乙厅"', "K1", "", "co-owners", "", "县, 乙厅"),
    ("建成 于 2026年", "建成 于 2025年", "K2", "建成", "time", "at 2026", "at 2025"),
    ("教师 低于 5人", "教师 低于 6人", "R1", "", "condition", "教师 below 5 persons",
     "教师 below 6 persons"),
    ("调减 10%", "调减 20%", "R1", "action 1", "action", "next year 学生 reduce 10%",
     "next year 学生 reduce 20%"),
    ("叠加 否", "叠加 是", "R1", "", "stacking", "", "yes"),
    ("项 人口, 教师", "项 人口", "F1", "", "items", "人口, 教师", "人口"),
    ("截止 10-15", "截止 10-31", "F1", "", "due", "10-15", "10-31"),
    ("软性", "硬性", "C1", "", "severity", "soft", ""),
    ("数据 人口 : 人 每年 小数 0", "数据 人口 : 人 每年 小数 1", "县.人口", "", "decimals", "",
     "1"),
    ("字段 学时 : 学时", "字段 学时 : 学时 键", "培训.学时", "", "key", "", "yes"),
    ("{ 须确认 }", "{ 须确认 活动 30天 }", "结对", "", "active", "", "30"),
    ("\"A\", \"B\"", "\"A\"", "首批", "", "members", "A, B", "A"),
    ("条款 A1 一1", "条款 A1 一2", "A1", "", "path", "一1", "一2"),
    ("约数 上下 5%", "约数 上下 6%", "", "", "tolerances", "5%, –", "6%, –"),
    ("年度 2024 至 2026", "年度 2024 至 2027", "", "", "years", "2024–2026", "2024–2027"),
]


def one_change(old, new, ident, part, prop, before, after):
    status, found = changes(swap(old, new), data=False)
    found = found["changes"]
    assert status == 1 and len(found) == 1, found
    c = found[0]
    got = (c["id"], c["part"], c["property"], c["from"], c["to"], c["change"])
    assert got == (ident, part, prop, before, after, "changed"), got


for case in EACH:
    test(f"one change: {case[4]} of {case[2] or 'the plan'}")(lambda: one_change(*case))


@test("what is added or removed is told once, and the other way round")
def _():
    shorter = MODEL + ASKS[:ASKS.index("任务 K1")] + ASKS[ASKS.index("阶段 K2"):]
    for a, b, word in ((MODEL + ASKS, shorter, "removed"), (shorter, MODEL + ASKS, "added")):
        _, found = changes({"a.plan": b}, a={"a.plan": a}, data=False)
        assert [(c["id"], c["change"]) for c in found["changes"]] == [("K1", word)], found


@test("a rung, a stage and a definition come and go by themselves")
def _():
    for old, new, ident, part, word in (
            (", 于 2025年 20人", "", "T3", "at 2025", "removed"),
            ("申报 于 2024年 >", "申报 于 2024年 > 中期 于 2025年 >", "K2", "中期", "added"),
            ("  口径 \"含随班\" { 计算 求和(县.教师) / (求和(县.学生) + 求和(县.随班)) }\n", "",
             "T1", "definition 含随班", "removed")):
        _, found = changes(swap(old, new), data=False)
        kinds = {(c["id"], c["part"], c["change"]) for c in found["changes"]}
        assert (ident, part, word) in kinds, kinds


@test("clauses in another order are the same clauses")
def _():
    a = "指标 T9 二 { 计算 求和(县.学生) 目标 于 2024年 不少于 5人 目标 于 2025年 不少于 6人 }\n"
    b = "指标 T9 二 { 计算 求和(县.学生) 目标 于 2025年 不少于 6人 目标 于 2024年 不少于 5人 }\n"
    _, found = changes({"a.plan": MODEL + b}, a={"a.plan": MODEL + a}, data=False)
    assert not found["changes"], found["changes"]


@test("another definition in force flips two units, and no other row")
def _():
    other = swap("口径 \"全部\" 采用 {", "口径 \"全部\" {").replace("口径 \"含随班\" {",
                                                       "口径 \"含随班\" 采用 {")
    status, found = changes(other)
    assert status == 1
    assert [(c["id"], c["property"], c["from"], c["to"]) for c in found["changes"]] == \
        [("T1", "adopted", "全部", "含随班")], found["changes"]
    flipped = {r["unit"]: (r["from"]["state"], r["to"]["state"]) for r in found["verdicts"]}
    # 10/90 and 10/95 against 10/110 and 10/105; 10/50 stays; the row above lists two of three.
    assert flipped == {"A": ("met", "missed"), "B": ("met", "missed"), "R": ("met", "missed")}, \
        flipped
    back = changes({"a.plan": MODEL + ASKS}, a={"a.plan": other})[1]
    assert {r["unit"]: (r["from"]["state"], r["to"]["state"]) for r in back["verdicts"]} == \
        {u: (y, x) for u, (x, y) in flipped.items()}


@test("a removed item: its facts are reported, and what it decided is unknown")
def _():
    other = (MODEL + ASKS).replace("人口", "居民")
    status, found = changes(other)
    assert status == 1
    assert {(c["id"], c["change"]) for c in found["changes"] if c["sort"] == "item"} == \
        {("县.人口", "removed"), ("县.居民", "added")}, found["changes"]
    assert [(u["pack"], u["code"], u["name"], u["rows"]) for u in found["unread"]] == \
        [("b", "item_unknown", "人口", 3)], found["unread"]
    rows = {(r["target"], r["unit"]): (r["from"]["text"], r["to"]["text"])
            for r in found["verdicts"]}
    assert rows[("T2", "A")][0] == "500 persons", rows


@test("a removed attribute, register or kind is reported too")
def _():
    other = swap("属性 山区 : 是否 ", "").replace("当 山区 ", "")
    _, found = changes(other)
    assert [(u["pack"], u["code"], u["name"]) for u in found["unread"]] == \
        [("b", "column_unknown", "山区")], found["unread"]


@test("data of a folder: both packs are judged on them")
def _():
    with tempfile.TemporaryDirectory() as folder:
        write(folder, {"facts.csv": FACTS.replace("A,学生,2024,90", "A,学生,2024,900")})
        status, out, err = diff(swap("不低于 10%", "不低于 1%"), "--data", folder)
    rows = {r["unit"]: (r["from"]["state"], r["to"]["state"])
            for r in json.loads(out)["verdicts"]}
    assert rows["A"] == ("missed", "met"), rows


@test("a fact that neither pack can read is an error with its place")
def _():
    with tempfile.TemporaryDirectory() as folder:
        write(folder, {"facts.csv": FACTS + "A,无此项,2024,1\n"})
        status, out, err = diff(MODEL + ASKS, "--data", folder, form="text")
    assert status == 3 and "item_unknown" in err and "facts.csv:14" in err and out == "", err + out


@test("an error in either plan is shown with its place, exit 3")
def _():
    status, out, err = diff(MODEL + ASKS + "目标 X { 人口口 不少于 1人 }\n", form="text")
    assert status == 3 and "E0301" in err and "a.plan:" in err, err
    assert diff(MODEL, data=False)[0] == 1
    done = subprocess.run([TIZHI, "diff", "x"], capture_output=True, timeout=60)
    assert done.returncode == 2, done.returncode


@test("without tables the plans alone are compared")
def _():
    status, out, err = diff(MODEL + ASKS, data=False, form="text")
    assert status == 0 and "verdicts were not compared" in out, out + err


@test("text and CSV tell the same as JSON")
def _():
    other = swap("不低于 10%", "不低于 11%")
    _, found = changes(other)
    _, text, _ = diff(other, form="text")
    assert "10% → 11%" in text and "met → missed" in text, text
    _, table, _ = diff(other, form="csv")
    rows = list(csv.reader(io.StringIO(table)))
    assert len(rows) == 1 + len(found["changes"]) + len(found["verdicts"]), rows


@test("in Chinese every word is Chinese: what was removed or added, of whatever kind")
def _():
    less = MODEL.split("台账")[0]
    for a, b, word in ((None, less, "删除"), ({"a.plan": less}, MODEL + ASKS, "新增")):
        _, text, _ = diff(b, a=a, data=False, form="text", lang="zh")
        for kind in ("指标", "目标", "任务", "阶段", "规则", "报表", "校验", "创建"):
            assert f"{word}：{kind}" in text, (kind, text)
        words = set("".join(c if c.isascii() and c.isalpha() else " " for c in text).split())
        assert words <= {"T", "K", "R", "F", "C", "A", "B", "p"}, words


if __name__ == "__main__":
    sys.exit(main())
