// Optional and async: every page works without this file.
// What css/guides.css left for later (content-visibility) is laid out piece by piece once the page has been painted, but
// nothing at or above the place where a reader is by then.
const layOutTheRest = () => {
  const root = document.documentElement;
  const idly = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));
  const far = [root, ...document.querySelectorAll(".prose > section, .prose .steps > li, .topic, .closing")];
  const layOut = () => {
    const next = far.shift();
    if (next === root ? scrollY === 0 : next.getBoundingClientRect().top > innerHeight) next.dataset.laidOut = "";
    if (far.length) idly(layOut);
  };
  requestAnimationFrame(() => idly(layOut));
};
if (document.readyState === "complete") layOutTheRest();
else addEventListener("load", layOutTheRest);
