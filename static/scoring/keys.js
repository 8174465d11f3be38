/* Keys of the whole site: N, / and ? outside of fields, Ctrl-Enter in forms, Ctrl-P on a result. Help lists them. */
"use strict";

(() => {
  const sheet = document.getElementById("keys");
  if (!sheet) return;

  function save(event) {
    const form = event.target.closest?.("form[data-once]") ?? document.querySelector("form.assessment[data-once]");
    const button =
      (event.shiftKey && form?.querySelector('button[name="save"][value="print"]')) ||
      form?.querySelector('button.btn-primary[type="submit"]');
    if (!button) return;
    event.preventDefault();
    form.requestSubmit(button);
  }

  const act = {
    "?": () => sheet.showModal(),
    "/": () => {
      const search = document.querySelector('[role="search"] input[name="q"]');
      if (search) search.focus();
      else location.assign(sheet.dataset.search);
    },
    // Not from a form that is being filled in.
    n: () => { if (!document.querySelector("form[data-keep]:not(.in-row)")) document.querySelector("[data-new]")?.click(); },
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      save(event);
      return;
    }
    // The browser can't put the patient on every sheet; the report does. Its menu still prints the page.
    const report = document.querySelector("[data-report]");
    if (report && event.key.toLowerCase() === "p" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      report.click();
      return;
    }
    if (sheet.dataset.keys !== "on" || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest("select, textarea, dialog, input:not([type=radio], [type=checkbox])")) return;
    const does = act[event.key.toLowerCase()];
    if (!does) return;
    event.preventDefault();
    does();
  });
  sheet.querySelector("[data-close]").addEventListener("click", () => sheet.close());
})();
