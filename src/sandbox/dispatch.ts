import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Account } from './account.ts';
import { endpoints } from './endpoints.ts';
import { errmsgs } from './errcodes.ts';
import { carryOutUnder, type Fault, jsonReply, type Outcome, type Reply } from './faults.ts';
import { Refusal, refuseIf } from './refusal.ts';
import type { SandboxRequest } from './request.ts';

/** Carries a request out. `release` gives up what it claimed, and must be called once nobody waits for its answer. */
export type Dispatch = (request: SandboxRequest) => Promise<{ outcome: Outcome; release: () => void }>;

interface Work {
  carryOut(): object | Promise<object>;
  claim: string | undefined;
}

export function createDispatch(deps: {
  accounts: readonly Account[];
  takeFault: (path: string) => Fault;
  clock: Clock;
  random: () => number;
  log: Log;
}): Dispatch {
  const { accounts, takeFault, clock, random, log } = deps;
  const claims = new Set<string>();

  function authenticate(query: URLSearchParams): Account {
    const token = query.get('access_token');
    if (!token) throw new Refusal(41001);
    const account = accounts.find(({ tokens }) => tokens.issued(token));
    if (!account) throw new Refusal(40014);
    account.tokens.check(token);
    return account;
  }

  function prepare(request: SandboxRequest): Work {
    const endpoint = Object.hasOwn(endpoints, request.path) ? endpoints[request.path] : undefined;
    if (!endpoint) throw new Refusal(40066);
    refuseIf(request.method !== endpoint.method, endpoint.method === 'GET' ? 43001 : 43002);
    if ('open' in endpoint) return { carryOut: () => endpoint.open(request, accounts), claim: undefined };
    const account = authenticate(request.query);
    const claim = endpoint.claim?.(request, account);
    refuseIf(claim !== undefined && claims.has(claim), 45066);
    return { carryOut: () => endpoint.handle(request, account), claim };
  }

  const hex = (number: number) => Math.floor(number).toString(16).padStart(8, '0').slice(-8);
  const rid = () => [clock.now().getTime() / 1000, random() * 2 ** 32, random() * 2 ** 32].map(hex).join('-');

  const refuse = (errcode: number, errmsg = errmsgs[errcode] ?? 'error', fields: object = {}): Reply =>
    jsonReply({ errcode, errmsg: `${errmsg} rid: ${rid()}`, ...fields });

  function replyTo(error: unknown): Reply {
    if (error instanceof Refusal) return refuse(error.errcode, undefined, error.fields);
    log.error({ error }, 'the sandbox failed');
    return refuse(-1);
  }

  return async (request) => {
    const fault = takeFault(request.path);
    let work: Work;
    try {
      work = prepare(request);
    } catch (error) {
      const reply = replyTo(error);
      return { outcome: await carryOutUnder(fault, async () => reply, refuse), release() {} };
    }
    const { claim } = work;
    if (claim !== undefined) claims.add(claim);
    const release = () => {
      if (claim !== undefined) claims.delete(claim);
    };
    const carryOut = async () => {
      try {
        return jsonReply(await work.carryOut());
      } catch (error) {
        return replyTo(error);
      }
    };
    return { outcome: await carryOutUnder(fault, carryOut, refuse), release };
  };
}
