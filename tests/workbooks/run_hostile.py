#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Workbooks made to do harm, and things that are no workbooks: each is refused with what, where and
a remedy, in both languages, within stated memory and processor time (never the clock's, which other
work on the machine moves). Prints TAP."""
import itertools
import os
import resource
import struct
import subprocess
import sys
import tempfile
import warnings
import zipfile
import zlib
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
SECONDS_MAX = 120 if SLOW_BUILD else 20  # of the processor; the longest takes about two

def bounded():
    """In the child: whoever computes longer is ended by the system, which no test expects."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))


class Done:
    def __init__(self, args):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = subprocess.Popen([TIZHI, *map(str, args)], stdout=out, stderr=err,
                                     preexec_fn=bounded)
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


# ---- archives that contradict themselves ---------------------------------------------------------

def raw_archive(locals_, entries, comment=b"", end=None):
    """An archive by hand: bytes of local entries, and (name, offset, packed, unpacked, crc)."""
    directory = b"".join(
        struct.pack("<IHHHHHHIIIHHHHHII", 0x02014b50, 20, 20, 0, 8, 0, 33, crc, packed_, unpacked,
                    len(name), len(extra), 0, 0, 0, 0, offset) + name + extra
        for name, offset, packed_, unpacked, crc, extra in entries)
    end = end or (len(entries), len(entries), len(directory), len(locals_))
    return locals_ + directory + struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, *end,
                                             len(comment)) + comment


def local_entry(name, data, text):
    return struct.pack("<IHHHHHIIIHH", 0x04034b50, 20, 0, 8, 0, 33, zlib.crc32(text), len(data),
                       len(text), len(name), 0) + name + data


def deflated(text):
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeeze.compress(text) + squeeze.flush()


def by_hand(change=lambda name, entry: entry, tail=b"", **more):
    """GOOD, made by hand, with entries of the directory changed."""
    body, entries = b"", []
    for name, text in parts(rows('<row r="1"><c r="A1"><v>5</v></c></row>')).items():
        name, text = name.encode(), text.encode()
        data = deflated(text)
        entries.append(change(name, (name, len(body), len(data), len(text), zlib.crc32(text), b"")))
        body += local_entry(name, data, text)
    return raw_archive(body + tail, entries, **more)


@test("an archive made by hand is read")
def _():
    done = sheet(by_hand())
    assert "A1\t数字\t5" in done.out, done.err


@test("one kernel that a thousand entries share, and entries within others")
def _():
    kernel = deflated(b" " * (8 << 20))
    crc = zlib.crc32(b" " * (8 << 20))
    same = [(b"x%03d" % i, 0, len(kernel), 8 << 20, crc, b"") for i in range(1000)]
    refused(raw_archive(local_entry(b"x000", kernel, b" " * (8 << 20)), same), "互相矛盾",
            "contradict each other", 64)
    body, entries = b"", []
    for i in range(200):  # each one begins with a stored block that quotes the header of the next
        name = b"q%03d" % (199 - i)
        inner = body if i else kernel
        data = (b"\x00" + struct.pack("<HH", 34, 0xffff - 34) + inner) if i else kernel
        body = local_entry(name, data, b"")
        entries = [(n, o + 39 if i else o, *r) for n, o, *r in entries]
        entries.append((name, 0, len(data), 8 << 20, 0, b""))
    refused(raw_archive(body, entries), "互相矛盾", "contradict each other", 64)


@test("directory and entries with other names, sizes and places")
def _():
    def other(**change):
        def apply(name, entry):
            fields = dict(zip(("name", "offset", "packed", "unpacked", "crc", "extra"), entry))
            if name.endswith(b"s.xml"):
                fields.update({k: v(fields[k]) for k, v in change.items()})
            return tuple(fields.values())
        return by_hand(apply)
    for data in (other(name=lambda n: n[:-5] + b"z.xml"), other(offset=lambda o: o + 1),
                 other(offset=lambda o: 0xfffffffe), other(packed=lambda n: n + 40),
                 other(packed=lambda n: 0xfffffffe), other(offset=lambda o: 0)):
        refused(data, "互相矛盾", "contradict each other", 64)
    for data in (other(packed=lambda n: n - 9), other(crc=lambda c: c ^ 1)):
        refused(data, "已损坏", "damaged", 64)
    assert sheet(other(unpacked=lambda n: 1)).status == 0  # nobody looks at it


@test("numbers of 64 bits that lie")
def _():
    def wide(*numbers):
        extra = struct.pack(f"<HH{len(numbers)}Q", 1, 8 * len(numbers), *numbers)

        def apply(name, entry):
            name, offset, packed_, unpacked, crc, _ = entry
            if name.endswith(b"s.xml"):
                return (name, 0xffffffff, 0xffffffff, 0xffffffff, crc, extra)
            return entry
        return by_hand(apply)
    big = 1 << 62
    for data in (wide(big, big, big), wide(1, big, 0), wide(1, 1, big), wide(1), wide(), wide(1, 1),
                 wide(1, 2**64 - 1, 2**64 - 1)):
        done = sheet(data, "en")
        assert done.status == REFUSED and "hint" in done.err and done.mib < 64, done.err
    # in the last record, without or with a record of 64 bits
    for end in ((0xffff, 0xffff, 0xffffffff, 0xffffffff), (1, 1, 46, 0xfffffff0),
                (4000, 4000, 46, 0), (0, 0, 0, 0)):
        done = sheet(by_hand(end=end), "en")
        assert done.status == REFUSED and "hint" in done.err, (end, done.err)


@test("two directories: the library and we must mean the same one")
def _():
    good = by_hand()
    for comment in (good[-22:], by_hand(comment=good), good[good.index(b"PK\1\2"):]):
        done = sheet(by_hand(comment=comment))
        assert done.status == REFUSED or "A1\t数字\t5" in done.out, done.err


# ---- tables and sheets that are too much ---------------------------------------------------------

def with_styles(xml):
    files = parts(rows('<row><c s="1"><v>5</v></c></row>'), **{"xl/styles.xml": xml})
    files["xl/_rels/workbook.xml.rels"] = files["xl/_rels/workbook.xml.rels"].replace(
        "</Rel", f'<Relationship Id="t" Type="{REL}/styles" Target="styles.xml"/></Rel')
    return packed(files)


@test("styles without end, and formats that are long")
def _():
    def styles(inner, n, head, tail):
        return itertools.chain([f"<styleSheet {MAIN}>{head}"], itertools.repeat(inner, n),
                               [tail + "</styleSheet>"])
    refused(with_styles(styles('<xf numFmtId="0"/>' * 1000, 70, "<cellXfs>", "</cellXfs>")),
            "65536 种样式", "65536 styles", 64)
    formats = (f'<numFmt numFmtId="{i}" formatCode="0"/>' for i in range(70_000))
    refused(with_styles(itertools.chain([f"<styleSheet {MAIN}><numFmts>"], formats,
                                        ["</numFmts></styleSheet>"])),
            "65536 种数字格式", "65536 number formats", 64)
    for mark in ("[", "&quot;", "\\", "General", "0,", "[h", "y/"):
        code = mark * (100_000 // len(mark))
        one = f'<numFmt numFmtId="200" formatCode="{code}"/>'
        done = sheet(with_styles(styles(one, 20, "<numFmts>",
                                        '</numFmts><cellXfs><xf/><xf numFmtId="200"/></cellXfs>')))
        assert done.status == 0 and done.mib < 64, (mark, done.status, done.err)


@test("a dimension of all the sheet for one cell")
def _():
    done = sheet(packed(parts('<dimension ref="A1:XFD1048576"/><cols><col min="1" max="16384" '
                              'width="9"/></cols>' +
                              rows('<row r="1048576" spans="1:16384"><c r="XFD1048576"><v>5</v></c>'
                                   "</row>"))))
    assert done.status == 0 and "XFD1048576\t数字\t5" in done.out and done.mib < 64, done.err


@test("a sheet that lies outside of the package")
def _():
    rel = (f'<Relationships {PACKAGE}><Relationship Id="a" Type="{REL}/worksheet" '
           'TargetMode="External" Target="http://example.org/s.xml"/></Relationships>')
    refused(packed(parts(**{"xl/_rels/workbook.xml.rels": rel})), "没有内容", "has no part", 64)


# ---- old workbooks -------------------------------------------------------------------------------

def old_book():
    return bytearray((CORPUS / "xls" / "shape.xls").read_bytes())


def sector(n):
    return 512 + 512 * n


def survives(data, what):
    """Read or refused, within memory and time, and never ended by a signal."""
    done = sheet(bytes(data))
    assert done.status in (0, REFUSED), (what, done.status, done.err)
    assert done.status == 0 or "建议" in done.err, (what, done.err)
    assert SLOW_BUILD or done.mib < 128, (what, done.mib)
    return done


@test("chains of sectors that run in a circle")
def _():
    whole = old_book()
    fat = sector(struct.unpack_from("<I", whole, 76)[0])
    directory = struct.unpack_from("<I", whole, 48)[0]
    streams = [struct.unpack_from("<I", whole, sector(directory) + 128 * i + 116)[0]
               for i in range(4)]
    for start in {s for s in streams + [directory] if s < 128}:
        for to in (start, 0, directory, 0xfffffffd, 0xfffffffe, 0x7fffffff):
            data = bytearray(whole)
            struct.pack_into("<I", data, fat + 4 * start, to)
            survives(data, (start, to))
    for place, value in ((68, 0), (72, 0xffffffff), (60, 0), (44, 0xffffffff), (76, 0), (48, 0)):
        data = bytearray(whole)
        struct.pack_into("<I", data, place, value)
        survives(data, (place, value))
    data = bytearray(whole)  # a list of tables of sectors that lists itself
    struct.pack_into("<II", data, 68, 0, 0xffffffff)
    struct.pack_into("<128I", data, sector(0), *([0] * 128))
    survives(data, "list of lists")


def records(data):
    """(place, kind, length) of the records of the workbook's stream, which lies in one piece."""
    at = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    while at + 4 <= len(data):
        kind, n = struct.unpack_from("<HH", data, at)
        if kind == 0 and n == 0:
            return
        yield at, kind, n
        at += 4 + n


@test("counts, lengths and places of records that lie")
def _():
    whole = old_book()
    found = list(records(whole))
    assert {0xfc, 0x85, 0xe5, 0x200} <= {kind for _, kind, _ in found}
    for at, kind, n in found:
        for field, value in ((2, 0xffff), (2, 0), (4, 0xffffffff), (8, 0xffffffff), (4, 0)):
            if kind in (0xfc, 0x85, 0xe5, 0x200, 0xfd, 0x203, 0x208, 0x3c, 0x1b6) or field == 2:
                data = bytearray(whole)
                struct.pack_into("<H" if field == 2 else "<I", data, at + field,
                                 value & (0xffff if field == 2 else 0xffffffff))
                survives(data, (hex(kind), field, value))
    for at, kind, n in found:  # each string of the table continues in itself, or in a sheet
        if kind in (0xfc, 0x3c):
            for other in (0x3c, 0xfc, 0x85, 0x09):
                data = bytearray(whole)
                struct.pack_into("<H", data, at, other)
                survives(data, (hex(kind), hex(other)))


# ---- tables of text ------------------------------------------------------------------------------

@test("one line of 60 MB, a million columns, a million separators of nothing")
def _():
    for data, word in ((b"a" * (60 << 20), "KiB"), (b"1," * 1_000_000, "列"),
                       (b"," * 1_000_000 + b"\n1", "列"), (b'"' + b"a\n" * (30 << 20), None),
                       (b'"' * (60 << 20), None), (b"\n" * (60 << 20), None)):
        done = sheet(data)
        assert done.status in ((REFUSED,) if word else (0, REFUSED)), (word, done.status)
        assert done.status == 0 or done.err.count("\n") < 9 and len(done.err) < 2000, done.err[:300]
        assert not word or word in done.err, done.err
        assert SLOW_BUILD or done.mib < MIB_MAX, (word, done.mib)


@test("marks of byte order, twice, alone, in the middle, and of other encodings")
def _():
    for data, status in ((b"\xef\xbb\xbf", REFUSED), (b"\xef\xbb\xbf\xef\xbb\xbf1,2", 0),
                         (b"\xff\xfe", REFUSED), (b"\xff\xfe1", REFUSED),
                         (b"\xff\xfe1\x00,\x00\x00", REFUSED),
                         (b"\xfe\xff\x001\x00", REFUSED), (b"\xff\xfe\x00\x00", None),
                         (b"\xff\xfe\x3d\xd8", REFUSED), (b"\xff\xfe\x3d\xd8\x00\x00", REFUSED),
                         (b"\x00\x00\xfe\xff1", None), (b"+/v8-", 0), (b"\x0e\xfe\xff", None)):
        done = sheet(data)
        assert done.status in ((0, REFUSED) if status is None else (status,)), (data, done.err)


@test("a formula in a table of text stays a text on its way out")
def _():
    with tempfile.TemporaryDirectory() as tmp:
        path, copy = Path(tmp, "x.csv"), Path(tmp, "copy.xlsx")
        path.write_text("=cmd|'/c calc'!A0,+1+1,@SUM(A1),\"=HYPERLINK(\"\"http://x\"\")\"\n",
                        "utf-8")
        done = Done(["sheet", path, "--want", "number", "--annotate", copy])
        assert done.status == 0, done.err
        with zipfile.ZipFile(copy) as z:
            xml = z.read("xl/worksheets/sheet1.xml").decode()
    assert xml.count('t="inlineStr"') == 4 and "<f" not in xml, xml


@test("annotating: notes, boxes and formats without end, and drawings full of them")
def _():
    def noted(drawing, comments="<comments><authors/><commentList/></comments>", sheet_xml=None):
        files = parts(sheet_xml or rows('<row><c t="str"><v>约5</v></c></row>') +
                      f'<legacyDrawing xmlns:r="{REL}" r:id="v"/>')
        files["xl/worksheets/_rels/s.xml.rels"] = (
            f'<Relationships {PACKAGE}><Relationship Id="v" Type="{REL}/vmlDrawing" '
            f'Target="/xl/v.vml"/><Relationship Id="c" Type="{REL}/comments" '
            'Target="/xl/comments.xml"/></Relationships>')
        files["xl/v.vml"] = drawing
        files["xl/comments.xml"] = comments
        with tempfile.TemporaryDirectory() as tmp:
            path, copy = Path(tmp, "x.xlsx"), Path(tmp, "copy.xlsx")
            path.write_bytes(packed(files))
            done = Done(["sheet", path, "--want", "number", "--annotate", copy, "--lang", "zh"])
            assert done.status in (0, REFUSED), (done.status, done.err)
            assert SLOW_BUILD or done.mib < 1024, done.mib
            return done
    many = "<comment ref='A1' authorId='0'><text><t>x</t></text></comment>" * 1000
    refused_ = noted("<xml></xml>", itertools.chain(
        ["<comments><authors><author>tizhi</author></authors><commentList>"],
        itertools.repeat(many, 250), ["</commentList></comments>"]))
    assert "200000 条批注" in refused_.err, refused_.err
    assert noted(itertools.chain(["<xml>"], itertools.repeat("_x0000_s999999999 " * 5000, 80),
                                 ["</xml>"])).status == 0
    assert noted(itertools.chain(["<xml>"], itertools.repeat("<a>" * 10_000, 80))).status == REFUSED
    assert noted("</" * 1_000_000).status == 0
    hidden = "".join(f'<row r="{i}" hidden="1"/>' for i in range(2, 200_000))
    assert noted("<xml></xml>", sheet_xml=rows(
        '<row r="1"><c t="str"><v>约5</v></c></row>' + hidden)).status == 0
    bomb = itertools.chain(["<comments>"], itertools.repeat(" " * (1 << 20), 300), ["</comments>"])
    assert "解压后与解压前之比" in noted("<xml></xml>", bomb).err


@test("bytes that are no text")
def _():
    done = sheet(b"\xff\xfe\x00\xd8")
    assert done.status == REFUSED and "UTF-16" in done.err, done.err


sys.exit(main())
