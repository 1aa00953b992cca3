# SPDX-License-Identifier: Apache-2.0
"""A pdf of lines of text, by hand: no font is in it, a table says what each glyph means."""
import zlib

FONT_SIZE = 10
LEADING = 14
LEFT = 40
TOP = 800


def _stream(data, extra=""):
    packed = zlib.compress(data)
    return f"<< /Length {len(packed)} /Filter /FlateDecode {extra}>>\nstream\n".encode() + packed \
        + b"\nendstream"


def _meaning(glyphs):
    """The table from glyphs to Unicode, a hundred rows a block as the format asks."""
    rows = [f"<{g:04x}> <{c.encode('utf-16-be').hex()}>" for c, g in glyphs.items()]
    blocks = [rows[i:i + 100] for i in range(0, len(rows), 100)]
    body = "".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar\n" for b in blocks)
    return ("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def "
            "/CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange\n"
            + body + "endcmap end end").encode()


def _page(lines, glyphs):
    out = []
    for i, line in enumerate(lines):
        code = "".join(f"{glyphs[c]:04x}" for c in line)
        out.append(f"BT /F {FONT_SIZE} Tf {LEFT} {TOP - i * LEADING} Td <{code}> Tj ET")
    return "\n".join(out).encode()


def pdf(pages):
    """pages: lists of lines."""
    letters = sorted({c for page in pages for line in page for c in line})
    glyphs = {c: i + 1 for i, c in enumerate(letters)}
    narrow = " ".join(f"{g} [500]" for c, g in glyphs.items() if ord(c) < 128)
    kids = " ".join(f"{7 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /T /Encoding /Identity-H "
        b"/DescendantFonts [4 0 R] /ToUnicode 6 0 R >>",
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /T /DW 1000 /W [{narrow}] /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 5 0 R >>"
        .encode(),
        b"<< /Type /FontDescriptor /FontName /T /Flags 4 /FontBBox [0 0 1000 1000] /Ascent 800 "
        b"/Descent -200 /CapHeight 800 /StemV 80 /ItalicAngle 0 >>",
        _stream(_meaning(glyphs)),
    ]
    for i, page in enumerate(pages):
        objects.append("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
                       f"/Contents {8 + 2 * i} 0 R "
                       "/Resources << /Font << /F 3 0 R >> >> >>".encode())
        objects.append(_stream(_page(page, glyphs)))
    out, at = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        at.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{n:010d} 00000 n \n" for n in at)
    return out + (f"xref\n0 {len(at) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size "
                  f"{len(at) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n").encode()
