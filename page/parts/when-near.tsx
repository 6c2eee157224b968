import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Browsers without idle callbacks wait so long, in milliseconds. */
const LATER = 1_500;

/**
 * Renders what it holds when it comes near the screen, or when there is nothing else to do: the pictures of a large study take
 * a while to draw, and those that are looked at come first.
 */
export function WhenNear({ children }: { readonly children: ComponentChildren }) {
  const place = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const show = (): void => setShown(true);
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) show();
      },
      { rootMargin: "200px" },
    );
    observer.observe(place.current as HTMLDivElement);
    const idle = "requestIdleCallback" in window;
    const later = idle ? window.requestIdleCallback(show) : setTimeout(show, LATER);
    return () => {
      observer.disconnect();
      if (idle) window.cancelIdleCallback(later as number);
      else clearTimeout(later);
    };
  }, []);
  return shown ? children : <div ref={place} class="later" />;
}
