import { CanvasRenderer } from "echarts/renderers";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { init, use, type EChartsType } from "./charts/engine.ts";
import { PIECEMEAL } from "./charts/frame.ts";
import type { Look, Picture } from "./charts/picture.ts";
import { paletteOf } from "./charts/theme.ts";
import { SaveMenu } from "./save-menu.tsx";
import type { Selection, Theme } from "./view-props.ts";

use([CanvasRenderer]);

/** Parts of an option that a later option replaces: those with the same id stay, with how far they are zoomed or brushed. */
const REPLACED = ["series", "grid", "xAxis", "yAxis", "title", "legend", "parallel", "parallelAxis", "dataZoom"];

/** After a drawing there is a rest, so many times as long … */
const RESTING = 4;
/** … and of what is drawn piece by piece in milliseconds: so that it is seen whole between two drawings. */
const RESTING_WHOLE = 2000;

interface Props {
  /** Of the files that it is saved as. */
  readonly name: string;
  /** The same function as long as it draws the same. */
  readonly draw: (look: Look) => Picture;
  readonly theme: Theme;
  readonly selection?: Selection;
  readonly onOpen?: (trial: number) => void;
  /** Pieces of the axis with this index are brushed, all that are. */
  readonly onBrush?: (axis: number, pieces: readonly (readonly [number, number])[]) => void;
  /** Switches above the picture. */
  readonly children?: ComponentChildren;
}

/** A picture on a canvas, as wide as there is room, with its facts in words and a menu to save it. */
export function Chart({ name, draw, theme, selection, onOpen, onBrush, children }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | undefined>(undefined);
  const [width, setWidth] = useState(0);
  const [picture, setPicture] = useState<Picture>();
  // What was asked last is called, by listeners that are set only once.
  const latest = useRef({ picture, onOpen, onBrush });
  latest.current = { picture, onOpen, onBrush };
  const drawn = useRef({ at: 0, rest: 0 });

  useLayoutEffect(() => {
    const element = place.current as HTMLDivElement;
    const made = init(element, null, { renderer: "canvas", width: element.clientWidth || 300, height: 300 });
    chart.current = made;
    made.on("click", ({ seriesId, dataIndex }) => {
      const trial = latest.current.picture?.marks.get(String(seriesId))?.[dataIndex];
      if (trial !== undefined) latest.current.onOpen?.(trial);
    });
    made.on("axisareaselected", (event) => {
      const { parallelAxisId, intervals } = event as { parallelAxisId?: string; intervals?: [number, number][] };
      const axis = Number(String(parallelAxisId).split(":")[1]);
      if (Number.isInteger(axis)) latest.current.onBrush?.(axis, intervals ?? []);
    });
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => {
      observer.disconnect();
      // Empties the canvas first: pieces that are still to be drawn (zrender 6.1) would look for one that has gone.
      made.clear();
      made.getZr().refreshImmediately();
      made.dispose();
      chart.current = undefined;
    };
  }, []);

  // A large study that changes several times a second leaves time for other things than drawing.
  useEffect(() => {
    if (width === 0) return;
    const last = drawn.current;
    const timer = setTimeout(
      () => {
        const started = performance.now();
        const made = chart.current;
        // An effect may come after its component has gone.
        if (made === undefined) return;
        const next = draw({ theme, width, ...(selection === undefined ? {} : { selection }) });
        const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
        if (made.getWidth() !== width || made.getHeight() !== next.height) made.resize({ width, height: next.height });
        made.setOption({ ...next.option, ...(still ? { animation: false } : {}) }, { replaceMerge: REPLACED });
        setPicture(next);
        const at = performance.now();
        const piecemeal = [...next.marks.values()].some(({ length }) => length > PIECEMEAL);
        drawn.current = { at, rest: Math.max(RESTING * (at - started), piecemeal ? RESTING_WHOLE : 0) };
      },
      Math.max(0, last.at + last.rest - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [draw, theme, width, selection]);

  const savePng = (): string =>
    (chart.current as EChartsType).getDataURL({
      type: "png",
      pixelRatio: 2,
      backgroundColor: paletteOf(theme).background,
    });
  return (
    <figure class="chart">
      <div class="chart-tools">
        {children}
        {picture !== undefined && (
          <SaveMenu name={name} picture={picture} width={width} theme={theme} pngOf={savePng} />
        )}
      </div>
      <div role="img" aria-label={picture?.summary ?? "The picture is being drawn."}>
        <div ref={place} class="chart-canvas" style={{ height: `${picture?.height ?? 300}px` }} />
      </div>
      <figcaption>
        <p>{picture?.summary}</p>
        {(picture?.notes ?? []).map((note) => (
          <p key={note}>{note}</p>
        ))}
      </figcaption>
    </figure>
  );
}
