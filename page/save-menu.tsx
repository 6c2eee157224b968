import { useRef } from "preact/hooks";
import type { Picture } from "./charts/picture.ts";
import { svgOf } from "./charts/svg.ts";
import { csvOf, jsonOf } from "./charts/table-files.ts";
import { download, downloadAddress } from "./table/export.ts";
import type { Theme } from "./view-props.ts";

interface Props {
  readonly name: string;
  readonly picture: Picture;
  readonly width: number;
  readonly theme: Theme;
  /** The canvas as it is, zoomed and all, as a data URL. */
  readonly pngOf: () => string;
}

/** Saves a picture, or the numbers behind it, as a file. */
export function SaveMenu({ name, picture, width, theme, pngOf }: Props) {
  const menu = useRef<HTMLDetailsElement>(null);
  const ways: readonly (readonly [string, () => void])[] = [
    ["SVG", () => download(`${name}.svg`, "image/svg+xml", svgOf(picture, { width, height: picture.height, theme }))],
    ["PNG", () => downloadAddress(`${name}.png`, pngOf())],
    ["CSV", () => download(`${name}.csv`, "text/csv", csvOf(picture.table()))],
    ["JSON", () => download(`${name}.json`, "application/json", jsonOf(picture.table()))],
  ];
  const close = (): void => {
    if (menu.current !== null) menu.current.open = false;
  };
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key !== "Escape" || menu.current?.open !== true) return;
    close();
    menu.current.querySelector("summary")?.focus();
  };
  const onBlur = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget !== null && menu.current?.contains(relatedTarget as Node) === false) close();
  };
  return (
    <details class="save-menu" ref={menu} onKeyDown={onKeyDown} onFocusOut={onBlur}>
      <summary aria-label={`Save as: the picture ${name}`}>Save as</summary>
      <div>
        {ways.map(([format, save]) => (
          <button
            key={format}
            type="button"
            onClick={() => {
              save();
              close();
            }}
          >
            {format}
          </button>
        ))}
      </div>
    </details>
  );
}
