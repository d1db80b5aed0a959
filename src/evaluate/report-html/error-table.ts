import type { ErrorRow, Evaluation } from '../report';

const pageSize = 50;
type SortKey = 'name' | 'gold' | 'predicted' | 'score' | 'confidence' | 'text';
const columns: readonly { key: SortKey; head: string; numeric?: boolean }[] = [
  { key: 'text', head: 'comment' },
  { key: 'name', head: 'label' },
  { key: 'gold', head: 'gold' },
  { key: 'predicted', head: 'predicted' },
  { key: 'score', head: 'score', numeric: true },
  { key: 'confidence', head: 'confidence', numeric: true },
];

/** The wrong answers of one classifier: sortable by every column, filtered by class, slice and words. */
export function errorTable(evaluation: Evaluation, container: HTMLElement): void {
  const { rows, total } = evaluation.errors;
  const state = { sort: 'confidence' as SortKey, descending: true, shown: pageSize };
  const filters = element('div', { className: 'filters' });
  const status = element('p', { className: 'soft status', role: 'status' });
  const table = element('table', {});
  const body = element('tbody', {});
  const more = element('button', { className: 'more', type: 'button' }, 'Show more');
  const region = element('div', {
    className: 'scroll errors',
    tabIndex: 0,
    role: 'region',
    ariaLabel: 'Wrong answers',
  });

  const picks: { control: HTMLSelectElement; keep: (row: ErrorRow, value: string) => boolean }[] = [];
  const addSelect = (
    label: string,
    values: readonly string[],
    keep: (row: ErrorRow, value: string) => boolean,
  ) => {
    if (values.length < 2) return;
    const control = element('select', { ariaLabel: label });
    control.append(new Option('all', ''), ...values.map((value) => new Option(value, value)));
    control.addEventListener('change', restart);
    picks.push({ control, keep });
    const wrapper = element('label', {}, label);
    wrapper.append(control);
    filters.append(wrapper);
  };
  const distinct = (values: readonly string[]) => [...new Set(values)].sort();
  addSelect('Label', distinct(rows.map(({ name }) => name)), (row, value) => row.name === value);
  addSelect('Gold', distinct(rows.map(({ gold }) => gold)), (row, value) => row.gold === value);
  addSelect(
    'Predicted',
    distinct(rows.map(({ predicted }) => predicted)),
    (row, value) => row.predicted === value,
  );
  for (const field of evaluation.options.slices)
    addSelect(field, distinct(rows.flatMap((row) => row.slices[field] ?? [])), (row, value) =>
      (row.slices[field] ?? []).includes(value),
    );
  const search = element('input', {
    type: 'search',
    placeholder: 'words in the comment',
    ariaLabel: 'Search',
  });
  search.addEventListener('input', restart);
  const searchLabel = element('label', {}, 'Search');
  searchLabel.append(search);
  filters.append(searchLabel);

  // On narrow screens the header row is gone: this takes the place of its buttons.
  const sorting = element('select', { ariaLabel: 'Sort by' });
  sorting.append(...columns.map(({ key, head }) => new Option(head, key, false, key === state.sort)));
  sorting.addEventListener('change', () => {
    state.sort = sorting.value as SortKey;
    state.descending = columns.find(({ key }) => key === state.sort)!.numeric === true;
    restart();
  });
  const sortingLabel = element('label', { className: 'narrow' }, 'Sort by');
  sortingLabel.append(sorting);
  filters.append(sortingLabel);

  const head = element('tr', {});
  const headers = columns.map(({ key, head: name, numeric }) => {
    const cell = element('th', { scope: 'col', className: numeric ? 'number' : '' });
    const button = element('button', { type: 'button' }, name);
    button.addEventListener('click', () => {
      state.descending = state.sort === key ? !state.descending : numeric === true;
      state.sort = key;
      restart();
    });
    cell.append(button);
    head.append(cell);
    return { key, cell };
  });
  const header = element('thead', {});
  header.append(head);
  table.append(header, body);
  region.append(table);
  more.addEventListener('click', () => {
    state.shown += pageSize;
    render();
  });
  container.replaceChildren(filters, status, region, more);
  render();

  function restart() {
    state.shown = pageSize;
    render();
  }

  function render() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const kept = rows.filter(
      (row) =>
        picks.every(({ control, keep }) => control.value === '' || keep(row, control.value)) &&
        words.every((word) => row.text.toLowerCase().includes(word)),
    );
    kept.sort((a, b) => compare(a[state.sort], b[state.sort]) * (state.descending ? -1 : 1));
    for (const { key, cell } of headers) {
      if (key === state.sort) cell.ariaSort = state.descending ? 'descending' : 'ascending';
      else cell.ariaSort = 'none';
    }
    body.replaceChildren(...kept.slice(0, state.shown).map(rowOf));
    const listed = rows.length < total ? ` (the ${rows.length} most confident of ${total} are listed)` : '';
    status.textContent = `${kept.length} of ${rows.length} wrong answers${listed}, ${Math.min(state.shown, kept.length)} shown.`;
    more.hidden = kept.length <= state.shown;
  }
}

function rowOf(row: ErrorRow): HTMLTableRowElement {
  const line = element('tr', {});
  line.append(
    cell('comment', row.text, 'comment'),
    cell('label', row.name),
    cell('gold', row.gold),
    cell('predicted', row.predicted),
    cell('score', row.score?.toFixed(3) ?? '–', 'number'),
    cell('confidence', row.confidence?.toFixed(3) ?? '–', 'number'),
  );
  line.title = `id ${row.id}`;
  return line;
}

/** Text goes in as text: a comment's markup is never parsed. */
function cell(head: string, text: string, className = ''): HTMLTableCellElement {
  const made = element('td', { className }, text);
  made.dataset.head = head;
  return made;
}

function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]>,
  text?: string,
): HTMLElementTagNameMap[Name] {
  const made = Object.assign(document.createElement(name), properties);
  if (text !== undefined) made.textContent = text;
  return made;
}
