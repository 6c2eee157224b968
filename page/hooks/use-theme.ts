import { useEffect, useState } from "preact/hooks";
import type { Theme } from "../view-props.ts";

const KEY = "hpo-theme";

/** What the reader chose; the system's theme as long as they did not. */
export function useTheme(): readonly [Theme, () => void] {
  const [chosen, setChosen] = useState(readChoice);
  const [system, setSystem] = useState(systemTheme);
  const theme = chosen ?? system;
  useEffect(() => {
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const follow = (): void => setSystem(systemTheme());
    dark.addEventListener("change", follow);
    return () => dark.removeEventListener("change", follow);
  }, []);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const change = (): void => {
    const next = theme === "dark" ? "light" : "dark";
    setChosen(next);
    writeChoice(next);
  };
  return [theme, change];
}

function systemTheme(): Theme {
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** A page from a file, or one without leave to store, has no storage: the choice then lasts as long as the page. */
function readChoice(): Theme | undefined {
  try {
    const choice = localStorage.getItem(KEY);
    return choice === "dark" || choice === "light" ? choice : undefined;
  } catch {
    return undefined;
  }
}

function writeChoice(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // As above.
  }
}
