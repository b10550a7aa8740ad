import { connect, createServer, type Socket } from 'node:net';

/** A line to a server on this machine, as bad as Wi-Fi on a train. */
export interface LossyLine {
  /** Questions that came, those that never reached the server, and answers that never came back. */
  readonly counts: { questions: number; lostQuestions: number; lostAnswers: number };
  close(): Promise<void>;
}

/**
 * A TCP proxy from one port of 127.0.0.1 to another that knows no more of HTTP than the Host header. What a client sends is a
 * question, what comes back its answer; of all questions the share `loss` is lost: one half before the server hears of it, the
 * other half with its answer, when the server has done the work. Either way the connection ends. The same seed loses the same
 * ones, counted in the order in which they come.
 */
export async function startLossyLine({
  from,
  to,
  loss,
  seed,
}: {
  from: number;
  to: number;
  loss: number;
  seed: number;
}): Promise<LossyLine> {
  const draw = drawing(seed);
  const counts = { questions: 0, lostQuestions: 0, lostAnswers: 0 };
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(to, '127.0.0.1');
    let isAsking = false;
    let isAnswerLost = false;
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.once('close', () => {
        open.delete(socket);
        cut();
      });
      socket.once('error', cut);
    }
    client.on('data', (part) => {
      const isFirst = !isAsking;
      if (isFirst) {
        isAsking = true;
        counts.questions++;
        const lot = draw();
        if (lot < loss / 2) {
          counts.lostQuestions++;
          cut();
          return;
        }
        isAnswerLost = lot < loss;
      }
      upstream.write(isFirst ? addressed(part, to) : part);
    });
    upstream.on('data', (part) => {
      isAsking = false;
      if (isAnswerLost) {
        counts.lostAnswers++;
        cut();
      } else client.write(part);
    });
  });
  await new Promise<void>((resolve) => server.listen(from, '127.0.0.1', resolve));
  return {
    counts,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A question as if it had gone to the server itself, which may take no other name than its own. */
const addressed = (part: Buffer, to: number): Buffer =>
  Buffer.from(part.toString('latin1').replace(/^(host: 127\.0\.0\.1:)\d+/im, `$1${to}`), 'latin1');

/** Numbers from 0 to 1, the same for the same seed: a linear congruential generator with the constants of Numerical Recipes. */
function drawing(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
