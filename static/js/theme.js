// Runs before first paint: applies the reader's own choice of theme, kept in this browser only.
(() => {
  const root = document.documentElement;
  root.dataset.script = "on"; // shows what works only with JavaScript
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Storage is blocked: the system's theme stands.
  }
})();
