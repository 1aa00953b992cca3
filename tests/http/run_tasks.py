#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tasks and their evidence over HTTP: filed, contributed to, returned, signed off, extended; what
is signed off is judged as met; documents go out as they came in, to whoever may see them. Prints
TAP."""
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town  # noqa: E402
from service import Service, part  # noqa: E402
from tap import main, test  # noqa: E402

# Years far apart, so that the day of the run does not matter.
PLAN = """计划 p { 年度 2020 至 2069 }
层级 省 > 县 > 校
条款 A 附件1
任务 K1 办学标准 { 依据 附件1 于 2020年 交付 "标准" 责任 "基教处" }
任务 K2 方案 { 依据 附件1 于 2069年 每个 县 交付 "方案" }
任务 K4 会议 { 依据 附件1 于 2069年 每个 县 开展 1次 责任 甲处 协办 校, 省, "乙厅" }
阶段 K3 实验区 { 认定 于 2067年 > 建成 于 2068年 }
"""
UNITS = "code,name,kind,parent\nR,省,省,\nA,甲,县,R\nB,乙,县,R\nS,一校,校,A\nT,二校,校,B\n"
PEOPLE = {
    "u": ["filler R internal", "filler A internal", "filler B internal", "reviewer R internal"],
    "v": ["filler A internal", "reviewer R internal"],
    "w": ["filler A internal"], "x": ["filler A internal"],
    "s": ["filler S internal"],
    "t": ["filler T internal"],
    "boss": ["reviewer R internal"],
}
TOWN = Town(PLAN, UNITS, PEOPLE)
BYTES = {"X-Tizhi": "1", "Content-Type": "application/octet-stream"}
TEXT = "方案全文\n".encode()


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
        return answer

    def tasks(self, who="boss", query=""):
        return self.ask(who, "GET", "/tasks" + query).json["tasks"]

    def task(self, id_, unit, who="boss", query=""):
        return self.ask(who, "GET", f"/tasks/{id_}/units/{unit}{query}").json

    def file(self, who, id_="K2", unit="A", query="day=2020-05-01", want=200, act="file",
             data=TEXT):
        return self.ask(who, "POST", f"/tasks/{id_}/units/{unit}/{act}?name=plan.txt&{query}", data,
                        want, headers=BYTES).json

    def do(self, who, act, id_="K2", unit="A", want=200, seen=None, **body):
        seen = self.task(id_, unit)["task"]["seen"] if seen is None else seen
        return self.ask(who, "POST", f"/tasks/{id_}/units/{unit}/{act}", {"seen": seen} | body,
                        want).json


@test("the list is that of the command line for the same person")
def _():
    with Desk() as d:
        for who in ("boss", "w", "s", "u"):
            want = d.b("task", "list", "--remind", "30", who=who, fmt="json")
            got = d.tasks(who)
            assert len(got) == len(want) > 0, (who, got, want)
            for a, b in zip(got, want):
                for key in b.keys():
                    assert a.get(key, "") == b[key], (who, key, a, b)
        assert [t["unit"] for t in d.tasks("boss", "?task=K2")] == ["A", "B"]
        assert [t["task"] for t in d.tasks("boss", "?light=red")] == ["K1"]
        assert {t["unit"] for t in d.tasks("w", "?unit=A")} == {"A"}
        assert d.tasks("boss", "?state=done") == []
        d.ask("w", "GET", "/tasks?unit=B", want=403)
        d.ask("boss", "GET", "/tasks?task=X", want=404)
        first = d.ask("boss", "GET", "/tasks?limit=3").json
        rest = d.ask("boss", "GET", f"/tasks?after={part(first['next'])}").json
        assert first["tasks"] + rest["tasks"] == d.tasks()
        assert "办学标准" in d.ask("boss", "GET", "/tasks?format=csv").text


@test("evidence counts once the tier above has signed it off, and the verdict follows")
def _():
    with Desk() as d:
        sent = d.file("w")
        assert (sent["state"], sent["evidence"], sent["verdict"]) == ("filed", 1, "pending"), sent
        page = d.task("K2", "A")
        assert page["deliverable"] == "方案" and page["clauses"] == ["A"], page
        (doc,) = page["documents"]
        assert (doc["document"], doc["day"], doc["signed"]) == ("plan.txt", "2020-05-01", False)
        assert [m["act"] for m in page["moments"]] == ["file"], page
        d.do("w", "sign-off", want=403)
        done = d.do("boss", "sign-off")
        assert done["state"] == "done", done
        commit = done["seen"]
        got = d.ask("boss", "GET", f"/commitments/K2/units/A?since={commit}").json
        assert {v["state"] for v in got["verdicts"]} == {"met"}, got
        assert d.tasks("boss", "?task=K2&unit=A")[0]["light"] == ""
        d.file("w", want=409)
        acts = [m["act"] for m in d.task("K2", "A")["moments"]]
        assert acts == ["file", "sign-off"], acts


@test("a return says why, and is answered with further evidence; who filed does not decide")
def _():
    with Desk() as d:
        d.do("boss", "return", reason="x", want=409)
        d.file("v")
        d.do("v", "sign-off", want=403)
        d.do("boss", "return", want=422)
        back = d.do("boss", "return", reason="缺盖章")
        assert (back["state"], back["reason"]) == ("returned", "缺盖章"), back
        again = d.file("v", data=b"more\n")
        assert again["evidence"] == 2
        d.do("boss", "sign-off")
        assert [x["signed"] for x in d.task("K2", "A")["documents"]] == [True, True]


@test("an extension is asked for with a reason and decided by the tier above")
def _():
    with Desk() as d:
        day = {"until": "2199-01-01", "reason": "修法"}
        d.do("u", "extend", "K1", "R", until="2019-01-01", reason="x", want=422)
        d.do("u", "extend", "K1", "R", **day)
        assert d.tasks("boss", "?task=K1")[0]["asked"] == "2199-01-01"
        d.do("u", "grant", "K1", "R", want=403)
        d.do("boss", "refuse", "K1", "R", reason="不充分")
        d.do("u", "extend", "K1", "R", **day)
        granted = d.do("boss", "grant", "K1", "R")
        assert (granted["extended"], granted["light"]) == ("2199-01-01", "green"), granted


@test("the page says what one may do now: by state, right, and whose own work it is")
def _():
    def may(d, who, id_="K2", unit="A"):
        page = d.task(id_, unit, who)
        return page["may"], [u["unit"] for u in page["mine"]]

    with Desk() as d:
        assert may(d, "w") == (["file", "extend"], []), may(d, "w")
        assert may(d, "boss") == ([], [])
        assert may(d, "s", "K4") == ([], ["S"]), "a co-owner contributes"
        d.file("v")
        assert may(d, "boss")[0] == ["sign-off", "return"]
        assert may(d, "v")[0] == ["file", "extend"], "his own work he does not decide on"
        d.do("w", "extend", until="2199-01-01", reason="x")
        assert may(d, "boss")[0] == ["sign-off", "return", "grant", "refuse"]
        d.do("boss", "sign-off")
        assert may(d, "w")[0] == may(d, "boss")[0] == []


@test("a co-owner sees the task, contributes, and cannot file")
def _():
    with Desk() as d:
        assert [(t["task"], t["role"]) for t in d.tasks("s")] == [("K4", "co-owner")]
        d.file("s", "K4", "A", want=403)
        got = d.file("s", "K4", "A", "of=S&day=2020-05-01", act="contribute")
        assert got["contributed"] == 1 and got["state"] == "open", got
        page = d.task("K4", "A", "s")
        assert page["documents"][0]["of"] == "S", page
        assert "S" in [u["unit"] for u in page["sharers"]], page
        d.ask("s", "GET", "/tasks/K2/units/A", want=403)
        d.ask("t", "GET", "/tasks/K4/units/A", want=403)


@test("which part is meant has to be said where there are several")
def _():
    with Desk() as d:
        d.ask("boss", "GET", "/tasks/K3/units/R", want=422)
        assert d.task("K3", "R", query="?part=" + part("建成"))["task"]["year"] == 2068
        d.ask("boss", "GET", "/tasks/K3/units/A", want=404)
        d.ask("boss", "GET", "/tasks/K9/units/A", want=404)


@test("a document goes out as it came in, as a file to be saved, to whoever may see it")
def _():
    with Desk() as d:
        html = b"<script>alert(1)</script>"
        name = part('方案".html')
        d.ask("w", "POST", f"/tasks/K2/units/A/file?name={name}&day=2020-05-01", html,
              headers=BYTES)
        d.file("w")
        rows = d.ask("w", "GET", "/evidence").json["documents"]
        assert rows == d.b("evidence", "list", who="w", fmt="json"), rows
        for row, data in zip(rows, (html, TEXT)):
            got = d.ask("w", "GET", f"/evidence/{row['hash']}")
            assert got.bytes == data and got.type == "application/octet-stream"
            assert got.headers["X-Content-Type-Options"] == "nosniff"
            named = got.headers["Content-Disposition"]
            assert named.startswith("attachment") and named.count('"') == 2, named
            assert "default-src 'none'" in got.headers["Content-Security-Policy"]
        for who in ("s", "t"):
            d.ask(who, "GET", f"/evidence/{row['hash']}", want=404)
        d.ask("w", "GET", "/evidence/" + "0" * 64, want=404)


@test("of two who file at once one is recorded, and the other is told")
def _():
    with Desk() as d:
        d.tasks("w")
        d.tasks("x")
        seen = d.task("K2", "A")["task"]["seen"]
        got = []

        def send(who, data):
            path = f"/api/v1/tasks/K2/units/A/file?name=a.txt&day=2020-05-01&seen={seen}"
            got.append(d.who[who].ask("POST", path, body=data, headers=BYTES).status)
        pair = [threading.Thread(target=send, args=(who, f"{who}\n".encode())) for who in "wx"]
        for x in pair:
            x.start()
        for x in pair:
            x.join()
        assert sorted(got) == [200, 409], got
        assert d.task("K2", "A")["task"]["evidence"] == 1


sys.exit(main())
