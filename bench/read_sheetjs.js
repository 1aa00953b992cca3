// SPDX-License-Identifier: Apache-2.0
// The same as read_workbooks.c by SheetJS. usage: node read_sheetjs.js FOLDER [--cells]
'use strict';
const fs = require('fs');
const path = require('path');
const XLSX = require('xlsx');

const folder = process.argv[2];
const show = process.argv.includes('--cells');
const kinds = { n: 1, s: 2, b: 3, e: 4 };
const files = fs.readdirSync(folder).filter(f => f.endsWith('.xlsx')).sort();
const out = [];
let cells = 0;
const begin = process.cpuUsage();
for (const file of files) {
  const book = XLSX.read(fs.readFileSync(path.join(folder, file)), { cellText: false, cellHTML: false });
  for (const name of book.SheetNames) {
    const sheet = book.Sheets[name];
    for (const at in sheet) {
      if (at[0] === '!' || sheet[at].t === 'z') continue;
      cells++;
      if (show) {
        const c = sheet[at];
        const text = c.t === 'n' ? c.v : c.t === 'b' ? Number(c.v) : c.t === 'e' ? c.w : c.v.replace(/[\t\n\r]/g, ' ');
        out.push([file, name, at, kinds[c.t], text].join('\t'));
      }
    }
  }
}
const used = process.cpuUsage(begin);
const seconds = (used.user + used.system) / 1e6;
const mib = Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'latin1'))[1]) / 1024;
console.log(show ? out.join('\n') : JSON.stringify({ files: files.length, cells, seconds, mib }));
