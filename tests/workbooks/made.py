# SPDX-License-Identifier: Apache-2.0
"""Workbooks written as text, part by part, for tests that want more than a writer would do."""
import io
import zipfile

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
RELS = ('<Relationships {0}><Relationship Id="m" Type="{1}/officeDocument" Target="{2}"/>'
        "</Relationships>")


def parts(sheet_xml="", strings=None, **more):
    """The parts of a workbook of one sheet; `more` replaces or adds, slashes written as __."""
    strings_rel = (f'<Relationship Id="s" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/>'
                   if strings is not None else "")
    found = {
        "_rels/.rels": RELS.format(PACKAGE, REL, "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{REL}"><sheets><sheet name="表" sheetId="1" '
                           'r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {PACKAGE}><Relationship Id="a" '
                                      f'Type="{REL}/worksheet" Target="worksheets/s.xml"/>'
                                      f"{strings_rel}</Relationships>",
        "xl/worksheets/s.xml": f"<worksheet {MAIN}>{sheet_xml}</worksheet>",
    }
    if strings is not None:
        found["xl/sharedStrings.xml"] = f'<sst {MAIN} count="4000000000">{strings}</sst>'
    found.update({name.replace("__", "/"): text for name, text in more.items()})
    return found


def packed(files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=1) as z:
        for name, text in (files.items() if isinstance(files, dict) else files):
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            with z.open(info, "w") as part:  # in pieces: a child counts its parent's memory, too
                for piece in [text] if isinstance(text, str) else text:
                    part.write(piece.encode())
    return out.getvalue()


def rows(inner):
    return f"<sheetData>{inner}</sheetData>"
