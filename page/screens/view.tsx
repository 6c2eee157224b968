import { Empty } from "../parts/notice.tsx";
import { VIEWS } from "../views.ts";
import type { StudyProps } from "./study-props.ts";

/** One view, at full size. */
export function ViewScreen({ view: props, id }: StudyProps & { readonly id: string }) {
  const view = VIEWS.find((each) => each.id === id);
  if (view === undefined) {
    return (
      <Empty>
        <p>There is no view named “{id}”. Those that there are stand above.</p>
      </Empty>
    );
  }
  const { component: Component, title } = view;
  return (
    <section class="card view full" aria-labelledby="view-title">
      <h2 id="view-title">{title}</h2>
      <Component {...props} />
    </section>
  );
}
