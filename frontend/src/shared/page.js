// The page around a designer: its settings and the places the server left for us.

export const settings = JSON.parse(document.getElementById('designer-settings').textContent);

const root = document.querySelector('[data-designer]');

export function place(name) {
  return root.querySelector(`[data-${name}]`);
}

export function ready() {
  root.dataset.ready = 'true';
}

// An element with attributes, listeners and children; texts are texts, never markup.
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child != null && child !== ''));
  return made;
}

export function tool(name, label, onclick, attributes = {}) {
  return h('button', { type: 'button', 'data-tool': name, onclick, ...attributes }, label);
}

export function say(kind, ...content) {
  const box = h('div', { class: `notice ${kind}`, role: kind === 'danger' ? 'alert' : 'status' }, ...content);
  place('messages').append(box);
  return box;
}
