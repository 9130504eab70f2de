// The ledger of figures: as a table to sort, filter and download, or as bars for each indicator.
import { Icon } from "../ask/icons";
import { text } from "../ask/service";
import { here } from "../page/here";
import { adjust, route as shown } from "../page/route";
import { download } from "../read/handing";
import { words } from "../words/words";
import { FigureTable, type Sort } from "./figure-table";
import { Frame, Search } from "./frame";
import type { Figure, Timeline } from "./ledger";
import { usePaged } from "./paged";
import { Plot } from "./plot";

const FILE = "figures.csv";

type Query = Record<"q" | "unit" | "sort" | "as", string>;

export function Figures() {
  const { query } = shown.value;
  const now: Query = { q: query.get("q") ?? "", unit: query.get("unit") ?? "", sort: query.get("sort") ?? "", as: query.get("as") ?? "" };
  const plotted = now.as === "bars";
  const change = (changes: Partial<Query>) => adjust({ ...now, ...changes });
  const Shown = plotted ? Indicators : Table;
  return <Shown now={now} change={change} />;
}

interface ViewOf {
  now: Query;
  change: (changes: Partial<Query>) => void;
}

function Table({ now, change }: ViewOf) {
  const { q, unit, sort } = now;
  const found = usePaged<Figure>("v1/figures", "figures", { q, unit, sort });
  return (
    <Frame title={words.value.figures} found={found}>
      <Filters now={now} change={change} total={found.rows && found.total} counted={words.value.countFigures} />
      {found.rows && found.total > 0 && (
        <FigureTable figures={found.rows} caption={words.value.figures} sort={sort as Sort} change={(sort) => change({ sort })} />
      )}
    </Frame>
  );
}

function Indicators({ now, change }: ViewOf) {
  const { q, unit } = now;
  const found = usePaged<Timeline>("v1/figures/indicators", "indicators", { q, unit });
  return (
    <Frame title={words.value.figures} found={found}>
      <Filters now={now} change={change} total={found.rows && found.total} counted={words.value.countIndicators} />
      <div class="plots">
        {found.rows?.map((timeline) => (
          <Plot key={timeline.indicator} timeline={timeline} />
        ))}
      </div>
    </Frame>
  );
}

function Filters({ now, change, total, counted }: ViewOf & { total: number | null; counted: (count: number) => string }) {
  const { q, unit, as } = now;
  const csv = new URLSearchParams(Object.entries({ q, unit, format: "csv" }).filter(([, value]) => value));
  const route = `v1/figures?${csv}`;
  return (
    <Search label={words.value.searchFigures} value={q} change={(text) => change({ q: text })}>
      <input
        class="unit"
        aria-label={words.value.unit}
        placeholder={words.value.unit}
        value={unit}
        onInput={(event) => change({ unit: event.currentTarget.value.trim() })}
      />
      <div class="choice" role="group" aria-label={words.value.shownAs}>
        <button type="button" aria-pressed={as !== "bars"} onClick={() => change({ as: "" })}>
          {words.value.table}
        </button>
        <button type="button" aria-pressed={as === "bars"} onClick={() => change({ as: "bars" })}>
          {words.value.bars}
        </button>
      </div>
      <a class="quiet" href={route} download={FILE} onClick={(event) => here.token && void withKey(event, route)}>
        <Icon name="save" />
        {words.value.csv}
      </a>
      <output aria-live="polite">{total === null ? words.value.loading : counted(total)}</output>
    </Search>
  );
}

/** A link cannot carry a key; the page can. */
async function withKey(event: Event, route: string): Promise<void> {
  event.preventDefault();
  download(FILE, "text/csv", await text(here, route));
}
