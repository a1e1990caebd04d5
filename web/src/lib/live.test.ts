import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Live, type LiveEvent } from "./live";

class FakeSocket {
  static made: FakeSocket[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  closed = false;
  constructor() {
    FakeSocket.made.push(this);
  }
  close() {
    this.closed = true;
  }
}

const newest = () => FakeSocket.made[FakeSocket.made.length - 1]!;

function start() {
  const events: LiveEvent[] = [];
  const returned = vi.fn();
  const live = new Live({
    url: "ws://localhost/live",
    onEvent: (event) => events.push(event),
    onReturn: returned,
    socket: () => new FakeSocket() as unknown as WebSocket,
  });
  live.start();
  return { live, events, returned };
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.made = [];
});
afterEach(() => vi.useRealTimers());

test("what the server says is passed on; what is no event says nothing", () => {
  const { events } = start();
  newest().onopen?.();
  newest().onmessage?.({ data: '{"module":"workflow","kind":"workflow.approved","subject":"1"}' });
  newest().onmessage?.({ data: "ping" });
  newest().onmessage?.({ data: '{"kind":7}' });
  expect(events).toEqual([{ module: "workflow", kind: "workflow.approved", subject: "1" }]);
});

test("the first connection is no return; one after a break is, once", () => {
  const { live, returned } = start();
  newest().onopen?.();
  expect(returned).not.toHaveBeenCalled();
  newest().onclose?.();
  expect(live.current()).toBe("waiting");
  vi.advanceTimersByTime(1_000);
  expect(FakeSocket.made).toHaveLength(2);
  newest().onopen?.();
  expect(returned).toHaveBeenCalledTimes(1);
  expect(live.current()).toBe("open");
});

test("waits grow, at most to half a minute, and are never the same for all clients", () => {
  vi.spyOn(Math, "random").mockReturnValue(1);
  start();
  const waits: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    const before = FakeSocket.made.length;
    const began = Date.now();
    newest().onclose?.();
    while (FakeSocket.made.length === before) vi.advanceTimersByTime(500);
    waits.push(Date.now() - began);
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test("when the network is back nobody waits out the pause", () => {
  start();
  newest().onclose?.();
  window.dispatchEvent(new Event("online"));
  expect(FakeSocket.made).toHaveLength(2);
});

test("a client that was stopped stays stopped", () => {
  const { live } = start();
  const socket = newest();
  live.stop();
  socket.onclose?.();
  vi.advanceTimersByTime(60_000);
  expect(socket.closed).toBe(true);
  expect(FakeSocket.made).toHaveLength(1);
});
