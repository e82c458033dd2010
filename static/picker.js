/* Makes a <select data-picker> a search-as-you-type list. The select stays, hidden, and is what is sent. */
"use strict";
(() => {
  /* More rows than anybody reads: what else fits is counted, and another word finds it. */
  const MOST = 200;
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const build = (select) => {
    const hint = select.dataset.picker;
    const label = (select.closest(".field") || document).querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const input = Object.assign(document.createElement("input"), {
      id: `${select.id}-search`, type: "text", className: "input", autocomplete: "off", spellcheck: false,
    });
    const list = Object.assign(document.createElement("ul"), { id: `${select.id}-list`, className: "picker-list", hidden: true });
    const about = Object.assign(document.createElement("p"), { id: `${select.id}-hint`, className: "help", textContent: `${hint}, ↑ ↓ and Enter` });
    const given = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
    for (const [name, value] of Object.entries(given)) input.setAttribute(name, value);
    const said = [select.getAttribute("aria-describedby"), about.id].filter(Boolean).join(" ");
    input.setAttribute("aria-describedby", said);
    if (select.getAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", label ? label.textContent.trim() : hint);
    if (label) label.htmlFor = input.id;

    const box = Object.assign(document.createElement("div"), { className: "picker" });
    select.before(box);
    box.append(input, list);
    box.after(about);
    select.hidden = true;

    const choices = [...select.options].filter((option) => option.value).map((option) => ({
      value: option.value,
      text: option.textContent.trim(),
      group: option.parentElement.label || "",
      found: plain(`${option.textContent} ${option.parentElement.label || ""} ${option.dataset.words || ""}`),
    }));
    let shown = [];
    let at = -1;
    /* On the grading page a clause is two keys away: / and its digit, unless the clauses are called by numbers. */
    const hasDigits = document.documentElement.dataset.keys !== "off" && select.closest(".grade-form") !== null && !choices.some((choice) => /^\d/.test(choice.text));
    let isWhole = false;

    const chosen = () => choices.find((choice) => choice.value === select.value);
    const rest = () => { const now = chosen(); input.value = now ? now.text : ""; };

    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const point = (next) => {
      if (!shown.length) return;
      at = (next + shown.length) % shown.length;
      list.querySelectorAll("[role=option]").forEach((row, index) => {
        row.setAttribute("aria-selected", String(index === at));
        if (index === at) { input.setAttribute("aria-activedescendant", row.id); row.scrollIntoView({ block: "nearest" }); }
      });
    };
    const choose = (choice) => {
      select.value = choice.value;
      rest();
      close();
      select.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const open = (words) => {
      const wanted = plain(words).split(/\s+/).filter(Boolean);
      const fitting = choices.filter((choice) => wanted.every((word) => choice.found.includes(word)));
      shown = fitting.slice(0, MOST);
      isWhole = !wanted.length;
      let group = null;
      const rows = [];
      shown.forEach((choice, index) => {
        if (choice.group && choice.group !== group) {
          group = choice.group;
          const head = Object.assign(document.createElement("li"), { textContent: group });
          head.setAttribute("role", "presentation");
          rows.push(head);
        }
        const row = Object.assign(document.createElement("li"), { id: `${list.id}-${index}`, textContent: choice.text });
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", "false");
        if (hasDigits && isWhole && index < 9) {
          const cap = Object.assign(document.createElement("kbd"), { className: "keycap", textContent: String(index + 1) });
          cap.setAttribute("aria-hidden", "true");
          row.append(cap);
        }
        row.addEventListener("mousedown", (event) => { event.preventDefault(); choose(choice); });
        rows.push(row);
      });
      if (!rows.length) {
        const none = Object.assign(document.createElement("li"), { className: "none", textContent: "Nothing of that name." });
        none.setAttribute("role", "option");
        none.setAttribute("aria-disabled", "true");
        none.setAttribute("aria-selected", "false");
        rows.push(none);
      }
      if (fitting.length > shown.length) {
        const more = Object.assign(document.createElement("li"), { textContent: `And ${fitting.length - shown.length} more: type another word.` });
        more.setAttribute("role", "presentation");
        rows.push(more);
      }
      list.replaceChildren(...rows);
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      if (shown.length && wanted.length) point(0);
    };

    input.addEventListener("focus", () => { input.select(); open(""); });
    input.addEventListener("input", () => open(input.value));
    input.addEventListener("blur", () => { close(); rest(); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) open("");
        point(at + (event.key === "ArrowDown" ? 1 : -1));
      } else if (hasDigits && isWhole && !list.hidden && /^[1-9]$/.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey) {
        event.preventDefault();
        const choice = shown[Number(event.key) - 1];
        if (choice) { choose(choice); input.blur(); }
      } else if (event.key === "Enter" && !event.ctrlKey) {
        event.preventDefault();
        if (!list.hidden && shown[at]) { choose(shown[at]); input.blur(); }
      } else if (event.key === "Escape") {
        event.stopPropagation();
        rest();
        close();
        input.blur();
      }
    });
    select.addEventListener("picker:clear", () => { select.value = ""; rest(); });
    rest();
  };

  const all = (part) => part.querySelectorAll("select[data-picker]:not([hidden])").forEach(build);
  window.SecondLook.pick = all;
  all(document);
  document.addEventListener("htmx:load", (event) => all(event.detail.elt));
})();
