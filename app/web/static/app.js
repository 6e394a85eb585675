// Small comforts; every page works without this file.
(() => {
  "use strict";
  // A form is sent once: the second press of an impatient finger does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    // Coming back with the browser's arrow must leave a usable form.
    window.addEventListener("pageshow", () => { delete form.dataset.sent; }, { once: true });
  });
  // The picture of a case opens where the case is.
  const here = document.querySelector(".dg .here, .dg .late, .dg .incident");
  const frame = here && here.closest(".dg-scroll");
  if (frame) {
    const box = here.getBoundingClientRect();
    const room = frame.getBoundingClientRect();
    frame.scrollLeft += box.left - room.left - (room.width - box.width) / 2;
  }
  // Paper shows everything; older browsers need the folds opened for it.
  window.addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details.more:not([open])")) {
      fold.open = true;
      window.addEventListener("afterprint", () => { fold.open = false; }, { once: true });
    }
  });
  // Work that goes on in the background is looked at again by itself.
  const going = document.querySelector("[data-refresh]");
  if (going) { window.setTimeout(() => window.location.reload(), 1000 * Number(going.dataset.refresh)); }
  // What went wrong is read first.
  const summary = document.querySelector(".error-summary");
  if (summary) { summary.focus(); }
})();
