/* The keys of a difference that fell to this grader: a digit names the cause, N the words, Enter saves and goes on. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector(".settling");
  if (!form) return;
  const { inField } = window.SecondLook;
  const causes = [...form.querySelectorAll("[name=root_cause]")];
  const feedback = form.querySelector("[name=feedback]");
  let isSent = false;
  form.addEventListener("submit", (event) => { if (isSent) event.preventDefault(); isSent = true; });
  window.addEventListener("pageshow", () => { isSent = false; });

  /* What is missing takes the focus; only what is complete is sent. */
  const save = () => {
    if (!causes.some((cause) => cause.checked)) causes[0]?.focus();
    else if (!feedback.value.trim()) feedback.focus();
    else form.requestSubmit();
  };
  document.addEventListener("keydown", (event) => {
    const off = document.documentElement.dataset.keys === "off";
    if (inField(event) && event.target.type !== "radio") {
      if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); save(); }
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (off || event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    const cause = /^[1-9]$/.test(event.key) && causes[Number(event.key) - 1];
    if (cause) { event.preventDefault(); cause.checked = true; }
    else if (event.key.toLowerCase() === "n") { event.preventDefault(); feedback.focus(); }
    else if (event.key === "Enter" && !event.target.closest("a, button, summary")) { event.preventDefault(); save(); }
  });
});
