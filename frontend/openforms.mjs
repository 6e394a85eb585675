// Reads {path: text} as JSON from standard input and answers {path: [warnings]}: each form opened
// by bpmn.io's own form viewer. Run by tests/browser/test_round_trip.py; form-js is not shipped.

import { JSDOM } from 'jsdom';

const { window } = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true });
const lent = [
  'document', 'HTMLElement', 'Node', 'Element', 'DocumentFragment', 'getComputedStyle',
  'MutationObserver', 'CustomEvent', 'Event', 'KeyboardEvent', 'SVGElement',
];
globalThis.window = window;
for (const name of lent) globalThis[name] = window[name];
globalThis.requestAnimationFrame = (call) => setTimeout(call, 0);
globalThis.cancelAnimationFrame = clearTimeout;
globalThis.ResizeObserver = class { observe() {} unobserve() {} disconnect() {} };

const { Form } = await import('@bpmn-io/form-js-viewer');

async function opened(text) {
  const form = new Form({});
  try {
    const { warnings } = await form.importSchema(JSON.parse(text), {});
    return warnings.map((one) => one.message || String(one));
  } catch (error) {
    return [error.message, ...(error.warnings || []).map((one) => one.message)];
  }
}

let given = '';
for await (const part of process.stdin) given += part;
const out = {};
for (const [path, text] of Object.entries(JSON.parse(given))) out[path] = await opened(text);
process.stdout.write(JSON.stringify(out));
process.exit(0);
