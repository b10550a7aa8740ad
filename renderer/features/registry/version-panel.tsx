import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import {
  modelStages,
  type ModelContent,
  type ModelStage,
  type ModelVersion,
} from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { approvalPath, modelPath } from '../../app/model-path.ts';
import { showUndo } from '../../app/show-undo.tsx';
import { useChange } from '../../app/use-change.ts';
import { usePageActions } from '../../app/use-page-actions.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import tables from '../../ui/table.module.css';
import { PushDialog } from '../sync/index.ts';
import { tagChange, tagLine } from '../tracking/index.ts';
import { AliasMark } from './alias-mark.tsx';
import { KeptField } from './kept-field.tsx';
import styles from './models.module.css';
import { modelsKey } from './use-models.ts';

const filesShown = 20;
const sinceWords = {
  same: 'as they were registered',
  changed: 'changed since they were registered',
  unknown: 'not known whether they changed since',
} as const satisfies Record<ModelContent['sinceRegistered'], string>;

/** One version: what it is, what it holds, and how to load it. */
export function VersionPanel({
  version: shown,
  projectId,
  onPromote,
  onClose,
}: {
  version: ModelVersion;
  projectId: string;
  onPromote: () => void;
  onClose: () => void;
}) {
  const { name, version, stage, description, aliases, runId, source, createdAt } = shown;
  const { data, error, refetch } = useQuery({
    queryKey: [...modelsKey, 'content', name, version],
    queryFn: () => engine.registry.content({ name, version }),
  });
  const move = useChange(modelsKey, async (next: ModelStage) => {
    await engine.registry.changeVersion({ name, version, stage: next });
    showUndo(`Version ${version} is in ${next}.`, modelsKey, () =>
      engine.registry.changeVersion({ name, version, stage, reason: 'undo' }),
    );
  });
  const describe = useChange(modelsKey, async (next: string) => {
    await engine.registry.changeVersion({ name, version, description: next });
    showUndo(`Version ${version} was described.`, modelsKey, () =>
      engine.registry.changeVersion({ name, version, description, reason: 'undo' }),
    );
  });
  const tag = useChange(modelsKey, async (line: string) => {
    const changed = await engine.registry.changeVersion({ name, version, ...tagChange(shown, line) });
    showUndo(`Version ${version} was tagged.`, modelsKey, () =>
      engine.registry.changeVersion({
        name,
        version,
        ...tagChange(changed, tagLine(shown)),
        reason: 'undo',
      }),
    );
  });
  const remove = useChange(modelsKey, async () => {
    await engine.registry.deleteVersion({ name, version });
    onClose();
    showUndo(`Version ${version} was deleted.`, modelsKey, () =>
      engine.registry.restoreVersion({ name, version, reason: 'undo' }),
    );
  });
  const [isPushing, setPushing] = useState(false);
  usePageActions({ 'page.push': () => setPushing(true) });
  const load = `mlflow.pyfunc.load_model("models:/${name}/${version}")`;
  const resolve = `benchtop model resolve ${/^[\w.-]+$/.test(name) ? name : `'${name}'`}/${version}`;
  return (
    <SidePanel
      kind="Version"
      name={String(version)}
      beside={aliases.map((alias) => (
        <AliasMark key={alias} alias={alias} />
      ))}
      onClose={onClose}
    >
      <div className={styles.choice}>
        <Button variant="filled" onClick={onPromote}>
          Promote…
        </Button>
        <Button
          component={Link}
          href={approvalPath(projectId, { model: name, version, environment: 'production' })}
        >
          Judge and decide
        </Button>
        <Button onClick={() => setPushing(true)}>Push…</Button>
        <NativeSelect
          size="xs"
          aria-label="Stage"
          data={[...modelStages]}
          value={stage}
          onChange={(event) => move.mutate(event.currentTarget.value as ModelStage)}
        />
        <Link href={`${modelPath(projectId, name, 'card')}?version=${version}`}>Card</Link>
        <Button className={styles.last ?? ''} loading={remove.isPending} onClick={() => remove.mutate()}>
          Delete
        </Button>
      </div>
      {isPushing ? (
        <PushDialog
          pushed={{ name: `${name}/${version}`, models: [`${name}/${version}`] }}
          onClose={() => setPushing(false)}
        />
      ) : null}
      <dl className={styles.facts}>
        <Fact name="Registered">
          <RelativeTime at={createdAt} />
        </Fact>
        <Fact name="From">
          <code>{source}</code>
        </Fact>
        {runId === null ? null : (
          <Fact name="Run">
            <Link href={`/projects/${projectId}/runs/${runId}`}>{runId.slice(0, 8)}</Link>
          </Fact>
        )}
      </dl>
      <KeptField
        key={`description ${description}`}
        label="Description"
        initial={description}
        onKeep={(text) => describe.mutate(text)}
      />
      <KeptField
        key={`tags ${tagLine(shown)}`}
        label="Tags"
        placeholder="validated, owner=ada"
        initial={tagLine(shown)}
        onKeep={(line) => tag.mutate(line)}
      />
      <h3 className={tables.heading}>Load it</h3>
      {(data?.flavors.includes('python_function') === true ? [load, resolve] : [resolve]).map((line) => (
        <div key={line} className={styles.snippet}>
          <pre>{line}</pre>
          <CopyButton text={line} what={line === load ? 'the line of Python' : 'the command'} />
        </div>
      ))}
      <h3 className={tables.heading}>Files</h3>
      {data === undefined ? (
        error === null ? (
          <Pending what="the files" />
        ) : (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <Files content={data} />
      )}
    </SidePanel>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Files({ content }: { content: ModelContent }) {
  const { files, fileCount, sizeBytes, flavors, mlflowVersion, sinceRegistered, problem } = content;
  return (
    <>
      <p className={sinceRegistered === 'changed' ? styles.broken : tables.quiet}>
        {formatCount(fileCount)} {fileCount === 1 ? 'file' : 'files'}, {formatBytes(sizeBytes)},{' '}
        {sinceWords[sinceRegistered]}.{flavors.length === 0 ? '' : ` Loads as ${flavors.join(', ')}.`}
        {mlflowVersion === null ? '' : ` Written by MLflow ${mlflowVersion}.`}
      </p>
      {problem === null ? null : <p className={styles.broken}>{problem}</p>}
      <table className={tables.table}>
        <tbody>
          {files.slice(0, filesShown).map(({ path, sizeBytes: bytes }) => (
            <tr key={path}>
              <th scope="row" className={tables.wrap}>
                {path}
              </th>
              <td className={tables.number}>{formatBytes(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {fileCount > filesShown ? (
        <p className={tables.about}>
          Showing {filesShown} of {formatCount(fileCount)}.
        </p>
      ) : null}
    </>
  );
}
