#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The corpus by hand: parts as rarely seen but allowed (prefixes, no places, inline strings,
absolute targets, phonetic runs), and tables of text in three encodings."""
import csv
import io
import re
import zipfile
from xml.sax.saxutils import escape, quoteattr

import dirt

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STATES = {"visible": "", "hidden": ' state="hidden"', "very-hidden": ' state="veryHidden"'}
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def column_of(at):
    n = 0
    for c in re.match("[A-Z]+", at).group():
        n = n * 26 + ord(c) - 64
    return n


def protect_text(text):
    """What XML cannot hold, and what would read as such an escape."""
    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return escape(text).replace("\r", "_x000D_")


class Book:
    def __init__(self, book):
        self.book = book
        self.formats = []
        self.styles = [("", False)]

    def style(self, code, prefix=False):
        if code and code not in self.formats:
            self.formats.append(code)
        if (code, prefix) not in self.styles:
            self.styles.append((code, prefix))
        return self.styles.index((code, prefix))

    def cell(self, cell, n):
        kind, text = cell["kind"], protect_text(cell["text"])
        style = self.style(cell.get("format", ""), kind == "q")
        place = f' r="{cell["at"]}"'
        s = f' s="{style}"' if style else ""
        if kind == "n":
            return f"<x:c{place}{s}><x:v>{text}</x:v></x:c>"
        if kind == "f":
            return (f'<x:c{place}><x:f>{escape(cell["formula"])}</x:f><x:v>{text}</x:v></x:c>')
        if kind == "fs":
            return (f'<x:c{place} t="str"><x:f>{escape(cell["formula"])}</x:f>'
                    f"<x:v>{text}</x:v></x:c>")
        if kind in "be":
            return f'<x:c{place} t="{kind}"><x:v>{text}</x:v></x:c>'
        if kind == "r":
            runs = "".join(f"<x:r><x:rPr><x:b/></x:rPr><x:t>{escape(t)}</x:t></x:r>"
                           for t in cell["runs"])
            return (f'<x:c{place} t="inlineStr"><x:is>{runs}<x:rPh sb="0" eb="1"><x:t>zhu</x:t>'
                    "</x:rPh></x:is></x:c>")
        return (f'<x:c{place}{s} t="inlineStr"><x:is><x:t xml:space="preserve">{text}</x:t>'
                "</x:is></x:c>")

    def sheet(self, sheet):
        rows = {}
        for cell in sheet["cells"]:
            rows.setdefault(int(re.search(r"\d+", cell["at"]).group()), []).append(cell)
        for row in sheet["rows"]:
            rows.setdefault(int(row), [])
        out = [HEAD, f'<x:worksheet xmlns:x="{MAIN}"><x:dimension ref="A1:XFD1048576"/>']
        if sheet["columns"]:
            out.append("<x:cols>" + "".join(
                f'<x:col min="{column_of(c)}" max="{column_of(c)}" width="9" hidden="true"/>'
                for c in sheet["columns"]) + "</x:cols>")
        out.append("<x:sheetData>")
        for n, cells in sorted(rows.items()):
            hidden = ' hidden="1"' if str(n) in sheet["rows"] else ""
            cells.sort(key=lambda c: column_of(c["at"]))
            out.append(f'<x:row r="{n}"{hidden}>' + "".join(self.cell(c, n) for c in cells) +
                       "</x:row>")
        out.append("</x:sheetData>")
        if sheet["protect"]:
            out.append('<x:sheetProtection sheet="1"/>')
        if sheet["merge"]:
            out.append("<x:mergeCells>" + "".join(f'<x:mergeCell ref="{m}"/>'
                                                  for m in sheet["merge"]) + "</x:mergeCells>")
        return "".join(out) + "</x:worksheet>"

    def style_part(self):
        formats = "".join(f'<numFmt numFmtId="{164 + i}" formatCode={quoteattr(c)}/>'
                          for i, c in enumerate(self.formats))
        xfs = "".join(
            f'<xf numFmtId="{164 + self.formats.index(c) if c else 0}"'
            f'{" quotePrefix=" + chr(34) + "1" + chr(34) if q else ""}/>' for c, q in self.styles)
        return (f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellStyleXfs><xf '
                f'numFmtId="14"/></cellStyleXfs><cellXfs>{xfs}</cellXfs></styleSheet>')

    def write(self, path):
        sheets = [self.sheet(s) for s in self.book["sheets"]]
        names = "".join(f'<sheet name="{s["name"]}" sheetId="{i + 7}" r:id="a{i}"'
                        f'{STATES[s["state"]]}/>'
                        for i, s in enumerate(self.book["sheets"]))
        date = ' date1904="true"' if self.book["date1904"] else ""
        rels = "".join(f'<Relationship Id="a{i}" Type="{REL}/worksheet" '
                       f'Target="/XL/./Blatt/../worksheets/s{i}.xml"/>' for i in range(len(sheets)))
        parts = {
            "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}"><Relationship Id="m" Type='
                           f'"{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{REL}"><workbookPr{date}/>'
                               f"<sheets>{names}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}">{rels}'
                                          f'<Relationship Id="t" Type="{REL}/styles" '
                                          f'Target="styles.xml"/></Relationships>',
            "xl/styles.xml": self.style_part(),
        }
        parts.update({f"xl/worksheets/s{i}.xml": s for i, s in enumerate(sheets)})
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
            for name, text in parts.items():
                z.writestr(zipfile.ZipInfo(name, (2024, 9, 1, 0, 0, 0)), text.encode("utf-8"),
                           zipfile.ZIP_DEFLATED)


def write_csv(book, folder):
    """A table of text, in each of three encodings."""
    rows = {}
    for cell in book["sheets"][0]["cells"]:
        row = int(re.search(r"\d+", cell["at"]).group())
        rows.setdefault(row, {})[column_of(cell["at"])] = cell["text"]
    for encoding, separator, suffix in (("utf-8-sig", ",", "utf8"), ("gb18030", ",", "gb18030"),
                                        ("utf-16", "\t", "utf16"), ("utf-8", ";", "semicolon")):
        out = io.StringIO()
        writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
        for n in range(1, max(rows) + 1):
            cells = rows.get(n, {})
            writer.writerow([cells.get(c, "") for c in range(1, max(cells, default=0) + 1)])
        (folder / f"{book['name']}.{suffix}.csv").write_bytes(out.getvalue().encode(encoding))


def main():
    for writer in ("xml", "csv"):
        folder = dirt.CORPUS / writer
        folder.mkdir(parents=True, exist_ok=True)
        for book in dirt.books(writer):
            if writer == "xml":
                Book(book).write(folder / f"{book['name']}.xlsx")
            else:
                write_csv(book, folder)


main()
