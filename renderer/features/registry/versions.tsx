import { useEffect, useRef, type RefObject } from 'react';
import { useSearchParams } from 'wouter';
import type { ModelVersion } from '../../../contract/index.ts';
import { formatCount } from '../../ui/format-number.ts';
import { PanelGround } from '../../ui/panel-ground.tsx';
import { ChampionOn } from './champion-on.tsx';
import styles from './models.module.css';
import type { ReadVersions } from './use-models.ts';
import { VersionPanel } from './version-panel.tsx';
import { VersionTable } from './version-table.tsx';

/** The versions of a model, one of them looked at beside the table. Which one is in the address. */
export function Versions({
  versions: { newest, known, readMore },
  count,
  name,
  projectId,
  onPromote,
}: {
  versions: ReadVersions;
  /** Of all; they are read as far as they are scrolled to. */
  count: number;
  name: string;
  projectId: string;
  onPromote: (version: ModelVersion) => void;
}) {
  const [search, setSearch] = useSearchParams();
  const shown = known.find(({ version }) => String(version) === search.get('version'));
  const show = (version: number | null) =>
    setSearch(version === null ? {} : { version: String(version) }, { replace: true });
  const place = useRef<HTMLDivElement>(null);
  useFocus(place, shown?.version ?? null);
  return (
    <>
      <ChampionOn name={name} />
      <PanelGround
        ref={place}
        className={styles.split}
        onClose={shown === undefined ? null : () => show(null)}
      >
        <div className={styles.main}>
          <VersionTable
            versions={newest}
            readMore={readMore}
            projectId={projectId}
            shown={shown?.version ?? null}
            onShow={show}
            onPromote={onPromote}
          />
          {count > newest.length ? (
            <p className={styles.none}>
              Showing the newest {formatCount(newest.length)} of {formatCount(count)}.
            </p>
          ) : null}
        </div>
        {shown === undefined ? null : (
          <VersionPanel
            key={shown.version}
            version={shown}
            projectId={projectId}
            onPromote={() => onPromote(shown)}
            onClose={() => show(null)}
          />
        )}
      </PanelGround>
    </>
  );
}

/**
 * Where the focus would be nowhere, keys go where the person looks: to the version when it comes up by its address, as after registering
 * one, and back to its row when it is closed.
 */
function useFocus(place: RefObject<HTMLDivElement | null>, shown: number | null): void {
  const before = useRef<number | null>(null);
  useEffect(() => {
    const last = before.current;
    before.current = shown;
    if (shown === null && last === null) return undefined;
    const wanted =
      shown === null ? [`[data-version="${last}"]`, '[role="region"]'] : ['aside [role="region"]'];
    // A dialog that closes gives its focus back first.
    const timer = setTimeout(() => {
      if (document.activeElement !== null && document.activeElement !== document.body) return;
      const found = wanted.map((selector) => place.current?.querySelector<HTMLElement>(selector));
      found.find((element) => element !== null)?.focus();
    }, 50);
    return () => clearTimeout(timer);
  }, [place, shown]);
}
