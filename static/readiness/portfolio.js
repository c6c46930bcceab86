// Optional: keeps the worksheet in this browser (localStorage) and the matrix up to date. Nothing is sent.
(() => {
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const key = form.dataset.keep;
  const entryFields = () => [...form.querySelectorAll(".entry textarea")];

  // Storage may be blocked or full: the worksheet then works as it does without JavaScript.
  const keep = () => {
    const entries = {};
    for (const field of entryFields()) if (field.value.trim()) entries[field.name] = field.value;
    try {
      if (Object.keys(entries).length) localStorage.setItem(key, JSON.stringify(entries));
      else localStorage.removeItem(key);
    } catch {
      document.querySelector(".privacy .script-on").textContent =
        "This browser keeps nothing for this page, so export your entries before you leave.";
    }
  };
  const kept = () => {
    try {
      const entries = JSON.parse(localStorage.getItem(key) ?? "{}");
      return entries && typeof entries === "object" ? entries : {};
    } catch {
      return {};
    }
  };

  const renumber = (entry, number) => {
    const from = `${entry.dataset.area}-${entry.dataset.number}-`;
    const to = `${entry.dataset.area}-${number}-`;
    for (const element of entry.querySelectorAll("*"))
      for (const name of ["id", "name", "for", "aria-describedby"])
        if (element.getAttribute(name)?.startsWith(from))
          element.setAttribute(name, to + element.getAttribute(name).slice(from.length));
    entry.dataset.number = number;
    entry.querySelector(".number").textContent = number;
  };
  const entriesOf = (area) => [...form.querySelectorAll(`.entry[data-area="${area}"]`)];
  const addEntry = (area) => {
    const last = entriesOf(area).at(-1);
    const entry = last.cloneNode(true);
    renumber(entry, Number(last.dataset.number) + 1);
    entry.querySelector(".hints")?.remove();
    for (const field of entry.querySelectorAll("textarea")) field.value = "";
    last.after(entry);
    return entry;
  };

  const count = () => {
    let filled = 0;
    for (const tile of document.querySelectorAll(".tile")) {
      const area = tile.dataset.area;
      const written = entriesOf(area).filter((entry) =>
        [...entry.querySelectorAll("textarea")].some((field) => field.value.trim()),
      ).length;
      if (written) filled += 1;
      tile.dataset.entries = Math.min(written, 3);
      const words = written === 0 ? "No entry yet" : written === 1 ? "1 entry" : `${written} entries`;
      for (const label of document.querySelectorAll(`[data-count="${area}"]`)) label.textContent = words;
    }
    document
      .querySelector(".matrix svg")
      .setAttribute("aria-label", `Your evidence matrix: ${filled} of 8 areas have an entry`);
  };

  if (form.hasAttribute("data-fresh")) {
    const numbers = {};
    for (const [name, value] of Object.entries(kept())) {
      const [, area, number, field] = /^([a-z-]+?)-(\d{1,3})-([a-z]+)$/.exec(name) ?? [];
      if (!area || typeof value !== "string" || !entriesOf(area).length) continue;
      const place = (numbers[area] ??= [...new Set(
        Object.keys(kept()).filter((other) => other.startsWith(`${area}-`)).map((other) => Number(/-(\d+)-/.exec(other)?.[1])),
      )].sort((a, b) => a - b)).indexOf(Number(number));
      while (entriesOf(area).length <= place && entriesOf(area).length < 12) addEntry(area);
      const target = entriesOf(area)[place]?.querySelector(`textarea[name$="-${field}"]`);
      if (target) target.value = value;
      document.getElementById(area).open = true;
    }
  } else keep();
  count();

  form.addEventListener("input", () => {
    keep();
    count();
  });
  form.querySelector("[data-clear]").addEventListener("click", () => {
    if (!confirm("Clear every entry on this page and in this browser? They cannot be brought back.")) return;
    for (const field of entryFields()) field.value = "";
    for (const hints of form.querySelectorAll(".hints")) hints.remove();
    keep();
    count();
    form.querySelector("[data-cleared]").textContent = "Cleared";
  });

  // A link of the matrix opens the area it leads to.
  const open = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target?.matches("details")) target.open = true;
  };
  open();
  addEventListener("hashchange", open);
})();
