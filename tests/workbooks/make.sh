#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes the corpus anew: Debian's python3-openpyxl and libreoffice-calc-nogui, and SheetJS and
# exceljs by npm (`npm install` with the package.json beside this). NODE_PATH says where these are.
set -eu
cd "$(dirname "$0")"
rm -rf corpus
/usr/bin/python3 make_openpyxl.py
/usr/bin/python3 make_openpyxl.py convert
/usr/bin/python3 make_xml.py
for writer in sheetjs exceljs; do
    python3 dirt.py "$writer" | node make_js.js "$writer"
done
