#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""eval and explain on a book, and book follow: what counts, as of which day and commit, what is
pending, who stands behind a figure, and who may see it. Prints TAP."""
import json
import sqlite3
import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import TIZHI, Town, run  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 p { 年度 2024 至 2025 }
层级 省 > 市 > 县 > 学校
对象 学校 属于 县 {
  数据 学生 : 人 每年 小数 0 密级 内部
  数据 教师 : 人 每年 小数 0
}
报表 F1 学校基本情况 { 对象 学校 每年 项 学生, 教师  截止 10-15 }
目标 T1 规模 { 每年 全省 求和(学校.学生) 不低于 500人 }
目标 T2 教师 { 每年 每个 学校 教师 不低于 10人 }
"""
UNITS = """code,name,kind,parent
R,省,省,
C,市,市,R
D,县,县,C
E,邻县,县,C
S1,一小,学校,D
S2,二小,学校,E
"""
PEOPLE = {"issuer": ["issuer R internal"], "u1": ["filler S1 internal"],
          "u2": ["filler S2 internal"], "revd": ["reviewer D internal"],
          "revc": ["reviewer C internal"], "revr": ["reviewer R internal"],
          "insp": ["inspector D internal"], "gone": []}
TOWN = Town(PLAN, UNITS, PEOPLE)
DAY = datetime.now(timezone(timedelta(hours=8))).date()  # recorded days are those of UTC+8
TODAY = DAY.isoformat()
FACTS = """unit,item,period,value,recorded,source
S1,学生,2024,300,2024-11-01,年报
S2,学生,2024,150,2024-11-02,年报
S2,学生,2024,250,2025-03-01,年报
S1,教师,2024,20,2024-11-01,年报
S2,教师,2024,5,2024-11-02,年报
"""


def rows(b, *args, who="revr", want=0):
    found = b("eval", *args, who=who, fmt="json", want=want)
    return {(v["target"], v["unit"], v["year"]): v for v in found["verdicts"]}


def states(b, *args, **kw):
    return {k: v["state"] for k, v in rows(b, *args, **kw).items()}


def commits(b):
    return b("book", "status", who="issuer", fmt="json")["commits"]


def reported(b, students="900"):
    """A round in which S1 has submitted for 2025; the number of the last commit."""
    b("round", "open", "R1", "--form", "F1", "--period", "2025", "--due", "2199-01-01",
      "--minutes", "3", who="issuer")
    form = b.dir / "form.csv"
    form.write_text(f"item,value\n学生,{students}\n教师,30\n", "utf-8")
    b("report", "save", "R1", form, "--unit", "S1", who="u1")
    b("report", "submit", "R1", "--unit", "S1", who="u1")
    return commits(b)


@test("a book is judged like the tables it was made from")
def _():
    b = TOWN.copy(facts=FACTS)
    on_book = b("eval", who="revr", fmt="json")
    done = run("eval", "--pack", b.pack, "--format", "json", "--lang", "en")
    assert json.loads(done[1]) == on_book
    day = ("--as-of", "2025-02-01")
    on_book = b("eval", *day, who="revr", fmt="json")
    assert json.loads(run("eval", "--pack", b.pack, *day, "--format", "json")[1]) == on_book
    assert rows(b, *day)["T1", "R", 2024]["value"] == 450
    assert rows(b)["T1", "R", 2024]["value"] == 550
    assert rows(b, "--target", "T2", "--unit", "S2").keys() == {("T2", "S2", 2024),
                                                                ("T2", "S2", 2025)}


@test("as of a commit: its first commits, and nothing of the later ones")
def _():
    b = TOWN.copy(facts=FACTS)
    before, n = states(b), commits(b)
    last = reported(b)
    for who, tier in (("revd", "D"), ("revc", "C"), ("revr", "R")):
        b("review", "approve", "R1", "--unit", "S1", "--at", tier, who=who)
    after = states(b)
    assert after["T1", "R", 2025] != before["T1", "R", 2025] or after != before
    assert states(b, "--commit", str(n)) == before == states(b, "--commit", str(last))
    assert states(b, "--commit", "999999") == after
    assert "commit" in b("eval", "--commit", "none", who="revr", want=2)


@test("pending: what waits counts, and no more once it is returned")
def _():
    b = TOWN.copy(facts=FACTS)
    before = states(b)
    n = reported(b)
    assert states(b) == before == states(b, "--commit", str(n - 1), "--pending")
    pending = rows(b, "--pending")
    assert pending["T2", "S1", 2025]["value"] == 1 or pending["T2", "S1", 2025]["state"] == "met"
    assert pending["T1", "R", 2025]["lo"] == 900
    yesterday = (DAY - timedelta(1)).isoformat()
    assert states(b, "--pending", "--as-of", yesterday) == states(b, "--as-of", yesterday)
    b("review", "return", "R1", "--unit", "S1", "--cell", "学生=太多", who="revd")
    assert states(b, "--pending") == before
    assert rows(b, "--pending", "--commit", str(n)) == pending


@test("a figure is explained down to the commit, the person, the moment and the round")
def _():
    b = TOWN.copy(facts=FACTS)
    n = reported(b)
    text = b("explain", "T1", "--year", "2025", "--pending", who="revr")
    assert f"commit {n}: report.submit by user/u1 (name of u1) at {TODAY}" in text, text
    assert "R1" in text and "900" in text, text
    chinese = b("explain", "T1", "--year", "2025", "--pending", who="revr", lang="zh")
    assert f"第 {n} 次提交：user/u1（name of u1） 于 {TODAY}" in chinese, chinese
    assert "facts.load by user/issuer" in b("explain", "T1", "--year", "2024", who="revr")
    found = b("explain", "T1", "--year", "2024", who="revr", fmt="json")
    assert "commit " in json.dumps(found), found


@test("everybody sees the verdicts that are theirs to read, and single facts only with that right")
def _():
    b = TOWN.copy(facts=FACTS)
    units = {u for _, u, _ in states(b, who="insp")}
    assert units == {"D", "S1"}, units
    assert {u for _, u, _ in states(b, who="u1")} == {"S1", "D", "C", "R"}, states(b, who="u1")
    assert "to read" in b("eval", "--unit", "S2", who="u1", want=3)
    assert "logged in" in run("eval", "--pack", b.pack, "--book", b.book, "--lang", "en",
                              home=b.dir / "nobody")[2]
    text = b("explain", "T1", "--year", "2024", who="u1")
    assert "300" in text and "250" not in text and "not for you to see" in text, text
    b("eval", who="sys", want=3)


@test("--book stands in place of --data")
def _():
    b = TOWN.copy()
    assert "not both" in b("eval", "--data", b.pack, who="revr", want=2)
    status, _, err = run("eval", "--pack", b.pack, "--pending", "--lang", "en")
    assert status == 2 and "--book" in err, err
    assert run("eval", "--pack", b.pack, "--book", b.dir / "none", "--lang", "zh")[0] in (3, 4)


def follow(b, until, *args, who="revr"):
    """Lines of `book follow` that begins now; a function that waits for its end."""
    argv = [TIZHI, "book", "follow", "--book", b.book, "--pack", b.pack, "--session",
            b.dir / f"{who}.session", "--until", str(until), "--lang", "en", *args]
    p = subprocess.Popen([str(x) for x in argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         env={"TIZHI_TEST_CHEAP_PASSWORDS": "1",
                              "XDG_STATE_HOME": str(b.dir / "state")})
    out = []
    reader = threading.Thread(target=lambda: out.extend(p.communicate(timeout=300)))
    reader.start()

    def end():
        reader.join()
        assert p.returncode == 0, out
        return out[0].decode("utf-8").splitlines()
    return end


@test("book follow tells each verdict that changes, commit by commit")
def _():
    b = TOWN.copy(facts=FACTS)
    n = commits(b)
    ends = {"all": follow(b, n + 6, "--format", "json"),
            "pending": follow(b, n + 6, "--pending", "--format", "json"),
            "one": follow(b, n + 6, "--unit", "S1", "--format", "json"),
            "text": follow(b, n + 6)}
    reported(b)
    for who, tier in (("revd", "D"), ("revc", "C"), ("revr", "R")):
        b("review", "approve", "R1", "--unit", "S1", "--at", tier, who=who)
    last = commits(b)
    assert last == n + 6
    text = ends.pop("text")()
    told = {k: [json.loads(line) for line in end()] for k, end in ends.items()}
    # Followers begin at the newest commit there is by then: what they tell depends on that alone.
    for lines in told.values():
        assert [x["commit"] for x in lines] == sorted(x["commit"] for x in lines), lines
    ours = [x for x in told["all"] if x["commit"] == last]
    assert {(x["target"], x["unit"], x["year"]) for x in ours} >= {("T2", "S1", 2025)}, told
    t2 = next(x for x in ours if (x["target"], x["unit"]) == ("T2", "S1"))
    assert t2["to"]["state"] == rows(b)["T2", "S1", 2025]["state"], t2
    assert all(x["commit"] < last for x in told["pending"]), told["pending"]
    assert {x["unit"] for x in told["one"]} == {"S1"}, told["one"]
    assert any(line.startswith(f"{last}  T2") and " → " in line for line in text), text


@test("book follow ends when the seat is taken away in the middle")
def _():
    b = TOWN.copy(facts=FACTS)

    def change(n):
        (b.pack / "facts.csv").write_text(f"unit,item,period,value\nS1,教师,2024,{n}\n", "utf-8")
        b("book", "load", who="issuer")
    b("seat", "give", "old", "--role", "inspector", "--unit", "D", "--class", "internal",
      "--holder", "gone", who="sec")
    # A seat of yesterday is handed over today: only a tampered book has one in a test.
    with sqlite3.connect(b.book) as db:
        triggers = db.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall()
        for (trigger,) in triggers:
            db.execute(f"DROP TRIGGER {trigger}")
        n = db.execute("UPDATE parcel SET body=replace(body, ?, '2020-01-01')"
                       " WHERE unit='seat/old'", (TODAY,)).rowcount
    assert n == 1, n
    argv = [TIZHI, "book", "follow", "--book", b.book, "--pack", b.pack, "--session",
            b.dir / "gone.session", "--until", "9999", "--lang", "en"]
    p = subprocess.Popen([str(x) for x in argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         env={"TIZHI_TEST_CHEAP_PASSWORDS": "1",
                              "XDG_STATE_HOME": str(b.dir / "state")})
    first = []
    reader = threading.Thread(target=lambda: first.append(p.stdout.readline()))
    reader.start()
    n = 0
    while reader.is_alive():  # until it follows: it begins at the newest commit there is
        change(5 if n % 2 else 15)
        n += 1
    assert b"T2" in first[0], first
    b("seat", "hand", "old", "--holder", "insp", "--from", TODAY, "--pack", b.pack,
      who="sec")
    change(25 if n % 2 else 4)
    change(5 if n % 2 else 15)
    out, err = p.communicate(timeout=300)
    assert p.returncode == 3 and b"to read" in err, (p.returncode, out, err)


sys.exit(main())
