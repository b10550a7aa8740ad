import { randomInt } from 'node:crypto';

const adjectives =
  'amber brisk calm clever copper crisp early even fair fresh gentle golden honest keen light lively lucid mellow merry neat noble patient plain proud quick quiet rapid ready silver sleek smooth sober steady sunny swift tidy vivid warm wise young'.split(
    ' ',
  );
const nouns =
  'anvil auger bevel bobbin brace caliper chisel clamp dowel easel file flint gauge gimlet gouge hammer hinge jig kiln lathe level loom mallet mandrel mitre mortar pestle plane plumb pulley rasp ratchet rivet ruler scribe shim spindle tenon trowel vise'.split(
    ' ',
  );

/** A name for a run that was given none: `steady-chisel-417`. */
export const randomRunName = (): string =>
  `${adjectives[randomInt(adjectives.length)]}-${nouns[randomInt(nouns.length)]}-${randomInt(1000)}`;
