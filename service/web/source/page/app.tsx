// The page: its head, the view that the address names, and the open article beside it.
import { render } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { ArticlePane } from "../read/article";
import { words } from "../words/words";
import { Articles } from "../browse/articles";
import { Figures } from "../browse/figures";
import { Reforms } from "../browse/reforms";
import { AskView } from "./ask-view";
import { Head } from "./head";
import { locked, offline, reader } from "./here";
import { Key } from "./key";
import { route, type View } from "./route";
import "./preferences";

const NARROW = matchMedia("(max-width: 62rem)"); // as in style/page.css

const SHOWN: Record<View, () => preact.JSX.Element> = { ask: AskView, articles: Articles, figures: Figures, reforms: Reforms };

function App() {
  const reading = reader.open.value;
  const Shown = SHOWN[route.value.view];
  useLayoutEffect(() => {
    const covered = () => {
      for (const part of document.querySelectorAll<HTMLElement>(".top, .view")) part.inert = NARROW.matches && reading !== null;
    };
    covered();
    NARROW.addEventListener("change", covered);
    return () => NARROW.removeEventListener("change", covered);
  }, [reading !== null]);
  return (
    <>
      <Head />
      {offline.value && <p class="banner">{words.value.offline}</p>}
      {locked.value && <Key />}
      <p class="hidden" role="status">
        {offline.value ? words.value.offline : ""}
      </p>
      <div class="body">
        <div class="view">
          <Shown />
        </div>
        {reading && <ArticlePane reader={reader} reading={reading} />}
      </div>
    </>
  );
}

render(<App />, document.getElementById("app")!);
