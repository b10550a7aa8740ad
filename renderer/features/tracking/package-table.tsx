import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { InstalledPackage } from '../../../contract/index.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import styles from './package-table.module.css';
import tables from './run-overview.module.css';

/** The packages of an environment, found by name; what is shown is copied as lines of a requirements file. */
export function PackageTable({ packages }: { packages: readonly InstalledPackage[] }) {
  const [wanted, setWanted] = useState('');
  const shown = packages.filter(({ name }) =>
    name.includes(wanted.trim().toLowerCase().replaceAll('_', '-')),
  );
  const requirements = shown.map(({ name, version }) => `${name}==${version}\n`).join('');
  return (
    <section aria-labelledby="packages">
      <div className={styles.head}>
        <h2 id="packages" className={tables.heading}>
          Packages
        </h2>
        <span className={styles.count} aria-live="polite">
          {shown.length === packages.length ? packages.length : `${shown.length} of ${packages.length}`}
        </span>
        <TextInput
          className={styles.field ?? ''}
          aria-label="Find a package"
          placeholder="Find a package"
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        <CopyButton text={requirements} what="the packages as requirements" />
      </div>
      {packages.length === 0 ? (
        <p className={tables.quiet}>The interpreter has no packages of its own.</p>
      ) : shown.length === 0 ? (
        <p className={tables.quiet}>No package has “{wanted.trim()}” in its name.</p>
      ) : (
        <table className={tables.table}>
          <tbody>
            {shown.map(({ name, version }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className={styles.version}>{version}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
