/* Grades on their way: sent one after the other in their order, each under its own key, and again until they arrive. */
"use strict";
(() => {
  const waiting = [];
  const listeners = [];
  let working = false;
  let retryAfter = 0;

  const mark = (kind, sign, words) => {
    const saved = document.getElementById("saved");
    if (!saved) return;
    saved.className = `tag ${kind}`;
    saved.replaceChildren(Object.assign(document.createElement("span"), { className: "sign", textContent: sign }), words);
    saved.firstChild.setAttribute("aria-hidden", "true");
  };
  const show = () => {
    if (!waiting.length) mark("ok", "●", "Saved");
    else if (retryAfter) mark("warn", "▲", `${waiting.length} waiting`);
    else mark("", "◌", waiting.length > 1 ? `${waiting.length} waiting` : "Saving");
  };
  const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

  /* A grade that was refused is not lost: what was said of it stays on the page until it is looked at. */
  const tellRefused = (one, body) => {
    const answer = new DOMParser().parseFromString(body, "text/html");
    const why = answer.querySelector("main .message span:last-of-type, main p")?.textContent.trim() || "The server did not take it.";
    const row = Object.assign(document.createElement("div"), { className: "message bad" });
    row.append(Object.assign(document.createElement("span"), { className: "sign", textContent: "✕" }));
    const words = document.createElement("div");
    words.append(`${one.name} was not stored. ${why} `);
    const kept = answer.querySelector("main .facts");
    if (kept) words.append(document.importNode(kept, true));
    words.append(Object.assign(document.createElement("a"), { href: location.pathname, textContent: "Look at it again" }));
    row.append(words);
    document.querySelector(".messages")?.append(row);
  };

  /* A sitting may have ended: once it goes on in another window, its token is fetched anew. */
  const renew = async (one) => {
    const page = await fetch(location.pathname, { redirect: "manual" });
    if (!page.ok) return;
    const token = new DOMParser().parseFromString(await page.text(), "text/html").querySelector('meta[name="csrf-token"]');
    if (token) one.body.set("csrf_token", token.content);
  };
  const tellSignIn = () => {
    if (document.getElementById("sign-in-again")) return;
    const row = Object.assign(document.createElement("div"), { id: "sign-in-again", className: "message warn" });
    row.append("You are signed out. Your grades wait here: ");
    row.append(Object.assign(document.createElement("a"), { href: "/sign-in", target: "_blank", rel: "noopener", textContent: "sign in in another window" }));
    document.querySelector(".messages")?.append(row);
  };

  const deliver = async (one) => {
    const answer = await fetch(one.url, {
      method: "POST", body: new URLSearchParams(one.body), headers: { "X-Outbox": "1" }, redirect: "manual",
    });
    if (answer.type === "opaqueredirect" || answer.status === 400) { tellSignIn(); await renew(one); return false; }
    if (answer.status >= 500 || answer.status === 408 || answer.status === 429) return false;
    document.getElementById("sign-in-again")?.remove();
    if (!answer.ok) tellRefused(one, await answer.text());
    return true;
  };
  const work = async () => {
    if (working) return;
    working = true;
    while (waiting.length) {
      show();
      const isDone = await deliver(waiting[0]).catch(() => false);
      if (isDone) {
        waiting.shift();
        retryAfter = 0;
        show();
        for (const tell of [...listeners]) tell();
      } else {
        retryAfter = Math.min(Math.max(retryAfter * 2, 1), 15);
        show();
        await pause(retryAfter);
      }
    }
    working = false;
  };

  window.addEventListener("online", () => { retryAfter = retryAfter && 1; });
  window.addEventListener("beforeunload", (event) => { if (waiting.length) event.preventDefault(); });

  const put = (one) => { waiting.push(one); show(); work(); };
  const whenEmpty = (deed) => {
    if (!waiting.length) { deed(); return; }
    const look = () => { if (!waiting.length) { listeners.splice(listeners.indexOf(look), 1); deed(); } };
    listeners.push(look);
  };
  Object.assign(window.SecondLook, {
    outbox: { put, whenEmpty, saving: () => mark("", "◌", "Saving"), onSent: (tell) => listeners.push(tell), get size() { return waiting.length; } },
  });
})();
