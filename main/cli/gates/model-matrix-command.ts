import {
  matrixParts,
  type MatrixCell,
  type MatrixPlace,
  type VersionMatrix,
} from '../../../contract/index.ts';
import { jsonText } from '../json-text.ts';
import { textColumns } from '../text-columns.ts';
import { withEngine } from '../with-engine.ts';

export interface ModelMatrixOptions {
  readonly home: string;
  readonly json?: boolean;
}

/** `benchtop model matrix`: what is in which place, and where it is not as in production. */
export async function modelMatrixCommand(name: string, options: ModelMatrixOptions): Promise<void> {
  await withEngine(options.home, async ({ api }) => {
    const matrix = await api.gates.matrix({ model: name });
    console.log(options.json ? jsonText(matrix) : matrixText(matrix));
  });
}

const marks: Record<MatrixCell['state'], string> = {
  reference: '',
  same: '= ',
  differs: '≠ ',
  unknown: '? ',
};

/** A column for each place, and below it what differs, place by place. */
function matrixText({ places, reference }: VersionMatrix): string {
  const titles = ['', ...places.map(({ place }) => place)];
  const versions = ['version', ...places.map(({ version }) => (version === null ? '–' : String(version)))];
  const cellOf = ({ cells }: MatrixPlace, part: string) => cells.find((cell) => cell.part === part);
  const rows = matrixParts.map((part) => [
    part,
    ...places.map((place) => {
      const cell = cellOf(place, part);
      return cell === undefined
        ? '–'
        : `${marks[cell.state]}${cell.value}${cell.problem === null ? '' : ' !'}`;
    }),
  ]);
  const details = places.flatMap(({ place, cells }) =>
    cells.flatMap(({ part, state, differences, differenceCount, problem }) => [
      ...(problem === null ? [] : [`${place}, ${part} !: ${problem}`]),
      ...(state === 'differs' || state === 'unknown'
        ? [
            `${place}, ${part} ${marks[state].trim()} ${reference ?? ''}: ${differences.join('; ') || 'not recorded'}${differenceCount > differences.length ? `; and ${differenceCount - differences.length} more` : ''}`,
          ]
        : []),
    ]),
  );
  return [...textColumns([titles, versions, ...rows]), ...details].join('\n');
}
