# SPDX-License-Identifier: Apache-2.0
"""A workbook of one sheet: as little XML as spreadsheets accept, and what others wrote read."""
import io
import re
import zipfile
from xml.etree import ElementTree
from xml.sax.saxutils import escape


class Sheet:
    """Rows of cells: a text, a number (as text with the kind n) or nothing; merged ranges."""

    def __init__(self):
        self.rows, self.merged, self.hidden = [], [], []

    def add(self, *cells):
        self.rows.append(list(cells))
        return len(self.rows) - 1

    def put(self, row, column, cell):
        while len(self.rows) <= row:
            self.rows.append([])
        line = self.rows[row]
        line += [None] * (column + 1 - len(line))
        line[column] = cell

    def write(self, path):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
            for name, text in xlsx(self).items():
                z.writestr(name, text)
        return path


def letters(column):
    out = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def xlsx(sheet):
    out = []
    for r, row in enumerate(sheet.rows):
        cells = []
        for c, cell in enumerate(row):
            at = f'r="{letters(c)}{r + 1}"'
            if isinstance(cell, (int, float)):
                cells.append(f"<c {at}><v>{cell!r}</v></c>")
            elif cell:
                cells.append(f'<c {at} t="inlineStr"><is><t xml:space="preserve">{escape(cell)}'
                             "</t></is></c>")
        hidden = ' hidden="1"' if r in sheet.hidden else ""
        out.append(f'<row r="{r + 1}"{hidden}>{"".join(cells)}</row>')
    merged = "".join(f'<mergeCell ref="{letters(c)}{r + 1}:{letters(d)}{s + 1}"/>'
                     for r, c, s, d in sheet.merged)
    merged = f'<mergeCells>{merged}</mergeCells>' if merged else ""
    ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    pkg = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "application/vnd.openxmlformats-"
    main_type = kind + "officedocument.spreadsheetml.sheet.main+xml"
    sheet_type = kind + "officedocument.spreadsheetml.worksheet+xml"
    return {
        "[Content_Types].xml":
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="rels" ContentType="{kind}package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{main_type}"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{sheet_type}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{pkg}"><Relationship Id="r1" '
                       f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{ns}" xmlns:r="{rel}"><sheets><sheet name="Sheet1" '
                           'sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels":
            f'<Relationships xmlns="{pkg}"><Relationship Id="r1" Type="{rel}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml":
            f'<worksheet xmlns="{ns}"><sheetData>{"".join(out)}</sheetData>{merged}</worksheet>'}


TAG = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def text_of(node):
    return "".join(t.text or "" for t in node.iter(f"{TAG}t"))


def value_of(cell, strings):
    value = cell.find(f"{TAG}v")
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return text_of(cell)
    if value is None or value.text is None:
        return None
    if kind == "s":
        return strings[int(value.text)]
    return value.text if kind == "str" else int(value.text) if value.text.isdigit() \
        else float(value.text)


def read_sheet(data):
    """The rows of the first sheet of a workbook in bytes; a formula in it is an error."""
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        names = z.namelist()
        strings = [text_of(x) for x in ElementTree.fromstring(z.read("xl/sharedStrings.xml"))] \
            if "xl/sharedStrings.xml" in names else []
        sheet = ElementTree.fromstring(z.read("xl/worksheets/sheet1.xml"))
    assert sheet.find(f".//{TAG}f") is None, "a formula"
    rows = []
    for row in sheet.iter(f"{TAG}row"):
        cells = {re.sub(r"\d", "", c.get("r")): value_of(c, strings) for c in row}
        width = max((column_of(x) + 1 for x in cells), default=0)
        rows.append([cells.get(letters(i)) for i in range(width)])
    return rows


def column_of(name):
    n = 0
    for letter in name:
        n = n * 26 + ord(letter) - 64
    return n - 1
