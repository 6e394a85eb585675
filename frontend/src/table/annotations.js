// The annotation columns of a table (条款 效力 生效 备注) beside its rules, each cell editable.
// bpmn.io's editor shows one free text per rule; DMN has columns, and ours carry the law.

import { createComponentVNode, createVNode, Component } from 'inferno';
import { Cell, inject } from 'table-js/lib/components';
import EditableComponent from 'dmn-js-shared/lib/components/EditableComponent';

// Flags of inferno: kinds of nodes and of children.
const UNKNOWN_COMPONENT = 2;
const ELEMENT = 1;
const ANY_CHILDREN = 0;

const MAX_COLUMNS = 12; // annotation columns shown

function tableOf(sheet) {
  return sheet.getRoot().businessObject;
}

function columnsOf(sheet) {
  return tableOf(sheet).get('annotation') || [];
}

export function textOf(rule, index) {
  return rule.get('annotationEntry')?.[index]?.get('text') || '';
}

// The rule's annotation at that column is `text`; one undoable step.
export function annotate(viewer, rule, values) {
  const modeling = viewer.get('modeling');
  const moddle = viewer.get('moddle');
  const columns = columnsOf(viewer.get('sheet'));
  const entries = columns.map((_, index) => {
    const made = moddle.create('dmn:RuleAnnotation', { text: values[index] ?? textOf(rule, index) });
    made.$parent = rule;
    return made;
  });
  modeling.updateProperties(rule, { annotationEntry: entries });
}

// The heading and the cells of one annotation column; without columns the rule's free text.
function column(index) {
  class Head extends Component {
    constructor(props, context) {
      super(props, context);
      inject(this);
    }

    render() {
      const label = columnsOf(this.sheet)[index]?.get('name') ?? this.translate('Annotations');
      return createVNode(ELEMENT, 'th', 'annotation header', label, ANY_CHILDREN, { 'data-annotation': label });
    }
  }
  Head.$inject = ['sheet', 'translate'];

  class Note extends Component {
    constructor(props, context) {
      super(props, context);
      inject(this);
      this.changed = () => this.forceUpdate();
      this.set = (text) => {
        const rule = this.props.row.businessObject;
        if (!columnsOf(this.sheet).length) return this.modeling.editAnnotation(rule, text);
        return annotate({ get: (name) => this.injector.get(name) }, rule, { [index]: text });
      };
    }

    componentWillMount() {
      this.changeSupport.onElementsChanged(this.props.row.id, this.changed);
    }

    componentWillUnmount() {
      this.changeSupport.offElementsChanged(this.props.row.id, this.changed);
    }

    render() {
      const { row, rowIndex } = this.props;
      const columns = columnsOf(this.sheet);
      const rule = row.businessObject;
      const label = columns[index]?.get('name') ?? this.translate('Annotation');
      const value = columns.length ? textOf(rule, index) : rule.get('description') || '';
      return createComponentVNode(UNKNOWN_COMPONENT, Cell, {
        className: 'annotation', onChange: this.set, value,
        coords: `${rowIndex}:annotation${index || ''}`, elementId: `${row.id}__${index}`,
        'data-row-id': row.id, 'data-annotation': label,
        children: createComponentVNode(UNKNOWN_COMPONENT, Text, {
          label, value, onChange: this.set, className: 'annotation-editor', ctrlForNewline: true,
        }),
      });
    }
  }
  Note.$inject = ['changeSupport', 'modeling', 'sheet', 'translate', 'injector'];
  return { Head, Note };
}

class Text extends EditableComponent {
  render() {
    return createVNode(ELEMENT, 'div', this.getClassName(), this.getEditor(), 0);
  }
}

const COLUMNS = Array.from({ length: MAX_COLUMNS }, (_, index) => column(index));

function Provider(components, sheet) {
  COLUMNS.forEach(({ Head, Note }, index) => {
    components.onGetComponent('cell', ({ cellType }) => {
      if (cellType !== 'after-label-cells' && cellType !== 'after-rule-cells') return undefined;
      if (index >= Math.max(1, columnsOf(sheet).length)) return undefined;
      return cellType === 'after-label-cells' ? Head : Note;
    });
  });
}
Provider.$inject = ['components', 'sheet'];

export const annotationsModule = { annotationsProvider: ['type', Provider] };
