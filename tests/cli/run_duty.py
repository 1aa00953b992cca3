#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What waits for whom: todo, seat duties, the hand-over of a seat, reminders. Prints TAP."""
import datetime
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town  # noqa: E402
from tap import main, test  # noqa: E402

# Years far apart, so that the day of the run does not matter.
PLAN = """计划 p { 年度 2020 至 2069 }
层级 省 > 市 > 县 > 学校
对象 学校 属于 县 { 数据 学生 : 人 每年 小数 0  数据 病假 : 人 每年 小数 0 密级 敏感 }
报表 F1 基本 { 对象 学校 每年 项 学生 截止 10-15 }
报表 F2 病假 { 对象 学校 每年 项 病假 截止 10-15 }
台账 认定 属于 学校 { 字段 教师 : 文本 键 }
台账 个案 属于 学校 { 字段 编号 : 文本 键 密级 密封 }
任务 K1 标准 { 于 2020年 交付 "标准" }
任务 K2 方案 { 于 2069年 每个 县 交付 "方案" }
"""
SHARED = """名单 试点 : 学校 { 二小 }
任务 K3 会议 { 于 2020年 每个 市 开展 1次 责任 甲处 协办 县, 试点, "乙厅" }
"""
UNITS = """code,name,kind,parent
R,省,省,
C,市,市,R
D,甲县,县,C
E,乙县,县,C
S1,一小,学校,D
S2,二小,学校,D
T1,乙一小,学校,E
"""
PEOPLE = {
    "f1": ["filler S1 internal"],
    "f2": ["filler S2 sensitive"],
    "fx": ["filler S2 sealed"],
    "rx": ["reviewer S2 sealed"],
    "r1": ["reviewer S1 internal"],
    "h1": ["head S1 internal"],
    "fd": ["filler D internal"],
    "rd": ["reviewer D internal"],
    "hd": ["head D internal"],
    "fc": ["filler C internal"],
    "rc": ["reviewer C internal"],
    "rr": ["reviewer R internal"],
    "iss": ["issuer R sensitive"],
    "new": [],
}
TOWN = Town(PLAN, UNITS, PEOPLE)
SOON = (datetime.date.today() + datetime.timedelta(days=20)).isoformat()


class Desk:
    def __init__(self, *more, due=SOON, plan=PLAN):
        self.b = TOWN.copy(plan=plan)
        self("round", "open", "R1", "--form", "F1", "--period", "2025", "--due", due, "--minutes",
             "3", *more, who="iss")

    def __call__(self, *args, **kw):
        return self.b(*args, **kw)

    def todo(self, who, *more):
        rows = self("todo", "--pack", self.b.pack, *more, who=who, fmt="json")
        return [(r["duty"], r["about"], r["unit"]) for r in rows]

    def save(self, unit="S1", who="f1"):
        form = self.b.dir / "form.csv"
        form.write_text("item,value\n学生,30\n", "utf-8")
        self("report", "save", "R1", form, "--unit", unit, who=who)

    def do(self, what, who, unit="S1", *more):
        self(*what.split(), "R1", "--unit", unit, *more, who=who)


@test("a report waits for the next who has to do something, and for nobody else")
def _():
    d = Desk("--signatures", "3")
    assert d.todo("f1") == [("fill", "R1", "S1")], d.todo("f1")
    assert d.todo("iss") == [("round", "R1", "R")], d.todo("iss")
    assert not [w for w in ("r1", "h1", "rd", "rc", "hd", "new") if d.todo(w)]
    d.save()
    d.do("report sign", "f1")
    assert d.todo("f1") == [("fill", "R1", "S1")] and d.todo("r1") == [("sign", "R1", "S1")]
    d.do("report sign", "r1")
    assert d.todo("r1") == [] and d.todo("h1") == [("sign", "R1", "S1")]
    d.do("report sign", "h1")
    d.do("report submit", "f1")
    assert (d.todo("f1"), d.todo("h1"), d.todo("rd")) == ([], [], [("review", "R1", "S1")])
    d.do("review return", "rd", "S1", "--cell", "学生=与学籍不符")
    assert (d.todo("f1"), d.todo("rd")) == ([("answer", "R1", "S1")], [])


@test("what somebody has signed or filed himself does not wait for his decision")
def _():
    d = Desk("--signatures", "2", "--only", "S1")
    for who, role, unit in (("f1", "reviewer", "D"), ("fd", "reviewer", "C")):
        d.b.seat(who, role, unit, "internal")
    d.save()
    d.do("report sign", "f1")
    d.do("report sign", "r1")
    d.do("report submit", "f1")
    assert ("review", "R1", "S1") in d.todo("rd") and d.todo("f1") == [], d.todo("f1")
    rows = d("seat", "duties", "d.reviewer.f1", "--pack", d.b.pack, who="sec", fmt="json")
    assert [r["duty"] for r in rows] == ["review"], rows
    rows = d("remind", "--days", "30", "--pack", d.b.pack, who="rc", fmt="json")
    assert [r["holders"] for r in rows if r["duty"] == "review"] == ["rd"], rows
    d.do("review return", "rd", "S1", "--cell", "学生=x")
    file = d.b.dir / "plan.txt"
    file.write_text("方案\n", "utf-8")
    d("task", "file", "K2", file, "--unit", "D", "--day", "2020-05-01", who="fd")
    assert ("sign-off", "K2/2069", "D") in d.todo("rc") and not d.todo("fd"), d.todo("fd")
    d("task", "extend", "K2", "--unit", "D", "--until", "2070-01-01", "--cause", "x", who="fd")
    assert ("decide", "K2/2069", "D") in d.todo("rc") and not d.todo("fd"), d.todo("fd")


@test("a round waits for its issuer until it is locked")
def _():
    d = Desk("--only", "S1")
    d.save()
    d.do("report submit", "f1")
    for who in ("rd", "rc", "rr"):
        assert ("review", "R1", "S1") in d.todo(who), (who, d.todo(who))
        d.do("review approve", who)
    assert d.todo("iss") == [("round", "R1", "R")]
    d("round", "lock", "R1", who="iss")
    assert d.todo("iss") == [] and d.todo("f1") == []
    d.do("report correct", "f1", "S1", "--cause", "抄错")
    assert d.todo("f1") == [("fill", "R1", "S1")]


@test("tasks wait for evidence, then for the tier above; lights by date")
def _():
    d = Desk()
    assert d.todo("fd") == [("task", "K2/2069", "D")], d.todo("fd")
    file = d.b.dir / "plan.txt"
    file.write_text("方案\n", "utf-8")
    d("task", "file", "K2", file, "--unit", "D", "--day", "2020-05-01", who="fd")
    assert d.todo("fd") == [] and ("sign-off", "K2/2069", "D") in d.todo("rc")
    d("task", "extend", "K2", "--unit", "D", "--until", "2070-01-01", "--cause", "x", who="fd")
    assert ("decide", "K2/2069", "D") in d.todo("rc")
    d("task", "return", "K2", "--unit", "D", "--cause", "缺盖章", who="rc")
    assert d.todo("fd") == [("task", "K2/2069", "D")]
    text = d("todo", "--pack", d.b.pack, "--remind", "30", who="f1", lang="zh")
    assert "填报" in text and "一小" in text and "黄" in text, text
    lights = [r["light"] for r in d("todo", "--pack", d.b.pack, who="f1", fmt="json")]
    assert lights == ["green"], lights


@test("co-owners contribute: work lists, hand-over and reminders, until the owner files")
def _():
    d = Desk(plan=PLAN + SHARED)
    mine = ("contribute", "K3/2020", "C")
    assert mine in d.todo("fd") and mine in d.todo("f2") and mine not in d.todo("f1")
    assert "提供协办材料" in d("todo", "--pack", d.b.pack, who="fd", lang="zh")
    rows = d("seat", "duties", "d.filler.fd", "--pack", d.b.pack, who="sec", fmt="json")
    assert mine in [(r["duty"], r["about"], r["unit"]) for r in rows], rows
    said = d("seat", "hand", "d.filler.fd", "--holder", "new", "--pack", d.b.pack, "--from",
             "2199-09-01", who="sec")
    assert "contribute K3/2020 C 2020-12-31" in said, said
    rows = d("remind", "--days", "7", "--pack", d.b.pack, who="rc", fmt="json")
    late = {(r["unit"], r["holders"]) for r in rows if r["duty"] == "contribute"}
    assert late == {("D", "fd"), ("E", ""), ("S2", "f2 fx")}, late
    file = d.b.dir / "plan.txt"
    file.write_text("材料\n", "utf-8")
    d("task", "contribute", "K3", file, "--unit", "C", "--of", "D", "--day", "2020-05-01", who="fd")
    assert mine not in d.todo("fd") and mine in d.todo("f2")
    d("task", "file", "K3", file, "--unit", "C", "--day", "2020-05-01", who="fc")
    assert mine not in d.todo("f2") and ("sign-off", "K3/2020", "C") in d.todo("rr")
    d("task", "return", "K3", "--unit", "C", "--cause", "x", who="rr")
    assert mine not in d.todo("fd") and mine in d.todo("f2")


@test("rows of a register wait for the tier above, sealed ones for another person of the unit")
def _():
    d = Desk()

    def register(what, reg, unit, who, *more):
        d("register", what, reg, *more, "--unit", unit, "--pack", d.b.pack, who=who)
    for row in ("a", "b"):
        register("add", "认定", "S1", "f1", "--set", f"教师=李{row}", "--row", row)
    register("submit", "认定", "S1", "f1")
    assert d.todo("rd") == [("review", "认定", "S1")], d.todo("rd")
    register("return", "认定", "S1", "rd", "--cell", "a=证书号不清")
    assert d.todo("f1") == [("fill", "R1", "S1"), ("answer", "认定", "S1")], d.todo("f1")
    rows = d("seat", "duties", "s1.filler.f1", "--pack", d.b.pack, who="sec", fmt="json")
    assert [(r["duty"], r["about"], r["due"]) for r in rows][1:] == [("answer", "认定", "")], rows
    register("add", "个案", "S2", "fx", "--set", "编号=7", "--row", "x")
    register("submit", "个案", "S2", "fx")
    assert d.todo("rx") == [("review", "个案", "S2")], d.todo("rx")
    assert not [w for w in ("f2", "rd", "hd", "rc", "rr", "iss") if "个案" in str(d.todo(w))]
    seat = "s2.reviewer.rx"
    assert "个案" not in d("seat", "duties", seat, "--pack", d.b.pack, who="sec"), seat
    assert "个案" not in d("remind", "--days", "9999", "--pack", d.b.pack, who="hd")


@test("a seat up to internal has no duty with sensitive data")
def _():
    d = Desk()
    d("round", "open", "R2", "--form", "F2", "--period", "2025", "--due", SOON, "--minutes", "3",
      who="iss")
    assert d.todo("f1") == [("fill", "R1", "S1")], d.todo("f1")
    assert d.todo("f2") == [("fill", "R1", "S2"), ("fill", "R2", "S2")], d.todo("f2")
    form = d.b.dir / "form.csv"
    form.write_text("item,value\n病假,3\n", "utf-8")
    d("report", "save", "R2", form, "--unit", "S1", who="f1", want=3)
    d("report", "save", "R2", form, "--unit", "S2", who="f2")


@test("a hand-over collects the duties, shows and records them")
def _():
    d = Desk("--only", "S1")
    d.save()
    d.do("report submit", "f1")
    seat = "d.reviewer.rd"
    rows = d("seat", "duties", seat, "--pack", d.b.pack, who="hd", fmt="json")
    assert [(r["duty"], r["about"], r["at"]) for r in rows] == [("review", "R1", "D")], rows
    d("seat", "duties", seat, "--pack", d.b.pack, who="rd", want=3)
    hand = ("seat", "hand", seat, "--holder", "new", "--pack", d.b.pack, "--from", "2199-09-01")
    d(*hand, who="rd", want=3)
    said = d(*hand, "--duty", "钥匙", who="sec")
    line = f"review R1 S1 {SOON}"
    assert line in said and "钥匙" in said, said
    shown = d("seat", "show", seat, who="aud")
    assert line in shown and "钥匙" in shown, shown
    # An administrator's seat has none, and needs no plan.
    d("seat", "duties", "system", "--pack", d.b.pack, who="sec")


@test("reminders: what is over or soon due, per unit and holder, by tier")
def _():
    d = Desk(due="2020-01-01")

    def remind(who, days="7"):
        rows = d("remind", "--days", days, "--pack", d.b.pack, who=who, fmt="json")
        return {(r["unit"], r["duty"], r["about"], r["holders"], r["light"]) for r in rows}

    schools = {("S1", "fill", "R1", "f1", "red"), ("S2", "fill", "R1", "f2 fx", "red")}
    other = {("T1", "fill", "R1", "", "red")}  # nobody fills in there: that is news
    assert remind("rd") == schools, remind("rd")
    assert remind("rc") == schools | other, remind("rc")
    assert remind("rr") == schools | other | {("R", "round", "R1", "iss", "red"),
                                              ("R", "task", "K1/2020", "", "red")}, remind("rr")
    assert remind("f1") == {("S1", "fill", "R1", "f1", "red")}
    d.save()
    d.do("report submit", "f1")
    assert ("D", "review", "R1", "rd", "red") in remind("rd")
    assert ("D", "review", "R1", "rd", "red") not in remind("f1")
    for who in ("new", "sys", "sec", "aud"):
        d("remind", "--days", "7", "--pack", d.b.pack, who=who, want=3)
    d = Desk()
    assert remind("rd") == set() and remind("rd", "30") == {
        (*row[:4], "amber") for row in schools}, remind("rd", "30")
    text = d("remind", "--days", "30", "--pack", d.b.pack, who="rc", lang="zh")
    assert "责任人" in text and "乙一小" in text, text


if __name__ == "__main__":
    sys.exit(main())
