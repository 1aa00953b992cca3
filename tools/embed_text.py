#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds texts into the program: a C file with one string for each.

usage: embed_text.py OUT.c NAME=FILE...     const char NAME[], and its hash NAME_hash[] as a
                                            policy of content security spells it
"""
import base64
import hashlib
import sys
from pathlib import Path


def coded(data):
    """The bytes in rows: a literal of that length would be too long for the language."""
    rows = [data[i:i + 20] for i in range(0, len(data), 20)]
    return ["    " + " ".join(f"{byte}," for byte in row) for row in rows] + ["    0,"]


def main():
    out = ["/* Made by tools/embed_text.py. */"]
    for name, path in (word.split("=", 1) for word in sys.argv[2:]):
        data = Path(path).read_bytes()
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        out += [f"extern const char {name}[], {name}_hash[];", f"const char {name}[] = {{"]
        out += coded(data) + ["};", f'const char {name}_hash[] = "sha256-{digest}";']
    Path(sys.argv[1]).write_text("\n".join(out) + "\n", encoding="utf-8")


main()
