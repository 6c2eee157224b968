import type { Recorded } from "./events.ts";
import type { SlotWaitsView, SlotWaitView } from "./view.ts";

/** The slots of a session that take no run, as far as their coordinator said. */
export class SlotWaits implements SlotWaitsView {
  readonly open: Map<string, SlotWaitView> = new Map();
  count = 0;

  follow(event: Recorded): void {
    switch (event.type) {
      case "slot-waits":
        if (!this.open.has(event.slot)) this.count++;
        this.open.set(event.slot, { reason: event.reason, at: this.open.get(event.slot)?.at ?? event.at });
        return;
      case "slot-ready":
        this.open.delete(event.slot);
        return;
      case "session-started":
      case "session-ended":
        this.open.clear();
        return;
      default:
    }
  }
}
