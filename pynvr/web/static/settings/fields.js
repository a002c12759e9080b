// @ts-check
/** Which keys of a camera a person changes here, and how they are called. docs/config.md explains them all. Pure. */

/**
 * @typedef {object} Field
 * @property {string} path in the camera's document, such as "record.mode"
 * @property {string} label
 * @property {"text" | "url" | "secret" | "folder" | "number" | "boolean" | "choice" | "switch" | "schedule" | "zones" | "headers"} kind
 * @property {string} [hint]
 * @property {string} [unit]
 * @property {string} [fallback] what holds without an entry
 * @property {[string, string][]} [options] of a choice: value, words
 * @property {boolean} [required]
 * @property {{ path: string, is?: string[], not?: string[] }} [when] shown only while another field's value is (not) one of these
 * @property {boolean} [wide]
 * @property {boolean} [onlyNew] can't be changed later
 * @property {boolean} [keeps] its entry stays while it isn't shown
 */

/** @typedef {{ title: string, fields: Field[], folded?: boolean }} Group */

const ENCODED = { path: "record.codec", not: ["", "copy"] };
const DELIVERED = { path: "post_url", not: [""] };
const MOTION = { path: "record.mode", is: ["motion"] };

const ON = /** @type {[string, string][]} */ ([
  ["true", "On"],
  ["false", "Off"],
]);

/**
 * What there is to say of a detector.
 * @param {"motion" | "faces"} name
 * @param {{title: string, threshold: Partial<Field>}} words
 * @returns {Field[]}
 */
function detectorFields(name, { title, threshold }) {
  const own = { when: { path: `detect.${name}.enabled`, is: ["true"] }, keeps: true };
  return [
    {
      path: `detect.${name}.fps`,
      label: `${title}: pictures looked at`,
      kind: "number",
      unit: "a second",
      fallback: "keyframes only",
      hint: "Keyframes cost least.",
      ...own,
    },
    { path: `detect.${name}.threshold`, label: `${title}: threshold`, kind: "number", ...threshold, ...own },
    {
      path: `detect.${name}.confidence_threshold`,
      label: `${title}: alert from`,
      kind: "number",
      fallback: "0.8",
      hint: "How sure it has to be, from 0 to 1.",
      ...own,
    },
    { path: `detect.${name}.cooldown_seconds`, label: `${title}: one alert in`, kind: "number", unit: "s", fallback: "30", ...own },
    { path: `detect.${name}.zones`, label: `${title}: parts of the picture that count`, kind: "zones", wide: true, ...own },
  ];
}

/** @type {Group[]} */
export const GROUPS = [
  {
    title: "Camera",
    fields: [
      { path: "name", label: "Name", kind: "text", hint: "As it is called on all pages." },
      {
        path: "id",
        label: "Id",
        kind: "text",
        onlyNew: true,
        fallback: "made of the name",
        hint: "Names its files and addresses, and stays as it is. Letters, digits, _ and -.",
      },
      {
        path: "url",
        label: "Address",
        kind: "url",
        required: true,
        wide: true,
        hint: "rtsp://user:password@192.168.1.20/stream1. A stored password shows as ***, and stays when that is left.",
      },
      {
        path: "live.url",
        label: "Address of a smaller stream",
        kind: "url",
        wide: true,
        fallback: "none: the address above serves",
        hint: "The camera's sub-stream, such as …/stream2. It is opened only while somebody watches, or for detection; without it both use the address above.",
      },
      { path: "description", label: "Description", kind: "text", wide: true },
      { path: "enabled", label: "Record this camera", kind: "boolean", wide: true },
    ],
  },
  {
    title: "What is recorded",
    fields: [
      {
        path: "record.mode",
        label: "When",
        kind: "choice",
        fallback: "always",
        options: [
          ["always", "Always"],
          ["schedule", "At times of the week"],
          ["motion", "What moves"],
          ["never", "Never"],
        ],
      },
      {
        path: "audio",
        label: "Sound",
        kind: "choice",
        fallback: "auto",
        options: [
          ["auto", "As it comes, else as AAC"],
          ["copy", "Only as it comes"],
          ["aac", "As AAC"],
          ["off", "None"],
        ],
      },
      { path: "record.schedule", label: "Times of the week", kind: "schedule", wide: true, when: { path: "record.mode", is: ["schedule"] } },
      {
        path: "record.pre_seconds",
        label: "Kept before it moves",
        kind: "number",
        unit: "seconds",
        fallback: "5",
        when: MOTION,
        hint: "What counts as motion is what detection's settings say, also where it is off. What wasn't watched is kept.",
      },
      { path: "record.post_seconds", label: "Kept after it moved", kind: "number", unit: "seconds", fallback: "10", when: MOTION },
      {
        path: "record.codec",
        label: "Video",
        kind: "choice",
        fallback: "copy",
        hint: "Anything but “as it comes” costs much of the processor.",
        options: [
          ["copy", "As it comes"],
          ["h264", "Re-encoded as H.264"],
          ["hevc", "Re-encoded as H.265"],
          ["mpeg4", "Re-encoded as MPEG-4"],
        ],
      },
      { path: "record.bitrate_kbps", label: "Bit rate", kind: "number", unit: "kbit/s", fallback: "as the encoder likes", when: ENCODED },
      { path: "record.width", label: "Width", kind: "number", unit: "pixels", fallback: "as it comes", when: ENCODED },
      { path: "record.height", label: "Height", kind: "number", unit: "pixels", fallback: "as it comes", when: ENCODED },
      { path: "record.fps", label: "Frame rate", kind: "number", unit: "fps", fallback: "as it comes", when: ENCODED },
    ],
  },
  {
    title: "Detection",
    fields: [
      { path: "detect.motion.enabled", label: "Motion", kind: "switch", fallback: "false", options: ON, hint: "Something moves; rain and light are left out." },
      { path: "detect.faces.enabled", label: "Faces", kind: "switch", fallback: "false", options: ON, hint: "On this machine alone. Needs the extra pynvr[faces]." },
      ...detectorFields("motion", { title: "Motion", threshold: { fallback: "0.002", hint: "The smallest share of the picture that must move." } }),
      ...detectorFields("faces", { title: "Faces", threshold: { fallback: "0.7", hint: "Who is less surely a face isn't stored." } }),
    ],
  },
  {
    title: "How long it is kept",
    fields: [
      { path: "retention.max_days", label: "At most", kind: "number", unit: "days", fallback: "no limit", hint: "Older recordings are deleted." },
      { path: "retention.max_gb", label: "At most", kind: "number", unit: "GB", fallback: "no limit", hint: "The oldest give way." },
      {
        path: "retention.min_days",
        label: "At least",
        kind: "number",
        unit: "days",
        fallback: "no promise",
        hint: "Other cameras give way first; you are warned before it is broken.",
      },
      { path: "dst", label: "Folder", kind: "folder", fallback: "in the data folder", wide: true, hint: "A folder or disk of its own. What was recorded stays in the old one." },
    ],
  },
  {
    title: "Incidents",
    folded: true,
    fields: [
      {
        path: "incident.pre_seconds",
        label: "Before the moment",
        kind: "number",
        unit: "seconds",
        fallback: "5",
        hint: "How much of what comes before is in the clip, where nothing else is asked for.",
      },
      { path: "incident.post_seconds", label: "After the moment", kind: "number", unit: "seconds", fallback: "5" },
      {
        path: "incident.codec",
        label: "Format of the clip",
        kind: "choice",
        fallback: "copy",
        options: [
          ["copy", "As recorded"],
          ["h264", "Always H.264"],
        ],
        hint: "H.264 for receivers that don't play H.265.",
      },
      {
        path: "incident.exact",
        label: "Cut to the very frame",
        kind: "switch",
        fallback: "false",
        options: ON,
        hint: "Costs an encoding. Else the clip holds what was recorded, and players hide what comes before its beginning.",
      },
      {
        path: "post_url",
        label: "Clips are delivered to",
        kind: "url",
        wide: true,
        fallback: "nowhere: they are made, and fetched from here",
        hint: "Such as https://example.org/incidents. Each clip is sent there by POST, and again until it is accepted.",
      },
      {
        path: "post_token",
        label: "Token",
        kind: "secret",
        fallback: "none",
        when: DELIVERED,
        hint: "Sent as “Authorization: Bearer …”. A stored one shows as ***, and stays when that is left.",
      },
      {
        path: "post_headers",
        label: "Further headers",
        kind: "headers",
        fallback: "none",
        when: DELIVERED,
        hint: "One a line, such as X-Key: abc. Stored values show as ***.",
      },
    ],
  },
  {
    title: "Connection",
    folded: true,
    fields: [
      {
        path: "transport",
        label: "Transport",
        kind: "choice",
        fallback: "tcp",
        hint: "TCP loses nothing; UDP may help with a poor network or camera.",
        options: [
          ["tcp", "TCP"],
          ["udp", "UDP"],
          ["auto", "UDP, then TCP"],
        ],
      },
      { path: "initial_timeout", label: "First picture within", kind: "number", unit: "s", fallback: "30" },
      { path: "frame_timeout", label: "Next picture within", kind: "number", unit: "s", fallback: "5", hint: "Else it is connected anew." },
      { path: "retry.first", label: "First try again after", kind: "number", unit: "s", fallback: "1" },
      { path: "retry.longest", label: "Longest wait between tries", kind: "number", unit: "s", fallback: "60" },
    ],
  },
];

/** @type {Field[]} */
export const FIELDS = GROUPS.flatMap(({ fields }) => fields);

/**
 * Whether a field has a meaning with these values.
 * @param {Field} field
 * @param {(path: string) => unknown} valueOf
 */
export function isShown({ when }, valueOf) {
  if (!when) return true;
  const value = String(valueOf(when.path) ?? "");
  return when.is ? when.is.includes(value) : !(when.not ?? []).includes(value);
}
