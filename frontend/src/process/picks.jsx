// A list of chosen things with a box to find and add more: clauses, decisions, steps.

import { useState } from '@bpmn-io/properties-panel/preact/hooks';

const MANY = 12; // choices from which on a search box helps
const MAX_SHOWN = 60; // choices offered at once

export function Picks({ id, label, description, chosen, choices, onChange }) {
  const [wanted, setWanted] = useState('');
  const known = new Map(choices.map((one) => [one.value, one]));
  const left = choices.filter((one) => !chosen.includes(one.value));
  const found = left
    .filter((one) => !wanted || `${one.value} ${one.label} ${one.text || ''}`.includes(wanted.trim()))
    .slice(0, MAX_SHOWN);
  return (
    <div class="bio-properties-panel-entry jiuji-picks" data-entry-id={id} data-picks={id}>
      <span class="bio-properties-panel-label" id={`${id}-label`}>{label}</span>
      <ul>
        {chosen.map((value) => (
          <li key={value} data-value={value}>
            <span>
              {known.get(value)?.label || value}
              {known.get(value)?.force ? <em>{known.get(value).force}</em> : null}
              {!known.has(value) ? <em class="bad">没有找到</em> : null}
              {known.get(value)?.ended ? <em class="bad">已于 {known.get(value).ended} 失效</em> : null}
              {known.get(value)?.text ? <small>{known.get(value).text}</small> : null}
            </span>
            <button type="button" aria-label={`移除${known.get(value)?.label || value}`} onClick={() => onChange(chosen.filter((one) => one !== value))}>×</button>
          </li>
        ))}
      </ul>
      {choices.length > MANY ? (
        <input class="bio-properties-panel-input" type="search" placeholder="输入文字查找" aria-label={`查找${label}`} value={wanted} onInput={(event) => setWanted(event.target.value)} />
      ) : null}
      <select class="bio-properties-panel-input" aria-label={`添加${label}`} value="" onChange={(event) => event.target.value && (onChange([...chosen, event.target.value]), setWanted(''))}>
        <option value="">{left.length ? `添加……（${found.length}${found.length < left.length ? ` / ${left.length}` : ''}）` : '没有可以添加的'}</option>
        {found.map((one) => (
          <option key={one.value} value={one.value}>{one.force ? `${one.label}〔${one.force}〕${(one.text || '').slice(0, 24)}` : one.label}</option>
        ))}
      </select>
      {description ? <div class="bio-properties-panel-description">{description}</div> : null}
    </div>
  );
}
