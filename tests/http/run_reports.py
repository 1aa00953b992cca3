#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reporting over HTTP: a round from issue to lock, as the people of a region do it, in both
languages; what is told to whom; who was faster. Every answer is held against the OpenAPI file, and
against what the command line says of the same. Prints TAP."""
import io
import sys
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town  # noqa: E402
from service import Person, Service  # noqa: E402
from sheets import Sheet, read_sheet  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 p { 年度 2024 至 2026 }
层级 省 > 市 > 县 > 学校
对象 学校 属于 县 {
  数据 学生 : 人 每年 小数 0
  数据 教师 : 人 每年 小数 0
  数据 班额率 : % 每年 小数 1 范围 0 至 100%
  数据 公办 : 是否 每年
  数据 残疾 : 人 每年 小数 0 密级 密封
}
报表 F1 学校基本情况 { 对象 学校 每年 项 学生, 教师, 班额率, 公办  截止 10-15 }
报表 F2 特殊教育 { 对象 学校 每年 项 残疾  截止 10-15 }
校验 K1 师生 { 对象 学校  教师 不超过 学生  硬性 提示 "教师多于学生" }
校验 K2 生师比 { 对象 学校  学生 不超过 教师 * 30  软性 提示 "生师比过高" }
任务 K9 方案 { 于 2026年 每个 学校 交付 "方案" 协办 县 }
任务 K8 总结 { 于 2026年 每个 县 交付 "总结" 协办 学校 }
任务 K7 台账 { 于 2026年 每个 学校 交付 "台账" }
目标 T1 学生 { 每年 每个 县 求和(学校.学生) 不少于 600人 }
"""
UNITS = """code,name,kind,parent
R,省,省,
C,市,市,R
D,县,县,C
S1,一小,学校,D
S2,二小,学校,D
S3,三小,学校,D
"""
FACTS = """unit,item,period,value,source
S1,学生,2024,290,去年
S1,教师,2024,20,去年
S2,学生,2025,200,t
S3,学生,2025,99,t
"""
PEOPLE = {"li": ["filler S1 internal"], "wang": ["filler S1 sealed"], "s2": ["filler S2 sealed"],
          "ding": ["reviewer D sealed"], "deng": ["reviewer D sealed"],
          "issd": ["issuer D internal"], "chen": ["reviewer C internal"],
          "rong": ["reviewer R internal"], "iss": ["issuer R internal"],
          "lead": ["leader C internal"], "duo": ["filler D internal"]}
TOWN = Town(PLAN, UNITS, PEOPLE, (("facts.csv", FACTS),))
SERVICE = Service(TOWN)
SERVICE.__enter__()
WHO = {user: Person(SERVICE.login(user)) for user in PEOPLE}
SEEN = {}  # what later cases need of earlier ones
R1 = "/rounds/R1"
S1 = f"{R1}/reports/S1"
WISH = {"round": "R1", "form": "F1", "period": "2025", "due": "2025-10-15", "minutes": 2,
        "only": ["S1", "S2"], "without": ["学生"], "signatures": 0}
GOOD = [{"item": "学生", "value": "320"}, {"item": "教师", "value": "20"},
        {"item": "班额率", "value": "95.5%"}, {"item": "公办", "value": "是"}]


def cli(*args, who, **more):
    return TOWN(*args, who=who, fmt="json", **more)


def show(who, path=S1, **more):
    return WHO[who].get(path, **more)


def act(who, what, path=S1, want=200, **body):
    body.setdefault("seen", show(who, path)["seen"])
    return WHO[who].post(f"{path}/{what}", body, want=want)


# ---- issuing ------------------------------------------------------------------------------------

@test("a round is tried: who owes, what it costs, and what stands against it, as the command line "
      "says")
def _():
    wish = {k: v for k, v in WISH.items() if k not in ("only", "without")}
    tried = WHO["iss"].post("/rounds?dry=yes", wish)
    said = cli("round", "try", "R1", "--form", "F1", "--period", "2025", "--due", "2025-10-15",
               "--minutes", "2", who="iss", want=1)
    assert tried["dry"] and "held" in str(said), said
    assert [f["code"] for f in tried["findings"]] == ["held"], tried["findings"]
    assert tried["hours"] == "0.4" and tried["units"] == 3, tried
    assert WHO["iss"].get("/rounds")["rounds"] == []


@test("what stands against a round refuses it, and says so in the problem")
def _():
    wish = {k: v for k, v in WISH.items() if k not in ("only", "without")}
    for lang, title in (("en", "something stands against it"), ("zh", "有问题待处理")):
        got = WHO["iss"].post("/rounds", wish, want=422, lang=lang)
        assert title in got["title"] and [f["code"] for f in got["findings"]] == ["held"], got
    bad = WHO["iss"].post("/rounds", WISH | {"due": "soon"}, want=422)
    assert bad["at"] == "/due", bad
    assert WHO["iss"].post("/rounds", WISH | {"form": "F9"}, want=404)["hint"]
    WHO["li"].post("/rounds?dry=yes", WISH, want=403)


@test("a round is issued, once; who owes finds it, who does not finds nothing")
def _():
    # The pupils of 2025 are held for two schools: only the first is asked for them.
    made = WHO["iss"].post("/rounds", WISH | {"only": ["S1"], "without": []})
    assert made["findings"] == [] and made["units"] == 1 and made["seen"] > 0, made
    WHO["iss"].post("/rounds", WISH | {"only": ["S1"], "without": []}, want=409)
    second = WHO["iss"].post("/rounds", {"round": "R2", "form": "F2", "period": "2025",
                                         "due": "2199-01-01", "minutes": 1})
    assert second["units"] == 3 and not second["over"], second
    mine = WHO["li"].get("/rounds?unit=S1")["rounds"]
    assert [r["round"] for r in mine] == ["R1", "R2"] and mine[0]["over"], mine
    assert mine[0]["form_name"] == "学校基本情况" and "counts" not in mine[0]
    assert [r["round"] for r in WHO["s2"].get("/rounds?unit=S2")["rounds"]] == ["R2"]
    assert [r["round"] for r in WHO["iss"].get("/rounds?open=yes")["rounds"]] == ["R2"]
    assert [r["round"] for r in WHO["iss"].get("/rounds?form=F1&period=2025")["rounds"]] == ["R1"]
    WHO["li"].get("/rounds", want=403)
    one = WHO["li"].get(f"{R1}?unit=S1")
    assert one["items"] == ["学校.学生", "学校.教师", "学校.班额率", "学校.公办"], one
    WHO["li"].get("/rounds/R9?unit=S1", want=404)


# ---- filling in ---------------------------------------------------------------------------------

@test("the form has what the plan says of each item and the figures of the year before")
def _():
    form = show("li")
    assert form["state"] == "none" and form["seen"] == 0 and form["may"] == ["save"], form
    assert form["unit_name"] == "一小" and form["form_name"] == "学校基本情况"
    pupils, teachers, rate, public = form["cells"]
    assert pupils["before"] == "290" and pupils["value"] == "" and pupils["measure"] == "人"
    assert pupils["lo"] == "0" and "hi" not in pupils and pupils["type"] == "number"
    assert (rate["lo"], rate["hi"], rate["decimals"]) == ("0", "100", 1), rate
    assert public["type"] == "boolean" and teachers["before"] == "20"
    WHO["s2"].get(S1, want=403)
    WHO["li"].get(f"{R1}/reports/S9", want=404)
    WHO["li"].get(f"{R1}/reports/S2", want=403)


@test("figures are checked while they are typed, and nothing is saved")
def _():
    typed = {"seen": 0, "cells": [{"item": "学生", "value": "32o"}, {"item": "教师", "value": "20"},
                                  {"item": "高度", "value": "1"}]}
    got = WHO["li"].post(f"{S1}/check", typed)
    assert [(v["code"], v["about"]) for v in got["values"]] == [
        ("number_bad", "学生"), ("not_asked", "高度")], got
    assert "学校.班额率" in [f["about"] for f in got["findings"] if f["code"] == "blank"]
    got = WHO["li"].post(f"{S1}/check", {"seen": 0, "cells": [
        {"item": "学生", "value": "15"}, {"item": "教师", "value": "20"}]})
    assert [f["about"] for f in got["findings"] if f["code"] == "hard"] == ["K1"], got
    assert "教师多于学生" in str(got)
    assert show("li")["state"] == "none"
    WHO["lead"].post(f"{S1}/check", typed, want=403)


@test("a value that cannot be taken refuses the whole draft, with its place")
def _():
    got = WHO["li"].post(f"{S1}/save", {"seen": 0, "cells": [
        {"item": "教师", "value": "20"}, {"item": "班额率", "value": "101"}]}, want=422)
    assert got["at"] == "/cells/1/value" and got["findings"][0]["code"] == "number_bounds", got
    assert got["findings"][0]["about"] == "班额率" and "范围" in got["findings"][0]["zh"]
    for body, at in (({"cells": []}, "/seen"), ({"seen": 0, "cells": [{"item": 1}]},
                                                "/cells/0/item"),
                     ({"seen": 0, "more": 1}, "/more")):
        assert WHO["li"].post(f"{S1}/save", body, want=422)["at"] == at
    assert show("li")["seen"] == 0


@test("drafts are saved a cell at a time; the same once more is the same commit")
def _():
    first = WHO["li"].post(f"{S1}/save", {"seen": 0, "cells": GOOD[:1]})
    again = WHO["li"].post(f"{S1}/save", {"seen": 0, "cells": GOOD[:1]})
    assert first["commit"] == again["commit"] > 0 and first["state"] == "draft", (first, again)
    same = WHO["li"].post(f"{S1}/save", {"seen": first["commit"], "cells": GOOD[:1]})
    assert same["commit"] == first["commit"], same
    more = WHO["li"].post(f"{S1}/save", {"seen": first["commit"], "minutes": 12, "cells": [
        *GOOD[1:3], {"item": "公办", "explained": "正在核实"}]})
    assert more["commit"] > first["commit"] and more["minutes"] == 12
    form = show("li")
    assert [c["value"] for c in form["cells"]] == ["320", "20", "95.5", ""], form
    assert form["cells"][3]["explained"] == "正在核实" and form["minutes"] == 12
    said = cli("report", "show", "R1", "--unit", "S1", who="li")
    assert [c["value"] for c in said["cells"]] == [c["value"] for c in form["cells"]]
    assert said["seen"] == form["seen"] and set(said) <= set(form), set(said) - set(form)


@test("of two who fill in at once one is recorded; the other is told who was faster, and when")
def _():
    seen = show("li")["seen"]
    WHO["wang"].post(f"{S1}/save", {"seen": seen, "cells": [{"item": "教师", "value": "21"}]})
    for lang, words in (("en", ("user/wang", "saved")), ("zh", ("user/wang", "保存"))):
        mine = {"seen": seen, "cells": [{"item": "教师", "value": "22"}]}
        got = WHO["li"].post(f"{S1}/save", mine, want=409, lang=lang)
        assert all(w in got["title"] for w in words) and got["hint"], got
    assert show("li")["cells"][1]["value"] == "21"
    act("li", "save", cells=[{"item": "教师", "value": "10"}])


@test("submitting says what is lacking; a soft check is explained, then it goes to the county")
def _():
    got = act("li", "submit", want=422)
    assert [(f["code"], f["about"]) for f in got["findings"]] == [("soft", "K2")], got
    assert [f["about"] for f in WHO["li"].get(f"{S1}/findings")["findings"]] == ["K2"]
    act("li", "save", checks=[{"check": "K2", "explained": "新校区启用"}])
    assert show("li")["checks"] == [{"check": "K2", "explained": "新校区启用"}]
    done = act("li", "submit")
    assert done["state"] == "submitted" and done["waits_for"] == "D", done
    assert done["may"] == ["withdraw"], done
    back = act("li", "withdraw")
    assert back["state"] == "draft" and set(back["may"]) == {"save", "submit"}, back
    SEEN["submitted"] = act("li", "submit")["commit"]
    act("li", "save", want=409, cells=GOOD[:1])


# ---- review -------------------------------------------------------------------------------------

@test("the county finds it in its queue, late, explained and all; the school's work list is empty")
def _():
    (line,) = WHO["ding"].get("/units/D/reviews")["reports"]
    assert (line["round"], line["unit"], line["late"], line["explained"]) == ("R1", "S1", True, 2)
    assert (line["seen"], line["risk"], line["due"]) == (SEEN["submitted"], 3, "2025-10-15"), line
    assert WHO["chen"].get("/units/C/reviews")["reports"] == []
    todo = [(d["duty"], d["id"], d["unit"]) for d in WHO["ding"].get("/duties")["duties"]]
    assert ("review", "R1", "S1") in todo, todo
    assert not [d for d in WHO["li"].get("/duties")["duties"] if d["id"] == "R1"]
    said = cli("review", "list", "R1", "--at", "D", who="ding")
    assert [x["unit"] for x in said["reports"]] == ["S1"]
    WHO["li"].get("/units/D/reviews", want=403)


@test("the county returns two cells with reasons; the school sees each where it stands")
def _():
    cells = [{"item": "教师", "reason": "与名册不符"}, {"item": "公办", "reason": "请核实后填写"}]
    body = {"reports": [{"unit": "S1", "seen": SEEN["submitted"], "cells": cells}]}
    (no,) = WHO["ding"].post(f"{R1}/reviews/D/return", {"reports": [
        body["reports"][0] | {"cells": []}]})["reports"]
    assert not no["done"] and no["status"] == 422 and "理由" in no["zh"], no
    (done,) = WHO["ding"].post(f"{R1}/reviews/D/return", body)["reports"]
    assert done["done"] and done["state"] == "returned", done
    (late,) = WHO["deng"].post(f"{R1}/reviews/D/approve", {"reports": [
        {"unit": "S1", "seen": SEEN["submitted"]}]})["reports"]
    assert late["status"] == 409 and "user/ding" in late["en"] and "退回" in late["zh"], late
    form = show("li")
    assert form["state"] == "returned" and set(form["may"]) == {"save", "submit"}, form
    assert [c["returned"] for c in form["cells"]] == ["", "与名册不符", "", "请核实后填写"]
    assert form["cells"][1]["was"] == "10" and form["cells"][3]["explained"] == ""
    assert ("answer", "R1") in [(d["duty"], d["id"]) for d in WHO["li"].get("/duties")["duties"]]
    got = act("li", "submit", want=422)
    assert {f["code"] for f in got["findings"]} == {"blank", "unchanged"}, got


@test("the school mends what was returned, and submits again; the history tells all of it")
def _():
    act("li", "save", cells=[{"item": "教师", "value": "20"}, {"item": "公办", "value": "是"}])
    SEEN["again"] = act("li", "submit")["commit"]
    moments = WHO["ding"].get(f"{S1}/history")["moments"]
    acts = [m["act"] for m in moments]
    assert {m["actor_name"] for m in moments} == {m["actor"].replace("user/", "name of ")
                                                  for m in moments}, moments
    named = WHO["ding"].get(S1)
    assert named["last"]["actor"] in {p["actor"] for p in named["people"]}, named["people"]
    assert acts[-3:] == ["return", "save", "submit"] and acts[0] == "save", acts
    back, mended = moments[-3], moments[-2]
    assert [(c["item"], c["value"], c.get("returned")) for c in back["cells"]] == [
        ("学校.教师", "10", "与名册不符"), ("学校.公办", "", "请核实后填写")], back
    assert [(c["item"], c["value"]) for c in mended["cells"]] == [
        ("学校.教师", "20"), ("学校.公办", "true")], mended
    assert mended["at"] > 1_600_000_000_000_000 and mended["commit"] < moments[-1]["commit"]


@test("tier by tier it is accepted, and the verdict moves with the commit")
def _():
    def verdict(since):
        got = WHO["lead"].get(f"/verdicts?target=T1&unit=D&year=2025&since={since}")
        return got["verdicts"][0], got["commit"]

    before, _ = verdict(SEEN["again"])
    assert before["state"] == "unknown", before
    one = [{"unit": "S1", "seen": SEEN["again"]}]
    (at,) = WHO["ding"].post(f"{R1}/reviews/D/approve", {"reports": one})["reports"]
    assert at["done"] and at["waits_for"] == "C", at
    one = [{"unit": "S1", "seen": at["commit"]}]
    (no,) = WHO["ding"].post(f"{R1}/reviews/D/approve", {"reports": one})["reports"]
    assert not no["done"] and no["status"] == 403, no
    (at,) = WHO["chen"].post(f"{R1}/reviews/C/approve", {"reports": one})["reports"]
    assert at["waits_for"] == "R"
    (last,) = WHO["rong"].post(f"{R1}/reviews/R/approve", {"reports": [
        {"unit": "S1", "seen": at["commit"]}]})["reports"]
    assert last["done"] and last["state"] == "accepted" and last["waits_for"] == "", last
    after, commit = verdict(last["commit"])
    assert after["state"] == "met" and commit >= last["commit"], after


@test("an explanation leads to the report that a figure came with; others came with none")
def _():
    def facts(node):
        if "item" in node:
            yield node["unit"], node["item"], node.get("round")
        for x in node["parts"]:
            yield from facts(x)

    (got,) = WHO["lead"].get("/commitments/T1/units/D/explain?year=2025")["verdicts"]
    found = set(facts(got["why"]))
    assert ("S1", "学校.学生", "R1") in found and ("S2", "学校.学生", None) in found, found


@test("where a round stands: counts, by tier, silent and late")
def _():
    page = WHO["ding"].get(f"{R1}/reports?unit=D")
    assert [(x["unit"], x["state"]) for x in page["reports"]] == [("S1", "accepted")], page
    silent = WHO["rong"].get("/rounds/R2/reports?limit=2")
    assert [x["unit"] for x in silent["reports"]] == ["S1", "S2"] and silent["next"] == "S2"
    rest = WHO["rong"].get(f"/rounds/R2/reports?limit=2&after={silent['next']}")
    assert [x["unit"] for x in rest["reports"]] == ["S3"] and rest["next"] is None
    assert silent["counts"]["silent"] == 3 and silent["counts"]["late"] == 0
    assert WHO["rong"].get(f"{R1}/reports?state=draft")["reports"] == []
    assert len(WHO["rong"].get(f"{R1}/reports?late=yes")["reports"]) == 1
    tier = WHO["rong"].get(f"{R1}/counts/R")
    (below,) = tier["below"]
    assert below["unit"] == "C" and below["accepted"] == 1 and below["units"] == 1, tier
    below = WHO["rong"].get("/rounds/R2/counts/D")["below"]
    assert [b["unit"] for b in below] == ["S1", "S2", "S3"], below
    (own,) = WHO["li"].get("/rounds?unit=S1&counts=yes&form=F1")["rounds"]
    assert own["counts"]["accepted"] == 1, own
    table = WHO["rong"].asker.get("/rounds/R2/reports?format=csv",
                                  headers={"Accept-Language": "zh"})
    assert "未报" in table.text and table.text.count("\n") == 4, table.text
    said = cli("round", "status", "R2", who="rong")
    assert (said["silent"], said["late"]) == (3, 0)


@test("who is above is reminded of what is due, and of who has to do it")
def _():
    units = {u["unit"]: u for u in WHO["rong"].get("/reminders?days=100000")["units"]}
    (fill,) = [d for d in units["S2"]["duties"] if d["id"] == "R2"]
    assert fill["duty"] == "fill" and fill["holders"] == "s2" and fill["zh"] == "填报", fill
    assert fill["holder_names"] == "name of s2", fill
    (own,) = WHO["s2"].get("/reminders?unit=S2&days=100000")["units"]
    assert own["unit"] == "S2" and own["over"] == 0, own
    WHO["s2"].get("/reminders", want=403)


@test("what waits for one is what the command line finds, which reads the whole book")
def _():
    def key(d):
        return d["duty"], d.get("id", d.get("about")), d["unit"], d["at"], d.get("due")

    found = 0
    for who in PEOPLE:
        mine = [key(d) for d in WHO[who].get("/duties")["duties"]]
        assert sorted(mine) == sorted(key(d) for d in cli("todo", who=who)), (who, mine)
        found += len(mine)
    assert found > 8, found


# ---- after acceptance ---------------------------------------------------------------------------

@test("a correction is a new version with a cause and a signature; a lock is the issuer's")
def _():
    act("li", "correct", want=422)
    new = act("li", "correct", cause="漏报一个班")
    assert new["version"] == 2 and new["signatures_needed"] == 1 and new["cause"] == "漏报一个班"
    act("li", "save", cells=[{"item": "学生", "value": "340"}])
    no = act("li", "submit", want=422)
    assert "signature" in no["title"], no
    signed = act("wang", "sign")
    assert signed["signatures"] == 1 and signed["signed"][0]["actor"] == "user/wang", signed
    before = {"seen": signed["seen"] - 1}  # once more, since its answer was lost: it is done
    assert WHO["wang"].post(f"{R1}/reports/S1/sign", before)["commit"] == signed["commit"]
    twice = act("wang", "sign", want=409)
    assert "as filler" in twice["title"], twice
    sent = act("li", "submit")
    assert sent["state"] == "submitted"
    before = {"seen": sent["seen"] - 1}
    assert WHO["li"].post(f"{R1}/reports/S1/submit", before)["commit"] == sent["commit"]
    assert "li" in act("li", "submit", want=409)["title"]
    for who, unit in (("deng", "D"), ("chen", "C"), ("rong", "R")):
        (at,) = WHO[who].post(f"{R1}/reviews/{unit}/approve", {"reports": [
            {"unit": "S1", "seen": show(who)["seen"]}]})["reports"]
        assert at["done"], at
    assert WHO["iss"].post(f"{R1}/lock", {})["locked"] == 1
    assert show("li")["state"] == "locked"
    WHO["li"].post(f"{R1}/lock", {}, want=403)


@test("a round is given more time, with a reason; who owes stays, who is late goes by the new day")
def _():
    path = f"{R1}/extend"
    was = WHO["iss"].get(R1)
    body = {"due": "2199-01-01", "cause": "系统维护", "seen": was["seen"]}
    WHO["li"].post(path, body, want=403)
    WHO["iss"].post(path, body | {"cause": " "}, want=422)
    WHO["iss"].post(path, body | {"due": was["due"]}, want=422)
    WHO["iss"].post(path, body | {"seen": was["seen"] - 1}, want=409)
    now = WHO["iss"].post(path, body)
    assert (now["due"], now["first_due"], now["extended"]) == ("2199-01-01", was["due"], "系统维护")
    assert now["units"] == was["units"] and not now["over"] and now["seen"] > was["seen"], now
    assert WHO["iss"].get(f"{R1}/reports")["counts"]["late"] == 0
    assert cli("round", "status", "R1", who="iss")["due"] == "2199-01-01"
    cli("round", "extend", "R1", "--due", "2199-02-01", "--cause", "再延", who="iss")
    assert WHO["iss"].get(R1)["due"] == "2199-02-01"


# ---- sealed -------------------------------------------------------------------------------------

@test("sealed figures, and what is said of them, are never shown above; they are reviewed still")
def _():
    path = "/rounds/R2/reports/S2"
    act("s2", "save", path, cells=[{"item": "残疾", "value": "7", "explained": "张密封 鉴定中"}])
    done = act("s2", "submit", path)
    for who in ("ding", "deng"):
        text = WHO[who].text(path) + WHO[who].text(f"{path}/history") + \
            WHO[who].text(f"{path}/findings") + WHO[who].text("/units/D/reviews")
        assert '"7"' not in text and "张密封" not in text, text
        (cell,) = WHO[who].get(path)["cells"]
        assert cell["sealed"] and cell["value"] == "" and cell["explained"] == ""
    assert show("s2", path)["cells"][0]["value"] == "7"
    (done,) = WHO["ding"].post("/rounds/R2/reviews/D/approve", {"reports": [
        {"unit": "S2", "seen": done["commit"]}]})["reports"]
    assert done["done"], done
    li = WHO["li"].get("/rounds/R2/reports/S1")  # his seat is up to internal
    assert li["cells"][0]["sealed"] and li["may"] == [], li


@test("a county enters for a school below it, and is named for it")
def _():
    sealed = {"seen": 0, "cells": [{"item": "残疾", "value": "1"}]}
    WHO["issd"].post("/rounds/R2/reports/S3/save", sealed, want=403)
    made = WHO["iss"].post("/rounds", {"round": "R3", "form": "F1", "period": "2026",
                                       "due": "2199-01-01", "minutes": 1})
    assert made["units"] == 3
    path = "/rounds/R3/reports/S3"
    got = WHO["issd"].post(f"{path}/save", {"seen": 0, "cells": GOOD})
    assert got["last"]["actor"] == "user/issd" and "submit" in got["may"], got


@test("many reports are decided at once, each by itself")
def _():
    sent = {}
    for who, unit in (("li", "S1"), ("s2", "S2"), ("issd", "S3")):
        path = f"/rounds/R3/reports/{unit}"
        act(who, "save", path, cells=GOOD)
        sent[unit] = act(who, "submit", path)["commit"]
    got = WHO["ding"].post("/rounds/R3/reviews/D/approve", {"reports": [
        {"unit": u, "seen": n} for u, n in sent.items()] + [{"unit": "S9", "seen": 1},
                                                            {"unit": "S1", "seen": 1}]})["reports"]
    assert [(x["unit"], x["status"]) for x in got] == [
        ("S1", 200), ("S2", 200), ("S3", 200), ("S9", 404), ("S1", 409)], got
    assert [x["round"] for x in WHO["chen"].get("/units/C/reviews")["reports"]] == [
        "R2", "R3", "R3", "R3"]


# ---- workbooks ----------------------------------------------------------------------------------

def send(who, path, data, want=200):
    more = {"Content-Type": "application/octet-stream", "X-Tizhi": "1", "Accept-Language": "en"}
    got = WHO[who].asker.ask("POST", "/api/v1" + path, body=data, headers=more)
    assert got.status == want, got.text
    return got


def packed(rows):
    sheet = Sheet()
    for row in rows:
        sheet.add(*row)
    out = io.BytesIO()
    sheet.write(out)
    return out.getvalue()


def book_of(who, path):
    got = WHO[who].asker.get(path)
    assert got.status == 200 and "spreadsheetml" in got.type, got.text[:200]
    return got.bytes


@test("a form goes out as a workbook and comes back; a table of another make becomes drafts")
def _():
    made = WHO["iss"].post("/rounds", {"round": "R4", "form": "F1", "period": "2023",
                                       "due": "2199-01-01", "minutes": 1})
    assert made["units"] == 3
    book = book_of("li", "/rounds/R4/workbook?unit=S1")
    assert "学生" in str(read_sheet(book)), read_sheet(book)
    back = send("li", "/rounds/R4/import?unit=S1&name=form.xlsx", book).json
    assert back["files"][0]["exported"] and back["saved"] == 0, back
    table = packed([["机构", "学生", "教师"], ["一小", 123, 10]])
    dry = send("li", "/rounds/R4/import?unit=S1&dry=yes&name=t.xlsx", table).json
    assert dry["dry_run"] and dry["saved"] == 1 and dry["units"][0]["changed"] == 2, dry
    assert show("li", "/rounds/R4/reports/S1")["state"] == "none"
    done = send("li", "/rounds/R4/import?unit=S1&name=t.xlsx", table).json
    assert done["saved"] == 1 and done["units"][0]["unit"] == "S1", done
    assert [c["value"] for c in show("li", "/rounds/R4/reports/S1")["cells"]][:2] == ["123", "10"]
    again = send("li", "/rounds/R4/import?unit=S1&name=t.xlsx", table).json
    assert again["same"] == 1 and again["saved"] == 0, again
    send("lead", "/rounds/R4/import?unit=S1", table, want=403)
    rows = str(read_sheet(book_of("rong", "/rounds/R4/workbook")))
    assert all(name in rows for name in ("一小", "二小", "三小", "123")), rows


@test("a dirty table goes up, and comes back with notes where something is wrong")
def _():
    dirty = packed([["机构", "学生", "教师"], ["二小", "约200", 20], ["三小", 201, "二十"],
                    ["四小", 5, 1]])
    said = send("issd", "/rounds/R4/import?dry=yes&unit=D&name=t.xlsx", dirty).json
    levels = [n["level"] for n in said["files"][0]["notes"]]
    assert said["findings"] == 1 and levels.count("refused") >= 2, said
    copy = send("issd", "/rounds/R4/annotate?unit=D&name=t.xlsx", dirty)
    assert "spreadsheetml" in copy.type and "notes.xlsx" in copy.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(copy.bytes)) as z:
        (notes,) = [z.read(n).decode() for n in z.namelist() if "comments" in n]
    assert "约200" in notes and "四小" in notes, notes
    assert show("s2", "/rounds/R4/reports/S2")["state"] == "none"
    bad = send("issd", "/rounds/R4/annotate?unit=D&name=t.xlsx", b"PK\x03\x04no", want=422)
    assert bad.json["title"], bad.text


@test("the service ends in order")
def _():
    assert SERVICE.stop() == 0, "".join(SERVICE.said)


if __name__ == "__main__":
    sys.exit(main())
