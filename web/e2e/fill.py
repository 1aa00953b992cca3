# SPDX-License-Identifier: Apache-2.0
"""Types into cells of a workbook, as somebody does it in Excel: fill.py BOOK.xlsx D7=12 D8=是 …"""
import re
import sys
import zipfile
from xml.sax.saxutils import escape

SHEET = "xl/worksheets/sheet1.xml"
path, *cells = sys.argv[1:]
with zipfile.ZipFile(path) as z:
    parts = {n: z.read(n) for n in z.namelist()}
text = parts[SHEET].decode()
for at, value in (c.split("=", 1) for c in cells):
    text, n = re.subn(rf'<c r="{at}"( s="\d+")?(?:/>| [^>]*>.*?</c>)',
                      rf'<c r="{at}"\1 t="inlineStr"><is><t>{escape(value)}</t></is></c>', text,
                      count=1)
    assert n == 1, f"there is no cell {at}"
parts[SHEET] = text.encode()
with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
    for name, data in parts.items():
        z.writestr(name, data)
