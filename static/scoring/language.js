/* Switching the language leaves the page: forms that can be kept go along, of others the user is asked. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const language = document.querySelector("form.language");
  if (!language) return;

  const isTyped = (control) => {
    if (control.type === "hidden" || !control.name) return false;
    if (/radio|checkbox/.test(control.type)) return control.checked !== control.defaultChecked;
    if (control.matches("select")) return isChosen(control);
    return "defaultValue" in control && control.value !== control.defaultValue;
  };
  const typed = () => [...document.forms].filter((form) => form !== language && [...form.elements].some(isTyped));

  language.addEventListener("submit", (event) => {
    // A page that answers a form holds what was typed before, also where nothing was typed since.
    const before = language.hasAttribute("data-ask") ? formsToKeep() : [];
    const forms = [...new Set([...typed(), ...before])];
    if (forms.length && forms.every((form) => "kept_for" in form.elements)) {
      for (const [name, value] of bodyOf(forms)) {
        if (["csrfmiddlewaretoken", "language", "save"].includes(name)) continue;
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name, value });
        field.dataset.sentAlong = "";
        language.append(field);
      }
      // What is sent now is not sent once more by the page that is left.
      for (const form of forms) form.dataset.sent = "yes";
    } else if ((forms.length || language.hasAttribute("data-ask")) && !window.confirm(language.dataset.question)) {
      event.preventDefault();
    }
  });
  // Back by the browser's button: the page as it was.
  window.addEventListener("pageshow", () => {
    language.querySelectorAll("[data-sent-along]").forEach((field) => field.remove());
  });
});
