#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Coverage of an official text by a pack, on an invented text: the same sentences from plain text,
GB18030, docx and what pdf extraction makes of it; every declaration taken away leaves its sentence
open; text that is damaged or hostile is refused with the reason. Prints TAP."""
import csv
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "lib"))
from pdf import pdf  # noqa: E402
TIZHI = Path(os.environ.get("TIZHI", ROOT / "build" / "src" / "tizhi"))

PLAN = """计划 p { 年度 2024 至 2026 约数 上下 5% }
层级 省 > 县
对象 省 { 数据 树 : 个 每年 数据 灯 : 个 每年 数据 覆盖 : % 每年 }
条款 P 前言
条款 G 一
条款 MA 二(一)
条款 M1 二(一)1
条款 M2 二(一)2
条款 M3 二(二)3
条款 S 三
条款 F0 附件1
条款 F1 附件1 一
条款 F2 附件1 二(一)1
条款 E1 附件2 一
"""
# One declaration a sentence or two, in the order of the text.
DECLARATIONS = """不可测 P.1 { 依据 P 理由 "通知" }
不可测 G.1 { 依据 G 第1至2句 理由 "总的方向" }
任务 MA.1 { 依据 MA 第1句 于 2024年 启动 "工作" }
目标 M1.1 { 依据 M1 第2句 到 2026年 树 不少于 1200个 }
目标 M1.2 { 依据 M1 第3句 每年 2024 至 2026 灯 3-5个 }
任务 M1.3 { 依据 M1 第1句, M1 第4句 于 2025年 开展 2次 "巡灯" }
目标 M2.1 { 依据 M2 到 2025年 覆盖 达到 93.5% }
任务 M3.1 { 依据 M3 第1至5句 于 2026年 交付 "手册" }
不可测 S.1 { 依据 S 理由 "保障" }
任务 F1.1 { 依据 附件1 一 第1句 于 2024年 启动 "园圃" }
任务 F1.2 { 依据 F1 sentences 2-3 于 2024年 启动 "园圃" }
目标 F2.1 { 依据 附件1二（一）1 第1至2句 于 2026年 树 20万个 }
任务 F2.2 { 依据 F2 第3句 于 2026年 开展 "培训" }
任务 E1.1 { 依据 E1 于 2026年 开展 "验收" }
"""
# Paragraph by paragraph; invented, and about nothing that any plan says.
TEXT = """各县林灯办公室:
请照此办好。
林灯办公室
2024年3月1日
林灯三年行动方案
(2024—2026年)
一、总体要求
让每条小路都有树荫,也有灯光,走路的人不必着急。夜里看得清,白天晒不着。
二、重点任务
(一)小路绿化
沿路种树,先种慢的。
1.种好每一棵树。到2026年,全省新种树木1200棵以上,\
新种的树用“三年护树2.0办法”(含浇水;修枝。)看护;每年给每个县添3-5盏灯。\
2025年巡灯2次,请一、二年级的小朋友数一数,三、四年级的小朋友记一记。
2.照亮每一条路。到2025年,小路照明覆盖率达到93.5%。
(二)小路养护
3.记下每一条路。编一本手册!谁来记?各县自己记;记完了大家看。
三、保障措施
各县安排人手,各尽其力。
附件:1.园圃方案
2.验收办法
附件1
园圃方案
一、主要目标
到2024年有苗圃。苗圃归县里管。苗圃的苗先给小路。
二、任务举措
(一)育苗
1.多育树苗。到2026年育苗20万株。常态化培训IPv6看苗员。
附件2
验收办法
一、谁来验收
走路的人都可以验收。
"""
SENTENCES = 23

RESULTS = []


def tizhi(folder, *args, lang="en"):
    command = [TIZHI, "coverage", "--pack", folder, *args, "--lang", lang]
    done = subprocess.run(map(str, command), capture_output=True, timeout=120)
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace")


def test(name):
    def wrap(fn):
        try:
            fn()
            RESULTS.append((name, ""))
        except AssertionError as e:
            RESULTS.append((name, str(e) or "assertion failed"))
        return fn
    return wrap


def cover(text, *args, declarations=DECLARATIONS, name="t.txt", plan=PLAN, lang="en"):
    """Exit status, stdout and stderr of the coverage of a text (or bytes)."""
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(folder, "pack")
        pack.mkdir()
        Path(pack, "a.plan").write_text(plan + declarations, encoding="utf-8")
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        Path(folder, name).write_bytes(data)
        return tizhi(pack, Path(folder, name), *args, lang=lang)


def answer(text, **how):
    status, out, err = cover(text, "--format", "json", **how)
    assert status in (0, 1, 3) and out.startswith("{"), f"exit {status}: {err}"
    return status, json.loads(out)


def keyed(found):
    return [(s["clause"] or s["path"], s["sentence"], s["text"]) for s in found["sentences"]]


def opened(found):
    return [f"{s['clause'] or s['path']}:{s['sentence']}" for s in found["sentences"]
            if s["state"] == "open"]


PLAIN = answer(TEXT)[1]


def same(text, **how):
    status, found = answer(text, **how)
    for x, y in zip(keyed(found), keyed(PLAIN)):
        assert x == y, f"{x} instead of {y}"
    assert len(found["sentences"]) == SENTENCES, f"{len(found['sentences'])} sentences"
    assert status == 0, f"exit {status}: {opened(found)} {found['missing']}"
    return found


# -- the same text in other dress ------------------------------------------------------------------
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(paragraphs, part="word/document.xml", head="", compression=zipfile.ZIP_DEFLATED):
    body = "".join(paragraphs)
    xml = f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document xmlns:w="{W}"><w:body>{body}' \
          "</w:body></w:document>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as z:
        z.writestr("[Content_Types].xml", "<Types/>")
        z.writestr(part, xml)
    return out.getvalue()


def paragraph(text, rng):
    """Runs cut anywhere, with deleted text and field codes between."""
    runs, i = "", 0
    while i < len(text):
        n = rng.randint(1, 9)
        piece = text[i:i + n].replace("&", "&amp;").replace("<", "&lt;")
        runs += f'<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{piece}</w:t></w:r>'
        i += n
    noise = '<w:del><w:r><w:delText>删去。</w:delText></w:r></w:del>' \
            '<w:r><w:instrText>PAGE。</w:instrText></w:r>'
    return f"<w:p><w:pPr><w:jc/></w:pPr>{runs}{noise}</w:p>"


def as_docx(text):
    rng = random.Random(7)
    return docx(paragraph(line, rng) for line in text.splitlines())


def wrapped(text, width):
    """Every paragraph broken after so many characters."""
    return [line[i:i + width] for line in text.splitlines() for i in range(0, len(line), width)]


def paged(lines, per_page, number, header="林灯三年行动方案 内部资料", feed=False, twice=()):
    pages = [lines[i:i + per_page] for i in range(0, len(lines), per_page)]
    out = []
    for n, page in enumerate(pages, 1):
        for _ in range(2 if n in twice else 1):
            out += [header, ""] + page + ["", number.format(n=n, of=len(pages))]
            out[-1] += "\f" if feed else ""
    return "\n".join(out) + "\n"


@test("every sentence of the text is found, in order, under its clause")
def _():
    assert len(PLAIN["sentences"]) == SENTENCES, json.dumps(PLAIN["sentences"], ensure_ascii=False)
    assert PLAIN["summary"]["open"] == 0, opened(PLAIN)
    texts = {f"{s['clause']}:{s['sentence']}": s["text"] for s in PLAIN["sentences"]}
    assert texts["MA:1"] == "小路绿化沿路种树,先种慢的。", texts["MA:1"]
    assert texts["M1:1"] == "种好每一棵树。", texts["M1:1"]
    assert texts["M1:2"].endswith("(含浇水;修枝。)看护;"), texts["M1:2"]
    assert texts["M3:3"] == "谁来记?" and texts["M3:4"].startswith("各县"), texts
    assert texts["F2:3"] == "常态化培训IPv6看苗员。", texts
    assert not any("附件" in t or "园圃方案" in t for t in texts.values()), texts


@test("GB18030, CRLF, a BOM, full-width and half-width punctuation, Kangxi radicals give the same")
def _():
    same(TEXT.encode("gb18030"))
    same(("\ufeff" + TEXT.replace("\n", "\r\n")).encode("utf-8"))
    same(TEXT.replace("\n", "\r"))
    wide = str.maketrans(",;!?():%1234567890.-", "，；！？（）：％１２３４５６７８９０．－")
    same(TEXT.translate(wide))
    same(TEXT.replace("。", "｡").replace("一", "⼀").replace("—", "–"))
    same(re.sub(r"(?m)^(\d)\.", r"\1、", TEXT))
    same(TEXT.replace("路", "路\u200b \u3000\u00a0"))


@test("docx with cut runs, deleted text and field codes gives the same")
def _():
    same(as_docx(TEXT), name="t.docx")
    same(as_docx(TEXT))  # told by its content, not by its name


@test("a text box stands after its paragraph, a fall-back is left out, automatic numbers are noted")
def _():
    box = '<w:p><w:r><w:t>一、甲。</w:t></w:r><w:r><mc:AlternateContent xmlns:mc="mc"><mc:Choice>' \
          "<w:txbxContent><w:p><w:r><w:t>二、盒</w:t></w:r></w:p><w:p><w:r><w:t>中。</w:t></w:r>" \
          "</w:p></w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>二、盒中。</w:t></w:r>" \
          "</w:p></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>乙。</w:t></w:r></w:p>"
    listed = '<w:p><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>' \
             "<w:r><w:t>丙。</w:t></w:r></w:p>"
    status, out, err = cover(docx([box, listed]), declarations="")
    assert status == 3 and "numbered by the word processor" in out, err + out
    found = answer(docx([box, listed]), declarations="")[1]
    assert [s["text"] for s in found["sentences"]] == ["甲。", "乙。", "盒中。", "丙。"], found


@test("what pdf extraction leaves: lines broken anywhere, page numbers, running headers")
def _():
    for width in (7, 11, 16, 23, 30):
        lines = wrapped(TEXT, width)
        same("\n".join(lines) + "\n")
        for number in ("- {n} -", "第 {n} 页", "第{n}页 共{of}页", "{n}", "{n}/{of}", "— {n} —"):
            found = same(paged(lines, 9, number))
            assert found["left_out"]["page_numbers"] > 2, found["left_out"]
            assert found["left_out"]["headers"] > 2, found["left_out"]
        same(paged(lines, 8, "{n}", feed=True))


@test("a pdf gives the same, whatever the width of its lines")
def _():
    for width in (16, 30, 45):
        pages = paged(wrapped(TEXT, width), 12, "- {n} -", feed=True).split("\f")
        found = same(pdf([page.strip("\n").split("\n") for page in pages if page.strip()]))
        assert found["left_out"]["page_numbers"] > 1, found["left_out"]
        assert found["left_out"]["headers"] > 1, found["left_out"]


@test("pages that stand there twice count once")
def _():
    for width in (11, 23):
        lines = wrapped(TEXT, width)
        for twice in ((2,), (1, 3), (4,)):
            found = same(paged(lines, 12, "- {n} -", twice=twice))
            assert found["left_out"]["duplicate_lines"] > 0, found["left_out"]
            same(paged(lines, 12, "{n}", feed=True, twice=twice))
    status, out, _ = cover(paged(wrapped(TEXT, 23), 12, "{n}", twice=(2,)))
    assert status == 0 and "twice" in out, out


@test("annexes that are listed by number before they come begin where they stand")
def _():
    listed = TEXT.replace("附件:1.园圃方案\n2.验收办法\n", "附件1:园圃方案\n附件2:验收办法\n")
    same(listed)


LEVELS = """附件
一、甲
(一)乙
1.丙。
(1)丁。
(2)戊。
2、己。
(十一)跳到这里不对。
(二)庚
1.辛。
2.壬
十年树木,见二、三处。
二、癸
3.到本节续号。
4.5万株不是编号。
"""


def paths(text):
    found = answer(text, declarations="", plan=PLAN.split("条款")[0])[1]
    return [(s["path"], s["text"]) for s in found["sentences"]]


@test("numbers run on or begin anew; points stand below items; what does not count on is text")
def _():
    found = paths(LEVELS)
    want = [("一(一)1", "丙。"), ("一(一)1(1)", "丁。"), ("一(一)1(2)", "戊。"),
            ("一(一)2", "己。"), ("一(一)2", "(十一)跳到这里不对。"), ("一(二)1", "辛。"),
            ("一(二)2", "壬十年树木,见二、三处。"), ("二3", "到本节续号。"),
            ("二3", "4.5万株不是编号。")]
    assert found == [("附件 " + path, words) for path, words in want], found
    digits = ["", *"一二三四五六七八九"]
    numbers = [("" if n < 10 else "十" if n < 20 else digits[n // 10] + "十") + digits[n % 10]
               for n in range(1, 42)]
    found = paths("".join(f"{n}、节。\n" for n in numbers))
    assert [path for path, _ in found] == numbers, found


@test("a sentence goes on after a full stop within brackets and titles, not after one in quotes")
def _():
    found = [text for _, text in paths("一、他说:“走。”她走。(见一。二)完!？…《甲。乙》;丙")]
    assert found == ["他说:“走。”", "她走。", "(见一。二)完!?", "...《甲。乙》;", "丙"], found
    found = [text for _, text in paths("一、甲“乙。丙。丁)戊;")]
    assert found == ["甲“乙。", "丙。", "丁)戊;"], found


# -- what covers what ------------------------------------------------------------------------------


@test("any declaration taken away leaves its sentences open, by name")
def _():
    declared = DECLARATIONS.splitlines()
    for i, line in enumerate(declared):
        rest = "\n".join(declared[:i] + declared[i + 1:]) + "\n"
        name = line.split()[1]
        mine = {f"{s['clause']}:{s['sentence']}" for s in PLAIN["sentences"] if name in s["by"]}
        status, found = answer(TEXT, declarations=rest)
        assert mine and set(opened(found)) == mine, f"{name}: {opened(found)} is not {mine}"
        assert status == 1, f"{name}: exit {status}"
        code, number = sorted(mine)[0].split(":")
        for lang, ref in (("en", f"{code} sentence {number} (line"),
                          ("zh", f"{code} 第{number}句（第")):
            status, out, _ = cover(TEXT, declarations=rest, lang=lang)
            assert status == 1 and ref in out, f"{ref} is not in {out}"


@test("a whole-clause reference speaks only for what no reference names")
def _():
    more = '不可测 M1.9 { 依据 M1 理由 "其余" }\n'
    rest = DECLARATIONS.replace(", M1 第4句", "") + more
    found = answer(TEXT, declarations=rest)[1]
    states = {s["sentence"]: (s["state"], s["whole"], s["by"]) for s in found["sentences"]
              if s["clause"] == "M1"}
    assert states[4] == ("unmeasurable", True, ["M1.9"]), states
    assert states[2] == ("covered", False, ["M1.1"]), states
    whole = next(c for c in found["clauses"] if c["clause"] == "M2")
    assert (whole["sentences"], whole["covered"], whole["whole"]) == (2, 2, 2), whole


@test("what judges nothing covers nothing: an indicator without a target; 不可测 is told apart")
def _():
    rest = DECLARATIONS.replace("任务 E1.1 { 依据 E1 于 2026年 开展 \"验收\" }",
                                "指标 E1.1 { 依据 E1 计算 树 }")
    found = answer(TEXT, declarations=rest)[1]
    assert opened(found) == ["E1:1"], opened(found)
    assert PLAIN["summary"] == {"sentences": 23, "covered": 19, "unmeasurable": 4, "open": 0,
                                "whole": 3}, PLAIN["summary"]


@test("sentences without a clause of their own go to the section around it, or stand by their path")
def _():
    plan = re.sub("条款 (M3|F2|P) .*\n", "", PLAN) + "条款 FA 附件1 二(一)\n"
    rest = "\n".join(d for d in DECLARATIONS.splitlines()
                     if not re.search(r" (M3|F2|P)\.", d)) + "\n"
    found = answer(TEXT, plan=plan, declarations=rest)[1]
    assert opened(found) == ["前言:1", *(f"二(二)3:{n}" for n in range(1, 6)), "FA:1", "FA:2",
                             "FA:3"], opened(found)
    bare = "".join(line + "\n" for line in PLAN.splitlines() if not line.startswith("条款"))
    one = '任务 X { 依据 附件1 二（一）1 第2句 于 2024年 开展 "x" }\n'
    status, found = answer(TEXT, plan=bare, declarations=one)
    assert status == 1 and len(opened(found)) == SENTENCES - 1, opened(found)


@test("figures of a sentence that no declaration for it holds are named")
def _():
    figures = {f"{s['clause']}:{s['sentence']}": s["figures"] for s in PLAIN["sentences"]
               if s["figures"]}
    assert figures == {}, figures
    rest = DECLARATIONS
    for old, new in (("1200个", "1100个"), ("3-5个", "3个"), ("93.5%", "94%"), ("20万", "30万"),
                     ("开展 2次", "开展 3次"), ("于 2025年", "于 2024年")):
        rest = rest.replace(old, new)
    found = answer(TEXT, declarations=rest)[1]
    figures = {f"{s['clause']}:{s['sentence']}": s["figures"] for s in found["sentences"]
               if s["figures"]}
    assert figures == {"M1:2": ["1200"], "M1:3": ["5"], "M1:4": ["2025", "2"], "M2:2": ["93.5%"],
                       "F2:2": ["20万"]}, figures
    status, out, _ = cover(TEXT, declarations=rest)
    assert status == 0 and "M1 sentence 4: 2025 2 (M1.3)" in out, out


@test("a reference beyond the last sentence is named with its place")
def _():
    status, out, _ = cover(TEXT, declarations=DECLARATIONS.replace("E1 于", "E1 第1至2句 于"))
    assert status == 1 and "E1 sentences 1-2, which has 1" in out and "a.plan:28" in out, out


@test("a clause that the text lacks is named; the text is taken for incomplete")
def _():
    lost = "\n".join(l for l in TEXT.splitlines() if not l.startswith("2.照")) + "\n"
    for lang, word in (("en", "left out"), ("zh", "缺少 1 个编号")):
        status, out, _ = cover(lost, lang=lang)
        assert status == 3 and "M2  二(一)2  " in out and word in out, out
    status, found = answer(lost)
    assert status == 3 and found["missing"] == ["M2"], found["missing"]
    found = answer(TEXT.replace("2.照", "4.照"))[1]
    assert found["missing"] == ["M2", "M3"], found["missing"]
    status, out, _ = cover(TEXT.replace("3.记", "5.记"), plan=PLAN.replace("二(二)3", "二(二)5"))
    assert status == 0 and "before 二(二)5" in out, out


@test("text, json and csv say the same in both languages")
def _():
    texts = [cover(TEXT, lang=lang) for lang in ("en", "zh")]
    assert all(status == 0 for status, _, _ in texts), texts[0][2]
    assert "23 sentences: 19 covered" in texts[0][1], texts[0][1]
    assert "共 23 句：已落实 19" in texts[1][1], texts[1][1]
    for lang, column, word in (("en", "state", "covered"), ("zh", "状态", "已落实")):
        rows = list(csv.DictReader(io.StringIO(cover(TEXT, "--format", "csv", lang=lang)[1])))
        assert len(rows) == SENTENCES and [r[column] for r in rows].count(word) == 19, rows


# -- bad texts -------------------------------------------------------------------------------------


def refused(text, en, zh, seconds=20, **how):
    for lang, word in (("en", en), ("zh", zh)):
        start = time.monotonic()
        status, out, err = cover(text, lang=lang, **how)
        assert status == 3, f"exit {status}: {err}{out[:300]}"
        assert out == "" and word in err, f"{word} is not in: {err}{out[:300]}"
        assert time.monotonic() - start < seconds, "too slow"


@test("an empty, a blank and a missing file")
def _():
    refused("", "empty", "空的")
    refused(" \n\u3000\n\f\n", "empty", "空的")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.plan").write_text(PLAN, encoding="utf-8")
        assert tizhi(folder, Path(folder, "none.txt"))[0] == 3
        assert tizhi(folder, folder)[0] == 3
        assert tizhi(folder)[0] == 2


@test("old Word, UTF-16 and other binary files are named as what they are")
def _():
    refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "docx", "docx")
    refused(b"\xff\xfe" + TEXT.encode("utf-16-le"), "UTF-16", "UTF-16")
    refused(b"\x7fELF\x02\x01\x01\x00" * 100, "is not a text: byte 5", "不是文本")
    refused(bytes(range(256)) * 1000, "is not a text", "不是文本")


@test("a pdf that is damaged, scanned, endless or hostile")
def _():
    whole = pdf([["一、甲。"]])
    refused(b"%PDF-1.7\n%\xe2\xe3\n", "damaged, encrypted or too large", "已损坏")
    refused(whole[:len(whole) // 3], "damaged", "已损坏")
    refused(pdf([[], []]), "perhaps they are scanned", "扫描件")
    refused(pdf([["一、甲。"]] * 2001), "more than 2000 pages", "2000 页")
    looped = whole.replace(b"/Kids [7 0 R]", b"/Kids [2 0 R]")
    refused(looped, "", "", seconds=60)


@test("a mixture of encodings is refused with the line where it begins")
def _():
    lines = TEXT.splitlines()
    half = "\n".join(lines[:8]).encode("utf-8") + b"\n" + "\n".join(lines[8:]).encode("gb18030")
    refused(half, ":9: neither", "第 9 行")
    refused("\n".join(lines[:8]).encode("gb18030") + b"\n" + "\n".join(lines[8:]).encode("utf-8"),
            ":1: neither", "第 1 行")
    refused(TEXT.encode("utf-8")[:-2], "neither UTF-8 nor", "编码")
    refused(b"\x81\xff\xff\xfe" * 50, "neither UTF-8 nor", "编码")


@test("100 MB, too many lines and a text without headings")
def _():
    refused("树" * 35_000_000, "larger than", "超过")
    refused("树\n" * 300_000, "more than 200000 lines", "200000 行")
    refused("树。" * 1000, "no numbered heading", "带编号的标题")
    refused("一、" + "树。" * 110_000, "more than 100000 sentences", "100000 句")
    status, found = answer("一、" + "(“《树" * 200_000 + "。", declarations="")
    assert status == 3 and len(found["sentences"]) == 1, status
    status, found = answer("一、甲\n" + "树叶树叶\n" * 150_000 + "。", declarations="")
    assert status == 3 and len(found["sentences"]) == 1, status


@test("too little memory: exit 4, nothing half, what was at work")
def _():
    long = TEXT + "".join(f"一、甲{i}。\n" for i in range(20_000))
    for text in (long, as_docx(long)):
        seen = set()
        for mib in range(1, 40):
            status, out, err = cover(text, "--memory", mib)
            if status == 4:
                assert out == "" and "--memory" in err, err
                seen.add(re.search("enough for (.*)", err).group(1))
        assert "the text" in seen and seen <= {"the plan", "the text", "the answer"}, seen


@test("a docx that is cut off, changed, or none")
def _():
    whole = as_docx(TEXT)
    for n in (30, len(whole) // 2, len(whole) - 10):
        refused(whole[:n], "damaged or cut off", "已损坏或不完整")
    refused(docx([], part="xl/workbook.xml"), "is no docx", "不是 docx")
    refused(docx(["<w:p>"]), "damaged or cut off", "已损坏或不完整")
    changed = bytearray(docx([paragraph(TEXT * 50, random.Random(1))]))
    changed[len(changed) // 2] ^= 0x55
    refused(bytes(changed), "damaged or cut off", "已损坏或不完整")
    refused(docx([]), "empty", "空的")


@test("zip bombs, entities and endless nesting")
def _():
    refused(docx(["<w:p><w:r><w:t>" + "树" * 30_000_000 + "</w:t></w:r></w:p>"]), "unpacks to",
            "解压后超过")
    lies = bytearray(docx(["<w:p><w:r><w:t>" + "树" * 30_000_000 + "</w:t></w:r></w:p>"]))
    at = lies.rindex(b"PK\x01\x02")  # the size that the directory states
    lies[at + 24:at + 28] = (1000).to_bytes(4, "little")
    status, _, err = cover(bytes(lies))
    assert status == 3 and ("damaged" in err or "unpacks" in err), err
    laughs = '<!DOCTYPE d [<!ENTITY a "树树树树树树树树树树">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)) + "]>"
    refused(docx(["<w:p><w:r><w:t>&j;</w:t></w:r></w:p>"], head=laughs), "declares entities",
            "声明了实体")
    outside = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    refused(docx(["<w:p><w:r><w:t>&x;</w:t></w:r></w:p>"], head=outside), "declares entities",
            "声明了实体")
    refused(docx(["<w:sdt>" * 100_000]), "within each other", "嵌套")
    refused(docx(["<w:p><w:r><w:t>" + "树。" * 10 + "</w:t></w:r></w:p>"] * 250_000), "more than",
            "超过")


def main():
    print(f"1..{len(RESULTS)}")
    failed = 0
    for i, (name, wrong) in enumerate(RESULTS, 1):
        failed += bool(wrong)
        print(f"{'not ' if wrong else ''}ok {i} - {name}")
        if wrong:
            print("# " + wrong.replace("\n", "\n# "))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
