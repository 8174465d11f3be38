/* Forms are kept on the server while they are filled in: leaving, reloading or a lost network loses nothing. */
"use strict";

(() => {
  const url = document.getElementById("session-warning")?.dataset.keepUrl;
  // The form of an assessment is kept with the request for its points.
  if (!url || document.getElementById("points")) return;
  const QUIET_MS = 600;
  const ANSWER_MS = 10000;
  // What a browser still sends after the page was left.
  const KEEPALIVE_BYTES = 60000;
  const unsent = new Set();
  let timer = 0;
  let isSending = false;

  // One request after the other: an older text must not arrive after a newer one.
  async function keep() {
    const forms = left();
    if (isSending || !forms.length) return;
    unsent.clear();
    isSending = true;
    const isTaken = await send(bodyOf(forms));
    isSending = false;
    if (isTaken) return keep();
    // With the next key, or when the page is left.
    forms.forEach((form) => unsent.add(form));
  }

  async function send(body) {
    try {
      const keepalive = String(body).length < KEEPALIVE_BYTES;
      const signal = AbortSignal.timeout?.(ANSWER_MS);
      // Led elsewhere is not kept. Following would open a page about the patient, with its line in the access log.
      const answer = await fetch(url, { method: "POST", body, keepalive, signal, redirect: "manual" });
      connection.isLost = false;
      return answer.ok;
    } catch {
      connection.isLost = true;
      return false;
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
