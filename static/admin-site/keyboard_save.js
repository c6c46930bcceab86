// Ctrl+S, or Cmd+S on a Mac, saves the form and stays on it.
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const button =
    document.querySelector("#content-main form [name=_continue]") ??
    document.querySelector("#content-main form [name=_save], #changelist-form [name=_save]");
  if (!button) return;
  event.preventDefault();
  if (!event.repeat) button.form.requestSubmit(button);
});
