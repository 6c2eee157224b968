import type { ComponentChildren } from "preact";
import type { Connection } from "../source.ts";

/** Stands where there is nothing else to show. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <div class="empty">{children}</div>;
}

/** Says that what is shown may be old. */
export function ConnectionNotice({ connection }: { readonly connection: Connection }) {
  return (
    <div class="notices" role="status">
      {connection.kind === "lost" && (
        <p class="notice">Connection lost, trying again. What you see is from before it was.</p>
      )}
    </div>
  );
}
