#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Questions on a book: a private run over a draft, asked, replied to, decided, settled by a
correction; who may see and do what. Prints TAP."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 p { 年度 2024 至 2026 }
层级 省 > 县 > 学校
对象 学校 属于 县 { 数据 学生 : 人 每年 小数 0  数据 残疾 : 人 每年 小数 0 密级 密封 }
报表 F1 基本 { 对象 学校 每年 项 学生 截止 10-15 }
任务 K1 方案 { 于 2024年 每个 学校 交付 "方案" }
"""
SCHOOLS = [f"S{i:02}" for i in range(25)]
UNITS = ("code,name,kind,parent\nR,省,省,\nD,甲县,县,R\nE,乙县,县,R\n"
         + "".join(f"{s},学校{s},学校,D\n" for s in SCHOOLS))
FACTS = ("unit,item,period,value,recorded\n"
         + "".join(f"{s},学生,2025,{300 + 7 * i},2026-01-10\n"
                   for i, s in enumerate(SCHOOLS) if s != "S00")
         + "S03,学生,2024,200,2025-01-10\nS03,学生,2024,260,2025-06-10\n"
         + "S04,残疾,2024,11,2025-01-10\nS04,残疾,2024,17,2025-06-10\n")
PEOPLE = {
    "fill": ["filler S00 sealed"],
    "clerk": [f"filler S{i:02} internal" for i in range(5, 10)],
    "fill3": ["filler S03 sealed"],
    "fill4": ["filler S04 sealed"],
    "rev4": ["reviewer S04 sealed"],
    "county": ["reviewer D sealed"],
    "other": ["reviewer E sealed"],
    "region": ["reviewer R sealed"],
    "issuer": ["issuer R internal"],
}
TOWN = Town(PLAN, UNITS, PEOPLE, (("facts.csv", FACTS),))


class Desk:
    """With a draft of S00 in which there are no pupils."""

    def __init__(self):
        self.b = TOWN.copy()
        self("round", "open", "R1", "--form", "F1", "--period", "2025", "--due", "2199-01-01",
             "--minutes", "2", "--only", "S00", who="issuer")
        self.save("0")

    def __call__(self, *args, who, want=0, **kw):
        return self.b(*args, who=who, want=want, **kw)

    def save(self, n):
        form = self.b.dir / "form.csv"
        form.write_text(f"item,value,explain\n学生,{n},\n", "utf-8")
        self("report", "save", "R1", form, "--unit", "S00", who="fill")

    def accepted(self):
        self("report", "submit", "R1", "--unit", "S00", who="fill")
        self("review", "approve", "R1", "--unit", "S00", who="county")
        self("review", "approve", "R1", "--unit", "S00", who="region")

    def ask(self, *more):
        return self("question", "ask", *more, who="issuer", fmt="json")

    def list(self, *more, who="county"):
        return {q["unit"]: q for q in self("question", "list", *more, who=who, fmt="json")}


def log(d):
    return d("audit", "log", "--limit", "1000", who="aud", fmt="json")


@test("a private run tells what a draft would be asked, and leaves nothing")
def _():
    d = Desk()
    before = log(d)
    own = ("inspect", "--unit", "S00")
    assert d(*own, who="fill", fmt="json")["questions"] == []
    q, = d(*own, "--round", "R1", who="fill", fmt="json")["questions"]
    assert (q["detector"], q["unit"], q["what"], q["period"]) == ("zero", "S00", "学生", "2025"), q
    said = d(*own, "--round", "R1", who="fill")
    assert "this was a private run: nothing of it is recorded" in said and q["question"] in said
    assert "自查" in d(*own, "--round", "R1", who="fill", lang="zh")
    assert log(d) == before
    assert d("question", "list", who="county", fmt="json") == []
    assert "question.read" in d(*own, who="fill3", want=3)
    assert "question.read" in d(*own, who="other", want=3)
    assert "question.read" in d(*own, who="aud", want=3)
    assert "--unit" in d("inspect", "--round", "R1", who="fill", want=2)
    assert "--data" in d("inspect", "--data", d.b.dir, who="fill", want=2)
    d("inspect", "--unit", "S00", "--round", "none", who="fill", want=3)


@test("report check shows them beside the checks when asked")
def _():
    d = Desk()
    check = ("report", "check", "R1", "--unit", "S00")
    assert "zero-" not in d(*check, who="fill")
    said = d(*check, "--questions", who="fill")
    assert "zero-" in said and "学生 is 0 in 2025" in said
    found = d(*check, "--questions", who="fill", fmt="json")
    assert [q["detector"] for q in found["questions"]] == ["zero"], found
    assert "questions" not in d(*check, who="fill", fmt="json")
    d.save("310")
    assert "zero-" not in d(*check, "--questions", who="fill")


@test("asked once, replied to with evidence, asked again, accepted by the tier above")
def _():
    d = Desk()
    d.accepted()
    assert d.ask() == {"asked": 3, "again": 0, "settled": 0, "left": 0}
    assert d.ask() == {"asked": 0, "again": 0, "settled": 0, "left": 3}
    q = d.list()["S00"]
    assert q["state"] == "open" and "学生 is 0" in q["en"] and "“学生”为 0" in q["zh"], q
    id_ = q["question"]
    short = id_[:9]
    d("question", "accept", id_, who="county", want=3)
    assert "say something" in d("question", "reply", id_, "--text", " ", who="fill", want=3)
    paper = d.b.dir / "paper.txt"
    paper.write_text("停办文件\n", "utf-8")
    d("question", "reply", short, "--text", "本年停办", "--evidence", paper, who="fill")
    got, = d("question", "show", id_, who="county", fmt="json")
    assert (got["state"], got["reply"], got["replied_by"]) == ("replied", "本年停办", "user/fill")
    assert len(got["file"]) == 64 and got["file"][:2] in {p.name for p in Path(
        f"{d.b.book}.files").iterdir()}
    said = d("question", "reply", id_, "--text", "x", who="fill", want=3)
    assert "user/fill replied" in said, said
    d("question", "again", id_, who="county", want=2)
    d("question", "again", id_, "--cause", "何时停办", who="county")
    assert "何时停办" in d("question", "show", id_, who="fill", lang="zh")
    seen = d.list()["S00"]["seen"]
    d("question", "reply", id_, "--text", "2025年9月", "--seen", seen, who="fill")
    assert "did something" in d("question", "accept", id_, "--seen", seen, who="county", want=3)
    d("question", "accept", id_, who="county")
    assert "S00" not in d.list() and d.list("--all")["S00"]["state"] == "accepted"
    assert d.ask()["asked"] == 0
    acts = [x["act"] for x in log(d) if x["act"].startswith("question")]
    assert acts == ["question.accept", "question.reply", "question.again", "question.reply",
                    "question.ask"], acts


@test("a correction settles it, and stats tell how often a detector was right")
def _():
    d = Desk()
    d.accepted()
    d.ask("--within", "D")
    unit = ("--unit", "S00")
    d("report", "correct", "R1", *unit, "--cause", "漏填", who="fill")
    d.save("310")
    assert d.ask()["settled"] == 0  # nothing is accepted yet
    form = d.b.dir / "form.csv"
    form.write_text("item,value,explain\n学生,310,漏填\n", "utf-8")
    d("report", "save", "R1", form, *unit, who="fill")
    d("report", "sign", "R1", *unit, who="fill")
    d.accepted()
    assert d.ask()["settled"] == 1
    assert d.list("--all")["S00"]["state"] == "corrected"
    stats = {s["detector"]: s for s in d("question", "stats", who="region", fmt="json")}
    assert stats["zero"]["corrected"] == 1 and stats["zero"]["accepted"] == 0, stats["zero"]
    assert "1.00" in d("question", "stats", who="region")
    assert "查准率" in d("question", "stats", who="region", lang="zh")


@test("what is sealed is asked and decided within the unit, without its figures")
def _():
    d = Desk()
    d.ask()
    mine = d.list(who="fill4")["S04"]
    assert "17" not in mine["en"] and "11" not in mine["en"], mine["en"]
    for who in ("county", "region", "issuer"):
        assert "S04" not in d.list(who=who), who
        d("question", "show", mine["question"], who=who, want=3)
    stats = {s["detector"]: s["open"] for s in d("question", "stats", who="county", fmt="json")}
    assert stats["late_edit"] == 1, stats  # of S03 alone
    d("question", "reply", mine["question"], "--text", "复核", who="fill4")
    d("question", "accept", mine["question"], who="county", want=3)
    d("question", "accept", mine["question"], who="rev4")
    assert d.list("--all", who="fill4")["S04"]["state"] == "accepted"


@test("one who submits for five schools at once, and one paper for three, are asked about")
def _():
    d = Desk()
    paper, form = d.b.dir / "plan.txt", d.b.dir / "form.csv"
    paper.write_text("方案\n", "utf-8")
    schools = [f"S{i:02}" for i in range(5, 10)]
    d("round", "open", "R2", "--form", "F1", "--period", "2026", "--due", "2199-01-01", "--minutes",
      "2", *(x for s in schools for x in ("--only", s)), who="issuer")
    for i, school in enumerate(schools):
        form.write_text(f"item,value,explain\n学生,{400 + i},\n", "utf-8")
        d("report", "save", "R2", form, "--unit", school, who="clerk")
        d("report", "submit", "R2", "--unit", school, who="clerk")
        if i < 3:
            d("task", "file", "K1", paper, "--unit", school, "--day", "2024-05-01", who="clerk")
    found = d("inspect", who="county", fmt="json")["questions"]
    serial, = [q for q in found if q["detector"] == "serial"]
    assert (serial["unit"], serial["what"], sorted(serial["about"])) == ("D", "R2", schools), serial
    papers = [q for q in found if q["detector"] == "evidence"]
    assert [q["unit"] for q in papers] == schools[:3] and "plan.txt" in papers[0]["en"], papers
    assert "of 3 units" in papers[0]["en"] and papers[0]["about"] == []


def todo(d, who):
    return [(x["duty"], x["about"]) for x in d("todo", who=who, fmt="json")
            if x["duty"] in ("reply", "weigh")]


@test("what waits is on the work list of who has to do it, and of nobody else")
def _():
    d = Desk()
    d.ask()
    q = d.list()["S03"]["question"]
    sealed = d.list(who="fill4")["S04"]["question"]
    assert todo(d, "fill3") == [("reply", q)] and todo(d, "fill4") == [("reply", sealed)]
    assert todo(d, "county") == [] and todo(d, "region") == []
    d("question", "reply", q, "--text", "x", who="fill3")
    d("question", "reply", sealed, "--text", "x", who="fill4")
    assert todo(d, "fill3") == [] and todo(d, "county") == [("weigh", q)]
    assert todo(d, "rev4") == [("weigh", sealed)] and todo(d, "region") == []
    d("question", "again", q, "--cause", "y", who="county")
    assert todo(d, "fill3") == [("reply", q)] and todo(d, "county") == []


@test("who may not, cannot: other units, other roles, unknown questions")
def _():
    d = Desk()
    assert "question.ask" in d("question", "ask", who="county", want=3)
    d.ask()
    q = d.list()["S03"]["question"]
    assert set(d.list(who="fill3")) == {"S03"}
    assert "no question" in d("question", "show", q, who="fill4", want=3)
    d("question", "reply", q, "--text", "x", who="county", want=3)
    assert d.list(who="other") == {}
    d("question", "list", "--unit", "S03", who="other", want=3)
    d("question", "stats", who="aud", want=3)
    d("question", "show", "nothing", who="fill3", want=3)
    d("question", "ask", "--within", "nowhere", who="issuer", want=3)
    assert d.ask("--within", "E") == {"asked": 0, "again": 0, "settled": 0, "left": 0}
    missing = d.b.dir / "none"
    d("question", "reply", q, "--text", "x", "--evidence", missing, who="fill3", want=3)
    assert d.list(who="fill3")["S03"]["state"] == "open"


if __name__ == "__main__":
    main()
