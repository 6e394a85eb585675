// Tables inside an algorithm (business knowledge model) open like any other table; bpmn.io's editor
// knows only those of decisions.

import { is } from 'dmn-js-shared/lib/util/ModelUtil';

// The table of a decision or of an algorithm, undefined for other logic.
export function tableOf(element) {
  const logic = element.decisionLogic || element.encapsulatedLogic?.get('body');
  return logic && is(logic, 'dmn:DecisionTable') ? logic : undefined;
}

// The editor or viewer class, with that table editor opening both kinds.
export function openingFunctions(Manager, TableEditor) {
  class Table extends TableEditor {
    open(element, ...rest) {
      const table = element.encapsulatedLogic && tableOf(element);
      if (!table) return super.open(element, ...rest);
      table.$parent = element; // the editor shows and changes the name of what holds the table
      const decision = new Proxy(element, {
        get: (target, name) => (name === 'decisionLogic' ? table : Reflect.get(target, name)),
      });
      return super.open(decision, ...rest);
    }
  }

  return class extends Manager {
    _getViewProviders() {
      return super._getViewProviders().map((one) =>
        one.id === 'decisionTable' ? { ...one, constructor: Table, opens: (element) => Boolean(tableOf(element)) } : one);
    }
  };
}
