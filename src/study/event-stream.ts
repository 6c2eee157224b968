interface Waiting<T> {
  readonly resolve: (result: IteratorResult<T>) => void;
  readonly reject: (error: unknown) => void;
}

/** A queue between a producer that never waits and one consumer that iterates. */
export class EventStream<T> implements AsyncIterableIterator<T> {
  #items: T[] = [];
  /** How many of the items were taken. */
  #taken = 0;
  #waiting: Waiting<T> | undefined;
  #ended: { readonly error?: unknown } | undefined;

  /** Called when the consumer breaks out of its loop. */
  onReturn: () => void = () => undefined;

  push(item: T): void {
    if (this.#ended !== undefined) return;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#items.push(item);
    else waiting.resolve({ done: false, value: item });
  }

  /** @param ended with an `error`, the iteration raises it after the last item */
  end(ended: { readonly error?: unknown } = {}): void {
    this.#ended = ended;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if ("error" in ended) waiting?.reject(ended.error);
    else waiting?.resolve({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#taken < this.#items.length) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#ended !== undefined)
      return "error" in this.#ended
        ? Promise.reject(this.#ended.error)
        : Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  /** The consumer has had enough: what comes later is kept for nobody. */
  return(): Promise<IteratorResult<T>> {
    this.#items = [];
    this.#taken = 0;
    this.#ended = {};
    this.onReturn();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Taken items go in batches: taking each from the front would move all the others. */
  #take(): T {
    const item = this.#items[this.#taken++] as T;
    if (this.#taken === this.#items.length) {
      this.#items = [];
      this.#taken = 0;
    }
    return item;
  }
}
