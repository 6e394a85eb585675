// Chinese for every string of the editors. What has no translation is remembered, so that a test
// can name it; strings that never pass through `translate` are replaced where they appear.

const missing = new Set();
window.jiujiUntranslated = missing;

const LATIN = /[A-Za-z]{2}/;

export function translateWith(...dictionaries) {
  const words = Object.assign({}, ...dictionaries);
  return (text, replacements = {}) => {
    const known = Object.hasOwn(words, text);
    if (!known && LATIN.test(text)) missing.add(text);
    const template = known ? words[text] : text;
    return template.replace(/{\s*([^}\s]+)\s*}/g, (all, name) => replacements[name] ?? all);
  };
}

export function translateModule(translate) {
  return { translate: ['value', translate] };
}

const ATTRIBUTES = ['title', 'placeholder', 'aria-label', 'data-placeholder', 'alt'];

// From now on texts and attributes below `root` that stand in the dictionary are Chinese.
// patterns: [[RegExp, replacement]] for texts that hold a number or a name.
export function translateBelow(root, words, patterns = []) {
  const chinese = (text) => {
    if (Object.hasOwn(words, text)) return words[text];
    const found = patterns.find(([pattern]) => pattern.test(text));
    return found ? text.replace(...found) : undefined;
  };
  const text = (node) => {
    if (node.parentElement?.closest('[contenteditable="true"], textarea, svg.drawing')) return;
    const found = chinese(node.data.trim());
    if (found !== undefined) node.data = node.data.replace(node.data.trim(), found);
  };
  const element = (node) => {
    for (const name of ATTRIBUTES) {
      const value = node.getAttribute(name)?.trim();
      const found = value ? chinese(value) : undefined;
      if (found !== undefined) node.setAttribute(name, found);
    }
  };
  const all = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return text(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    element(node);
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while (walker.nextNode()) {
      if (walker.currentNode.nodeType === Node.TEXT_NODE) text(walker.currentNode);
      else element(walker.currentNode);
    }
  };
  all(root);
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === 'childList') change.addedNodes.forEach(all);
      else if (change.type === 'characterData') text(change.target);
      else element(change.target);
    }
  }).observe(root, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
}
