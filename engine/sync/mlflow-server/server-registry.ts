import { proxiedPath } from '../../tracking/index.ts';
import { refusal } from '../link/send-failure.ts';
import type { TeamRegistry, ThereFile, ThereVersion } from '../team/team-registry.ts';
import type { Remote, RemoteVersion } from './remote.ts';

/** Folders of one model; no more of them are walked into. */
const foldersAtMost = 10_000;

/** The registry of an MLflow server. */
export function serverRegistry(remote: Remote): TeamRegistry {
  const shown = (version: RemoteVersion, aliases: readonly string[]): ThereVersion => ({
    name: version.name,
    version: version.version,
    aliases: [...new Set([...version.aliases, ...aliases])],
    description: version.description,
    runId: version.run_id === '' ? null : version.run_id,
    source: version.source,
    tags: Object.fromEntries(version.tags.map(({ key, value }) => [key, value])),
    createdAt: version.creation_timestamp,
  });

  return {
    serverVersion: () => remote.version(),
    async *versions() {
      // The search for versions leaves their aliases out; the one for models has them.
      const aliases = new Map<string, string[]>();
      for await (const models of remote.allModels())
        for (const { name, aliases: own } of models)
          for (const { alias, version } of own)
            aliases.set(`${name}/${version}`, [...(aliases.get(`${name}/${version}`) ?? []), alias]);
      for await (const versions of remote.allVersions())
        yield versions.map((each) => shown(each, aliases.get(`${each.name}/${each.version}`) ?? []));
    },
    async version(name, by) {
      const found =
        'alias' in by
          ? await remote.versionByAlias(name, by.alias)
          : await remote.modelVersionIfThere(name, by.number);
      return found === null ? null : shown(found, 'alias' in by ? [by.alias] : []);
    },
    async files({ name, version }) {
      const uri = await remote.downloadUri(name, version);
      const root = proxiedPath(uri);
      if (root === null)
        throw refusal(
          `The files of ${name}/${version} lie at ${uri.replace(/[?#].*/s, '')}, where only the target's own clients can read.`,
          'Ask for a server that serves its artifacts itself (`mlflow server --serve-artifacts`).',
        );
      const files: ThereFile[] = [];
      const waiting = [''];
      for (let seen = 0, folder = waiting.pop(); folder !== undefined; folder = waiting.pop(), seen++) {
        if (seen > foldersAtMost) throw refusal(`${name}/${version} has more than ${foldersAtMost} folders.`);
        for (const entry of await remote.entries(folder === '' ? root : `${root}/${folder}`)) {
          const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
          if (entry.isFolder) waiting.push(path);
          else
            files.push({
              path,
              sizeBytes: entry.sizeBytes,
              sha256: null,
              read: () => remote.readFile(`${root}/${path}`, entry.sizeBytes),
            });
        }
      }
      return files;
    },
  };
}
