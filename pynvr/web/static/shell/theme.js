// @ts-check
/**
 * Dark or light, before the first picture of the page is drawn: a classic script in the head, so that nothing flashes.
 * The choice is kept in localStorage as `pynvr.theme`: "light", or "system" to follow that; else it is dark.
 */
(() => {
  const prefersLight = matchMedia("(prefers-color-scheme: light)");

  function apply() {
    let chosen = null;
    try {
      chosen = localStorage.getItem("pynvr.theme");
    } catch {
      // A browser that keeps nothing is dark.
    }
    const light = chosen === "light" || (chosen === "system" && prefersLight.matches);
    const theme = light ? "light" : "dark";
    if (document.documentElement.dataset.theme !== theme) {
      document.documentElement.dataset.theme = theme;
      // Canvases read the colours again.
      document.dispatchEvent(new Event("themechange"));
    }
  }

  prefersLight.addEventListener("change", apply);
  // Another tab, or this one (see shell.js), chose anew.
  addEventListener("storage", apply);
  apply();
})();
