#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Registers through the command line: rows kept and reviewed, statements and nil returns, tables in
and out, transfer, sealed rows, both languages, JSON. Prints TAP. (tests/app/register_book.c does
the same on PostgreSQL.)"""
import csv
import io
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town  # noqa: E402
from sheets import Sheet  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 p { 年度 2024 至 2026 }
层级 省 > 市 > 县 > 学校
对象 学校 属于 县 { 数据 培训人数 : 人 每年 小数 0  数据 教师数 : 人 每年 小数 0 }
台账 培训 属于 学校 {
  字段 教师 : 文本 键
  字段 学时 : 学时
  字段 级别 : 选项("国家级","校本")
  须报送 每年
}
台账 认定 属于 学校 { 字段 教师 : 文本 键  字段 等级 : 选项("初级","高级") }
台账 个案 属于 学校 { 字段 编号 : 文本 键 密级 密封  字段 类别 : 文本 密级 密封  须报送 每年 }
校验 KR1 学时上限 { 台账 培训  学时 不超过 200学时  硬性 提示 "学时过大" }
校验 KR2 学时下限 { 台账 培训  学时 不少于 8学时  软性 提示 "学时过少" }
校验 KR3 人数即台账 { 对象 学校  培训人数 等于 去重(培训.教师) * 1人/个  硬性 提示 "与台账不符" }
报表 F1 学校 { 对象 学校 每年 项 培训人数, 教师数  截止 10-15 }
"""
UNITS = """code,name,kind,parent
R,省,省,
C,市,市,R
D,县,县,C
S1,一小,学校,D
S2,二小,学校,D
"""
PEOPLE = {"u1": ["filler S1 sensitive"], "v1": ["filler S1 sensitive", "reviewer S1 sensitive"],
          "u2": ["filler S2 sensitive"], "rd": ["reviewer D sensitive"],
          "rc": ["reviewer C sensitive"], "rr": ["reviewer R sensitive"],
          "xd": ["reviewer D sensitive"], "issuer": ["issuer R sensitive"],
          "s1": ["filler S1 sealed"], "t1": ["reviewer S1 sealed"],
          "boss": ["leader R sealed"]}
TOWN = Town(PLAN, UNITS, PEOPLE)
GOOD = "教师,学时,级别,日期\n甲,16,校本,2025-03-01\n乙,40,国家级,2025-04-01\n"


class Desk:
    def __init__(self):
        self.b = TOWN.copy()

    def __call__(self, what, *args, who="u1", unit="S1", want=0, reg="培训", **kw):
        free = what in ("list", "set", "status")
        more = [] if free else ["--unit", unit]
        return self.b("register", what, *([] if what == "list" else [reg]), *args, *more, who=who,
                      want=want, **kw)

    def table(self, text, *more, name="rows.csv", **kw):
        path = self.b.dir / name
        path.write_text(text, "utf-8")
        return self("import", path, *more, **kw)

    def show(self, *more, who="u1", **kw):
        return self("show", *more, who=who, fmt="json", **kw)

    def row(self, **want):
        for r in self.show(**{k: want.pop(k) for k in ("reg", "unit", "who") if k in want})["rows"]:
            now = r.get("pending") or r.get("standing") or {"fields": {}}
            if all(now["fields"].get(k) == v for k, v in want.items()):
                return r
        return None

    def reviewed(self, *more, tiers="DCR", **kw):
        for tier in tiers:
            self("approve", *more, who="r" + tier.lower(), **kw)

    def stated(self, text=GOOD):
        self.table(text)
        self("submit", "--period", "2025")
        self.reviewed("--period", "2025")


@test("rows are kept, stated for a period, reviewed tier by tier, and stand")
def _():
    d = Desk()
    got = d.table(GOOD, fmt="json")
    assert (got["added"], got["wrong"]) == (2, 0), got
    assert {r["state"] for r in d.show()["rows"]} == {"draft"}
    d("submit", "--period", "2025")
    s = d.show("--period", "2025", who="rd")
    assert (s["statement"]["state"], s["statement"]["waits_for"]) == ("submitted", "D"), s
    assert {r["state"] for r in s["rows"]} == {"submitted"}
    d("approve", "--period", "2025", who="u1", want=3)
    d.reviewed("--period", "2025")
    s = d.show("--period", "2025")
    assert (s["statement"]["state"], s["statement"]["rows"]) == ("accepted", 2), s["statement"]
    assert {r["state"] for r in s["rows"]} == {"standing"}
    zh = d("show", "--period", "2025", lang="zh")
    assert "在册" in zh and "已采纳" in zh, zh
    st = d("status", "--period", "2025", who="boss", fmt="json")
    assert (st["rows"], st["accepted"], st["silent"]) == (2, 1, 1), st
    d("status", "--period", "2025", who="rd", want=3)
    assert "二小" in d("status", "--period", "2025", "--within", "D", who="rd", lang="zh")


@test("nothing is stated, not concluded")
def _():
    d = Desk()
    assert "is_nil" in d("submit", "--period", "2025", want=1)
    d("submit", "--period", "2025", "--nil")
    d.reviewed("--period", "2025")
    assert d.show("--period", "2025")["statement"]["nil"] is True
    d.table(GOOD)
    d("submit", "--period", "2025", want=3)  # accepted: a correction has its cause
    d("correct", "--period", "2025", want=2)
    d("correct", "--period", "2025", "--cause", "漏报")
    assert "not_nil" in d("check", "--period", "2025", "--nil", want=1)
    assert "signature" in d("submit", "--period", "2025", want=3)
    d("sign", "--period", "2025")
    d("submit", "--period", "2025")
    d.reviewed("--period", "2025")
    s = d.show("--period", "2025")["statement"]
    assert (s["nil"], s["rows"], s["version"]) == (False, 2, 2), s
    assert "another kind of period" in d("submit", "--period", "2025-2026", want=3)


@test("a row is returned with its reason, and must be answered; the others go on")
def _():
    d = Desk()
    d.table(GOOD)
    d("submit", "--period", "2025")
    one = d.row(教师="甲")["id"]
    d("return", "--period", "2025", "--cell", "没有=错", who="rd", want=3)
    d("return", "--period", "2025", "--cell", f"{one}.学时=", who="rd", want=3)
    d("return", "--period", "2025", "--cell", f"{one}.学时=与签到不符", who="rd")
    r = d.row(教师="甲")
    assert (r["state"], r["returned"][0]["text"]) == ("returned", "与签到不符"), r
    assert d.row(教师="乙")["state"] == "draft"
    said = d("submit", "--period", "2025", want=1)
    assert "unchanged" in said and "与签到不符" in said, said
    d("change", one, "--set", "学时=17")
    d("submit", "--period", "2025")
    d("return", "--period", "2025", "--cell", "=缺少丙的培训", who="rd")
    assert "缺少丙" in d("show", "--period", "2025")
    assert "unchanged" in d("submit", "--period", "2025", want=1)
    d("add", "--set", "教师=丙", "--set", "学时=20", "--set", "日期=2025-05-01")
    d("submit", "--period", "2025")
    d.reviewed("--period", "2025")
    assert len(d.show()["rows"]) == 3


@test("hard checks refuse a submission, soft ones want an explanation")
def _():
    d = Desk()
    d.table("教师,学时,日期\n甲,300,2025-03-01\n乙,4,2025-03-01\n")
    found = d("check", "--period", "2025", want=1, fmt="json")["findings"]
    assert [(f["code"], f["about"]) for f in found] == [("hard", "KR1"), ("soft", "KR2")], found
    assert "学时过大" in d("submit", "--period", "2025", want=1, lang="zh")
    d("change", d.row(教师="甲")["id"], "--set", "学时=30")
    d("submit", "--period", "2025", want=1)
    d("submit", "--period", "2025", "--explain", "KR2=半天的培训")
    assert d.show("--period", "2025")["statement"]["state"] == "submitted"


@test("what stands is corrected with a cause, ends, is followed by another, or is struck")
def _():
    d = Desk()
    d.stated("教师,学时,起\n甲,16,2024-01-01\n乙,40,2024-01-01\n")
    one, two = d.row(教师="甲")["id"], d.row(教师="乙")["id"]
    assert "needs_cause" in d("change", one, "--set", "学时=18", want=3)
    d("change", one, "--set", "学时=18", "--cause", "抄错")
    r = d.row(教师="甲")
    assert (r["standing"]["fields"]["学时"], r["pending"]["fields"]["学时"]) == ("16", "18"), r
    d("undo", one)
    assert d.row(教师="甲")["state"] == "standing"
    d("change", one, "--set", "级别=国家级", "--from", "2025-09-01")
    r = d.row(教师="甲", 级别="国家级")
    assert (r["id"], r["before"]) == (f"{one}+2025-09-01", one), r
    assert d.row(级别="", 教师="甲")["pending"]["to"] == "2025-08-31"
    d("end", two, "--to", "2025-06-30")
    d("end", two, "--to", "2023-01-01", want=3)
    d("submit", "--period", "2026")
    assert "under review" in d("end", two, "--to", "2025-07-31", want=3)
    d.reviewed("--period", "2026")
    d("strike", two, want=2)
    d("strike", two, "--cause", "重复登记")
    d("correct", "--period", "2025", "--cause", "重复登记")
    d("sign", "--period", "2025")
    d("submit", "--period", "2025")
    assert d.row(教师="乙")["standing"]["to"] == "2025-06-30"  # stands until it is decided
    d.reviewed("--period", "2025")
    states = {r["id"]: r["state"] for r in d.show()["rows"]}
    assert states == {one: "standing", f"{one}+2025-09-01": "standing", two: "struck"}, states
    d("undo", "没有", want=3)


@test("keys are unique day by day; two people meet as a conflict")
def _():
    d = Desk()
    d("add", "--row", "a", "--set", "教师=甲", "--set", "日期=2025-03-01")
    assert "exists" in d("add", "--row", "a", "--set", "教师=丁", want=3)
    said = d("add", "--set", "教师=甲", "--set", "日期=2025-03-01", want=3)
    assert "exists" in said, said
    assert "same_key" in d("add", "--row", "b", "--set", "教师=甲", "--set", "日期=2025-03-01",
                           want=1)
    d("add", "--set", "教师=甲", "--set", "日期=2025-03-02")
    assert "no_key" in d("add", "--set", "学时=3", want=3)
    assert "two_times" in d("add", "--set", "教师=丁", "--set", "日期=2025-01-01", "--set",
                            "止=2025-02-01", want=3)
    seen = d.row(教师="甲")["seen"]
    a = d.row(教师="甲")["id"]
    d("change", a, "--set", "学时=9", "--seen", str(seen), who="v1")
    said = d("change", a, "--set", "学时=10", "--seen", str(seen), want=3)
    assert "v1" in said and "recorded" in said, said
    d("submit", "--period", "2025", "--explain", "KR2=x")
    seen = d.show("--period", "2025")["statement"]["seen"]
    d("approve", "--period", "2025", "--seen", str(seen), who="rd")
    said = d("return", "--period", "2025", "--cell", f"{a}=错", "--seen", str(seen), who="xd",
             want=3)
    assert "rd" in said, said


@test("tables: a dry run says what each line does; all or nothing; out and in changes nothing")
def _():
    d = Desk()
    d.stated()
    one = d.row(教师="甲")["id"]
    text = (f"编号,教师,学时,日期,止\n{one},甲,20,2025-03-01,\n,丙,12,2025-05-01,\n"
            ",乙,40,2025-04-01,\n")
    got = d.table(text, "--dry-run", "--cause", "核对", fmt="json")
    assert [got[k] for k in ("added", "changed", "ended", "unchanged", "wrong")] == [1, 1, 0, 1, 0]
    assert len(d.show()["rows"]) == 2
    d.table(text, "--dry-run", want=3)  # what stands is corrected with a cause
    got = d.table("教师,学时,级别,日期\n甲,x,校本,2025-03-01\n丙,1.5,县级,2025-13-01\n,1,,\n",
                  want=3)
    for part in ("rows.csv:2:", "rows.csv:3:", "number_bad", "choice_bad", "date_bad"):
        assert part in got, got
    assert "no_key" in d.table("教师,学时\n丁,3\n,4\n", want=3)
    assert "twice" in d.table("编号,教师,日期\nx,丁,2025-01-01\nx,戊,2025-01-01\n", want=3)
    assert len(d.show()["rows"]) == 2
    out = d("export", lang="zh")
    back = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert {r["教师"] for r in back} == {"甲", "乙"} and back[0]["登记状态"] == "在册", back
    got = d.table(out, fmt="json")
    assert (got["unchanged"], got["changed"], got["added"]) == (2, 0, 0), got
    assert "老师" in d.table("老师,学时\n甲,1\n", want=3)


@test("rows that a table leaves out end on a day that is said")
def _():
    d = Desk()
    d.stated("教师,学时,起\n甲,16,2024-01-01\n乙,40,2024-01-01\n")
    got = d.table("教师,学时\n甲,16\n", "--ended", "2025-06-30", "--dry-run", fmt="json")
    assert (got["unchanged"], got["ended"]) == (1, 1), got
    d.table("教师,学时\n甲,16\n", "--ended", "2025-06-30")
    assert d.row(教师="乙")["pending"]["to"] == "2025-06-30"


@test("a register without 须报送 is reviewed row by row: a row counts once it is approved")
def _():
    d = Desk()
    kw = {"reg": "认定"}
    d("add", "--row", "a", "--set", "教师=甲", "--set", "等级=初级", **kw)
    d("add", "--row", "b", "--set", "教师=乙", "--set", "等级=高级", **kw)
    assert "not filed" in d("submit", "--period", "2025", want=3, **kw)
    d("submit", **kw)
    d("approve", "--row", "a", who="rd", **kw)
    d("return", "--cell", "b.等级=证书过期", who="rd", **kw)
    states = {r["id"]: (r["state"], r["waits_for"]) for r in d.show(**kw)["rows"]}
    assert states == {"a": ("submitted", "C"), "b": ("returned", "")}, states
    assert "证书过期" in d("show", **kw)
    d("approve", who="rc", **kw)
    d("approve", who="rr", **kw)
    assert {r["id"]: r["state"] for r in d.show(**kw)["rows"]} == {"a": "standing", "b": "returned"}
    d("approve", who="rr", want=3, **kw)  # nothing waits
    d("change", "b", "--set", "等级=初级", **kw)
    d("submit", **kw)
    d.reviewed(**kw)
    assert {r["state"] for r in d.show(**kw)["rows"]} == {"standing"}


@test("the issuer sets review and signatures")
def _():
    d = Desk()
    d("set", "--review", "rows", "--signatures", "2", who="u1", want=3)
    d("set", "--review", "cells", who="issuer", want=2)
    d("set", "--review", "rows", "--signatures", "2", who="issuer")
    of = {r["register"]: (r["review"], r["signatures"], r["class"])
          for r in d("list", fmt="json")}
    assert of == {"培训": ("rows", 2, "internal"), "认定": ("rows", 0, "internal"),
                  "个案": ("state", 0, "sealed")}, of
    assert "逐行" in d("list", lang="zh")
    d.table("教师,学时,日期\n甲,16,2025-03-01\n")
    assert "signature" in d("submit", want=3)
    d("sign")
    d("sign", want=3)
    d("sign", who="v1")
    assert "pending" in d("submit", "--period", "2025", want=1)
    d("submit")
    d.reviewed()
    d("sign", "--period", "2025")
    d("sign", "--period", "2025", who="v1")
    d("submit", "--period", "2025")
    d.reviewed("--period", "2025")
    assert d.show("--period", "2025")["statement"]["rows"] == 1


@test("a row goes to another owner when both agree, with lineage")
def _():
    d = Desk()
    d.stated("教师,学时,起\n甲,16,2024-01-01\n")
    one = d.row(教师="甲")["id"]
    d("take", one, "--of", "S1", unit="S2", who="u2", want=3)
    d("offer", one, "--to", "S2", "--from", "2023-01-01", want=3)
    d("offer", one, "--to", "S2", "--from", "2025-09-01")
    d("take", one, "--of", "S1", unit="S2", who="u1", want=3)
    (offer,) = d("offers", unit="S2", who="u2", fmt="json")
    assert (offer["of"], offer["row"], offer["from"]) == ("S1", one, "2025-09-01"), offer
    d("take", one, "--of", "S1", "--seen", "1", unit="S2", who="u2", want=3)
    d("decline", one, "--of", "S1", "--cause", "编制已满", unit="S2", who="u2")
    assert d("offers", unit="S2", who="u2", fmt="json") == []
    assert d.row(教师="甲")["declined"] == "编制已满"
    d("take", one, "--of", "S1", unit="S2", who="u2", want=3)
    d("offer", one)  # to nobody any more
    d("offer", one, want=3)
    d("offer", one, "--to", "S2", "--from", "2025-09-01")
    d("take", one, "--of", "S1", unit="S2", who="u2")
    assert d("offers", unit="S2", who="u2", fmt="json") == []
    here, there = d.row(教师="甲"), d.row(教师="甲", unit="S2", who="u2")
    assert (here["after"], here["pending"]["to"]) == (f"S2/{one}", "2025-08-31"), here
    assert (there["before"], there["pending"]["from"]) == (f"S1/{one}", "2025-09-01"), there
    assert "handed over" in d("undo", one, want=3)
    d("undo", one, unit="S2", who="u2", want=3)
    for unit, who in (("S1", "u1"), ("S2", "u2")):
        if unit == "S1":
            d("correct", "--period", "2025", "--cause", "调动", unit=unit, who=who)
            d("sign", "--period", "2025", unit=unit, who=who)
        d("submit", "--period", "2025", unit=unit, who=who)
        d.reviewed("--period", "2025", unit=unit)
    assert d.row(教师="甲")["state"] == "standing"
    assert d.row(教师="甲", unit="S2", who="u2")["state"] == "standing"


@test("sealed rows do not leave their unit; small counts are withheld above")
def _():
    d = Desk()
    kw = {"reg": "个案"}
    d.table("编号,类别\n1,甲\n2,乙\n", who="s1", **kw)
    d("submit", "--period", "2025", who="s1", **kw)
    for who in ("rd", "boss", "u1"):
        d("show", who=who, want=3, **kw)
        d("export", who=who, want=3, **kw)
    d("approve", "--period", "2025", who="rd", want=3, **kw)
    d("approve", "--period", "2025", who="t1", **kw)
    s = d.show("--period", "2025", who="s1", **kw)
    assert s["statement"]["state"] == "accepted", s
    assert "do not leave" in d("offer", s["rows"][0]["id"], "--to", "S2", "--from", "2025-01-01",
                               who="s1", want=3, **kw)
    st = d("status", "--period", "2025", who="boss", fmt="json", **kw)
    assert st["rows"] is None and all(u["rows"] is None for u in st["units"]), st
    assert "nil" not in st["units"][0] and "pending" not in st, st
    assert "<10" in d("status", who="boss", **kw)
    d("status", who="u1", want=3)


@test("what a register counts is not asked in a form")
def _():
    d = Desk()
    said = d.b("round", "try", "R1", "--form", "F1", "--period", "2025", "--due", "2199-01-01",
               "--minutes", "1", who="issuer", want=1)
    assert all(x in said for x in ("in_register", "培训人数", "KR3")) and "教师数" not in said, said
    d.b("round", "open", "R1", "--form", "F1", "--period", "2025", "--due", "2199-01-01",
        "--minutes", "1", "--without", "培训人数", who="issuer")


@test("usage and unknown names")
def _():
    d = Desk()
    assert "培训" in d("show", reg="培训班", want=3)
    d("show", unit="C", who="rc", want=3)
    d("add", want=2)
    d("import", want=2)
    d("end", "x", "--to", "once", want=2)


@test("workbooks: titles, two rows of header, sums and remarks; refused cells keep all of it out")
def _():
    d = Desk()
    sheet = Sheet()
    sheet.add("2025年培训台账")
    sheet.add("序号", "教师", "培训", None, "日期", "备注")
    sheet.add(None, None, "学时", "级 别", None, None)
    sheet.merged += [(0, 0, 0, 5), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 2, 4)]
    sheet.add(1, "甲", 20, "校本", "2025年3月1日", "x")
    sheet.add(2, "乙", "４０", "国家级", "2025.4.1")
    sheet.add("合计", None, 60)
    sheet.add("填表人：张三")
    path = sheet.write(d.b.dir / "台账.xlsx")
    done = d("import", path, fmt="json")
    assert [x["sort"] for x in done["lines"]] == ["added", "added"], done
    assert {x["sort"] for x in d("import", path, fmt="json")["lines"]} == {"unchanged"}
    sheet.put(4, 2, "约40")
    said = d("import", sheet.write(path), want=1)
    assert "约40" in said and "C5" in said, said
    sheet.put(4, 2, 50)
    done = d("import", sheet.write(path), fmt="json")
    assert {x["sort"] for x in done["lines"]} == {"unchanged", "changed"}, done


@test("an exported register comes back unchanged")
def _():
    d = Desk()
    d.table(GOOD)
    path = d.b.dir / "out.xlsx"
    d.b("export", "register", "培训", "--unit", "S1", "--out", path, who="u1")
    assert {x["sort"] for x in d("import", path, fmt="json")["lines"]} == {"unchanged"}


if __name__ == "__main__":
    sys.exit(main())
