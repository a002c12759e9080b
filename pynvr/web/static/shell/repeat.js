// @ts-check
/** Keep a page fresh while somebody looks at it. */

/**
 * Run `work` now and again `seconds` after it ended, not while the page is hidden, and at once when it shows again.
 * @param {number} seconds
 * @param {() => Promise<void>} work handles its own errors
 * @returns {() => Promise<void>} runs it at once, instead of the next time
 */
export function repeat(seconds, work) {
  let timer = 0;
  /** @type {Promise<void> | null} */
  let running = null;

  function run() {
    clearTimeout(timer);
    running ??= work().finally(() => {
      running = null;
      clearTimeout(timer);
      if (!document.hidden) timer = window.setTimeout(run, seconds * 1000);
    });
    return running;
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(timer);
    else void run();
  });
  void run();
  return run;
}
