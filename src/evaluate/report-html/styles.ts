/** Style sheet of the HTML report: light and dark, 400 to 1,600 pixels, screen and paper. */
export const styles = `
:root {
  color-scheme: light dark;
  --page: #fbfaf8; --card: #ffffff; --ink: #1d1d1f; --soft: #5c5f66; --line: #dfdcd6; --accent: #0b5cad;
  --good: #1a7f4b; --bad: #b3261e; --mark: #f2efe9;
  --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #cc79a7; --c4: #a07c00; --c5: #3aa0d8; --c6: #6b6b6b; --c7: #7a3db8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #141517; --card: #1d1f22; --ink: #ececec; --soft: #a6abb3; --line: #363a40; --accent: #7db8f5;
    --good: #5fd39a; --bad: #ff8a80; --mark: #272a2e;
    --c0: #56b4e9; --c1: #f08a4b; --c2: #3fd1a5; --c3: #e5a3c7; --c4: #e0bf4f; --c5: #8fd0f5; --c6: #a9a9a9; --c7: #bd93f0;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1400px; margin: 0 auto; padding: 1.5rem clamp(0.9rem, 3vw, 2.5rem) 4rem; }
h1 { font-size: clamp(1.4rem, 4vw, 2rem); line-height: 1.2; margin: 0 0 0.3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.4rem 0 0.6rem; padding-top: 0.6rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.5rem 0 0.4rem; overflow-wrap: anywhere; }
p { margin: 0.3rem 0 0.8rem; max-width: 75ch; }
.soft { color: var(--soft); font-size: 0.9rem; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 0.5rem; top: 0.5rem; background: var(--card); padding: 0.5rem; z-index: 2; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 0.88rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.4rem 0.7rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child > td, tr:last-child > th { border-bottom: 0; }
thead th { color: var(--soft); font-weight: 600; }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0; background: var(--card); }
th[scope=row] { font-weight: 600; }
td.main { font-weight: 700; }
.interval { color: var(--soft); font-weight: 400; font-size: 0.8rem; display: block; }
td.baseline { color: var(--soft); }
.pass { color: var(--good); font-weight: 700; } .fail { color: var(--bad); font-weight: 700; }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr)); gap: 1rem; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.7rem 0.8rem; min-width: 0; }
figure.wide { grid-column: 1 / -1; }
figcaption { font-weight: 600; font-size: 0.92rem; margin-bottom: 0.3rem; overflow-wrap: anywhere; }
figure svg { display: block; max-width: 100%; height: auto; overflow: visible; background: transparent; color: var(--ink); --plot-background: var(--card); }
.legend { overflow-wrap: anywhere; display: flex; flex-wrap: wrap; gap: 0.2rem 0.9rem; font-size: 0.8rem; color: var(--soft); margin-bottom: 0.3rem; }
.legend span::before { content: ""; display: inline-block; width: 0.7em; height: 0.7em; border-radius: 2px; margin-right: 0.35em; background: var(--swatch); }
.filters { display: flex; flex-wrap: wrap; gap: 0.6rem 1rem; margin: 0.6rem 0 0.8rem; align-items: end; }
.filters label { min-width: 0; max-width: min(100%, 16rem); display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.15rem; font-size: 0.8rem; color: var(--soft); }
select, input, button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 0.35rem 0.55rem; max-width: 100%; }
button { cursor: pointer; }
th button { border: 0; background: none; padding: 0; color: inherit; font-weight: 600; white-space: nowrap; }
th button::after { content: " \\2195"; opacity: 0.45; }
th[aria-sort=ascending] button::after { content: " \\2191"; opacity: 1; }
th[aria-sort=descending] button::after { content: " \\2193"; opacity: 1; }
.errors td, .errors th { text-align: left; }
.errors td.number, .errors th.number { text-align: right; }
.errors td.comment { white-space: pre-wrap; overflow-wrap: anywhere; min-width: min(62vw, 26rem); width: 60%; position: static; }
.errors td:first-child, .errors th:first-child { position: static; }
.errors tbody tr:nth-child(even) td { background: var(--mark); }
.label { border: 1px solid currentColor; border-radius: 4px; padding: 0 0.35em; font-size: 0.82rem; }
section > .plots { margin-top: 1rem; }
@media (min-width: 641px) { .filters .narrow { display: none; } }
.status { min-height: 1.5em; }
@media (max-width: 640px) {
  .errors thead { display: none; }
  .errors table, .errors tbody, .errors tr, .errors td { display: block; width: 100%; }
  .errors tr { padding: 0.6rem 0.7rem; border-bottom: 1px solid var(--line); }
  .errors tbody tr:nth-child(even) { background: var(--mark); }
  .errors td { border: 0; padding: 0.1rem 0; white-space: normal; }
  .errors td:not(.comment) { display: inline-block; width: auto; margin-right: 0.9rem; background: none; }
  .errors tbody tr:nth-child(even) td { background: none; }
  .errors td.number { text-align: left; }
  .errors td.comment { width: 100%; min-width: 0; }
  .errors td:not(.comment)::before { content: attr(data-head) ": "; color: var(--soft); font-size: 0.8rem; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --mark: #f4f4f4;
    --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #cc79a7; --c4: #a07c00; --c5: #3aa0d8; --c6: #6b6b6b; --c7: #7a3db8; }
  body { font-size: 11px; }
  main { max-width: none; padding: 0; }
  .filters, .skip, .more, th button::after { display: none !important; }
  figure, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; border: 0; }
  th, td { padding: 0.15rem 0.3rem; }
  .plots { grid-template-columns: repeat(2, 1fr); }
}
`;
