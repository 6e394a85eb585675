// Saves the file some moments after each change, and never loses what was drawn: until the server
// has it, the text lies in this browser; when somebody else saved meanwhile, both are offered.

import { h, place, say, settings } from './page.js';

const PAUSE_MS = 1200; // without a change before a save
const RETRY_MS = 5000; // after a network failure

const WORDS = {
  saved: '已保存',
  dirty: '有改动，马上保存',
  saving: '正在保存……',
  conflict: '别人也改了这个文件，请选一个版本',
  lost: '登录已过期，改动暂存在本机',
  offline: '连不上服务器，改动暂存在本机',
  error: '没有保存',
  readonly: '只读',
};

export class Saver {
  // serialize: () => Promise<text>; load: (text) => Promise; told: (answer) => void
  constructor({ serialize, load, told }) {
    this.serialize = serialize;
    this.load = load;
    this.told = told;
    this.key = `jiuji:${settings.draft}:${settings.file}`;
    this.token = settings.token;
    this.sha256 = '';
    this.text = ''; // as the server has it
    this.timer = 0;
    this.busy = false;
    this.state = 'loading';
    window.addEventListener('beforeunload', (event) => {
      if (['dirty', 'saving', 'conflict', 'lost', 'offline', 'error'].includes(this.state)) event.preventDefault();
    });
    window.addEventListener('focus', () => this.state === 'lost' && this.save());
  }

  show(state, more = '') {
    this.state = state;
    const shown = place('save-state');
    shown.dataset.state = state;
    shown.textContent = more || WORDS[state] || '';
  }

  // The file as the server has it; a text kept in this browser is offered.
  async open() {
    const found = await (await fetch(settings.urls.content)).json();
    this.take(found);
    await this.load(found.content);
    this.show(settings.readonly ? 'readonly' : 'saved');
    const kept = settings.readonly ? null : this.kept();
    if (!kept || kept.text === found.content) return this.forget();
    if (kept.base !== found.sha256) return this.conflict(kept.text, found);
    const box = say(
      'warn',
      h('p', {}, '上次有改动没有保存到服务器，还留在这台电脑的浏览器里。'),
      h(
        'p',
        { class: 'choices' },
        h('button', { type: 'button', class: 'btn small', 'data-kept': 'restore', onclick: () => this.restore(kept.text, box) }, '恢复这些改动'),
        ' ',
        h('button', { type: 'button', class: 'btn quiet small', 'data-kept': 'discard', onclick: () => { this.forget(); box.remove(); } }, '不要了'),
      ),
    );
  }

  async restore(text, box) {
    box.remove();
    await this.load(text);
    this.changed();
  }

  take(found) {
    this.sha256 = found.sha256;
    this.text = found.content;
    if (found.token) this.token = found.token;
  }

  changed() {
    if (settings.readonly || this.state === 'conflict') return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE_MS);
    if (!this.busy) this.show('dirty');
    this.again = this.busy;
  }

  async save() {
    clearTimeout(this.timer);
    if (settings.readonly || this.state === 'conflict') return;
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    this.again = false;
    try {
      await this.#send(await this.serialize());
    } catch (error) {
      this.show('error', `没有保存：${error.message}`);
    } finally {
      this.busy = false;
    }
    if (this.again) this.changed();
  }

  async #send(text, retried = false) {
    if (text === this.text) {
      this.forget();
      return this.show('saved');
    }
    this.keep(text);
    this.show('saving');
    let answer;
    try {
      answer = await post(settings.urls.content, { content: text, expected_sha256: this.sha256 }, this.token);
    } catch {
      this.show('offline');
      this.timer = setTimeout(() => this.save(), RETRY_MS);
      return;
    }
    if (answer.type === 'opaqueredirect') return this.#lost();
    if (answer.ok) {
      const saved = await answer.json();
      this.sha256 = saved.sha256;
      this.text = text;
      this.forget();
      this.show('saved');
      return this.told(saved);
    }
    const problem = await answer.json().catch(() => ({}));
    if (problem.code === 'stale_file') return this.conflict(text, await this.#theirs());
    if (answer.status === 403 && !retried && (await this.#renew())) return this.#send(text, true);
    if (answer.status === 403 && !problem.code) return this.#lost();
    this.show('error', `没有保存：${problem.message || '服务器没有接受'}`);
  }

  async #theirs() {
    return (await fetch(settings.urls.content)).json();
  }

  // A new token, when the person signed in again; false when nobody is signed in.
  async #renew() {
    const answer = await fetch(settings.urls.content, { redirect: 'manual' });
    if (!answer.ok) return false;
    this.token = (await answer.json()).token;
    return true;
  }

  #lost() {
    this.show('lost');
    if (this.lostBox?.isConnected) return;
    this.lostBox = say(
      'danger',
      h('p', {}, '登录已过期。改动已经留在这台电脑的浏览器里，重新登录后会接着保存。'),
      h('p', {}, h('a', { class: 'btn small', href: settings.urls.sign_in, target: '_blank', rel: 'noopener', 'data-sign-in': true }, '在新窗口重新登录')),
    );
  }

  // Both versions are offered; nothing is saved until one is chosen.
  conflict(mine, theirs) {
    this.show('conflict');
    this.keep(mine);
    const done = async (text, base) => {
      box.remove();
      this.take({ ...theirs, ...base });
      await this.load(text);
      this.show('saved');
    };
    const box = say(
      'danger',
      h(
        'div',
        { class: 'conflict', 'data-conflict': true },
        h('p', {}, h('b', {}, '您在改的时候，别人保存了这个文件。'), '两个版本都还在，请看过以后选一个；没有选定之前不会覆盖任何一个。'),
        h(
          'div',
          { class: 'choices' },
          h('button', { type: 'button', class: 'btn quiet small', 'data-view': 'mine', onclick: () => this.load(mine) }, '看我的版本'),
          h('button', { type: 'button', class: 'btn quiet small', 'data-view': 'theirs', onclick: () => this.load(theirs.content) }, '看对方的版本'),
          h('button', { type: 'button', class: 'btn small', 'data-take': 'theirs', onclick: async () => { await done(theirs.content); this.forget(); } }, '采用对方的版本'),
          h('button', { type: 'button', class: 'btn danger small', 'data-take': 'mine', onclick: async () => { await done(mine); await this.save(); } }, '用我的版本覆盖'),
        ),
      ),
    );
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  keep(text) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ text, base: this.sha256 }));
    } catch {
      // a full or closed store: the text is still in the page
    }
  }

  forget() {
    localStorage.removeItem(this.key);
  }
}

export function post(url, body, token) {
  return fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token },
    body: JSON.stringify(body),
  });
}
