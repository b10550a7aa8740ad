import { useQueries } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import {
  verdict,
  verdictTag,
  type ModelContent,
  type ModelVersion,
  type RegisteredModel,
  type RunData,
} from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { modelPath } from '../../app/model-path.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { SideBySide } from '../../ui/side-by-side.tsx';
import tables from '../../ui/table.module.css';
import { VerdictMark } from '../reproduction/index.ts';
import { comparePath } from '../tracking/index.ts';
import { AliasMark } from './alias-mark.tsx';
import { MetricDeltas } from './metric-deltas.tsx';
import styles from './models.module.css';
import { SignatureVerdict } from './signature-verdict.tsx';
import { modelsKey, useRunsOf, type ReadVersions } from './use-models.ts';
import { useVersionPair } from './use-version-pair.ts';
import { VersionPairBar } from './version-pair-bar.tsx';

/** Two versions side by side: what they measure, who can call them, and what they were made of. */
export function CompareVersions({
  versions,
  aliases,
  name,
  projectId,
}: {
  versions: ReadVersions;
  aliases: RegisteredModel['aliases'];
  name: string;
  projectId: string;
}) {
  const pair = useVersionPair(versions.known, aliases);
  const { before, after } = pair;
  if (before === undefined || after === undefined)
    return <EmptyState title="Every version of it was deleted" />;
  if (before === after)
    return (
      <>
        <VersionPairBar pair={pair} versions={versions} />
        <EmptyState
          title={versions.known.length === 1 ? 'There is one version only' : 'That is the same version'}
        >
          <p>
            {versions.known.length === 1
              ? 'The next one that is registered is held against it here.'
              : 'Choose two to hold one against the other.'}
          </p>
        </EmptyState>
      </>
    );
  const runIds = [before.runId, after.runId].filter((id) => id !== null);
  return (
    <>
      <VersionPairBar pair={pair} versions={versions}>
        <span className={styles.leads} />
        {runIds.length === 2 && runIds[0] !== runIds[1] ? (
          <Link href={comparePath(projectId, runIds)}>Compare their runs</Link>
        ) : null}
        <Link
          href={`${modelPath(projectId, name, 'card')}?from=${before.version}&version=${after.version}&show=difference`}
        >
          Compare their cards
        </Link>
      </VersionPairBar>
      <ScrollRegion label="Versions side by side">
        <SignatureVerdict name={name} before={before.version} after={after.version} />
        <MetricDeltas before={before} after={after} />
        <MadeOf before={before} after={after} projectId={projectId} />
      </ScrollRegion>
    </>
  );
}

/** What is known of one side. */
interface Side {
  readonly version: ModelVersion;
  readonly content: ModelContent | undefined;
  readonly data: readonly RunData[];
}

function useSides(versions: readonly ModelVersion[]): Side[] {
  const contents = useQueries({
    queries: versions.map(({ name, version }) => ({
      queryKey: [...modelsKey, 'content', name, version],
      queryFn: () => engine.registry.content({ name, version }),
    })),
  });
  const data = useQueries({
    queries: versions.map(({ runId }) => ({
      queryKey: ['data', 'of-run', runId, 'of a version'],
      queryFn: () => engine.data.ofRun({ runId: runId ?? '' }),
      enabled: runId !== null,
      retry: false,
    })),
  });
  return versions.map((version, at) => ({
    version,
    content: contents[at]?.data,
    data: (data[at]?.data ?? []).filter(({ role }) => role === 'input'),
  }));
}

function MadeOf({
  before,
  after,
  projectId,
}: {
  before: ModelVersion;
  after: ModelVersion;
  projectId: string;
}) {
  const sides = useSides([before, after]);
  const runs = useRunsOf([before, after]);
  const rows: { name: string; of: (side: Side) => ReactNode }[] = [
    {
      name: 'Aliases',
      of: ({ version: { aliases } }) => (
        <span className={styles.marks}>
          {aliases.length === 0 ? '–' : aliases.map((alias) => <AliasMark key={alias} alias={alias} />)}
        </span>
      ),
    },
    { name: 'Stage', of: ({ version: { stage } }) => (stage === 'None' ? '–' : stage) },
    {
      name: 'Run',
      of: ({ version: { runId } }) => {
        if (runId === null) return 'no run';
        const run = runs.get(runId);
        return (
          <Link href={`/projects/${run?.projectId ?? projectId}/runs/${runId}`}>
            {run?.name ?? runId.slice(0, 8)}
          </Link>
        );
      },
    },
    {
      name: 'Reproduced',
      of: ({ version: { runId } }) => {
        const told = verdict.safeParse(runId === null ? undefined : runs.get(runId)?.tags[verdictTag]);
        return told.success ? <VerdictMark verdict={told.data} /> : '–';
      },
    },
    {
      name: 'Data that was read',
      of: ({ data }) => (data.length === 0 ? 'none recorded' : <DataList data={data} />),
    },
    {
      name: 'Files',
      of: ({ content }) =>
        content === undefined ? '…' : `${content.fileCount}, ${formatBytes(content.sizeBytes)}`,
    },
    {
      name: 'Loads as',
      of: ({ content }) =>
        content === undefined ? '…' : content.flavors.length === 0 ? '–' : content.flavors.join(', '),
    },
    { name: 'Registered', of: ({ version: { createdAt } }) => <RelativeTime at={createdAt} /> },
    { name: 'Description', of: ({ version: { description } }) => description || '–' },
  ];
  return (
    <section aria-label="What they are made of">
      <h2 className={tables.heading}>What they are made of</h2>
      <SideBySide
        rowsAre="Fact"
        rows={rows}
        sides={sides.map((side) => ({
          key: String(side.version.version),
          head: `version ${side.version.version}`,
          side,
        }))}
      />
    </section>
  );
}

function DataList({ data }: { data: readonly RunData[] }) {
  return data.map(({ path, version }, at) => (
    <span key={path}>
      {at === 0 ? null : ', '}
      {path.split('/').at(-1)}{' '}
      <code title={version?.version}>{version === null ? 'not recorded' : version.version.slice(0, 8)}</code>
    </span>
  ));
}
