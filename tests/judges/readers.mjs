// The texts of workbooks as SheetJS and ExcelJS read them: one line of JSON for each workbook named.
import { readFileSync } from "node:fs";
import ExcelJS from "exceljs";
import XLSX from "xlsx";

/** @param {string} path Sheets by name, each with its values by address; a day as 2024-04-01. */
function sheetjs(path) {
  const book = XLSX.read(readFileSync(path), { cellDates: true, cellNF: true, UTC: true });
  /** @type {any} */
  const sheets = {};
  for (const name of book.SheetNames) {
    const cells = {};
    for (const [address, cell] of Object.entries(book.Sheets[name])) {
      if (address.startsWith("!") || cell.v === undefined || cell.v === "") continue;
      cells[address] = cell.v instanceof Date ? cell.v.toISOString().slice(0, 10) : String(cell.v);
    }
    sheets[name] = cells;
  }
  return sheets;
}

/** @param {string} path */
async function exceljs(path) {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(path);
  const sheets = {};
  for (const sheet of book.worksheets) {
    const cells = {};
    sheet.eachRow((row) =>
      row.eachCell((cell) => {
        if (cell.master !== cell) return;
        const value = plain(cell.value);
        if (value !== "") cells[cell.address] = value;
      }),
    );
    sheets[sheet.name] = cells;
  }
  return sheets;
}

/** @param {any} value */
function plain(value) {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (value.richText) return value.richText.map((part) => part.text).join("");
  if (value.text !== undefined) return plain(value.text);
  return String(value);
}

/** @param {(path: string) => any} read @param {string} path */
async function attempt(read, path) {
  try {
    return { sheets: await read(path) };
  } catch (error) {
    return { fault: String(error) };
  }
}

for (const path of process.argv.slice(2)) {
  console.log(JSON.stringify({ SheetJS: await attempt(sheetjs, path), ExcelJS: await attempt(exceljs, path) }));
}
