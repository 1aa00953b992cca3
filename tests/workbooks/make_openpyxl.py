#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The corpus by openpyxl (Debian: python3-openpyxl), and from its files by LibreOffice.

usage: make_openpyxl.py            corpus/openpyxl
       make_openpyxl.py convert    corpus/libreoffice (.xlsx) and corpus/xls, by soffice --headless
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

import dirt

STATES = {"visible": "visible", "hidden": "hidden", "very-hidden": "veryHidden"}


def put(ws, cell):
    at = ws[cell["at"]]
    kind, text = cell["kind"], cell["text"]
    if kind == "n":
        at.value = float(text) if re.search(r"[.eE]", text) else int(text)
        if cell["format"]:
            at.number_format = cell["format"]
    elif kind == "b":
        at.value = text == "1"
    elif kind in ("f", "fs"):
        at.value = "=" + cell["formula"]
    elif kind == "e":
        at.value = text
        at.data_type = "e"
    else:
        at.value = text
        at.data_type = "s"  # also what begins with =
        if kind == "q":
            at.quotePrefix = True


def make(book, path):
    wb = openpyxl.Workbook()
    wb.remove(wb.active)
    if book["date1904"]:
        wb.epoch = CALENDAR_MAC_1904
    for sheet in book["sheets"]:
        ws = wb.create_sheet(sheet["name"])
        ws.sheet_state = STATES[sheet["state"]]
        ws.protection.sheet = sheet["protect"]
        for cell in sheet["cells"]:
            put(ws, cell)
        for row in sheet["rows"]:
            ws.row_dimensions[int(row)].hidden = True
        for column in sheet["columns"]:
            ws.column_dimensions[column].hidden = True
        for ref in sheet["merge"]:
            ws.merge_cells(ref)
    wb.save(path)


def convert(folder, extension, name):
    out = dirt.CORPUS / name
    out.mkdir(parents=True, exist_ok=True)
    sources = [str(folder / f"{b['name']}.xlsx") for b in dirt.books(name)]
    subprocess.run(["soffice", "--headless", "--convert-to", extension, "--outdir", str(out),
                    *sources], check=True, stdout=subprocess.DEVNULL)


def main():
    if sys.argv[1:] == ["convert"]:
        with tempfile.TemporaryDirectory() as tmp:
            folder = Path(tmp)
            for book in dirt.books("libreoffice") + dirt.books("xls"):
                make(book, folder / f"{book['name']}.xlsx")
            convert(folder, "xlsx", "libreoffice")
            convert(folder, "xls", "xls")
        return
    folder = dirt.CORPUS / "openpyxl"
    folder.mkdir(parents=True, exist_ok=True)
    for book in dirt.books("openpyxl"):
        make(book, folder / f"{book['name']}.xlsx")


main()
