import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconFilter, IconFold, IconLayoutSidebar, IconLayoutSidebarFilled, IconX } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import { z } from 'zod';
import type { Execution, Pipeline, StageStatus } from '../../../contract/index.ts';
import { usePreference } from '../../app/preferences.ts';
import { usePageActions } from '../../app/use-page-actions.ts';
import { StatusMark, statusWord } from '../../ui/status-mark.tsx';
import { GraphView } from './graph/graph-view.tsx';
import { pipelineGraph, reachOf, type Reach } from './graph/pipeline-graph.ts';
import { GroupPanel } from './group-panel.tsx';
import styles from './pipeline-map.module.css';
import type { PlanTarget } from './plan-dialog.tsx';
import { StageList } from './stage-list.tsx';
import { countLooks } from './stage-look.ts';
import { StagePanel } from './stage-panel.tsx';
import { meansStage, stageRows } from './stage-rows.ts';
import { usePipelineView } from './use-pipeline-view.ts';
import { useStageLooks } from './use-stage-looks.ts';
import { PanelGround } from '../../ui/panel-ground.tsx';

/** A pipeline as a graph with its list of stages beside it, and the stage that was chosen. */
export function PipelineMap({
  projectId,
  pipeline,
  statuses,
  last,
  onRun,
}: {
  projectId: string;
  pipeline: Pipeline;
  /** Undefined while they are read, or where the definition has mistakes. */
  statuses: readonly StageStatus[] | undefined;
  last: Execution | undefined;
  /** Null where nothing can be run now. */
  onRun: ((target: PlanTarget) => void) | null;
}) {
  const view = usePipelineView(projectId, pipeline.stages);
  const { selected, focus, groups } = view;
  const [isListed, setListed] = usePreference(projectId, 'pipeline.list', z.boolean(), true);
  const [text, setText] = useState('');
  const search = useRef<HTMLInputElement>(null);
  const panel = useRef<HTMLDivElement>(null);

  const { stages } = pipeline;
  const shown = useMemo(
    () => (focus === null ? stages : reachOf(stages, focus.stage, focus.reach)),
    // The focus is made anew from the address at each render.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [stages, focus?.stage, focus?.reach],
  );
  const foldedNames = [...view.folded].join('\n');
  const folded = useMemo(() => new Set(foldedNames === '' ? [] : foldedNames.split('\n')), [foldedNames]);
  const graph = useMemo(() => pipelineGraph(shown, folded), [shown, folded]);
  const { lookOf, detailOf, lastOf, statusOf } = useStageLooks(stages, statuses, last);
  const looks = useMemo(
    () => graph.nodes.map((node) => countLooks(node.stages.map(({ name }) => lookOf(name)))),
    [graph, lookOf],
  );
  const nodeLooks = useMemo(() => looks.map((counts) => counts[0]?.look ?? 'unknown'), [looks]);
  const details = useMemo(
    () =>
      graph.nodes.map((node, at) =>
        node.isGroup
          ? (looks[at] ?? []).map(({ look, count }) => `${count} ${statusWord(look)}`).join(', ')
          : detailOf(node.name),
      ),
    [graph, looks, detailOf],
  );
  const rows = useMemo(
    () => stageRows(shown, folded, (stage) => text === '' || meansStage(stage, text)),
    [shown, folded, text],
  );
  const matched = useMemo(() => {
    if (text === '') return null;
    const found = shown.filter((stage) => meansStage(stage, text));
    return new Set(found.flatMap(({ name }) => graph.nodeOf.get(name) ?? []));
  }, [shown, text, graph]);
  const downstream = useMemo(() => {
    const found = new Map<string, string[]>();
    for (const { name, upstream } of stages)
      for (const other of upstream) found.set(other, [...(found.get(other) ?? []), name]);
    return found;
  }, [stages]);

  const nodeAt = graph.nodes.findIndex(({ id }) => id === selected);
  const selectedNode = nodeAt >= 0 ? nodeAt : (graph.nodeOf.get(selected ?? '') ?? null);
  const stage = stages.find(({ name }) => name === selected);
  const group = selected?.endsWith('@') === true ? selected.slice(0, -1) : null;
  const openPanel = () => panel.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  const focusOn = (reach: Reach) => {
    if (stage !== undefined) view.setFocus({ stage: stage.name, reach });
  };
  const isAllFolded = folded.size === groups.size;
  usePageActions({
    'page.filter': () => search.current?.focus(),
    'pipeline.upstream': () => focusOn('upstream'),
    'pipeline.downstream': () => focusOn('downstream'),
    'pipeline.all': () => view.setFocus(null),
    'pipeline.fold': () => view.setFolded(groups, !isAllFolded),
    'pipeline.list': () => setListed(!isListed),
  });

  return (
    <>
      <div className={styles.toolbar} role="group" aria-label="What is shown">
        <ActionIcon
          aria-label="List of stages"
          aria-pressed={isListed}
          title="List of stages (L)"
          onClick={() => setListed(!isListed)}
        >
          {isListed ? (
            <IconLayoutSidebarFilled size={14} stroke={1.5} />
          ) : (
            <IconLayoutSidebar size={14} stroke={1.5} />
          )}
        </ActionIcon>
        <TextInput
          ref={search}
          className={styles.search ?? ''}
          aria-label="Find a stage"
          placeholder="Stage, command or path"
          leftSection={<IconFilter size={14} stroke={1.5} />}
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              setText('');
              event.currentTarget.blur();
            } else if (event.key === 'Enter') {
              const first = rows.find(({ kind }) => kind === 'stage') ?? rows[0];
              if (first !== undefined) view.select(first.id);
            } else return;
            event.preventDefault();
          }}
        />
        {matched === null ? null : (
          <span className={styles.quiet} role="status">
            {shown.filter((each) => meansStage(each, text)).length} of {shown.length}
          </span>
        )}
        {focus === null ? null : (
          <Button
            className={styles.focus ?? ''}
            title="Show all stages (A)"
            rightSection={<IconX size={12} stroke={1.5} aria-hidden />}
            onClick={() => view.setFocus(null)}
          >
            {focus.reach === 'upstream' ? `Only what ${focus.stage} needs` : `Only what needs ${focus.stage}`}
          </Button>
        )}
        {groups.size === 0 ? null : (
          <Button
            leftSection={<IconFold size={14} stroke={1.5} aria-hidden />}
            title="G"
            onClick={() => view.setFolded(groups, !isAllFolded)}
          >
            {isAllFolded ? 'Unfold groups' : 'Fold groups'}
          </Button>
        )}
        <span className={styles.counts}>
          {countLooks(shown.map(({ name }) => lookOf(name))).map(({ look, count }) => (
            <span key={look} className={styles.count}>
              <StatusMark status={look} isIconOnly />
              {count} {statusWord(look)}
            </span>
          ))}
        </span>
      </div>
      <PanelGround
        className={styles.split}
        data-read
        onClose={selected === null ? null : () => view.select(null)}
      >
        {isListed ? (
          <div className={styles.list} data-region="stages">
            <StageList
              rows={rows}
              folded={folded}
              lookOf={lookOf}
              detailOf={detailOf}
              selected={selected}
              onSelect={view.select}
              onOpen={openPanel}
              onFold={(name, isFolded) => view.setFolded([name], isFolded)}
            />
          </div>
        ) : null}
        <div className={styles.graph} data-region="graph">
          <GraphView
            graph={graph}
            looks={nodeLooks}
            details={details}
            selected={selectedNode}
            onSelect={(node) => view.select(node === null ? null : (graph.nodes[node]?.id ?? null))}
            onOpen={(at) => {
              const node = graph.nodes[at];
              if (node?.isGroup === true) view.setFolded([node.name], false);
              else openPanel();
            }}
            matched={matched}
          />
        </div>
        <div ref={panel} className={styles.panel}>
          {stage !== undefined ? (
            <StagePanel
              key={stage.name}
              projectId={projectId}
              file={pipeline.file}
              stage={stage}
              look={lookOf(stage.name)}
              status={statusOf.get(stage.name)}
              last={lastOf.get(stage.name)}
              downstream={downstream.get(stage.name) ?? []}
              onSelect={view.select}
              onFocus={focusOn}
              onRun={onRun}
              onClose={() => view.select(null)}
            />
          ) : group !== null && groups.has(group) ? (
            <GroupPanel
              group={group}
              stages={stages.filter((each) => each.group === group)}
              lookOf={lookOf}
              detailOf={detailOf}
              isFolded={folded.has(group)}
              onRun={onRun}
              onFold={(isFolded) => view.setFolded([group], isFolded)}
              onSelect={view.select}
              onClose={() => view.select(null)}
            />
          ) : null}
        </div>
      </PanelGround>
    </>
  );
}
