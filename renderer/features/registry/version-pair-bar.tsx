import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ModelVersion } from '../../../contract/index.ts';
import bars from '../../ui/bar.module.css';
import type { VersionPair } from './use-version-pair.ts';

/** Chooses the two versions; what else there is to choose stands beside. */
export function VersionPairBar({
  pair: { before, after, choose },
  versions,
  children,
}: {
  pair: VersionPair;
  versions: readonly ModelVersion[];
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

/** One of the versions of a model, each with its aliases. */
export function VersionSelect({
  label,
  versions,
  chosen,
  onChoose,
}: {
  label: string;
  versions: readonly ModelVersion[];
  chosen: ModelVersion | undefined;
  onChoose: (version: number) => void;
}) {
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      data={versions.map(({ version, aliases }) => ({
        value: String(version),
        label: [`version ${version}`, ...aliases].join(' · '),
      }))}
      value={String(chosen?.version ?? '')}
      onChange={(event) => onChoose(Number(event.currentTarget.value))}
    />
  );
}
