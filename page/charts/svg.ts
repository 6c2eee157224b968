import type { Theme } from "../view-props.ts";
import { init } from "./engine.ts";
import type { Picture } from "./picture.ts";
import { paletteOf } from "./theme.ts";
import { escapeHtml } from "./words.ts";

/** A picture as an SVG file, with its facts and notes in words for those who cannot see it. Needs no browser. */
export function svgOf(
  { option, summary, notes }: Picture,
  { width, height, theme }: { width: number; height: number; theme: Theme },
): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    // What is for hands is left out.
    const { dataZoom: _, series, ...still } = option;
    // … and all is drawn at once.
    const whole = [series ?? []].flat().map((each) => ({ ...each, progressive: 0 }));
    chart.setOption({
      ...still,
      series: whole,
      animation: false,
      backgroundColor: paletteOf(theme).background,
    });
    const svg = chart.renderToSVGString();
    const words = `<title>${escapeHtml(summary)}</title><desc>${escapeHtml(notes.join(" "))}</desc>`;
    return svg.replace(/^<svg /, '<svg role="img" ').replace(/^(<svg [^>]*>)/, `$1${words}`);
  } finally {
    chart.dispose();
  }
}
