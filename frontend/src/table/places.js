// Where in a file something stands: which decision, which row.

import { tableOf } from './functions.js';

function holds(element, id, depth = 0) {
  if (!element || typeof element !== 'object' || depth > 8) return false;
  if (element.id === id) return true;
  for (const one of element.$descriptor?.properties || []) {
    if (one.isReference || one.isAttr) continue;
    const value = element.get(one.name);
    if ([value].flat().some((child) => child && child.$type && holds(child, id, depth + 1))) return true;
  }
  return false;
}

// { view, decision, row }: the view that shows the element, the id of the row if it is in one.
export function locate(modeler, { element = '', rule = '', decision = '' }) {
  const elements = modeler.getDefinitions().get('drgElement');
  const found = elements.find((one) => element && (one.id === element || holds(one, element)))
    || elements.find((one) => decision && (one.id === decision || one.get('name') === decision))
    || elements.find((one) => rule && holds(one, String(rule)));
  if (!found) return {};
  const rules = tableOf(found)?.get('rule') || [];
  const row = rules.find((one) => one.id === rule || holds(one, element)) || rules[Number(rule) - 1];
  const view = modeler.getViews().find((one) => one.element === found);
  return { view, decision: found, row: row?.id || '' };
}

// Rows and cells marked by style rules: they outlive every redraw of the table.
export class RowMarks {
  constructor() {
    this.sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.sheet];
    this.sets = {};
  }

  set(name, ids, declarations) {
    this.sets[name] = ids.map((id) => `[data-row-id="${CSS.escape(id)}"] { ${declarations} }`);
    this.sheet.replaceSync(Object.values(this.sets).flat().join('\n'));
  }
}
