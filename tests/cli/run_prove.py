#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proofs of figures on an invented speech: same, wrong, stale, several, no data, not found, by
rounding, year, unit and name; and a docx with comments in which nothing else has changed."""
import io
import json
import re
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "lib"))
from book import Town, run  # noqa: E402
from tap import main, test  # noqa: E402

PLAN = """计划 p { 年度 2024 至 2026 基准年 2023 约数 上下 5% }
层级 省 > 县
对象 省 {
  数据 路灯数 : 个 每年 小数 0
  数据 绿化投入 : 万元 每年 小数 2
  数据 护林员 : 人 每年 小数 0
}
对象 县 { 数据 树苗 : 个 每年 小数 0  数据 成活树苗 : 个 每年 小数 0 }
目标 T1 树苗成活率 { 每年 求和(县.成活树苗) / 求和(县.树苗) 不低于 95% }
目标 T2 乡间小路硬化率 { 到 2026年 求和(县.树苗) / 求和(县.成活树苗) 不低于 90% }
指标 T3 乡村小路硬化率 { 计算 求和(县.成活树苗) / 求和(县.树苗)  目标 每年 达到 90% }
"""
UNITS = "code,name,kind,parent,alias\nR,林省,省,,\nD,东山县,县,R,东山\nE,西河县,县,R,\n"
FACTS = """unit,item,period,value,recorded,source
R,路灯数,2023,1180,2024-01-10,年报
R,路灯数,2024,1200,2025-01-10,年报
R,路灯数,2024,1234,2025-05-01,更正
R,绿化投入,2024,12345.67,2025-01-10,决算
R,护林员,2024,45678,2025-01-10,年报
D,树苗,2023,5000,2024-01-10,年报
E,树苗,2023,5000,2024-01-10,年报
D,成活树苗,2023,4500,2024-01-10,年报
E,成活树苗,2023,4600,2024-01-10,年报
D,树苗,2024,6000,2025-01-10,年报
E,树苗,2024,4000,2025-01-10,年报
D,成活树苗,2024,5697,2025-01-10,年报
E,成活树苗,2024,3700,2025-01-10,年报
E,成活树苗,2024,3800,2025-05-01,更正
"""
AS_OF = "2025-06-30"


def folder():
    made = tempfile.TemporaryDirectory()
    pack = Path(made.name, "pack")
    (pack / "data").mkdir(parents=True)
    (pack / "a.plan").write_text(PLAN, "utf-8")
    (pack / "units.csv").write_text(UNITS, "utf-8")
    (pack / "data" / "facts.csv").write_text(FACTS, "utf-8")
    return made


MADE = folder()


def prove(text, *args, want=None, lang="en", name="t.txt", plan=None):
    path = Path(MADE.name, name)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    status, out, err = run("prove", path, "--pack", Path(MADE.name, "pack"), "--as-of", AS_OF,
                           "--lang", lang, *args)
    assert want is None or status == want, f"exit {status}: {err}{out}"
    return out + err


def found(text, *args):
    """Printed -> (state, its first match or None)."""
    got = json.loads(prove(text, "--format", "json", *args))
    return {f["printed"]: (f["state"], next(iter(f["matches"]), None)) for f in got["figures"]}


def states(text, *args):
    return {printed: state for printed, (state, _) in found(text, *args).items()}


@test("a figure is the same when it is the value rounded as printed, half away from zero")
def _():
    # 9497 of 10000 are 94.97 %.
    assert states("2024年树苗成活率94.97%。") == {"94.97%": "same"}
    assert states("2024年树苗成活率为94.9%。") == {"94.9%": "wrong"}
    assert states("2024年绿化投入1.23亿元。") == {"1.23亿元": "same"}
    assert states("2024年绿化投入12345.7万元。") == {"12345.7万元": "same"}
    assert states("2024年绿化投入1.24亿元。") == {"1.24亿元": "wrong"}
    assert states("2024年护林员4.57万人。") == {"4.57万人": "same"}
    assert states("2024年护林员45678名。") == {"45678名": "same"}
    assert states("2024年护林员4.5万人。") == {"4.5万人": "wrong"}


@test("a figure that rounding carries over the target is wrong, though it rounds so (C36)")
def _():
    state, match = found("2024年，树苗成活率达到95.0%。")["95.0%"]
    assert state == "wrong" and match["contradicts"] and match["text"] == "94.97%", match
    assert states("2024年，树苗成活率达到95%。") == {"95%": "wrong"}
    shown = prove("2024年，树苗成活率达到95.0%。", want=1, lang="zh")
    assert "94.97%" in shown and "与判定相矛盾" in shown, shown


@test("what is wrong is said with the right value, its year, unit, as-of day and record")
def _():
    state, match = found("去年，全省路灯数达到1300个。")["1300个"]
    assert state == "wrong", state
    assert (match["text"], match["year"], match["unit"]) == ("1234个", 2024, "R"), match
    assert match["recorded"] == "2025-05-01", match
    shown = prove("去年，全省路灯数达到1300个。", want=1)
    assert "not the same: 1234个" in shown and "as of 2025-06-30" in shown, shown
    match = found("2024年绿化投入1.24亿元。")["1.24亿元"][1]
    assert match["text"] == "12345.67万元", match  # with all its digits


@test("stale: right before a correction, on an earlier day, or in an earlier year")
def _():
    state, match = found("2024年路灯数1200个。")["1200个"]
    assert state == "stale" and match["stale"] == "2025-01-10" and match["text"] == "1234个", match
    state, match = found("2024年树苗成活率93.97%。")["93.97%"]
    assert state == "stale" and match["stale"] == "2025-03-31" and match["text"] == "94.97%", match
    state, match = found("路灯数1180个。")["1180个"]
    assert state == "stale" and match["stale"] == "2023" and match["text"] == "1234个", match


@test("words before and behind the figure: at least, within, about, ranges, changes")
def _():
    for text, state in (("2024年路灯数超过1200个。", "same"), ("2024年路灯数超过1300个。", "wrong"),
                        ("2024年路灯数在1300个以内。", "same"), ("2024年路灯数约1280个。", "same"),
                        ("2024年路灯数约1400个。", "wrong"), ("2024年路灯数1200-1300个。", "same"),
                        ("2024年树苗成活率提高3.97个百分点。", "same"),
                        ("2024年树苗成活率提高4.5个百分点。", "wrong")):
        assert list(states(text).values()) == [state], (text, states(text))


@test("the unit that is named, the year that is said, and who is meant where nobody is")
def _():
    assert states("东山县2024年树苗6000个，西河县4000个。") == {"6000个": "same", "4000个": "same"}
    assert states("2024年东山树苗6000个。") == {"6000个": "same"}
    assert states("2023年，东山县树苗5000个。") == {"5000个": "same"}
    assert states("2024年树苗4000个。", "--unit", "E") == {"4000个": "same"}
    assert states("去年树苗成活率94.97%，前年91%。") == {"94.97%": "same", "91%": "same"}
    assert states("2024年情况如下。树苗成活率94.97%。") == {"94.97%": "same"}


@test("several candidates are all named; what is not there is not guessed")
def _():
    state, match = found("2024年小路硬化率80%。").get("80%")
    assert state in ("several", "unknown"), state
    assert states("2025年路灯数1234个。") == {"1234个": "no_data"}
    assert states("2024年建成鸟窝333个。") == {"333个": "unknown"}
    got = json.loads(prove("建成2O5个路灯，开展三项行动，第3批，共20 25个。", "--format", "json"))
    assert {f["printed"]: f["state"] for f in got["figures"]} == \
        {"2O5个": "doubt", "20 25个": "doubt"}, got
    assert got["summary"]["passed_over"] == 1, got["summary"]
    assert states("“路灯数999个”只是名字。") == {}
    # A short name that may be the end of a longer one is not enough to call a figure wrong.
    assert states("2024年临时护林员5人。") == {"5人": "several"}
    assert states("2024年路灯数1234个，鸟窝9个。") == {"1234个": "same", "9个": "unknown"}


@test("tables: the row says whom, the column what")
def _():
    got = found("2024年表\n县        树苗     备注\n东山县    6000     好\n西河县    4100     好\n")
    assert {k: v[0] for k, v in got.items()} == {"6000": "same", "4100": "wrong"}, got


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BODY = (
    '<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/><w:sz w:val="36"/></w:rPr>'
    '<w:t>讲&amp;话</w:t></w:r></w:p>'
    '<w:p><w:r><w:t>2024年路灯数</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>13</w:t></w:r>'
    '<w:r><w:rPr><w:i/></w:rPr><w:t>00</w:t></w:r><w:r><w:t xml:space="preserve">个 ，</w:t></w:r>'
    '<w:hyperlink r:id="x" xmlns:r="r"><w:r><w:rPr><w:color w:val="FF0000"/></w:rPr>'
    '<w:t>树苗成活率94.97%，护林员 9 人</w:t><w:br/><w:t>。</w:t></w:r></w:hyperlink></w:p>'
    '<w:p><w:r><w:txbxContent><w:p><w:r><w:t>2024年路灯数55个。</w:t></w:r></w:p></w:txbxContent>'
    '</w:r></w:p>')
COMMENTS = (f'<w:comments xmlns:w="{W}"><w:comment w:id="7" w:author="li"><w:p><w:r><w:t>旧批注'
            '</w:t></w:r></w:p></w:comment></w:comments>')
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(body=BODY, comments=None):
    out = io.BytesIO()
    rels = f'<Relationships xmlns="{RELS}">' + (
        f'<Relationship Id="rId4" Type="{OFFICE}/comments" Target="comments.xml"/>'
        if comments else "") + "</Relationships>"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/'
                   '2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
                   "</Types>")
        z.writestr("word/document.xml", f'<?xml version="1.0" encoding="UTF-8"?><w:document '
                   f'xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
        z.writestr("word/_rels/document.xml.rels", rels)
        if comments:
            z.writestr("word/comments.xml", comments)
    return out.getvalue()


def formatted(xml):
    """Each character with the format of its run: what must not change."""
    out = []
    for run_ in ET.fromstring(xml).iter(f"{{{W}}}r"):
        kind = run_.find(f"{{{W}}}rPr")
        shape = "" if kind is None else ET.tostring(kind).decode()
        for part in run_:
            if part.tag == f"{{{W}}}t":
                out += [(c, shape) for c in part.text or ""]
            elif part.tag == f"{{{W}}}br":
                out.append(("\n", shape))
    return out


def annotated(data):
    copy = Path(MADE.name, "copy.docx")
    copy.unlink(missing_ok=True)
    said = prove(data, "--annotate", copy, name="t.docx")
    with zipfile.ZipFile(copy) as z:
        assert z.testzip() is None
        return said, {n: z.read(n).decode("utf-8") for n in z.namelist()}


@test("a docx gets comments at its wrong figures; text and formats stay, letter by letter")
def _():
    said, parts = annotated(docx())
    with zipfile.ZipFile(io.BytesIO(docx())) as z:
        before = z.read("word/document.xml")
    after = parts["word/document.xml"]
    assert formatted(before) == formatted(after.encode("utf-8")), after
    comments = ET.fromstring(parts["word/comments1.xml"])
    texts = ["".join(t.text for t in c.iter(f"{{{W}}}t")) for c in comments]
    assert len(texts) == 2 and "1234个" in texts[0] and "45678" in texts[1], texts
    assert "2 comments" in said and "1 figures stand where no comment can" in said, said
    assert "wordprocessingml.comments+xml" in parts["[Content_Types].xml"]
    assert "/comments" in parts["word/_rels/document.xml.rels"]
    for kind in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        assert re.findall(rf'<w:{kind} w:id="(\d+)"', after) == ["0", "1"], kind
    inside = re.search(r'<w:commentRangeStart w:id="0"/>(.*?)<w:commentRangeEnd', after).group(1)
    assert "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", inside)) == "1300个", inside


@test("comments of others stay, and a second proof reads the same figures")
def _():
    _, parts = annotated(docx(comments=COMMENTS))
    assert "旧批注" in parts["word/comments.xml"] and "word/comments1.xml" not in parts
    ids = re.findall(r'<w:comment w:id="(\d+)"', parts["word/comments.xml"])
    assert ids == ["7", "8", "9"], ids
    first = states(docx())
    copy = Path(MADE.name, "copy.docx").read_bytes()
    assert states(copy) == first, states(copy)


@test("what cannot be annotated, and documents that are none")
def _():
    copy = Path(MADE.name, "none.docx")
    for lang, word in (("en", "is no docx"), ("zh", "不是 docx")):
        assert word in prove("2024年路灯数1300个。", "--annotate", copy, want=3, lang=lang)
    assert not copy.exists()
    whole = docx()
    assert "damaged" in prove(whole[:len(whole) // 2], want=3, name="t.docx")
    assert "damaged" in prove(docx("<w:p>"), want=3, name="t.docx")
    assert "within each other" in prove(docx("<w:sdt>" * 1000), want=3, name="t.docx")
    assert "unpacks to" in prove(docx("<w:p><w:r><w:t>" + "树" * 30_000_000 + "</w:t></w:r></w:p>"),
                                 want=3, name="t.docx")
    assert "is not a text" in prove(bytes(range(256)), want=3)
    assert "more than 20000 figures" in prove("路灯数1个" * 60_000, want=3)
    prove("(" * 50_000 + "路灯数1个" + "，" * 50_000, want=1)
    assert "larger than" in prove("树" * 6_000_000, want=3)


@test("both languages, and the counts at the end")
def _():
    text = "2024年路灯数1234个，护林员1人，鸟窝9个。"
    assert "3 figures: the same 1, not the same 1, not found 1" in prove(text, want=1)
    assert "共 3 个数字：一致 1，不一致 1，查无 1" in prove(text, want=1, lang="zh")
    prove("2024年路灯数1234个。", want=0)


@test("on a book: nothing sealed is compared, and nothing that may not be read")
def _():
    plan = """计划 p { 年度 2024 至 2024 }
层级 省 > 县
对象 县 { 数据 残疾学生 : 人 每年 小数 0 密级 密封  数据 学生 : 人 每年 小数 0 密级 内部 }
指标 I1 残疾学生合计 { 计算 求和(县.残疾学生) 目标 每年 不多于 100人 }
"""
    b = Town(plan, "code,name,kind,parent\nR,林省,省,\nD,东山县,县,R\nE,西河县,县,R\n",
             {"boss": ["leader R sealed"], "clerk": ["filler E internal"]},
             (("facts.csv", "unit,item,period,value\nD,残疾学生,2024,4\nE,残疾学生,2024,20\n"
               "D,学生,2024,300\nE,学生,2024,200\n"),))
    (b.dir / "t.txt").write_text("2024年东山县残疾学生4人，西河县残疾学生20人，残疾学生合计24人。"
                                 "东山县学生300人。", "utf-8")
    got = b("prove", b.dir / "t.txt", who="boss", fmt="json")
    assert not any(m["text"] for f in got["figures"][:3] for m in f["matches"]), got
    told = {f["printed"]: f["state"] for f in got["figures"]}
    assert told == {"4人": "sealed", "20人": "sealed", "24人": "sealed", "300人": "same"}, told
    got = b("prove", b.dir / "t.txt", "--unit", "E", who="clerk", fmt="json")
    told = {f["printed"]: f["state"] for f in got["figures"]}
    assert told["300人"] == "no_data", told


sys.exit(main())
