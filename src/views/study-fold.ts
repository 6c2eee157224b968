import type { Recorded } from "../history/events.ts";
import { History } from "../history/history.ts";
import { trialOfEvent } from "./trial-of-event.ts";

/** A session of a coordinator as far as the journal tells it. */
export interface Session {
  readonly startedAt: number;
  /** Of its last event. */
  lastAt: number;
  /** Its coordinator left in good order. */
  ended: boolean;
  readonly slots: readonly string[];
}

/** What is remembered of a trial besides its record in the history. */
interface Footprint {
  /** Sequence number of the last event that changed the trial. */
  seq: number;
  /** Its own events but its reports, in their order. */
  readonly events: Recorded[];
}

/** The fold of one journal with what pages need besides the history: which event changed which trial last, and the sessions. */
export class StudyFold {
  readonly history: History = new History();
  readonly sessions: Session[] = [];
  /** Of the first event; 0 before it. */
  createdAt = 0;
  /** Of the last event; 0 before the first. */
  updatedAt = 0;
  readonly #footprints: Footprint[] = [];

  get seq(): number {
    return this.history.seq;
  }

  /** Folds one event. Events come in order, without gaps. */
  apply(event: Recorded): void {
    const { history } = this;
    // A session's start and end lose what is open; everything else changes the trial that it names.
    const losing = event.type === "session-started" || event.type === "session-ended";
    for (const { trial } of losing ? history.openRuns : []) this.#touch(trial, event.seq);
    history.apply(event);
    const trial = trialOfEvent(event, history);
    if (trial !== undefined && trial < history.trials.length) {
      const footprint = this.#touch(trial, event.seq);
      if (event.type !== "reported") footprint.events.push(event);
    }
    this.#followSessions(event);
    if (event.seq === 0) this.createdAt = event.at;
    this.updatedAt = event.at;
  }

  /** Numbers of the trials that were changed by events after `seq`, ascending. */
  changedSince(seq: number): readonly number[] {
    return this.#footprints.flatMap((footprint, trial) => (footprint.seq > seq ? [trial] : []));
  }

  /** A trial's own events but its reports, in their order. */
  eventsOf(trial: number): readonly Recorded[] {
    return this.#footprints[trial]?.events ?? [];
  }

  /** Why a trial was suggested: later reasons take the place of this one in the history. */
  suggestedOf(trial: number): string {
    const [created] = this.eventsOf(trial);
    return created?.type === "trial-created" ? created.reason : "";
  }

  /** Sequence number of the last event that changed a trial. */
  seqOf(trial: number): number {
    return this.#footprints[trial]?.seq ?? -1;
  }

  #touch(trial: number, seq: number): Footprint {
    const footprint = (this.#footprints[trial] ??= { seq, events: [] });
    footprint.seq = seq;
    return footprint;
  }

  #followSessions(event: Recorded): void {
    if (event.type === "session-started") {
      const slots = (event.slots ?? []).map(({ name }) => name);
      this.sessions.push({ startedAt: event.at, lastAt: event.at, ended: false, slots });
    }
    const session = this.sessions.at(-1);
    if (session === undefined) return;
    session.lastAt = event.at;
    session.ended = event.type === "session-ended";
  }
}
