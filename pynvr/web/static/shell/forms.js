// @ts-check
/** Small forms that send one wish: empty fields are named, the mistake stands in the form. */

const SHORTEST_PASSWORD = 8;
const LONGEST_NAME = 64;

/**
 * @param {HTMLFormElement} form with a .mistake and a submit button in it
 * @param {(value: (name: string) => string) => Promise<void>} send throws the mistake; the form is cleared after it
 */
export function smallForm(form, send) {
  const mistake = /** @type {HTMLElement} */ (form.querySelector(".mistake"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    mistake.textContent = "";
    const inputs = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input")]);
    const empty = inputs.find((input) => input.required && input.value.trim() === "");
    if (empty) {
      mistake.textContent = `Please fill in: ${empty.labels?.[0]?.textContent ?? empty.name}.`;
      empty.focus();
      return;
    }
    button.disabled = true;
    try {
      const fields = new FormData(form);
      await send((name) => String(fields.get(name) ?? ""));
      form.reset();
    } catch (error) {
      mistake.textContent = error instanceof Error ? error.message : String(error);
    }
    button.disabled = false;
  });
  // Until here the browser itself would have sent it: the fields in the address, and on to nowhere.
  button.disabled = false;
}

/**
 * The name of a user or program without spaces around it, if it may be one; throws the mistake in words.
 * @param {string} text
 */
export function checkedName(text) {
  const name = text.trim();
  const many = [...name].length;
  if (many > LONGEST_NAME) throw new Error(`The name may have ${LONGEST_NAME} letters at most; this one has ${many}.`);
  return name;
}

/**
 * The password, if it may be one; throws the mistake in words.
 * @param {string} password
 * @param {string} [again] the same once more
 */
export function checkedPassword(password, again = password) {
  if (password.length < SHORTEST_PASSWORD) {
    throw new Error(`The password needs at least ${SHORTEST_PASSWORD} characters.`);
  }
  if (password !== again) throw new Error("The two passwords differ.");
  return password;
}
