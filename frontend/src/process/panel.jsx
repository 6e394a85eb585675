// The properties panel: our pickers on top, of bpmn.io's groups those whose elements are executed.

import { Group, NumberFieldEntry, SelectEntry, TextAreaEntry, TextFieldEntry } from '@bpmn-io/properties-panel';
import { useService } from 'bpmn-js-properties-panel';
import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';

import { settings } from '../shared/page.js';
import { ruleOf } from './allowed.js';
import { extension, property, subjectOf } from './extensions.js';
import { Picks } from './picks.jsx';

const LATE = 100; // after the zeebe provider and the templates
const offers = settings.offers;

// Group of bpmn.io -> the zeebe element it writes; '' = plain BPMN. Groups not named here are left
// out, unless a template brought them.
const KEPT = {
  general: '', documentation: '', timer: '', message: '', error: '', escalation: '', condition: '',
  script: 'script', inputs: 'ioMapping', outputs: 'ioMapping', headers: 'taskHeaders',
  inputPropagation: 'calledElement', outputPropagation: 'calledElement',
  Zeebe__ExtensionProperties: 'properties',
};
const DROPPED_ENTRIES = new Set(['versionTag', 'messageSubscriptionCorrelationKey']);
const CITING = ['bpmn:Activity', 'bpmn:Event', 'bpmn:Process', 'bpmn:Participant', 'bpmn:Gateway'];

function listOf(text) {
  return text.split(/[,，]/).map((one) => one.trim()).filter(Boolean);
}

function select(id, label, { get, set, options, empty = '（未选）', description }) {
  const component = ({ element }) => {
    const translate = useService('translate');
    const value = get(element) || '';
    const writer = useService('jiujiWriter');
    const injector = useService('injector', false);
    const known = options(element);
    const getOptions = () => [
      { value: '', label: empty },
      ...(value && !known.some((one) => one.value === value) ? [{ value, label: `${value}（没有找到）` }] : []),
      ...known,
    ];
    return SelectEntry({
      element, id, label, getOptions, translate, description,
      getValue: () => value,
      setValue: (given) => set(writer, element, given, injector),
    });
  };
  return { id, component, isEdited: (node) => Boolean(node && node.value) };
}

function text(id, label, { get, set, description, area = false }) {
  const component = ({ element }) => {
    const debounce = useService('debounceInput');
    const writer = useService('jiujiWriter');
    const Entry = area ? TextAreaEntry : TextFieldEntry;
    return Entry({ element, id, label, description, debounce, getValue: () => get(element) || '', setValue: (value) => set(writer, element, value) });
  };
  return { id, component, isEdited: (node) => Boolean(node && node.value) };
}

function named(name) {
  return {
    get: (element) => property(element, name),
    set: (writer, element, value) => writer.property(element, name, (value || '').trim()),
  };
}

function picks(id, label, name, choices, description) {
  const component = ({ element }) => {
    const writer = useService('jiujiWriter');
    const registry = useService('elementRegistry');
    return (
      <Picks id={id} label={label} description={description} chosen={listOf(property(element, name))} choices={choices(element, registry)} onChange={(chosen) => writer.property(element, name, chosen.join(','))} />
    );
  };
  return { id, component, isEdited: () => false };
}

// Deadlines: a clock of the case (the table says how long), or hours or working days of its own.
const UNITS = { hours: '小时（连续计算）', workdays: '工作日（起始日不计）', calendar_days: '自然日（起始日不计）' };
const LIMIT = /^(\d+) (hours|workdays|calendar_days)$/;

function deadlineKind(element) {
  if (property(element, 'clock')) return 'clock';
  return LIMIT.exec(property(element, 'limit'))?.[2] || '';
}

const deadline = [
  select('jiuji-deadline', '办理期限', {
    get: deadlineKind,
    options: () => [
      { value: 'clock', label: '随案件的时限' },
      { value: 'hours', label: '本环节：若干小时' },
      { value: 'workdays', label: '本环节：若干工作日' },
      { value: 'calendar_days', label: '本环节：若干自然日' },
    ],
    empty: '不限',
    set: (writer, element, value) => {
      const kept = LIMIT.exec(property(element, 'limit'))?.[1] || (value === 'hours' ? '24' : '3');
      writer.property(element, 'clock', value === 'clock' ? offers.clocks[0]?.value || '' : '');
      writer.property(element, 'limit', UNITS[value] ? `${kept} ${value}` : '');
    },
  }),
];

const clockEntry = select('jiuji-clock', '哪一个时限', {
  ...named('clock'),
  options: () => offers.clocks,
  description: '多长由“办理时限”决策表决定；流程里要有启动它的步骤。',
});

const amountEntry = {
  id: 'jiuji-limit',
  isEdited: () => false,
  component: ({ element }) => {
    const debounce = useService('debounceInput');
    const writer = useService('jiujiWriter');
    const [, amount, unit] = LIMIT.exec(property(element, 'limit')) || ['', '', 'hours'];
    return NumberFieldEntry({
      element, id: 'jiuji-limit', debounce, min: 1, max: 1000, step: 1,
      label: UNITS[unit],
      getValue: () => Number(amount),
      setValue: (value) => {
        const whole = Math.round(Number(value));
        if (whole >= 1) writer.property(element, 'limit', `${whole} ${unit}`);
      },
    });
  },
};

function deadlineEntries(element) {
  const kind = deadlineKind(element);
  if (kind === 'clock') return [...deadline, clockEntry];
  return kind ? [...deadline, amountEntry] : deadline;
}

const form = select('jiuji-form', '表单', {
  get: (element) => extension(element, 'zeebe:FormDefinition')?.get('formId'),
  set: (writer, element, value) => writer.extension(element, 'zeebe:FormDefinition', value ? { formId: value } : null),
  options: () => offers.forms,
  empty: '（不填表）',
});

const role = select('jiuji-role', '由谁办理', {
  get: (element) => extension(element, 'zeebe:AssignmentDefinition')?.get('candidateGroups'),
  set: (writer, element, value) => writer.extension(element, 'zeebe:AssignmentDefinition', value ? { candidateGroups: value } : null),
  options: () => offers.roles,
});

const decision = select('jiuji-decision', '决策表', {
  get: (element) => extension(element, 'zeebe:CalledDecision')?.get('decisionId'),
  set: (writer, element, value) => writer.attribute(element, 'zeebe:CalledDecision', 'decisionId', value),
  options: () => offers.decisions.map((one) => ({ value: one.value, label: `${one.label}（${one.file.split('/').pop()}）` })),
});

const result = text('jiuji-result', '结果记为', {
  get: (element) => extension(element, 'zeebe:CalledDecision')?.get('resultVariable'),
  set: (writer, element, value) => writer.attribute(element, 'zeebe:CalledDecision', 'resultVariable', (value || '').trim()),
  description: '后面的条件用这个名称取结果。',
});

const calledProcess = select('jiuji-process', '调用的流程', {
  get: (element) => extension(element, 'zeebe:CalledElement')?.get('processId'),
  set: (writer, element, value) => writer.attribute(element, 'zeebe:CalledElement', 'processId', value),
  options: () => offers.processes,
});

const call = select('jiuji-call', '系统动作', {
  get: (element) => extension(element, 'zeebe:TaskDefinition')?.get('type'),
  set: (writer, element, value, injector) => {
    const templates = injector.get('elementTemplates');
    const template = value && templates.get(`jiuji.${value}`, 1);
    if (template) templates.applyTemplate(element, template);
    else writer.extension(element, 'zeebe:TaskDefinition', null);
  },
  options: () => offers.calls,
});

const LINKS = {
  'jiuji-decision': (element) => {
    const id = extension(element, 'zeebe:CalledDecision')?.get('decisionId');
    const found = offers.decisions.find((one) => one.value === id);
    return found && [`${settings.urls.table}${found.file}?element=${id}`, '打开这张决策表'];
  },
  'jiuji-process': (element) => {
    const id = extension(element, 'zeebe:CalledElement')?.get('processId');
    const found = offers.processes.find((one) => one.value === id);
    return found && [`${settings.urls.process}${found.file}`, '打开这个流程'];
  },
};

function link(to) {
  const id = `${to}-link`;
  return {
    id,
    isEdited: () => false,
    component: ({ element }) => {
      const found = LINKS[to](element);
      return found ? <div class="bio-properties-panel-entry"><a href={found[0]} data-link={id}>{found[1]}</a></div> : null;
    },
  };
}

const clauses = picks('jiuji-clauses', '依据条款', 'clause', () => offers.clauses, '改这一步以前，请先读条款；失效的条款会标出来。');
const decisions = () => offers.decisions.map((one) => ({ value: one.value, label: one.label }));
const checks = picks('jiuji-checks', '办理前核查', 'check', decisions, '这些决策都允许，答案才被接受。');
const panels = picks('jiuji-panel', '资格与金额', 'panel', decisions, '办理时显示在表单旁边。');
const notDoneBy = picks('jiuji-not-done-by', '须避开的步骤', 'not_done_by', (element, registry) => registry
  .filter((one) => is(one, 'bpmn:UserTask') && one.id !== element.id)
  .map((one) => ({ value: one.id, label: getBusinessObject(one).name || one.id })), '办过这些步骤的人不能办这一步。');
const step = select('jiuji-step', '步骤性质', { ...named('step'), options: () => offers.steps, description: '护栏按它认定步骤，不看编号。' });
const hint = text('jiuji-hint', '一句话提示', { ...named('hint'), area: true });
const facts = text('jiuji-facts', '成为事实的字段', { ...named('facts'), description: '表单里的键，逗号分隔。' });
const route = text('jiuji-route', '救助路径', { ...named('route'), description: '护栏按它认定这是哪一类救助，不看流程编号。' });
const sentBy = select('jiuji-sent-by', '谁可以发出', { ...named('sent_by'), options: () => offers.roles, empty: '（系统）' });
const sentLabel = text('jiuji-label', '按钮上的字', named('label'));

function ourGroups(element) {
  const groups = [];
  const add = (id, label, entries) => groups.push({ id, label, entries, component: Group, shouldOpen: true });
  if (is(element, 'bpmn:UserTask')) {
    add('jiuji-work', '办理', [form, role, ...deadlineEntries(element), step, hint]);
    add('jiuji-care', '核查与回避', [checks, panels, notDoneBy]);
  }
  if (is(element, 'bpmn:BusinessRuleTask')) add('jiuji-work', '查哪张表', [decision, link('jiuji-decision'), result]);
  if (is(element, 'bpmn:CallActivity')) add('jiuji-work', '调用', [calledProcess, link('jiuji-process')]);
  if (is(element, 'bpmn:ServiceTask')) add('jiuji-work', '系统动作', [call]);
  if (is(element, 'bpmn:StartEvent')) add('jiuji-work', '申请', [form, facts]);
  if (is(element, 'bpmn:BoundaryEvent') && extendsMessage(element)) add('jiuji-work', '由人发出', [sentBy, sentLabel]);
  if (isAny(element, ['bpmn:Process', 'bpmn:Participant'])) add('jiuji-work', '流程', [route]);
  if (isAny(element, CITING)) add('jiuji-law', '依据', [clauses]);
  return groups;
}

function extendsMessage(element) {
  return (getBusinessObject(element).get('eventDefinitions') || []).some((one) => is(one, 'bpmn:MessageEventDefinition'));
}

class Panel {
  constructor(propertiesPanel) {
    propertiesPanel.registerProvider(LATE, this);
  }

  getGroups(element) {
    return (groups) => {
      const rule = ruleOf(subjectOf(element).$type);
      const templated = groups.some((group) => group.id === 'ElementTemplates__Template');
      const kept = groups.filter((group) => {
        if (!(group.id in KEPT)) return is(element, 'bpmn:ServiceTask') && (group.id.startsWith('ElementTemplates__') || this.#fromTemplate(group));
        return !KEPT[group.id] || Boolean(rule?.extensions.includes(KEPT[group.id]));
      });
      for (const group of kept) {
        if (group.entries) group.entries = group.entries.filter((entry) => !DROPPED_ENTRIES.has(entry.id));
      }
      const general = kept.filter((group) => group.id === 'general');
      const rest = kept.filter((group) => group.id !== 'general');
      const shown = templated ? rest.filter((group) => !['inputs', 'outputs', 'headers'].includes(group.id)) : rest;
      return [...general, ...ourGroups(element), ...shown];
    };
  }

  #fromTemplate(group) {
    return ['arguments', 'answers'].some((id) => group.id === `ElementTemplates__CustomProperties-${id}`);
  }
}
Panel.$inject = ['propertiesPanel'];

export const panelModule = { __init__: ['jiujiPanel'], jiujiPanel: ['type', Panel] };
