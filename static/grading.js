/* The keys of the grading page. The page is a plain form: all that is here can be done by hand as well. */
"use strict";
(() => {
  if (!document.querySelector(".grade-form")) return;
  const { inField, outbox, ahead } = window.SecondLook;
  const live = document.getElementById("live");
  /* What belongs to the case that is shown; set by `take`. */
  let form, policy, skip;
  const say = (words) => { live.textContent = words; };

  /* Fields in the order of the page; only what can be seen counts. */
  const parts = () => [...form.querySelectorAll("[data-field]")].filter((part) => part.checkVisibility());
  const radios = (part) => [...part.querySelectorAll("input[type=radio]")].filter((radio) => radio.closest("label").checkVisibility());
  const isAnswered = (part) => {
    const all = radios(part);
    if (all.length) return all.some((radio) => radio.checked);
    const boxes = [...part.querySelectorAll("input[type=checkbox]")];
    if (boxes.length) return boxes.some((box) => box.checked);
    const one = part.querySelector("select, input, textarea");
    return !one || one.value.trim() !== "";
  };
  const isRequired = (part) => !("optional" in part.dataset);
  const takesDigits = (part) => part.querySelector(".choices") !== null && radios(part).length > 0;
  const missing = () => parts().filter((part) => isRequired(part) && !isAnswered(part));
  const verdict = () => form.querySelector("[name=verdict]:checked")?.value;
  let lastAnswered = null;

  /* What a verdict hides is not sent along: a choice made before is taken back. */
  const forget = () => {
    for (const radio of form.querySelectorAll("input[type=radio]:checked")) {
      if (!radio.closest("label").checkVisibility()) radio.checked = false;
    }
    const section = form.querySelector("select[name=section]");
    if (section && verdict() !== "violates" && section.value) section.dispatchEvent(new Event("picker:clear"));
  };
  const digitPart = () => {
    const open = missing().filter(takesDigits);
    return open[0] || (lastAnswered && lastAnswered.checkVisibility() ? lastAnswered : parts().filter(takesDigits).at(-1));
  };
  const refresh = () => {
    const next = missing()[0];
    for (const part of form.querySelectorAll("[data-field]")) {
      part.classList.toggle("next-up", part === next);
      radios(part).forEach((radio, index) => {
        const cap = radio.closest(".choice")?.querySelector(".keycap");
        if (cap) cap.textContent = String(index + 1);
      });
    }
  };
  const pick = (radio) => {
    radio.checked = true;
    lastAnswered = radio.closest("[data-field]");
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const focusIn = (part) => {
    const one = part.querySelector("input:checked, input[type=radio], input, select:not([hidden]), textarea");
    if (one) one.focus();
    part.scrollIntoView({ block: "nearest" });
  };
  const nameOf = (part) => (part.querySelector("legend, label")?.firstChild?.textContent || "an answer").trim().toLowerCase();

  /* Time from shown to submitted, paused while the tab is hidden. */
  let shownSince = null;
  let spent = 0;
  const stopClock = () => { if (shownSince !== null) spent += performance.now() - shownSince; shownSince = null; };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stopClock(); else if (shownSince === null) shownSince = performance.now();
  });

  /* The policy panel: open on wide screens unless it was folded; on narrow ones closed, below. */
  const wide = window.matchMedia("(min-width: 1200px)");
  const kept = () => { try { return localStorage.getItem("policy-panel"); } catch { return null; } };
  const foldPolicy = () => {
    policy.open = !policy.open;
    try { localStorage.setItem("policy-panel", policy.open ? "open" : "folded"); } catch { say("This browser does not remember the panel."); }
  };
  const bringUp = (clause) => {
    const panel = clause.closest(".clauses");
    if (policy.open && wide.matches) panel.scrollTop += clause.getBoundingClientRect().top - panel.getBoundingClientRect().top;
  };
  const showClause = (key) => {
    for (const clause of document.querySelectorAll(".clause")) {
      const isIt = clause.dataset.section === key;
      clause.classList.toggle("chosen", isIt);
      if (!isIt) continue;
      clause.open = true;
      bringUp(clause);
    }
  };

  document.addEventListener("change", (event) => {
    if (event.target.form !== form) return;
    forget();
    refresh();
    if (event.target.name === "section") showClause(event.target.value);
  });

  /* On the way to another page the case stays as it was sent: what is struck or clicked by now was not meant for it.
     Escape, which stops the browser too, takes the case up again. */
  let leaving = null;
  const freeze = (deed) => {
    leaving = deed;
    document.querySelector(".desk").inert = deed !== null;
  };
  const leave = (deed) => {
    freeze(deed);
    outbox.whenEmpty(() => { if (leaving === deed) deed(); });
  };
  /* With a case held ready the grade goes into the outbox and the case is there at once; else the form is sent. */
  const submit = (event) => {
    event.preventDefault();
    if (leaving) return;
    const open = missing();
    if (open.length) {
      say(`Still missing: ${open.map(nameOf).join(", ")}.`);
      focusIn(open[0]);
      return;
    }
    stopClock();
    const time = form.querySelector("[name=seconds_shown]");
    if (time) time.value = String(Math.round(spent / 1000));
    const next = ahead.next();
    if (next) {
      outbox.put({ url: form.getAttribute("action"), body: new FormData(form), name: document.getElementById("case-code").textContent });
      ahead.show(next);
      take(true);
    } else {
      const last = form;
      leave(() => { outbox.saving(); HTMLFormElement.prototype.submit.call(last); });
    }
  };
  /* The flag goes the way of the grades, and the page stays where it is. */
  const flag = (event) => {
    event.preventDefault();
    const button = event.target.querySelector("button");
    if (button.disabled) return;
    button.disabled = true;
    button.textContent = "✓ Flagged";
    outbox.put({ url: event.target.getAttribute("action"), body: new FormData(event.target), name: "The flag" });
    say("Flagged for a lead.");
  };
  document.addEventListener("submit", (event) => {
    if (event.target === form) { submit(event); return; }
    if (event.target.matches(".flag")) { flag(event); return; }
    if (!event.target.closest(".desk") || !outbox.size) return;
    event.preventDefault();
    leave(() => event.target.requestSubmit(event.submitter));
  });
  /* Back from the browser's page cache: the form may be sent again, under the same key. */
  window.addEventListener("pageshow", (event) => { if (event.persisted) freeze(null); });

  const items = () => [...document.querySelectorAll(".thread .item")];
  const step = (by) => {
    const all = items();
    const at = all.indexOf(document.activeElement);
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) { next.focus({ preventScroll: true }); next.scrollIntoView({ block: "nearest" }); }
  };
  const toggleAll = (selector) => {
    const all = [...document.querySelectorAll(selector)];
    const anyClosed = all.some((one) => !one.open);
    for (const one of all) one.open = anyClosed;
  };
  const clearLast = () => {
    const last = parts().filter((part) => isAnswered(part) && part.querySelector("input[type=radio], select")).at(-1);
    if (!last) return;
    for (const radio of last.querySelectorAll("input[type=radio]")) radio.checked = false;
    last.querySelector("select")?.dispatchEvent(new Event("picker:clear"));
    lastAnswered = null;
    refresh();
  };

  const digit = (at) => {
    if (skip?.open) { skip.querySelectorAll("button[name=reason]")[at]?.click(); return; }
    const part = digitPart();
    const radio = part && radios(part)[at];
    if (radio) pick(radio);
  };
  const bySegment = (key) => {
    const radio = form.querySelector(`input[type=radio][data-key="${CSS.escape(key)}"]`);
    if (!radio || !radio.closest("[data-field]").checkVisibility()) return false;
    pick(radio);
    return true;
  };
  const deeds = {
    "/": () => document.getElementById("section-search")?.focus(),
    n: () => form.querySelector("[name=note]")?.focus(),
    s: () => { if (skip) { skip.open = !skip.open; if (skip.open) skip.scrollIntoView({ block: "nearest" }); } },
    f: () => document.querySelector(".flag")?.requestSubmit(),
    u: () => document.getElementById("take-back")?.requestSubmit(),
    j: () => step(1),
    k: () => step(-1),
    t: () => toggleAll("details.translation"),
    b: () => document.querySelectorAll(".media .show").forEach((box) => { box.checked = !box.checked; }),
    p: () => { if (policy) foldPolicy(); },
    backspace: clearLast,
    escape: () => { if (skip) skip.open = false; },
  };

  document.addEventListener("keydown", (event) => {
    const off = document.documentElement.dataset.keys === "off";
    const key = event.key.toLowerCase();
    if (leaving) { if (key === "escape") freeze(null); return; }
    if (inField(event) && event.target.type !== "radio") {
      if (key === "enter" && event.ctrlKey) { event.preventDefault(); event.target.blur(); form.requestSubmit(); }
      if (key === "escape") event.target.blur();
      return;
    }
    if (key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !off) { event.preventDefault(); deeds.u(); return; }
    const bare = !event.ctrlKey && !event.altKey && !event.metaKey && !event.defaultPrevented && !off;
    if (!bare || event.repeat || document.querySelector("dialog[open]")) return;
    if (key === "enter") {
      if (event.target.closest("a, button, summary")) return;
      event.preventDefault();
      form.requestSubmit();
    } else if (/^[1-9]$/.test(key)) {
      event.preventDefault();
      digit(Number(key) - 1);
    } else if (bySegment(key)) {
      event.preventDefault();
    } else if (deeds[key] && !(key === "/" && verdict() !== "violates")) {
      event.preventDefault();
      deeds[key]();
    }
  });

  /* Begin with the case that is shown; *isNext*: it took the place of another one. */
  const take = (isNext) => {
    form = document.querySelector(".grade-form");
    policy = document.querySelector(".desk-policy");
    skip = document.querySelector(".skip");
    lastAnswered = null;
    spent = 0;
    shownSince = document.hidden ? null : performance.now();
    if (policy) policy.open = wide.matches && kept() !== "folded";
    refresh();
    const invalid = form.querySelector("[aria-invalid=true]");
    const chosen = form.querySelector("select[name=section]")?.value;
    const first = document.querySelector(".clause[open]");
    if (isNext) window.scrollTo(0, 0);
    if (chosen) showClause(chosen);
    else if (first) bringUp(first);
    const reported = document.querySelector(".item.reported");
    if (reported && reported.getBoundingClientRect().bottom > window.innerHeight) reported.scrollIntoView({ block: reported.offsetHeight < window.innerHeight - 120 ? "center" : "start" });
    say(invalid ? "Not saved: look at the marked answers." : ahead.place() || form.dataset.announce || "");
  };
  take(false);
  window.earlyKeys();
})();
