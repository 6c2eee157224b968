interface Due {
  readonly time: number;
  readonly order: number;
  readonly act: () => void;
}

/**
 * A clock that runs ahead to whatever is due next: first what is due first, of what is due at once what was asked for first.
 * The next thing happens when whoever heard of the one before has nothing left to do.
 */
export class SimulatedClock {
  /** What has passed, in the unit of those who set the times. */
  time = 0;
  /** Called when something that was due throws. */
  onFailure: (error: unknown) => void = (error) => {
    throw error;
  };
  #due: Due[] = [];
  #count = 0;
  #scheduled = false;

  /** Has something happen after a `delay` of at least 0. */
  after(delay: number, act: () => void): void {
    this.#due.push({ time: this.time + delay, order: this.#count++, act });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const next = this.#due.reduce((a, b) => (b.time < a.time || (b.time === a.time && b.order < a.order) ? b : a));
      this.#due = this.#due.filter((each) => each !== next);
      this.time = next.time;
      try {
        next.act();
      } catch (error) {
        this.onFailure(error);
      }
      if (this.#due.length > 0) this.#schedule();
    });
  }
}
