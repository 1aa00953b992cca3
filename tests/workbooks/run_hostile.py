#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Workbooks made to do harm, and things that are no workbooks: each is refused with what, where and
a remedy, in both languages, within stated memory. Prints TAP."""
import itertools
import os
import struct
import subprocess
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "lib")]
from made import MAIN, PACKAGE, REL, packed, parts, rows  # noqa: E402
from tap import main, test  # noqa: E402

ROOT = Path(__file__).parent.parent.parent
TIZHI = Path(os.environ.get("TIZHI", ROOT / "build" / "src" / "tizhi"))
BUILD = Path(os.environ.get("TIZHI_BUILD", ROOT / "build"))
SLOW_BUILD = "-fsanitize=" in (BUILD / "build.ninja").read_text(encoding="utf-8")
warnings.simplefilter("ignore")  # zipfile, about doubled names
CORPUS = ROOT / "tests" / "workbooks" / "corpus"
MIB_MAX = 640  # docs/internals/workbooks.md, with the program itself
REFUSED = 3

class Done:
    def __init__(self, args):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = subprocess.Popen([TIZHI, *map(str, args)], stdout=out, stderr=err)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = self.status = os.waitstatus_to_exitcode(status)
            self.mib = usage.ru_maxrss / 1024
            out.seek(0)
            err.seek(0)
            self.out = out.read().decode("utf-8")
            self.err = err.read().decode("utf-8")


def sheet(data, lang="zh", *args):
    with tempfile.TemporaryDirectory() as tmp:
        path = Path(tmp, "文件.xlsx")
        path.write_bytes(data)
        return Done(["sheet", path, "--lang", lang, *args])


GOOD = packed(parts(rows('<row r="1"><c r="A1"><v>5</v></c></row>')))


def refused(data, zh, en, mib=MIB_MAX):
    """Refused in both languages, with these words, a hint, nothing printed, within the memory."""
    for lang, word, hint in (("zh", zh, "建议"), ("en", en, "hint")):
        done = sheet(data, lang)
        assert done.status == REFUSED, (done.status, done.err, done.out[:200])
        assert word in done.err, f"{word!r} is not in {done.err}"
        assert hint in done.err, done.err
        assert not done.out, done.out[:200]
        assert SLOW_BUILD or done.mib < mib, f"{done.mib} MiB"


@test("a plain workbook is read")
def _():
    done = sheet(GOOD)
    assert done.status == 0 and "A1\t数字\t5" in done.out, done.err + done.out


@test("a bomb in one part stops at the ratio")
def _():
    head, tail = parts(rows("@"))["xl/worksheets/s.xml"].split("@")
    bomb = itertools.chain([head], itertools.repeat(" " * (1 << 20), 300), [tail])
    refused(packed(parts(**{"xl/worksheets/s.xml": bomb})), "解压后与解压前之比",
            "its packed size", 64)


@test("a bomb of many strings stops")
def _():
    many = itertools.chain([f"<sst {MAIN}>"], itertools.repeat("<si><t>a</t></si>" * 1000, 2001),
                           ["</sst>"])
    refused(packed(parts(rows(""), "", **{"xl/sharedStrings.xml": many})), "2000000 个共享字符串",
            "2000000 shared strings", 256)


@test("entities are not even declared")
def _():
    lol = ('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
           f'<worksheet {MAIN}><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData>'
           "</worksheet>")
    refused(packed(parts(xl__worksheets__s_xml="", **{"xl/worksheets/s.xml": lol})), "实体",
            "entities", 64)


@test("XML within XML stops at its depth")
def _():
    refused(packed(parts("<a>" * 100_000)), "64 层嵌套", "64 elements within", 64)


@test("a tag of 8 MB stops at the token")
def _():
    refused(packed(parts(f'<a b="{"x" * (8 << 20)}"/>')), "单个标记", "one tag", 64)


@test("a cell of 200 KB stops at the text")
def _():
    text = f'<row><c t="str"><v>{"字" * 70_000}</v></c></row>'
    refused(packed(parts(rows(text))), "字节（单元格）", "bytes in a cell", 64)


@test("two parts of one name, also in other letters")
def _():
    for other in ("xl/workbook.xml", "XL/Workbook.XML", "xl\\workbook.xml"):
        files = list(parts(rows("")).items()) + [(other, "<workbook/>")]
        refused(packed(files), "同名部件", "two parts of one name")


@test("parts outside of the package")
def _():
    for name in ("../evil.xml", "/etc/passwd", "xl/../../x", "..\\..\\x"):
        files = list(parts(rows("")).items()) + [(name, "x")]
        refused(packed(files), "包外", "outside of the package")


@test("relations that leave the package lead nowhere")
def _():
    for target in ("../../../../etc/passwd", "/../etc/passwd", "file:///etc/passwd", "a" * 5000):
        rel = (f'<Relationships {PACKAGE}><Relationship Id="a" Type="{REL}/worksheet" '
               f'Target="{target}"/></Relationships>')
        refused(packed(parts(**{"xl/_rels/workbook.xml.rels": rel})), "没有内容", "has no part")


@test("5,000 entries")
def _():
    files = list(parts(rows("")).items()) + [(f"x{i}", "") for i in range(5000)]
    refused(packed(files), "4096 个部件", "4096 entries", 64)


@test("a cut archive, wherever it is cut")
def _():
    for n in range(30, len(GOOD), 37):
        refused(GOOD[:n], "已损坏或不完整", "damaged or cut off", 64)


@test("a flipped byte in the packed data is noticed")
def _():
    at = GOOD.index(b"xl/worksheets/s.xml") + len(b"xl/worksheets/s.xml") + 20
    bad = GOOD[:at] + bytes([GOOD[at] ^ 0x55]) + GOOD[at + 1:]
    done = sheet(bad)
    assert done.status == REFUSED, done.out


@test("headers that lie about sizes")
def _():
    text = parts(rows("<row/>" * 1000 + "<row><c><v>7</v></c></row>"))
    data = bytearray(packed(text))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/worksheets/s.xml"))
    struct.pack_into("<I", data, at + 24, 17)  # what it says to be, unpacked
    done = sheet(bytes(data))  # nobody looks at it
    assert "A1001\t数字\t7" in done.out, done.err + done.out


@test("unusual packing and encrypted parts")
def _():
    refused(packed(parts(rows("")), zipfile.ZIP_BZIP2), "压缩方式不常见", "unusual way")
    data = bytearray(packed(parts(rows(""))))
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    refused(bytes(data), "加密的部件", "encrypted part")


@test("cells and rows that stand twice, or nowhere")
def _():
    for inner, zh, en in (
            ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "单元格重复",
             "cell stands twice"),
            ('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "单元格重复",
             "cell stands twice"),
            ('<row r="2"/><row r="1"/>', "行重复", "row stands twice"),
            ('<row r="1"><c r="A2"><v>1</v></c></row>', "位置不对", "no place of its row"),
            ('<row r="0"/>', "行重复", "row stands twice"),
            ('<row r="1048577"/>', "行号不对", "no proper number"),
            ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "位置不对", "no place of its row"),
            ('<row r="1"><c t="s"><v>7</v></c></row>', "不存在的字符串", "string that the table")):
        refused(packed(parts(rows(inner))), zh, en, 64)


@test("values that are none are handed out as odd")
def _():
    inner = ('<row><c><v>abc</v></c><c><v>NaN</v></c><c t="z"><v>1</v></c><c t="b"><v>7</v></c>'
             "<c><v>1e99999</v></c></row>")
    done = sheet(packed(parts(rows(inner))), "en", "--want", "number")
    assert done.status == 0 and done.out.count("\todd\t") == 5, done.err + done.out
    assert done.out.count("refused") == 5, done.out


@test("what else is a zip")
def _():
    for name, zh, en in (("content.xml", "OpenDocument", "OpenDocument"),
                         ("word/document.xml", "Word", "Word"), ("xl/workbook.bin", "xlsb", "xlsb"),
                         ("readme.txt", "压缩包", "zip archive")):
        refused(packed({name: "x"}), zh, en, 64)


@test("what else is no workbook")
def _():
    for data, zh, en in ((b"%PDF-1.7 ...", "pdf", "pdf"), (b"Rar!\x1a\x07", "rar", "rar"),
                         ("<html><table><tr><td>1".encode(), "网页", "markup"),
                         ("\ufeff \n<?xml version='1.0'?><Workbook>".encode(), "网页", "markup"),
                         (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "文件头", "header")):
        refused(data, zh, en, 64)


def compound(name):
    """A compound file with one stream of this name."""
    entries = [("Root Entry", 5, 1, 0xfffffffe, 0), (name, 2, 0xffffffff, 0xfffffffe, 0)]
    directory = b""
    for text, kind, child, first, size in entries:
        wide = text.encode("utf-16-le")
        directory += (wide + bytes(64 - len(wide)) + struct.pack("<HBB", len(wide) + 2, kind, 1) +
                      struct.pack("<III", 0xffffffff, 0xffffffff, child) + bytes(36) +
                      struct.pack("<IQ", first, size))
    directory += bytes(512 - len(directory))
    header = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) +
              struct.pack("<HHHHH", 0x3e, 3, 0xfffe, 9, 6) + bytes(10) +
              struct.pack("<III", 1, 1, 0) +
              struct.pack("<IIIII", 4096, 0xfffffffe, 0, 0xfffffffe, 0) +
              struct.pack("<I", 0) + b"\xff" * 432)
    fat = struct.pack("<II", 0xfffffffd, 0xfffffffe) + b"\xff" * 504
    return header + fat + directory


@test("a password, and older or other files, by the name of their stream")
def _():
    refused(compound("EncryptedPackage"), "打开密码", "protected by a password", 64)
    refused(compound("WordDocument"), "Word", "Word", 64)
    refused(compound("Book"), "Excel 95", "Excel 95", 64)
    refused(compound("X"), "不含工作簿", "without a workbook", 64)


@test("an old workbook cut anywhere is refused or read, and never more")
def _():
    whole = (CORPUS / "xls" / "shape.xls").read_bytes()
    for n in range(0, len(whole), 509):
        done = sheet(whole[:n])
        assert done.status in (0, REFUSED), (n, done.status, done.err)
        assert done.status == 0 or done.err, n


@test("bytes that are no text")
def _():
    done = sheet(b"\xff\xfe\x00\xd8")
    assert done.status == REFUSED and "UTF-16" in done.err, done.err


sys.exit(main())
