import { addToCurve } from "./curve.ts";
import type { Metrics } from "./events.ts";
import type { ReportView } from "./view.ts";

/**
 * The reports of a trial in ascending steps: a list while they change, packed once its run has ended. What comes before the last
 * report of a list never changes: a report that belongs there, or is forgotten, makes a new list. So whoever folds a list can go
 * on where it was.
 */
export class ReportLog {
  #list: ReportView[] | undefined = [];
  #packed: PackedReports | undefined;

  get all(): readonly ReportView[] {
    return this.#list ?? (this.#packed as PackedReports).reports;
  }

  set all(reports: readonly ReportView[]) {
    this.#list = [...reports];
    this.#packed = undefined;
  }

  get length(): number {
    return (this.#list ?? (this.#packed as PackedReports)).length;
  }

  /** 0 before the first report. */
  get lastStep(): number {
    return this.#list === undefined ? (this.#packed as PackedReports).lastStep : (this.#list.at(-1)?.step ?? 0);
  }

  /** @returns the report as it stands */
  add(step: number, metrics: Metrics): ReportView {
    const list = this.#unpacked();
    if (step < this.lastStep) this.#list = [...list];
    return addToCurve(this.#list ?? list, step, metrics);
  }

  /** Forgets the reports from a step on. */
  cut(startStep: number): void {
    if (this.length === 0 || this.lastStep < startStep) return;
    this.all = this.all.slice(0, this.all.findLastIndex(({ step }) => step < startStep) + 1);
  }

  /** The reports as they are now. */
  pack(): PackedReports {
    this.#packed ??= new PackedReports(this.#list ?? []);
    this.#list = undefined;
    return this.#packed;
  }

  #unpacked(): ReportView[] {
    this.#list ??= [...(this.#packed as PackedReports).reports];
    this.#packed = undefined;
    return this.#list;
  }
}

/** The same names again and again need be kept once. */
let lastNames: readonly string[] = [];

/**
 * Reports that do not change any more, as plain numbers where all of them name the same metrics: as objects, the reports of a
 * large study take six times the memory.
 */
export class PackedReports {
  readonly length: number;
  readonly #names: readonly string[];
  /** Of each report the step, then the metrics in the order of their names; undefined where the reports are kept as they are. */
  readonly #numbers: readonly number[] | undefined;
  readonly #reports: readonly ReportView[] | undefined;

  constructor(reports: readonly ReportView[]) {
    this.length = reports.length;
    this.#names = namesOf(reports);
    this.#numbers = numbersOf(reports, this.#names);
    this.#reports = this.#numbers === undefined ? [...reports] : undefined;
  }

  /** 0 where there is none. */
  get lastStep(): number {
    if (this.#numbers === undefined) return this.#reports?.at(-1)?.step ?? 0;
    return this.#numbers[(this.length - 1) * (this.#names.length + 1)] ?? 0;
  }

  get reports(): readonly ReportView[] {
    if (this.#reports !== undefined) return this.#reports;
    const [names, numbers] = [this.#names, this.#numbers as readonly number[]];
    return Array.from({ length: this.length }, (_, row) => {
      const start = row * (names.length + 1);
      const metrics: Record<string, number> = {};
      for (let index = 0; index < names.length; index++)
        metrics[names[index] as string] = numbers[start + 1 + index] as number;
      return { step: numbers[start] as number, metrics };
    });
  }
}

function namesOf([first]: readonly ReportView[]): readonly string[] {
  const names = Object.keys(first?.metrics ?? {});
  if (names.length !== lastNames.length || names.some((name, index) => name !== lastNames[index])) lastNames = names;
  return lastNames;
}

function numbersOf(reports: readonly ReportView[], names: readonly string[]): readonly number[] | undefined {
  // An assignment to this one is no property.
  if (names.includes("__proto__")) return undefined;
  const numbers: number[] = [];
  for (const { step, metrics } of reports) {
    if (!hasNames(metrics, names)) return undefined;
    numbers.push(step);
    for (const name of names) numbers.push(metrics[name] as number);
  }
  return numbers;
}

function hasNames(metrics: Metrics, names: readonly string[]): boolean {
  let count = 0;
  // In the same order too: whoever lists the metrics finds them as they were told.
  for (const name in metrics) if (name !== names[count++] || typeof metrics[name] !== "number") return false;
  return count === names.length;
}
