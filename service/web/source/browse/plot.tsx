// One indicator in, its values as bars in the order of their times out. The drawing repeats what the words beside it say.
import { ARTICLES } from "../ask/answer";
import { Icon } from "../ask/icons";
import { reader } from "../page/here";
import { words } from "../words/words";
import type { Figure, Timeline } from "./ledger";

export function Plot({ timeline }: { timeline: Timeline }) {
  const { subject, about, unit, comparator, change, conflict, figures } = timeline;
  const highest = Math.max(...figures.flatMap(({ value }) => value).map(Math.abs)) || 1;
  return (
    <figure class="plot" lang={ARTICLES}>
      <figcaption>
        <strong>{subject}</strong>
        <span class="about">{[about, comparator, change, unit].filter(Boolean).join(" · ")}</span>
        {conflict && (
          <span class="badge conflict">
            <Icon name="conflict" />
            {words.value.standing.conflict}
          </span>
        )}
      </figcaption>
      <ol>
        {figures.map((figure) => (
          <li key={figure.id}>
            <span class="when">{figure.period?.text ?? words.value.noPeriod}</span>
            <Bar value={figure.value} highest={highest} />
            <button type="button" class="source" title={figure.quote} onClick={(event) => void reader.show(figure, event.currentTarget)}>
              {figure.text}
            </button>
          </li>
        ))}
      </ol>
    </figure>
  );
}

/** A range is drawn from its lower to its upper end, a value from nothing. */
function Bar({ value, highest }: { value: Figure["value"]; highest: number }) {
  const [low, high] = Array.isArray(value) ? value : [0, Math.abs(value)];
  return (
    <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="ground" width="100" height="10" rx="1" />
      <rect x={(low / highest) * 100} width={Math.max(0.8, ((high - low) / highest) * 100)} height="10" rx="1" />
    </svg>
  );
}
