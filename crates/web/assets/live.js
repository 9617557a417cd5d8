// Live updates: when the node says that something changed, the page is fetched again and its main part is
// put in the place of the old one. Nothing is lost without this file but the need to reload by hand.
(() => {
  "use strict";
  const main = document.querySelector("main");
  if (!main || !window.EventSource || main.dataset.still !== undefined) return;
  let waiting = false;
  let again = false;

  // Somebody who writes is not interrupted.
  const busy = () => {
    const active = document.activeElement;
    const form = main.querySelector("form[data-keep]");
    return Boolean(form) || (active && active.matches("main input, main textarea, main select"));
  };

  const swap = async () => {
    if (waiting) { again = true; return; }
    waiting = true;
    try {
      if (busy()) {
        const note = document.getElementById("stale");
        if (note) note.hidden = false;
        return;
      }
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of ["main", "nav"]) {
        const next = fresh.querySelector(part);
        const old = document.querySelector(part);
        if (!next || !old || next.innerHTML === old.innerHTML) continue;
        const open = [...old.querySelectorAll("details[open][id]")].map((one) => one.id);
        const focus = document.activeElement && old.contains(document.activeElement)
          ? document.activeElement.getAttribute("href") : null;
        old.replaceChildren(...next.childNodes);
        for (const id of open) document.getElementById(id)?.setAttribute("open", "");
        if (focus) old.querySelector(`[href="${CSS.escape(focus)}"]`)?.focus();
      }
    } finally {
      waiting = false;
      if (again) { again = false; later(); }
    }
  };

  let timer = 0;
  const later = () => { clearTimeout(timer); timer = setTimeout(swap, 200); };

  const events = new EventSource("/api/v1/events");
  for (const name of ["registry", "node", "reset", "peer", "held"]) events.addEventListener(name, later);
})();
