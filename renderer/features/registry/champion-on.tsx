import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { errorShapeOf } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import bars from '../../ui/bar.module.css';
import { RelativeTime } from '../../ui/relative-time.tsx';
import styles from './models.module.css';
import { modelsKey } from './use-models.ts';

/** Who is the champion now, or was at the end of a day, since when, by whom and why. */
export function ChampionOn({ name }: { name: string }) {
  const [day, setDay] = useState('');
  const { data, error } = useQuery({
    queryKey: [...modelsKey, 'champion-on', name, day],
    queryFn: () =>
      engine.registry.holderOn({
        name,
        atMs: day === '' ? Date.now() : new Date(`${day}T23:59:59.999`).getTime(),
      }),
    placeholderData: keepPreviousData,
  });
  const isNow = day === '';
  const whose = data?.version === null ? 'No version' : `Version ${data?.version}`;
  return (
    <div className={bars.bar}>
      <span className={styles.leads} role="status">
        {error !== null ? (
          errorShapeOf(error).what
        ) : data === undefined ? null : !data.isKnown ? (
          'Nobody recorded who was the champion then.'
        ) : (
          <>
            {whose} {isNow ? 'is' : 'was'} the champion
            {data.entry === null ? '.' : ', since '}
            {data.entry === null ? null : (
              <>
                <RelativeTime at={data.entry.atMs} />
                {data.entry.who === '' ? '' : `, by ${data.entry.who}`}
                {data.entry.reason === '' ? '.' : `: ${data.entry.reason}`}
              </>
            )}
          </>
        )}
      </span>
      <label className={styles.date}>
        Champion on
        <input type="date" value={day} onChange={(event) => setDay(event.currentTarget.value)} />
      </label>
    </div>
  );
}
