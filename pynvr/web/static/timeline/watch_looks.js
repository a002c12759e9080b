// @ts-check
/** Tells when a canvas has to be drawn anew for reasons of its page: size, colours, device pixels. */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {() => void} changed is called once soon, and then with each change
 * @param {AbortSignal} signal ends it
 */
export function watchLooks(canvas, changed, signal) {
  document.addEventListener("themechange", changed, { signal });
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", changed, { signal });
  const observer = new ResizeObserver(changed);
  observer.observe(canvas);
  signal.addEventListener("abort", () => observer.disconnect());
  watchRatio(changed, signal);
}

/**
 * Device pixels a CSS pixel change with the page's zoom and from screen to screen.
 * @param {() => void} changed
 * @param {AbortSignal} signal
 */
function watchRatio(changed, signal) {
  const other = () => {
    changed();
    watchRatio(changed, signal);
  };
  matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", other, { once: true, signal });
}
