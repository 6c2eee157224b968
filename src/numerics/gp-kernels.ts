import { GP_KERNELS } from "./gp-kernels.generated.js";

/** The little that is needed of WebAssembly, whose types come with browsers' only. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** A byte address, which another `reserve` changes. */
interface Place {
  readonly value: number;
}

/** What `assembly/index.ts` exports. Steps are described where they are written. */
export interface GpKernels {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** How many candidates `posterior` takes at once. */
  readonly CANDIDATES: { readonly value: number };
  readonly rowBytes: { readonly value: number };
  readonly points: Place;
  readonly weights: Place;
  readonly alpha: Place;
  readonly panel: Place;
  readonly candidates: Place;
  readonly results: Place;
  readonly reserve: (count: number, numeric: number, mismatch: number) => void;
  readonly expOfNegative: (from: number, to: number, count: number) => void;
  readonly factor: (amplitude: number, diagonal: number, count: number, gradient: boolean) => number;
  readonly logDeterminant: (count: number) => number;
  readonly solve: (count: number) => number;
  readonly likelihoodGradient: (count: number, diagonal: number, quadratic: number) => void;
  readonly invertTransposed: (count: number) => void;
  readonly transposeInverse: (count: number) => void;
  readonly posterior: (m: number, amplitude: number, count: number) => void;
  readonly posteriorGradient: (amplitude: number, count: number) => void;
  readonly inverseDiagonal: (count: number) => void;
}

let compiled: object | undefined;

/** A new instance with a memory of its own. */
export function instantiateKernels(): GpKernels {
  compiled ??= new WebAssembly.Module(Buffer.from(GP_KERNELS, "base64"));
  const refuseMemory = (bytes: number): never => {
    throw new RangeError(`expected ${bytes} more bytes of memory for a Gaussian process, none came: use fewer points`);
  };
  return new WebAssembly.Instance(compiled, { layout: { refuseMemory } }).exports as GpKernels;
}
