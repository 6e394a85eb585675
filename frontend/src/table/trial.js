// 试算: one question to the table as it stands, saved or not; the matched rows light up.

import { h, settings } from '../shared/page.js';
import { post } from '../shared/saver.js';

const MATCHED = 'background: #fff3c4 !important; box-shadow: inset 0 2px #c98a10, inset 0 -2px #c98a10;';

export class Trial {
  constructor({ box, serialize, marks, token, tell }) {
    Object.assign(this, { box, serialize, marks, token, tell });
    this.decisions = [];
    this.kept = {}; // input name -> text, across decisions
    this.chosen = '';
    this.out = h('div', { 'data-trial-result': true, 'aria-live': 'polite' });
  }

  async refresh() {
    const answer = await fetch(settings.urls.questions);
    if (!answer.ok) return;
    this.decisions = (await answer.json()).decisions;
    if (!this.decisions.some((one) => one.id === this.chosen)) this.chosen = this.decisions[0]?.id || '';
    this.draw();
  }

  choose(id) {
    if (id === this.chosen || !this.decisions.some((one) => one.id === id)) return;
    this.chosen = id;
    this.draw();
  }

  draw() {
    const decision = this.decisions.find((one) => one.id === this.chosen);
    if (!decision) return this.box.replaceChildren(h('p', { class: 'muted' }, '表还读不懂，改好后才能试算。'));
    const select = h('select', { 'data-trial-decision': true, onchange: (event) => this.choose(event.target.value) },
      this.decisions.map((one) => h('option', { value: one.id, selected: one.id === this.chosen }, one.label)));
    const form = h('form', { 'data-trial': true, onsubmit: (event) => { event.preventDefault(); this.run(form); } },
      h('label', {}, '试算哪个决策', select),
      decision.questions.map((one) => this.#field(one)),
      h('label', {}, '按哪一天', h('input', { type: 'text', name: 'on', value: this.on || '', placeholder: `今天；或写 ${settings.offers.today}`, 'data-trial-on': true })),
      h('p', {}, h('button', { type: 'submit', class: 'btn small', 'data-trial-run': true }, '试算'), ' ',
        h('button', { type: 'button', class: 'btn quiet small', onclick: () => this.clear() }, '清除')),
    );
    this.box.replaceChildren(form, this.out);
  }

  #field(one) {
    const value = this.kept[one.name] || '';
    const name = one.unit ? `${one.label}（${one.unit}）` : one.label;
    let input;
    if (one.choices.length || one.kind === 'boolean') {
      const choices = one.kind === 'boolean' ? [['true', '是'], ['false', '否']] : one.choices.map((text) => [text, text]);
      input = h('select', { name: one.name }, h('option', { value: '' }, '（不填）'), choices.map(([given, label]) => h('option', { value: given, selected: given === value }, label)));
    } else {
      const hint = { feel: '表达式，例如 {城市: 900}', date: settings.offers.today }[one.kind] || '';
      input = h('input', { type: 'text', name: one.name, value, inputmode: one.kind === 'number' ? 'decimal' : null, placeholder: hint });
    }
    input.dataset.input = one.name;
    return h('label', {}, name, input, h('span', { class: 'problem', 'data-problem': one.name }));
  }

  // The example of a finding becomes the question.
  take(example) {
    const decision = this.decisions.find((one) => one.id === this.chosen);
    for (const [label, text] of Object.entries(example)) {
      const bare = label.replace(/[（(].*$/, '');
      const question = decision?.questions.find((one) => one.label === label || one.label === bare || one.name === label);
      if (question) this.kept[question.name] = text === 'null' ? '' : text.replace(/^"(.*)"$/, '$1').replace(/^(?:@|date\()"([^"]*)"\)?$/, '$1');
    }
    this.draw();
  }

  clear() {
    this.kept = {};
    this.on = '';
    this.marks.set('matched', [], MATCHED);
    this.out.replaceChildren();
    this.draw();
  }

  async run(form) {
    const given = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    this.on = given.on;
    delete given.on;
    this.kept = { ...this.kept, ...given };
    for (const one of form.querySelectorAll('[data-problem]')) one.textContent = '';
    const body = { decision: this.chosen, inputs: given, content: await this.serialize(), on: this.on };
    const answer = await post(settings.urls.try, body, this.token()).catch(() => null);
    const found = answer && (await answer.json().catch(() => null));
    if (!found) return this.out.replaceChildren(h('p', { class: 'notice danger' }, '没有算成：连不上服务器，或者登录已过期。'));
    if (!answer.ok) return this.#problems(form, found);
    this.show(found);
  }

  #problems(form, found) {
    for (const one of found.problems || []) {
      const place = form.querySelector(`[data-problem="${CSS.escape(one.key)}"]`);
      if (place) place.textContent = one.message;
    }
    this.out.replaceChildren(h('p', { class: 'notice danger', role: 'alert' }, found.message));
  }

  show(found) {
    const rows = found.tables.flatMap((table) => table.rules.map((rule) => rule.id).filter(Boolean));
    this.marks.set('matched', rows, MATCHED);
    this.out.replaceChildren(
      h('p', { class: 'result', 'data-trial-value': true }, h('b', {}, '结果：'), words(found.value, found.labels)),
      ...found.tables.map((table) => h('p', { 'data-matched': table.decision_id },
        `${table.decision}：`, table.rules.length ? `第 ${table.rules.map((rule) => rule.number).join('、')} 行符合` : '没有一行符合',
        ...table.rules.flatMap((rule) => Object.entries(rule.annotations).filter(([, text]) => text).map(([name, text]) => h('small', {}, `${name}：${text}`))))),
      ...found.warnings.map((text) => h('p', { class: 'notice warn' }, text)),
      ...found.errors.map((one) => h('button', { type: 'button', class: 'finding', 'data-severity': 'error', 'data-trial-error': one.code, onclick: () => this.tell(one) },
        h('b', {}, '错误'), h('span', {}, [one.message, one.suggestion].filter(Boolean).join(' ')),
        one.rule ? h('span', { class: 'where' }, `${one.decision} 第 ${one.rule} 行 ${one.column}`) : null)),
      found.sentences.length ? h('details', {}, h('summary', {}, '理由'), found.sentences.map((text) => h('p', {}, text))) : '',
    );
  }
}

// labels: name of an output -> heading of its column
function words(value, labels = {}) {
  if (value === null || value === undefined) return '没有结果（空）';
  if (value === true) return '是';
  if (value === false) return '否';
  if (Array.isArray(value)) return value.length ? value.map((one) => words(one, labels)).join('；') : '（空列表）';
  if (typeof value === 'object') return Object.entries(value).map(([name, one]) => `${labels[name] || name}：${words(one, labels)}`).join('，');
  return String(value);
}
