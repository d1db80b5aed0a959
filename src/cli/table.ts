import CliTable from 'cli-table3';

export interface Column {
  head: string;
  /** Characters of the column, the two blanks between columns not counted. */
  width: number;
  align?: 'left' | 'right';
}

/** A table without rules: columns stand apart by two blanks, long cells wrap at words. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const none = { top: '', bottom: '', left: '', right: '', mid: '', middle: '' };
  const table = new CliTable({
    head: columns.map((column) => column.head),
    colWidths: columns.map((column) => column.width + 2),
    colAligns: columns.map((column) => column.align ?? 'left'),
    wordWrap: true,
    chars: {
      ...none,
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      'left-mid': '',
      'mid-mid': '',
      'right-mid': '',
    },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
