// Optional: shows the times in the visitor's own zone at once. Without this file the coach's zone is shown by name,
// and the select changes it.
{
  const select = document.querySelector("select[data-detect-zone]");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const url = new URL(location.href);
  if (select && zone && zone !== select.value && !url.searchParams.has("tz")) {
    url.searchParams.set("tz", zone);
    location.replace(url);
  }
}
