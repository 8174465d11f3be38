/* Forms are kept on the server while they are filled in: leaving, reloading or a lost network loses nothing. */
"use strict";

(() => {
  const url = document.getElementById("session-warning")?.dataset.keepUrl;
  // The form of an assessment is kept with the request for its points.
  if (!url || document.getElementById("points")) return;
  const QUIET_MS = 600;
  const unsent = new Set();
  let timer = 0;

  async function keep() {
    clearTimeout(timer);
    const forms = left();
    unsent.clear();
    if (!forms.length) return;
    try {
      const answer = await fetch(url, { method: "POST", body: bodyOf(forms) });
      connection.isLost = false;
      if (!answer.ok) throw new Error(String(answer.status));
    } catch (error) {
      // With the next key, or when the page is left.
      forms.forEach((form) => unsent.add(form));
      connection.isLost ||= error instanceof TypeError;
    }
  }

  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, ({ target }) => {
      // Others are kept when the session ends: the worklist that offers them is not everybody's.
      const form = target.closest('form[data-keep=""]');
      if (!form) return;
      unsent.add(form);
      clearTimeout(timer);
      timer = setTimeout(keep, QUIET_MS);
    });
  }
  const left = () => [...unsent].filter((form) => !form.dataset.sent);
  // What can't be kept now would be lost: the browser asks whether to leave.
  window.addEventListener("beforeunload", (event) => {
    if (connection.isLost && left().length) event.preventDefault();
  });
  window.addEventListener("pagehide", () => {
    const forms = left();
    if (forms.length) navigator.sendBeacon(url, bodyOf(forms));
  });

  // Saving a row opens the worklist anew: what was typed into other rows goes along, and stands there again.
  document.addEventListener("submit", ({ target, defaultPrevented }) => {
    if (defaultPrevented || !target.matches("form.in-row")) return;
    target.querySelectorAll("[name=other_form]").forEach((field) => field.remove());
    // Also those that were emptied a moment ago.
    const others = new Set([...formsToKeep(), ...unsent]);
    others.delete(target);
    for (const other of others) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "other_form", value: sentBy(other) });
      target.append(field);
    }
  });
})();
