#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Workbooks to fill in (export form, export register): what stands where, what the machine sheet
says of it, what spreadsheets accept, who may see what. LibreOffice, where it is there, opens them,
and colours what a check finds. Prints TAP."""
import csv
import io
import re
import shutil
import subprocess
import sys
import zipfile
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town, run  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 p { 年度 2024 至 2026 }
层级 省 > 市 > 县 > 学校
条款 B1 附件1 一
对象 学校 属于 县 {
  数据 学生 : 人 每年 小数 0 口径 "学年初在籍，含随班就读" 来源 "事业统计"
  数据 教师 : 人 每年 小数 0
  数据 达标率 : % 每年 小数 1 范围 0 至 100%
  数据 经费 : 万元 每年 小数 2
  数据 占地 : 平方米 每年
  数据 寄宿 : 是否 每年
  数据 类别 : 选项("小学","初中, 含完中","九年一贯制") 每年
  数据 建校 : 日期 每年
  数据 校训 : 文本 每年
  数据 干预 : 人 每年 小数 0 密级 密封
}
指标 B1.1 师生比 { 依据 B1 计算 求和(学校.学生) / 求和(学校.教师) 目标 每年 全域 不超过 20人/人 }
报表 F1 「学校/基本情况[2025]」 { 对象 学校 每年 截止 10-15
  项 学生, 教师, 达标率, 经费, 占地, 寄宿, 类别, 建校, 校训, 干预 }
校验 K1 师生 { 对象 学校  教师 不超过 学生  硬性 提示 "教师多于学生" }
校验 K2 生师比 { 对象 学校  学生 不超过 教师 * 30  软性 提示 "生师比过高" }
校验 K3 增幅 { 对象 学校  学生 不超过 上年(学生) * 1.5  软性 }
校验 K4 经费 { 对象 学校  非 (寄宿 且 类别 为 "小学") 或 经费 不低于 1万元  硬性 }
校验 K5 两年 { 对象 学校  连续 2年 达标率 不低于 50%  软性 }
校验 K6 干预 { 对象 学校  干预 不超过 学生  软性 提示 "密封校验" }
台账 培训 属于 学校 { 字段 人员 : 文本 键  字段 学时 : 学时  字段 领域 : 选项("科学","艺术")
  字段 合格 : 是否  须报送 每年 }
校验 K7 学时 { 台账 培训  学时 不低于 4学时  硬性 }
"""
UNITS = """code,name,kind,parent
R,省,省,
C,市,市,R
D,甲县,县,C
E,乙县,县,C
S1,一小,学校,D
S2,"二小/分校<东>",学校,D
s1,小一小,学校,D
T1,三小,学校,E
"""
PEOPLE = {"issuer": ["issuer R internal"], "u1": ["filler S1 sealed"], "u2": ["filler S2 internal"],
          "revd": ["reviewer D internal"], "reve": ["reviewer E internal"]}
FACTS = """item,unit,period,value,source
学校.学生,S1,2024,1234,事业统计
学校.教师,S1,2024,80,事业统计
学校.达标率,S1,2024,95,事业统计
学校.经费,S1,2024,1234567.5,事业统计
学校.占地,S1,2024,23.4567,事业统计
学校.寄宿,S1,2024,是,事业统计
学校.类别,S1,2024,"初中, 含完中",事业统计
学校.建校,S1,2024,1956-09-01,事业统计
学校.校训,S1,2024,=1+1 团结,事业统计
"""
SEALED = "item,unit,period,value\n学校.干预,S1,2024,4\n"  # from the start: nobody may load it
# Of S1, to be saved: breaks K1 and K4, and has texts that look like formulas.
FORM = """item,value,explain
学生,70,
教师,90,
达标率,0.5,+教室不足
经费,0.5,
占地,0.1234,
寄宿,是,
类别,小学,
建校,2001-02-03,
校训,"@SUM(A1)
=x",-1
干预,3,四人 密谈
K2,,合并校区
"""
ROWS = "人员,学时,领域,合格,起\n张三,2,科学,是,2025-03-01\n=cmd|'/c'!A1,12.5,艺术,否,2025-03-02\n"

TOWN = Town(PLAN, UNITS, PEOPLE, (("facts.csv", SEALED),))
BOOK = TOWN.copy(facts=FACTS)
BOOK("round", "open", "R1", "--form", "F1", "--period", "2025", "--due", "2199-01-01",
     "--minutes", "3", who="issuer")
(BOOK.dir / "form.csv").write_text(FORM, "utf-8")
(BOOK.dir / "rows.csv").write_text(ROWS, "utf-8")
BOOK("report", "save", "R1", BOOK.dir / "form.csv", "--unit", "S1", who="u1")
BOOK("register", "import", "培训", BOOK.dir / "rows.csv", "--unit", "S1", who="u1")


def out(name):
    return BOOK.dir / name


def export(*args, who="u1", to="x.xlsx", want=0, lang="zh", **kw):
    return BOOK("export", *args, "--out", out(to), who=who, want=want, lang=lang, **kw)


def cells(path, want=None):
    """Sheet -> {"A1": cell as `tizhi sheet` reads it}, and the order of the sheets."""
    more = ("--want", want) if want else ()
    import json
    status, text, err = run("sheet", path, "--format", "json", *more)
    assert status == 0, err
    sheets = json.loads(text)["sheets"]
    return {s["name"]: {c["at"]: c for c in s["cells"]} for s in sheets}, sheets


def at(sheet, place):
    return sheet.get(place, {}).get("text", "")


def column_number(letters):
    n = 0
    for c in letters:
        n = n * 26 + ord(c) - 64
    return n


def machine(path):
    """The machine sheet as it is documented: abouts, and tables with their columns and lines."""
    rows = {}
    for place, cell in cells(path)[0]["_tizhi"].items():
        letters, row = re.fullmatch(r"([A-Z]+)(\d+)", place).groups()
        rows.setdefault(int(row), {})[column_number(letters)] = cell["text"]
    about, tables = {}, []
    for _, row in sorted(rows.items()):
        got = [row.get(i, "") for i in range(1, max(row) + 1)]
        if got[0] == "about":
            about[got[1]] = got[2]
        elif got[0] == "table":
            tables.append({"sheet": got[1], "lines_are": got[2], "header": int(got[3]),
                           "free": (int(got[4]), int(got[5])), "columns": [], "lines": []})
        elif got[0] == "column":
            tables[-1]["columns"].append(dict(zip(("at", "role", "name", "measure", "head"),
                                                  got[1:] + [""] * 5)))
        elif got[0] == "line":
            got += [""] * (7 + len(tables[-1]["columns"]) - len(got))
            tables[-1]["lines"].append(
                dict(zip(("row", "unit", "name", "measure", "seen", "label"), got[1:7]),
                     values=got[7:]))
    return about, tables


def same(cell, exported):
    """What the cell shows is what was exported of it."""
    if exported == "":
        return cell is None
    if cell is None:
        return False
    if cell["kind"] != "number":
        return cell["text"] == {"true": "是", "false": "否"}.get(exported, exported)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", exported):
        from datetime import date
        days = (date.fromisoformat(exported) - date(1899, 12, 30)).days
        return int(cell["text"]) == days
    return True


def number(cell, measure):
    """The figure in base units, as a cell of that unit has it."""
    value = Fraction(format(float(cell["text"]), ".15g"))
    return value if cell.get("format") == "percent" else value * {"万元": 10000}.get(measure, 1)


def assert_unchanged(path):
    """Every cell of every table reads as it was exported."""
    sheets, _ = cells(path)
    compared = 0
    for t in machine(path)[1]:
        for line in t["lines"]:
            for column, exported in zip(t["columns"], line["values"]):
                if column["role"] not in ("value", "row", "explain", "unit", "about"):
                    assert exported == "", (column, line)
                    continue
                if column["name"] == "state":
                    continue
                cell = sheets[t["sheet"]].get(column["at"] + line["row"])
                measure = column["measure"] or line["measure"]
                assert same(cell, exported), (cell, exported)
                if cell and cell["kind"] == "number" and "-" not in exported:
                    assert number(cell, measure) == Fraction(exported), (cell, exported)
                compared += 1
    return compared


@test("one unit's form: items, what was before, what is there, and where it stands")
def _():
    said = export("form", "--round", "R1", "--unit", "S1", to="u.xlsx")
    assert "已写入" in said, said
    sheets, order = cells(out("u.xlsx"))
    assert [(s["name"], s["state"]) for s in order] == [
        ("学校_基本情况_2025_", "visible"), ("校验", "visible"), ("_lists", "hidden"),
        ("_tizhi", "hidden")], order
    assert order[0]["protected"] and order[1]["protected"]
    page = sheets["学校_基本情况_2025_"]
    assert at(page, "A1") == "学校/基本情况[2025]" and "一小（S1）" in at(page, "A2")
    assert all(x in at(page, "A3") for x in ("R1", "2025", "2199-01-01", "填报中"))
    assert [at(page, f"{c}5") for c in "ABCDE"] == ["指标", "单位", "上期", "本期", "说明"]
    assert (at(page, "C6"), at(page, "D6")) == ("1234", "70")
    assert (at(page, "B8"), at(page, "D8"), page["D8"]["format"]) == (
        "%（填95即95%）", "0.005", "percent")
    assert (at(page, "C12"), at(page, "D12")) == ("初中, 含完中", "小学")
    assert at(page, "D14") == "@SUM(A1)\n=x" and page["D14"]["kind"] == "text"
    assert at(page, "C14") == "=1+1 团结" and at(page, "E8") == "+教室不足"
    about, tables = machine(out("u.xlsx"))
    assert (about["layout"], about["form"], about["round"], about["period"], about["plan"]) == (
        "unit", "F1", "R1", "2025", "p"), about
    assert [t["lines_are"] for t in tables] == ["items", "checks"]
    line = tables[0]["lines"][3]
    assert (line["row"], line["unit"], line["name"], line["measure"], line["label"]) == (
        "9", "S1", "学校.经费", "万元", "经费"), line
    assert line["values"] == ["", "", "5000", ""] and int(line["seen"]) > 0, line
    assert [(x["name"], x["values"][1]) for x in tables[1]["lines"]] == [
        ("K2", "合并校区"), ("K3", ""), ("K5", ""), ("K6", "")], tables[1]


@test("what is exported reads as it was exported, cell by cell")
def _():
    export("form", "--round", "R1", "--unit", "S1", to="u.xlsx")
    assert assert_unchanged(out("u.xlsx")) == 24
    export("form", "--round", "R1", "--within", "D", to="m.xlsx", who="revd")
    assert assert_unchanged(out("m.xlsx")) == 27 + 3 * 3
    export("register", "培训", "--unit", "S1", to="g.xlsx")
    assert assert_unchanged(out("g.xlsx")) == 16


@test("an exported workbook that is taken in again changes nothing")
def _():
    for args, to, by in ((("--unit", "S1"), "u.xlsx", "u1"),
                         (("--within", "D"), "m.xlsx", "revd")):
        export("form", "--round", "R1", *args, to=to, who=by)
        # Of a workbook of many, who fills in one is told that the others are not his.
        got = BOOK("import", out(to), "--round", "R1", "--unit", "S1", "--dry-run", who="u1",
                   fmt="json", want=1 if by == "revd" else 0)
        notes = {n["code"] for f in got["files"] for n in f["notes"]} - {"unit-not-asked"}
        assert got["files"][0]["exported"] and not notes, got
        assert got["values"] == got["saved"] == got["files"][0]["cleaned"] == 0, got


@test("equal books give equal bytes")
def _():
    export("form", "--round", "R1", "--unit", "S1", to="a.xlsx")
    export("form", "--round", "R1", "--unit", "S1", to="b.xlsx")
    assert out("a.xlsx").read_bytes() == out("b.xlsx").read_bytes()


@test("a form says the day to which its round was extended; who is asked stays")
def _():
    book = TOWN.copy()
    book("round", "open", "R1", "--form", "F1", "--period", "2025", "--due", "2199-01-01",
         "--minutes", "3", who="issuer")
    book("round", "extend", "R1", "--due", "2199-02-01", "--cause", "培训延后", who="issuer")
    for args, who in ((("--unit", "S1"), "u1"), (("--within", "D"), "revd")):
        path = book.dir / "later.xlsx"
        book("export", "form", "--round", "R1", *args, "--out", path, who=who, lang="zh")
        sheets, order = cells(path)
        text = " ".join(c["text"] for c in sheets[order[0]["name"]].values())
        assert "截止：2199-02-01" in text and "2199-01-01" not in text, text
        assert "一小" in text, text


@test("many units: a row each, sealed items left out, explanations on a sheet of their own")
def _():
    export("form", "--round", "R1", "--within", "D", to="m.xlsx", who="revd")
    sheets, order = cells(out("m.xlsx"))
    page = sheets["学校_基本情况_2025_"]
    assert [s["name"] for s in order][1:] == ["校验", "说明", "_lists", "_tizhi"]
    assert [at(page, f"A{r}") for r in (6, 7, 8)] == ["S1", "S2", "s1"]
    assert at(page, "C5") == "学生\n（人）上期" and at(page, "D5") == "学生\n（人）"
    assert (at(page, "C6"), at(page, "D6"), at(page, "D7")) == ("1234", "70", "")
    text = " ".join(c["text"] for s in sheets.values() for c in s.values())
    assert "干预" not in text and "密谈" not in text and "密封校验" not in text
    notes = sheets["说明"]
    assert [(at(notes, f"A{r}"), at(notes, f"C{r}"), at(notes, f"D{r}")) for r in (3, 4, 5)] == [
        ("S1", "学校.达标率", "+教室不足"), ("S1", "学校.校训", "-1"), ("S1", "K2", "合并校区")]
    tables = machine(out("m.xlsx"))[1]
    assert [t["lines_are"] for t in tables] == ["units", "notes"] and tables[1]["free"] == (6, 200)
    before = [c for c in tables[0]["columns"] if c["role"] == "before"]
    assert len(before) == 9 and len(tables[0]["columns"]) == 19


@test("a figure that may not be seen is in no cell")
def _():
    export("form", "--round", "R1", "--unit", "S1", to="r.xlsx", who="revd")
    sheets, _ = cells(out("r.xlsx"))
    page = sheets["学校_基本情况_2025_"]
    assert at(page, "A15") == "干预" and at(page, "D15") == "密封" and at(page, "C15") == ""
    names = [x["name"] for t in machine(out("r.xlsx"))[1] for x in t["lines"]]
    assert "学校.干预" not in names and "K6" not in names, names
    assert "密谈" not in " ".join(c["text"] for s in sheets.values() for c in s.values())


@test("who may not read a report gets no workbook of it")
def _():
    export("form", "--round", "R1", "--unit", "S1", to="no.xlsx", who="reve", want=3)
    export("form", "--round", "R1", "--within", "D", to="no.xlsx", who="reve", want=3)
    export("form", "--round", "R1", "--within", "D", to="no", who="reve", want=3)
    export("register", "培训", "--unit", "S1", to="no.xlsx", who="reve", want=3)
    assert not out("no.xlsx").exists() and not out("no").exists()
    assert not [p for p in BOOK.dir.iterdir() if p.name.startswith("no.xlsx")]
    export("form", "--round", "R1", to="e.xlsx", who="reve")
    assert [x["unit"] for x in machine(out("e.xlsx"))[1][0]["lines"]] == ["T1"]


@test("a folder of workbooks, with names that Windows takes")
def _():
    said = export("form", "--round", "R1", "--within", "D", "--each", to="many", who="revd",
                  fmt="json")
    assert said == {"out": str(out("many")), "workbooks": 3, "units": 3}, said
    names = sorted(p.name for p in out("many").iterdir())
    assert names == ["S1 一小 学校_基本情况[2025].xlsx",
                     "S2 二小_分校_东_ 学校_基本情况[2025].xlsx",
                     "s1 小一小 学校_基本情况[2025].xlsx"], names
    assert len({n.casefold() for n in names}) == 3
    for name in names:
        assert assert_unchanged(out("many") / name) > 0
        assert machine(out("many") / name)[1][0]["lines"][0]["unit"] == name.split()[0]


@test("a register: rows, then empty ones")
def _():
    export("register", "培训", "--unit", "S1", to="g.xlsx")
    sheets, _ = cells(out("g.xlsx"))
    page = sheets["培训"]
    heads = [at(page, f"{c}4") for c in "ABCDEFGHIJ"]
    assert heads == ["编号", "人员*\n（文字）", "学时\n（学时）", "领域\n（选项）",
                     "合格\n（是/否）", "日期", "起", "止", "撤销日", "登记状态"], heads
    people = {at(page, f"B{r}"): r for r in (5, 6)}
    assert set(people) == {"张三", "=cmd|'/c'!A1"}, people
    about, tables = machine(out("g.xlsx"))
    assert about["register"] == "培训" and about["layout"] == "register"
    assert tables[0]["lines_are"] == "rows" and tables[0]["free"] == (7, 50)
    roles = [(c["role"], c["name"]) for c in tables[0]["columns"]]
    assert roles[:2] == [("label", "id"), ("value", "人员")] and roles[6] == ("row", "from"), roles


@test("of a pack, without a book: blank, or with what its tables have")
def _():
    with_facts = BOOK.pack
    def pack(*args, to, want=0):
        status, said, err = run("export", "form", "--pack", with_facts, "--out", out(to),
                                "--lang", "zh", *args)
        assert status == want, (status, said, err)
        return said + err
    pack("--form", "F1", to="blank.xlsx")
    about, tables = machine(out("blank.xlsx"))
    assert "round" not in about and tables[0]["lines"][0]["unit"] == "", about
    assert all(v == "" for x in tables[0]["lines"] for v in x["values"])
    pack("--form", "F1", "--within", "D", "--period", "2024", to="filled.xlsx")
    assert assert_unchanged(out("filled.xlsx")) > 0
    assert machine(out("filled.xlsx"))[1][0]["lines"][0]["values"][1] == "1234"
    pack("--form", "F1", "--unit", "S1", "--period", "2025", to="one.xlsx")
    assert at(cells(out("one.xlsx"))[0]["学校_基本情况_2025_"], "C6") == "1234"
    assert "是否指" in pack("--form", "F2", to="none.xlsx", want=3)
    assert "--form" in pack(to="none.xlsx", want=2)
    assert "--each" in pack("--form", "F1", "--each", to="none", want=2)
    status, _, err = run("export", "register", "培训", "--pack", with_facts, "--out",
                         out("g0.xlsx"), "--lang", "en")
    assert status == 0, err
    assert machine(out("g0.xlsx"))[1][0]["lines"] == []


@test("demonstration data are marked on the sheet and for the machine")
def _():
    made_up = TOWN.copy(facts=FACTS.replace(",事业统计", ",示例数据"))
    made_up("round", "open", "R1", "--form", "F1", "--period", "2025", "--due", "2199-01-01",
            "--minutes", "3", who="issuer")
    for args in (("--unit", "S1"), ("--within", "D")):
        path = made_up.dir / "demo.xlsx"
        made_up("export", "form", "--round", "R1", *args, "--out", path, who="revd", lang="zh")
        sheets, order = cells(path)
        text = " ".join(c["text"] for c in sheets[order[0]["name"]].values())
        assert "（示例数据）" in order[0]["name"] and "示例数据：" in text, text
        assert machine(path)[0]["demo"] == "yes"
    assert "demo" not in machine(out("u.xlsx"))[0]


# ---- what spreadsheets accept --------------------------------------------------------------------

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def parts(path):
    with zipfile.ZipFile(path) as z:
        assert z.testzip() is None and len(set(z.namelist())) == len(z.namelist())
        return {n: z.read(n) for n in z.namelist()}


def units16(text):
    return len(text.encode("utf-16-le")) // 2


def check_sheet(root):
    assert not list(root.iter(MAIN + "f")), "a formula"
    seen = set()
    for cell in root.iter(MAIN + "c"):
        assert cell.get("r") not in seen, cell.get("r")
        seen.add(cell.get("r"))
        for text in cell.iter(MAIN + "t"):
            assert units16(text.text or "") <= 32767
    for rule in root.iter(MAIN + "dataValidation"):
        for name, most in (("promptTitle", 32), ("errorTitle", 32), ("prompt", 255),
                           ("error", 255)):
            assert units16(rule.get(name, "")) <= most, rule.attrib
            assert rule.get(name) != "", rule.attrib
        for formula in (*rule.iter(MAIN + "formula1"), *rule.iter(MAIN + "formula2")):
            assert formula.text and units16(formula.text) <= 255
    for rule in root.iter(MAIN + "cfRule"):
        text = rule.find(MAIN + "formula").text
        assert units16(text) <= 8192 and "!" not in text, text
        assert text.count("(") == text.count(")")
    merged = [r.get("ref") for r in root.iter(MAIN + "mergeCell")]
    assert len(merged) == len(set(merged))


@test("within the limits of Excel: names, texts, rules, notes, styles")
def _():
    for name in ("u.xlsx", "m.xlsx", "g.xlsx", "blank.xlsx", "r.xlsx"):
        files = parts(out(name))
        book = ElementTree.fromstring(files["xl/workbook.xml"])
        names = [s.get("name") for s in book.iter(MAIN + "sheet")]
        assert len({n.casefold() for n in names}) == len(names)
        for n in names:
            assert 0 < units16(n) <= 31 and not re.search(r"[\[\]:*?/\\]", n), n
            assert n[0] != "'" and n[-1] != "'", n
        for defined in book.iter(MAIN + "definedName"):
            assert defined.get("name") == "_xlnm.Print_Titles", defined.get("name")
        styles = ElementTree.fromstring(files["xl/styles.xml"])
        assert len(styles.find(MAIN + "cellXfs")) < 64 and len(styles.find(MAIN + "dxfs")) <= 2
        for part, text in files.items():
            if part.startswith("xl/worksheets/sheet"):
                check_sheet(ElementTree.fromstring(text))
            if part.startswith("xl/comments"):
                notes = ElementTree.fromstring(text)
                places = [c.get("ref") for c in notes.iter(MAIN + "comment")]
                assert len(places) == len(set(places)) and len(places) <= 65536
    comments = parts(out("u.xlsx"))["xl/comments1.xml"].decode()
    assert "学年初在籍" in comments and "事业统计" in comments and "B1" in comments, comments


@test("input: lists for choices, bounds for numbers, unlocked where it is to be filled in")
def _():
    root = ElementTree.fromstring(parts(out("u.xlsx"))["xl/worksheets/sheet1.xml"])
    rules = {r.get("sqref"): r for r in root.iter(MAIN + "dataValidation")}
    assert rules["D6"].get("type") == "whole" and "不小于 0" in rules["D6"].get("error")
    assert [f.text for f in rules["D8"]] == ["0", "1"]
    assert [f.text for f in rules["D11"]] == ["'_lists'!$A$1:$A$2"]
    lists = cells(out("u.xlsx"))[0]["_lists"]
    assert [at(lists, f"B{i}") for i in (1, 2, 3)] == ["小学", "初中, 含完中", "九年一贯制"]
    styles = ElementTree.fromstring(parts(out("u.xlsx"))["xl/styles.xml"])
    xfs = list(styles.find(MAIN + "cellXfs"))
    def locked(place):
        cell = next(c for c in root.iter(MAIN + "c") if c.get("r") == place)
        protection = xfs[int(cell.get("s"))].find(MAIN + "protection")
        return protection is None or protection.get("locked") != "0"
    assert not locked("D6") and not locked("E6")
    assert locked("A6") and locked("C6") and locked("A5")


@test("checks that a spreadsheet can say are colours, the others stand in words")
def _():
    root = ElementTree.fromstring(parts(out("u.xlsx"))["xl/worksheets/sheet1.xml"])
    rules = {}
    for block in root.iter(MAIN + "conditionalFormatting"):
        for rule in block:
            rules.setdefault(block.get("sqref"), []).append(rule.find(MAIN + "formula").text)
    assert any("$D$7" in f and "ISNUMBER($D$6)" in f for f in rules["D6"]), rules
    assert any("$C$6" in f for f in rules["D6"]), "last year's"
    checks = cells(out("u.xlsx"))[0]["校验"]
    rows = {at(checks, f"A{r}"): [at(checks, f"{c}{r}") for c in "BCDE"] for r in range(3, 9)}
    assert rows["K1"][0] == "硬性" and rows["K1"][2] == "D6、D7" and "教师多于学生" in rows["K1"][1]
    assert rows["K5"][2] == "由系统核对" and rows["K2"][3] == "合并校区", rows


# ---- lists ---------------------------------------------------------------------------------------

def as_rows(text):
    """Rows of a CSV of ours, as they were before formulas were made harmless."""
    back = re.compile(r"^'(?='*([=+\-@\t\r＝＋－＠]))")
    number = re.compile(r"^'*[+-]?\d+(\.\d+)?$")
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return [[f if number.match(f) else back.sub("", f) for f in row] for row in rows]


def sheet_rows(path):
    sheets, order = cells(path)
    page = sheets[order[0]["name"]]
    places = [re.fullmatch(r"([A-Z]+)(\d+)", p).groups() for p in page]
    wide = max(column_number(c) for c, _ in places)
    tall = max(int(r) for _, r in places)
    letters = [next(c for c, _ in places if column_number(c) == i) for i in range(1, wide + 1)]
    return [[at(page, f"{c}{r}") for c in letters] for r in range(1, tall + 1)]


LISTS = (("round", "status", "R1"), ("review", "list", "R1", "--at", "D"), ("task", "list"),
         ("register", "status", "培训", "--within", "D"), ("units", "list"), ("eval",))


@test("lists and reports as workbooks: the same rows as CSV, texts as texts")
def _():
    for command in LISTS:
        who = "issuer" if command[0] in ("eval", "units", "task") else "revd"
        text = BOOK(*command, who=who, lang="zh", fmt="csv")
        said = BOOK(*command, "--out", out("list.xlsx"), who=who, lang="zh", fmt="xlsx")
        want = as_rows(text)
        got = sheet_rows(out("list.xlsx"))
        assert f"{len(want) - 1} 行" in said, (command, said)
        assert [r + [""] * (len(want[0]) - len(r)) for r in got] == want, command
        check_sheet(ElementTree.fromstring(parts(out("list.xlsx"))["xl/worksheets/sheet1.xml"]))
    assert "二小/分校<东>" in " ".join(r[1] for r in as_rows(
        BOOK("units", "list", who="issuer", lang="zh", fmt="csv")))
    said = run("list", "--pack", BOOK.pack, "--format", "xlsx", "--out", out("list.xlsx"))
    assert said[0] == 0 and "F1" in [r[0] for r in sheet_rows(out("list.xlsx"))], said
    for more in (("--format", "xlsx"), ("--format", "csv", "--out", out("x"))):
        status, _, err = run("list", "--pack", BOOK.pack, *more, "--lang", "zh")
        assert status == 2 and "--out" in err, err


@test("CSV that goes out is harmless and comes back as it was")
def _():
    text = BOOK("register", "export", "培训", "--unit", "S1", who="u1", lang="zh")
    assert "'=cmd|'/c'!A1" in text and "\n=cmd" not in text and ",=cmd" not in text, text
    out("back.csv").write_text(text, "utf-8")
    done = BOOK("register", "import", "培训", out("back.csv"), "--unit", "S1", "--dry-run",
                who="u1", fmt="json")
    assert [x["sort"] for x in done["lines"]] == ["unchanged"] * 2, done
    blank = BOOK("report", "blank", "R1", "--unit", "S1", who="u1", lang="zh")
    assert "'+教室不足" in blank and "'@SUM(A1)" in blank and ",-1," in blank, blank


# ---- LibreOffice ---------------------------------------------------------------------------------

OFFICE = shutil.which("soffice")
PAGES = shutil.which("pdftoppm")


def convert(name, kind):
    home = out("office")
    done = subprocess.run([OFFICE, f"-env:UserInstallation=file://{home}", "--headless",
                           "--convert-to", kind, "--outdir", out("converted"), out(name)],
                          capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0 and "rror" not in done.stderr, done.stderr
    return out("converted") / f"{Path(name).stem}.{kind}"


def colours(pdf):
    """How many points of each colour a page has."""
    subprocess.run([PAGES, "-r", "40", "-singlefile", pdf, pdf.with_suffix("")], check=True)
    head, size, _, data = pdf.with_suffix(".ppm").read_bytes().split(b"\n", 3)
    assert head == b"P6" and size
    found = {}
    for i in range(0, len(data) - 2, 3):
        found[data[i:i + 3]] = found.get(data[i:i + 3], 0) + 1
    return found


RED, AMBER = bytes.fromhex("ffc7ce"), bytes.fromhex("ffe699")


@test("LibreOffice opens them, and saved by it nothing has changed"
      + ("" if OFFICE else " # SKIP soffice is not there"))
def _():
    if not OFFICE:
        return
    for name in ("u.xlsx", "m.xlsx", "g.xlsx"):
        saved = convert(name, "xlsx")
        assert assert_unchanged(saved) == assert_unchanged(out(name)), name
        assert machine(saved) == machine(out(name)), name


@test("LibreOffice colours what the checks find"
      + ("" if OFFICE and PAGES else " # SKIP soffice or pdftoppm is not there"))
def _():
    if not OFFICE or not PAGES:
        return
    page = colours(convert("u.xlsx", "pdf"))
    assert page.get(RED, 0) > 100, "教师 and 经费 are red"
    assert page.get(AMBER, 0) == 0, "nothing is amber"
    page = colours(convert("g.xlsx", "pdf"))
    assert page.get(RED, 0) > 50, "2 hours are too few"
    blank = colours(convert("blank.xlsx", "pdf"))
    assert blank.get(RED, 0) == 0 and blank.get(AMBER, 0) == 0, "silence breaks no check"


if __name__ == "__main__":
    sys.exit(main())
