#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Questions over HTTP: a private look, asked, replied to, decided; who sees which. What is answered
is what the command line shows to the same person. Prints TAP."""
import sqlite3
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town  # noqa: E402
from service import Listener, Service, part  # noqa: E402
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
PEOPLE = {"fill": ["filler S00 sealed"], "fill3": ["filler S03 sealed"],
          "fill4": ["filler S04 sealed"], "rev4": ["reviewer S04 sealed"],
          "county": ["reviewer D sealed"], "county2": ["reviewer D sealed"],
          "other": ["reviewer E sealed"], "issuer": ["issuer R internal"]}
TOWN = Town(PLAN, UNITS, PEOPLE, (("facts.csv", FACTS),))
BYTES = {"X-Tizhi": "1", "Content-Type": "application/octet-stream"}


class Desk:
    def __enter__(self):
        self.b = TOWN.copy()
        self.s = Service(self.b)
        self.s.__enter__()
        self.who = {}
        return self

    def __exit__(self, *_):
        self.s.stop()

    def ask(self, who, method, path, body=None, want=200, **more):
        if who not in self.who:
            self.who[who] = self.s.login(who)
        answer = self.who[who].ask(method, "/api/v1" + path, body=body, **more)
        assert answer.status == want, f"{method} {path} as {who}: {answer.status} {answer.text}"
        return answer.json

    def run(self, who="issuer", **body):
        """A run until it is over: it is asked until then, without a sleep."""
        self.ask(who, "POST", "/question-run", body)
        query = f"?unit={body['unit']}" if "unit" in body else ""
        while (got := self.ask(who, "GET", "/question-run" + query))["state"] == "running":
            pass
        assert got["state"] == "done" and got["done"] == got["of"] and got["by"] == who, got
        return got["result"]

    def list(self, who="county", query=""):
        return {q["unit"]: q for q in self.ask(who, "GET", "/questions" + query)["questions"]}


def named(q):
    """What the service tells besides: who they are that the question names."""
    def name(actor):
        return actor.replace("user/", "name of ")
    return {"actor_name": name(q["actor"]), "replied_name": name(q["replied_by"])}


@test("questions are asked and listed as the command line does")
def _():
    with Desk() as d:
        assert d.run() == {"asked": 2, "again": 0, "settled": 0, "left": 0}
        assert d.run()["left"] == 2
        for who in ("county", "fill3", "fill4", "issuer"):
            want = d.b("question", "list", who=who, fmt="json")
            got = d.ask(who, "GET", "/questions")["questions"]
            assert got == [q | named(q) for q in want], (who, got, want)
            for q in want:
                assert d.ask(who, "GET", f"/questions/{part(q['question'])}") == q | named(q)
        for method in ("GET", "POST", "DELETE"):
            d.ask("fill", method, "/question-run", {} if method == "POST" else None, 403)
        d.ask("issuer", "POST", "/question-run", {"unit": "X"}, 404)
        d.ask("county", "GET", "/questions?unit=E", want=403)
        d.ask("county", "GET", "/questions/none-", want=404)


@test("a run is of a unit: what was begun for others is not told, and a second one has to wait")
def _():
    with Desk() as d:
        assert d.run(unit="E")["asked"] == 0
        assert d.ask("issuer", "GET", "/question-run")["unit"] == "E"
        assert d.ask("issuer", "GET", "/question-run?unit=D")["state"] == "none"
        with sqlite3.connect(d.b.book, timeout=30) as db:
            db.execute("BEGIN IMMEDIATE")  # so that it waits with what it has found
            d.ask("issuer", "POST", "/question-run", {"unit": "D"})
            d.ask("issuer", "POST", "/question-run", {"unit": "E"}, 409)
            assert d.ask("issuer", "DELETE", "/question-run?unit=E")["state"] == "none"
            assert d.ask("issuer", "GET", "/question-run?unit=D")["state"] == "running"
            db.rollback()
        while (got := d.ask("issuer", "GET", "/question-run?unit=D"))["state"] == "running":
            pass
        assert got["state"] == "done" and got["result"]["asked"] == 2, got
        d.ask("issuer", "DELETE", "/question-run")  # it is over
        assert d.ask("issuer", "GET", "/question-run")["result"] == got["result"]


@test("a reply, asked again, accepted by another; who looked at an older state is told")
def _():
    with Desk() as d:
        d.run()
        q = d.list()["S03"]
        path = "/questions/" + part(q["question"])
        d.ask("county", "POST", path + "/reply", {"text": "x", "seen": q["seen"]}, 403)
        said = d.ask("fill3", "POST", path + "/reply", {"text": "并校", "seen": q["seen"]})
        assert (said["state"], said["reply"], said["replied_by"]) == ("replied", "并校",
                                                                      "user/fill3"), said
        d.ask("county", "POST", path + "/accept", {"seen": q["seen"]}, 409)
        d.ask("county", "GET", path + "/evidence", want=404)
        again = d.ask("county", "POST", path + "/again", {"text": "哪所？", "seen": said["seen"]})
        assert (again["state"], again["reason"]) == ("again", "哪所？"), again
        more = d.ask("fill3", "POST", f"{path}/evidence?name=a.txt&text={part('见附件')}"
                     f"&seen={again['seen']}", b"paper\n", headers=BYTES)
        assert more["file"] and more["reply"] == "见附件", more
        for who in ("fill3", "county"):
            paper = d.who[who].get(path + "/evidence")
            assert paper.bytes == b"paper\n" and ".text" in paper.headers["Content-Disposition"]
        d.ask("other", "GET", path + "/evidence", want=404)
        done = d.ask("county", "POST", path + "/accept", {"seen": more["seen"]})
        assert done["state"] == "accepted" and "S03" not in d.list()
        assert d.list(query="?all=yes")["S03"]["state"] == "accepted"
        counts = d.ask("issuer", "GET", "/question-counts")["kinds"]
        want = d.b("question", "stats", who="issuer", fmt="json")
        assert counts == want, (counts, want)


@test("what becomes of a question is told to both sides, and to nobody else")
def _():
    with Desk() as d:
        d.run()
        q = d.list()["S03"]
        path = f"/questions/{part(q['question'])}"
        first = d.ask("other", "GET", "/health")["commit"]
        streams = {}
        for user in ("fill3", "county"):
            d.ask(user, "GET", "/session")
            streams[user] = Listener(d.who[user])
            assert streams[user].next()[0] == "ready"
        seq = d.ask("fill3", "POST", f"{path}/reply", {"seen": q["seen"], "text": "转入"})["seen"]
        for user in ("fill3", "county"):
            name, number, says = streams[user].next()
            assert (name, number, says["units"]) == ("queue", seq, ["S03"]), (user, name, says)
        d.ask("county", "POST", f"{path}/accept", {"seen": seq})
        assert streams["fill3"].next()[2]["units"] == ["S03"]
        for s in streams.values():
            s.close()
        beside = d.who["other"].get(f"/events?once=yes&since={first}").text
        assert "S03" not in beside, beside


@test("questions on sealed figures stay in the unit, with their decision")
def _():
    with Desk() as d:
        d.run()
        q = d.list("fill4")["S04"]
        assert "S04" not in d.list() and "S04" not in d.list("issuer")
        path = "/questions/" + part(q["question"])
        d.ask("county", "GET", path, want=404)
        said = d.ask("fill4", "POST", path + "/reply", {"text": "补录", "seen": q["seen"]})
        d.ask("county", "POST", path + "/accept", {"seen": said["seen"]}, 404)
        done = d.ask("rev4", "POST", path + "/accept", {"seen": said["seen"]})
        assert done["state"] == "accepted", done


@test("a private look shows a draft unlike the others, and records nothing")
def _():
    with Desk() as d:
        d.b("round", "open", "R1", "--form", "F1", "--period", "2025", "--due", "2199-01-01",
            "--minutes", "2", "--only", "S00", who="issuer")
        (d.b.dir / "form.csv").write_text("item,value,explain\n学生,0,\n", "utf-8")
        d.b("report", "save", "R1", d.b.dir / "form.csv", "--unit", "S00", who="fill")
        args = ("--unit", "S00", "--round", "R1")
        want = d.b("inspect", *args, who="fill", fmt="json")
        got = d.ask("fill", "GET", "/inspection?unit=S00&round=R1")
        assert got == want and got["questions"], (got, want)
        assert d.ask("fill", "GET", "/inspection?unit=S00")["questions"] == []
        d.ask("fill", "GET", "/inspection?round=R1", want=400)
        d.ask("fill", "GET", "/inspection?unit=S03", want=403)
        assert d.list("fill") == {}


@test("of two who decide at once one is recorded, and the other is told")
def _():
    with Desk() as d:
        d.run()
        q = d.list()["S03"]
        path = "/questions/" + part(q["question"])
        said = d.ask("fill3", "POST", path + "/reply", {"text": "并校", "seen": q["seen"]})
        d.list("county2")
        got = []

        def decide(who, act):
            body = {"seen": said["seen"], "text": "还有吗"}
            got.append(d.who[who].ask("POST", f"/api/v1{path}/{act}", body=body).status)
        pair = [threading.Thread(target=decide, args=x)
                for x in (("county", "accept"), ("county2", "again"))]
        for x in pair:
            x.start()
        for x in pair:
            x.join()
        assert sorted(got) == [200, 409], got


sys.exit(main())
