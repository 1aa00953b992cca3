#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands units: each change of the tree with its day and reason, history and lineage,
official lists with dry run; old periods answer on the old tree. Prints TAP."""
import csv
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town, run  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 p { 年度 2020 至 2069 }
层级 省 > 市 > 县 > 学校
对象 学校 属于 县 { 数据 学生 : 人 每年 小数 0 }
目标 T1 学生 { 每年 每个 县 求和(学校.学生) 不少于 100人 }
"""
UNITS = """code,name,kind,parent
R,省,省,
C,市,市,R
D,甲县,县,C
E,乙县,县,C
S1,一小,学校,D
S2,二小,学校,D
S3,三小,学校,E
"""
TOWN = Town(PLAN, UNITS, {"issuer": ["issuer R internal"], "u1": ["filler S1 internal"]})


class Desk:
    def __init__(self):
        self.b = TOWN.copy()

    def __call__(self, *args, who="sys", want=0, **kw):
        return self.b("units", *args, who=who, want=want, **kw)

    def set(self, *args, cause="红头文件 1 号", want=0, **kw):
        return self(*args, "--cause", cause, want=want, **kw)

    def tree(self, day=None, within=None):
        more = [*(["--as-of", day] if day else []), *(["--within", within] if within else [])]
        return {u["code"]: (u["name"], u["kind"], u["parent"])
                for u in self("list", *more, fmt="json")}


@test("a change to come is withdrawn by saying what holds from the same day on")
def _():
    d = Desk()
    before = d.tree("2199-01-01")
    for act, back in ((("rename", "S1", "--name", "x"), ("rename", "S1", "--name", "一小")),
                      (("close", "S2"), ("reopen", "S2")),
                      (("move", "S3", "--parent", "D"), ("move", "S3", "--parent", "E")),
                      (("create", "S9", "--name", "九小", "--kind", "学校", "--parent", "D"),
                       ("close", "S9"))):
        d.set(*act, "--from", "2199-01-01")
        assert d.tree("2199-01-01") != before, act
        d.set(*back, "--from", "2199-01-01")
        assert d.tree("2199-01-01") == before, back


@test("create, rename, move, change, close, reopen: from their day on, with reason")
def _():
    d = Desk()
    said = d.set("create", "S4", "--name", "四小", "--kind", "学校", "--parent", "D", "--from",
                 "2025-09-01", fmt="json")
    assert said["commit"] > 0 and said["changes"][0]["act"] == "create", said
    assert "S4" not in d.tree("2025-08-31") and d.tree("2025-09-01")["S4"] == ("四小", "学校", "D")
    d.set("rename", "S4", "--name", "实验小学", "--alias", "实小", "--from", "2025-10-01")
    d.set("move", "S4", "--parent", "E", "--from", "2025-11-01")
    d.set("rename", "S4", "--name", "实验学校", "--from", "2025-12-01")  # the alias stays
    assert d.tree("2025-09-30")["S4"] == ("四小", "学校", "D")
    assert d.tree("2025-10-31")["S4"] == ("实验小学", "学校", "D")
    assert d.tree("2025-11-30")["S4"] == ("实验小学", "学校", "E")
    aliases = {u["code"]: u["alias"] for u in d("list", fmt="json")}
    assert aliases["S4"] == "实小", aliases
    d.set("close", "S4", "--from", "2026-01-01")
    assert "S4" not in d.tree("2026-01-01") and "S4" in d.tree("2025-12-31")
    d.set("reopen", "S4", "--from", "2026-03-01")
    assert "S4" in d.tree("2026-03-01") and "S4" not in d.tree("2026-02-01")
    history = d("show", "S4", fmt="json")
    assert [h["property"] for h in history if h["property"] == "stands"] == ["stands"] * 3
    assert all(h["actor"] == "user/sys" and h["note"] == "红头文件 1 号" for h in history), history
    assert "四小" in d("show", "S4", lang="zh") and "原因" in d("show", "S4", lang="zh")


@test("merge and split keep the lineage")
def _():
    d = Desk()
    d.set("merge", "S1", "--other", "S2", "--from", "2025-09-01")
    assert "S2" not in d.tree("2025-09-01") and "S2" in d.tree("2025-08-31")
    assert ("merged from", "S2") in [(h["property"], h["value"])
                                     for h in d("show", "S1", fmt="json")]
    assert ("merged into", "S1") in [(h["property"], h["value"])
                                     for h in d("show", "S2", fmt="json")]
    for code in ("S5", "S6"):
        d.set("create", code, "--name", code, "--kind", "学校", "--parent", "E", "--from",
              "2025-09-01")
    d.set("split", "S3", "--other", "S5", "--other", "S6", "--from", "2025-09-01")
    assert "S3" not in d.tree("2025-09-01")
    assert [h["value"] for h in d("show", "S3", fmt="json") if h["property"] == "split into"] == \
        ["S5", "S6"]
    said = d.set("merge", "S1", "--other", "S2", "--from", "2026-01-01", want=3)
    assert "S2" in said, said


@test("what cannot be is refused with place and remedy, and leaves nothing")
def _():
    d = Desk()
    before = d.tree()
    for want, text, args in (
            (3, "is taken", ("create", "S1", "--name", "x", "--kind", "学校", "--parent", "D")),
            (3, "did you mean", ("create", "N", "--name", "x", "--kind", "学交", "--parent", "D")),
            (3, "Z", ("create", "N", "--name", "x", "--kind", "学校", "--parent", "Z")),
            (3, "Z", ("rename", "Z", "--name", "x")),
            (3, "its own superior", ("move", "C", "--parent", "D")),
            (3, "S9", ("merge", "S1", "--other", "S9")),
            (2, "wants a date", ("close", "S1", "--from", "tomorrow"))):
        said = d.set(*args, want=want)
        assert text.lower() in said.lower(), (args, said)
    assert "hint" in d.set("create", "S1", "--name", "x", "--kind", "学校", "--parent", "D", want=3)
    assert d.tree() == before
    for args, text in ((("create", "X"), "name"), (("rename", "X"), "name"),
                       (("merge", "X"), "--other"), (("close",), "missing: CODE"),
                       (("import",), "missing: FILE")):
        status, _, err = run("units", *args, "--book", d.b.book, "--pack", d.b.pack, "--lang", "en")
        assert status == 2 and text in err, err
    status, _, err = run("units", "close", "S1", "--book", d.b.book, "--pack", d.b.pack,
                         "--lang", "zh")
    assert status == 2 and "--cause" in err, err


@test("only the system administrator, in his part of the tree; everybody may look")
def _():
    d = Desk()
    for who in ("sec", "aud", "issuer", "u1"):
        assert "unit.set" in d.set("close", "S1", who=who, want=3)
        assert "S1" in d("list", who=who)
    d.b("user", "add", "csys", "--name", "x", who="sec")
    made = d.b("user", "reset", "csys", who="sec", fmt="json")
    d.b.settle("csys", made["password"])
    status, out, err = run("seat", "give", "d.system", "--role", "system", "--unit", "D", "--class",
                           "internal", "--holder", "csys", "--with", "sys", "--as", "sec",
                           "--book", d.b.book, lines=("Kumis-9-lamp",) * 2)
    assert status == 0, out + err
    d.set("rename", "S1", "--name", "县一小", who="csys")
    d.set("create", "S7", "--name", "七小", "--kind", "学校", "--parent", "D", who="csys")
    d.set("close", "S7", who="csys")
    d.set("reopen", "S7", who="csys")
    for args in (("rename", "S3", "--name", "x"), ("move", "S1", "--parent", "E"),
                 ("rename", "C", "--name", "x"), ("merge", "S1", "--other", "S3"),
                 ("create", "S8", "--name", "x", "--kind", "学校", "--parent", "E")):
        assert "unit.set" in d.set(*args, who="csys", want=3), args


@test("an official list: dry run, differences, taken over; the rest closed only when asked")
def _():
    d = Desk()
    path = d.b.dir / "list.csv"

    def write(*rows, head=("代码", "名称", "对象", "上级")):
        with open(path, "w", encoding="utf-8", newline="") as f:
            csv.writer(f).writerows([head, *rows])
    write(("D", "甲县", "县", "C"), ("S1", "甲县一小", "学校", "D"), ("S2", "二小", "学校", "E"),
          ("S8", "八小", "学校", "D"))
    before = d.tree()
    dry = d.set("import", path, "--from", "2025-09-01", "--dry-run", fmt="json")
    assert dry["commit"] == 0
    assert [(c["act"], c["code"]) for c in dry["changes"]] == [
        ("rename", "S1"), ("move", "S2"), ("create", "S8")], dry
    assert d.tree() == before
    assert "nothing recorded" in d.set("import", path, "--dry-run")
    assert "unit.set" in d.set("import", path, "--dry-run", who="u1", want=3)
    done = d.set("import", path, "--from", "2025-09-01", fmt="json")
    assert done["changes"] == dry["changes"] and done["commit"] > 0
    assert d.tree("2025-09-01")["S8"] == ("八小", "学校", "D")
    assert "0 changes" in d.set("import", path, "--from", "2025-09-01")
    # E has S2 below it: tried, not only compared.
    assert "parent E" in d.set("import", path, "--within", "C", "--close-missing", "--dry-run",
                               want=3)
    write(("D", "甲县", "县", "C"), ("E", *d.tree()["E"]), ("S1", "甲县一小", "学校", "D"),
          ("S2", "二小", "学校", "E"), ("S8", "八小", "学校", "D"))
    closing = d.set("import", path, "--within", "C", "--close-missing", "--dry-run", "--from",
                    "2025-09-01", fmt="json")
    assert [c["code"] for c in closing["changes"]] == ["S3"], closing
    write(("S1", "x", "学交", "D"))
    assert "did you mean" in d.set("import", path, "--dry-run", want=3).lower()
    write(("S1", "x", "学校", "D"), ("S1", "y", "学校", "D"))
    assert "repeats" in d.set("import", path, want=3)
    write(("S1", "x", "学校"), head=("代码", "名称", "对象"))
    assert "上级" in d.set("import", path, want=3, lang="zh")


@test("old periods answer on the old tree")
def _():
    facts = [f"{u},学生,{y},{n}" for y in (2024, 2025) for u, n in (("S1", 60), ("S2", 60),
                                                                  ("S3", 50))]
    b = TOWN.copy(facts="unit,item,period,value\n" + "\n".join(facts) + "\n")

    def states(year):
        all_ = b("eval", "--target", "T1", "--year", str(year), who="issuer", fmt="json")
        rows = all_["verdicts"]
        return {r["unit"]: r["state"] for r in rows if r["unit"] in ("D", "E")}
    assert states(2024) == states(2025) == {"D": "met", "E": "missed"}
    b("units", "move", "S2", "--parent", "E", "--from", "2025-09-01", "--cause", "区划调整",
      who="sys")
    assert states(2024) == {"D": "met", "E": "missed"}
    assert states(2025) == {"D": "missed", "E": "met"}


if __name__ == "__main__":
    sys.exit(main())
