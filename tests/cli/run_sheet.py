#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command `sheet`: what is read in a workbook, as text and JSON. Prints TAP."""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from tap import main, test  # noqa: E402

ROOT = Path(__file__).parent.parent.parent
TIZHI = Path(os.environ.get("TIZHI", ROOT / "build" / "src" / "tizhi"))
CORPUS = ROOT / "tests" / "workbooks" / "corpus"


def sheet(*args, status=0):
    done = subprocess.run([TIZHI, "sheet", *map(str, args)], capture_output=True, text=True,
                          check=False)
    assert done.returncode == status, (done.returncode, done.stderr)
    return done.stdout if status == 0 else done.stderr


@test("sheets, cells, hidden rows and merged ranges, in both languages")
def _():
    for writer, extension in (("exceljs", "xlsx"), ("xls", "xls")):
        path = CORPUS / writer / f"shape.{extension}"
        zh = sheet(path, "--lang", "zh")
        assert "工作表「名单」，可见" in zh and "  A5\t文本\t第一小学\n" in zh, zh
        assert "第 6 行隐藏" in zh and "合并 B2:C2" in zh and "有隐藏列" in zh, zh
        en = sheet(path, "--lang", "en")
        assert "row 6 is hidden" in en and "merged A1:D1" in en and "columns are hidden" in en, en


@test("JSON says the same")
def _():
    book = json.loads(sheet(CORPUS / "openpyxl" / "sheets.xlsx", "--format", "json"))
    assert book["kind"] == "xlsx" and [s["state"] for s in book["sheets"]] == [
        "visible", "visible", "hidden"], book
    assert book["sheets"][1]["protected"] and not book["sheets"][0]["protected"]
    book = json.loads(sheet(CORPUS / "csv" / "csv_plain.gb18030.csv", "--format", "json"))
    assert (book["kind"], book["encoding"], book["separator"]) == ("csv", "GB18030", ","), book
    book = json.loads(sheet(CORPUS / "xml" / "date1904.xlsx", "--format", "json"))
    assert book["date1904"] is True


@test("--want says how each cell reads")
def _():
    path = CORPUS / "xml" / "percents.xlsx"
    cells = json.loads(sheet(path, "--format", "json", "--want", "number"))["sheets"][0]["cells"]
    assert cells[0]["at"] == "A1" and cells[0]["format"] == "percent", cells[0]
    assert cells[0]["read"] == {"state": "value", "value": "0.95", "did": ["percent"]}, cells[0]
    zh = sheet(CORPUS / "xml" / "codes.xlsx", "--want", "编码", "--lang", "zh")
    assert "科学计数法，可能已丢失数位。建议：把该列设为文本格式" in zh, zh
    en = sheet(CORPUS / "xml" / "dates.xlsx", "--want", "month", "--lang", "en")
    assert "a question: as a number .1 is January or October" in en, en
    assert "[2024-01 | 2024-10]" in en, en


@test("--annotate writes a copy with notes, and never over a file")
def _():
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.xlsx"
        path = CORPUS / "xml" / "codes.xlsx"
        zh = sheet(path, "--want", "编码", "--annotate", copy, "--lang", "zh")
        assert "不接受（红）" in zh and f"副本：{copy}" in zh, zh
        assert sheet(copy) == sheet(path)
        assert "choose another name" in sheet(path, "--want", "code", "--annotate", copy,
                                              "--lang", "en", status=3)
        old = Path(folder) / "old.xlsx"
        told = json.loads(sheet(CORPUS / "xls" / "not_numbers.xls", "--want", "number",
                                "--annotate", old, "--format", "json"))
        assert told["converted"] and told["refused"] > 20 and told["copy"] == str(old), told
        assert "已转为 .xlsx" in sheet(CORPUS / "csv" / "csv_plain.gb18030.csv", "--want", "number",
                                    "--annotate", Path(folder) / "c.xlsx", "--lang", "zh")
        for name, args, word in (("x.xlsx", (), "--want"),
                                 ("x.xls", ("--want", "number"), "must end so: .xlsx")):
            wrong = sheet(path, "--annotate", Path(folder) / name, *args, "--lang", "en", status=2)
            assert word in wrong and not (Path(folder) / name).exists(), wrong
        assert "nowhere" in sheet(path, "--want", "code", "--annotate",
                                  Path(folder) / "nowhere" / "x.xlsx", "--lang", "en", status=3)


@test("usage")
def _():
    assert "工作簿" in sheet("--lang", "zh", status=2)
    assert "workbook" in sheet("--lang", "en", status=2)
    wrong = sheet(CORPUS / "xml" / "codes.xlsx", "--want", "money", "--lang", "en", status=2)
    assert "yes-no" in wrong, wrong
    assert "nowhere.xlsx" in sheet("nowhere.xlsx", "--lang", "en", status=3)
    assert "sheet FILE" in subprocess.run([TIZHI, "help", "sheet", "--lang", "en"], check=True,
                                          capture_output=True, text=True).stdout


sys.exit(main())
