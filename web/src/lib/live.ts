import { useSyncExternalStore } from "react";

/** What the server says over the socket: something of this kind happened. No content; the client reads again. */
export interface LiveEvent {
  kind: string;
  module: string;
  subject: string;
}

export type LiveState = "connecting" | "open" | "waiting";

export interface LiveOptions {
  url: string;
  onEvent(event: LiveEvent): void;
  /** Called when the connection is back after a break: events may have been missed. */
  onReturn(): void;
  /** Called when it broke or could not be made: perhaps the server no longer knows who we are. */
  onLost?(): void;
  /** Replaced in tests. */
  socket?: (url: string) => WebSocket;
}

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

/** One socket that comes back by itself, with growing, jittered waits so that a restarted server is not stormed. */
export class Live {
  private socket: WebSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private wasOpen = false;
  private stopped = true;
  private state: LiveState = "connecting";
  private readonly listeners = new Set<() => void>();
  private readonly options: LiveOptions;

  constructor(options: LiveOptions) {
    this.options = options;
  }

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    window.addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.hurry);
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.hurry);
    clearTimeout(this.timer);
    this.socket?.close();
    this.socket = undefined;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly current = (): LiveState => this.state;

  private connect(): void {
    this.become("connecting");
    const socket = (this.options.socket ?? ((url) => new WebSocket(url)))(this.options.url);
    this.socket = socket;
    socket.onopen = () => {
      this.failures = 0;
      this.become("open");
      if (this.wasOpen) this.options.onReturn();
      this.wasOpen = true;
    };
    socket.onmessage = (message) => {
      const event = parse(message.data);
      if (event) this.options.onEvent(event);
    };
    socket.onclose = () => {
      if (this.stopped || this.socket !== socket) return;
      this.become("waiting");
      this.options.onLost?.();
      this.timer = setTimeout(() => this.connect(), this.wait());
    };
  }

  private wait(): number {
    const full = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.failures);
    this.failures += 1;
    return full / 2 + Math.random() * (full / 2);
  }

  /** The network or the reader is back: do not make him wait out the back-off. */
  private readonly hurry = (): void => {
    if (this.state !== "waiting" || document.visibilityState === "hidden") return;
    clearTimeout(this.timer);
    this.connect();
  };

  private become(state: LiveState): void {
    if (this.state === state) return;
    this.state = state;
    this.listeners.forEach((listener) => listener());
  }
}

function parse(data: unknown): LiveEvent | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const event: unknown = JSON.parse(data);
    return isEvent(event) ? event : undefined;
  } catch {
    // A frame that is no JSON (a proxy's keep-alive) says nothing.
    return undefined;
  }
}

function isEvent(event: unknown): event is LiveEvent {
  return (
    typeof event === "object" &&
    event !== null &&
    "kind" in event &&
    "module" in event &&
    typeof event.kind === "string" &&
    typeof event.module === "string"
  );
}

/** Shown in the shell: is what is on the screen kept up to date? */
export function useLiveState(live: Live): LiveState {
  return useSyncExternalStore(live.subscribe, live.current);
}
