/* `!` opens the one line of a report of danger. It is sent at once, and can be taken back for ten seconds. */
"use strict";
(() => {
  const { inField, outbox } = window.SecondLook;
  const post = (url, fields) => fetch(url, {
    method: "POST", redirect: "manual", headers: { "X-Outbox": "1" }, body: new URLSearchParams(fields),
  }).catch(() => null);
  const token = () => document.querySelector('meta[name="csrf-token"]').content;

  const tell = (words) => {
    const row = Object.assign(document.createElement("div"), { className: "message" });
    row.setAttribute("role", "status");
    const text = Object.assign(document.createElement("span"), { textContent: words });
    row.append(text);
    document.querySelector(".messages")?.append(row);
    return { row, text };
  };
  const offerUndo = (url, seconds) => {
    const { row, text } = tell("Danger reported. ");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: `Take back (${seconds} s)` });
    row.append(button);
    const over = setTimeout(() => row.remove(), seconds * 1000);
    button.addEventListener("click", async () => {
      clearTimeout(over);
      button.remove();
      const answer = await post(url, { csrf_token: token() });
      text.textContent = answer?.ok ? "Taken back." : "Too late: the report has been sent.";
      setTimeout(() => row.remove(), 6000);
    });
  };
  const send = async (form) => {
    const fields = Object.fromEntries(new FormData(form));
    const box = form.closest("details");
    form.reset();
    box.open = false;
    const url = form.getAttribute("action");
    const answer = await post(url, fields);
    if (answer?.ok) {
      const said = await answer.json();
      offerUndo(said.undo, said.seconds);
      return;
    }
    tell("The report of danger is on its way.");
    outbox.put({ url, body: new URLSearchParams(fields), name: "The report of danger" });
  };
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".danger-form")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.target.checkValidity()) send(event.target);
  }, true);
  document.addEventListener("keydown", (event) => {
    const box = document.querySelector(".danger-report");
    if (!box) return;
    if (event.key === "Escape" && box.contains(event.target)) { box.open = false; return; }
    const off = document.documentElement.dataset.keys === "off" || event.ctrlKey || event.altKey || event.metaKey;
    if (event.key !== "!" || off || (inField(event) && event.target.type !== "radio") || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    box.open = true;
    box.querySelector("input[name=line]").focus();
  }, true);
})();
