// Reading and writing the zeebe: elements of a diagram element, each write one undoable step.

import CommandInterceptor from 'diagram-js/lib/command/CommandInterceptor';
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

const TEMPLATE = 'propertiesPanel.zeebe.changeTemplate';

// The object that carries the extensions: a pool stands for its process.
export function subjectOf(element) {
  const object = getBusinessObject(element);
  return is(object, 'bpmn:Participant') && object.processRef ? object.processRef : object;
}

function valuesOf(object) {
  return object.get('extensionElements')?.get('values') || [];
}

export function extension(element, type) {
  return valuesOf(subjectOf(element)).find((one) => is(one, type));
}

export function properties(element) {
  const found = extension(element, 'zeebe:Properties');
  return (found?.get('properties') || []).map((one) => [one.get('name'), one.get('value') || '']);
}

export function property(element, name) {
  return properties(element).find(([key]) => key === name)?.[1] || '';
}

export class Writer {
  constructor(modeling, bpmnFactory) {
    this.modeling = modeling;
    this.factory = bpmnFactory;
  }

  // The element has that extension with those attributes; null takes it away.
  extension(element, type, attributes) {
    const kept = valuesOf(subjectOf(element)).filter((one) => !is(one, type));
    this.#write(element, attributes ? [...kept, this.factory.create(type, attributes)] : kept);
  }

  // One attribute of an extension, others kept; an extension without attributes goes.
  attribute(element, type, name, value) {
    const found = extension(element, type);
    const attributes = {};
    for (const one of found?.$descriptor.properties || []) {
      const local = one.ns.localName;
      if (found.get(local) !== undefined && !one.isMany) attributes[local] = found.get(local);
    }
    if (value) attributes[name] = value;
    else delete attributes[name];
    this.extension(element, type, Object.keys(attributes).length ? attributes : null);
  }

  property(element, name, value) {
    const pairs = properties(element);
    const at = pairs.findIndex(([key]) => key === name);
    if (at >= 0 && value) pairs[at] = [name, value];
    else if (at >= 0) pairs.splice(at, 1);
    else if (value) pairs.push([name, value]);
    this.properties(element, pairs);
  }

  properties(element, pairs) {
    const list = pairs.map(([name, value]) => this.factory.create('zeebe:Property', { name, value }));
    this.extension(element, 'zeebe:Properties', list.length ? { properties: list } : null);
  }

  #write(element, values) {
    const object = subjectOf(element);
    const made = values.length ? this.factory.create('bpmn:ExtensionElements', { values }) : undefined;
    if (made) {
      made.$parent = object;
      for (const one of values) {
        one.$parent = made;
        for (const child of one.get?.('properties') || []) child.$parent = one;
      }
    }
    this.modeling.updateModdleProperties(element, object, { extensionElements: made });
  }
}
Writer.$inject = ['modeling', 'bpmnFactory'];

// A template takes away every zeebe:property it does not know; clauses and hints are not its to take.
class KeepProperties extends CommandInterceptor {
  constructor(eventBus, writer) {
    super(eventBus);
    this.preExecute(TEMPLATE, ({ context }) => {
      context.keptProperties = properties(context.element);
    });
    this.postExecuted(TEMPLATE, ({ context }) => {
      const { element, keptProperties } = context;
      const present = properties(element);
      const lost = keptProperties.filter(([name]) => !present.some(([other]) => other === name));
      if (lost.length) writer.properties(element, [...present, ...lost]);
    });
  }
}
KeepProperties.$inject = ['eventBus', 'jiujiWriter'];

export const writerModule = {
  __init__: ['jiujiKeepProperties'],
  jiujiWriter: ['type', Writer],
  jiujiKeepProperties: ['type', KeepProperties],
};
