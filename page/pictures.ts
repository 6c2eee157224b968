import type { Importance } from "../src/views/payload.ts";
import { contourPicture } from "./charts/contour.ts";
import { curvesPicture } from "./charts/curves.ts";
import { ecdfPicture } from "./charts/ecdf.ts";
import { historyPicture } from "./charts/history.ts";
import { importancePicture } from "./charts/importance.ts";
import { parallelPicture } from "./charts/parallel.ts";
import type { Look, Picture, Table } from "./charts/picture.ts";
import { rankPicture } from "./charts/rank.ts";
import { savedPicture } from "./charts/saved.ts";
import { slicePicture } from "./charts/slice.ts";
import { svgOf } from "./charts/svg.ts";
import { timelinePicture } from "./charts/timeline.ts";
import type { Study } from "./study.ts";
import type { Theme } from "./view-props.ts";

/** The pictures of a study without a browser: for files. Built as dist/page/pictures.js. */

type Draw = (study: Study, importance: Importance | undefined, look: Look) => Picture;

const PICTURES: Readonly<Record<string, Draw>> = {
  history: (study, _, look) => historyPicture(study, look),
  curves: (study, _, look) => curvesPicture(study, look),
  parallel: (study, _, look) => parallelPicture(study, look),
  slice: (study, _, look) => slicePicture(study, look),
  contour: contourPicture,
  importance: importancePicture,
  rank: rankPicture,
  ecdf: (study, _, look) => ecdfPicture(study, look),
  timeline: (study, _, look) => timelinePicture(study, look),
  saved: (study, _, look) => savedPicture(study, look),
};

/** What there is to draw, by the ids of the dashboard's views. */
export const pictureNames: readonly string[] = Object.keys(PICTURES);

export interface PictureSize {
  /** In pixels. @default 960 */
  readonly width?: number;
  /** @default what the picture needs */
  readonly height?: number;
  /** @default "light" */
  readonly theme?: Theme;
}

/** @throws RangeError when there is no picture `id` */
export function pictureSvg(
  id: string,
  study: Study,
  importance: Importance | undefined,
  { width = 960, height, theme = "light" }: PictureSize = {},
): string {
  const picture = drawOf(id)(study, importance, { theme, width });
  return svgOf(picture, { width, height: height ?? picture.height, theme });
}

/** The numbers behind a picture. @throws RangeError when there is no picture `id` */
export function pictureTable(id: string, study: Study, importance: Importance | undefined): Table {
  return drawOf(id)(study, importance, { theme: "light", width: 960 }).table();
}

function drawOf(id: string): Draw {
  const draw = PICTURES[id];
  if (draw === undefined) throw new RangeError(`Expected one of ${pictureNames.join(", ")}, got "${id}".`);
  return draw;
}
