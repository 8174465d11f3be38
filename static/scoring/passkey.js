/* Passkeys: the form's button asks the browser, and the form takes the answer to the server. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-passkey]");
  const alert = form.querySelector("[role=alert]");
  const status = form.querySelector("[role=status]");
  const kind = form.dataset.passkey;
  const read = { create: "parseCreationOptionsFromJSON", get: "parseRequestOptionsFromJSON" }[kind];

  function say(words) {
    const message = form.querySelector("template").content.cloneNode(true);
    message.querySelector("[data-said]").textContent = words;
    alert.replaceChildren(message);
  }

  // Browsers do not tell "cancelled" from "no passkey here", so that no site can probe for one.
  function wordsFor(error, isLate) {
    if (isLate) return alert.dataset.late;
    if (error.name === "NotAllowedError") return form.dataset.refused;
    if (error.name === "InvalidStateError") return form.dataset.known;
    return alert.dataset.failed;
  }

  // Whether the answer is on its way to the server.
  async function ask() {
    if (!window.PublicKeyCredential?.[read]) {
      say(alert.dataset.unsupported);
      return false;
    }
    // Not left to the browser, which does not tell that the time ran out either.
    const { timeout, ...options } = JSON.parse(form.dataset.options);
    const signal = AbortSignal.timeout(timeout);
    status.textContent = status.dataset.waits;
    alert.replaceChildren();
    try {
      const publicKey = window.PublicKeyCredential[read](options);
      const answer = await navigator.credentials[kind]({ publicKey, signal });
      form.elements.passkey.value = JSON.stringify(answer.toJSON());
      form.submit();
      return true;
    } catch (error) {
      say(wordsFor(error, signal.aborted) ?? alert.dataset.failed);
      return false;
    } finally {
      status.textContent = "";
    }
  }

  let isAsking = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    isAsking = await ask();
  });
});
