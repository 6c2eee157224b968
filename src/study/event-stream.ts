/** A queue between a producer that never waits and one consumer that iterates. */
export class EventStream<T> implements AsyncIterableIterator<T> {
  #items: T[] = [];
  #waiting: ((result: IteratorResult<T>) => void) | undefined;
  #fail: ((error: unknown) => void) | undefined;
  #ended: { readonly error?: unknown } | undefined;

  push(item: T): void {
    if (this.#waiting === undefined) this.#items.push(item);
    else this.#settle((resolve) => resolve({ done: false, value: item }));
  }

  /** @param ended with an `error`, the iteration raises it after the last item */
  end(ended: { readonly error?: unknown } = {}): void {
    this.#ended = ended;
    const fail = this.#fail;
    if ("error" in ended && fail !== undefined) this.#settle(() => fail(ended.error));
    else this.#settle((resolve) => resolve({ done: true, value: undefined }));
  }

  next(): Promise<IteratorResult<T>> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve({ done: false, value: item });
    if (this.#ended !== undefined)
      return "error" in this.#ended
        ? Promise.reject(this.#ended.error)
        : Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#waiting = resolve;
      this.#fail = reject;
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #settle(settle: (resolve: (result: IteratorResult<T>) => void) => void): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#fail = undefined;
    if (waiting !== undefined) settle(waiting);
  }
}
