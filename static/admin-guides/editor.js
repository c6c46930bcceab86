// What the change form of a guide gains with JavaScript: the page beside the text while typing, and a warning
// before unsaved words are left. Without it the form is an ordinary form and says the same.
(() => {
  "use strict";
  const PAUSE = 400; // milliseconds without a key before the preview follows
  const form = document.querySelector("#guide_form");
  const body = document.querySelector("#id_body");
  const button = document.querySelector("[data-typed-preview]");
  if (!form || !body) return;

  let unsaved = form.querySelector(".errorlist") !== null; // a form that came back with errors is not saved
  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", (event) => {
    if (!event.submitter || !event.submitter.formTarget) unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

  // A finding's place in the body: its line is selected there.
  document.querySelectorAll("#audit [data-line]").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    const lines = body.value.split("\n");
    const number = Math.min(Number(link.dataset.line), lines.length);
    const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
    body.focus({ preventScroll: true });
    body.setSelectionRange(start, start + lines[number - 1].length);
    body.scrollTop = body.scrollHeight * ((number - 1) / lines.length) - body.clientHeight / 3;
    body.scrollIntoView({ block: "center" });
  }));

  if (!button) return;
  const pane = document.createElement("div");
  pane.className = "typed-pane";
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  const frame = document.createElement("iframe");
  frame.title = "The page as typed";
  pane.append(status, frame);
  const row = body.closest(".form-row");
  row.classList.add("beside");
  row.append(pane);

  const say = (words, problems = []) => {
    status.textContent = words;
    status.classList.toggle("problem", problems.length > 0);
    for (const problem of problems) {
      const line = document.createElement("span");
      line.textContent = problem;
      status.append(line);
    }
  };

  // The new page's main part takes the old one's place, so that the frame keeps where it is scrolled to.
  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const shown = frame.contentDocument;
    const old = shown && shown.querySelector("main");
    if (!old) return;
    old.replaceWith(shown.importNode(fresh.querySelector("main"), true));
    shown.documentElement.dataset.edition = fresh.documentElement.dataset.edition || "";
  };

  let asked = null;
  const ask = async () => {
    if (asked) asked.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(button.formAction, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json, text/html" },
        signal: asked.signal,
      });
      if (answer.ok) {
        show(await answer.text());
        say("As typed, not saved.");
      } else if (answer.status === 422) {
        say("The page as it was before this has to be mended:", (await answer.json()).problems);
      } else {
        say("The preview could not be made.", ["Your text is untouched; save it and reload the form."]);
      }
    } catch (error) {
      if (error.name !== "AbortError") say("The preview could not be reached.", ["Your text is untouched."]);
    }
  };

  let timer = 0;
  frame.addEventListener("load", () => { say(button.dataset.untyped); if (unsaved) ask(); });
  frame.src = button.dataset.typedPreview;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
})();
