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
  main.addEventListener("input", (event) => event.target.form?.setAttribute("data-keep", ""));

  // Parts that go on living around a form that somebody writes into.
  const swapAround = (fresh) => {
    for (const next of fresh.querySelectorAll("[data-live][id]")) {
      const old = document.getElementById(next.id);
      if (old && !old.querySelector("form[data-keep]") && !old.contains(document.activeElement)) {
        if (old.innerHTML !== next.innerHTML) old.replaceChildren(...next.childNodes);
      }
    }
  };

  const swap = async () => {
    if (waiting) { again = true; return; }
    waiting = true;
    try {
      if (main.querySelector("form[method=post][data-keep]") && !main.querySelector("[data-live]")) return;
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (busy()) {
        swapAround(fresh);
        const note = document.getElementById("stale");
        if (note) note.hidden = false;
        return;
      }
      for (const part of ["main", "nav"]) {
        const next = fresh.querySelector(part);
        const old = document.querySelector(part);
        if (!next || !old || next.innerHTML === old.innerHTML) continue;
        const open = [...old.querySelectorAll("details[open][id]")].map((one) => one.id);
        const focus = document.activeElement && old.contains(document.activeElement)
          ? document.activeElement.getAttribute("href") : null;
        const scrolled = [...old.querySelectorAll(".mapbox, .columns")].map((box) => box.scrollLeft);
        old.replaceChildren(...next.childNodes);
        [...old.querySelectorAll(".mapbox, .columns")].forEach((box, place) => { box.scrollLeft = scrolled[place] ?? 0; });
        for (const id of open) document.getElementById(id)?.setAttribute("open", "");
        if (focus) old.querySelector(`[href="${CSS.escape(focus)}"]`)?.focus();
      }
    } finally {
      waiting = false;
      if (again) { again = false; later(); }
    }
  };

  // Where the map is wider than the window it begins at the own hub.
  const atHome = () => {
    for (const box of main.querySelectorAll(".mapbox")) {
      const own = box.querySelector(".own")?.getBoundingClientRect();
      const frame = box.getBoundingClientRect();
      if (own && box.scrollWidth > box.clientWidth) box.scrollLeft += own.left - frame.left - frame.width / 2;
    }
  };
  atHome();

  let timer = 0;
  const later = () => { clearTimeout(timer); timer = setTimeout(swap, 200); };

  const events = new EventSource("/api/v1/events");
  for (const name of ["registry", "node", "reset", "peer", "held"]) events.addEventListener(name, later);
})();
