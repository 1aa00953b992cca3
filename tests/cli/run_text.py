#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The living plan on an invented text: every commitment is marked where it is printed, with the
verdict that eval gives; the page is safe, whole and readable without colours. Prints TAP."""
import base64
import hashlib
import html
import json
import re
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town, run  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 p { 名称 "林灯<三年>计划" 文号 "林〔2024〕1号" 年度 2024 至 2026 }
层级 省 > 县
对象 省 { 数据 树 : 个 每年 来源 年报 数据 灯 : 个 每年 数据 覆盖 : % 每年 小数 1 }
对象 县 { 数据 路 : 个 每年 }
条款 A 一
条款 B 二(一)1
条款 C 二(一)2
条款 D 三
目标 A1 树木 { 依据 A 第1句 到 2026年 树 不少于 1200个 }
目标 A2 路灯 { 依据 A 第1句 每年 2024 至 2024 灯 不少于 30个 }
目标 A3 照明覆盖 { 依据 A 第1句 每年 2024 至 2024 覆盖 达到 93.5% }
目标 B1 各县修路 { 依据 B 每年 2024 至 2024 每个 县 路 不少于 5个 }
任务 B2 「<b>护树</b>手册」 { 依据 B 于 2024年 交付 "护树手册" }
不可测 C1 { 依据 C 理由 "没有 <数字>" }
任务 D1 巡灯 { 依据 D 于 2099年 启动 "巡灯" }
"""
TEXT = """林灯三年计划
一、总目标
到2026年，全省新种树木1200棵以上，路灯每年新增30盏，照明覆盖率达到93.5%。
二、任务
(一)养护
1.编好护树手册。每个县每年修路5条，<script>alert("x")</script>。
2.让大家高兴。没有人说过的一句话。
三、巡灯
定期巡灯。
"""
UNITS = "code,name,kind,parent\nR,林省,省,\nD,东县,县,R\nE,西县,县,R\n"
FACTS = """unit,item,period,value,recorded,source
R,树,2024,400,2024-11-01,林业年报
R,灯,2024,31,2024-11-01,灯光处
R,覆盖,2024,93.4,2024-11-01,灯光处
D,路,2024,6,2024-11-01,年报
E,路,2024,4,2024-11-01,年报
"""
AS_OF = "2025-06-30"


def folder(plan=PLAN, text=TEXT, units=UNITS, facts=FACTS):
    made = tempfile.TemporaryDirectory()
    pack = Path(made.name, "pack")
    (pack / "data").mkdir(parents=True)
    (pack / "a.plan").write_text(plan, "utf-8")
    (pack / "units.csv").write_text(units, "utf-8")
    (pack / "data" / "facts.csv").write_text(facts, "utf-8")
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    Path(made.name, "t.txt").write_bytes(data)
    return made


def text(made, *args, want=0, lang="en"):
    status, out, err = run("text", Path(made.name, "t.txt"), "--pack", Path(made.name, "pack"),
                           "--as-of", AS_OF, "--lang", lang, *args)
    assert status == want, f"exit {status}: {err}{out}"
    return out + err


def page(made, *args, lang="en"):
    out = Path(made.name, "p.html")
    text(made, "--html", "--out", out, *args, lang=lang)
    return out.read_text("utf-8")


def answer(made, *args):
    return json.loads(text(made, "--format", "json", *args))


MADE = folder()
PAGE = page(MADE)
JSON = answer(MADE)


def marks():
    """Printed text -> (state, ids of its notes)."""
    ids = {n["number"]: n["id"] for n in JSON["notes"]}
    return {m["text"]: (m["state"], [ids[n] for n in m["notes"]]) for m in JSON["marks"]}


@test("each commitment stands where its figure or its words are printed, with its state")
def _():
    found = marks()
    assert found["全省新种树木1200棵以上"] == ("grey", ["A1"]), found
    assert found["路灯每年新增30盏"] == ("met", ["A2"]), found
    assert found["照明覆盖率达到93.5%"] == ("missed", ["A3"]), found
    assert found["编好护树手册"] == ("missed", ["B2"]), found
    assert found["每个县每年修路5条"] == ("missed", ["B1"]), found
    assert found["巡灯"] == ("grey", ["D1"]), found
    assert found["让大家高兴"][0] == "open" and found["没有人说过的一句话"][0] == "open", found


@test("notes say what eval says: figure, requirement, reported, due, source")
def _():
    done = run("eval", "--pack", Path(MADE.name, "pack"), "--as-of", AS_OF, "--unit", "R",
               "--format", "json", "--lang", "en")
    verdicts = {(v["target"], v["year"]): v for v in json.loads(done[1])["verdicts"]}
    rows = {(n["id"], r["year"]): r for n in JSON["notes"] for r in n["rows"]}
    assert set(rows) == {k for k in verdicts if k[0] != "C1"}, set(rows) ^ set(verdicts)
    for key, row in rows.items():
        assert row["text"] == verdicts[key]["text"], (key, row)
        assert row["reported"] == f"{verdicts[key]['reported']}/{verdicts[key]['expected']}", row
    sources = {n["id"]: n["sources"] for n in JSON["notes"]}
    assert sources["A2"] == "灯光处, recorded 2024-11-01", sources
    assert sources["A1"] == "林业年报, recorded 2024-11-01；年报", sources


class Reader(HTMLParser):
    """Tags, ids, references and text of a page."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.ids, self.refs, self.open, self.text = set(), [], [], [], ""
        self.plain = ""  # without tags and cards
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            assert not name.startswith("on"), name
            if name == "id":
                self.ids.append(value)
            elif name == "href":
                assert value.startswith("#"), value
                self.refs.append(value[1:])
            elif name == "aria-describedby":
                self.refs.append(value)
            else:
                assert name not in ("src", "style", "action"), name
        if tag not in ("meta", "!doctype"):
            kind = dict(attrs).get("class", "")
            self.open.append((tag, kind in ("tag", "card")))

    def handle_endtag(self, tag):
        assert self.open and self.open.pop()[0] == tag, f"</{tag}> closes nothing"

    def handle_data(self, data):
        self.text += data
        self.plain += "" if any(apart for _, apart in self.open) else data


@test("the page is one file without script, everything foreign is escaped, and its policy holds")
def _():
    read = Reader(PAGE)
    assert not read.open, read.open
    assert read.tags.isdisjoint({"script", "b>护树", "link", "img", "iframe", "object"}), read.tags
    assert '<script>alert("x")</script>' in read.text and "<b>护树</b>手册" in read.text
    assert "林灯<三年>计划" in read.text and "没有 <数字>" in read.text
    style = re.search(r"<style>(.*?)</style>", PAGE, re.S).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = html.unescape(re.search(r'Security-Policy" content="([^"]*)"', PAGE).group(1))
    assert "default-src 'none'" in policy and f"style-src 'sha256-{digest}'" in policy, policy
    assert "unsafe" not in policy and "http" not in re.sub("http-equiv", "", PAGE)


@test("every reference of the page leads somewhere, and no id stands twice")
def _():
    read = Reader(PAGE)
    assert len(read.ids) == len(set(read.ids)), read.ids
    assert set(read.refs) <= set(read.ids), set(read.refs) - set(read.ids)
    numbers = {n["number"] for n in JSON["notes"]}
    assert {f"n{n}" for n in numbers} | {f"m{n}" for n in numbers} <= set(read.ids), read.ids


@test("nothing of the text is lost, nothing is said by colour alone, both languages")
def _():
    plain = Reader(PAGE).plain
    for line in TEXT.splitlines():
        assert line in plain, line
    for word in ("✗ missed", "✓ met", "○ pending", "as of 2025-06-30", "林省",
                 "sentence 1: not judged", "林〔2024〕1号"):
        assert word in html.unescape(PAGE), word
    zh = html.unescape(page(MADE, lang="zh"))
    for word in ("✗ 未达", "✓ 达成", "○ 待定", "截至 2025-06-30", "第1句：不由程序判定", "来源："):
        assert word in zh, word
    assert "示例数据" not in zh
    shown = html.unescape(page(folder(units=UNITS.replace("林省", "示例林省")), lang="zh"))
    assert "示例数据：由程序生成" in shown


@test("a unit of its own, tables in other places, and what may not be asked")
def _():
    found = answer(MADE, "--unit", "E")
    rows = {n["id"]: n["rows"] for n in found["notes"]}
    assert [r["state"] for r in rows["B1"]] == ["missed"] and rows["A1"] == [], rows
    assert "[2✓]" in text(MADE) and "[4✗]" in text(MADE), text(MADE)
    assert "--out FILE" in text(MADE, "--html", want=2)
    assert "--html" in text(MADE, "--out", "x.html", want=2)
    assert "no such unit" in text(MADE, "--unit", "X", want=3)
    assert "no numbered heading" in text(folder(text="没有标题。\n"), want=3)
    assert "neither UTF-8" in text(folder(text=b"\x81\xff\xff\xfe" * 50), want=3)


@test("on a book: the rights of whoever is logged in, and small sealed counts stay away")
def _():
    plan = """计划 p { 年度 2024 至 2024 }
层级 省 > 县
对象 县 { 数据 学生 : 人 每年 小数 0 密级 密封 }
目标 S1 学生 { 依据 一 每年 每个 县 学生 不少于 3人 }
"""
    b = Town(plan, "code,name,kind,parent\nR,省,省,\nD,县,县,R\nE,邻县,县,R\n",
             {"boss": ["leader R internal"], "gone": []},
             (("facts.csv", "unit,item,period,value\nD,学生,2024,4\n"),))
    (b.dir / "t.txt").write_text("一、每个县学生不少于3人。\n", "utf-8")
    found = b("text", b.dir / "t.txt", "--unit", "D", who="boss", fmt="json")
    assert [r["text"] for r in found["notes"][0]["rows"]] == ["<10"], found
    b("text", b.dir / "t.txt", "--unit", "D", "--html", "--out", b.dir / "p.html", who="boss")
    shown = (b.dir / "p.html").read_text("utf-8")
    assert "&lt;10" in shown and "4人" not in shown and "book, commit" in shown, shown
    b("text", b.dir / "t.txt", who="gone", want=3)


@test("a long and a hostile text")
def _():
    long = "一、开头。\n" + "".join(f"{i}、第{i}件事，修路{i}条，到2026年种树1200棵。\n"
                                   for i in range(1, 900))
    assert page(folder(text=long)).count("<p class=\"body") == 900
    odd = "一、\u202e反转" + "“《(" * 2000 + "种树1200棵；\n" + "，" * 5000
    assert "\u202e" not in page(folder(text=odd))


sys.exit(main())
