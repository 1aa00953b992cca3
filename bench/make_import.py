#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Workbooks as counties send them, and the pack whose form they fill: for `tizhi import`.

usage: make_import.py FOLDER N     FOLDER/pack, FOLDER/in/*.xlsx (by openpyxl), FOLDER/truth.csv
Each workbook has a title, a row of headers with units, 20 schools and a total; one figure in a
hundred is blank. truth.csv has what must come out: unit, item, value in the unit of the item.
"""
import csv
import sys
from fractions import Fraction
from pathlib import Path

import openpyxl

SCHOOLS = 20
ITEMS = [("在校生数", "人", 1500), ("女生数", "人", 800), ("专任教师数", "人", 97),
         ("公用经费", "万元", 100000), ("升学率", "%", 1000), ("建筑面积", "平方米", 50000),
         ("图书数", "册", 30000), ("计算机数", "台", 400), ("寄宿生数", "人", 900),
         ("随班就读数", "人", 30), ("有食堂", "是否", 2)]
DIVISORS = {"万元": 100, "%": 1000, "平方米": 10}
PLAN = ("计划 p {{ 年度 2024 至 2026 }}\n层级 自治区 > 盟市 > 旗县\n对象 学校 属于 旗县 {{\n{}}}\n"
        "报表 F1 学校基本情况 {{ 对象 学校 每年 项 {} 截止 12-31 }}\n")


def plan():
    lines = [f"  数据 {name} : {unit} 每年" + ("" if unit == "是否" else " 小数 2") + "\n"
             for name, unit, _ in ITEMS]
    return PLAN.format("".join(lines), ", ".join(name for name, _, _ in ITEMS))


def code(county, school):
    return f"S{county:05}{school:02}"


def figure(county, school, item):
    """The raw number of a place, or None."""
    n = (county * 7919 + school * 104729 + item * 1299709) % 1000003
    return None if n % 100 == 37 else n % ITEMS[item][2]


def shown(item, n):
    """As it is typed into the cell."""
    unit = ITEMS[item][1]
    if n is None or unit == "是否":
        return n if n is None else "是" if n else "否"
    return n / DIVISORS[unit] if unit in DIVISORS else n


def truth(item, n):
    unit = ITEMS[item][1]
    value = Fraction(n, DIVISORS.get(unit, 1)) * (100 if unit == "%" else 1)
    if unit == "是否":
        return "true" if n else "false"
    return str(float(value)) if value.denominator > 1 else str(value.numerator)


def form(path, county):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "学校情况"
    sheet.append([f"第{county}县2024年学校基本情况表"])
    sheet.merge_cells("A1:M1")
    sheet.append(["学校名称", "学校代码"] +
                 [n if u == "是否" else f"{n}（{u}）" for n, u, _ in ITEMS])
    for school in range(SCHOOLS):
        figures = [shown(i, figure(county, school, i)) for i in range(len(ITEMS))]
        sheet.append([f"第{county}县第{school}小学", code(county, school)] + figures)
        sheet.cell(sheet.max_row, 7).number_format = "0.0%"
    sheet.append(["合计", None] + [county % 5000] * 10)
    book.save(path)


def main():
    folder, n = Path(sys.argv[1]), int(sys.argv[2])
    (folder / "pack").mkdir(parents=True)
    (folder / "in").mkdir()
    (folder / "pack" / "a.plan").write_text(plan(), encoding="utf-8")
    with open(folder / "pack" / "units.csv", "w", encoding="utf-8") as units, \
            open(folder / "truth.csv", "w", encoding="utf-8", newline="") as expected:
        units.write("code,name,kind,parent\nR,某自治区,自治区,\nA,某市,盟市,R\n")
        rows = csv.writer(expected)
        for county in range(n):
            units.write(f"C{county:05},第{county}县,旗县,A\n")
            for school in range(SCHOOLS):
                unit = code(county, school)
                units.write(f"{unit},第{county}县第{school}小学,学校,C{county:05}\n")
                for i, (name, _, _) in enumerate(ITEMS):
                    value = figure(county, school, i)
                    if value is not None:
                        rows.writerow([unit, name, truth(i, value)])
            form(folder / "in" / f"{county:05}.xlsx", county)


main()
