// Asks the server again what a form asks, without leaving the page. The form works without this.
(() => {
  "use strict";
  // A page with two forms names this file twice.
  if (document.documentElement.dataset.forms) { return; }
  document.documentElement.dataset.forms = "live";
  let turn = 0;

  // What the person was doing, to be found again in the new body.
  function attention() {
    const at = document.activeElement;
    const typed = at && typeof at.selectionStart === "number";
    return at && at.id ? { id: at.id, from: typed ? at.selectionStart : null, to: typed ? at.selectionEnd : null } : null;
  }

  function restore(kept) {
    const at = kept && document.getElementById(kept.id);
    if (!at) { return; }
    at.focus({ preventScroll: true });
    if (kept.from !== null && at.setSelectionRange) {
      try { at.setSelectionRange(kept.from, kept.to); } catch { /* dates have no selection */ }
    }
  }

  // A chosen file cannot be written into a new input, so the old input moves into the new body.
  function carryFiles(from, to) {
    for (const old of from.querySelectorAll('input[type="file"]')) {
      const fresh = old.files.length && to.querySelector(`#${CSS.escape(old.id)}`);
      if (fresh) { fresh.replaceWith(old); }
    }
  }

  async function refresh(form, name, value, after) {
    const mine = ++turn;
    // Chosen files wait in the page; papers handed in earlier travel as texts.
    const data = new FormData();
    for (const [key, one] of new FormData(form)) {
      if (typeof one === "string") { data.append(key, one); }
    }
    data.append(name, value);
    form.classList.add("jf-busy");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: data, credentials: "same-origin", headers: { "X-Form-Fragment": form.id },
      });
      if (!answer.ok || mine !== turn) { return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(form.id)?.querySelector("[data-form-body]");
      const body = form.querySelector("[data-form-body]");
      if (!fresh || !body || mine !== turn) { return; }
      // What was typed while the server was thinking is not lost: ask again instead.
      if (changed(form, data)) { refresh(form, name, value, after); return; }
      const kept = attention();
      carryFiles(body, fresh);
      body.replaceWith(fresh);
      for (const part of document.querySelectorAll("[data-live-part]")) {
        const anew = page.getElementById(part.id);
        if (anew) { part.replaceWith(anew); }
      }
      offerPickers(fresh);
      if (after) { after(form); } else { restore(kept); }
    } catch { /* no connection: the visible buttons still work */
    } finally {
      if (mine === turn) { form.classList.remove("jf-busy"); }
    }
  }

  function changed(form, sent) {
    const texts = (data) => JSON.stringify(
      [...data.entries()].filter(([key, one]) => !key.startsWith("_") && typeof one === "string"));
    const now = new FormData(form);
    return texts(now) !== texts(sent);
  }

  function focusOn(id, inside) {
    return () => {
      const box = document.getElementById(id);
      const field = inside && box && box.querySelector("input:not([type=hidden]), select, textarea");
      if (field || box) { (field || box).focus(); }
    };
  }

  function htmlId(path) {
    return `f-${path.replaceAll("].", "-").replaceAll("[", "-").replaceAll("]", "").replaceAll(".", "-")}`;
  }

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-form]");
    if (form && event.target.matches("[data-live]")) { refresh(form, "_refresh", "1"); }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("form[data-form] button[name]");
    if (!button || !["_add", "_remove", "_refresh"].includes(button.name)) { return; }
    const form = button.form;
    // Taking a row away renumbers the rest: chosen files must then travel with the page.
    const chosen = [...form.querySelectorAll("input[type=file]")].some((one) => one.files.length);
    if (chosen && button.name === "_remove") { return; }
    event.preventDefault();
    if (button.name === "_add") {
      const list = document.getElementById(htmlId(button.value));
      const rows = list ? list.querySelectorAll(":scope > .jf-row").length : 0;
      refresh(form, "_add", button.value, focusOn(htmlId(`${button.value}[${rows}]`), true));
    } else if (button.name === "_remove") {
      refresh(form, "_remove", button.value, focusOn(htmlId(button.value.replace(/\[\d+\]$/, "")), false));
    } else {
      refresh(form, "_refresh", "1");
    }
  });

  // A calendar beside a day: the line of text stays what is sent.
  function offerPickers(body) {
    for (const line of body.querySelectorAll("input[data-picker]")) {
      const picker = document.createElement("input");
      if (!("showPicker" in picker)) { return; }
      picker.type = line.dataset.picker;
      picker.className = "jf-picker";
      picker.tabIndex = -1;
      picker.setAttribute("aria-hidden", "true");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn quiet jf-pick";
      button.textContent = "选日期";
      button.addEventListener("click", () => {
        picker.value = /^\d{4}-\d\d-\d\d/.test(line.value) ? line.value.replace(" ", "T") : "";
        picker.showPicker();
      });
      picker.addEventListener("change", () => {
        line.value = picker.value.replace("T", " ");
        line.dispatchEvent(new Event("change", { bubbles: true }));
      });
      line.parentElement.append(button, picker);
    }
  }

  for (const form of document.querySelectorAll("form[data-form]")) {
    form.classList.add("jf-scripted");
    offerPickers(form);
  }
})();
