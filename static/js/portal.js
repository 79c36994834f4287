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

// A long text begun: the browser asks before the page is left, and before another form of the page is sent.
const begun = new Set();

function noteTyping(event) {
  const form = event.target.form;
  if (form?.method === "post" && form.querySelector("textarea")) begun.add(form);
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

document.addEventListener("submit", refuseSecondSubmit);
document.addEventListener("input", noteTyping);
document.addEventListener("submit", forgetSent);
window.addEventListener("beforeunload", askBeforeLeaving);
document.addEventListener("click", openDialog);
document.addEventListener("click", leaveQuickly);
window.addEventListener("pageshow", forgetSubmits);
document.querySelector("[data-focus]")?.focus();
countDown();
showCurrentEntry();
