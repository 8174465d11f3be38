/* Small conveniences; every page works without them. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const summary = document.getElementById("summary");
  if (summary) summary.focus();
  // htmx stores the address of the page there; nothing may stay in the browser.
  sessionStorage.clear();
});

// Keys pressed while an input method puts a character together belong to it: Enter takes the character,
// arrows choose another. No listener of the site sees them. Safari tells of the last one by 229 alone.
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) event.stopPropagation();
}, true);

// In the assessment form Enter does not submit, so that nobody submits by accident. On a button it
// presses the button.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || event.ctrlKey || !field.matches("form.assessment input")) return;
  event.preventDefault();
  const lookup = field.name === "hospital_number" && field.closest("[hx-post]");
  if (lookup) lookUp(field, lookup);
});

// Scanners end a number with Enter: look the patient up, then go on to the next thing to do.
function lookUp(field, lookup) {
  let isAsked = false;
  const ask = () => { isAsked = true; };
  lookup.addEventListener("htmx:beforeRequest", ask, { once: true });
  lookup.addEventListener("htmx:afterRequest", () => goOn(field), { once: true });
  // Leaving the field tells of a changed number; one that was looked up already is looked up again.
  field.blur();
  field.focus();
  if (!isAsked) lookup.dispatchEvent(new Event("patient-recheck"));
}

function goOn(field) {
  if (document.activeElement !== field) return;
  const known = document.querySelector("#identity .known");
  const target =
    document.querySelector("#number-hints button") ||
    (known ? field.form.elements.operation_status?.[0] : document.getElementById("id_family_name"));
  if (target) target.focus();
}

// The marks of a drawing are one stop of Tab; arrows go from mark to mark.
document.addEventListener("keydown", (event) => {
  const mark = event.target.closest(".marks > *");
  if (!mark || event.ctrlKey || event.altKey || event.metaKey) return;
  const marks = [...mark.parentElement.children];
  const at = marks.indexOf(mark);
  const places = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: marks.length - 1 };
  if (!(event.key in places)) return;
  event.preventDefault();
  const next = marks[places[event.key]] ?? mark;
  mark.setAttribute("tabindex", -1);
  next.setAttribute("tabindex", 0);
  // Focus alone does not bring a part of a drawing into sight.
  next.focus();
  next.scrollIntoView({ block: "nearest" });
});

// A whole name pasted as "Wang, Xiulan" goes into both fields, as the server would take it.
document.addEventListener("change", (event) => {
  if (event.target.id !== "id_family_name") return;
  const given = document.getElementById("id_given_name");
  const whole = /^\s*([^,，]*[^,，\s])\s*[,，]\s*([^,，]*[^,，\s])\s*$/.exec(event.target.value);
  if (whole && given && !given.value.trim()) [, event.target.value, given.value] = whole;
}, true);

// Who printed a list, and when, for the margin of each sheet (print.css).
document.addEventListener("DOMContentLoaded", () => {
  const printed = document.querySelector(".printed");
  if (!printed) return;
  const text = printed.textContent.replace(/\s+/g, " ").trim();
  document.documentElement.style.setProperty("--printed", JSON.stringify(text));
});

// A button that fills the field before it; without script the field is typed into.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-fill]").forEach((button) => { button.hidden = false; });
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  const { elements } = button.form;
  elements.measured_on.value = button.dataset.fill;
  elements.measured_on.dispatchEvent(new Event("input", { bubbles: true }));
  button.form.querySelector("[type=submit]").focus();
});

// A form that the server would not read stays here, with all that was typed.
document.addEventListener("submit", (event) => {
  const note = document.getElementById("too-large");
  const length = String(new URLSearchParams(new FormData(event.target))).length;
  if (!note || event.target.method !== "post") return;
  note.hidden = length <= Number(note.dataset.bytes);
  if (note.hidden) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  note.scrollIntoView({ block: "center" });
}, true);

// Without a connection the browser would put its own page in place of the form and all that was typed.
// Where there may be none, the server is asked first; a site on this very computer needs no network.
const connection = { isLost: false };
["htmx:sendError", "htmx:timeout"].forEach((failure) => {
  document.addEventListener(failure, () => { connection.isLost = true; });
});
document.addEventListener("htmx:afterOnLoad", () => { connection.isLost = false; });
(() => {
  const ANSWER_MS = 5000;
  let isReached = false;
  document.addEventListener("submit", async (event) => {
    const note = document.getElementById("unreached");
    if (!note || isReached || (navigator.onLine && !connection.isLost)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, submitter } = event;
    try {
      // Older browsers wait as long as they do for any answer.
      await fetch(note.dataset.stateUrl, { signal: AbortSignal.timeout?.(ANSWER_MS) });
    } catch {
      note.hidden = false;
      note.scrollIntoView({ block: "center" });
      return;
    }
    note.hidden = true;
    connection.isLost = false;
    isReached = true;
    target.requestSubmit(submitter);
    isReached = false;
  }, true);
})();

// A form is sent once; the server's token is what makes a second press harmless. Whoever stopped the
// browser while it waited for the answer can send it again: no event tells of that.
const SENT_MS = 10000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, SENT_MS);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// The forms that are kept when the page is left: of the rows of the worklist, those that were filled in.
const isFilledIn = ({ elements }) => [...elements].some((control) =>
  control.matches("select")
    ? isChosen(control)
    : control.name && control.matches("input:not([type=hidden])") && control.value.trim());
// Whether a list shows something else than when the page was opened: without a mark, that was its first line.
function isChosen({ options, selectedIndex }) {
  const opened = [...options].map((one) => one.defaultSelected).lastIndexOf(true);
  return selectedIndex !== Math.max(opened, 0);
}
function formsToKeep() {
  return [...document.querySelectorAll("form[data-keep]")]
    .filter((form) => !form.matches(".in-row") || isFilledIn(form));
}

// Forms as they are sent to be kept: the first one, and the others each as one field of it.
const sentBy = (form) => new URLSearchParams(new FormData(form));
function bodyOf([form, ...others]) {
  const body = form ? sentBy(form) : new URLSearchParams();
  for (const other of others) body.append("other_form", sentBy(other));
  return body;
}

// Input before htmx loaded sent no request: send it now, so that the panel shows the points of these values.
document.addEventListener("htmx:load", (event) => {
  const form = document.querySelector("form.assessment");
  if (event.target !== document.body || !form) return;
  const isTyped = ({ type, value, defaultValue, checked, defaultChecked }) =>
    /radio|checkbox/.test(type) ? checked !== defaultChecked : value !== (defaultValue ?? value);
  if ([...form.elements].some(isTyped)) form.dispatchEvent(new Event("input", { bubbles: true }));
});

// After the live answer: a control is marked invalid exactly while an error is about it.
document.addEventListener("htmx:afterSettle", () => {
  document.querySelectorAll(".predictor :is(.form-control, .form-select)").forEach((control) => {
    const said = control.closest(".predictor").querySelector(`[data-field="${control.name}"]`);
    if (said) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  });
});

// A table that was not answered: said beside its form, where all that was chosen still stands.
const unanswered = (isSaid) => {
  const note = document.getElementById("unanswered");
  if (!note) return;
  note.hidden = !isSaid;
  if (isSaid) note.scrollIntoView({ block: "center" });
};
document.addEventListener("htmx:beforeRequest", () => unanswered(false));
["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((failure) => {
  document.addEventListener(failure, () => unanswered(true));
});

// Led elsewhere: the session is over, and the page of the sign-in belongs into no part of this one. A table
// is opened again, which leads to the sign-in and back; of other pages session.js takes care.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (new URL(xhr.responseURL).pathname === requestConfig.path.split("?")[0]) return;
  event.preventDefault();
  if (document.getElementById("unanswered")) location.reload();
  else event.target.dispatchEvent(new Event("led-elsewhere", { bubbles: true }));
});

// The panel must not show an old risk as if it were of what stands in the form.
["htmx:responseError", "htmx:sendError", "htmx:timeout", "led-elsewhere"].forEach((failure) => {
  document.addEventListener(failure, (event) => {
    const panel = event.target.closest("[data-stale]");
    if (!panel || panel.querySelector(".error")) return;
    const note = document.createElement("p");
    note.className = "msg error";
    note.textContent = panel.dataset.stale;
    panel.replaceChildren(note);
    for (const id of ["livebar", "points-said"]) document.getElementById(id).textContent = panel.dataset.stale;
  });
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  const label = button.querySelector("span");
  try {
    await navigator.clipboard.writeText(source.textContent);
    label.textContent = button.dataset.copied;
  } catch {
    // No clipboard for this page: show the text selected, so that Ctrl-C copies it.
    source.closest("details").open = true;
    window.getSelection().selectAllChildren(source);
    source.focus();
  }
});
