#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""plan adopt, list and get: tried, refused, adopted; a book that keeps its plan, earlier commits by
the plan of then, verdicts followed across an adoption. Prints TAP."""
import json
import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import TIZHI, Town, run  # noqa: E402
from tap import main, test  # noqa: E402

SCHOOL = """计划 p { 年度 2024 至 2026 }
层级 省 > 县 > 学校
对象 学校 属于 县 { 数据 学生 : 人 每年 小数 0  数据 食堂 : 个 每年 小数 0 }
报表 F1 基本 { 对象 学校 每年 项 学生 截止 10-15 }
"""
GOAL = "目标 T1 规模 { 每年 每个 学校 学生 不低于 %d人 }\n"
PLAN = SCHOOL + GOAL % 55
NEXT = SCHOOL + GOAL % 65
UNITS = """code,name,kind,parent
R,省,省,
D,县,县,R
S1,一小,学校,D
S2,二小,学校,D
"""
FACTS = """unit,item,period,value,recorded,source
S1,学生,2024,60,2025-01-05,t
S2,学生,2024,50,2025-01-05,t
"""
PEOPLE = {"issuer": ["issuer R internal"], "lead": ["leader R internal"],
          "dist": ["issuer D internal"], "u1": ["filler S1 internal"]}
TOWN = Town(PLAN, UNITS, PEOPLE)


def begun():
    return TOWN.copy(facts=FACTS)


def pack(b, text, name="next"):
    folder = b.dir / name
    folder.mkdir(exist_ok=True)
    (folder / "b.plan").write_text(text, "utf-8")
    return folder


def bare(b, *args, who, want=0, fmt=None):
    """Without --pack."""
    more = ["--format", fmt] if fmt else []
    status, out, err = run(*args, "--book", b.book, "--session", b.dir / f"{who}.session", "--lang",
                           "en", *more, home=b.dir / "state")
    assert status == want, f"exit {status}, not {want}: {args}: {out}{err}"
    return json.loads(out) if fmt == "json" and out else out + err


def shown(terminal):
    """All that is written to it, until nobody writes to it any more."""
    with os.fdopen(terminal, "rb", buffering=0) as f:
        said = b""
        try:
            while more := f.read(4096):
                said += more
        except OSError:
            pass  # so a terminal says that it is closed
    return said.decode()


def states(b, *args):
    found = b("eval", "--target", "T1", "--year", "2024", *args, who="lead", fmt="json")
    return {v["unit"]: v["state"] for v in found["verdicts"] if v["unit"][0] == "S"}


@test("a trial says what differs, what it means and what it does; nothing is kept")
def _():
    b = begun()
    next_ = pack(b, NEXT)
    got = b("plan", "adopt", next_, "--dry-run", "--effect", who="issuer", fmt="json")
    assert got["adoptable"] and got["commit"] == 0, got
    assert [(c["id"], c["from"], c["to"]) for c in got["changes"]] == [
        ("T1", "55 persons", "65 persons")], got
    assert got["effect"]["moves"] == [{"from": "met", "to": "missed", "n": 1}], got["effect"]
    text = b("plan", "adopt", next_, "--dry-run", "--effect", who="issuer")
    assert "1 would change" in text and "met → missed 1" in text and "not adopted" in text, text
    ours, theirs = pty.openpty()  # on a terminal it says how far it is, and takes it away
    args = ("plan", "adopt", next_, "--dry-run", "--effect", "--book", b.book, "--pack", b.pack,
            "--session", b.dir / "issuer.session", "--lang", "zh")
    with subprocess.Popen([TIZHI, *args], stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs
                          ) as p:
        os.close(theirs)
        seen = shown(ours)
    assert p.returncode == 0, seen
    assert "已读账本 " in seen and "已判定 2 / 2 项承诺" in seen, seen
    assert seen.endswith("\r\x1b[K"), seen
    assert "that of --pack holds" in b("plan", "list", who="lead")
    assert "say why" in b("plan", "adopt", next_, who="issuer", want=3)
    for who in ("lead", "dist", "u1"):
        b("plan", "adopt", next_, "--dry-run", who=who, want=3)
    broken = b("plan", "adopt", pack(b, "目标 {", "broken"), "--dry-run", who="issuer", want=3)
    assert "b.plan:1" in broken, broken


@test("what would be lost is refused with all reasons")
def _():
    b = begun()
    less = SCHOOL.replace("数据 学生 : 人 每年 小数 0", "").replace("项 学生", "项 食堂")
    got = b("plan", "adopt", pack(b, less), "--cause", "x", who="issuer", want=1)
    assert "item 学校.学生 is gone" in got and "Leave it in the pack" in got, got
    assert "not adopted" in got
    zh = b("plan", "adopt", b.dir / "next", "--cause", "x", who="issuer", want=1, lang="zh")
    assert "不能采用：数据项“学校.学生”已删去" in zh, zh
    # What nobody has used may go.
    b("plan", "adopt", pack(b, PLAN.replace("数据 食堂 : 个 每年 小数 0", "")), "--cause", "x",
      who="issuer")


@test("adopted, the book keeps its plan; earlier commits are judged by the plan of then")
def _():
    b = begun()
    before = b("book", "status", who="issuer", fmt="json")["commits"]
    assert states(b) == {"S1": "met", "S2": "missed"}
    got = b("plan", "adopt", pack(b, NEXT), "--cause", "教育厅通知", "--document",
            "内教〔2025〕1号", who="issuer", fmt="json")
    assert got["commit"] == before + 1, got
    assert states(b) == {"S1": "missed", "S2": "missed"}  # --pack names the plan before
    assert states(b, "--commit", before) == {"S1": "met", "S2": "missed"}
    assert states(b, "--commit", before + 1) == {"S1": "missed", "S2": "missed"}
    assert bare(b, "book", "status", who="issuer", fmt="json")["commits"] == before + 1
    all_ = bare(b, "plan", "list", who="lead", fmt="json")["versions"]
    assert [(v["commit"], v["in_force"]) for v in all_] == [(0, False), (before + 1, True)], all_
    assert all_[1]["by"] == "user/issuer" and all_[1]["seat"] == "r.issuer.issuer", all_
    assert "内教〔2025〕1号" in bare(b, "plan", "list", who="lead")
    bare(b, "plan", "get", "--out", b.dir / "got", who="lead")
    assert (b.dir / "got" / "b.plan").read_text("utf-8") == NEXT
    bare(b, "plan", "get", "--out", b.dir / "got", who="lead", want=3)
    bare(b, "plan", "get", "--out", b.dir / "old", "--digest", all_[0]["digest"], who="lead")
    assert [p.read_text("utf-8") for p in (b.dir / "old").iterdir()] == [PLAN]
    said = b("book", "status", "--pack", pack(b, SCHOOL, "other"), who="issuer", want=3)
    assert "no plan of this book" in said and "tizhi plan get" in said, said
    again = b("plan", "adopt", b.dir / "next", "--cause", "x", who="issuer", want=3)
    assert "in force already" in again, again
    assert "plan.adopt" in b("audit", "log", who="aud"), "the log"
    b("audit", "verify", who="aud")
    status, out, err = run("book", "status", "--book", TOWN.book, "--lang", "en", "--session",
                           TOWN.dir / "issuer.session", home=TOWN.dir / "state")
    assert status == 2 and "--pack DIR" in err, err


@test("who follows the book goes over to the plan adopted, and hears what it changed")
def _():
    b = begun()
    args = [TIZHI, "book", "follow", "--pack", b.pack, "--book", b.book, "--session",
            b.dir / "lead.session", "--format", "json"]
    follower = subprocess.Popen([str(a) for a in args], text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL,
                                env={"TIZHI_TEST_CHEAP_PASSWORDS": "1",
                                     "XDG_STATE_HOME": str(b.dir / "state")})
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(map(json.loads, follower.stdout)))
    reader.start()
    told = {}
    # He begins at the newest commit there is by then: to and fro until he has heard of two.
    for i in range(40):
        text, move = ((PLAN, ("missed", "met")), (NEXT, ("met", "missed")))[(i + 1) % 2]
        told[b("plan", "adopt", pack(b, text), "--cause", "x", who="issuer", fmt="json")[
            "commit"]] = move
        if len({x["commit"] for x in list(lines)}) > 1:
            break
    follower.kill()
    reader.join()
    moved = {x["commit"]: (x["from"]["state"], x["to"]["state"]) for x in lines
             if x["unit"] == "S1" and x["year"] == 2024}
    assert len(moved) > 1 and moved.items() <= told.items(), (moved, told)


sys.exit(main())
