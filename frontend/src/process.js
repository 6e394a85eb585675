// 画流程: bpmn.io's modeler, limited to what the engine executes, in Chinese, saving by itself.

import Modeler from 'bpmn-js/lib/Modeler';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from 'bpmn-js-properties-panel';
import { CloudElementTemplatesPropertiesProviderModule } from 'bpmn-js-element-templates';
import ElementTemplateChooserModule from '@bpmn-io/element-template-chooser';
import { CreateAppendAnythingModule, CreateAppendElementTemplatesModule } from 'bpmn-js-create-append-anything';
import ZeebeBehaviorsModule from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import TokenSimulationModule from 'bpmn-js-token-simulation';
import MinimapModule from 'diagram-js-minimap';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';

import './process.css';
import { fetchFindings, showFindings } from './shared/findings.js';
import { h, place, ready, say, settings, tool } from './shared/page.js';
import { Saver } from './shared/saver.js';
import { translateBelow, translateModule, translateWith } from './shared/translate.js';
import { allowedModule } from './process/allowed.js';
import { writerModule } from './process/extensions.js';
import { Marks } from './process/marks.js';
import { panelModule } from './process/panel.jsx';
import { DOM_PATTERNS, DOM_WORDS, zh } from './process/zh.js';

const MIN_ZOOM = 0.7; // below it labels can not be read
const PALETTE_PX = 90; // kept free on the left, where the palette stands

function makeModeler() {
  const common = {
    container: place('canvas'),
    moddleExtensions: { zeebe },
  };
  const chinese = translateModule(translateWith(zh));
  if (settings.readonly) return new NavigatedViewer({ ...common, additionalModules: [chinese, MinimapModule] });
  return new Modeler({
    ...common,
    propertiesPanel: { parent: place('side'), feelPopupContainer: document.querySelector('[data-designer]') },
    elementTemplates: settings.offers.templates,
    additionalModules: [
      chinese,
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      CloudElementTemplatesPropertiesProviderModule,
      ElementTemplateChooserModule,
      CreateAppendAnythingModule,
      CreateAppendElementTemplatesModule,
      ZeebeBehaviorsModule,
      TokenSimulationModule,
      MinimapModule,
      writerModule,
      allowedModule,
      panelModule,
    ],
  });
}

translateBelow(document.querySelector('[data-designer]'), DOM_WORDS, DOM_PATTERNS);
const modeler = makeModeler();
let marks;
let latest = { findings: [], elsewhere: 0 };

function told(answer) {
  latest = answer;
  marks?.show(answer.findings);
  showFindings(answer, { jump: (one) => jump(one.element, one.path), where: (one) => nameOf(one.element) });
}

function jump(id, path) {
  const canvas = modeler.get('canvas');
  if (canvas.zoom() < MIN_ZOOM) canvas.zoom(MIN_ZOOM);
  if (marks.go(id, path)) place('canvas').scrollIntoView({ block: 'nearest' });
}

function nameOf(id) {
  const shape = id && modeler.get('elementRegistry').get(id);
  return shape ? `“${shape.businessObject.name || id}”` : id;
}

async function load(text) {
  try {
    const { warnings } = await modeler.importXML(text);
    if (warnings.length) say('warn', h('p', { 'data-import-warnings': true }, `打开时有 ${warnings.length} 处看不懂的内容，请对照检查结果。`));
  } catch (error) {
    say('danger', h('p', { 'data-import-failed': true }, '这个文件打不开，内容可能不是流程图。请在检查结果里看原因，或换回原来的文件。'));
    throw error;
  }
  begin();
  marks = new Marks(modeler);
  marks.show(latest.findings);
  title();
}

// Long diagrams open at a readable size at their start; "看全图" shows all of it.
function begin() {
  fit();
  const canvas = modeler.get('canvas');
  if (canvas.zoom() >= MIN_ZOOM) return;
  const first = modeler.get('elementRegistry').find((one) => one.type === 'bpmn:StartEvent');
  if (!first) return;
  canvas.zoom(MIN_ZOOM);
  const box = canvas.viewbox();
  canvas.viewbox({ ...box, x: first.x - 160 / MIN_ZOOM, y: first.y - box.height / 3 });
}

function fit() {
  const canvas = modeler.get('canvas');
  canvas.zoom('fit-viewport');
  const box = canvas.viewbox();
  const pad = PALETTE_PX / box.scale;
  canvas.viewbox({ x: box.x - pad, y: box.y, width: box.width + pad, height: box.height });
}

function title() {
  const root = modeler.get('canvas').getRootElement().businessObject;
  const process = root.$type === 'bpmn:Process' ? root : root.participants?.[0]?.processRef;
  place('file-title').textContent = process?.name || place('file-title').textContent;
}

const saver = new Saver({
  serialize: async () => (await modeler.saveXML({ format: true })).xml,
  load,
  told,
});

function tools() {
  const zoom = (step) => () => modeler.get('zoomScroll').stepZoom(step);
  const bar = place('tools');
  bar.append(tool('fit', '看全图', fit), tool('zoom-in', '放大', zoom(1)), tool('zoom-out', '缩小', zoom(-1)));
  if (settings.readonly) return;
  const stack = modeler.get('commandStack');
  bar.append(
    tool('undo', '撤销', () => stack.undo()),
    tool('redo', '重做', () => stack.redo()),
    tool('search', '在图中查找', () => modeler.get('searchPad').toggle()),
    tool('process', '流程属性', () => modeler.get('selection').select(modeler.get('canvas').getRootElement())),
    tool('side', '隐藏属性栏', (event) => {
      const wide = document.querySelector('.designer-body').classList.toggle('wide');
      event.currentTarget.textContent = wide ? '显示属性栏' : '隐藏属性栏';
    }),
    h('span', { class: 'spacer' }),
    tool('save', '马上保存', () => saver.save()),
  );
}

function drawn() {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}

async function start() {
  tools();
  try {
    await saver.open();
  } catch {
    saver.show('error', '没有打开');
  }
  if (!settings.readonly) modeler.on('commandStack.changed', () => { saver.changed(); title(); });
  await drawn(); // the panel must listen before something is selected
  if (settings.element && marks) jump(settings.element, []);
  ready();
  told(await fetchFindings());
}

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === 's') {
    event.preventDefault();
    saver.save();
  }
});

// The editor's search boxes listen to keys; characters of an input method may come without any.
document.addEventListener('input', ({ target }) => {
  if (target.closest('.djs-popup-search, .djs-search-input')) {
    target.dispatchEvent(new KeyboardEvent('keyup', { bubbles: true }));
  }
});

window.jiujiDesigner = { modeler, saver };
start();
