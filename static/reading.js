/* Comforts of a policy's page; without them everything is still there: contents, links, hints as titles. */
"use strict";
(() => {
  const contents = document.querySelector(".toc details");
  if (!contents) return;
  /* Of a long policy one part is shown: a link to a section of another part leads there, once. */
  const lead = () => {
    const id = decodeURIComponent(window.location.hash.slice(1));
    const there = new URL(window.location.href);
    if (!id.startsWith("s-") || document.getElementById(id) || there.searchParams.get("at") === id.slice(2)) return;
    there.searchParams.set("at", id.slice(2));
    window.location.replace(there);
  };
  if (document.querySelector("[data-stretch]")) {
    window.addEventListener("hashchange", lead);
    lead();
  }
  const narrow = window.matchMedia("(max-width: 900px)");
  if (narrow.matches) contents.open = false;
  window.addEventListener("beforeprint", () => { contents.open = true; });
  /* What stands at the foot of every printed page; without script it stands once, above the contents. */
  const line = document.querySelector(".print-running");
  document.documentElement.style.setProperty("--print-line", JSON.stringify(line.textContent));

  /* The section that is being read is the last one whose heading has passed the top. */
  const links = new Map([...contents.querySelectorAll("a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const heads = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  let current = null;
  const mark = () => {
    const passed = heads.filter((head) => head.getBoundingClientRect().top < 140);
    const link = links.get((passed.at(-1) || heads[0])?.id);
    if (!link || link === current) return;
    current?.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    current = link;
    const box = contents.parentElement;
    if (!narrow.matches && box.scrollHeight > box.clientHeight) box.scrollTop = link.offsetTop - box.clientHeight / 2;
  };
  let waits = false;
  document.addEventListener("scroll", () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => { waits = false; mark(); });
  }, { passive: true });
  mark();

  /* A section's sign gives its address; the key stands beside it for a moment. */
  document.addEventListener("click", async (event) => {
    const anchor = event.target.closest(".anchor[data-copies]");
    if (!anchor || event.ctrlKey || event.metaKey || event.shiftKey) return;
    try {
      await navigator.clipboard.writeText(anchor.href);
    } catch {
      return;
    }
    const key = anchor.nextElementSibling;
    const said = Object.assign(document.createElement("span"), { className: "unseen", textContent: "Link copied" });
    document.querySelector(".messages").append(said);
    key.textContent = "Link copied";
    setTimeout(() => { key.textContent = anchor.dataset.copies; said.remove(); }, 2000);
  });

  /* Meanings of defined words, on hover and focus, gone with Escape. */
  const hint = Object.assign(document.createElement("div"), { className: "term-hint", id: "term-hint", hidden: true });
  hint.setAttribute("role", "tooltip");
  document.querySelector("main").append(hint);
  let leaving = 0;
  const hide = () => { hint.hidden = true; };
  const show = (term) => {
    clearTimeout(leaving);
    hint.textContent = term.dataset.meaning;
    hint.hidden = false;
    const place = term.getBoundingClientRect();
    const left = Math.max(8, Math.min(place.left, document.documentElement.clientWidth - hint.offsetWidth - 8));
    const over = place.bottom + hint.offsetHeight + 8 > window.innerHeight;
    hint.style.left = `${left + window.scrollX}px`;
    hint.style.top = `${(over ? place.top - hint.offsetHeight - 4 : place.bottom + 4) + window.scrollY}px`;
  };
  for (const term of document.querySelectorAll("a.term[title]")) {
    term.dataset.meaning = term.title;
    term.removeAttribute("title");
    term.setAttribute("aria-describedby", hint.id);
    term.addEventListener("focus", () => show(term));
    term.addEventListener("pointerenter", () => show(term));
    for (const gone of ["blur", "pointerleave"]) term.addEventListener(gone, () => { leaving = setTimeout(hide, 200); });
  }
  hint.addEventListener("pointerenter", () => clearTimeout(leaving));
  hint.addEventListener("pointerleave", hide);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    const bare = !event.ctrlKey && !event.altKey && !event.metaKey && document.documentElement.dataset.keys !== "off";
    if (event.key !== "/" || !bare || window.SecondLook.inField(event)) return;
    event.preventDefault();
    document.getElementById("q").focus();
  });
})();
