#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Import through the command line: a county's folder of tables, each made another way; what is
taken, refused, told; again, cut off, by others; into facts. Prints TAP."""
import csv
import io
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town, run  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 p { 年度 2024 至 2026 }
层级 自治区 > 盟市 > 旗县
对象 学校 属于 旗县 {
  数据 在校生数 : 人 每年 小数 0  数据 女生数 : 人 每年 小数 0  数据 专任教师数 : 人 每年 小数 0
  数据 公用经费 : 万元 每年 小数 2  数据 升学率 : % 每年 小数 2 范围 0 至 100%
  数据 有食堂 : 是否 每年  数据 残疾学生数 : 人 每年 小数 0 密级 密封
}
报表 F1 学校基本情况 {
  对象 学校 每年  项 在校生数, 女生数, 专任教师数, 公用经费, 升学率, 有食堂  截止 12-31
}
报表 F2 特教 { 对象 学校 每年 项 残疾学生数 截止 12-31 }
"""
N = 12
UNITS = """code,name,kind,parent,alias,to,from
R,内蒙古自治区,自治区,,,,
A,呼和浩特市,盟市,R,,,
D,赛罕区,旗县,A,,,
E,新城区,旗县,A,,,
T1,实验小学,学校,E,,,
X1,实验小学,学校,D,,,
""" + "".join(f"S{i},第{n}小学,学校,D,,,\n" for i, n in enumerate("一二三四五六七八九十", 1))
PEOPLE = {"li": [f"filler S{i} internal" for i in range(1, 11)] + ["filler X1 internal"],
          "iss": ["issuer R sensitive"], "wang": ["filler S1 sealed"],
          "rev": ["reviewer D sealed"], "led": ["leader D internal"]}
TOWN = Town(PLAN, UNITS, PEOPLE)
for round_, form in (("R1", "F1"), ("R2", "F2")):
    TOWN("round", "open", round_, "--form", form, "--period", "2024", "--due", "2025-01-31",
         "--minutes", "2", who="iss")


class Desk:
    def __init__(self):
        self.b = TOWN.copy()
        self.dir = self.b.dir / "赛罕区"
        self.dir.mkdir()

    def put(self, name, text, encoding="utf-8"):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.replace("\t", ",").encode(encoding))
        return path

    def __call__(self, *args, who="li", round_="R1", want=0, fmt="json", **kw):
        args = args or (self.dir,)
        return self.b("import", *args, "--round", round_, who=who, want=want, fmt=fmt, **kw)

    def draft(self, unit, round_="R1", who="li"):
        shown = self.b("report", "show", round_, "--unit", unit, who=who, fmt="json")
        return {c["item"].split(".")[1]: c["value"] for c in shown["cells"] if c["value"]}


def codes(done, level=("asked", "refused")):
    return {(Path(f["path"]).name, n["code"], n["at"]) for f in done["files"]
            for n in f["notes"] if n["level"] in level}


HEAD = "学校名称\t在校生数\t女生数\t专任教师数\t公用经费（万元）\n"


@test("a table becomes drafts; what is refused stays blank; again nothing changes")
def _():
    d = Desk()
    d.put("总表.csv", "赛罕区2024年学校基本情况表\n" + HEAD +
          "第一小学\t500\t240\t40\t30.5\n第二小学\t620\t约300\t45\t41\n合计\t1120\t540\t85\t71.5\n",
          "gb18030")
    dry = d("--dry-run", d.dir, want=1)
    assert (dry["saved"], dry["values"], dry["clean"]) == (2, 7, 0), dry
    assert d.draft("S1") == {}
    done = d(want=1)
    assert codes(done) == {("总表.csv", "approximate", "C4")}, codes(done)
    assert {c["code"] for c in done["files"][0]["notes"]} >= {"sum-row", "item-missing"}
    assert d.draft("S1") == {"在校生数": "500", "女生数": "240", "专任教师数": "40",
                             "公用经费": "30.5"}, d.draft("S1")
    assert d.draft("S2") == {"在校生数": "620", "专任教师数": "45", "公用经费": "41"}
    again = d(want=1)
    assert (again["saved"], again["same"]) == (0, 2)
    text = d(want=1, fmt=None, lang="zh")
    assert "✗" in text and "约300" in text and "不变 2 份" in text, text
    table = list(csv.DictReader(io.StringIO(d(want=1, fmt="csv").lstrip("\ufeff"))))
    assert any(r["code"] == "approximate" and r["at"] == "C4" for r in table), table


@test("a folder: each clerk another way, one story")
def _():
    d = Desk()
    d.put("一.csv", HEAD + "第一小学\t500\t240\t40\t30.5\n")
    d.put("2024年第二小学.csv",
          "项目\t计量单位\t数值\n在校生数\t人\t６２０\n公用经费\t元\t410000\n", "gb18030")
    d.put("三四.csv", "指标\t第三小学\t第四小学\n在校生数\t300\t400\n有食堂\t有\t无\n")
    d.put("子/五.csv", "填报单位：第五小学\n在校生数\t555\t女生数\t\"1,2\"\n")
    d.put("六.csv", "学校代码\t学校名称\t在校生数\nS6\t第六小学\t600\nS7\t第八小学\t700\n")
    d.put("去年.csv", "2023年统计表\n学校名称\t在校生数\n第九小学\t900\n")
    d.put("实验.csv", "学校名称\t在校生数\n实验小学\t90\n")
    d.put("坏.xlsx", "PK\x03\x04 nothing")
    d.put("说明.docx", "x")
    done = d(want=1)
    assert (done["workbooks"], done["unread"], done["skipped"]) == (8, 1, 1), done
    assert codes(done) == {("五.csv", "separators", "D2"), ("六.csv", "unit-code", "B3"),
                           ("六.csv", "unit-code", "C3"), ("去年.csv", "period", "A1")}
    assert {u["unit"] for u in done["units"] if u["fate"] == "saved"} == \
        {"S1", "S2", "S3", "S4", "S5", "S6", "X1"}
    assert d.draft("S2") == {"在校生数": "620", "公用经费": "41"}
    assert d.draft("S3") == {"在校生数": "300", "有食堂": "true"}, d.draft("S3")
    assert d.draft("S4") == {"在校生数": "400", "有食堂": "false"}
    assert d.draft("X1") == {"在校生数": "90"}


@test("the same unit in two files: equal is told, different gives nothing to anybody")
def _():
    d = Desk()
    d.put("a.csv", HEAD + "第一小学\t500\t240\t40\t30.5\n第二小学\t1\t1\t1\t1\n")
    d.put("b.csv", HEAD + "第一小学\t500\t240\t40\t30.5\n第二小学\t1\t1\t1\t2\n")
    done = d(want=1)
    assert done["clashes"] == 2 and done["saved"] == 1, done
    assert d.draft("S1")["在校生数"] == "500" and d.draft("S2") == {}
    said = {n["code"] for f in done["files"] for n in f["notes"]}
    assert {"twice", "twice-equal"} <= said, said


@test("rights and states are those of saving by hand; a unit's failure stops nobody else")
def _():
    d = Desk()
    d.put("a.csv", HEAD + "第一小学\t500\t240\t40\t30.5\n第二小学\t620\t300\t45\t41\n")
    done = d(who="wang", want=1)
    assert (done["saved"], done["failed"]) == (1, 1), done
    assert "may not do report" in [u for u in done["units"] if u["unit"] == "S2"][0]["en"]
    assert "may fill in for no unit" in d(who="led", want=3, fmt=None)
    (d.b.dir / "form.csv").write_text("item,value,explain\n升学率,,x\n有食堂,,x\n", "utf-8")
    d.b("report", "save", "R1", d.b.dir / "form.csv", "--unit", "S1", who="wang")
    d.b("report", "submit", "R1", "--unit", "S1", who="wang")
    assert d(want=0)["same"] == 1, "what is submitted and the same is no conflict"
    d.put("a.csv", HEAD + "第一小学\t501\t240\t40\t30.5\n第二小学\t620\t300\t45\t41\n")
    done = d(want=1)
    assert (done["same"], done["failed"]) == (1, 1), done
    assert d.draft("S1")["在校生数"] == "500"


@test("a county takes in what its schools have written and submits it; sealed figures it does not")
def _():
    d = Desk()
    d.put("a.csv", HEAD + "第一小学\t500\t240\t40\t30.5\n第二小学\t620\t300\t45\t41\n")
    assert d(who="rev")["saved"] == 2
    (d.b.dir / "form.csv").write_text("item,value,explain\n升学率,,x\n有食堂,,x\n", "utf-8")
    d.b("report", "save", "R1", d.b.dir / "form.csv", "--unit", "S1", who="rev")
    d.b("report", "submit", "R1", "--unit", "S1", who="rev")
    said = d.b("review", "approve", "R1", "--unit", "S1", "--at", "D", who="rev", want=3)
    assert "submitted" in said, said
    d.put("a.csv", "学校,残疾学生数\n第一小学,3\n")
    assert "may fill in for no unit" in d(who="rev", round_="R2", want=3, fmt=None)


@test("not applicable is an explanation; blank says nothing; refused keeps from submitting")
def _():
    d = Desk()
    d.put("a.csv", HEAD + "第一小学\t500\t—\t40\t30.5\n")
    d()
    d.put("a.csv", HEAD + "第一小学\t\t—\t41\t无\n")
    d(want=1)
    assert d.draft("S1") == {"在校生数": "500", "专任教师数": "41", "公用经费": "30.5"}
    shown = d.b("report", "show", "R1", "--unit", "S1", who="li")
    assert "不适用" in shown, shown
    assert "升学率" in d.b("report", "submit", "R1", "--unit", "S1", who="li", want=1)


@test("sealed figures cannot be tried by who may not save them")
def _():
    d = Desk()
    d.put("a.csv", "学校名称\t残疾学生数\n第一小学\t3\n")
    d(who="wang", round_="R2")
    assert d.draft("S1", "R2", "wang") == {"残疾学生数": "3"}
    for n in (3, 4):
        d.put("a.csv", f"学校名称\t残疾学生数\n第一小学\t{n}\n")
        assert "may fill in for no unit" in d("--dry-run", d.dir, who="rev", round_="R2", want=3,
                                              fmt=None)


@test("answers: headers and percentages; --unit bounds")
def _():
    d = Desk()
    path = d.put("a.csv", "学校名称\t总人数\t升学率\n第一小学\t500\t0.95\n实验小学\t90\t1\n")
    done = d(path, "--dry-run", want=1)
    assert {c for _, c, _ in codes(done)} == {"percent"}, codes(done)
    done = d(path, "--match", "总人数=在校生数", "--percent", "升学率=share", "--unit", "D",
             want=0)
    assert done["values"] == 4 and d.draft("S1") == {"在校生数": "500", "升学率": "95"}, done
    assert "no item" in d(path, "--match", "总人数=不存在", want=3, fmt=None)
    assert "share or hundred" in d(path, "--percent", "升学率=0.9", want=3, fmt=None)
    done = d(path, "--unit", "E", "--dry-run", want=1)
    assert "unit-not-asked" in {c for _, c, _ in codes(done)}, codes(done)


@test("a copy of each workbook comes back with notes; the original is untouched")
def _():
    d = Desk()
    path = d.put("子/a.csv", HEAD + "第一小学\t500\t约240\t４０\t30.5\n", "gb18030")
    d.put("a.csv", HEAD + "第二小学\t1\t1\t1\t1\n")
    before = path.read_bytes()
    d(d.dir, "--out", d.b.dir / "回", want=1, lang="zh")
    assert path.read_bytes() == before
    copies = sorted(str(p.relative_to(d.b.dir / "回")) for p in (d.b.dir / "回").rglob("*.xlsx"))
    assert copies == ["a-批注.xlsx", "子/a-批注.xlsx"], copies
    with zipfile.ZipFile(d.b.dir / "回" / "子" / "a-批注.xlsx") as z:
        notes = "".join(z.read(n).decode() for n in z.namelist() if "comments" in n)
    assert "约240" in notes and "改法" in notes and "导入结果" in notes, notes
    again = d(d.b.dir / "回", want=1)
    assert again["same"] == 2, "a copy is as good as the original"


def rewrite(path, change, part="sheet1"):
    """The workbook with the XML of a sheet changed."""
    with zipfile.ZipFile(path) as z:
        parts = {n: z.read(n) for n in z.namelist()}
    name = next(n for n in parts if n.endswith(f"{part}.xml"))
    parts[name] = change(parts[name].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for n, data in parts.items():
            z.writestr(n, data)


def fill(place, value):
    """Puts a number into an empty or filled cell."""
    def change(xml):
        found = re.search(rf'<c r="{place}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)', xml)
        assert found, place
        cell = f'<c r="{place}"{found.group(1) or ""}/>' if value is None else \
            f'<c r="{place}"{found.group(1) or ""}><v>{value}</v></c>'
        return xml[:found.start()] + cell + xml[found.end():]
    return change


def filled(d):
    """Something in the drafts of two units."""
    d.put("a.csv", HEAD[:-1] + "\t升学率\t有食堂\n第一小学\t500\t—\t40\t30.5\t95%\t是\n"
          "第二小学\t620\t300\t45\t41.25\t0.5%\t否\n")
    d()
    (d.dir / "a.csv").unlink()


@test("an export imported unchanged changes nothing, of one unit or of many")
def _():
    d = Desk()
    filled(d)
    one = d.dir / "一.xlsx"
    many = d.dir / "全.xlsx"
    d.b("export", "form", "--round", "R1", "--unit", "S1", "--out", one, who="li")
    d.b("export", "form", "--round", "R1", "--within", "D", "--out", many, who="li")
    for path, units in ((one, 1), (many, 11)):
        done = d(path)
        assert done["files"][0]["exported"] and done["files"][0]["notes"] == [], done["files"]
        assert (done["same"], done["saved"]) == (units, 0), done
    if shutil.which("soffice"):
        out = d.b.dir / "again"
        subprocess.run(["soffice", "--headless", "--convert-to", "xlsx", "--outdir", out, one,
                        many], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=300)
        done = d(out)
        assert done["saved"] == 0 and not codes(done), (done, codes(done))


@test("of an export what was changed since is taken, and nothing else; conflicts are of the cell")
def _():
    d = Desk()
    filled(d)
    path = d.dir / "一.xlsx"
    d.b("export", "form", "--round", "R1", "--unit", "S1", "--out", path, who="li")
    with zipfile.ZipFile(path) as z:
        xml = z.read(next(n for n in z.namelist() if n.endswith("sheet1.xml"))).decode()
    place = next(p for p, v in re.findall(r'<c r="(\w+)"[^>]*><v>(\d+)</v>', xml) if v == "500")
    other = next(p for p, v in re.findall(r'<c r="(\w+)"[^>]*><v>(\d+)</v>', xml) if v == "40")
    rewrite(path, fill(place, 510))
    # Somebody else moves another cell meanwhile: both changes stand.
    d.put("b.csv", "学校名称\t公用经费\n第一小学\t31\n")
    d(d.dir / "b.csv", who="wang")
    done = d(path)
    assert done["saved"] == 1 and done["units"][0]["changed"] == 1, done
    assert (d.draft("S1")["在校生数"], d.draft("S1")["公用经费"]) == ("510", "31")
    # The same cell: a conflict, and nothing of it is recorded.
    d.put("b.csv", "学校名称\t在校生数\n第一小学\t505\n")
    d(d.dir / "b.csv", who="wang")
    rewrite(path, fill(place, 520))
    rewrite(path, fill(other, 44))
    done = d(path, want=1)
    assert done["failed"] == 1 and "changed" in done["units"][0]["en"], done
    assert (d.draft("S1")["在校生数"], d.draft("S1")["专任教师数"]) == ("505", "40")
    # Taken away is taken away.
    d.b("export", "form", "--round", "R1", "--unit", "S1", "--out", path, who="li")
    rewrite(path, fill(other, None))
    d(path)
    assert "专任教师数" not in d.draft("S1")


@test("an export for another round, and one that was tampered with, are refused")
def _():
    d = Desk()
    filled(d)
    path = d.dir / "一.xlsx"
    d.b("export", "form", "--round", "R1", "--unit", "S1", "--out", path, who="li")
    assert {c for _, c, _ in codes(d(path, round_="R2", who="wang", want=1))} == {"form-other"}
    with zipfile.ZipFile(path) as z:
        last = sorted(n for n in z.namelist() if "worksheets/sheet" in n)[-1]
    rewrite(path, lambda xml: xml.replace(">S1<", ">S2<"), Path(last).stem)
    done = d(path, want=1)
    assert {c for _, c, _ in codes(done)} == {"form-damaged"}, codes(done)


@test("without a book: a table of facts that the pack takes")
def _():
    d = Desk()
    path = d.put("a.csv", HEAD + "第一小学\t500\t240\t40\t305000元\n第二小学\t620\t约\t45\t41\n")
    out = d.b.pack / "facts.csv"
    status, said, err = run("import", path, "--pack", d.b.pack, "--form", "F1", "--period", "2024",
                            "--facts", out, "--lang", "en")
    assert status == 1 and "2 units" in said, said + err
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))
    assert {(r["unit"], r["item"], r["value"]) for r in rows} >= {
        ("S1", "学校.公用经费", "30.5"), ("S2", "学校.在校生数", "620")}, rows
    assert len(rows) == 7
    status, said, err = run("eval", "--pack", d.b.pack, "--lang", "en")
    assert status in (0, 1), said + err


@test("what is missing on the command line is said")
def _():
    d = Desk()
    assert "FILE|DIR" in d.b("import", "--round", "R1", who="li", want=2)
    assert "--round" in d.b("import", d.dir, who="li", want=2)
    assert "no workbooks" in d(want=3, fmt=None)
    assert d(d.dir / "none.xlsx", want=3)["unread"] == 1
    assert "there is no round" in d(round_="R9", want=3, fmt=None)


main()
