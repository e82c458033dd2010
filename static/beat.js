/* While somebody works on the page, what they have in hand stays theirs; and the server says when a break would do good. */
"use strict";
(() => {
  const hint = document.getElementById("pause");
  if (!hint) return;
  const AWAY = 30 * 60 * 1000;
  let last = Date.now();
  for (const kind of ["keydown", "pointerdown", "scroll"]) document.addEventListener(kind, () => { last = Date.now(); }, { passive: true, capture: true });

  const beat = async () => {
    if (document.hidden || Date.now() - last > AWAY) return;
    const body = new URLSearchParams({ csrf_token: document.querySelector('meta[name="csrf-token"]').content });
    const answer = await fetch(hint.dataset.beat, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (!answer?.ok) return;
    const said = (await answer.json()).pause;
    hint.hidden = !said;
    hint.querySelector("[data-why]").textContent = said ? `Time for a break: ${said}` : "";
  };
  setInterval(beat, Number(hint.dataset.every) * 1000);
})();
