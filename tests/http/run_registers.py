#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Registers over HTTP, from the empty table to accepted rows: what each step answers is what the
command line shows to the same person. Two at once, sealed rows, transfers, tables and workbooks in
and out. Prints TAP."""
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town  # noqa: E402
from service import Listener, Service, part  # noqa: E402
from sheets import Sheet  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 p { 年度 2024 至 2026 }
层级 省 > 市 > 县 > 学校
对象 学校 属于 县 { 数据 培训人数 : 人 每年 小数 0  数据 教师数 : 人 每年 小数 0 }
台账 培训 属于 学校 {
  字段 教师 : 文本 键
  字段 学时 : 学时
  字段 级别 : 选项("国家级","校本")
  须报送 每年
}
台账 认定 属于 学校 { 字段 教师 : 文本 键  字段 等级 : 选项("初级","高级") }
台账 个案 属于 学校 { 字段 编号 : 文本 键 密级 密封  字段 类别 : 文本 密级 密封  须报送 每年 }
校验 KR1 学时上限 { 台账 培训  学时 不超过 200学时  硬性 提示 "学时过大" }
校验 KR2 学时下限 { 台账 培训  学时 不少于 8学时  软性 提示 "学时过少" }
校验 KR3 人数即台账 { 对象 学校  培训人数 等于 去重(培训.教师) * 1人/个  硬性 提示 "与台账不符" }
报表 F1 学校 { 对象 学校 每年 项 培训人数, 教师数  截止 10-15 }
"""
UNITS = """code,name,kind,parent
R,省,省,
C,市,市,R
D,县,县,C
S1,一小,学校,D
S2,二小,学校,D
"""
PEOPLE = {"u1": ["filler S1 sensitive"], "v1": ["filler S1 sensitive"],
          "u2": ["filler S2 sensitive"], "rd": ["reviewer D sensitive"],
          "rc": ["reviewer C sensitive"], "rr": ["reviewer R sensitive"],
          "issuer": ["issuer R sensitive"], "s1": ["filler S1 sealed"],
          "t1": ["reviewer S1 sealed"], "boss": ["leader R sealed"]}
TOWN = Town(PLAN, UNITS, PEOPLE)
GOOD = "教师,学时,级别,日期\n甲,16,校本,2025-03-01\n乙,40,国家级,2025-04-01\n"
BYTES = {"X-Tizhi": "1", "Content-Type": "application/octet-stream"}


class Town1:
    """A service over a book of its own, and whoever asks it."""

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

    @staticmethod
    def path(reg, unit, more=""):
        return f"/registers/{part(reg)}/units/{unit}{more}"

    def get(self, who, more="", reg="培训", unit="S1", want=200):
        return self.ask(who, "GET", self.path(reg, unit, more), want=want).json

    def do(self, who, act, body=None, reg="培训", unit="S1", want=200):
        return self.ask(who, "POST", self.path(reg, unit, "/" + act), body or {}, want).json

    def send(self, who, data, query="name=rows.csv", reg="培训", unit="S1", want=200):
        data = data.encode() if isinstance(data, str) else data
        return self.ask(who, "POST", self.path(reg, unit, f"/import?{query}"), data, want,
                        headers=BYTES).json

    def row(self, who, name, **more):
        for r in self.get(who, "/rows", **more)["rows"]:
            now = r.get("proposed") or r.get("standing")
            if name in now["fields"].values():
                return r
        return None

    def shown(self, who, *args, reg="培训", unit="S1"):
        return self.b("register", "show", reg, "--unit", unit, *args, who=who, fmt="json")


def columns(**values):
    return [{"column": k, "value": v} for k, v in values.items()]


@test("the registers of the plan are those of the command line, and how they are kept can be set")
def _():
    with Town1() as t:
        want = t.b("register", "list", who="u1", fmt="json")
        got = t.ask("u1", "GET", "/registers").json
        assert got["registers"] == want and got["next"] is None, got
        how = {"review": "rows", "signatures": 2}
        t.ask("u1", "POST", f"/registers/{part('培训')}/setting", how, 403)
        assert t.ask("issuer", "POST", f"/registers/{part('培训')}/setting", how).json == how
        t.send("u1", GOOD)
        t.do("u1", "sign", {"period": "2025"})
        again = t.do("u1", "sign", {"period": "2025"}, want=409)
        assert "as filler" in again["title"], again
        t.ask("issuer", "POST", f"/registers/{part('培训')}/setting", how | {"review": "x"}, 422)
        t.ask("issuer", "POST", f"/registers/{part('没有')}/setting", how, 404)


@test("from a table to accepted rows: dry run, drafts, check, submission, three tiers")
def _():
    with Town1() as t:
        dry = t.send("u1", GOOD, "name=rows.csv&dry=yes")
        assert (dry["added"], dry["wrong"], len(dry["lines"])) == (2, 0, 2), dry
        assert t.get("u1")["pending"] == 0
        got = t.send("u1", GOOD)
        assert got["added"] == 2 and got["commit"] > dry["commit"], got
        assert {r["state"] for r in t.get("u1", "/rows")["rows"]} == {"draft"}
        assert t.do("u1", "check", {"period": "2025"})["findings"] == []
        got = t.do("u1", "submit", {"period": "2025", "seen": 0})
        assert got["statement"]["state"] == "submitted" and got["moved"] == 1, got
        assert {r["state"] for r in got["rows"]} == {"submitted"}
        t.do("u1", "approve", {"period": "2025"}, want=403)
        for who in ("rd", "rc", "rr"):
            seen = t.get(who, "?period=2025")["statement"]["seen"]
            got = t.do(who, "approve", {"period": "2025", "seen": seen})
        assert (got["statement"]["state"], got["statement"]["rows"]) == ("accepted", 2), got
        both = t.get("u1", "?period=2025"), t.shown("u1", "--period", "2025")
        assert both[0]["statement"] == both[1]["statement"], both
        assert both[0]["standing"] == 2 and both[0]["class"] == "internal"
        for a, b in zip(t.get("u1", "/rows")["rows"], both[1]["rows"]):
            assert a["standing"] == b["standing"] and a["seen"] == b["seen"], (a, b)
        st = t.ask("boss", "GET", f"/registers/{part('培训')}/status?period=2025").json
        want = t.b("register", "status", "培训", "--period", "2025", who="boss", fmt="json")
        assert st["rows"] == want["rows"] == 2 and st["states"]["silent"] == want["silent"] == 1
        assert [u["unit"] for u in st["units"]] == [u["unit"] for u in want["units"]]
        t.ask("rd", "GET", f"/registers/{part('培训')}/status?period=2025", want=403)
        t.ask("rd", "GET", f"/registers/{part('培训')}/status?period=2025&unit=D")


@test("what stands against a submission is said with codes and words, and nothing is moved")
def _():
    with Town1() as t:
        t.send("u1", "教师,学时,级别,日期\n甲,999,校本,2025-03-01\n乙,2,校本,2025-04-01\n")
        found = t.do("u1", "check", {"period": "2025"})["findings"]
        assert {"KR1", "KR2"} <= {f["about"] for f in found} | {f["detail"] for f in found}, found
        got = t.do("u1", "submit", {"period": "2025"}, want=422)
        assert got["type"] == "tizhi:findings" and got["findings"] == found, got
        assert t.get("u1", "?period=2025")["statement"]["state"] == "silent"


@test("a table with wrong values is refused whole, by line")
def _():
    with Town1() as t:
        got = t.send("u1", "教师,学时,级别,日期\n甲,x,校本,2025-03-01\n乙,1,无,2025-04-01\n",
                     want=422)
        assert len(got["findings"]) == 2 and "rows.csv:2" in got["findings"][0]["about"], got
        assert t.get("u1")["pending"] == 0
        got = t.do("u1", "rows", {"set": columns(教师="甲", 学时="x")}, want=422)
        assert got["findings"][0]["about"].startswith("/set"), got


@test("a row is added, changed, returned, mended, struck; who looked at an older state is told")
def _():
    with Town1() as t:
        got = t.do("u1", "rows", {"set": columns(教师="甲", 学时="16", 级别="校本",
                                                日期="2025-03-01")})
        (row,) = got["rows"]
        assert row["state"] == "draft" and row["seen"] == got["commit"], got
        path = f"rows/{part(row['id'])}"
        more = {"set": columns(学时="20"), "seen": row["seen"]}
        changed = t.do("u1", path + "/change", more)["rows"][0]
        assert changed["proposed"]["fields"]["学时"].startswith("20"), changed
        t.do("v1", path + "/change", more, want=409)
        assert t.get("u1", "/" + path)["seen"] == changed["seen"]
        t.do("u1", "submit", {"period": "2025"})
        got = t.do("rd", "return", {"period": "2025", "cells": [
            {"about": f"{row['id']}.学时", "text": "请核对"}]})
        (back,) = t.get("u1", "/rows?state=returned")["rows"]
        assert back["returned"] == [{"field": "学时", "text": "请核对", "actor": "user/rd"}], back
        back = t.do("u1", path + "/change", {"set": columns(学时="18"), "seen": back["seen"]})
        t.do("u1", "submit", {"period": "2025"})
        for who in ("rd", "rc", "rr"):
            t.do(who, "approve", {"period": "2025"})
        now = t.get("u1", "/" + path)
        assert now["state"] == "standing"
        t.do("u1", path + "/strike", {"seen": now["seen"]}, want=422)
        t.do("u1", "correct", {"period": "2025", "cause": "重复登记"})
        struck = t.do("u1", path + "/strike", {"seen": now["seen"], "cause": "重复"})["rows"][0]
        assert struck["strike"] and struck["state"] == "draft", struck
        undone = t.do("u1", path + "/undo", {"seen": struck["seen"]})["rows"][0]
        assert undone["state"] == "standing" and not undone["strike"], undone
        t.get("u1", "/rows/none", want=404)


@test("a statement that there is nothing is said, withdrawn, corrected")
def _():
    with Town1() as t:
        assert "is_nil" in str(t.do("u1", "submit", {"period": "2025"}, want=422))
        t.do("u1", "submit", {"period": "2025", "nil": True})
        t.do("u1", "withdraw", {"period": "2025"})
        t.do("u1", "submit", {"period": "2025", "nil": True})
        for who in ("rd", "rc", "rr"):
            got = t.do(who, "approve", {"period": "2025"})
        assert got["statement"]["nil"] and got["statement"]["state"] == "accepted", got
        t.do("u1", "submit", {"period": "2025"}, want=409)
        t.do("u1", "correct", {"period": "2025"}, want=422)
        got = t.do("u1", "correct", {"period": "2025", "cause": "漏报"})
        assert got["statement"]["cause"] == "漏报" and got["statement"]["state"] == "draft", got


def duties(t, who):
    return [(x["duty"], x["register"], x["unit"], x["at"])
            for x in t.ask(who, "GET", "/duties").json["duties"] if x["register"]]


@test("a row goes over to another unit: offered here, declined, offered again, taken there")
def _():
    with Town1() as t:
        body = {"set": columns(教师="甲", 等级="初级", 起="2024-01-01")}
        (row,) = t.do("u1", "rows", body, reg="认定")["rows"]
        path = f"rows/{part(row['id'])}"
        t.do("u1", "submit", {"rows": [row["id"]]}, reg="认定")
        for who in ("rd", "rc", "rr"):
            t.do(who, "approve", {"rows": [row["id"]]}, reg="认定")
        seen = t.get("u1", "/" + path, reg="认定")["seen"]
        got = t.do("u1", path + "/offer", {"to": "S2", "day": "2025-09-01", "seen": seen},
                   reg="认定")["rows"][0]
        assert (got["offered"], got["offered_from"]) == ("S2", "2025-09-01"), got
        t.do("u1", "take", {"of": "S1", "row": row["id"]}, reg="认定", want=403)
        (offer,) = t.get("u2", "/offers", reg="认定", unit="S2")["offers"]
        assert (offer["of"], offer["row"]) == ("S1", row["id"]), offer
        assert (offer["from"], offer["standing"]["fields"]["教师"]) == ("2025-09-01", "甲"), offer
        assert ("take", "认定", "S1", "S2") in duties(t, "u2"), duties(t, "u2")
        answer = {"of": "S1", "row": row["id"], "cause": "编制已满", "seen": offer["seen"]}
        t.do("u2", "decline", answer | {"seen": 1}, reg="认定", unit="S2", want=409)
        heard = [Listener(t.who[who]) for who in ("u1", "u2")]
        for s in heard:
            s.next()
        t.do("u2", "decline", answer, reg="认定", unit="S2")
        for s, unit in zip(heard, ("S1", "S2")):  # both, of what only documents say
            assert unit in s.until("queue")[2]["units"]
            s.close()
        assert t.get("u2", "/offers", reg="认定", unit="S2")["offers"] == []
        assert duties(t, "u2") == [] and duties(t, "u1") == [("answer", "认定", "S2", "S1")]
        back = t.get("u1", "/" + path, reg="认定")
        assert (back["offered"], back["declined"]) == ("S2", "编制已满"), back
        again = {"to": "S2", "day": "2025-09-01", "seen": back["seen"]}
        t.do("u1", path + "/offer", again, reg="认定")
        assert duties(t, "u1") == [], duties(t, "u1")
        log = t.ask("aud", "GET", "/commits?limit=1000").json
        told = {s for x in log["commits"] for s in x["subjects"]}
        assert {"row/认定/S1/…", "review/认定/…/S1", "offer/认定/S2/S1/…"} <= told, told
        assert row["id"] not in str(log), log
        (new,) = t.do("u2", "take", {"of": "S1", "row": row["id"]}, reg="认定", unit="S2")["rows"]
        assert new["before"] == f"S1/{row['id']}", new
        assert t.shown("u2", reg="认定", unit="S2")["rows"][0]["before"] == new["before"]
        told = t.get("u1", f"/{path}/history", reg="认定")["moments"]
        assert [m["act"] for m in told] == [
            "add", "submit", "approve", "offer", "decline", "offer", "take"], told
        assert told[0]["content"]["fields"]["教师"] == "甲" and told[4]["cause"] == "编制已满"
        assert told[-1]["content"]["to"] == "2025-08-31" and told[-1]["actor"] == "user/u2", told
        t.get("u2", f"/{path}/history", reg="认定", want=403)


@test("of two who do the same at once one is recorded, and the other is told")
def _():
    with Town1() as t:
        (row,) = t.do("u1", "rows", {"set": columns(教师="甲", 日期="2025-03-01")})["rows"]
        path = f"rows/{part(row['id'])}/change"
        t.get("v1")
        for n in range(5):
            seen = t.get("u1", f"/rows/{part(row['id'])}")["seen"]
            got = []

            def change(who, hours):
                body = {"set": columns(学时=str(hours)), "seen": seen}
                got.append(t.who[who].ask("POST", "/api/v1" + t.path("培训", "S1", "/" + path),
                                          body=body).status)
            pair = [threading.Thread(target=change, args=(who, 10 + 2 * n + i))
                    for i, who in enumerate(("u1", "v1"))]
            for x in pair:
                x.start()
            for x in pair:
                x.join()
            assert sorted(got) == [200, 409], got


@test("sealed rows stay in their unit, and so do tables of them")
def _():
    with Town1() as t:
        body = {"set": columns(编号="秘密1", 类别="甲类", 日期="2025-03-01")}
        t.do("u1", "rows", body, reg="个案", want=403)
        t.do("s1", "rows", body, reg="个案")
        t.do("s1", "submit", {"period": "2025"}, reg="个案")
        for who in ("boss", "rd", "issuer", "u1"):
            for more in ("", "/rows", "/rows?format=csv", "/table", "?period=2025"):
                answer = t.s.login(who).get(t.path("个案", "S1", more))
                assert answer.status == 403 and "秘密1" not in answer.text, (who, more)
        assert "秘密1" in str(t.get("s1", "/rows", reg="个案"))
        st = t.ask("boss", "GET", f"/registers/{part('个案')}/status?period=2025").json
        assert st["sealed"] and "pending" not in st and "秘密1" not in str(st), st


@test("rows come in pages, as csv, and as the table and workbook that are taken in again")
def _():
    with Town1() as t:
        t.send("u1", GOOD)
        first = t.get("u1", "/rows?limit=1")
        second = t.get("u1", f"/rows?limit=1&after={part(first['next'])}")
        ids = [r["id"] for page in (first, second) for r in page["rows"]]
        assert ids == [r["id"] for r in t.shown("u1")["rows"]] and second["next"] is None
        text = t.ask("u1", "GET", t.path("培训", "S1", "/rows?format=csv")).text
        assert len(text.splitlines()) == 3 and "教师=甲" in text, text
        out = t.ask("u1", "GET", t.path("培训", "S1", "/table"))
        assert out.type.startswith("text/csv"), out.headers
        assert "attachment" in out.headers["Content-Disposition"], out.headers
        want = t.b("register", "export", "培训", "--unit", "S1", who="u1")
        assert out.text.lstrip("\ufeff").splitlines() == want.lstrip("\ufeff").splitlines()
        again = t.send("u1", out.bytes)
        assert again["unchanged"] == 2 and again["added"] == again["changed"] == 0, again
        book = t.ask("u1", "GET", t.path("培训", "S1", "/table?workbook=yes"))
        assert book.bytes[:2] == b"PK" and "sheet" in book.type, book.headers
        again = t.send("u1", book.bytes, "name=back.xlsx")
        assert again["unchanged"] == 2 and again["added"] == 0, again
        sheet = Sheet()
        for r, line in enumerate(("教师,学时,级别,日期", "丙,12,校本,2025-05-01")):
            for c, x in enumerate(line.split(",")):
                sheet.put(r, c, x)
        path = sheet.write(t.b.dir / "in.xlsx")
        got = t.send("u1", path.read_bytes(), "name=in.xlsx&dry=yes")
        assert got["added"] == 1, got


sys.exit(main())
