// 依据: clause, force, date and note of the chosen row, picked from the clauses on file.

import { h, settings } from '../shared/page.js';
import { annotate, textOf } from './annotations.js';

const MAX_SHOWN = 60;

export class Law {
  constructor({ box }) {
    this.box = box;
    this.wanted = '';
    this.draw(null, null);
  }

  // The row of the open table that was clicked last; null for none.
  draw(viewer, rule) {
    Object.assign(this, { viewer, rule });
    if (!rule) return this.box.replaceChildren(h('p', { class: 'muted' }, '在表里点一行，就可以给它选条款、效力和生效日期。'));
    const table = viewer.get('sheet').getRoot().businessObject;
    const columns = (table.get('annotation') || []).map((one) => one.get('name'));
    const number = table.get('rule').indexOf(rule) + 1;
    if (!columns.length) return this.box.replaceChildren(h('p', { class: 'muted' }, `第 ${number} 行。这张表还没有依据列，请先在上面点“加依据列”。`));
    const at = (name) => columns.indexOf(name);
    this.box.replaceChildren(
      h('p', {}, h('b', { 'data-law-row': rule.id }, `第 ${number} 行`)),
      at('条款') >= 0 ? this.#clauses(at('条款')) : '',
      at('效力') >= 0 ? this.#force(at('效力')) : '',
      at('生效') >= 0 ? this.#text(at('生效'), '生效', 'date') : '',
      at('备注') >= 0 ? this.#text(at('备注'), '备注', 'text') : '',
    );
  }

  #set(index, text) {
    annotate(this.viewer, this.rule, { [index]: text });
    this.draw(this.viewer, this.rule);
  }

  #clauses(index) {
    const chosen = textOf(this.rule, index).split(/[,，]/).map((one) => one.trim()).filter(Boolean);
    const known = new Map(settings.offers.clauses.map((one) => [one.value, one]));
    const list = h('ul', { class: 'picked' }, chosen.map((value) => {
      const one = known.get(value);
      return h('li', { 'data-value': value },
        h('span', {}, one?.label || value, h('em', {}, one ? one.force : '没有找到'), one?.ended ? h('em', { class: 'bad' }, `已于 ${one.ended} 失效`) : '', h('small', {}, one?.text || '')),
        h('button', { type: 'button', 'aria-label': `移除${one?.label || value}`, onclick: () => this.#set(index, chosen.filter((other) => other !== value).join(',')) }, '×'));
    }));
    const select = h('select', { 'aria-label': '添加条款', 'data-law': 'clause', onchange: (event) => event.target.value && this.#set(index, [...chosen, event.target.value].join(',')) });
    const fill = () => select.replaceChildren(h('option', { value: '' }, '添加……'), ...settings.offers.clauses
      .filter((one) => !chosen.includes(one.value) && `${one.value} ${one.label} ${one.text}`.includes(this.wanted))
      .slice(0, MAX_SHOWN)
      .map((one) => h('option', { value: one.value }, `${one.label}〔${one.force}〕${one.text.slice(0, 24)}`)));
    fill();
    const search = h('input', { type: 'search', placeholder: '输入文字查找条款', 'aria-label': '查找条款', value: this.wanted, oninput: (event) => { this.wanted = event.target.value.trim(); fill(); } });
    return h('div', {}, h('span', { class: 'label' }, '条款'), list, search, select);
  }

  #force(index) {
    const value = textOf(this.rule, index);
    const forces = settings.offers.forces;
    return h('label', {}, '效力', h('select', { 'data-law': 'force', onchange: (event) => this.#set(index, event.target.value) },
      h('option', { value: '' }, '（未填）'),
      forces.some((one) => one.value === value) || !value ? '' : h('option', { value, selected: true }, value),
      forces.map((one) => h('option', { value: one.value, selected: one.value === value }, one.label))));
  }

  #text(index, label, type) {
    const value = textOf(this.rule, index);
    const fits = type !== 'date' || !value || /^\d{4}-\d{2}-\d{2}$/.test(value);
    return h('label', {}, label, h('input', { type: fits ? type : 'text', value, 'data-law': label, onchange: (event) => this.#set(index, event.target.value) }));
  }
}
