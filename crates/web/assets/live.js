// Live updates: when the node says that something changed, the page is fetched again and its main part is
// put in the place of the old one. Nothing is lost without this file but the need to reload by hand.
(() => {
  "use strict";
  const main = document.querySelector("main");
  // A page that does not say which event it was drawn behind is not one that changes.
  if (!window.EventSource || main?.dataset.seen === undefined) return;
  // Times are told by this browser's clock, unless the settings name another zone.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `cohub_browser_zone=${zone}; SameSite=Strict; Path=/; Max-Age=31536000`;
  // Milliseconds, and how often a page is asked for that does not come.
  const ANSWERED_WITHIN = 20000;
  const PAUSE = 2000;
  const TRIES = 30;
  let waiting = false;
  let again = false;
  let tries = 0;

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
      const asked = { headers: { accept: "text/html" }, signal: AbortSignal.timeout(ANSWERED_WITHIN) };
      const answer = await fetch(location.href, asked);
      if (!answer.ok) throw new Error(answer.statusText);
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
      tries = 0;
    } catch {
      // The node's program is busy or on its way back: what happened is looked at later.
      if (tries++ < TRIES) { clearTimeout(timer); timer = setTimeout(swap, PAUSE); }
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

  // A browser opens few connections to one host, and a stream keeps one: only a page that is in sight has one.
  // It begins behind the last event that the page knows of, so that nothing falls between drawing and listening.
  let seen = main.dataset.seen;
  let events = null;
  const listen = () => {
    if (events || document.hidden) return;
    events = new EventSource(`/api/v1/events?after=${encodeURIComponent(seen)}`);
    const heard = (event) => { seen = event.lastEventId || seen; later(); };
    for (const name of ["registry", "node", "reset", "peer", "held"]) events.addEventListener(name, heard);
    events.addEventListener("error", () => {
      if (events?.readyState === EventSource.CLOSED) { rest(); setTimeout(listen, PAUSE); }
    });
  };
  const rest = () => { events?.close(); events = null; };
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", listen);
  listen();
})();
