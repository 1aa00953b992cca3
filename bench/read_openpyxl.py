#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same as read_workbooks.c by openpyxl, read-only. With --cells numbers as repr of floats.

usage: read_openpyxl.py FOLDER [--cells]
       read_openpyxl.py --make FOLDER forms|rosters     writes what is read
"""
import datetime
import json
import re
import sys
import time
from pathlib import Path

import openpyxl
from openpyxl.utils.datetime import to_excel

KINDS = {"n": 1, "d": 1, "s": 2, "b": 3, "e": 4}
COUNTIES, SCHOOLS, COLUMNS = 1000, 40, 14


def text_of(cell):
    value = cell.value
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return repr(float(to_excel(value)))
    if isinstance(value, (int, float)):
        return repr(float(value))
    return value.replace("\t", " ").replace("\n", " ").replace("\r", " ")


def peak_mib():
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024


def read(folder, show):
    files = sorted(str(p.relative_to(folder)) for p in folder.rglob("*.xlsx"))
    cells = 0
    begin = time.process_time()
    for name in files:
        book = openpyxl.load_workbook(folder / name, read_only=True, data_only=True)
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is None:
                        continue
                    cells += 1
                    if show:
                        print(name, sheet.title, cell.coordinate, KINDS[cell.data_type],
                              text_of(cell), sep="\t")
        book.close()
    if not show:
        print(json.dumps({"files": len(files), "cells": cells,
                          "seconds": time.process_time() - begin, "mib": peak_mib()}))


def form(path, county):
    """A form as counties return it: title, two rows of header, a row per school, a total."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "学校情况"
    sheet.append([f"第{county}县义务教育学校情况表"])
    sheet.merge_cells("A1:N1")
    sheet.append(["学校", "代码", "检查日期"] + [f"指标{i}" for i in range(COLUMNS - 3)])
    units = ["人", "人", "人", "万元", "%", "平方米", "册", "台", "人", "个", "是否"]
    sheet.append([None, None, None] + units)
    for school in range(SCHOOLS):
        n = county * 7919 + school * 104729
        row = [f"第{county}县第{school}小学", f"15{county:04}{school:04}",
               datetime.date(2024, 9, 1 + n % 28)]
        row += [n % 1500, n % 800, n % 97, n % 100000 / 100, n % 1000 / 1000, n % 50000 / 10,
                n % 30000, n % 400, n % 60, n % 30, "是" if n % 3 else "否"]
        sheet.append(row)
        sheet.cell(sheet.max_row, 8).number_format = "0.0%"
    sheet.append(["合计", None, None] + [county % 5000] * (COLUMNS - 4))
    machine = book.create_sheet("机器")
    machine.sheet_state = "hidden"
    machine.append(["form", "A1", "version", 3])
    book.save(path)


def make(folder, what):
    folder.mkdir(parents=True)
    for county in range(COUNTIES if what == "forms" else 0):
        form(folder / f"{county:04}.xlsx", county)
    if what == "rosters":
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("名册")
        for r in range(13000):
            figures = [(r * 31 + c * 17) % 1000 for c in range(28)]
            sheet.append([f"第{r}小学", f"15{r:08}"] + figures)
        book.save(folder / "roster.xlsx")


if sys.argv[1] == "--make":
    make(Path(sys.argv[2]), sys.argv[3])
else:
    read(Path(sys.argv[1]), "--cells" in sys.argv)
