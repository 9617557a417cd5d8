// Uploads: a file can be dragged onto its form, and one sees how much of it was sent. Without this file the
// form is sent as any other.
(() => {
  "use strict";
  const formOf = (event) => event.target instanceof Element ? event.target.closest("form[data-upload]") : null;
  const tell = (form, words) => { form.querySelector("[data-told]").textContent = words; };

  const chosen = (form) => {
    const file = form.querySelector("input[type=file]").files[0];
    form.setAttribute("data-keep", "");
    if (file) tell(form, `${file.name}, ${Math.ceil(file.size / 1000)} kB`);
    return file;
  };

  addEventListener("change", (event) => {
    const form = formOf(event);
    if (form && event.target.matches("input[type=file]")) chosen(form);
  });

  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    addEventListener(kind, (event) => {
      const form = formOf(event);
      if (!form || !event.dataTransfer) return;
      event.preventDefault();
      form.classList.toggle("over", kind === "dragenter" || kind === "dragover");
      if (kind !== "drop" || !event.dataTransfer.files.length) return;
      form.querySelector("input[type=file]").files = event.dataTransfer.files;
      chosen(form);
    });
  }

  addEventListener("submit", (event) => {
    const form = formOf(event);
    const file = form && chosen(form);
    if (!file) return;
    event.preventDefault();
    const most = Number(form.dataset.upload);
    if (file.size > most) { tell(form, form.dataset.large); return; }
    const [bar, button] = [form.querySelector("progress"), form.querySelector("button")];
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (sent) => {
      bar.hidden = false;
      if (sent.lengthComputable) bar.value = 1000 * sent.loaded / sent.total;
    });
    const over = (words) => { bar.hidden = true; button.disabled = false; tell(form, words); };
    request.addEventListener("load", () => {
      if (request.status === 200) { location.assign(request.responseURL); return; }
      const answer = new DOMParser().parseFromString(request.responseText, "text/html");
      over(answer.querySelector(".lead")?.textContent ?? form.dataset.broken);
    });
    request.addEventListener("error", () => over(form.dataset.broken));
    button.disabled = true;
    request.send(new FormData(form));
  });
})();
