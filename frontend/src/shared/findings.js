// The findings of the server as a list below the designer; a click shows the place.

import { h, place, settings } from './page.js';

const WORDS = { error: '错误', soft: '须写明理由', warning: '提醒', info: '说明' };

// jump: (finding) => void; where: (finding) => text that names the place
export function showFindings(answer, { jump, where }) {
  const findings = answer.findings;
  const list = place('findings');
  const loud = findings.filter((one) => one.severity !== 'info');
  const quiet = findings.filter((one) => one.severity === 'info');
  const item = (one) => h('li', {}, button(one, jump, where));
  list.replaceChildren(...loud.map(item));
  if (quiet.length) {
    list.append(
      h('li', { class: 'finding-info' }, h('details', {}, h('summary', {}, `说明 ${quiet.length} 条`), h('ol', { class: 'finding-list' }, quiet.map(item)))),
    );
  }
  list.dataset.checked = 'true';
  place('findings-summary').replaceChildren(...summary(findings, answer.elsewhere));
}

export async function fetchFindings() {
  const answer = await fetch(settings.urls.findings);
  return answer.ok ? answer.json() : { findings: [], elsewhere: 0 };
}

function summary(findings, elsewhere) {
  const count = (severity) => findings.filter((one) => one.severity === severity).length;
  const parts = ['error', 'soft', 'warning']
    .filter((severity) => count(severity))
    .map((severity) => `${WORDS[severity]} ${count(severity)} 处`);
  const here = parts.length ? `这个文件：${parts.join('，')}。` : '这个文件没有发现问题。';
  if (!elsewhere) return [here];
  return [here, '草稿的其他文件还有 ', h('a', { href: settings.urls.draft }, `${elsewhere} 处错误`), '。'];
}

function button(one, jump, where) {
  const example = Object.entries(one.example).map(([name, value]) => `${name} ${value}`);
  return h(
    'button',
    {
      type: 'button', class: 'finding', 'data-finding': one.code, 'data-severity': one.severity,
      'data-element': one.element, 'data-rule': one.rule || null, onclick: () => jump(one),
    },
    h('b', {}, WORDS[one.severity] || one.severity),
    h('span', {}, [one.message, one.suggestion].filter(Boolean).join(' ')),
    example.length ? h('span', { class: 'where' }, `例如：${example.join('，')}`) : null,
    one.clause && !one.message.includes(one.clause) ? h('span', { class: 'clause' }, `依据：${one.clause}`) : null,
    where(one) ? h('span', { class: 'where' }, where(one)) : null,
  );
}
