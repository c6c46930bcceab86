// Rows of an inline that have a position are put in order by dragging, by the arrow keys on their handle, or by typing
// a number. The number field is what is saved; without this script it is the way to do it.
(() => {
  const POSITION = 'input[name$="-position"]';

  const rowsOf = (group) =>
    [...group.querySelectorAll(".inline-related:not(.tabular), tr.form-row")].filter(
      (row) => !row.classList.contains("empty-form") && row.querySelector(POSITION),
    );

  const nameOf = (row) => {
    const said = row.querySelector(".has_original .inline_label, .has_original td.original p")?.textContent;
    return (said ?? row.querySelector("input[type=text], textarea")?.value ?? "").trim().slice(0, 60) || "this row";
  };

  const number = (group) => {
    rowsOf(group).forEach((row, index) => {
      row.querySelector(POSITION).value = String(index + 1);
    });
    group.dispatchEvent(new Event("input", { bubbles: true })); // the preview of what is typed listens
  };

  const moveTo = (group, row, index) => {
    const others = rowsOf(group).filter((other) => other !== row);
    const place = Math.min(Math.max(index, 0), others.length);
    if (place < others.length) others[place].before(row);
    else others.at(-1)?.after(row);
    number(group);
    return place;
  };

  const say = (group, text) => {
    let status = group.querySelector(".reorder-status");
    if (!status) {
      status = document.createElement("p");
      status.className = "reorder-status visually-hidden";
      status.setAttribute("role", "status");
      group.append(status);
    }
    status.textContent = text;
  };

  const moveByKeyOrNumber = (group, row, index, focused) => {
    const place = moveTo(group, row, index);
    focused.focus();
    say(group, `Moved to place ${place + 1} of ${rowsOf(group).length}.`);
  };

  const drag = (group, row, handle, start) => {
    if (start.button !== 0) return;
    start.preventDefault();
    handle.focus();
    row.classList.add("reorder-moving");
    const move = (event) => {
      const rows = rowsOf(group);
      const at = rows.findIndex((other) => {
        const box = other.getBoundingClientRect();
        return event.clientY >= box.top && event.clientY <= box.bottom;
      });
      const from = rows.indexOf(row);
      if (at === -1 || at === from) return;
      const box = rows[at].getBoundingClientRect();
      const isPast = at > from ? event.clientY > box.top + box.height / 2 : event.clientY < box.top + box.height / 2;
      if (isPast) moveTo(group, row, at);
    };
    const end = () => {
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", end);
      document.removeEventListener("pointercancel", end);
      row.classList.remove("reorder-moving");
      handle.focus();
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
  };

  const equip = (group, row) => {
    if (row.querySelector(".reorder-handle")) return;
    const handle = document.createElement("button");
    handle.type = "button";
    handle.className = "reorder-handle";
    handle.setAttribute("aria-label", `Move ${nameOf(row)}: drag, or press the up and down arrows`);
    handle.addEventListener("pointerdown", (event) => drag(group, row, handle, event));
    handle.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      moveByKeyOrNumber(group, row, rowsOf(group).indexOf(row) + by, handle);
    });
    const cell = row.querySelector(":scope > td.original");
    if (cell) cell.append(handle);
    else (row.querySelector(":scope > h3") ?? row).prepend(handle);

    const position = row.querySelector(POSITION);
    position.addEventListener("change", () => {
      const place = Number.parseInt(position.value, 10);
      if (place > 0) moveByKeyOrNumber(group, row, place - 1, position);
    });
  };

  const begin = () => document.querySelectorAll(".inline-group").forEach((group) => {
    rowsOf(group).forEach((row) => equip(group, row));
    group.addEventListener("formset:added", (event) => {
      const row = event.target;
      const position = row.querySelector(POSITION);
      if (!position) return;
      equip(group, row);
      // Numbered when something is typed: a row that stays empty must stay as it came, or the form would complain.
      row.addEventListener(
        "input",
        (typed) => {
          if (typed.target !== position) position.value = String(rowsOf(group).indexOf(row) + 1);
        },
        { once: true },
      );
    });
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
