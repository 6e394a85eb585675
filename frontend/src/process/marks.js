// Findings and paths marked on the diagram.

import { h } from '../shared/page.js';

const WORST = ['error', 'soft', 'warning'];

export class Marks {
  constructor(modeler) {
    this.canvas = modeler.get('canvas');
    this.overlays = modeler.get('overlays');
    this.registry = modeler.get('elementRegistry');
    this.selection = modeler.get('selection', false);
    this.marked = [];
    this.path = [];
  }

  show(findings) {
    this.overlays.remove({ type: 'jiuji-finding' });
    for (const [id, name] of this.marked) if (this.registry.get(id)) this.canvas.removeMarker(id, name);
    this.marked = [];
    for (const [id, found] of this.#byElement(findings)) this.#mark(id, found);
  }

  #byElement(findings) {
    const grouped = new Map();
    for (const one of findings) {
      const shape = this.registry.get(one.element);
      if (!shape || one.severity === 'info' || shape === this.canvas.getRootElement()) continue;
      grouped.set(one.element, [...(grouped.get(one.element) || []), one]);
    }
    return grouped;
  }

  #mark(id, found) {
    const severity = WORST.find((name) => found.some((one) => one.severity === name));
    const marker = `jiuji-${severity}`;
    this.canvas.addMarker(id, marker);
    this.marked.push([id, marker]);
    const shape = this.registry.get(id);
    const bubble = h('span', { class: `jiuji-bubble ${severity}`, title: found.map((one) => one.message).join('\n'), 'data-mark': id }, String(found.length));
    const middle = shape.waypoints && shape.waypoints[Math.floor(shape.waypoints.length / 2)];
    const position = middle ? { left: 0, top: 0 } : { top: -10, right: 10 };
    this.overlays.add(id, 'jiuji-finding', { position, html: bubble });
  }

  // The element in the middle of the canvas, selected; the path that leads there marked.
  go(id, path = []) {
    for (const one of this.path) if (this.registry.get(one)) this.canvas.removeMarker(one, 'jiuji-path');
    this.path = path.filter((one) => this.registry.get(one));
    for (const one of this.path) this.canvas.addMarker(one, 'jiuji-path');
    const shape = this.registry.get(id);
    if (!shape || shape === this.canvas.getRootElement()) return false;
    const box = this.canvas.viewbox();
    const [x, y] = shape.waypoints ? [shape.waypoints[0].x, shape.waypoints[0].y] : [shape.x + shape.width / 2, shape.y + shape.height / 2];
    this.canvas.viewbox({ ...box, x: x - box.width / 2, y: y - box.height / 2 });
    this.selection?.select(shape);
    return true;
  }
}
