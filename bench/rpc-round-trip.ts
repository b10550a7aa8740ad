import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { WebSocket } from 'ws';
import {
  createConnection,
  createMessagePort,
  openWebSocketPort,
  type Client,
  type MessagePortLike,
} from '../contract/index.ts';
import { alternate } from './alternate.ts';
import type { Figure, Measure } from './measure.ts';
import { rooms } from './rpc-rooms.ts';

const rounds = 9;
const smallCalls = 1000;
const largeCalls = 40;

type Ask = (question: 'info' | 'view') => Promise<unknown>;

export const rpcRoundTrip: Measure = {
  name: 'rpc-round-trip',
  question: 'What does the contract add to a message to another thread and back?',
  goal: 'none set in design.md',
  async run() {
    const answerer = new Worker(new URL('./rpc-answerer.ts', import.meta.url));
    const [port] = (await once(answerer, 'message')) as [number];
    const served = new MessageChannel();
    const bare = new MessageChannel();
    answerer.postMessage({ served: served.port2, bare: bare.port2 }, [served.port2, bare.port2]);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/bare`, { perMessageDeflate: false });
    await once(socket, 'open');

    const overPort = createConnection(rooms, async () =>
      createMessagePort(served.port1 as unknown as MessagePortLike),
    );
    const overSocket = createConnection(rooms, () =>
      openWebSocketPort(new WebSocket(`ws://127.0.0.1:${port}/rpc`, { perMessageDeflate: false })),
    );
    const askBarePort: Ask = (question) => {
      bare.port1.postMessage(question);
      return once(bare.port1, 'message');
    };
    const askBareSocket: Ask = (question) => {
      socket.send(question);
      return once(socket, 'message');
    };
    try {
      return {
        figures: [
          ...(await figures('MessageChannel', 'bare postMessage', asking(overPort.api), askBarePort)),
          ...(await figures(
            'WebSocket',
            'bare ws, bytes left unread',
            asking(overSocket.api),
            askBareSocket,
          )),
        ],
        notes: ['Each sample is the mean of many calls, one after the other, to a worker thread and back.'],
      };
    } finally {
      overPort.close();
      overSocket.close();
      socket.terminate();
      await answerer.terminate();
    }
  },
};

function asking(api: Client<typeof rooms>): Ask {
  return (question) =>
    question === 'info' ? api.system.info({}) : api.tracking.series({ runIds: [], points: 1000 });
}

async function figures(link: string, floorIs: string, ours: Ask, floor: Ask): Promise<Figure[]> {
  const small = await alternate(rounds, {
    floor: async () => 1000 * (await meanMs(smallCalls, floor, 'info')),
    ours: async () => 1000 * (await meanMs(smallCalls, ours, 'info')),
  });
  const large = await alternate(rounds, {
    floor: () => meanMs(largeCalls, floor, 'view'),
    ours: () => meanMs(largeCalls, ours, 'view'),
  });
  return [
    { name: `small call, ${link}`, unit: 'µs', below: null, floorIs, samples: small },
    { name: `1 MB of float64, ${link}`, unit: 'ms', below: null, floorIs, samples: large },
  ];
}

async function meanMs(calls: number, ask: Ask, question: 'info' | 'view'): Promise<number> {
  const startedAt = performance.now();
  for (let call = 0; call < calls; call++) await ask(question);
  return (performance.now() - startedAt) / calls;
}
