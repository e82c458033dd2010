/* One question a screen: digits choose, Enter answers or goes on. The forms and links work without it.
   It stands in the head and runs before anything is shown: what can be seen takes keys. */
"use strict";
document.addEventListener("keydown", (event) => {
  const isBare = document.documentElement.dataset.keys !== "off" && !event.ctrlKey && !event.altKey && !event.metaKey;
  if (!isBare || event.target.closest("textarea, select, summary, header, [contenteditable]")) return;
  const form = document.querySelector("form[data-quiz]");
  if (form && /^[1-9]$/.test(event.key)) {
    const option = form.querySelectorAll('input[name="option"]')[Number(event.key) - 1];
    if (!option) return;
    event.preventDefault();
    option.checked = true;
    option.focus();
  } else if (event.key === "Enter" && event.target.closest("a, button") === null) {
    const next = document.querySelector("[data-quiz-next] a");
    if (!next && !form) return;
    event.preventDefault();
    if (next) next.click();
    else form.requestSubmit();
  }
});
