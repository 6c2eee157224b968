import { InvalidSpecError, type Issue } from "../errors.ts";
import type { PictureFormat, PictureId, PictureLook } from "../report/picture-text.ts";
import { didYouMean } from "../space/nearest.ts";

/** What "hpo study report" was asked for, as it was written. */
interface Written {
  readonly view: PictureId | undefined;
  readonly format: string | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly theme: "light" | "dark" | undefined;
}

/** The whole report, or one picture of it. */
export type Wishes =
  | { readonly view: undefined; readonly format: "html" }
  | { readonly view: PictureId; readonly format: PictureFormat; readonly look: PictureLook };

const PICTURE_FORMATS: readonly string[] = ["svg", "csv", "json"] satisfies PictureFormat[];

/**
 * Holds what was asked for against itself.
 *
 * @throws InvalidSpecError with everything that does not go together
 */
export function readWishes({ view, format = view === undefined ? "html" : "svg", ...asked }: Written): Wishes {
  const look = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const issues = [...formatIssues(view, format), ...(format === "svg" ? [] : lookIssues(Object.keys(look), format))];
  if (issues.length > 0) throw new InvalidSpecError('"hpo study report"', issues);
  if (view === undefined) return { view, format: "html" };
  return { view, format: format as PictureFormat, look };
}

function formatIssues(view: PictureId | undefined, format: string): readonly Issue[] {
  const issue = (expected: string, hint?: string): readonly Issue[] => [
    { path: "--format", expected, received: JSON.stringify(format), ...(hint === undefined ? {} : { hint }) },
  ];
  const formats = view === undefined ? ["html"] : PICTURE_FORMATS;
  if (formats.includes(format)) return [];
  const expected = view === undefined ? "html, or a picture's name in --view" : "svg, csv or json for a single picture";
  if (format === "png")
    return issue(expected, 'a browser makes it: open the report, and choose "Save as" beside the picture, then PNG');
  if (format === "html") return issue(expected, "leave --view out for the report, which has all pictures");
  if (PICTURE_FORMATS.includes(format))
    return issue(expected, `a whole report is html; "hpo study export" writes the table of all trials as csv or json`);
  return issue(expected, didYouMean(format, formats));
}

function lookIssues(names: readonly string[], format: string): readonly Issue[] {
  return names.map((name) => ({
    path: `--${name}`,
    expected: "svg, the format that has it",
    received: `the format ${JSON.stringify(format)}`,
    hint: "leave it out, or name a picture with --view",
  }));
}
