import { useTitle } from "../hooks/use-title.ts";
import { Empty } from "../parts/notice.tsx";
import { hrefOf } from "../route.ts";

export function UnknownScreen({ address }: { readonly address: string }) {
  useTitle("No such page");
  return (
    <Empty>
      <h1 tabIndex={-1}>No such page</h1>
      <p>
        There is nothing at <code>{address}</code>. <a href={hrefOf({ page: "studies" })}>All studies</a> are a good
        place to go on from.
      </p>
    </Empty>
  );
}
