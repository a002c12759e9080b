// @ts-check
/** The signs on the buttons, drawn as paths so that they look the same everywhere. */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {keyof typeof PATHS} IconName */

/** On 24 × 24. */
const PATHS = {
  play: "M7 4.5v15l12.5-7.5z",
  pause: "M6.5 5h4v14h-4zM13.5 5h4v14h-4z",
  frameBack: "M15.5 5v14L6 12zM17 5h2.5v14H17z",
  frameAhead: "M8.5 5v14l9.5-7zM4.5 5H7v14H4.5z",
  activityBack: "M3 5h2.5v14H3zM21 5v14l-7.5-7zM13.5 5v14L6 12z",
  activityAhead: "M18.5 5H21v14h-2.5zM3 5v14l7.5-7zM10.5 5v14l7.5-7z",
  alertBack: "M17 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM10 5l1.5 1.5L6 12l5.5 5.5L10 19l-7-7z",
  alertAhead: "M7 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM14 5l7 7-7 7-1.5-1.5L18 12l-5.5-5.5z",
  down: "M11 3h2v10l4-4 1.4 1.4L12 16.8 5.6 10.4 7 9l4 4zM4 19h16v2H4z",
  keep: "M6 10V8a6 6 0 0 1 12 0v2h1.5v11h-15V10zm2.2 0h7.6V8a3.8 3.8 0 0 0-7.6 0z",
  tag: "M3 4h8.5l9.5 9.5-7.5 7.5L4 11.5zm4.2 2.4a1.6 1.6 0 1 0 .1 3.2 1.6 1.6 0 0 0-.1-3.2z",
  find: "M3 3h6v2H5v4H3zM15 3h6v6h-2V5h-4zM3 15h2v4h4v2H3zM12.5 8a4.5 4.5 0 0 1 3.8 6.9l4.4 4.4-1.4 1.4-4.4-4.4A4.5 4.5 0 1 1 12.5 8zm0 2a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  incident: "M12 3 22 20.5H2zM11 9v6h2V9zM11 16.5v2h2v-2z",
  best: "m12 2.5 2.9 6.1 6.6.9-4.8 4.6 1.2 6.6-5.9-3.2-5.9 3.2 1.2-6.6L2.5 9.5l6.6-.9z",
  full: "M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z",
  sound:
    "M4 9h4l5-4.5v15L8 15H4zM15.5 8.2a5 5 0 0 1 0 7.6l-1.2-1.3a3.2 3.2 0 0 0 0-5zM18 5.5a9 9 0 0 1 0 13l-1.3-1.4a7 7 0 0 0 0-10.2z",
  silent: "M4 9h4l5-4.5v15L8 15H4zM15.5 9.4 17 8l2 2 2-2 1.4 1.4-2 2.1 2 2-1.4 1.4-2-2-2 2-1.5-1.4 2.1-2z",
  more: "M5 10a2 2 0 1 1 0 4 2 2 0 0 1 0-4zm7 0a2 2 0 1 1 0 4 2 2 0 0 1 0-4zm7 0a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
  markIn: "M9 4h7v2h-5v12h5v2H9z",
  markOut: "M8 4h7v16H8v-2h5V6H8z",
  help: "M12 3a6 6 0 0 1 2 11.6V16h-3v-3.2l1-.2a3.1 3.1 0 1 0-4-3H5A6 6 0 0 1 12 3zM11 18h3v3h-3z",
  close: "M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6 10.6 12 5 6.4z",
  previous: "M15 5 8 12l7 7 1.5-1.5L11 12l5.5-5.5z",
  next: "m9 5 7 7-7 7-1.5-1.5L13 12 7.5 6.5z",
  boxes: "M3 4h7v2H5v4H3zM14 4h7v6h-2V6h-5zM3 14h2v4h5v2H3zM19 14h2v6h-7v-2h5zM9 9h6v6H9z",
  link: "M9 7H7a5 5 0 0 0 0 10h2v-2H7a3 3 0 0 1 0-6h2zm6 0h2a5 5 0 0 1 0 10h-2v-2h2a3 3 0 0 0 0-6h-2zM8 11h8v2H8z",
};

/**
 * @param {IconName} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/**
 * Show another sign on a button that has one.
 * @param {Element} button
 * @param {IconName} name
 */
export function setIcon(button, name) {
  const path = button.querySelector("svg.icon path");
  if (path && path.getAttribute("d") !== PATHS[name]) path.setAttribute("d", PATHS[name]);
}
