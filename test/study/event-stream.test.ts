import { expect, test } from "vitest";
import { EventStream } from "../../src/study/event-stream.ts";

test("whoever breaks out of the loop is told nothing more, and nothing is kept", async () => {
  const stream = new EventStream<number>();
  let returned = 0;
  stream.onReturn = () => returned++;
  stream.push(1);
  stream.push(2);
  for await (const item of stream) {
    expect(item).toBe(1);
    break;
  }
  expect(returned).toBe(1);
  stream.push(3);
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});
