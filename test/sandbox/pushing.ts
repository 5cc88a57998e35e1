import { XMLParser } from 'fast-xml-parser';
import { mass, openIds, startReceiver, startSandbox, text } from './kit.ts';

export const TOKEN = 'callback-token';

const parser = new XMLParser({ parseTagValue: false });
export const parse = (xml: string) => parser.parse(xml).xml;

type Settings = Parameters<typeof startSandbox>[0];

/** A sandbox whose results reach a callback URL. */
export async function startPushing(settings: Settings = {}, answer?: Parameters<typeof startReceiver>[0]) {
  const receiver = await startReceiver(answer);
  const started = await startSandbox({ callbackToken: TOKEN, callbackUrl: receiver.url, ...settings });
  const { sandbox, call, clock } = started;
  const begin = (message: object = text('hello'), audience: object = { touser: openIds(4) }) =>
    call(mass('touser' in audience ? 'send' : 'sendall'), { ...audience, ...message });
  /** Sends and gives the fields of the result that is pushed. */
  const result = async (message?: object, audience?: object) => {
    const pushed = sandbox.waitFor('push');
    const { msg_id } = await begin(message, audience);
    await clock.advance(60_000);
    return { msg_id, ...parse((await pushed).xml) };
  };
  const status = async (msg_id: unknown) => (await call(mass('get'), { msg_id })).msg_status;
  return {
    ...{ ...started, receiver, begin, result, status },
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      await receiver[Symbol.asyncDispose]();
    },
  };
}
