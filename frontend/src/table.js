// 编标准: bpmn.io's decision editor in Chinese, with annotation columns, trial and paste.

import Modeler from 'dmn-js/lib/Modeler';
import Viewer from 'dmn-js/lib/Viewer';
import TableEditor from 'dmn-js-decision-table/lib/Editor';
import TableViewer from 'dmn-js-decision-table/lib/Viewer';

import './table.css';
import { fetchFindings, showFindings } from './shared/findings.js';
import { h, place, ready, say, settings, tool } from './shared/page.js';
import { Saver } from './shared/saver.js';
import { translateBelow, translateModule, translateWith } from './shared/translate.js';
import { annotationsModule } from './table/annotations.js';
import { openingFunctions } from './table/functions.js';
import { Law } from './table/law.js';
import { locate, RowMarks } from './table/places.js';
import { addAnnotationColumns, addRows, preview } from './table/rows.js';
import { Trial } from './table/trial.js';
import { DOM_PATTERNS, DOM_WORDS, zh } from './table/zh.js';

const FOUND = 'box-shadow: inset 4px 0 #a11f18;';
const JUMPED = 'background: #e8eff7 !important;';

translateBelow(place('canvas'), DOM_WORDS, DOM_PATTERNS);
const chinese = translateModule(translateWith(zh));
const view = (...modules) => ({ additionalModules: [chinese, ...modules] });
const Manager = settings.readonly ? openingFunctions(Viewer, TableViewer) : openingFunctions(Modeler, TableEditor);
const modeler = new Manager({
  container: place('canvas'),
  height: '100%',
  width: '100%',
  drd: view(),
  decisionTable: settings.readonly ? view() : view(annotationsModule),
  literalExpression: view(),
  boxedExpression: view(),
  common: { expressionLanguages: { options: [{ value: 'feel', label: 'FEEL' }], defaults: { editor: 'feel' } } },
});

const marks = new RowMarks();
const listened = new WeakSet();
let trial;
let law;

async function load(text) {
  try {
    const { warnings } = await modeler.importXML(text);
    if (warnings?.length) say('warn', h('p', { 'data-import-warnings': true }, `打开时有 ${warnings.length} 处看不懂的内容，请对照检查结果。`));
  } catch (error) {
    say('danger', h('p', { 'data-import-failed': true }, '这个文件打不开，内容可能不是决策表。请在检查结果里看原因，或换回原来的文件。'));
    throw error;
  }
  place('file-title').textContent = modeler.getDefinitions().get('name') || place('file-title').textContent;
}

const saver = new Saver({
  serialize: async () => (await modeler.saveXML({ format: true })).xml,
  load,
  told: (answer) => {
    told(answer);
    trial?.refresh();
  },
});

function told(answer) {
  const rows = answer.findings
    .filter((one) => one.severity !== 'info')
    .map((one) => locate(modeler, one).row)
    .filter(Boolean);
  marks.set('found', rows, FOUND);
  showFindings(answer, { jump, where: (one) => [locate(modeler, one).decision?.get('name') || one.decision, one.rule ? `第 ${one.rule} 行` : '', one.column].filter(Boolean).join(' ') });
}

async function jump(one) {
  const found = locate(modeler, one);
  if (found.view && found.view !== modeler.getActiveView()) await modeler.open(found.view);
  marks.set('jumped', found.row ? [found.row] : [], JUMPED);
  if (found.decision) trial?.choose(found.decision.id);
  if (one.example && Object.keys(one.example).length) trial?.take(one.example);
  place('canvas').scrollIntoView({ block: 'nearest' });
  if (found.row) place('canvas').querySelector(`[data-row-id="${CSS.escape(found.row)}"]`)?.scrollIntoView({ block: 'center' });
}

// A click into a cell that was chosen before brings the cursor back (the editor only does so for a
// newly chosen one).
place('canvas').addEventListener('click', ({ target }) => {
  const cell = target.closest('td[data-element-id]');
  const text = cell?.querySelector('.cm-content, [contenteditable="true"]');
  if (text && !cell.contains(document.activeElement)) text.focus();
});

// Views come and go; each editor is listened to once.
function watch() {
  const active = modeler.getActiveView();
  const viewer = modeler.getActiveViewer();
  drawViews(active);
  if (!viewer || !active) return;
  if (active.type === 'decisionTable') trial?.choose(active.element.id);
  law?.draw(null, null);
  if (listened.has(viewer)) return;
  listened.add(viewer);
  viewer.on('commandStack.changed', (event) => {
    if (event?.trigger !== 'clear') saver.changed();
  });
  viewer.on('cellSelection.changed', ({ elementId }) => chosen(viewer, elementId));
}

function chosen(viewer, elementId) {
  const cell = elementId && place('canvas').querySelector(`[data-element-id="${CSS.escape(elementId)}"]`);
  const id = cell?.closest('[data-row-id]')?.dataset.rowId;
  if (!id || !law) return;
  const rule = viewer.get('sheet').getRoot().businessObject.get('rule').find((one) => one.id === id);
  if (rule && (rule !== law.rule || viewer !== law.viewer)) law.draw(viewer, rule);
}

function drawViews(active) {
  const select = place('views');
  if (!select) return;
  select.replaceChildren(...modeler.getViews().map((one, at) => {
    const name = one.element.$type === 'dmn:Definitions' ? '决策图（全部）' : one.element.get('name') || one.id;
    return h('option', { value: at, selected: one === active || one.id === active?.id }, name);
  }));
  for (const name of ['paste', 'annotations']) {
    const button = document.querySelector(`[data-tool="${name}"]`);
    if (button) button.disabled = active?.type !== 'decisionTable';
  }
}

function tools() {
  const bar = place('tools');
  bar.append(h('label', {}, '看哪一张 ', h('select', { 'data-views': true, onchange: (event) => modeler.open(modeler.getViews()[event.target.value]) })));
  if (settings.readonly) return;
  const stack = (deed) => () => modeler.getActiveViewer()?.get('commandStack')[deed]();
  bar.append(
    tool('undo', '撤销', stack('undo')),
    tool('redo', '重做', stack('redo')),
    tool('paste', '从电子表格粘贴', pasteBox),
    tool('annotations', '加依据列', columns),
    h('span', { class: 'spacer' }),
    tool('save', '马上保存', () => saver.save()),
  );
}

async function columns() {
  const viewer = modeler.getActiveViewer();
  const table = viewer.get('sheet').getRoot().businessObject;
  if ((table.get('annotation') || []).length) return;
  addAnnotationColumns(viewer);
  await modeler.open(modeler.getActiveView());
}

function pasteBox() {
  if (document.querySelector('.paste-box')) return;
  const shown = h('div', {});
  const add = h('button', { type: 'button', class: 'btn small', disabled: true, 'data-paste-add': true }, '加到表里');
  let found;
  const area = h('textarea', {
    'aria-label': '从电子表格复制的行', 'data-paste': true,
    oninput: () => {
      found = preview(modeler.getActiveViewer(), area.value);
      add.disabled = Boolean(found.problem);
      shown.replaceChildren(found.problem
        ? h('p', { class: 'problem' }, found.problem)
        : h('table', {}, h('tr', {}, found.columns.map((one) => h('th', {}, one.label))), found.rows.map((cells) => h('tr', {}, cells.map((cell) => h('td', {}, cell))))));
    },
  });
  const box = say('', h('div', { class: 'paste-box' },
    h('p', {}, '在电子表格里选好几行复制，粘贴到下面。列的次序同表里一样：输入、输出、依据。文本不用加引号，“≥1000”“1,200.00 元”“2026年4月7日”都认得。'),
    area, shown, h('p', {}, add, ' ', h('button', { type: 'button', class: 'btn quiet small', onclick: () => box.remove() }, '不粘贴了'))));
  add.addEventListener('click', () => {
    addRows(modeler.getActiveViewer(), found);
    box.remove();
  });
  area.focus();
}

function side() {
  const trialBox = h('div', {});
  const lawBox = h('div', { 'data-law-box': true });
  place('side').append(h('h2', {}, '试算'), trialBox);
  if (!settings.readonly) place('side').append(h('h2', {}, '这一行的依据'), lawBox);
  trial = new Trial({ box: trialBox, serialize: saver.serialize, marks, token: () => saver.token, tell: jump });
  if (!settings.readonly) law = new Law({ box: lawBox });
}

async function start() {
  tools();
  side();
  modeler.on('views.changed', watch);
  try {
    await saver.open();
    await first();
  } catch {
    saver.show('error', '没有打开');
  }
  watch();
  trial.refresh();
  ready();
  told(await fetchFindings());
}

// What the address asks for, else the only table, else the picture of all.
async function first() {
  if (settings.element || settings.rule) return jump({ element: settings.element, rule: settings.rule });
  const tables = modeler.getViews().filter((one) => one.type === 'decisionTable');
  if (tables.length === 1) await modeler.open(tables[0]);
  return undefined;
}

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === 's') {
    event.preventDefault();
    saver.save();
  }
});

window.jiujiDesigner = { modeler, saver };
start();
