// Rows out of a spreadsheet: tab-separated text becomes rules, with the quotes and words FEEL wants.

const FULL_WIDTH = { '，': ',', '：': ':', '（': '(', '）': ')', '＞': '>', '＜': '<', '＝': '=', '“': '"', '”': '"', '－': '-', '．': '.' };
const SIGNS = [['≥', '>='], ['≤', '<='], ['>＝', '>='], ['<＝', '<=']];
const DATE = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/;
const NUMBER = /^-?\d+(\.\d+)?$/;
const GROUPED = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/;
const MAX_ROWS = 500;

// [[cell]] of a pasted text; a cell in quotes may hold tabs and line breaks, as spreadsheets write.
export function cellsOf(text) {
  const rows = [];
  let row = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char === '"' && text[at + 1] === '"') { cell += '"'; at += 1; }
      else if (char === '"') quoted = false;
      else cell += char;
    } else if (char === '"' && cell === '' && endsQuoted(text, at)) quoted = true;
    else if (char === '\t') { row.push(cell.trim()); cell = ''; }
    else if (char === '\n' || char === '\r') {
      if (char === '\r' && text[at + 1] === '\n') at += 1;
      rows.push([...row, cell.trim()]);
      row = [];
      cell = '';
    } else cell += char;
  }
  rows.push([...row, cell.trim()]);
  return rows.filter((one) => one.some(Boolean)).slice(0, MAX_ROWS);
}

// A quote that starts a spreadsheet cell is closed before a tab or the end of a line; the quotes
// of FEEL texts ("a","b") are not.
function endsQuoted(text, at) {
  const rest = text.slice(at + 1);
  const end = /"(?!")(?=[\t\r\n]|$)/.exec(rest);
  return Boolean(end) && /[\t\r\n]/.test(rest.slice(0, end.index));
}

// The FEEL text a pasted cell means in a column of that type.
export function feelOf(text, type, isInput) {
  const plain = text.replace(/[，：（）＞＜＝“”－．]/g, (char) => FULL_WIDTH[char]);
  const clean = SIGNS.reduce((value, [from, to]) => value.replaceAll(from, to), plain).trim();
  if (clean === '' || clean === '-') return isInput ? '-' : '';
  if (clean === 'null' || clean === '空') return 'null';
  if (type === 'string') return stringOf(clean, text.trim());
  if (type === 'boolean') return { 是: 'true', 否: 'false' }[clean] || clean;
  if (type === 'date') return dateOf(clean);
  if (type === 'number') return numberOf(clean);
  return clean;
}

function stringOf(clean, original) {
  if (/^(not\()?"/.test(clean)) return clean;
  const words = original.split(/[,，、]/).map((one) => one.trim()).filter(Boolean);
  return words.map((one) => JSON.stringify(one)).join(',');
}

function dateOf(clean) {
  return clean.replace(/^([<>]=?|=)?\s*(.+)$/, (all, sign = '', day) => {
    const found = DATE.exec(day.trim());
    if (!found) return all;
    const iso = `${found[1]}-${found[2].padStart(2, '0')}-${found[3].padStart(2, '0')}`;
    return `${sign ? `${sign} ` : ''}date("${iso}")`;
  });
}

function numberOf(clean) {
  const bare = clean.replace(/\s*元$/, '');
  if (GROUPED.test(bare)) return bare.replaceAll(',', '');
  if (NUMBER.test(bare)) return bare;
  return bare.replace(/(\d)\s*元/g, '$1');
}
