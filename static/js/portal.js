// Enhancements only: every page works without this file.

function refuseSecondSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.dataset.repeat !== undefined) return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  event.submitter?.setAttribute("aria-disabled", "true");
  // A form that answers with a file leaves the page where it is: let it be sent again later.
  window.setTimeout(forgetSubmits, 8000);
}

function forgetSubmits() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
}

function openDialog(event) {
  const summary = event.target.closest("details[data-dialog] > summary");
  if (!summary || !window.HTMLDialogElement) return;
  event.preventDefault();
  const body = summary.parentElement.querySelector(".dialog-body");
  const dialog = document.createElement("dialog");
  const title = body.querySelector(".dialog-title");
  title.id ||= `dialogue-${Math.random().toString(36).slice(2)}`;
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(body, closeForm());
  dialog.addEventListener("close", () => {
    summary.after(body);
    dialog.remove();
    summary.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  // The first button may destroy something: reading starts at the question.
  title.tabIndex = -1;
  title.focus();
}

function closeForm() {
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "dialog-close";
  const button = document.createElement("button");
  button.className = "button button-quiet";
  button.textContent = "Fermer sans rien changer";
  form.append(button);
  return form;
}

// On paper the data of a chart is read with it.
function openCharts() {
  for (const details of document.querySelectorAll(".chart details:not([open])")) {
    details.open = true;
    window.addEventListener("afterprint", () => { details.open = false; }, { once: true });
  }
}

// A long text begun: the browser asks before the page is left, and before another form of the page is sent.
const begun = new Set();

function noteTyping(event) {
  const form = event.target.form;
  if (form?.method !== "post" || !form.closest("main")) return;
  const isBesideAnother = document.querySelectorAll("main form[method=post]").length > 1;
  if (form.querySelector("textarea") || isBesideAnother) begun.add(form);
}

function forgetSent(event) {
  if (!event.defaultPrevented) begun.delete(event.target);
}

function askBeforeLeaving(event) {
  if ([...begun].some((form) => form.isConnected)) event.preventDefault();
}

function leaveQuickly(event) {
  const link = event.target.closest("[data-leave]");
  if (!link) return;
  event.preventDefault();
  begun.clear();
  document.body.replaceChildren();
  window.location.replace(link.href);
}

// The server says how many seconds are left: a wrong clock on this side changes nothing.
function countDown() {
  const shown = document.querySelector("[data-countdown]");
  if (!shown) return;
  const end = performance.now() + Number(shown.dataset.countdown) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    shown.textContent = left ? `, encore ${Math.floor(left / 60)} min ${String(left % 60).padStart(2, "0")} s` : ", délai passé : continuez, il est peut-être encore libre";
    if (left) window.setTimeout(tick, 1000);
  };
  tick();
}

// On a narrow screen the menu scrolls aside: begin where the reader is.
function showCurrentEntry() {
  for (const link of document.querySelectorAll(".nav [aria-current]")) {
    const row = link.closest("ul");
    row.scrollLeft = link.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
  }
}

// A day is typed. The browser's own calendar, that speaks the language of the browser, only helps to choose it.
const CALENDAR = "M3 5h14v12H3zM3 9h14M7 2.5V6M13 2.5V6";

function offerCalendars() {
  if (!("showPicker" in HTMLInputElement.prototype)) return;
  for (const box of document.querySelectorAll("input[data-day]")) offerCalendar(box);
}

function offerCalendar(box) {
  const picker = document.createElement("input");
  picker.type = "date";
  picker.tabIndex = -1;
  picker.setAttribute("aria-hidden", "true");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button day-button";
  button.setAttribute("aria-label", "Ouvrir le calendrier");
  button.append(calendarMark());
  const row = document.createElement("span");
  row.className = "day-row";
  box.before(row);
  row.append(box, button, picker);
  button.addEventListener("click", () => {
    const [, day, month, year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(box.value.trim()) ?? [];
    picker.value = day ? `${year}-${month}-${day}` : "";
    picker.showPicker();
  });
  picker.addEventListener("change", () => {
    if (!picker.value) return;
    box.value = picker.value.split("-").reverse().join("/");
    for (const kind of ["input", "change"]) box.dispatchEvent(new Event(kind, { bubbles: true }));
    box.focus();
  });
}

function calendarMark() {
  const mark = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  mark.setAttribute("viewBox", "0 0 20 20");
  mark.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(mark.namespaceURI, "path");
  path.setAttribute("d", CALENDAR);
  mark.append(path);
  return mark;
}

// Single keys on the desks (WCAG 2.1.4): never in a field, listed and turned off on the page of help.
const KEYS_OFF = "touches-non";
const KEYS = {
  "/": openSearch,
  t: () => document.querySelector(".nav a")?.click(),
  n: () => document.querySelector(".main-action .button")?.click(),
  "?": () => document.querySelector("a[data-help]")?.click(),
};

function pressKey(event) {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable], dialog");
  const act = KEYS[event.key];
  if (!act || isTyping || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  if (!document.body.classList.contains("desk") || localStorage.getItem(KEYS_OFF)) return;
  event.preventDefault();
  act();
}

function openSearch() {
  const box = document.querySelector("#recherche-rapide");
  if (!box) return;
  const folded = box.closest("details");
  if (folded) folded.open = true;
  box.focus();
}

function offerKeys() {
  const box = document.querySelector("input[data-keys]");
  if (!box) return;
  box.closest("[hidden]").hidden = false;
  box.checked = !localStorage.getItem(KEYS_OFF);
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "1");
  });
}

document.addEventListener("keydown", pressKey);
document.addEventListener("submit", refuseSecondSubmit);
document.addEventListener("input", noteTyping);
document.addEventListener("submit", forgetSent);
window.addEventListener("beforeunload", askBeforeLeaving);
document.addEventListener("click", openDialog);
document.addEventListener("click", leaveQuickly);
window.addEventListener("pageshow", forgetSubmits);
window.addEventListener("beforeprint", openCharts);
document.querySelector("[data-focus]")?.focus();
offerKeys();
offerCalendars();
countDown();
showCurrentEntry();
