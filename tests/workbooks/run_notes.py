#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Annotated copies, part by part: what may change and what may not, what the format wants, and what
other programs make of it (openpyxl and LibreOffice, where they are installed). Prints TAP."""
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "lib")]
from made import MAIN, PACKAGE, REL, packed, parts, rows  # noqa: E402
from tap import main, test  # noqa: E402

ROOT = Path(__file__).parent.parent.parent
TIZHI = Path(os.environ.get("TIZHI", ROOT / "build" / "src" / "tizhi"))
CORPUS = ROOT / "tests" / "workbooks" / "corpus"
PYTHON = "/usr/bin/python3"  # Debian's, which may have Debian's openpyxl

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
XL = "{urn:schemas-microsoft-com:office:excel}"
RED, AMBER, GREEN = "FFFF7B80", "FFFFD965", "FFC5E0B3"
ORDER = """sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection
protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells
phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup
headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing
legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts
extLst""".split()


def run(data, name="in.xlsx", copy="copy.xlsx", want="number", env=None):
    with tempfile.TemporaryDirectory() as tmp:
        path, out = Path(tmp, name), Path(tmp, copy)
        path.write_bytes(data)
        done = subprocess.run([TIZHI, "sheet", path, "--want", want, "--annotate", out, "--lang",
                               "zh"], capture_output=True, text=True, check=False,
                              env={**os.environ, **(env or {})})
        return done, out.read_bytes() if out.exists() else None


def cells_of(data):
    """All that `sheet` prints."""
    with tempfile.TemporaryDirectory() as tmp:
        path = Path(tmp, "x.xlsx")
        path.write_bytes(data)
        done = subprocess.run([TIZHI, "sheet", path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


def unzip(data):
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        assert z.testzip() is None
        return {i.filename: z.read(i) for i in z.infolist()}


def annotated(data, **how):
    done, copy = run(data, **how)
    assert done.returncode == 0 and copy, done.stderr
    if zipfile.is_zipfile(io.BytesIO(data)):
        assert cells_of(copy) == cells_of(data), "the cells are not the same"
        sound(unzip(data), unzip(copy))
    return unzip(copy)


# ---- what the format wants ----------------------------------------------------------------------

def relations(files, part):
    folder, _, base = part.rpartition("/")
    name = f"{folder}/_rels/{base}.rels"
    if name not in files:
        return {}
    found = ET.fromstring(files[name]).findall(f"{RELS}Relationship")
    ids = [r.get("Id") for r in found]
    assert len(ids) == len(set(ids)), f"{name}: an id stands twice: {ids}"
    return {r.get("Id"): r for r in found}


def target(part, relation):
    path = relation.get("Target")
    if path.startswith("/"):
        return path[1:]
    return os.path.normpath(os.path.join(os.path.dirname(part), path)).replace("\\", "/")


def local(element):
    return element.tag.rpartition("}")[2]


def type_of(files, part):
    types = ET.fromstring(files["[Content_Types].xml"])
    overrides = [t.get("ContentType") for t in types if local(t) == "Override"
                 and t.get("PartName").lower() == "/" + part.lower()]
    assert len(overrides) < 2, f"{part} has {len(overrides)} types"
    defaults = [t.get("ContentType") for t in types if local(t) == "Default"
                and part.lower().endswith("." + t.get("Extension").lower())]
    assert len(defaults) < 2, f"{part}: an extension stands twice"
    return (overrides + defaults + [None])[0]


def find(parent, name):
    """Children by local name, in any namespace of sheets."""
    return [c for c in (parent if parent is not None else []) if local(c) == name]


def first(parent, name):
    return (find(parent, name) + [None])[0]


def check_sheet(files, part):
    root = ET.fromstring(files[part])
    names = [local(c) for c in root if local(c) in ORDER]
    assert names == sorted(names, key=ORDER.index), f"{part}: out of order: {names}"
    drawings = find(root, "legacyDrawing")
    assert len(drawings) < 2, "two drawings"
    known = relations(files, part)
    comments = [r for r in known.values() if r.get("Type").endswith("/comments")]
    assert len(comments) < 2, "two parts of comments"
    if not comments:
        return
    name = target(part, comments[0])
    assert "comments+xml" in str(type_of(files, name)), f"{name}: {type_of(files, name)}"
    check_comments(files[name])
    (ident,) = [v for k, v in drawings[0].attrib.items() if k.endswith("}id")]
    vml = target(part, known[ident])
    assert "vmlDrawing" in str(type_of(files, vml)), f"{vml}: {type_of(files, vml)}"


def check_comments(data):
    root = ET.fromstring(data)
    authors = [a.text for a in first(root, "authors")]
    refs = []
    for comment in first(root, "commentList"):
        assert int(comment.get("authorId")) < len(authors)
        letters, number = re.fullmatch(r"([A-Z]+)(\d+)", comment.get("ref")).groups()
        refs.append((int(number), len(letters), letters))
        kinds = [local(c) for c in first(comment, "text")]
        assert kinds in (["t"], ["r"] * len(kinds)), kinds
    assert len(refs) == len(set(refs)), "two comments of one cell"
    assert refs == sorted(refs), refs
    assert authors.count("tizhi") < 2, authors


def check_styles(data):
    root = ET.fromstring(data)
    for name in ("fills", "cellXfs", "numFmts", "fonts", "borders"):
        for part in find(root, name):
            assert part.get("count") in (None, str(len(part))), name
    fills = len(first(root, "fills"))
    for xf in first(root, "cellXfs"):
        assert int(xf.get("fillId", 0)) < fills
    return root


def sound(before, after):
    """What an archive of ours keeps, and what its parts have to be."""
    assert list(before) == list(after)[:len(before)], "parts in another order"
    changed = {n for n in before if before[n] != after[n]}
    for name in changed:
        assert name.endswith((".vml", ".rels")) or "[Content_Types]" in name or \
            re.search(r"sheet|styles|comments|/s\d?\.xml", name), f"{name} has changed"
    for name, data in after.items():
        if name.endswith(".xml") or name.endswith(".rels"):
            ET.fromstring(data)
        if "worksheets/" in name and name.endswith(".xml"):
            check_sheet(after, name)
    for name in after:
        if name.lower().endswith("styles.xml"):
            check_styles(after[name])


# ---- what one sees ------------------------------------------------------------------------------

def sheet_part(files):
    return [n for n in files if re.search(r"worksheets/[^/]+\.xml$", n)][0]


def fills_of(files):
    """The colour of each cell of the first sheet that has one of ours."""
    styles = [d for n, d in files.items() if n.lower().endswith(("styles.xml", "styles1.xml"))]
    root = ET.fromstring(styles[0])
    colours = []
    for fill in first(root, "fills"):
        shown = [c.get("rgb") for c in fill.iter() if local(c) == "fgColor"]
        colours.append((shown + [None])[0])
    formats = [colours[int(x.get("fillId", 0))] for x in first(root, "cellXfs")]
    found = {}
    for cell in ET.fromstring(files[sheet_part(files)]).iter():
        if local(cell) == "c" and cell.get("s"):
            colour = formats[int(cell.get("s"))]
            if colour in (RED, AMBER, GREEN):
                found[cell.get("r")] = colour
    return found


def notes_of(files):
    """The text of each note of the first sheet, by place."""
    part = sheet_part(files)
    found = {}
    for relation in relations(files, part).values():
        if relation.get("Type").endswith("/comments"):
            for comment in ET.fromstring(files[target(part, relation)]).iter():
                if local(comment) == "comment":
                    found[comment.get("ref")] = "".join(t.text or "" for t in comment.iter()
                                                        if local(t) == "t")
    return found


def boxes_of(files):
    """Row and column of each box of the first sheet."""
    part = sheet_part(files)
    found = []
    for relation in relations(files, part).values():
        if relation.get("Type").endswith("/vmlDrawing"):
            text = files[target(part, relation)].decode("utf-8")
            found += re.findall(r"<\w+:Row>(\d+)</\w+:Row><\w+:Column>(\d+)<", text)
    return sorted((int(r), int(c)) for r, c in found)


# ---- the corpus ---------------------------------------------------------------------------------

def corpus(*writers):
    return [p for w in writers for p in sorted((CORPUS / w).glob("*.xls*"))]


COPIES = {}


@test("copies of all the corpus are sound, and change what they must alone")
def _():
    for path in corpus("openpyxl", "sheetjs", "exceljs", "libreoffice", "xls"):
        done, copy = run(path.read_bytes(), name=path.name)
        assert done.returncode == 0, f"{path}: {done.stderr}"
        files = unzip(copy)
        if path.suffix == ".xlsx":
            sound(unzip(path.read_bytes()), files)
        else:
            sound({}, files)
        COPIES[f"{path.parent.name}-{path.stem}.xlsx"] = copy
    assert len(COPIES) > 80, len(COPIES)


@test("the same bytes, in any time zone")
def _():
    data = (CORPUS / "exceljs" / "not_numbers.xlsx").read_bytes()
    old = (CORPUS / "xls" / "not_numbers.xls").read_bytes()
    for data, name in ((data, "a.xlsx"), (old, "a.xls")):
        copies = {run(data, name=name, env={"TZ": zone})[1]
                  for zone in ("UTC", "Asia/Shanghai", "America/New_York")}
        assert len(copies) == 1 and None not in copies, len(copies)


LOAD = """
import sys, warnings, openpyxl
warnings.simplefilter("ignore")
for path in sys.argv[1:]:
    wb = openpyxl.load_workbook(path)
    print(path.rpartition("/")[2], *(c.coordinate + c.fill.fgColor.rgb + str(len(c.comment.text))
          for ws in wb for r in ws.iter_rows() for c in r if c.comment))
"""


@test("openpyxl reads the notes where they belong")
def _():
    if subprocess.run([PYTHON, "-c", "import openpyxl"], capture_output=True,
                      check=False).returncode != 0:
        print("# skipped: no openpyxl")
        return
    with tempfile.TemporaryDirectory() as tmp:
        for name, copy in COPIES.items():
            Path(tmp, name).write_bytes(copy)
        done = subprocess.run([PYTHON, "-c", LOAD, *sorted(str(p) for p in Path(tmp).iterdir())],
                              capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-600:]
    lines = done.stdout.splitlines()
    assert len(lines) == len(COPIES), (len(lines), len(COPIES))
    for line in lines:
        name, *notes = line.split()
        assert len(notes) >= len(notes_of(unzip(COPIES[name]))), line
    assert any(RED in line for line in lines) and any(AMBER in line for line in lines)


@test("LibreOffice shows the notes where they belong")
def _():
    if not shutil.which("soffice"):
        print("# skipped: no LibreOffice")
        return
    names = ["openpyxl-not_numbers.xlsx", "exceljs-shape.xlsx", "xls-dates.xlsx"]
    with tempfile.TemporaryDirectory() as tmp:
        for name in names:
            Path(tmp, name).write_bytes(COPIES[name])
        subprocess.run(["soffice", "--headless", f"-env:UserInstallation=file://{tmp}/home",
                        "--convert-to", "fods", "--outdir", tmp, *(Path(tmp, n) for n in names)],
                       capture_output=True, check=True)
        for name in names:
            shown = Path(tmp, name.replace(".xlsx", ".fods")).read_text("utf-8")
            have = shown.count("<office:annotation ")
            assert have == len(notes_of(unzip(COPIES[name]))), (name, have)
            assert "改法：" in shown


# ---- sheets in many forms -----------------------------------------------------------------------

def bad(ref="", **more):
    attributes = "".join(f' {k}="{v}"' for k, v in more.items())
    where = f' r="{ref}"' if ref else ""
    return f'<c{where} t="str"{attributes}><v>约30</v></c>'


@test("cells and rows without places, closed ones, comments and CDATA between")
def _():
    inner = (f'<row>{bad()}<c/><!-- <c r="B1"/> -->{bad()}</row><row spans="1:2"/>'
             f"<row r='5' foo:x='a>b' xmlns:foo='u'>{bad('D5', s='0')}</row><row><c><v>5</v></c>"
             "<c t='str'><v><![CDATA[<c r=\"A9\">]]></v></c></row>")
    files = annotated(packed(parts(rows(inner))))
    notes = notes_of(files)
    assert sorted(notes) == ["A1", "B6", "C1", "D5"], notes
    assert notes["A1"].startswith("不接受（红）4 格"), notes["A1"]
    assert "可能是：30" in notes["D5"], notes["D5"]
    assert boxes_of(files) == [(0, 0), (0, 2), (4, 3), (5, 1)], boxes_of(files)
    assert b"<row spans=\"1:2\"/>" in files["xl/worksheets/s.xml"]
    assert b"foo:x='a>b'" in files["xl/worksheets/s.xml"]


@test("elements with a prefix, and names of relations that are not r")
def _():
    sheet = (f'<x:worksheet xmlns:x="{MAIN[7:-1]}" xmlns:q="{REL}"><x:sheetData><x:row>'
             '<x:c t="str"><x:v>约5</x:v></x:c></x:row></x:sheetData><x:pageMargins left="1" '
             'right="1" top="1" bottom="1" header="1" footer="1"/><x:tableParts count="0"/>'
             "</x:worksheet>")
    styles = (f'<z:styleSheet xmlns:z="{MAIN[7:-1]}"><z:fonts count="1"><z:font/></z:fonts>'
              '<z:cellXfs><z:xf numFmtId="0" fillId="0"><z:alignment wrapText="1"/></z:xf>'
              "</z:cellXfs></z:styleSheet>")
    files = parts(**{"xl/worksheets/s.xml": sheet, "xl/styles.xml": styles})
    files["xl/_rels/workbook.xml.rels"] = files["xl/_rels/workbook.xml.rels"].replace(
        "</Rel", f'<Relationship Id="t" Type="{REL}/styles" Target="styles.xml"/></Rel')
    after = annotated(packed(files))
    assert list(notes_of(after)) == ["A1"]
    text = after["xl/worksheets/s.xml"].decode()
    assert re.search(r"footer=\"1\"/><x:legacyDrawing [^>]*/><x:tableParts", text), text
    made = after["xl/styles.xml"].decode()
    assert '<z:alignment wrapText="1"/></z:xf><z:xf' in made and "<z:fills count=" in made, made


@test("sheets by the strict standard")
def _():
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    files = {k: v.replace(MAIN[7:-1], strict).replace(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships")
        for k, v in parts(rows(f"<row>{bad()}</row>")).items()}
    after = annotated(packed(files))
    comments = [d for n, d in after.items() if "comments" in n][0]
    assert strict.encode() in comments
    assert b"purl.oclc.org/ooxml/officeDocument/relationships/comments" in \
        after["xl/worksheets/_rels/s.xml.rels"]


@test("merged ranges, rows and columns with formats of their own, hidden ones")
def _():
    sheet = ('<sheetFormatPr defaultRowHeight="15"/><cols><col min="2" max="2" width="0" '
             'hidden="1"/><col min="3" max="3" width="40" style="0"/></cols>' +
             rows(f'<row r="1">{bad("A1")}</row><row r="3" hidden="1">{bad("C3")}</row>') +
             '<mergeCells count="1"><mergeCell ref="A1:C2"/></mergeCells>')
    after = annotated(packed(parts(sheet)))
    assert boxes_of(after) == [(0, 0), (2, 2)]


# ---- what is there already ----------------------------------------------------------------------

VML = ('<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:'
       'office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
       '<o:idmap v:ext="edit" data="1"/></o:shapelayout>{0}</xml>')
CHECKBOX = ('<v:shape id="_x0000_s1025" type="#_x0000_t201"><v:textbox><div>是<br></div>'
            '</v:textbox><x:ClientData ObjectType="Checkbox"><x:Anchor>1,2,3,4,5,6,7,8</x:Anchor>'
            "</x:ClientData></v:shape>")
NOTE = ('<v:shape id="_x0000_s2047" type="#_x0000_t202"><x:ClientData ObjectType="Note">'
        "<x:Row>0</x:Row><x:Column>0</x:Column></x:ClientData></v:shape>")


def with_comments(comments, vml, sheet=None, threads=None):
    files = parts((sheet or rows(f'<row r="1">{bad("A1")}{bad("B1")}</row>')) +
                  f'<legacyDrawing xmlns:r="{REL}" r:id="rId1"/>')
    files["xl/worksheets/_rels/s.xml.rels"] = (
        f'<Relationships {PACKAGE}><Relationship Id="rId1" Type="{REL}/vmlDrawing" '
        f'Target="../drawings/v.vml"/>' +
        (f'<Relationship Id="rId2" Type="{REL}/comments" Target="../comments1.xml"/>'
         if comments else "") +
        (f'<Relationship Id="rId3" Type="{threads[0]}" Target="../threads/t.xml"/>'
         if threads else "") + "</Relationships>")
    files["xl/drawings/v.vml"] = vml
    files["[Content_Types].xml"] = (
        f'<Types xmlns="{TYPES[1:-1]}"><Default Extension="VML" ContentType="application/vnd.'
        'openxmlformats-officedocument.vmlDrawing"/><Override PartName="/xl/comments1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"/>'
        "</Types>")
    if comments:
        files["xl/comments1.xml"] = comments
    if threads:
        files["xl/threads/t.xml"] = threads[1]
    return packed(files)


def comments_of(*inner):
    return (f'<comments {MAIN}><authors><author>王老师</author></authors><commentList>' +
            "".join(f'<comment ref="{ref}" authorId="0"><text>{text}</text></comment>'
                    for ref, text in inner) + "</commentList></comments>")


@test("notes of others stay, with ours behind them in the same cell")
def _():
    for text in ("<t>请核对</t>", "<r><t>请核对</t></r>", ""):
        data = with_comments(comments_of(("A1", text), ("D9", "<t>别的</t>")), VML.format(NOTE))
        files = annotated(data)
        notes = notes_of(files)
        assert list(notes) == ["A1", "B1", "D9"], notes
        assert notes["A1"].startswith("请核对\n\n" if text else "不接受") and "约" in notes["A1"]
        assert notes["D9"] == "别的"
        assert boxes_of(files) == [(0, 0), (0, 1)]
        vml = files["xl/drawings/v.vml"].decode()
        grown = re.search(r"<x:Anchor>([^<]*)</x:Anchor><x:Row>0</x:Row><x:Column>0</", vml)
        assert vml.replace(grown.group(0)[:-len("<x:Row>0</x:Row><x:Column>0</")], "").count(NOTE)
        assert grown.group(1).startswith("1, 15, 0, 2, "), vml  # room for both
        assert "_x0000_s2048" in vml and 'data="1,2"' in vml, vml
        again = annotated(run(data)[1])  # nothing is said twice
        assert notes_of(again) == notes and boxes_of(again) == boxes_of(files)


@test("the box of another's note grows in its place")
def _():
    box = NOTE.replace("<x:Row>", "<x:Anchor> 1, 15, 0, 2, 2, 9, 1, 4</x:Anchor><x:Row>")
    text = "<r><t>" + "请核对" * 40 + "</t></r>"
    small = annotated(with_comments(comments_of(("A1", "<t>x</t>")), VML.format(box)))
    large = annotated(with_comments(comments_of(("A1", text)), VML.format(box)))
    anchors = [[int(n) for n in re.search(r"<x:Anchor>([^<]*)<", f["xl/drawings/v.vml"].decode())
                .group(1).split(",")] for f in (small, large)]
    assert anchors[0][:4] == anchors[1][:4] == [1, 15, 0, 2]
    assert anchors[1][4:] > anchors[0][4:] and anchors[1][6] > anchors[0][6] >= 5, anchors


@test("threads of comments stay, and their cells are coloured")
def _():
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    thread = '<ThreadedComments xmlns="u"><threadedComment ref="A1" id="{1}"/></ThreadedComments>'
    data = with_comments(comments_of(("A1", "<t>[Threaded comment]</t>")), VML.format(NOTE),
                         threads=(kind, thread))
    files = annotated(data)
    assert files["xl/threads/t.xml"].decode() == thread
    assert fills_of(files)["A1"] == RED and "可能是：30" in notes_of(files)["A1"]


@test("a drawing of form controls that is no XML takes our boxes, too")
def _():
    files = annotated(with_comments(None, VML.format(CHECKBOX)))
    vml = files["xl/drawings/v.vml"].decode()
    assert CHECKBOX in vml and boxes_of(files) == [(0, 0), (0, 1)], vml
    assert vml.count('id="_x0000_t202"') == 1 and "_x0000_s1026" in vml and 'data="1"' in vml


@test("controls, tables and extensions stand behind the drawing")
def _():
    tail = ('<drawing r:id="z"/><mc:AlternateContent xmlns:mc="m"><mc:Choice><controls/>'
            '</mc:Choice></mc:AlternateContent><tableParts count="0"/><extLst/>')
    files = parts(rows(f"<row>{bad()}</row>") + tail)
    files["xl/worksheets/s.xml"] = files["xl/worksheets/s.xml"].replace(
        "<worksheet ", f'<worksheet xmlns:r="{REL}" ')
    text = annotated(packed(files))["xl/worksheets/s.xml"].decode()
    assert re.search(r'<drawing r:id="z"/><legacyDrawing [^>]*/><mc:Alt', text), text


@test("a workbook with macros keeps them, and its extension")
def _():
    files = parts(rows(f"<row>{bad()}</row>"))
    files["xl/_rels/workbook.xml.rels"] = files["xl/_rels/workbook.xml.rels"].replace(
        "</Rel", '<Relationship Id="v" Type="http://schemas.microsoft.com/office/2006/relationships'
        '/vbaProject" Target="vbaProject.bin"/></Rel')
    files["xl/vbaProject.bin"] = "macros"
    data = packed(files)
    done, copy = run(data, name="in.xlsm")
    assert done.returncode == 2 and copy is None and ".xlsm" in done.stderr, done.stderr
    after = annotated(data, name="in.xlsm", copy="copy.xlsm")
    assert after["xl/vbaProject.bin"] == b"macros"


# ---- the copy comes back ------------------------------------------------------------------------

@test("a copy that was mended loses colour and note, and keeps what is still wrong")
def _():
    _, copy = run(packed(parts(rows(f'<row r="1">{bad("A1")}{bad("B1")}</row>'))))
    files = {n: d.decode("utf-8") for n, d in unzip(copy).items()}
    files["xl/worksheets/s.xml"] = files["xl/worksheets/s.xml"].replace("约30", "40", 1).replace(
        ' t="str"', "", 1)
    after = annotated(packed(files))
    assert list(notes_of(after)) == ["A1", "B1"] and "1 格" in notes_of(after)["A1"]
    assert "约" not in notes_of(after)["A1"] and fills_of(after) == {"B1": RED}
    assert boxes_of(after) == [(0, 0), (0, 1)]
    files["xl/worksheets/s.xml"] = files["xl/worksheets/s.xml"].replace("约30", "40").replace(
        ' t="str"', "")
    after = annotated(packed(files))
    assert notes_of(after) == {} and fills_of(after) == {} and boxes_of(after) == []


# ---- what is refused ----------------------------------------------------------------------------

@test("parts in UTF-16 are refused with a remedy")
def _():
    files = parts(rows(f"<row>{bad()}</row>"))
    files["xl/comments1.xml"] = "x"
    files["xl/worksheets/_rels/s.xml.rels"] = (
        f'<Relationships {PACKAGE}><Relationship Id="rId2" Type="{REL}/comments" '
        'Target="../comments1.xml"/></Relationships>')
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, text in files.items():
            wide = f'<?xml version="1.0" encoding="UTF-16"?><comments {MAIN}/>'.encode("utf-16")
            z.writestr(name, wide if name == "xl/comments1.xml" else text)
    done, copy = run(out.getvalue())
    assert done.returncode == 3 and "UTF-8" in done.stderr and "另存为" in done.stderr, done.stderr
    assert copy is None


@test("notes without lists, a drawing that is empty")
def _():
    for data, word in (
            (with_comments(f"<comments {MAIN}/>", VML.format("")), "作者"),
            (with_comments(None, ""), "空的")):
        done, copy = run(data)
        assert done.returncode == 3 and word in done.stderr and copy is None, done.stderr


@test("a sheet with 300,000 notes is refused")
def _():
    many = comments_of(*((f"A{i}", "<t>x</t>") for i in range(1, 300_001)))
    done, copy = run(with_comments(many, VML.format("")))
    assert done.returncode == 3 and "200000 条批注" in done.stderr and copy is None, done.stderr


sys.exit(main())
