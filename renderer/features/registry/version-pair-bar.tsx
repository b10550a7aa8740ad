import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ModelVersion } from '../../../contract/index.ts';
import bars from '../../ui/bar.module.css';
import type { ReadVersions } from './use-models.ts';
import type { VersionPair } from './use-version-pair.ts';

/** Chooses the two versions; what else there is to choose stands beside. */
export function VersionPairBar({
  pair: { before, after, choose },
  versions,
  children,
}: {
  pair: VersionPair;
  versions: ReadVersions;
  children?: ReactNode;
}) {
  return (
    <div className={bars.bar}>
      <VersionSelect label="From" versions={versions} chosen={before} onChoose={(v) => choose('from', v)} />
      <span aria-hidden>→</span>
      <VersionSelect label="To" versions={versions} chosen={after} onChoose={(v) => choose('to', v)} />
      {children}
    </div>
  );
}

const older = 'older';

/** One of the versions of a model, each with its aliases. */
export function VersionSelect({
  label,
  versions: { known, readMore },
  chosen,
  onChoose,
}: {
  label: string;
  versions: ReadVersions;
  chosen: ModelVersion | undefined;
  onChoose: (version: number) => void;
}) {
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      data={[
        ...known.map(({ version, aliases }) => ({
          value: String(version),
          label: [`version ${version}`, ...aliases].join(' · '),
        })),
        ...(readMore === null ? [] : [{ value: older, label: 'List older ones' }]),
      ]}
      value={String(chosen?.version ?? '')}
      onChange={({ currentTarget: { value } }) => (value === older ? readMore?.() : onChoose(Number(value)))}
    />
  );
}
