/* One question a screen: digits choose, Enter answers or goes on. The forms and links work without it. */
"use strict";
(() => {
  const form = document.querySelector("form[data-quiz]");
  const next = document.querySelector("[data-quiz-next] a");
  const bare = (event) => document.documentElement.dataset.keys !== "off" && !event.ctrlKey && !event.altKey && !event.metaKey;

  document.addEventListener("keydown", (event) => {
    if (!bare(event) || event.target.closest("textarea, select, summary, header, [contenteditable]")) return;
    if (form && /^[1-9]$/.test(event.key)) {
      const option = form.querySelectorAll('input[name="option"]')[Number(event.key) - 1];
      if (!option) return;
      event.preventDefault();
      option.checked = true;
      option.focus();
    } else if (event.key === "Enter" && event.target.closest("a, button") === null) {
      event.preventDefault();
      if (next) next.click();
      else form?.requestSubmit();
    }
  });
})();
