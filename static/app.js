/* What every page shares: the token on htmx requests, messages that leave, dialogs, tables on narrow screens, keys. */
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");

  const inField = (event) => event.target.closest("input, select, textarea, [contenteditable], [role=listbox]") !== null;
  const bareKey = (event) => root.dataset.keys !== "off" && !event.ctrlKey && !event.altKey && !event.metaKey
    && !event.defaultPrevented && !inField(event) && !document.querySelector("dialog[open]");

  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token) event.detail.headers["X-CSRFToken"] = token.content;
  });

  const leave = (message) => {
    if (message.matches(":hover, :focus-within")) return setTimeout(leave, 2000, message);
    message.classList.add("leaving");
    return setTimeout(() => message.remove(), 200);
  };

  /* Under 600 px a row becomes label and value; without script the table scrolls instead. */
  const labelTable = (table) => {
    const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.replace(/[▲▼]/g, "").trim());
    const roles = { THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };
    for (const part of table.querySelectorAll("thead, tbody, tr, td, th")) {
      part.setAttribute("role", roles[part.tagName] || (part.scope === "row" ? "rowheader" : "columnheader"));
    }
    table.setAttribute("role", "table");
    for (const row of table.tBodies[0].rows) {
      [...row.cells].forEach((cell, at) => { if (heads[at]) cell.dataset.label = heads[at]; });
    }
    table.classList.add("labelled");
  };

  const settle = (part) => {
    part.querySelectorAll("table.table").forEach(labelTable);
    part.querySelectorAll(".message[data-leaves]").forEach((message) => setTimeout(leave, 6000, message));
  };
  document.addEventListener("DOMContentLoaded", () => settle(document.body));
  document.addEventListener("htmx:load", (event) => settle(event.detail.elt));

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
    if (event.target.closest("[data-prints]")) window.print();
  });

  /* J and K walk through a table's first links. */
  const walk = (step) => {
    const links = [...document.querySelectorAll("table.table tbody tr")].map((row) => row.querySelector("a, button")).filter(Boolean);
    if (!links.length) return false;
    const at = links.indexOf(document.activeElement);
    links[at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1)].focus();
    return true;
  };

  let going = 0;
  document.addEventListener("keydown", (event) => {
    if (!bareKey(event)) return;
    const key = event.key.toLowerCase();
    if (Date.now() - going < 1500) {
      going = 0;
      event.preventDefault();
      document.querySelector(`[data-go="${CSS.escape(key)}"]`)?.click();
      return;
    }
    if (key === "g") { going = Date.now(); event.preventDefault(); return; }
    const search = document.getElementById("bar-search");
    if (key === "/" && search) {
      event.preventDefault();
      if (search.offsetParent) search.focus(); else document.querySelector(".bar-find").click();
      return;
    }
    if (key === "?" && document.getElementById("keys")) { event.preventDefault(); document.getElementById("keys").showModal(); }
    if ((key === "j" || key === "k") && !document.body.classList.contains("grading") && walk(key === "j" ? 1 : -1)) event.preventDefault();
  });

  window.SecondLook = { inField };
})();
