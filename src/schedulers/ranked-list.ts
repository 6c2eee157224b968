/** How many items a block has at most: long enough for few blocks, short enough to shift. */
const MOST = 1024;

/**
 * Items in order, best first. To add one, and to tell how many come before one, takes a search and a shift within a block, however
 * many there are: a list of 100,000 has 100 to 200 blocks.
 */
export class RankedList<Item> {
  readonly #compare: (a: Item, b: Item) => number;
  readonly #blocks: Item[][] = [[]];
  #length = 0;

  /** @param compare below 0 when the first item comes before the second */
  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  get length(): number {
    return this.#length;
  }

  get first(): Item | undefined {
    return this.#blocks[0]?.[0];
  }

  get last(): Item | undefined {
    return this.#blocks.at(-1)?.at(-1);
  }

  /** Adds an item, before those that are equal to it. */
  add(item: Item): void {
    const at = this.#blockOf(item);
    const block = this.#blocks[at] as Item[];
    block.splice(this.#placeIn(block, item), 0, item);
    this.#length++;
    if (block.length > MOST) this.#blocks.splice(at + 1, 0, block.splice(MOST / 2));
  }

  /** How many items come before one, whether it is in the list or not. */
  before(item: Item): number {
    const at = this.#blockOf(item);
    let count = this.#placeIn(this.#blocks[at] as Item[], item);
    for (let block = 0; block < at; block++) count += (this.#blocks[block] as Item[]).length;
    return count;
  }

  /** The last of the items that come before one. */
  lastBefore(item: Item): Item | undefined {
    const at = this.#blockOf(item);
    const block = this.#blocks[at] as Item[];
    return block[this.#placeIn(block, item) - 1] ?? this.#blocks[at - 1]?.at(-1);
  }

  removeFirst(): void {
    this.#remove(0, 0);
  }

  removeLast(): void {
    const at = this.#blocks.length - 1;
    this.#remove(at, (this.#blocks[at] as Item[]).length - 1);
  }

  /** Walks the items in their order, and takes out those that are not to be kept as it comes to them. */
  *kept(isKept: (item: Item) => boolean): Generator<Item, void> {
    for (let at = 0; at < this.#blocks.length;) {
      const block = this.#blocks[at] as Item[];
      for (let index = 0; index < block.length;) {
        const item = block[index] as Item;
        if (isKept(item)) {
          yield item;
          index++;
        } else this.#remove(at, index);
      }
      // A block that has become empty is gone, and another one stands there.
      if (this.#blocks[at] === block) at++;
    }
  }

  #remove(at: number, index: number): void {
    const block = this.#blocks[at] as Item[];
    this.#length -= block.splice(index, 1).length;
    if (block.length === 0 && this.#blocks.length > 1) this.#blocks.splice(at, 1);
  }

  /** The first block whose last item does not come before `item`, or the last one. */
  #blockOf(item: Item): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare((this.#blocks[middle] as Item[]).at(-1) as Item, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #placeIn(block: readonly Item[], item: Item): number {
    let low = 0;
    let high = block.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(block[middle] as Item, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
