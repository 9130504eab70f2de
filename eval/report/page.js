const cases = [...document.querySelectorAll("details.case")];
const filtered = [...cases, ...document.querySelectorAll("#right li")];
const filter = document.querySelector("#filter");

function apply() {
  const chosen = [...filter.querySelectorAll("select")].filter((select) => select.value);
  for (const one of filtered) one.hidden = chosen.some((select) => one.dataset[select.name] !== select.value);
  filter.querySelector("output").value = `${cases.filter((one) => !one.hidden).length} of ${cases.length} shown`;
}

function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!filtered.includes(target)) return;
  if (target.hidden) {
    filter.reset();
    apply();
  }
  for (let box = target; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
  target.scrollIntoView();
}

if (filter) {
  filter.hidden = false;
  filter.addEventListener("change", apply);
  document.querySelector("#open").addEventListener("click", () => cases.forEach((one) => (one.open = true)));
  document.querySelector("#close").addEventListener("click", () => cases.forEach((one) => (one.open = false)));
  apply();
}
addEventListener("hashchange", reveal);
addEventListener("beforeprint", () => cases.forEach((one) => (one.open = true)));
reveal();
