#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Forms laid out at random as clerks do, with random dirt: what import takes is what was meant, or
it is refused; never another value. Prints TAP. SEED and COUNT in the environment vary it.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import run  # noqa: E402
from sheets import Sheet  # noqa: E402
from tap import main, test  # noqa: E402

SEED = int(os.environ.get("SEED", "20241126"))
COUNT = int(os.environ.get("COUNT", "300"))
ITEMS = {"在校生数": "人", "女生数": "人", "专任教师数": "人", "公用经费": "万元", "升学率": "%",
         "校舍面积": "平方米"}
PLAN = """计划 p { 年度 2024 至 2026 }
层级 自治区 > 盟市 > 旗县
对象 学校 属于 旗县 {
  数据 在校生数 : 人 每年 小数 0  数据 女生数 : 人 每年 小数 0  数据 专任教师数 : 人 每年 小数 0
  数据 公用经费 : 万元 每年 小数 4  数据 升学率 : % 每年 小数 2 范围 0 至 100%
  数据 校舍面积 : 平方米 每年 小数 1
}
报表 F1 学校基本情况 { 对象 学校 每年 项 FORM  截止 12-31 }
""".replace("FORM", ", ".join(ITEMS))
COUNTIES = ["赛罕区", "新城区", "玉泉区"]
EACH = 3  # units of a file


class Unit:
    def __init__(self, n):
        self.n, self.code = n, f"15{n:08}"
        self.county = COUNTIES[n % 3]
        kind = ["小学", "中学", "幼儿园", "学校（分校）"][n % 4]
        self.name = f"{'东南西北中'[n % 5]}{'山河湖海路桥'[n // 5 % 6]}第{n}{kind}"
        self.alias = f"简{n}校"


def csv_text(sheet):
    def field(cell):
        text = "" if cell is None else str(cell)
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text
    width = max((len(r) for r in sheet.rows), default=0)
    return "".join(",".join(field(c) for c in r + [None] * (width - len(r))) + "\n"
                   for r in sheet.rows)


def wide(text):
    return "".join(chr(ord(c) + 0xfee0) if "0" <= c <= "9" or c == "." else c for c in text)


class Maker:
    """One file: what it says of whom, and its sheet. want: (code, item) -> value; None: must not be
    taken. sure: what an able reader takes."""

    def __init__(self, rng, units, as_csv):
        self.rng, self.units, self.csv = rng, units, as_csv
        self.sheet, self.want, self.sure = Sheet(), {}, set()
        self.items = rng.sample(list(ITEMS), rng.randint(2, len(ITEMS)))
        self.name = f"表{units[0].n}"

    def some(self, share):
        return self.rng.random() < share

    # -- values ---------------------------------------------------------------------------------

    def value(self, item):
        unit = ITEMS[item]
        if unit == "人":
            return str(self.rng.randint(0, 4000))
        if unit == "%":
            return f"{self.rng.randint(200, 9900) / 100:g}"
        return f"{self.rng.randint(1, 90000) / (100 if unit == '万元' else 10):g}"

    def cell(self, unit, item, scale="1"):
        """A cell for a figure, cleanly written or not. scale: what its header multiplies by."""
        value = self.value(item)
        key = (unit.code, item)
        number = float(value) * float(scale)
        plain = int(number) if number == int(number) else round(number, 6)
        dirt = self.rng.choice(["n"] * 8 + ["text", "wide", "grouped", "unit", "blank", "about",
                                            "dash", "none", "spaces", "error"])
        if ITEMS[item] == "%" and dirt == "n" and self.some(.3):
            dirt = "percent"
        self.want[key] = value if dirt not in ("blank", "about", "dash", "none", "error") else None
        if dirt in ("n", "text", "spaces", "percent"):
            self.sure.add(key)
        text = f"{plain}"
        return {"n": plain, "text": text, "wide": wide(text), "grouped": f"{plain:,}",
                "unit": value + ITEMS[item], "blank": None, "about": f"约{text}", "dash": "—",
                "none": "无", "spaces": f" {text} ", "error": "#REF!",
                "percent": f"{text}%"}[dirt]

    # -- names ----------------------------------------------------------------------------------

    def unit_text(self, unit):
        form = self.rng.choice(["name"] * 6 + ["spaced", "county", "city", "alias", "code"])
        name = unit.name
        if self.some(.3):
            name = name.replace("（", "(").replace("）", ")")
        return {"name": name, "spaced": " ".join(name), "county": unit.county + name,
                "city": f"呼和浩特市{unit.county}{name}", "alias": unit.alias,
                "code": unit.code}[form]

    def head(self, item):
        """A header for an item, and what its unit of measure multiplies by."""
        rng, unit, scale = self.rng, ITEMS[item], "1"
        text = item
        if self.some(.3):
            text = " ".join(item)
        if self.some(.2) and len(item) > 3:
            text = item[:2] + "\n" + item[2:]
        if unit == "万元" and self.some(.4):
            unit, scale = rng.choice([("元", "10000"), ("千元", "10"), ("亿元", "0.0001")])
        if scale != "1" or self.some(.5):
            text += rng.choice(["（{}）", "({})", "（单位：{}）", "/{}", " （ {} ） "]).format(unit)
        if self.some(.2):
            text = f"{rng.randint(1, 9)}{rng.choice(['.', '、', '．'])}{text}"
        if self.some(.1):
            text += "*"
        return text, scale

    # -- around ---------------------------------------------------------------------------------

    def titles(self):
        if self.some(.7):
            year = "" if self.some(.3) else "2024年"
            title = self.rng.choice([f"{year}学校基本情况统计表", f"附件1：{year}学校基本情况表",
                                     f"提质行动计划（2024—2026年）{year}基本情况"])
            self.sheet.add(title)
            if self.some(.5) and not self.csv:
                self.sheet.merged.append((len(self.sheet.rows) - 1, 0, len(self.sheet.rows) - 1, 5))
        if self.some(.3):
            self.sheet.add()
        if self.some(.3):
            self.sheet.add("填报日期：2025年1月8日", None, None, "联系电话：0471-123")

    def tail(self):
        for line in (["注：在校生数含附设班。"], ["填表人：张三", None, "审核人：李四"],
                     ["说明", "数据截至2024年12月31日"], [None, None, "2025年1月8日"]):
            if self.some(.25):
                self.sheet.add(*line)

    # -- tables ---------------------------------------------------------------------------------

    def columns(self):
        """Kinds of the columns of a table across, units first."""
        left = [k for k, share in (("no", .5), ("county", .3), ("code", .3)) if self.some(share)]
        left.insert(self.rng.randint(0, len(left)), "unit")
        right = list(self.items)
        self.rng.shuffle(right)
        for extra, share in (("note", .4), ("phone", .3), ("other", .3), ("narrow", .2),
                             ("before", .2)):
            if self.some(share):
                right.insert(self.rng.randint(0, len(right)), extra)
        return left + right

    HEADS = {"no": ["序号", "序 号", "编号"], "county": ["旗县区", "所属旗县", "旗县"],
             "code": ["学校代码", "学校标识码", "机构代码"],
             "unit": ["学校名称", "单位名称", "学校", "学 校 名 称", "填报单位"],
             "note": ["备注"], "phone": ["联系电话"], "other": ["班级数", "占地面积(亩)"],
             "narrow": ["其中：寄宿制在校生数", "少数民族女生数"],
             "before": ["2023年在校生数", "上年专任教师数"]}

    def header(self, kinds):
        """One row, or two with titles of groups; scale by column."""
        two = self.some(.5)
        top = len(self.sheet.rows)
        scales = []
        group = None
        for c, kind in enumerate(kinds):
            text, scale = self.head(kind) if kind in ITEMS else (self.rng.choice(self.HEADS[kind]),
                                                                 "1")
            scales.append(scale)
            item = kind in ITEMS
            if not two:
                self.sheet.put(top, c, text)
            elif not item:
                self.sheet.put(top, c, text)
                if not self.csv:
                    self.sheet.merged.append((top, c, top + 1, c))
                group = None
            else:
                self.sheet.put(top + 1, c, text)
                if group is None:
                    group = c
                    self.sheet.put(top, c, self.rng.choice(["基本情况", "2024年", "数据项"]))
                elif not self.csv:
                    self.sheet.merged = [m for m in self.sheet.merged
                                         if m[:2] != (top, group) or m[2] != top]
                    self.sheet.merged.append((top, group, top, c))
        if two and self.csv and kinds[-1] not in ITEMS:
            pass
        return scales, two

    def sums(self, kinds):
        if self.some(.3):
            row = [None] * len(kinds)
            row[kinds.index("unit") if self.some(.7) else 0] = self.rng.choice(
                ["合计", "小计", "总  计", "赛罕区小计", "其中：公办", "平均", "合　计"])
            for c, kind in enumerate(kinds):
                if kind in ITEMS:
                    row[c] = self.rng.randint(1, 9999)
            self.sheet.add(*row)

    def body(self, kinds, scales):
        rng = self.rng
        if self.some(.15):
            start = len(kinds) - len([k for k in kinds if k in ITEMS or k in ("note", "phone")])
            self.sheet.add(*["甲乙丙丁戊己庚辛壬癸"[c] if c < start else c - start + 1
                             for c in range(len(kinds))])
        for i, unit in enumerate(self.units):
            row = []
            for kind, scale in zip(kinds, scales):
                row.append({"no": i + 1, "county": unit.county, "code": unit.code,
                            "unit": None, "note": rng.choice([None, "新建", "见附件"]),
                            "phone": "0471-1234567", "other": rng.randint(1, 99),
                            "narrow": rng.randint(1, 99), "before": rng.randint(1, 999)}.get(kind)
                           if kind not in ITEMS else self.cell(unit, kind, scale))
            text = self.unit_text(unit)
            if "code" in kinds and text == unit.alias:
                text = unit.name
            row[kinds.index("unit")] = text
            self.sheet.add(*row)
            if self.some(.1):
                self.sheet.hidden.append(len(self.sheet.rows) - 1)
            if self.some(.1):
                self.sheet.add()
            self.sums(kinds)
        self.sums(kinds)

    def across(self):
        self.titles()
        kinds = self.columns()
        scales, _ = self.header(kinds)
        self.body(kinds, scales)
        self.tail()

    def other_year(self):
        self.sheet.add("2023年学校基本情况统计表")
        kinds = ["unit", *self.items]
        scales, _ = self.header(kinds)
        self.body(kinds, scales)
        self.forget()

    def years(self):
        """Two years side by side: the one asked counts."""
        items = self.items[:2]
        top = self.sheet.add("学校名称")
        self.sheet.add(None)
        for i, item in enumerate(items):
            text, _ = item, self.sheet.put(top, 1 + 2 * i, item)
            if not self.csv:
                self.sheet.merged.append((top, 1 + 2 * i, top, 2 + 2 * i))
            self.sheet.put(top + 1, 1 + 2 * i, "2023年")
            self.sheet.put(top + 1, 2 + 2 * i, "2024年")
        if not self.csv:
            self.sheet.merged.append((top, 0, top + 1, 0))
        for unit in self.units:
            row = [unit.name]
            for item in items:
                row += [self.rng.randint(1, 9), self.cell(unit, item)]
            self.sheet.add(*row)

    def narrowed(self):
        """What stands above makes another thing of it."""
        above = self.rng.choice(["寄宿生", "小学部", "民办", "外聘", "2023年"])
        top = self.sheet.add("学校名称", above)
        self.sheet.add(None, *self.items)
        if not self.csv:
            self.sheet.merged += [(top, 0, top + 1, 0), (top, 1, top, len(self.items))]
        for unit in self.units:
            self.sheet.add(unit.name, *[self.cell(unit, item) for item in self.items])
        self.forget()

    def shared(self):
        """A figure over two units is nobody's."""
        top = self.sheet.add("学校名称", *self.items)
        for unit in self.units:
            self.sheet.add(unit.name, *[self.cell(unit, item) for item in self.items])
        self.sheet.merged.append((top + 1, 1, top + 2, 1))
        self.sheet.put(top + 2, 1, None)
        for unit in self.units[:2]:
            self.want[unit.code, self.items[0]] = None
            self.sure.discard((unit.code, self.items[0]))

    def twice(self):
        """A unit in two rows, equal or not."""
        self.sheet.add("学校名称", *self.items)
        unit = self.units[0]
        rows = [[unit.name, *[self.cell(unit, item) for item in self.items]]]
        rows.append(list(rows[0]))
        if self.some(.5):
            rows[1][1] = 4321 if rows[1][1] != 4321 else 1234
            if self.want[unit.code, self.items[0]] is not None:
                for item in self.items:
                    self.want[unit.code, item] = None
            else:
                self.want[unit.code, self.items[0]] = "4321"
        self.sure.clear()
        for row in rows:
            self.sheet.add(*row)

    # -- down -----------------------------------------------------------------------------------

    def down(self):
        self.units = self.units[:1]
        unit = self.units[0]
        way = self.rng.choice(["file", "label", "cell"])
        self.titles()
        if way == "file":
            self.name = self.rng.choice(["{}", "2024年{}", "{}-基本情况", "基本情况（{}）"]).format(
                unit.name)
        elif way == "label":
            self.sheet.add(f"{self.rng.choice(['填报单位', '学校名称', '单位名称（盖章）'])}："
                           f"{unit.name}")
        else:
            self.sheet.add("学校名称", unit.name)
        style = self.rng.choice(["list", "pairs", "headed", "years", "inline"])
        if style == "headed":
            self.sheet.add("序号", "指标名称", "计量单位", "数值", "备注")
        elif style == "years":
            self.sheet.add("项目", "2023年", "2024年")
        row = []
        for i, item in enumerate(self.items):
            if style == "headed":
                self.sheet.add(i + 1, item, ITEMS[item], self.cell(unit, item), None)
            elif style == "years":
                self.sheet.add(item, self.rng.randint(1, 9), self.cell(unit, item))
            elif style == "list":
                text, scale = self.head(item)
                self.sheet.add(text, self.cell(unit, item, scale))
            elif style == "inline":
                cell = self.cell(unit, item)
                self.sheet.add(f"{item}：{'' if cell is None else cell}")
            else:
                text, scale = self.head(item)
                row += [text, self.cell(unit, item, scale)]
                if len(row) == 4 or i + 1 == len(self.items):
                    self.sheet.add(*row)
                    row = []
        if style == "inline":
            self.sure.clear()
        self.tail()

    def turned(self):
        """Units are columns."""
        self.titles()
        self.sheet.add("指标", *[u.name for u in self.units], *(["合计"] if self.some(.5) else []))
        for item in self.items:
            text, scale = self.head(item)
            self.sheet.add(text, *[self.cell(u, item, scale) for u in self.units],
                           self.rng.randint(1, 99))
        if self.sheet.rows and "合计" not in str(self.sheet.rows):
            for row in self.sheet.rows[-len(self.items):]:
                row.pop()

    def forget(self):
        """Nothing of it may be taken."""
        self.want = {}
        self.sure = set()

    def make(self):
        layout = self.rng.choice(["across"] * 6 + ["down"] * 3 + ["turned", "years", "narrowed",
                                                                  "other_year", "twice"]
                                 + ([] if self.csv else ["shared"]))
        getattr(self, layout)()
        return layout


def write(folder, maker):
    if maker.csv:
        path = folder / f"{maker.name}.csv"
        path.write_bytes(csv_text(maker.sheet).encode(maker.rng.choice(["gb18030", "utf-8"])))
        return path
    return maker.sheet.write(folder / f"{maker.name}.xlsx")


def as_xls(tables, makers):
    """The workbooks as LibreOffice writes them in the old format."""
    paths = [p for p in makers if p.endswith(".xlsx")]
    subprocess.run(["soffice", "--headless", "--convert-to", "xls", "--outdir", tables, *paths],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600)
    for path in paths:
        makers[path[:-1]] = makers.pop(path)
        Path(path).unlink()


def campaign(folder, seed, count, xls=False):
    """Makes the files, imports them; what was wrong, and shares of what was sure."""
    rng = random.Random(seed)
    pack = folder / "pack"
    pack.mkdir()
    (pack / "a.plan").write_text(PLAN, "utf-8")
    units = [Unit(n) for n in range(1, count * EACH + 1)]
    lines = ["code,name,kind,parent,alias", "R,内蒙古自治区,自治区,,", "A,呼和浩特市,盟市,R,"]
    lines += [f"D{i},{c},旗县,A," for i, c in enumerate(COUNTIES)]
    lines += [f"{u.code},{u.name},学校,D{u.n % 3},{u.alias}" for u in units]
    (pack / "units.csv").write_text("\n".join(lines) + "\n", "utf-8")
    tables = folder / "tables"
    tables.mkdir()
    makers = {}
    for i in range(count):
        maker = Maker(rng, units[i * EACH:(i + 1) * EACH], rng.random() < .4)
        maker.layout = maker.make()
        makers[str(write(tables, maker))] = maker
    if xls:
        as_xls(tables, makers)
    status, out, err = run("import", tables, "--pack", pack, "--form", "F1", "--period", "2024",
                           "--dry-run", "--format", "json", "--memory", "2000")
    assert status in (0, 1), err
    done = json.loads(out)
    wrong, missed, sure = [], [], 0
    for path, maker in makers.items():
        taken = {}
        for unit in done["units"]:
            if unit["file"] == path:
                taken.update({(unit["unit"], c["item"]): c["value"] for c in unit["cells"]
                              if c["state"] == "value"})
        for key, value in taken.items():
            want = maker.want.get(key)
            if want is None or abs(float(want) - float(value)) > 1e-9:
                wrong.append((Path(path).name, maker.layout, key, want, value))
        sure += len(maker.sure)
        missed += [(Path(path).name, maker.layout, key) for key in maker.sure if key not in taken]
    return wrong, missed, sure, {Path(p).name: m for p, m in makers.items()}, done


def check(count, xls):
    with tempfile.TemporaryDirectory() as tmp:
        wrong, missed, sure, makers, done = campaign(Path(tmp), SEED, count, xls)
        if os.environ.get("SHOW"):
            first = {}
            for name, *more in wrong + missed:
                first.setdefault(name, more)
            for name, more in list(first.items())[:int(os.environ["SHOW"])]:
                print("#", name, *more)
                print("#  ", csv_text(makers[name].sheet).replace("\n", "\n#   "),
                      makers[name].sheet.merged)
                for f in done["files"]:
                    if Path(f["path"]).name == name:
                        for n in f["notes"]:
                            print("#     ", n["level"], n["code"], n["at"], n["en"])
        assert not wrong, f"{len(wrong)} wrong: {wrong[:5]}"
        assert len(missed) <= sure * .02, f"{len(missed)} of {sure} missed: {missed[:8]}"


@test(f"{COUNT} random tables: values or refusals, never another value")
def _():
    check(COUNT, False)


@test("the same of some as .xls by LibreOffice, where it is there")
def _():
    if shutil.which("soffice"):
        check(60, True)


main()
