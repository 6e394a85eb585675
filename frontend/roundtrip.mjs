// Reads {path: text} as JSON from standard input and answers {path: {warnings, xml}}: each model
// read and written again by bpmn.io's own libraries. Run by tests/browser/test_round_trip.py.

import { BpmnModdle } from 'bpmn-moddle';
import { DmnModdle } from 'dmn-moddle';
import { createRequire } from 'node:module';

const zeebe = createRequire(import.meta.url)('zeebe-bpmn-moddle/resources/zeebe.json');

async function again(path, text) {
  const moddle = path.endsWith('.bpmn') ? new BpmnModdle({ zeebe }) : new DmnModdle();
  const root = path.endsWith('.bpmn') ? 'bpmn:Definitions' : 'dmn:Definitions';
  try {
    const { rootElement, warnings } = await moddle.fromXML(text, root);
    const { xml } = await moddle.toXML(rootElement, { format: true });
    return { warnings: warnings.map((one) => one.message), xml };
  } catch (error) {
    return { warnings: [error.message], xml: '' };
  }
}

let given = '';
for await (const part of process.stdin) given += part;
const files = JSON.parse(given);
const out = {};
for (const [path, text] of Object.entries(files)) out[path] = await again(path, text);
process.stdout.write(JSON.stringify(out));
