// Rows added to the open table, cell by cell, from pasted text.

import { annotate } from './annotations.js';
import { cellsOf, feelOf } from './paste.js';

function columnsOf(table) {
  return [
    ...table.get('input').map((one) => ({ label: one.get('label'), type: one.inputExpression?.get('typeRef'), isInput: true })),
    ...table.get('output').map((one) => ({ label: one.get('label') || one.get('name'), type: one.get('typeRef'), isInput: false })),
    ...(table.get('annotation') || []).map((one) => ({ label: one.get('name'), note: true })),
  ];
}

// What the text would become: { columns, rows: [[FEEL text]], problem }.
export function preview(viewer, text) {
  const table = viewer.get('sheet').getRoot().businessObject;
  const columns = columnsOf(table);
  const given = cellsOf(text);
  const headed = given.length && given[0].filter((cell) => columns.some((one) => one.label === cell)).length >= 2;
  const rows = (headed ? given.slice(1) : given).map((cells) =>
    columns.map((one, at) => (one.note ? cells[at] || '' : feelOf(cells[at] || '', one.type, one.isInput))),
  );
  const needed = columns.filter((one) => !one.note).length;
  const short = given.find((cells) => cells.length < needed);
  const long = given.find((cells) => cells.length > columns.length);
  let problem = '';
  if (!rows.length) problem = '没有可以粘贴的行。';
  else if (short) problem = `每行至少要有 ${needed} 列（${columns.slice(0, needed).map((one) => one.label).join('、')}），有一行只有 ${short.length} 列。`;
  else if (long) problem = `这张表共 ${columns.length} 列，有一行有 ${long.length} 列。`;
  return { columns, rows, problem };
}

export function addRows(viewer, { columns, rows }) {
  const modeling = viewer.get('modeling');
  const notes = columns.filter((one) => !one.note).length;
  for (const texts of rows) {
    const row = modeling.addRow({ type: 'dmn:DecisionRule' });
    row.cells.forEach((cell, at) => modeling.editCell(cell.businessObject, texts[at] || ''));
    if (columns.length > notes) annotate(viewer, row.businessObject, Object.fromEntries(texts.slice(notes).map((one, at) => [at, one])));
  }
}

// The four columns every table of ours carries; only for a table without any.
export function addAnnotationColumns(viewer) {
  const table = viewer.get('sheet').getRoot().businessObject;
  const moddle = viewer.get('moddle');
  const made = ['条款', '效力', '生效', '备注'].map((name) => {
    const one = moddle.create('dmn:RuleAnnotationClause', { name });
    one.$parent = table;
    return one;
  });
  viewer.get('modeling').updateProperties(table, { annotation: made });
}
