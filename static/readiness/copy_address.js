// Optional: a button that copies the address of a result. Without it the reader selects the text.
(() => {
  const field = document.querySelector("[data-copy]");
  if (!field || !navigator.clipboard) return;
  field.addEventListener("focus", () => field.select());
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button outline small copy";
  button.textContent = "Copy the address";
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = "Copied";
    } catch {
      field.select();
      status.textContent = "Select the address to copy it";
    }
  });
  const line = document.createElement("p");
  line.className = "actions";
  line.append(button, status);
  field.closest(".field").after(line);
})();
