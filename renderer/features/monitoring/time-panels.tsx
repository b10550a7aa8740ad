import type { JudgedChunk, MonitorResults } from '../../../contract/index.ts';
import { percentText } from './monitor-texts.ts';
import styles from './monitoring.module.css';

const width = 300;
const height = 56;

interface Bar {
  readonly label: string;
  /** Null where there is nothing to tell. */
  readonly value: number | null;
  readonly isAlarm: boolean;
  /** What it says, with its unit. */
  readonly words: string;
}

/** The three sides of what can go wrong, over time: software, input, output. A chunk stands at the same place in all of them. */
export function TimePanels({ results, prediction }: { results: MonitorResults; prediction: string | null }) {
  const { chunks, columns } = results;
  const output = columns.find(({ panel }) => panel === 'output');
  const isBroken = ({ alarms }: JudgedChunk) => alarms.some(({ panel }) => panel === 'software');
  const broken = chunks.filter(isBroken).length;
  const inputs = chunks.filter(({ counts }) => counts.input.alarms > 0).length;
  return (
    <div className={styles.panels}>
      <Panel
        name="Software"
        about={
          broken === 0
            ? 'rows of each chunk; none broken'
            : `rows of each chunk; ${broken} of ${chunks.length} broken`
        }
        bars={chunks.map((chunk) => ({
          label: chunk.label,
          value: chunk.rowCount,
          isAlarm: isBroken(chunk),
          words:
            chunk.error ??
            `${(chunk.rowCount ?? 0).toLocaleString('en-US')} rows${isBroken(chunk) ? `, ${chunk.alarms[0]?.column ?? ''}: ${chunk.alarms[0]?.about ?? ''}` : ''}`,
        }))}
      />
      <Panel
        name="Input"
        about={`columns that drift; in ${inputs} of ${chunks.length} chunks`}
        bars={chunks.map(({ label, counts: { input } }) => ({
          label,
          value: input.columns === 0 ? null : input.alarms,
          isAlarm: input.alarms > 0,
          words: `${input.alarms} of ${input.columns} columns drift`,
        }))}
      />
      <Panel
        name="Output"
        about={
          output === undefined
            ? prediction === null
              ? 'no column of predictions is named'
              : `no chunk has the column ${prediction}`
            : `rows of ${output.name} that moved; drift in ${output.alarmCount} of ${chunks.length} chunks`
        }
        bars={chunks.map(({ label }, at) => {
          const cell = output?.cells[at] ?? null;
          const moved = cell?.moved ?? null;
          return {
            label,
            value: moved,
            isAlarm: cell?.isAlarm ?? false,
            words: moved === null ? 'nothing to tell' : `${percentText(moved)} of the rows moved`,
          };
        })}
      />
    </div>
  );
}

function Panel({ name, about, bars }: { name: string; about: string; bars: readonly Bar[] }) {
  const most = Math.max(...bars.map(({ value }) => value ?? 0), 1e-9);
  const step = width / Math.max(bars.length, 1);
  const id = `panel-${name}`;
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <h2 id={id}>{name}</h2>
      <p title={about}>{about}</p>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${name} over time: ${bars
          .filter(({ isAlarm }) => isAlarm)
          .map(({ label, words }) => `${label} ${words}`)
          .slice(0, 20)
          .join('; ')}`}
      >
        <line x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} className={styles.base} />
        {bars.map(({ label, value, isAlarm, words }, at) => {
          const tall = value === null ? 0 : Math.max(1.5, (value / most) * (height - 8));
          return (
            <g key={label}>
              <title>{`${label}: ${words}`}</title>
              <rect x={at * step} y={0} width={step} height={height} className={styles.hit} />
              {isAlarm ? (
                <rect
                  x={at * step + step * 0.15}
                  y={0}
                  width={step * 0.7}
                  height={3}
                  className={styles.flag}
                />
              ) : null}
              <rect
                x={at * step + step * 0.15}
                y={height - 1 - tall}
                width={step * 0.7}
                height={tall}
                className={isAlarm ? styles.barAlarm : styles.bar}
              />
            </g>
          );
        })}
      </svg>
      <div className={styles.ends} aria-hidden>
        <span>{bars[0]?.label}</span>
        <span>{bars.length > 1 ? bars.at(-1)?.label : ''}</span>
      </div>
    </section>
  );
}
