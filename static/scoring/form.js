/* Fewer hands in forms: dates, answers by a letter, values taken over. Every form works without it. */
"use strict";

(() => {
  const form = document.querySelector("form.assessment");
  const changed = (control) => {
    for (const kind of ["input", "change"]) control.dispatchEvent(new Event(kind, { bubbles: true }));
  };

  /* Days */
  const BLOOD = ["pdw_date", "chloride_date"];
  const tools = document.getElementById("day-tools");
  const opened = Date.now();
  let field = null;

  // Days count as UTC here: no clock change makes one of them shorter. The server says what day it is.
  const today = () => new Date(Date.parse(tools.dataset.now) + Date.now() - opened);
  // As the server writes dates: the letters of its format, the names of the months.
  const LETTERS = /[djnMY]/g;
  const months = () => tools.dataset.months.split(" ");
  function dayText(day) {
    const [date, month] = [day.getUTCDate(), day.getUTCMonth()];
    const parts = { d: String(date).padStart(2, "0"), j: date, n: month + 1, M: months()[month], Y: day.getUTCFullYear() };
    return tools.dataset.format.replace(LETTERS, (letter) => parts[letter]);
  }
  function readDay(text) {
    const patterns = { d: "(?<d>\\d{2})", j: "(?<d>\\d{1,2})", n: "(?<n>\\d{1,2})", M: "(?<M>\\S+)", Y: "(?<Y>\\d{4})" };
    const format = tools.dataset.format.replace(LETTERS, (letter) => patterns[letter]);
    const found = new RegExp(`^${format}$`).exec(text.trim())?.groups;
    if (!found) return null;
    const month = found.M ? months().indexOf(found.M) : Number(found.n) - 1;
    return month < 0 ? null : new Date(Date.UTC(Number(found.Y), month, Number(found.d)));
  }
  function plus(day, days) {
    const moved = new Date(day);
    moved.setUTCDate(moved.getUTCDate() + days);
    return moved;
  }
  function write(text) {
    field.value = text;
    changed(field);
  }
  const otherBlood = () =>
    BLOOD.includes(field.name)
      ? BLOOD.filter((name) => name !== field.name).map((name) => form?.elements[name]?.value.trim())[0] || ""
      : "";
  function hide() {
    tools.hidden = true;
    document.body.append(tools);
    field = null;
  }
  // Below the field and what is said of its date; above a row of a list, which would scroll below its last one.
  function place() {
    const around = field.offsetParent;
    const isOwn = around.matches(".field");
    const isRow = around.matches(".in-row");
    const below = isOwn ? around.clientHeight : field.offsetTop + field.offsetHeight;
    tools.style.left = `${field.offsetLeft}px`;
    tools.style.top = isRow ? "auto" : `${below}px`;
    tools.style.bottom = isRow ? "100%" : "auto";
  }
  function show(shown) {
    field = shown;
    field.after(tools);
    place();
    const isAhead = field.name === "operation_date" && form?.elements.operation_status.value === "planned";
    tools.querySelector("[data-days='1']").hidden = !isAhead;
    tools.querySelector("[data-days='-1']").hidden = isAhead;
    for (const chip of tools.querySelectorAll("[data-days]")) {
      chip.title = dayText(plus(today(), Number(chip.dataset.days)));
    }
    const same = tools.querySelector("[data-same]");
    same.hidden = !otherBlood();
    same.lastElementChild.textContent = otherBlood();
    tools.hidden = false;
  }
  function calendar() {
    const picker = tools.querySelector("input");
    const day = readDay(field.value) ?? today();
    picker.value = day.toISOString().slice(0, 10);
    picker.showPicker();
  }
  if (tools) {
    const isDay = (control) => control.matches?.("input.w-date") && control.name !== "birth_date";
    document.addEventListener("focusin", ({ target }) => {
      if (isDay(target)) show(target);
      else if (field && !tools.contains(target)) hide();
    });
    // The field keeps the focus while one of its buttons is pressed.
    tools.addEventListener("pointerdown", (event) => event.preventDefault());
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.days) write(dayText(plus(today(), Number(button.dataset.days))));
      else if ("same" in button.dataset) write(otherBlood());
      else calendar();
    });
    for (const kind of ["input", "change"]) {
      tools.addEventListener(kind, (event) => {
        event.stopPropagation();
        if (kind === "change" && event.target.value) write(dayText(new Date(event.target.value)));
      });
    }
    document.addEventListener("htmx:afterSettle", () => { if (field) place(); });
    document.addEventListener("keydown", (event) => {
      if (!field || event.target !== field) return;
      const step = { ArrowDown: -1, ArrowUp: 1 }[event.key];
      if (event.key === "Escape") tools.hidden = true;
      else if (step && event.altKey) calendar();
      else if (step && !field.value.trim()) write(dayText(today()));
      else if (step && readDay(field.value)) write(dayText(plus(readDay(field.value), step)));
      else if (event.key === "=" && otherBlood()) write(otherBlood());
      else return;
      event.preventDefault();
    });
  }
  if (!form) return;

  // By keyboard the definitions are one link away, above the predictors: Tab goes from field to field.
  form.querySelectorAll(".definition summary").forEach((summary) => { summary.tabIndex = -1; });

  /* Answers by a letter: Y, N, U for not known or not assessed; D, P, F, M where these are the answers. */
  const UNKNOWN = ["not_assessed", "not_known_yet", "not_known"];
  const stops = () =>
    [...form.elements].filter((control) => {
      if (control.disabled || control.tabIndex < 0 || !control.checkVisibility()) return false;
      if (control.type !== "radio") return control.type !== "hidden";
      const group = form.elements[control.name];
      return group.value ? control.checked : control === group[0];
    });
  function goOnFrom(radio) {
    const all = stops();
    const place = all.findIndex((control) => control.name === radio.name);
    const isAnswered = (control) => control.closest(".checks") && form.elements[control.name].value;
    all.slice(place + 1).find((control) => !isAnswered(control))?.focus();
  }
  form.addEventListener("keydown", (event) => {
    const radio = event.target;
    if (radio.type !== "radio" || event.ctrlKey || event.altKey || event.metaKey) return;
    const letter = event.key.toLowerCase();
    if (!/^[a-z]$/.test(letter)) return;
    const chosen = [...form.elements[radio.name]].find(({ value }) =>
      UNKNOWN.includes(value) ? letter === "u" : value.startsWith(letter));
    if (!chosen) return;
    event.preventDefault();
    chosen.checked = true;
    changed(chosen);
    goOnFrom(chosen);
  });

  /* All exclusions at once: answers what is open, and takes back what it answered. */
  const all = form.querySelector("[data-exclusions]");
  if (all) {
    // Those that are asked: one of them is not, before the operation.
    const asked = () => [...form.querySelectorAll('.checks [data-study="no"]')].filter((row) => row.checkVisibility());
    const no = (row) => row.querySelector('input[value="no"]');
    const refresh = () => all.setAttribute("aria-pressed", String(asked().every((row) => no(row).checked)));
    let filled = [];
    all.hidden = false;
    all.addEventListener("click", (event) => {
      const isPressed = all.getAttribute("aria-pressed") === "true";
      if (!isPressed) filled = asked().filter((row) => !row.querySelector(":checked"));
      for (const row of isPressed && !filled.length ? asked() : filled) no(row).checked = !isPressed;
      if (isPressed) filled = [];
      refresh();
      changed(form);
      // From the keyboard, on to what is still open.
      if (!isPressed && event.detail === 0) {
        form.querySelector(".checks > div:not(:has(:checked)) input, #id_t_score")?.focus();
      }
    });
    form.addEventListener("change", refresh);
    refresh();
  }

  /* A value of an earlier assessment or of another system, taken over because somebody pressed for it. */
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fills]");
    if (!button) return;
    // Without scripts the server fills it in.
    event.preventDefault();
    for (const [name, value] of Object.entries(JSON.parse(button.dataset.fills))) {
      form.elements[name].value = value;
    }
    const first = form.elements[button.dataset.first];
    changed(first);
    first.focus();
    button.parentElement.remove();
  });

  /* The first thing to do has the focus, unless there is something to read first. */
  if (form.hasAttribute("data-first") && !document.getElementById("summary")) {
    const known = document.querySelector("#identity .known");
    (known ? form.elements.operation_status[0] : form.elements.hospital_number).focus();
  }

  /* The panel is replaced while the focus may stand in it. */
  let held = "";
  document.addEventListener("htmx:beforeSwap", () => {
    const at = document.activeElement;
    held = at.closest("#points, #livebar") ? at.id : "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!held || document.activeElement !== document.body) return;
    (document.getElementById(held) ?? form.querySelector(".savebar button")).focus({ preventScroll: true });
    held = "";
  });

  /* A screen reader tells of changes in what stays; the panel is replaced, and with it what is said there. */
  const said = document.getElementById("points-said");
  document.addEventListener("htmx:afterSettle", () => {
    const parts = [...document.querySelectorAll("#points .verdict :is(.msg, .big)")];
    const text = parts.map((part) => part.textContent.replace(/\s+/g, " ").trim()).join(" ");
    if (said && said.textContent !== text) said.textContent = text;
  });

  /* What was typed in the last moment before the page is left is kept, too. */
  const panel = document.getElementById("points");
  if (!panel || !form.hasAttribute("data-keep")) return;
  let isUnsent = false;
  form.addEventListener("input", () => { isUnsent = true; });
  panel.addEventListener("htmx:beforeRequest", () => { isUnsent = false; });
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    panel.addEventListener(failure, () => { isUnsent = true; });
  }
  window.addEventListener("beforeunload", (event) => {
    if (connection.isLost && isUnsent && !form.dataset.sent) event.preventDefault();
  });
  window.addEventListener("pagehide", () => {
    if (isUnsent && !form.dataset.sent) {
      navigator.sendBeacon(panel.getAttribute("hx-post"), new URLSearchParams(new FormData(form)));
    }
  });
})();
