import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { ModelCandidate, Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { modelPath } from '../../app/model-path.ts';
import { useCurrentProjectId } from '../../app/use-current-project.ts';
import { formatBytes } from '../../ui/format-bytes.ts';
import { RegisterDialog } from './register-dialog.tsx';
import styles from './models.module.css';
import { modelsKey } from './use-models.ts';

const shown = 3;

/** The models that a run left, each with what it was registered as and the way to register it. Nothing for a run without. */
export default function RunModels({ run }: { run: Run }) {
  const current = useCurrentProjectId();
  const projectId = run.projectId ?? current;
  const [chosen, choose] = useState<ModelCandidate | null>(null);
  const { data: candidates = [] } = useQuery({
    queryKey: [...modelsKey, 'candidates', run.id, run.status],
    queryFn: () => engine.registry.candidates({ runId: run.id }),
  });
  if (candidates.length === 0) return null;
  return (
    <section className={styles.models} aria-label="Models of the run">
      {candidates.slice(0, shown).map((candidate) => (
        <div key={`${candidate.kind} ${candidate.path}`} className={styles.candidate}>
          <span className={styles.leads}>
            Model <code>{candidate.path}</code>, {formatBytes(candidate.sizeBytes)}
            {candidate.flavors.length === 0 ? '' : `, ${candidate.flavors.join(', ')}`}
            {candidate.registeredAs.map(({ name, version }) => (
              <span key={`${name} ${version}`}>
                {' · '}
                <Link href={`${modelPath(projectId, name)}?version=${version}`}>
                  {name} {version}
                </Link>
              </span>
            ))}
          </span>
          <Button aria-label={`Register… ${candidate.path}`} onClick={() => choose(candidate)}>
            Register…
          </Button>
        </div>
      ))}
      {candidates.length > shown ? (
        <p className={styles.leads}>
          And {candidates.length - shown} more, for <code>benchtop model register</code>.
        </p>
      ) : null}
      {chosen === null ? null : (
        <RegisterDialog
          runId={run.id}
          projectId={projectId}
          candidate={chosen}
          onClose={() => choose(null)}
        />
      )}
    </section>
  );
}
