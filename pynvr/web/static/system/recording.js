// @ts-check
/** Recording of all cameras: whether it is switched off, and the button for it. */

import { api } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { sureButton } from "../shell/sure.js";
import { formatMoment } from "../shell/time.js";
import { toast } from "../shell/toast.js";

export class RecordingSwitch {
  #place;
  #isAdmin;
  #refresh;
  /** @type {number | null | undefined} */
  #shown = undefined;

  /**
   * @param {HTMLElement} place
   * @param {boolean} isAdmin
   * @param {() => Promise<void>} refresh
   */
  constructor(place, isAdmin, refresh) {
    this.#place = place;
    this.#isAdmin = isAdmin;
    this.#refresh = refresh;
  }

  /**
   * @param {number | null} offSince epoch seconds; null: it is on
   * @param {string} zone
   * @param {number} now
   */
  show(offSince, zone, now) {
    if (offSince === this.#shown) return; // a question that was asked stays
    this.#shown = offSince;
    if (offSince !== null) {
      const since = `Recording is switched off since ${formatMoment(offSince, zone, now)}.`;
      const button = h("button", { class: "button primary", type: "button", onclick: () => void this.#on() }, "Record again");
      fill(this.#place, h("span", { class: "warn-text" }, since), this.#isAdmin && button);
    } else {
      fill(this.#place, this.#isAdmin && this.#offButton());
    }
  }

  #offButton() {
    return sureButton({
      label: "Stop recording",
      question: "Stop recording all cameras?",
      yes: "Stop",
      run: async () => {
        await api.post("/api/system/stop");
        await this.#refresh();
      },
    });
  }

  async #on() {
    try {
      await api.post("/api/system/start");
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), { tone: "alert" });
    }
    await this.#refresh();
  }
}
