#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a client has is not sent again, and never when it is no longer right: names of answers
(ETag) by the commits that changed their verdicts, by rights, language and plan. Prints TAP."""
import datetime
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town  # noqa: E402
from service import Service  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 t { 名称 "试" 印发 2024-01-01 年度 2024 至 2026 }
层级 省 > 县 > 学校
条款 A 附件1
对象 学校 属于 县 { 数据 学生 : 人 每年 小数 0  数据 教师 : 人 每年 小数 0 }
指标 A.1 学生 { 依据 附件1 计算 求和(学校.学生) 目标 每年 每个 县 不低于 100人 }
目标 A.2 教师 { 依据 附件1 每年 每个 学校 教师 不低于 5人 }
"""
UNITS = """code,name,kind,parent
R,某省,省,
D,甲县,县,R
E,乙县,县,R
S1,一校,学校,D
S2,二校,学校,D
T1,三校,学校,E
"""
TOWN = Town(PLAN, UNITS, {"issuer": ["issuer R internal"], "d": ["leader D internal"],
                          "other": ["leader D internal"]})
SERVICE = Service(TOWN)
SERVICE.__enter__()
ISSUER, D, OTHER = (SERVICE.login(x) for x in ("issuer", "d", "other"))
CHINA = datetime.timezone(datetime.timedelta(hours=8))
YEAR = "year=2024"
QUESTIONS = ["/verdicts", "/verdicts?unit=D", "/verdicts?under=D", "/verdicts?target=A.1",
             "/verdicts?target=A.2&under=E", "/verdicts?under=E", "/units/R/overview",
             "/units/D/overview", "/units/E/overview", "/units/R/overview/below",
             f"/commitments/A.1/units/D?{YEAR}", f"/commitments/A.2/units/R/children?{YEAR}",
             f"/commitments/A.1/units/R/children?{YEAR}"]
BELOW = {"R": {"R", "D", "E", "S1", "S2", "T1"}, "D": {"D", "S1", "S2"}, "E": {"E", "T1"}}


def load(unit, item, n):
    (TOWN.pack / "facts.csv").write_text(
        "unit,item,period,value,recorded,source,grade\n"
        f"{unit},学校.{item},2024,{n},2025-01-05,t,A\n", "utf-8")
    TOWN("book", "load", who="issuer")
    seq = int(TOWN("book", "status", who="issuer", fmt="json")["commits"])
    assert ISSUER.get(f"/units/R/overview?since={seq}").status == 200


def ask(path, tag=None, who=ISSUER, **headers):
    more = {k.replace("_", "-"): v for k, v in headers.items()}
    got = who.get(path, headers=more | ({"If-None-Match": tag} if tag else {}))
    assert got.status in (200, 304), f"{path}: {got.status} {got.text}"
    assert got.status == 200 or got.text == ""
    return got


def without_commit(answer):
    return {k: v for k, v in answer.items() if k != "commit"}


@test("whoever has the answer is told so, and the name stays while nothing changes")
def _():
    load("S1", "学生", 30)
    for path in QUESTIONS:
        first = ask(path)
        tag = first.headers["ETag"]
        again = ask(path, tag)
        assert again.status == 304 and again.headers["ETag"] == tag, (path, again.status)
        assert ask(path).headers["ETag"] == tag
        assert ask(path, 'W/"0", ' + tag).status == 304
        assert ask(path, '"0"').status == 200


@test("after each commit: what has changed is sent, and what is not sent has not changed")
def _():
    sent = kept = 0
    for unit, item, n in (("S1", "学生", 70), ("T1", "学生", 5), ("S2", "教师", 9),
                          ("T1", "教师", 1), ("S2", "学生", 60), ("S1", "教师", 7),
                          ("T1", "学生", 500)):
        before = {path: ask(path) for path in QUESTIONS}
        load(unit, item, n)
        for path in QUESTIONS:
            got = ask(path, before[path].headers["ETag"])
            if got.status == 304:
                kept += 1
                now = ask(path).json
                assert without_commit(now) == without_commit(before[path].json), (path, unit, item)
            else:
                sent += 1
    assert kept > 20 and sent > 30, (kept, sent)


@test("another county's figures leave the answers of a county alone")
def _():
    paths = ("/verdicts?unit=D", "/verdicts?under=D", "/units/D/overview",
             f"/commitments/A.1/units/D?{YEAR}")
    tags = {path: ask(path).headers["ETag"] for path in paths}
    load("T1", "学生", 77)
    load("T1", "教师", 77)
    for path in paths:
        assert ask(path, tags[path]).status == 304, path
    load("S1", "学生", 77)
    for path in paths:
        assert ask(path, tags[path]).status == 200, path


@test("each user, language, question and form has its own")
def _():
    tags = [ask("/units/D/overview", who=who).headers["ETag"] for who in (ISSUER, D, OTHER)]
    tags.append(ask("/units/D/overview", Accept_Language="zh").headers["ETag"])
    tags += [ask(path).headers["ETag"] for path in QUESTIONS]
    tags += [ask(f"/verdicts?format={form}").headers["ETag"] for form in ("csv", "xlsx")]
    assert len(set(tags)) == len(tags) - 1, tags  # D's overview for the issuer is there twice


@test("what one may read no more is not confirmed either")
def _():
    tag = ask("/units/D/overview", who=D).headers["ETag"]
    assert ask("/units/D/overview", tag, who=D).status == 304
    yesterday = datetime.datetime.now(CHINA).date() - datetime.timedelta(days=1)
    TOWN("seat", "end", "d.leader.d", "--to", yesterday, who="sec")
    assert D.get("/units/D/overview", headers={"If-None-Match": tag}).status == 403


@test("with other people or units an answer has another name, though it be the same")
def _():
    tag = ask("/units/D/overview").headers["ETag"]
    TOWN.user("new", "leader E internal")
    assert ask("/units/D/overview", tag).status == 200


SERVICE.stop()
sys.exit(main())
