import { useEffect, useState } from "preact/hooks";
import { parseRoute, type Route } from "../route.ts";

/** Where the page is, as the address changes. A page that was gone to starts at its heading, for eyes and screen readers. */
export function useRoute(): Route {
  const [hash, setHash] = useState(() => location.hash);
  useEffect(() => {
    const follow = (): void => setHash(location.hash);
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  const [first] = useState(hash);
  const [moved, setMoved] = useState(false);
  useEffect(() => {
    if (hash === first && !moved) return;
    setMoved(true);
    window.scrollTo(0, 0);
    document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  }, [hash]);
  return parseRoute(hash);
}
