// Optional: shows the times in the visitor's own zone at once. Without this file the coach's zone is shown by name,
// and the select changes it. The page stays: its forms are brought to what the same page has in that zone.
// After the first paint, which this must not hold up: asking Intl for the zone takes a slow phone a tenth of a second;
// asking Temporal, where the browser has it, takes no time.
requestAnimationFrame(() => setTimeout(() => {
  const zoned = (page) => [...page.querySelectorAll("main form")];
  const forms = zoned(document);
  const select = document.querySelector("select[data-detect-zone]");
  const zone = globalThis.Temporal?.Now.timeZoneId() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
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
    const found = page?.querySelector("select#tz");
    if (request.status !== 200 || others.length !== forms.length || !found) return;
    if ("detectZone" in found.dataset) return; // the site does not know this zone
    forms.forEach((form, place) => {
      if (!form.contains(select)) return form.replaceWith(others[place]);
      // The zones stay if the visitor's is among them: to exchange them would hold up a slow phone.
      form.elements.week.value = others[place].elements.week.value;
      select.value = found.value;
      if (select.value !== found.value) select.replaceWith(found);
    });
    history.replaceState(history.state, "", url);
  });
  for (const form of forms)
    for (const sign of ["focusin", "input", "click"]) form.addEventListener(sign, () => request.abort());
  request.open("GET", url);
  request.send();
}));
