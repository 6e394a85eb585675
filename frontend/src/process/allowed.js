// Menus and palette hold what the engine executes and nothing else. What that is comes from the
// server (app/process/checks/vocabulary.py); here it is only applied to bpmn.io's entries.

import * as ReplaceOptions from 'bpmn-js/lib/features/replace/ReplaceOptions';
import { PopupEntries } from 'bpmn-js/lib/features/popup-menu/PopupEntries';

import { settings } from '../shared/page.js';

const LATE = 200; // providers with a lower priority see what the others offered
const WAITS = new Set(['intermediateCatchEvent', 'boundaryEvent']); // need an event definition

const elements = settings.offers.elements || {};

// 'bpmn:UserTask' -> 'userTask'
export function tagOf(type) {
  const name = type.replace(/^bpmn:/, '');
  return name[0].toLowerCase() + name.slice(1);
}

export function ruleOf(type) {
  return elements[tagOf(type)];
}

export function isExecuted({ type, eventDefinitionType, triggeredByEvent }) {
  const rule = ruleOf(type);
  if (!rule) return false;
  if (triggeredByEvent && rule.fixed.triggeredByEvent === 'false') return false;
  if (eventDefinitionType) return rule.children.includes(tagOf(eventDefinitionType));
  return !WAITS.has(tagOf(type));
}

const targets = {};
for (const options of Object.values(ReplaceOptions)) {
  const listed = Array.isArray(options) ? options : Object.values(options).flat();
  for (const option of listed) if (option?.target) targets[option.actionName] = option.target;
}
for (const [id, entry] of Object.entries(PopupEntries)) {
  for (const prefix of ['create', 'append', 'replace-with']) targets[`${prefix}-${id}`] ??= entry.target;
}

// Marks in the head of the replace menu -> the child element they write.
const HEADERS = {
  'toggle-loop': 'standardLoopCharacteristics',
  'toggle-parallel-mi': 'multiInstanceLoopCharacteristics',
  'toggle-sequential-mi': 'multiInstanceLoopCharacteristics',
  'toggle-participant-multiplicity': 'participantMultiplicity',
  'toggle-is-collection': 'isCollection',
};

const FLOWS = new Set(['replace-with-sequence-flow', 'replace-with-default-flow', 'replace-with-conditional-flow']);

// Palette and context pad: entry -> what it makes.
const TOOLS = {
  'create.start-event': 'bpmn:StartEvent',
  'create.intermediate-event': 'bpmn:IntermediateThrowEvent',
  'create.end-event': 'bpmn:EndEvent',
  'create.exclusive-gateway': 'bpmn:ExclusiveGateway',
  'create.task': 'bpmn:UserTask',
  'create.data-object': 'bpmn:DataObjectReference',
  'create.data-store': 'bpmn:DataStoreReference',
  'create.subprocess-expanded': 'bpmn:SubProcess',
  'create.participant-expanded': 'bpmn:Participant',
  'create.group': 'bpmn:Group',
};

function only(entries, keep) {
  return Object.fromEntries(Object.entries(entries).filter(([id, entry]) => keep(id, entry)));
}

class Menus {
  constructor(popupMenu) {
    for (const menu of ['bpmn-replace', 'bpmn-create', 'bpmn-append']) {
      popupMenu.registerProvider(menu, LATE, this);
    }
  }

  getPopupMenuEntries() {
    return (entries) => only(entries, (id, entry) => {
      if (id.startsWith('replace.template') || id.includes('template') || id.includes('jiuji.')) return true;
      if (FLOWS.has(id)) return true;
      const target = targets[id];
      // One diagram is one process: pools are opened, not drawn.
      return Boolean(target && target.type !== 'bpmn:Participant' && isExecuted(target));
    });
  }

  getPopupMenuHeaderEntries(element) {
    const rule = ruleOf(element.type);
    return (entries) => only(entries, (id) => {
      if (id === 'toggle-non-interrupting') return true;
      return Boolean(rule && HEADERS[id] && rule.children.includes(HEADERS[id]));
    });
  }
}
Menus.$inject = ['popupMenu'];

// bpmn.io's own providers still ask for the pad by a method that complains about itself.
function quiet(contextPad) {
  contextPad.getPad = () => ({ html: contextPad._current.html });
}

class Tools {
  constructor(palette, contextPad, create, elementFactory, translate) {
    Object.assign(this, { create, elementFactory, translate });
    quiet(contextPad);
    palette.registerProvider(LATE, this);
    contextPad.registerProvider(LATE, this);
  }

  getPaletteEntries() {
    return (entries) => {
      const kept = only(entries, (id) => !TOOLS[id] || isExecuted({ type: TOOLS[id] }));
      delete kept['create.intermediate-event']; // a thrown event without meaning: see the menu
      delete kept['create.participant-expanded']; // one diagram is one process
      const start = (event) => this.create.start(event, this.elementFactory.createShape({ type: 'bpmn:UserTask' }));
      const ordered = {};
      for (const [id, entry] of Object.entries(kept)) {
        ordered[id] = id === 'create.task'
          ? { ...entry, className: 'bpmn-icon-user-task', title: this.translate('新建用户任务'), action: { dragstart: start, click: start } }
          : entry;
      }
      return ordered;
    };
  }

  getContextPadEntries() {
    return (entries) => {
      const kept = { ...entries };
      for (const id of ['append.intermediate-event', 'append.append-task', 'append.compensation-activity']) delete kept[id];
      return kept;
    };
  }
}
Tools.$inject = ['palette', 'contextPad', 'create', 'elementFactory', 'translate'];

export const allowedModule = {
  __init__: ['jiujiMenus', 'jiujiTools'],
  jiujiMenus: ['type', Menus],
  jiujiTools: ['type', Tools],
};
