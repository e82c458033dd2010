/* The next cases, held ready behind the one at hand: fetched while it is looked at, and put in its place at once. */
"use strict";
(() => {
  const { outbox, pick } = window.SecondLook;
  const day = document.querySelector(".day");
  const url = day?.dataset.ahead;
  const ready = [];
  const had = new Set([...document.querySelectorAll(".desk")].map((desk) => desk.dataset.task));
  let left = Number(day?.dataset.batchLeft || 1);
  let position = Number(day?.dataset.position || 0);
  let isAsking = false;

  const keep = (body) => {
    const part = new DOMParser().parseFromString(body, "text/html").querySelector(".ahead");
    if (!part) return;
    const pace = day.querySelector("[data-pace]");
    if (pace && part.dataset.pace) pace.textContent = `${part.dataset.pace} / case`;
    for (const desk of part.querySelectorAll(".desk")) {
      if (had.has(desk.dataset.task)) continue;
      had.add(desk.dataset.task);
      const own = document.importNode(desk, true);
      pick(own);
      ready.push(own);
    }
  };
  /* Asked for once the last grade has arrived: what is still on its way is in hand on the server, and would count. */
  const ask = async () => {
    if (!url || isAsking || ready.length >= Math.min(3, left - 1)) return;
    isAsking = true;
    const body = new URLSearchParams([...had].map((task) => ["have", task]));
    body.set("csrf_token", document.querySelector('meta[name="csrf-token"]').content);
    const answer = await fetch(url, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (answer?.ok) keep(await answer.text());
    isAsking = false;
  };

  /* The last grade of a batch is sent as a form: what comes after it is what was decided before. */
  const next = () => (left > 1 ? ready.shift() : undefined);
  const show = (desk) => {
    document.querySelector(".desk").replaceWith(desk);
    left -= 1;
    position = Math.min(position + 1, Number(day.dataset.of));
    const bar = day.querySelector("progress");
    if (bar) bar.value = position;
    day.querySelector("[data-place]").textContent = `${position} of ${day.dataset.of}`;
    document.title = `Case ${desk.dataset.code} · Second Look`;
    document.dispatchEvent(new CustomEvent("case:shown", { detail: desk }));
  };
  const place = () => (day?.dataset.of ? `Case ${position} of ${day.dataset.of}` : "");

  Object.assign(window.SecondLook, { ahead: { next, show, place, ask } });
  outbox.onSent(ask);
  ask();
})();
