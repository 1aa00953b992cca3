// SPDX-License-Identifier: Apache-2.0
// The corpus by SheetJS and exceljs. usage: node make_js.js sheetjs|exceljs < JSON of dirt.py
'use strict';
const fs = require('fs');
const path = require('path');

const writer = process.argv[2];
const books = JSON.parse(fs.readFileSync(0, 'utf8'));
const folder = path.join(__dirname, 'corpus', writer);
fs.mkdirSync(folder, { recursive: true });

function columnOf(letters) {
  let n = 0;
  for (const c of letters) n = n * 26 + c.charCodeAt(0) - 64;
  return n;
}

function sheetjsCell(c) {
  if (c.kind === 'n') return { t: 'n', v: Number(c.text), z: c.format || undefined };
  if (c.kind === 'b') return { t: 'b', v: c.text === '1' };
  if (c.kind === 'e') return { t: 'e', v: { '#REF!': 0x17, '#N/A': 0x2a, '#DIV/0!': 0x07 }[c.text], w: c.text };
  if (c.kind === 'f') return { t: 'n', v: Number(c.text), f: c.formula };
  if (c.kind === 'fs') return { t: 's', v: c.text, f: c.formula };
  return { t: 's', v: c.text };
}

function sheetjs(book, file) {
  const XLSX = require('xlsx');
  const states = { visible: 0, hidden: 1, 'very-hidden': 2 };
  const wb = XLSX.utils.book_new();
  wb.Workbook = { WBProps: { date1904: book.date1904 }, Sheets: [] };
  for (const s of book.sheets) {
    const ws = {};
    let last = { r: 0, c: 0 };
    for (const c of s.cells) {
      const at = XLSX.utils.decode_cell(c.at);
      last = { r: Math.max(last.r, at.r), c: Math.max(last.c, at.c) };
      ws[c.at] = sheetjsCell(c);
    }
    ws['!ref'] = XLSX.utils.encode_range({ s: { r: 0, c: 0 }, e: last });
    ws['!merges'] = s.merge.map(m => XLSX.utils.decode_range(m));
    ws['!rows'] = [];
    for (const r of s.rows) ws['!rows'][Number(r) - 1] = { hidden: true };
    ws['!cols'] = [];
    for (const c of s.columns) ws['!cols'][columnOf(c) - 1] = { hidden: true };
    if (s.protect) ws['!protect'] = {};
    XLSX.utils.book_append_sheet(wb, ws, s.name);
    wb.Workbook.Sheets.push({ Hidden: states[s.state] });
  }
  fs.writeFileSync(file, XLSX.write(wb, { type: 'buffer', bookType: 'xlsx', compression: true, bookSST: true }));
}

function exceljsValue(c) {
  if (c.kind === 'n') return Number(c.text);
  if (c.kind === 'b') return c.text === '1';
  if (c.kind === 'e') return { error: c.text };
  if (c.kind === 'f') return { formula: c.formula, result: Number(c.text) };
  if (c.kind === 'fs') return { formula: c.formula, result: c.text };
  if (c.kind === 'r') return { richText: c.runs.map((text, i) => ({ text, font: { bold: i === 0 } })) };
  return c.text;
}

async function exceljs(book, file) {
  const ExcelJS = require('exceljs');
  const states = { visible: 'visible', hidden: 'hidden', 'very-hidden': 'veryHidden' };
  const wb = new ExcelJS.Workbook();
  wb.properties.date1904 = book.date1904;
  for (const s of book.sheets) {
    const ws = wb.addWorksheet(s.name, { state: states[s.state] });
    for (const c of s.cells) {
      const cell = ws.getCell(c.at);
      cell.value = exceljsValue(c);
      if (c.format) cell.numFmt = c.format;
    }
    for (const m of s.merge) ws.mergeCells(m);
    for (const r of s.rows) ws.getRow(Number(r)).hidden = true;
    for (const c of s.columns) ws.getColumn(c).hidden = true;
    if (s.protect) await ws.protect('');
  }
  await wb.xlsx.writeFile(file);
}

(async () => {
  for (const book of books) {
    await (writer === 'sheetjs' ? sheetjs : exceljs)(book, path.join(folder, `${book.name}.xlsx`));
  }
})();
