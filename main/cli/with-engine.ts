import { joinEngine, type JoinedEngine } from './join-engine.ts';

/**
 * Joins the home's engine for one command, and leaves it at its end, however that comes.
 * @throws {BenchtopError} `cannot-start` where none comes up; what the command throws.
 */
export async function withEngine(
  home: string,
  command: (engine: JoinedEngine) => Promise<void>,
): Promise<void> {
  const engine = await joinEngine(home);
  try {
    await command(engine);
  } finally {
    engine.close();
  }
}
