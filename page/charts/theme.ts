import type { RunState, TrialState } from "../../src/history/view.ts";
import type { Theme } from "../view-props.ts";

/** Colours and symbols of all pictures. */

export interface Palette {
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly background: string;
  readonly accent: string;
  readonly states: Readonly<Record<TrialState, string>>;
  readonly runs: Readonly<Record<RunState, string>>;
  /** For values, from the worst to the best. */
  readonly values: readonly string[];
  /** For studies that are compared. */
  readonly series: readonly string[];
}

/**
 * States have the colours of M. Okabe and K. Ito, "Color Universal Design" (2008), lightened or darkened to stand out from the
 * background. Values have those of viridis (S. van der Walt and N. Smith, 2015), without the end that the background swallows.
 */
const VIRIDIS = [
  "#440154",
  "#482878",
  "#3e4989",
  "#31688e",
  "#26828e",
  "#1f9e89",
  "#35b779",
  "#6ece58",
  "#b5de2b",
  "#fde725",
];

const LIGHT: Palette = {
  text: "#1f2328",
  faint: "#59636e",
  line: "#d8dee4",
  background: "#ffffff",
  accent: "#0072b2",
  states: {
    complete: "#0072b2",
    pruned: "#c77700",
    failed: "#c1440e",
    running: "#00855f",
    paused: "#a64d86",
    waiting: "#7a828a",
  },
  runs: {
    open: "#00855f",
    stopping: "#00855f",
    lost: "#7a828a",
    completed: "#0072b2",
    stopped: "#d98c00",
    failed: "#c1440e",
  },
  values: VIRIDIS.slice(0, 9).toReversed(),
  series: ["#0072b2", "#c77700", "#00855f", "#a64d86", "#c1440e", "#56b4e9", "#7a828a", "#8a7a00"],
};

const DARK: Palette = {
  text: "#e6edf3",
  faint: "#9aa4af",
  line: "#343b44",
  background: "#12161c",
  accent: "#56b4e9",
  states: {
    complete: "#56b4e9",
    pruned: "#e69f00",
    failed: "#ff7a45",
    running: "#2fc79a",
    paused: "#e08fc0",
    waiting: "#8b949e",
  },
  runs: {
    open: "#2fc79a",
    stopping: "#2fc79a",
    lost: "#8b949e",
    completed: "#56b4e9",
    stopped: "#e69f00",
    failed: "#ff7a45",
  },
  values: VIRIDIS.slice(1),
  series: ["#56b4e9", "#e69f00", "#2fc79a", "#e08fc0", "#ff7a45", "#0072b2", "#8b949e", "#f0e442"],
};

export function paletteOf(theme: Theme): Palette {
  return theme === "dark" ? DARK : LIGHT;
}

const CROSS = "path://M-5,-3.2L-3.2,-5L0,-1.8L3.2,-5L5,-3.2L1.8,0L5,3.2L3.2,5L0,1.8L-3.2,5L-5,3.2L-1.8,0Z";

/** So that states can be told apart without colours. */
export const SYMBOLS: Readonly<Record<TrialState, string>> = {
  complete: "circle",
  pruned: "triangle",
  failed: CROSS,
  running: "emptyCircle",
  paused: "rect",
  waiting: "emptyRect",
};

/** The colour of a share (0: worst … 1: best) among the palette's values. */
export function colourOf({ values }: Palette, share: number): string {
  const at = Math.max(0, Math.min(1, share)) * (values.length - 1);
  const below = Math.min(values.length - 2, Math.floor(at));
  return mixed(values[below] as string, values[below + 1] as string, at - below);
}

/** The same for areas behind points. */
export function pale(palette: Palette, share: number): string {
  return mixed(palette.background, colourOf(palette, share), 0.5);
}

function mixed(from: string, to: string, share: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [a, b] = [from, to].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16)) as [number, number];
    return Math.round(a + share * (b - a))
      .toString(16)
      .padStart(2, "0");
  });
  return `#${channels.join("")}`;
}
