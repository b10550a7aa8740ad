import { calibrationText, type JudgedChunk, type Reliability } from '../../contract/index.ts';

const size = 220;

/**
 * What was told beside what came true as HTML: of the reference, and of the last chunk that has labels. Empty where no chunk is watched so.
 * @param escaped makes text of what may be markup
 */
export function calibrationPart(chunks: readonly JudgedChunk[], escaped: (text: string) => string): string {
  const watched = chunks.filter(({ performance }) => performance !== null);
  const shown =
    watched.findLast(({ performance }) => (performance?.calibration.current.rowCount ?? 0) > 0) ??
    watched.at(-1);
  const calibration = shown?.performance?.calibration;
  if (shown === undefined || calibration === undefined) return '';
  const { reference, current } = calibration;
  const starts = [...new Set([...reference.bins, ...current.bins].map(({ from }) => from))].toSorted(
    (a, b) => a - b,
  );
  return `<h2>Calibration <small>${escaped(shown.label)}</small></h2>
<p>${calibrationText(calibration)}</p>
<div class="beside">${picture(reference, current)}
<table><thead><tr><th>Told</th><th class="number">Reference</th><th class="number">Came true</th><th class="number">By labels</th><th class="number">Came true</th></tr></thead>
<tbody>${starts.map((from) => row(from, reference, current)).join('\n')}</tbody></table></div>`;
}

function picture(reference: Reliability, current: Reliability): string {
  const at = (share: number) => (share * size).toFixed(1);
  const up = (share: number) => ((1 - share) * size).toFixed(1);
  return `<svg viewBox="-6 -6 ${size + 12} ${size + 12}" width="${size}" height="${size}" role="img" aria-label="Probability that was told, and share that came true">
<rect class="ground" width="${size}" height="${size}"/><line class="honest" x1="0" y1="${size}" x2="${size}" y2="0"/>
${reference.bins.map(({ told, cameTrue }) => `<rect class="then" x="${at(told - 3 / size)}" y="${up(cameTrue + 3 / size)}" width="6" height="6"/>`).join('')}
${current.bins.map(({ told, cameTrue, low, high }) => `<line class="now" x1="${at(told)}" x2="${at(told)}" y1="${up(low)}" y2="${up(high)}"/><circle class="now" cx="${at(told)}" cy="${up(cameTrue)}" r="3"/>`).join('')}
</svg>`;
}

function row(from: number, reference: Reliability, current: Reliability): string {
  const bin = (side: Reliability) => side.bins.find((each) => each.from === from);
  const [then, now] = [bin(reference), bin(current)];
  const cells = [
    then?.count.toLocaleString('en-US') ?? '',
    then === undefined ? '' : percent(then.cameTrue),
    now?.count.toLocaleString('en-US') ?? '',
    now === undefined ? '' : `${percent(now.cameTrue)} (${percent(now.low)}–${percent(now.high)})`,
  ];
  const told = Math.round(from * 100);
  return `<tr><th scope="row">${told}–${told + 10} %</th>${cells.map((cell) => `<td class="number">${cell}</td>`).join('')}</tr>`;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
