/* J and K step through the cases of a session on the host's screen: the buttons do the same. */
"use strict";
document.addEventListener("keydown", (event) => {
  const isBare = document.documentElement.dataset.keys !== "off" && !event.ctrlKey && !event.altKey && !event.metaKey;
  if (!isBare || event.defaultPrevented || window.SecondLook.inField(event)) return;
  const key = { ArrowRight: "j", ArrowLeft: "k" }[event.key] || event.key.toLowerCase();
  const button = document.querySelector(`[data-step="${CSS.escape(key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.form.requestSubmit(button);
}, true);
