"use strict";
// What pages do beyond HTML and htmx, in three parts: times as the reader wants them, the count of
// selected rows, and live parts that pause while somebody uses them. Pages work without it.
(() => {
  const all = (selector, root = document) => root.querySelectorAll(selector);

  // Times. The server writes UTC; a reader may switch to local ones. Ages go on by themselves.
  const key = "devy-times";
  const stored = () => { try { return localStorage.getItem(key); } catch { return null; } };
  let isLocal = stored() === "local";
  const pad = (number, length = 2) => String(number).padStart(length, "0");

  const age = (milliseconds) => {
    const seconds = Math.floor(Math.abs(milliseconds) / 1000);
    if (seconds < 1) return "now";
    const [size, unit] = seconds < 60 ? [1, "s"] : seconds < 3600 ? [60, "min"] :
      seconds < 86400 ? [3600, "h"] : [86400, "d"];
    return `${milliseconds < 0 ? "in " : ""}${Math.floor(seconds / size)} ${unit}`;
  };

  // The local time in the form that the server chose: a clock with as many digits, a date before it.
  const local = (date, utc) => {
    const [, clock = ""] = /(\d\d:\d\d(?::\d\d(?:\.\d{3})?)?)$/.exec(utc) || [];
    const full = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
    const now = new Date();
    const month = date.toLocaleString("en", {month: "short"});
    const day = `${date.getDate()} ${month}`;
    if (!clock) return date.getFullYear() === now.getFullYear() ? day : `${day} ${date.getFullYear()}`;
    const shown = full.slice(0, clock.length);
    return date.toDateString() === now.toDateString() ? shown : `${day} ${shown}`;
  };

  const showTimes = (root = document) => {
    const now = Date.now();
    for (const element of all("time[datetime]", root)) {
      const date = new Date(element.dateTime);
      if (isNaN(date)) continue;
      if ("age" in element.dataset) {
        element.textContent = age(now - date);
        element.title = isLocal ? date.toLocaleString() : element.dateTime;
      } else {
        element.dataset.utc ??= element.textContent;
        element.textContent = isLocal ? local(date, element.dataset.utc) : element.dataset.utc;
        element.title = element.dateTime;
      }
    }
    for (const note of all("[data-zone]", root)) note.textContent = isLocal ? "local time" : "UTC";
    for (const button of all("button[data-times]", root)) {
      button.hidden = false;
      button.textContent = isLocal ? "Local" : "UTC";
      button.setAttribute("aria-label", isLocal ? "Local times; show UTC" : "UTC; show local times");
    }
  };

  // Selected rows.
  const count = (form) => {
    const boxes = [...all("input[type=checkbox][name=id]", form)];
    const checked = boxes.filter((box) => box.checked).length;
    const shown = form.querySelector("[data-count]");
    if (shown) shown.textContent = `${checked} selected`;
    const pickAll = form.querySelector("[data-pick-all]");
    if (!pickAll) return;
    pickAll.hidden = false;
    pickAll.checked = checked > 0 && checked === boxes.length;
    pickAll.indeterminate = checked > 0 && checked < boxes.length;
  };

  // Live parts. A part in use would lose what the reader does in it.
  const isUsed = (part) => {
    if (document.hidden) return true;
    const selection = getSelection();
    return part.contains(document.activeElement) ||
      (!selection.isCollapsed && selection.containsNode(part, true)) ||
      part.querySelector("input[type=checkbox]:checked, details[open]") !== null;
  };

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-times]")) return;
    isLocal = !isLocal;
    try { localStorage.setItem(key, isLocal ? "local" : "utc"); } catch { /* a private window */ }
    showTimes();
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-selection]");
    if (!form) return;
    if (event.target.matches("[data-pick-all]"))
      for (const box of all("input[type=checkbox][name=id]", form)) box.checked = event.target.checked;
    count(form);
  });
  document.addEventListener("htmx:confirm", (event) => {
    const trigger = event.detail.triggeringEvent;
    const isPoll = !trigger && (event.target.getAttribute("hx-trigger") || "").startsWith("every");
    if (isPoll && isUsed(event.target)) event.preventDefault();
  });
  const show = (root) => {
    showTimes(root);
    for (const form of all("form[data-selection]", root)) count(form);
  };
  document.addEventListener("htmx:afterSettle", (event) => show(event.target.parentNode || document));
  setInterval(() => { if (!document.hidden) showTimes(); }, 10000);
  show(document);
})();
