#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tasks through the command line: due days and lights, evidence, sign-off by the tier above,
extensions; what is signed off is judged as met. Prints TAP."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town  # noqa: E402
from tap import main, test  # noqa: E402

# Years far apart, so that the day of the run does not matter.
PLAN = """计划 p { 年度 2020 至 2069 }
层级 省 > 县 > 校
任务 K1 办学标准 { 于 2020年 交付 "标准" 责任 "基教处" }
任务 K2 方案 { 于 2069年 每个 县 交付 "方案" }
任务 K4 会议 { 于 2069年 每个 县 开展 1次 责任 甲处 协办 校, 省, "乙厅" }
阶段 K3 实验区 { 认定 于 2067年 > 建成 于 2068年 }
"""
UNITS = "code,name,kind,parent\nR,省,省,\nA,甲,县,R\nB,乙,县,R\nS,一校,校,A\nT,二校,校,B\n"


# v files and signs off, to show that nobody does both on one task.
PEOPLE = {
    "u": ["filler R internal", "filler A internal", "filler B internal", "reviewer R internal"],
    "v": ["filler A internal", "reviewer R internal"],
    "w": ["filler A internal"],
    "s": ["filler S internal"],
    "t": ["filler T internal"],
    "boss": ["reviewer R internal"],
}
TOWN = Town(PLAN, UNITS, PEOPLE)


class Desk:
    def __init__(self):
        self.b = TOWN.copy()
        self.dir = self.b.dir
        self.file = self.dir / "plan.txt"
        self.file.write_text("方案全文\n", "utf-8")

    def __call__(self, *args, who="boss", want=0, **kw):
        return self.b(*args, who=who, want=want, **kw)

    def task(self, id_, unit, part=""):
        all_ = self("task", "list", "--unit", unit, fmt="json")
        return next(t for t in all_ if t["task"] == id_ and part in ("", t["part"]))

    def sent(self, *more, id_="K2", who="u", want=0):
        return self("task", "file", id_, self.file, "--unit", "A" if id_ == "K2" else "R", "--day",
                    "2020-05-01", *more, who=who, want=want)


@test("tasks stand by due day, with lights by date")
def _():
    d = Desk()
    rows = [(t["task"], t["unit"], t["part"], t["due"], t["light"])
            for t in d("task", "list", fmt="json")]
    assert rows == [("K1", "R", "", "2020-12-31", "red"),
                    ("K3", "R", "认定", "2067-12-31", "green"),
                    ("K3", "R", "建成", "2068-12-31", "green"),
                    ("K2", "A", "", "2069-12-31", "green"),
                    ("K2", "B", "", "2069-12-31", "green"),
                    ("K4", "A", "", "2069-12-31", "green"),
                    ("K4", "B", "", "2069-12-31", "green")], rows
    assert "基教处" in d("task", "list", lang="zh")
    assert {t["unit"] for t in d("task", "list", who="w", fmt="json")} == {"A"}
    d("task", "list", "--unit", "B", who="w", want=3)


@test("evidence counts once the tier above has signed it off")
def _():
    d = Desk()
    d.sent()
    t = d.task("K2", "A")
    assert (t["state"], t["evidence"], t["verdict"]) == ("filed", 1, "pending"), t
    assert "cannot decide" in d("task", "sign-off", "K2", "--unit", "A", who="u", want=3)
    d("task", "sign-off", "K2", "--unit", "A", who="boss")
    t = d.task("K2", "A")
    assert (t["state"], t["verdict"], t["light"]) == ("done", "met", ""), t
    assert "boss signed off" in d.sent(want=3)
    assert d.task("K2", "B")["state"] == "open"


@test("a return says why, and is answered with further evidence")
def _():
    d = Desk()
    d("task", "return", "K2", "--unit", "A", "--cause", "x", who="boss", want=3)
    d.sent()
    d("task", "return", "K2", "--unit", "A", who="boss", want=2)
    d("task", "return", "K2", "--unit", "A", "--cause", "缺盖章", who="boss")
    assert d.task("K2", "A")["reason"] == "缺盖章"
    d.sent()
    d("task", "sign-off", "K2", "--unit", "A", who="boss")
    assert d.task("K2", "A")["evidence"] == 2


@test("an extension is asked for with a reason, decided by another, and moves the light alone")
def _():
    d = Desk()
    ask = ("task", "extend", "K1", "--unit", "R", "--cause", "修法")
    d(*ask, "--until", "2019-01-01", who="u", want=3)
    d("task", "grant", "K1", "--unit", "R", who="boss", want=3)
    d(*ask, "--until", "2199-01-01", who="u")
    d("task", "grant", "K1", "--unit", "R", who="u", want=3)
    d("task", "refuse", "K1", "--unit", "R", "--cause", "不充分", who="boss")
    assert d.task("K1", "R")["light"] == "red"
    d(*ask, "--until", "2199-01-01", who="u")
    d("task", "grant", "K1", "--unit", "R", who="boss")
    t = d.task("K1", "R")
    assert (t["light"], t["extended"], t["verdict"]) == ("green", "2199-01-01", "missed"), t


@test("two people on one task; stages want their part; faulty evidence")
def _():
    d = Desk()
    d.sent()
    seen = d.task("K2", "A")["seen"]
    d.sent("--seen", str(seen), who="v")
    assert "v did something" in d.sent("--seen", str(seen), who="w", want=3)
    d("task", "sign-off", "K2", "--unit", "A", who="v", want=3)
    assert "several times" in d.sent(id_="K3", want=3)
    d.sent("--part", "认定", id_="K3")
    d("task", "sign-off", "K3", "--unit", "R", "--part", "认定", who="boss")
    assert d.task("K3", "R", "认定")["verdict"] == "met"
    d("task", "file", "K2", d.file, "--unit", "B", "--day", "2199-01-01", who="u", want=3)
    d("task", "file", "K2", d.dir / "none", "--unit", "B", "--day", "2020-01-01", who="u", want=3)
    (d.dir / "empty.txt").write_text("", "utf-8")
    d("task", "file", "K2", d.dir / "empty.txt", "--unit", "B", "--day", "2020-01-01", who="u",
      want=3)
    assert d.task("K2", "B")["state"] == "open"


@test("a co-owner sees the task and contributes; the owner files, and another signs off")
def _():
    d = Desk()

    def part(unit, of, who, want=0, id_="K4"):
        return d("task", "contribute", id_, d.file, "--unit", unit, "--of", of, "--day",
                 "2020-05-01", who=who, want=want)
    seen = [(t["task"], t["unit"], t["role"]) for t in d("task", "list", who="s", fmt="json")]
    assert seen == [("K4", "A", "co-owner")], seen
    assert {t["role"] for t in d("task", "list", "--unit", "A", fmt="json")} == {"owner"}
    assert {(t["task"], t["unit"], t["role"]) for t in d("task", "list", "--unit", "R", fmt="json")
            if t["role"] == "co-owner"} == {("K4", "A", "co-owner"), ("K4", "B", "co-owner")}
    text = d("task", "list", who="s", lang="zh")
    assert "协办" in text and "校, 省, 乙厅" in text and "甲处" in text, text
    assert "co-owner" in part("A", "S", "s")
    assert "no co-owner" in part("A", "T", "t", want=3)
    said = d("task", "contribute", "K4", d.file, "--unit", "A", "--of", "T", "--day", "2020-05-01",
             who="t", lang="zh", want=3)
    assert "不是 K4（A）的协办单位" in said, said
    assert "task.contribute" in part("B", "T", "s", want=3)
    assert "no co-owner" in part("A", "S", "s", want=3, id_="K2")
    row = next(t for t in d("task", "list", "--unit", "A", fmt="json") if t["task"] == "K4")
    assert (row["state"], row["evidence"], row["contributed"], row["with"]) == (
        "open", 0, 1, ["校", "省", "乙厅"]), row
    d("task", "sign-off", "K4", "--unit", "A", who="boss", want=3)
    # Who has contributed for the tier above does not sign off.
    part("A", "R", "u")
    d("task", "file", "K4", d.file, "--unit", "A", "--day", "2020-05-02", who="w")
    assert "w filed evidence" in part("A", "S", "s", want=3)
    assert "contributed" in d("task", "sign-off", "K4", "--unit", "A", who="u", want=3)
    d("task", "sign-off", "K4", "--unit", "A", who="v")
    assert d.task("K4", "A")["verdict"] == "met"
    # Each sees his own document; who may read the owner's tasks sees all.
    docs = [(r["actor"], r["of"]) for r in d("evidence", "list", "--unit", "A", fmt="json")]
    assert docs == [("user/s", "S"), ("user/u", "R"), ("user/w", "")], docs
    assert [r["of"] for r in d("evidence", "list", who="s", fmt="json")] == ["S"]
    assert d("evidence", "list", who="t", fmt="json") == []
    assert "co-owner" in d("evidence", "list", who="s")


@test("evidence: listed and taken out by whoever may see the task; types and sizes are told")
def _():
    d = Desk()
    d.sent()
    row, = d("evidence", "list", fmt="json")
    assert d("evidence", "list", "--unit", "B", fmt="json") == []
    assert "task.read" in d("evidence", "list", "--unit", "B", who="w", want=3)
    assert (row["unit"], row["task"], row["document"]) == ("A", "K2", "plan.txt"), row
    assert row["type"] == "text" and row["size"] == len("方案全文\n".encode()), row
    assert not row["signed"] and not row["missing"] and row["actor"] == "user/u", row
    out = d.dir / "out.txt"
    assert row["hash"][:12] in d("evidence", "get", row["hash"][:10], "--to", out)
    assert out.read_bytes() == d.file.read_bytes()
    assert "cannot be made anew" in d("evidence", "get", row["hash"], "--to", out, want=3)
    assert "evidence list" in d("evidence", "get", "ff" * 32, "--to", d.dir / "x", want=3)
    assert "标识" in d("evidence", "list", lang="zh")
    for who in ("aud", "sys"):
        assert "task.read" in d("evidence", "list", who=who, want=3)
        assert "task.read" in d("evidence", "get", row["hash"], "--to", d.dir / "x",
                                       who=who, want=3)
    d.file.write_bytes(b"\x00\x01not a document")
    said = d.sent(want=3)
    assert "of no type that is accepted" in said and "pdf" in said, said
    d.file.write_bytes(b"")
    assert "of no type" in d.sent(want=3)
    with open(d.file, "wb") as f:
        f.truncate((64 << 20) + 1)
    said = d.sent(want=3)
    assert "67108864" in said, said
    kept = next(Path(f"{d.b.book}.files").glob("??/*"))
    kept.write_text("anderes\n", "utf-8")
    assert "was changed" in d("evidence", "get", row["hash"], "--to", d.dir / "y", want=4)
    kept.unlink()
    assert d("evidence", "list", fmt="json")[0]["missing"]
    assert "missing" in d("evidence", "list")


if __name__ == "__main__":
    main()
