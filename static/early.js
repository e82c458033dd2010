/* Keys that are struck at a case that can be seen, before its own scripts have come: kept, and struck again for them.
   This stands in the head and runs before anything is shown. Where a browser shows nothing until the scripts are there,
   nothing is kept. A key from before the case was shown was meant for what stood there until then: it is let go. */
"use strict";
(() => {
  const kept = [];
  const keep = (event) => kept.push(event);
  addEventListener("keydown", keep, true);

  const write = (field, letter) => {
    field.setRangeText(letter, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true, data: letter, inputType: "insertText" }));
  };
  /* As the browser would: to whatever has the focus by now, and into it when it takes letters. */
  const strike = (early) => {
    const { key, code, ctrlKey, altKey, metaKey, shiftKey } = early;
    const target = document.activeElement || document.body;
    const event = new KeyboardEvent("keydown", { key, code, ctrlKey, altKey, metaKey, shiftKey, bubbles: true, cancelable: true });
    const isLetter = key.length === 1 && !ctrlKey && !altKey && !metaKey;
    if (target.dispatchEvent(event) && isLetter && target === document.activeElement && target.matches("textarea, input[type=text]")) write(target, key);
  };
  window.earlyKeys = () => {
    removeEventListener("keydown", keep, true);
    const shown = performance.getEntriesByName("first-contentful-paint")[0];
    if (shown) kept.filter((one) => one.timeStamp >= shown.startTime && !one.repeat).forEach(strike);
    kept.length = 0;
  };
})();
