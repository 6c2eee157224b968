import type { Importance, ReportData, StudyChanges } from "../views/payload.ts";
import { markOf } from "./mark.ts";

/** What can be drawn, by the ids of the dashboard's views. */
export const PICTURES = [
  "history",
  "curves",
  "parallel",
  "slice",
  "contour",
  "importance",
  "rank",
  "ecdf",
  "timeline",
  "saved",
] as const;

export type PictureId = (typeof PICTURES)[number];

/** A picture; or the numbers behind it. */
export type PictureFormat = "svg" | "csv" | "json";

export interface PictureLook {
  /** In pixels. @default 960 */
  readonly width?: number;
  /** @default what the picture needs */
  readonly height?: number;
  /** @default "light" */
  readonly theme?: "light" | "dark";
}

interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

/** What the build makes of page/pictures.ts. */
export interface PictureModule {
  readonly pictureNames: readonly string[];
  pictureSvg(id: string, study: StudyChanges, importance: Importance, look: PictureLook): string;
  pictureTable(id: string, study: StudyChanges, importance: Importance): Table;
  csvOf(table: Table): string;
  jsonOf(table: Table): string;
}

/** One picture of a study as an SVG file, or the numbers behind it as a CSV (RFC 4180) or JSON file. */
export async function pictureText(
  { engine, study, importance }: ReportData,
  id: PictureId,
  format: PictureFormat,
  look: PictureLook = {},
): Promise<string> {
  const { href } = new URL("../page/pictures.js", import.meta.url);
  const pictures = (await import(href)) as PictureModule;
  if (format === "svg") return `${markOf({ engine })}\n${pictures.pictureSvg(id, study, importance, look)}\n`;
  const table = pictures.pictureTable(id, study, importance);
  return format === "csv" ? pictures.csvOf(table) : pictures.jsonOf(table);
}
