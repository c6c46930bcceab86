// Optional and async: every page works without this file.
const begin = () => {
  const root = document.documentElement;

  // Theme: three buttons; the browser's own bars follow the choice.
  const paper = { light: "#f7faf8", dark: "#0b1513" };
  const show = (theme) => {
    for (const button of document.querySelectorAll("[data-theme-choice]"))
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
    for (const meta of document.querySelectorAll('meta[name="theme-color"]'))
      meta.content = paper[theme] ?? (meta.media.includes("dark") ? paper.dark : paper.light);
  };
  show(root.dataset.theme ?? "system");
  document.querySelector(".theme")?.addEventListener("click", (event) => {
    const theme = event.target.closest("button")?.dataset.themeChoice;
    if (!theme) return;
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    show(theme);
    try {
      if (theme === "system") localStorage.removeItem("theme");
      else localStorage.setItem("theme", theme);
    } catch {
      // Storage is blocked: the choice lasts for this page.
    }
  });

  // Contents: marks the section being read.
  const contents = document.getElementById("contents");
  const current = document.querySelector("[data-current-section]");
  if (contents && current) {
    const links = new Map([...contents.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
    contents.addEventListener("click", (event) => {
      if (event.target.closest("a") && contents.matches(":popover-open")) contents.hidePopover();
    });
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const link = links.get(target.id);
          if (isIntersecting) {
            link.setAttribute("aria-current", "true");
            current.textContent = link.textContent;
            contents.scrollTop = link.offsetTop - contents.clientHeight / 2; // the list may be long
          } else {
            link.removeAttribute("aria-current");
            if (current.textContent === link.textContent) current.textContent = "";
          }
        }
      },
      { rootMargin: "-30% 0px -70% 0px" },
    );
    for (const id of links.keys()) {
      const section = document.getElementById(id);
      if (section) watcher.observe(section);
    }
  }

  // A guide's address: handed to the browser's own sharing where it has that, otherwise copied.
  const facts = document.querySelector(".opening .meta");
  const address = document.querySelector('link[rel="canonical"]')?.href;
  if (facts && address && (navigator.share || navigator.clipboard)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "share";
    button.textContent = navigator.share ? "Share" : "Copy link";
    button.addEventListener("click", async () => {
      try {
        if (navigator.share) await navigator.share({ title: document.title, url: address });
        else {
          await navigator.clipboard.writeText(address);
          button.textContent = "Link copied";
        }
      } catch (error) {
        if (error.name !== "AbortError") button.textContent = address; // to be selected by hand
      }
    });
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    status.append(button);
    facts.append(status);
  }

  // A link to an answer opens it.
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.matches("details")) target.open = true;
  };
  open();
  addEventListener("hashchange", open);

  // Templates: a button that copies the text.
  if (navigator.clipboard)
    for (const template of document.querySelectorAll(".template")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button outline small";
      button.textContent = "Copy the text";
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(template.querySelector(".template-text").innerText);
          button.textContent = "Copied";
        } catch {
          button.textContent = "Select the text to copy it";
        }
      });
      const status = document.createElement("span");
      status.setAttribute("role", "status");
      status.append(button);
      template.querySelector(".template-actions")?.prepend(status);
    }
};
if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
else begin();
