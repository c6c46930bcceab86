// Optional: shows the times in the visitor's own zone at once. Without this file the coach's zone is shown by name,
// and the select changes it. The page stays: its forms are exchanged for those of the same page in that zone.
(() => {
  const zoned = (page) => [...page.querySelectorAll("main form")];
  const forms = zoned(document);
  const select = document.querySelector("select[data-detect-zone]");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const url = new URL(location.href);
  if (!select || !zone || zone === select.value || url.searchParams.has("tz")) return;

  // Whoever has begun to choose keeps what is on the page.
  const begun =
    !select.selectedOptions[0]?.defaultSelected ||
    forms.some(
      (form) =>
        form.contains(document.activeElement) ||
        [...form.querySelectorAll("input")].some((input) => input.checked !== input.defaultChecked),
    );
  if (begun) return;

  url.searchParams.set("tz", zone);
  const request = new XMLHttpRequest();
  request.responseType = "document"; // parsed by the browser, which the page's Trusted Types allow
  request.addEventListener("load", () => {
    const page = request.response;
    const others = page ? zoned(page) : [];
    if (request.status !== 200 || others.length !== forms.length || !page.querySelector("select#tz")) return;
    if (page.querySelector("select[data-detect-zone]")) return; // the site does not know this zone
    forms.forEach((form, place) => form.replaceWith(others[place]));
    history.replaceState(history.state, "", url);
  });
  for (const form of forms)
    for (const sign of ["focusin", "input", "click"]) form.addEventListener(sign, () => request.abort());
  request.open("GET", url);
  request.send();
})();
