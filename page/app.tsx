import { useRoute } from "./hooks/use-route.ts";
import { useTheme } from "./hooks/use-theme.ts";
import { hrefOf, type Route } from "./route.ts";
import { CompareScreen } from "./screens/compare.tsx";
import { StudiesScreen } from "./screens/studies.tsx";
import { StudyScreens } from "./screens/study.tsx";
import { UnknownScreen } from "./screens/unknown.tsx";
import type { Source } from "./source.ts";
import type { Theme } from "./view-props.ts";
import { dateInWords } from "./words.ts";

/** The whole page: the bar at the top, and the screen that the address names. */
export function App({ source }: { readonly source: Source }) {
  const address = useRoute();
  const [theme, changeTheme] = useTheme();
  const route: Route =
    source.only !== undefined && address.page === "studies" ? { page: "overview", study: source.only } : address;
  const toMain = (event: Event): void => {
    event.preventDefault();
    document.getElementById("main")?.focus();
  };
  return (
    <>
      <a class="skip" href="#main" onClick={toMain}>
        Skip to the content
      </a>
      <header class="bar">
        <a class="brand" href={hrefOf({ page: "studies" })}>
          <Logo />
          hpo
        </a>
        {source.madeAt !== undefined && <span class="made">Report of {dateInWords(source.madeAt)}</span>}
        {source.curvePoints !== undefined && (
          <span class="made">
            Curves have up to {source.curvePoints} of their points here; the study has all of them
          </span>
        )}
        <button type="button" class="quiet" onClick={changeTheme}>
          <ThemeIcon theme={theme} />
          {theme === "dark" ? "Light" : "Dark"}
          <span class="unseen"> theme</span>
        </button>
      </header>
      <main id="main" tabIndex={-1}>
        <Screen source={source} route={route} theme={theme} />
      </main>
      <div id="said" class="unseen" aria-live="polite" />
    </>
  );
}

function Screen({ source, route, theme }: { readonly source: Source; readonly route: Route; readonly theme: Theme }) {
  switch (route.page) {
    case "studies":
      return <StudiesScreen source={source} />;
    case "compare":
      return <CompareScreen source={source} names={route.studies} theme={theme} />;
    case "unknown":
      return <UnknownScreen address={route.address} />;
    case "overview":
    case "trials":
    case "view":
    case "trial":
      return <StudyScreens key={route.study} source={source} route={route} theme={theme} />;
  }
}

function Logo() {
  return (
    <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0b57a4" />
      <path
        d="M6 9h6v6h7v5h7"
        fill="none"
        stroke="#fff"
        stroke-width="3"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
      <circle cx="26" cy="20" r="3" fill="#ffb000" />
    </svg>
  );
}

function ThemeIcon({ theme }: { readonly theme: Theme }) {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" fill="currentColor">
      {theme === "dark" ? (
        <path d="M8 4.5A3.5 3.5 0 1 0 8 11.5A3.5 3.5 0 1 0 8 4.5zM7.300 0h1.400v3H7.300zM7.300 13h1.400v3H7.300zM0 7.300h3v1.400H0zM13 7.300h3v1.400h-3z" />
      ) : (
        <path d="M13.5 10.300A6 6 0 0 1 5.700 2.500A6 6 0 1 0 13.5 10.300z" />
      )}
    </svg>
  );
}
