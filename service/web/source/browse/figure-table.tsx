// Figures in, a table out whose every row leads to its quote; its head sorts where somebody listens.
import { ARTICLES } from "../ask/answer";
import { Icon } from "../ask/icons";
import { reader } from "../page/here";
import { words } from "../words/words";
import type { Figure } from "./ledger";

export type Sort = "" | "value" | "-value" | "period" | "-period";

export interface FigureTableOf {
  figures: Figure[];
  caption: string;
  sort?: Sort;
  change?: (sort: Sort) => void;
}

export const FigureTable = ({ figures, caption, sort = "", change }: FigureTableOf) => (
  <div class="table" tabIndex={0} role="region" aria-label={caption}>
    <table>
      <caption class="hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{words.value.indicator}</th>
          <Sortable by="value" label={words.value.value} sort={sort} change={change} />
          <Sortable by="period" label={words.value.period} sort={sort} change={change} />
          <th scope="col">{words.value.source}</th>
        </tr>
      </thead>
      <tbody lang={ARTICLES}>
        {figures.map((figure) => (
          <Row key={figure.id} figure={figure} />
        ))}
      </tbody>
    </table>
  </div>
);

interface SortableOf {
  by: "value" | "period";
  label: string;
  sort: Sort;
  change?: ((sort: Sort) => void) | undefined;
}

/** A column's head: the first click sorts downwards, the second upwards, the third not at all. */
function Sortable({ by, label, sort, change }: SortableOf) {
  const order = sort === by ? "ascending" : sort === `-${by}` ? "descending" : "none";
  const next: Sort = order === "none" ? `-${by}` : order === "descending" ? by : "";
  if (!change) return <th scope="col">{label}</th>;
  return (
    <th scope="col" aria-sort={order}>
      <button type="button" class="sort" onClick={() => change(next)}>
        {label}
        <span aria-hidden="true">{{ none: "↕", descending: "↓", ascending: "↑" }[order]}</span>
      </button>
    </th>
  );
}

function Row({ figure }: { figure: Figure }) {
  const shown = (event: { currentTarget: HTMLElement }) => void reader.show(figure, event.currentTarget);
  return (
    <tr>
      <td>
        {figure.subject && <strong>{figure.subject}</strong>}
        {figure.about && <span class="about">{figure.about}</span>}
        {figure.conflicts.length > 0 && (
          <span class="badge conflict">
            <Icon name="conflict" />
            {words.value.differs}
          </span>
        )}
      </td>
      <td class="number">
        <button type="button" class="source" title={figure.quote} onClick={shown}>
          {figure.text}
        </button>
        <small>{[figure.comparator, figure.change].filter(Boolean).join(" ")}</small>
      </td>
      <td class="period">{figure.period?.text ?? <span class="note">—</span>}</td>
      <td>
        <button type="button" class="source" onClick={shown}>
          《{figure.title}》<small>{figure.quote}</small>
        </button>
      </td>
    </tr>
  );
}
