#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reporting through the command line, from an empty book to a correction after lock: exit codes,
both languages, JSON. Prints TAP. (tests/app/report_book.c does the same on PostgreSQL.)"""
import csv
import io
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town, run  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 p { 年度 2024 至 2026 }
层级 省 > 市 > 县 > 学校
对象 学校 属于 县 {
  数据 学生 : 人 每年 小数 0
  数据 教师 : 人 每年 小数 0
  数据 班额率 : % 每年 小数 1 范围 0 至 100%
  数据 公办 : 是否 每年
}
报表 F1 学校基本情况 { 对象 学校 每年 项 学生, 教师, 班额率, 公办  截止 10-15 }
报表 F2 重复报表 { 对象 学校 每年 项 学生  截止 10-15 }
报表 F3 师资 { 对象 学校 每年 项 教师  截止 10-15 }
校验 K1 师生 { 对象 学校  教师 不超过 学生  硬性 提示 "教师多于学生" }
校验 K2 生师比 { 对象 学校  学生 不超过 教师 * 30  软性 提示 "生师比过高" }
"""
UNITS = """code,name,kind,parent
R,省,省,
C,市,市,R
D,县,县,C
S1,一小,学校,D
S2,二小,学校,D
S3,三小,学校,D
"""


# F2 and F3 ask again what F1 asks; without them F1 stands alone.
ALONE = "\n".join(line for line in PLAN.splitlines() if "F2" not in line and "F3" not in line)
# u2 and u3 are reviewer and head of a small school, and fill in too.
PEOPLE = {
    "issuer": ["issuer R internal"],
    "u1": ["filler S1 internal"],
    "u2": ["filler S1 internal", "reviewer S1 internal"],
    "u3": ["filler S1 internal", "head S1 internal", "reviewer D internal"],
    "revD": ["reviewer D internal"],
    "revC": ["reviewer C internal"],
    "revR": ["reviewer R internal"],
    "a": ["reviewer D internal", "reviewer C internal"],
    "b": ["reviewer D internal"],
}
PEOPLE = {who.lower(): seats for who, seats in PEOPLE.items()}
TOWN = Town(ALONE, UNITS, PEOPLE)


class Desk:
    """A book with its pack in a folder of its own."""

    def __init__(self, plan=PLAN, facts=None):
        self.b = TOWN.copy(plan, facts)
        self.dir, self.pack, self.book = self.b.dir, self.b.pack, self.b.book

    def __call__(self, *args, who="revr", want=0, **kw):
        return self.b(*args, who=who, want=want, **kw)

    def open(self, round_="R1", *more, form="F1", due="2199-01-01", want=0, **kw):
        more = (*more, "--without", "学生") if form == "F1" and "--all" not in more else more
        more = [m for m in more if m != "--all"]
        return self("round", "open", round_, "--form", form, "--period", "2025", "--due", due,
                    "--minutes", "3", *more, who="issuer", want=want, **kw)

    def save(self, text, unit="S1", who="u1", want=0, *more):
        path = self.dir / "form.csv"
        path.write_text(text, "utf-8")
        return self("report", "save", "R1", path, "--unit", unit, *more, who=who, want=want)

    def show(self, unit="S1"):
        return self("report", "show", "R1", "--unit", unit, fmt="json")


GOOD = "item,value\n学生,300\n教师,20\n班额率,95.5\n公办,是\n"


def desk(**kw):
    d = Desk(ALONE)
    d.open("R1", "--all", **kw)
    return d


def reviewed(d, unit="S1"):
    for tier in ("D", "C", "R"):
        d("review", "approve", "R1", "--unit", unit, "--at", tier, who="rev" + tier.lower())


@test("from nothing to accepted, locked and corrected")
def _():
    d = desk()
    status = d("round", "status", "R1", fmt="json")
    assert (status["silent"], status["units"], status["hours"]) == (3, 3, "0.6"), status
    d.save(GOOD)
    assert d.show()["state"] == "draft"
    d("report", "submit", "R1", "--unit", "S1", who="u1")
    assert d.show()["waits_for"] == "D"
    waiting = d("review", "list", "R1", "--at", "D", fmt="json")["reports"]
    assert [r["unit"] for r in waiting] == ["S1"], waiting
    reviewed(d)
    assert d.show()["state"] == "accepted"
    assert d("round", "lock", "R1", who="issuer", fmt="json") == {"locked": 1}
    assert d.show()["state"] == "locked"
    d.save(GOOD, want=3)
    d("report", "correct", "R1", "--unit", "S1", "--cause", "抄错", who="u1")
    assert (d.show()["state"], d.show()["version"]) == ("draft", 2)
    d.save("item,value\n学生,301\n")
    assert "signature" in d("report", "submit", "R1", "--unit", "S1", who="u1", want=3)
    d("report", "sign", "R1", "--unit", "S1", who="u2")
    d("report", "submit", "R1", "--unit", "S1", who="u1")
    reviewed(d)
    cells = {c["item"]: c["value"] for c in d.show()["cells"]}
    assert cells == {"学校.学生": "301", "学校.教师": "20", "学校.班额率": "95.5",
                     "学校.公办": "true"}, cells


@test("single cells are returned with reasons, and must be answered")
def _():
    d = desk()
    d.save(GOOD)
    d("report", "submit", "R1", "--unit", "S1", who="u1")
    d("review", "return", "R1", "--unit", "S1", "--cell", "学生", who="revd", want=3)
    d("review", "return", "R1", "--unit", "S1", "--cell", "没有=错", who="revd", want=3)
    d("review", "return", "R1", "--unit", "S1", "--cell", "学生=与学籍不符", who="revd")
    shown = d.show()
    assert shown["state"] == "returned"
    assert {c["item"]: c["returned"] for c in shown["cells"]}["学校.学生"] == "与学籍不符"
    said = d("report", "submit", "R1", "--unit", "S1", who="u1", want=1)
    assert "unchanged" in said and "与学籍不符" in said, said
    d.save("item,value,explain\n学生,300,已核对学籍\n")
    d("report", "submit", "R1", "--unit", "S1", who="u1")
    assert d.show()["state"] == "submitted"


@test("hard checks refuse, soft ones and blanks want an explanation")
def _():
    d = desk()
    d.save("item,value\n学生,10\n教师,20\n班额率,95.5\n")
    said = d("report", "submit", "R1", "--unit", "S1", who="u1", want=1)
    assert "finding hard" in said and "教师多于学生" in said and "finding blank" in said, said
    zh = d("report", "check", "R1", "--unit", "S1", want=1, lang="zh")
    assert "硬性校验" in zh and "未填" in zh, zh
    d.save("item,value,explain\n学生,1000,\n公办,,尚未批复\n")
    found = d("report", "check", "R1", "--unit", "S1", want=1, fmt="json")["findings"]
    assert [f["code"] for f in found] == ["soft"] and found[0]["about"] == "K2", found
    d.save("item,value,explain\nK2,,合并过渡期\n")
    d("report", "check", "R1", "--unit", "S1")
    d("report", "submit", "R1", "--unit", "S1", who="u1")


@test("checks that look at other units or other years read the book")
def _():
    more = ("校验 K3 增长 { 对象 学校  学生 不超过 上年(学生) * 2  软性 提示 \"学生数翻番\" }\n"
            "校验 K4 县均 { 对象 学校  教师 不超过 上级(县.编制)  硬性 提示 \"超过全县编制\" }\n"
            "对象 县 { 数据 编制 : 人 每年 小数 0 }\n")
    d = Desk(ALONE + more, "unit,item,period,value\nS1,学生,2024,100\nD,编制,2025,15\n")
    d.open("R1", "--all")
    d.save(GOOD)
    found = d("report", "check", "R1", "--unit", "S1", want=1, fmt="json")["findings"]
    assert [f["about"] for f in found] == ["K3", "K4"], found
    d.save("item,value\n学生,150\n教师,15\n")
    d("report", "check", "R1", "--unit", "S1")


@test("three signatures by three people, in order, wiped by a change")
def _():
    d = Desk(ALONE)
    d.open("R1", "--all", "--signatures", "3")
    d.save(GOOD)
    for who in ("u1", "u2"):
        d("report", "sign", "R1", "--unit", "S1", who=who)
    d("report", "sign", "R1", "--unit", "S1", who="u1", want=3)
    assert "head" in d("report", "submit", "R1", "--unit", "S1", who="u1", want=3)
    d.save(GOOD.replace("300", "301"))
    assert d.show()["signatures"] == 0
    for who in ("u1", "u2", "u3"):
        d("report", "sign", "R1", "--unit", "S1", who=who)
    d("report", "submit", "R1", "--unit", "S1", who="u1")
    d("review", "approve", "R1", "--unit", "S1", who="u3", want=3)  # who signed may not review


@test("two people on one form, and two reviewers of one submission")
def _():
    d = desk()
    d.save(GOOD)
    seen = d.show()["seen"]
    d.save("item,value\n学生,400\n", "S1", "u2", 0, "--seen", str(seen))
    said = d.save("item,value\n学生,500\n", "S1", "u3", 3, "--seen", str(seen))
    assert "u2" in said and f"commit {seen + 1}" in said, said
    assert d.show()["cells"][0]["value"] == "400"
    d("report", "submit", "R1", "--unit", "S1", who="u2")
    seen = str(d.show()["seen"])
    d("review", "approve", "R1", "--unit", "S1", "--at", "D", "--seen", seen, who="a")
    said = d("review", "return", "R1", "--unit", "S1", "--at", "D", "--cell", "学生=错", "--seen",
             seen, who="b", want=3)
    assert "a approved" in said, said
    d("review", "approve", "R1", "--unit", "S1", "--at", "D", who="b", want=3)
    d("review", "approve", "R1", "--unit", "S1", "--at", "C", who="a", want=3)
    d("report", "withdraw", "R1", "--unit", "S1", who="u2", want=3)


@test("what is asked or held already is not asked again")
def _():
    d = Desk()
    said = d.open("R1", "--all", want=1)
    assert "asked_by_form" in said and "F2 (a.plan:" in said and "F3" in said, said
    other = "报表 F9 别的 { 对象 学校 每年 项 公办 截止 10-15 }\n校验 K1"
    d = Desk(ALONE.replace("校验 K1", other),
             "unit,item,period,value,source\nS1,学生,2025,300,学籍\n")
    args = ("--form", "F1", "--period", "2025", "--due", "2199-01-01", "--minutes", "2")
    found = d("round", "try", "R1", *args, who="issuer", want=1, fmt="json")["findings"]
    assert [f["code"] for f in found] == ["asked_by_form", "held"], found
    assert found[1]["about"] == "学校.学生" and "S1" in found[1]["detail"] and \
        "学籍" in found[1]["detail"], found
    d("round", "open", "R1", *args, "--without", "学生", "--without", "公办", who="issuer")
    found = d("round", "try", "R2", *args, "--without", "学生", "--without", "公办", want=1,
              who="issuer", fmt="json")["findings"]
    assert {f["code"] for f in found} == {"asked_by_round"}, found
    d("round", "open", "R1", *args, who="issuer", want=3)


@test("late and silent units are listed; the cost is shown before")
def _():
    d = Desk(ALONE)
    d.open("R1", "--all", "--only", "S1", "--only", "S2", due="2000-01-01")
    d.save(GOOD)
    d("report", "submit", "R1", "--unit", "S1", who="u1")
    status = d("round", "status", "R1", fmt="json")
    assert (status["late"], status["silent"], status["submitted"]) == (2, 1, 1), status
    assert "逾期" in d("round", "status", "R1", lang="zh")
    d("report", "show", "R1", "--unit", "S3", want=3)


@test("the form comes with what was there a period before, and reads back")
def _():
    d = Desk(ALONE, "unit,item,period,value\nS1,学生,2024,280\nS1,班额率,2024,95.5\n")
    d.open("R1", "--all")
    text = d("report", "blank", "R1", "--unit", "S1")
    rows = {r["item"]: r for r in csv.DictReader(io.StringIO(text.lstrip("\ufeff")))}
    assert rows["学校.学生"]["value"] == "280" and "2024" in rows["学校.学生"]["status"], rows
    assert rows["学校.教师"]["value"] == "", rows
    d.save(text)
    assert d.show()["cells"][2]["value"] == "95.5"
    zh = d("report", "blank", "R1", "--unit", "S1", lang="zh")
    d.save(zh)


@test("faulty forms are told with their place")
def _():
    d = desk()
    said = d.save("item,value\n学生,many\n", want=3)
    assert "form.csv:2:" in said and "number_bad" in said, said
    said = d.save("item,value\n学生,1\n学生,2\n别的,3\n", want=3)
    assert "twice" in said and "not_asked" in said, said
    assert "form.csv:1:" in d.save("itme,value\n学生,1\n", want=3)
    assert d.show()["state"] == "none"


@test("usage, unknown books, rounds and units")
def _():
    d = desk()
    d("report", "show", "R1", want=2)
    said = d("report", "show", "R1", "--unit", "S1", who=None, want=3)
    assert "nobody is logged in" in said and "hint" in said, said
    d("report", "show", "R9", "--unit", "S1", want=3)
    d("report", "show", "R1", "--unit", "S9", want=3)
    d("round", "open", "a/b", "--form", "F1", "--period", "2025", "--due", "2199-01-01",
      "--minutes", "1", who="issuer", want=3)
    status, _, _ = run("book", "status", "--book", d.dir / "none", "--pack", d.pack)
    assert status == 3
    for lang in ("en", "zh"):
        status, out, _ = run("help", "report", "save", "--lang", lang)
        assert status == 0 and "--seen" in out, out


@test("a book is begun by whoever makes its file, until it has users")
def _():
    d = Desk(ALONE, "unit,item,period,value\nS1,学生,2024,280\n")
    book = d.dir / "new.book"
    init = ("book", "init", "--book", book, "--pack", d.pack)
    assert run(*init)[0] == 0
    again = run(*init)  # the same commits
    assert again[0] == 0 and "1 of them there before" in again[1], again
    (d.pack / "units.csv").write_text(UNITS + "S4,四小,学校,D\n", "utf-8")
    assert run(*init)[0] == 3
    for args in (("book", "status"), ("book", "load"), ("task", "list")):
        status, out, err = run(*args, "--book", book, "--pack", d.pack, "--as", "sys", lines=["x"])
        assert status == 3 and "no users yet" in err and out == "", (out, err)
    assert "has users" in d("book", "init", who=None, want=3)


@test("nobody does anything without a right: who has no seat, and the three administrators")
def _():
    d = desk()
    d.b.user("nobody")
    wish = ("--form", "F1", "--period", "2024", "--due", "2199-01-01", "--minutes", "2")
    form = d.dir / "form.csv"
    form.write_text(GOOD, "utf-8")
    before = d("book", "status", fmt="json")["commits"]
    of = ("R1", "--unit", "S1")
    for who in ("nobody", "sys", "sec", "aud"):
        for args in (("round", "try", "R2", *wish), ("round", "open", "R2", *wish),
                     ("round", "status", "R1"), ("round", "lock", "R1"), ("report", "blank", *of),
                     ("report", "show", *of), ("report", "check", *of),
                     ("report", "save", "R1", form, "--unit", "S1"), ("report", "sign", *of),
                     ("report", "submit", *of), ("report", "withdraw", *of),
                     ("report", "correct", *of, "--cause", "x"),
                     ("review", "list", "R1", "--at", "D"), ("review", "approve", *of),
                     ("review", "return", *of, "--cell", "学生=错"), ("task", "list")):
            said = d(*args, who=who, want=3)
            assert "may not do" in said, said
    assert d("book", "status", fmt="json")["commits"] == before
    d("book", "status", who="nobody", want=3)


@test("who sees what of a round: his own subtree")
def _():
    d = desk()
    for who, units in (("revr", 3), ("revd", 3), ("u1", 1), ("issuer", 3)):
        status = d("round", "status", "R1", who=who, fmt="json")
        assert (status["units"], len(status["reports"])) == (units, units), (who, status)
    assert d("round", "status", "R1", who="u1", fmt="json")["hours"] == "0.2"
    d("report", "show", "R1", "--unit", "S2", who="u1", want=3)
    d("review", "list", "R1", "--at", "C", who="revd", want=3)
    d("report", "save", "R1", d.dir / "none", "--unit", "S2", who="u1", want=3)


@test("loading the same tables again records nothing twice")
def _():
    d = Desk(ALONE, "unit,item,period,value\nS1,学生,2024,280\n")
    assert d("book", "load", who="issuer", fmt="json")["before"] == 1
    d("book", "load", who="u1", want=3)
    status = d("book", "status", fmt="json")
    assert status["units"] == 6 and status["anchor"].startswith("tizhi-anchor "), status


@test("rows recorded in the future are refused before anything is begun")
def _():
    d = Desk(ALONE)
    (d.pack / "facts.csv").write_text(
        "unit,item,period,value,recorded\nS1,学生,2024,280,2199-01-01\n", "utf-8")
    book = d.dir / "other.book"
    status, _, said = run("book", "init", "--book", book, "--pack", d.pack)
    assert status == 3 and "facts.csv:2" in said, said
    assert not book.exists()


if __name__ == "__main__":
    main()
