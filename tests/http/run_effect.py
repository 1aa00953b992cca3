#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The effect of a pack as a job, and how far an adopted plan is until it is in place, on a book
large enough to be seen at work. What is caught there is a matter of chance on a busy machine, so
each is tried until it is caught. Prints TAP."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town  # noqa: E402
from service import Service  # noqa: E402
from tap import main, test  # noqa: E402

SCHOOLS = 1500
ITEMS = 4
TRIES = 50
HEAD = "计划 p { 年度 2024 至 2026 }\n层级 省 > 县 > 学校\n对象 学校 属于 县 {\n"
PLAN = HEAD + "".join(f"  数据 甲{i} : 人 每年 小数 0\n" for i in range(ITEMS)) + "}\n" + "".join(
    f"目标 T{i} 目标{i} {{ 每年 每个 学校 甲{i % ITEMS} 不低于 {i}人 }}\n" for i in range(40))
NEXT = PLAN.replace("不低于 20人", "不低于 9999人")
UNITS = "code,name,kind,parent\nR,某省,省,\nD,甲县,县,R\n" + "".join(
    f"S{i},第{i}校,学校,D\n" for i in range(SCHOOLS))
FACTS = "unit,item,period,value,recorded,source\n" + "".join(
    f"S{s},甲{i},{year},50,2025-01-05,t\n"
    for s in range(SCHOOLS) for i in range(ITEMS) for year in (2023, 2024))
TOWN = Town(PLAN, UNITS, {"issuer": ["issuer R internal"]}, tables=(("facts.csv", FACTS),))
BODY = {"files": [{"name": "a.plan", "text": NEXT}]}


def begin(who):
    got = who.post("/plan/effect", BODY)
    assert got.status == 200, got.text
    return got.json


def ended(who):
    """The job when it is over, and what was seen of it meanwhile."""
    seen = []
    while (got := who.get("/plan/effect").json)["state"] == "running":
        seen.append((got["counted"], got["done"], got["of"]))
    return got, seen


@test("how far it is is told while it goes on, in what is counted, and never back")
def _():
    with Service(TOWN) as s:
        who = s.login("issuer")
        for _ in range(TRIES):
            begin(who)
            got, seen = ended(who)
            assert got["state"] == "done" and got["result"]["changed"] == SCHOOLS + 2, got["result"]
            assert (got["counted"], got["done"], got["of"]) == ("commitments", 40, 40), got
            order = ["", "book", "commitments"]
            steps = [(order.index(counted), done) for counted, done, of in seen]
            assert steps == sorted(steps), seen
            assert all(of == {"": 0, "book": 100, "commitments": 40}[c] for c, _, of in seen), seen
            if any(0 < done < of for _, done, of in seen):
                return
        raise AssertionError("it was never seen half done")


@test("one at a time; cancelled, it ends without a result, and another one begins")
def _():
    with Service(TOWN) as s:
        who = s.login("issuer")
        assert who.delete("/plan/effect").json["state"] == "none"
        refused = cancelled = False
        for _ in range(TRIES):
            begin(who)
            refused = refused or who.post("/plan/effect", BODY).status == 409
            assert who.delete("/plan/effect").json["state"] in ("running", "cancelled", "done")
            got, _ = ended(who)
            cancelled = got["state"] == "cancelled"
            assert got["state"] in ("cancelled", "done"), got
            if refused and cancelled:
                break
        assert refused and cancelled and got["result"] is None and got["ended"], got
        begin(who)
        got, _ = ended(who)
        assert got["state"] == "done" and got["result"]["changed"] == SCHOOLS + 2, got
        assert who.post("/plan/effect", {"files": [{"name": "a.plan", "text": "目标 {"}]}
                        ).json["findings"][0]["about"] == "a.plan:1"
        assert who.get("/plan/effect").json["result"] == got["result"]  # nothing began


@test("adopted, it is told how far the new plan is until it is in place")
def _():
    with Service(TOWN.copy()) as s:
        who = s.login("issuer")
        caught = False
        for k in range(TRIES):
            body = {"files": [{"name": "a.plan", "text": NEXT.replace("9999", str(9000 + k))}]}
            tried = who.post("/plan/packs", body).json
            words = {"seen": tried["seen"], "in_force": tried["in_force"], "reason": "r"}
            done = who.post("/plan/adopt", body | words).json
            seen = []
            while (plan := who.get("/plan").json)["digest"] != done["digest"]:
                seen += [plan["coming"]] if plan["coming"] else []
            assert plan["adopted"] == done["commit"], plan
            assert {x["commit"] for x in seen} <= {done["commit"]}, seen
            caught = caught or any(0 < x["done"] < x["of"] for x in seen)
            if caught:
                break
        assert caught
        while who.get("/plan").json["coming"]:  # it is in place
            pass


@test("a service that is stopped while it goes over stops at once, and goes over when it starts")
def _():
    book = TOWN.copy()
    with Service(book) as s:
        who = s.login("issuer")
        tried = who.post("/plan/packs", BODY).json
        words = {"seen": tried["seen"], "in_force": tried["in_force"], "reason": "r"}
        done = who.post("/plan/adopt", BODY | words).json
    assert not any("cancelled" in line for line in s.said), s.said
    with Service(book) as s:
        assert s.login("issuer").get("/plan").json["digest"] == done["digest"]


sys.exit(main())
