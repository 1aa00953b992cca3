# SPDX-License-Identifier: Apache-2.0
"""Reads the files of dirt/, and writes them as JSON for the writers in other languages.

A line is `PLACE | what is written | read as | what must come of it`; the last two are for the test
(tests/unit/io_workbooks.c says how they are read). What is written:
    n NUMBER [fmt=CODE]   b 1|0   e #REF!   t TEXT   q TEXT (by a leading apostrophe)   _ (nothing)
    f FORMULA = NUMBER    fs FORMULA = TEXT    r TEXT^TEXT (in two fonts)
Lines with @ before the first cell of a sheet:
    @writers NAME...   @1904   @sheet NAME [hidden|very-hidden]   @protect
    @merge A1:B2   @hidden-row N   @hidden-column L
"""
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
DIRT = HERE / "dirt"
CORPUS = HERE / "corpus"
EVERYBODY = ["openpyxl", "sheetjs", "exceljs", "libreoffice", "xls", "xml"]


def unescape(text):
    text = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m.group(1), 16)), text)
    return text.replace("\\n", "\n")


def written(word):
    kind, _, rest = word.partition(" ")
    cell = {"kind": kind, "text": unescape(rest)}
    if kind == "n":
        number, _, code = rest.partition(" fmt=")
        cell.update(text=number, format=code)
    elif kind in ("f", "fs"):
        formula, _, cached = rest.rpartition(" = ")
        cell.update(text=cached, formula=formula)
    elif kind == "r":
        cell.update(runs=cell["text"].split("^"), text=cell["text"].replace("^", ""))
    return cell


def directive(book, words):
    name, args = words[0], words[1:]
    if name == "writers":
        book["writers"] = args
    elif name == "1904":
        book["date1904"] = True
    elif name == "sheet":
        book["sheets"].append({"name": args[0], "state": args[1] if len(args) > 1 else "visible",
                               "protect": False, "merge": [], "rows": [], "columns": [],
                               "cells": []})
    else:
        sheet = book["sheets"][-1]
        if name == "protect":
            sheet["protect"] = True
        else:
            key = {"merge": "merge", "hidden-row": "rows", "hidden-column": "columns"}[name]
            sheet[key].append(args[0])


def read(path):
    book = {"name": path.stem, "writers": EVERYBODY, "date1904": False, "sheets": []}
    for line in path.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("# "):
            continue
        if line.startswith("@"):
            directive(book, line[1:].split())
            continue
        if not book["sheets"]:
            directive(book, ["sheet", "表"])
        place, word = [part.strip(" ") for part in line.split(" | ")[:2]]
        cell = written(word)
        if cell["kind"] != "_":
            cell["at"] = place
            book["sheets"][-1]["cells"].append(cell)
    return book


def books(writer):
    return [b for b in map(read, sorted(DIRT.glob("*.txt"))) if writer in b["writers"]]


if __name__ == "__main__":
    json.dump(books(sys.argv[1]), sys.stdout, ensure_ascii=False)
