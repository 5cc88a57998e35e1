import { Client } from 'undici';
import type { Crowd } from './crowd.ts';
import { exchange, type LoadRequest } from './load.ts';
import { checkTaken, newMsgId, resultPush } from './pushes.ts';

/** What every server of events is subscribed to. */
export const EVENTS = `subscription {
  events {
    __typename id at campaign { id }
    ... on MassSendJobFinished { msgId rawStatus counts { total eligible sent failed } }
  }
}`;

/** How an event comes about: by a push for the gateway, as it is for those that have nothing else to do. */
export interface Publisher {
  /** Makes an event ready, and gives its msg_id. */
  prepare(): string;
  publish(msgId: string): Promise<void>;
  close(): Promise<void>;
}

export const createPusher = (url: string): Publisher => createSender(url, resultPush, checkTaken);

/** @param payload what a subscriber of the gateway got, `{"data":…}` */
export function createPublisher(url: string, payload: string): Publisher {
  const [, known = ''] = /"msgId":"(\d+)"/.exec(payload) ?? [];
  const requestOf = (msgId: string): LoadRequest => ({
    path: '/publish',
    headers: { 'content-type': 'application/json' },
    body: payload.replace(known, msgId),
  });
  return createSender(url, requestOf, (status) => {
    if (status !== 200) throw new Error(`HTTP ${status}`);
  });
}

function createSender(
  url: string,
  requestOf: (msgId: string) => LoadRequest,
  check: (status: number, body: Buffer) => void,
): Publisher {
  const client = new Client(url, { pipelining: 1 });
  const prepared = new Map<string, LoadRequest>();
  return {
    prepare() {
      const msgId = newMsgId();
      prepared.set(msgId, requestOf(msgId));
      return msgId;
    },
    async publish(msgId) {
      const request = prepared.get(msgId);
      if (!request) throw new Error(`${msgId} was not prepared`);
      prepared.delete(msgId);
      const { status, body } = await exchange(client, request);
      check(status, body);
    },
    close: () => client.close(),
  };
}

/** The `{"data":…}` in what a subscriber got, whatever it is wrapped in. */
export function payloadIn(text: string): string {
  const message = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  return JSON.stringify({ data: (message.payload ?? message).data });
}

/** Publishes until everybody has got an event: then all are subscribed. */
export async function untilAllHear(crowd: Crowd, publisher: Publisher): Promise<void> {
  for (;;) {
    const msgId = publisher.prepare();
    const heard = crowd.heard(msgId);
    await publisher.publish(msgId);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, 20_000, null);
    });
    const result = await Promise.race([heard, late]);
    clearTimeout(timer);
    if (result !== null) return;
  }
}
