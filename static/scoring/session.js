/* Shared computers: warns a minute before the session ends, and keeps what was typed.
   The server ends the session; this only keeps the page in step with it. Nothing is stored here. */
"use strict";

(() => {
  const dialog = document.getElementById("session-warning");
  if (!dialog) return;
  const { user, stateUrl, extendUrl, endUrl, worklistUrl } = dialog.dataset;
  const WARNING_MS = 60000;
  const ANSWER_MS = 20000;
  const TOLD_MS = 20000;
  const RETRY_MS = 5000;
  // Answers of a server that is started anew, or has too much to do.
  const PASSING = new Set(["429", "502", "503", "504"]);
  const clock = dialog.querySelector("[data-seconds]");
  const spoken = dialog.querySelector("[data-spoken]");
  const stay = dialog.querySelector("[data-stay]");
  let deadline = Date.now() + 1000 * Number(dialog.dataset.secondsLeft);
  let told = Date.now();
  let timer = 0;
  let leaving = false;

  const secret = () => document.querySelector('input[name="csrfmiddlewaretoken"]').value;

  // Nothing can be read while it is not known whether the session goes on.
  const cover = (on) => document.documentElement.classList.toggle("covered", on);

  async function ask(url, options = {}) {
    const limit = new AbortController();
    const giveUp = setTimeout(() => limit.abort(), ANSWER_MS);
    try {
      const answer = await fetch(url, { ...options, signal: limit.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      connection.isLost = false;
      return await answer.json();
    } finally {
      clearTimeout(giveUp);
    }
  }

  // Takes over what the server says; false where the session is over or somebody else's.
  function follow(state) {
    if (String(state.user) !== user || state.seconds_left <= 0) return false;
    deadline = Date.now() + 1000 * state.seconds_left;
    stay.hidden = !state.extendable;
    document.querySelectorAll('input[name="csrfmiddlewaretoken"]').forEach((field) => {
      field.value = state.form_secret;
    });
    return true;
  }

  async function check() {
    try {
      if (!follow(await ask(stateUrl))) return leave();
    } catch {
      // No answer: the page's own clock goes on.
    }
    cover(false);
    return next();
  }

  function next() {
    clearTimeout(timer);
    if (leaving) return;
    const left = deadline - Date.now();
    if (left <= 0) {
      leave();
    } else if (left <= WARNING_MS) {
      warn(left);
      timer = setTimeout(next, 1000);
    } else {
      if (dialog.open) dialog.close();
      timer = setTimeout(check, left - WARNING_MS);
    }
  }

  function warn(left) {
    const seconds = Math.ceil(left / 1000);
    clock.textContent = seconds;
    if (!dialog.open) {
      dialog.showModal();
      spoken.textContent = "";
    } else if (seconds === 30 || seconds === 10) {
      spoken.textContent = clock.closest("p").textContent;
    }
  }

  async function extend() {
    told = Date.now();
    try {
      const body = new URLSearchParams({ csrfmiddlewaretoken: secret() });
      if (!follow(await ask(extendUrl, { method: "POST", body }))) return leave();
    } catch {
      return check();
    }
    return next();
  }

  // Hide everything at once, then tell the server until it answers: the forms are kept there alone.
  async function leave() {
    if (leaving) return;
    leaving = true;
    clearTimeout(timer);
    cover(true);
    const body = bodyOf(formsToKeep());
    body.set("signed_in", user);
    const tell = async () => {
      // Whoever signed in since, in another window, has changed the secret.
      body.set("csrfmiddlewaretoken", (await ask(stateUrl)).form_secret);
      return ask(endUrl, { method: "POST", body });
    };
    const oneAtATime = navigator.locks
      ? () => navigator.locks.request("session-end", tell)
      : tell;
    for (;;) {
      try {
        const answer = await oneAtATime();
        location.replace(answer.next);
        return;
      } catch (error) {
        if (/^\d+$/.test(error.message) && !PASSING.has(error.message)) {
          // The server answers and takes nothing from here: there is nothing to wait for.
          location.replace(worklistUrl);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  // Typing, pressing and scrolling are activity; the server hears of it now and then.
  for (const kind of ["keydown", "pointerdown", "wheel", "touchmove"]) {
    document.addEventListener(kind, () => {
      if (!dialog.open && !leaving && Date.now() - told > TOLD_MS) extend();
    }, { passive: true, capture: true });
  }
  stay.addEventListener("click", extend);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (!stay.hidden) extend();
  });
  dialog.querySelector("[data-leave]").addEventListener("click", leave);
  // Another window may have signed out, or somebody else in.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && !leaving) check();
  });
  // A part of the page was led to the sign-in. Another request would only fetch away what is said there.
  let isLedAway = false;
  document.addEventListener("led-elsewhere", async () => {
    if (leaving) return;
    isLedAway = true;
    await check();
    isLedAway = false;
  });
  document.addEventListener("htmx:beforeRequest", (event) => { if (isLedAway || leaving) event.preventDefault(); });
  window.addEventListener("pagehide", () => cover(true));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) check();
    else cover(false);
  });
  next();
})();
