/** What is drawn of one kind of data. */
export interface PicturedCell {
  readonly name: string;
  /** Shares of what was told though nothing moved: of our data sets of many columns, of the peers' columns. */
  readonly falseAlarms: {
    readonly any: number;
    readonly evidently: number | null;
    readonly nannyml: number | null;
  };
  /** Shares that were told where 4 % of the rows moved, at as many false alarms. */
  readonly told: {
    readonly ours: number;
    readonly evidently: number | null;
    readonly nannyml: number | null;
  };
}

const rowHeight = 18;
const nameWidth = 210;
const panelWidth = 260;
const gap = 40;
const top = 56;

/** Both tables of docs/drift.md as one picture: left false alarms by default, right what is told at equal false alarms. */
export function falseAlarmsPicture(cells: readonly PicturedCell[]): string {
  const width = nameWidth + 2 * panelWidth + gap + 20;
  const height = top + cells.length * rowHeight + 30;
  const left = nameWidth;
  const right = nameWidth + panelWidth + gap;
  const rows = cells.map(({ name, falseAlarms, told }, at) => {
    const y = top + (at + 0.5) * rowHeight;
    return `<line class="rule" x1="0" x2="${width}" y1="${y + rowHeight / 2}" y2="${y + rowHeight / 2}"/><text x="0" y="${y + 4}">${name}</text>
${marks(left, y, { ours: falseAlarms.any, evidently: falseAlarms.evidently, nannyml: falseAlarms.nannyml })}
${marks(right, y, told)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="False alarms, and drift that was told, of Benchtop, Evidently and NannyML; the table has the numbers">
<style>
svg { --ink: #1b1e24; --quiet: #5b6270; --rule: #dadde3; --ours: #1531a4; --one: #e0700d; --two: #0d7e6d; background: #fff; }
@media (prefers-color-scheme: dark) { svg { --ink: #e6e8ec; --quiet: #a3a9b5; --rule: #2e323a; --ours: #3da8f4; --one: #e97c17; --two: #67f7dd; background: #17191d; } }
text { font: 11px system-ui, sans-serif; fill: var(--ink); } .quiet { fill: var(--quiet); } .rule { stroke: var(--rule); } .five { stroke: var(--quiet); stroke-dasharray: 3 3; }
.ours { fill: var(--ours); } .evidently { fill: none; stroke: var(--one); stroke-width: 1.5; } .nannyml { fill: none; stroke: var(--two); stroke-width: 1.5; }
</style>
<text x="${left}" y="16">False alarms by default, %</text><text x="${right}" y="16">4 % of the rows moved: told at our false alarms, %</text>
${marks(0, 34, { ours: 0.03, evidently: null, nannyml: null }, 300)}<text class="quiet" x="18" y="38">Benchtop, any of 20</text>
<rect class="evidently" x="150" y="30" width="8" height="8"/><text class="quiet" x="164" y="38">Evidently, one column</text>
<path class="nannyml" d="M 292 38 l 5 -9 l 5 9 z"/><text class="quiet" x="308" y="38">NannyML, one column</text>
<line class="five" x1="${left + 0.05 * panelWidth}" x2="${left + 0.05 * panelWidth}" y1="${top}" y2="${top + cells.length * rowHeight}"/>
${rows.join('\n')}
${[left, right].map((from) => [0, 0.05, 0.25, 0.5, 0.75, 1].map((share) => `<text class="quiet" text-anchor="middle" x="${from + share * panelWidth}" y="${height - 12}">${share * 100}</text>`).join('')).join('')}
</svg>
`;
}

function marks(
  from: number,
  y: number,
  { ours, evidently, nannyml }: PicturedCell['told'],
  wide = panelWidth,
): string {
  const x = (share: number) => (from + share * wide).toFixed(1);
  return [
    nannyml === null ? '' : `<path class="nannyml" d="M ${x(nannyml)} ${y - 5} l 5 9 l -10 0 z"/>`,
    evidently === null
      ? ''
      : `<rect class="evidently" x="${(from + evidently * wide - 4).toFixed(1)}" y="${y - 4}" width="8" height="8"/>`,
    `<circle class="ours" cx="${x(ours)}" cy="${y}" r="4"/>`,
  ].join('');
}
