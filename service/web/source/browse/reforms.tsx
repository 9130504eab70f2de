// The named reforms of the collection, and the dossier of the one that the address names.
import { ARTICLES } from "../ask/answer";
import { address, adjust, route } from "../page/route";
import { words } from "../words/words";
import { DossierView } from "./dossier";
import { Frame, Search } from "./frame";
import { CELLS, type ReformSummary } from "./ledger";
import { usePaged } from "./paged";

export function Reforms() {
  const { rest } = route.value;
  return rest ? <DossierView key={rest} name={rest} /> : <List />;
}

function List() {
  const q = route.value.query.get("q") ?? "";
  const found = usePaged<ReformSummary>("v1/reforms", "reforms", { q });
  return (
    <Frame title={words.value.reforms} found={found}>
      <Search label={words.value.searchReforms} value={q} change={(text) => adjust({ q: text })}>
        <output aria-live="polite">{found.rows ? words.value.countReforms(found.total) : words.value.loading}</output>
      </Search>
      <ul class="cards reforms">
        {found.rows?.map((reform) => (
          <li key={reform.name}>
            <a href={address("reforms", reform.name)}>
              <strong lang={ARTICLES}>{reform.name}</strong>
              <small>{words.value.spokenOf(reform.articles, reform.mentions)}</small>
              <small class="filled">{CELLS.filter((cell) => reform.filled.includes(cell)).map((cell) => words.value.cell[cell]).join(" · ")}</small>
            </a>
          </li>
        ))}
      </ul>
    </Frame>
  );
}
