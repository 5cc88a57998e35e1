import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../src/clock.ts';
import { createSandbox } from '../src/sandbox/sandbox.ts';
import { accounts } from './accounts.ts';
import { NoAnswerError } from './ask.ts';
import type { BrokenEngine } from './broken-engines.ts';
import { bundleGateway } from './bundled-gateway.ts';
import { createCampaignMix } from './campaign-mix.ts';
import { countOpen, readCampaigns } from './campaigns-told.ts';
import { startClients } from './clients.ts';
import { startFaults } from './fault-mix.ts';
import { createGatewayLives } from './gateway-lives.ts';
import { createKillPlan, type Point } from './kill-plan.ts';
import { live } from './live.ts';
import { createMaterials } from './materials.ts';
import { createRandom } from './random.ts';
import { watchResults } from './results-told.ts';
import { gatewaySettings } from './settings.ts';
import { type Judged, judge } from './verdict.ts';

export interface ProofOptions {
  kills: number;
  seed: number;
  /** As `DATABASE_URL`. It must be empty. */
  databaseUrl: string;
  /** Where files of the run may lie. */
  folder: string;
  broken: BrokenEngine | null;
  /** The one point to kill at. Null: all of them, and any moment. */
  at: Point | null;
  progress: (line: string) => void;
}

export interface ProofResult {
  judged: readonly Judged[];
  /** How many lives ended where. */
  kills: ReadonlyMap<string, number>;
  /** Points where none did. */
  missedPoints: readonly string[];
  faults: ReadonlyMap<string, number>;
  seconds: number;
}

const CLIENTS_PER_ACCOUNT = 3;

/**
 * How long the last life may take, beside as long as all before it, until every campaign is final and every result is told: WeChat is
 * asked for a result that stays away at ever longer intervals, the next of which is as long as it has been away.
 */
const RECONCILED_WITHIN_MS = 60_000;

/** Sends while everything goes wrong and the gateway is killed again and again, then waits for peace and compares. */
export async function runProof(options: ProofOptions): Promise<ProofResult> {
  const { seed, databaseUrl, folder, broken, progress } = options;
  const program = await bundleGateway(folder);
  const startedAt = Date.now();
  // Each has chance of its own, so that one drawing more often leaves the others as they were.
  const randomFor = (index: number) => createRandom(seed * 8 + index);
  const idOffset = Math.floor(startedAt / 1000) % 1_000_000_000;
  await using sandbox = await createSandbox({
    accounts,
    clock: systemClock,
    random: randomFor(0).next,
    idOffset,
  });
  const { env, url } = await gatewaySettings({ sandboxUrl: sandbox.url, databaseUrl, folder });
  for (const { appId } of accounts) sandbox.setCallbackUrl(appId, `${url}/wechat/callback/${appId}`);

  const results = watchResults(sandbox);
  const faults = startFaults({ sandbox, random: randomFor(1) });
  const lives = createGatewayLives({ program, env, broken, onLog: (text) => progress(text.trimEnd()) });
  try {
    const nextWish = createCampaignMix({
      random: randomFor(2),
      materials: createMaterials(sandbox.url),
      keys: `${seed}-${startedAt}`,
    });
    const clients = startClients({
      gatewayUrl: url,
      accounts,
      each: CLIENTS_PER_ACCOUNT,
      nextWish,
      random: randomFor(3),
    });
    const plan = createKillPlan(randomFor(4), options.at);
    await Promise.race([clients.done, killAll()]);
    faults.stop();
    progress('no more faults and kills: waiting until every outcome is known');
    await lives.begin(null);
    await clients.stop();
    await untilPeace();
    // Before the campaigns are read: what is told in between they may have, and need not.
    const told = new Map(results);
    const campaigns = await readCampaigns(url);
    const sends = accounts.flatMap(({ appId }) => sandbox.sends(appId));
    return {
      judged: judge({ intents: clients.intents, campaigns, sends, results: told }),
      kills: plan.counts,
      missedPoints: plan.missing(),
      faults: faults.counts,
      seconds: (Date.now() - startedAt) / 1000,
    };

    /** As often as was asked for, and on until every point was come to, but at most twice as often. */
    async function killAll(): Promise<void> {
      const isEnough = (kills: number) =>
        kills >= options.kills && (plan.missing().length === 0 || kills >= 2 * options.kills);
      for (let kills = 1; !isEnough(kills - 1); kills++) {
        const ending = plan.next();
        plan.ended(ending, await live({ ending, lives, sandbox }));
        if (kills % 20 > 0) continue;
        const each = (Date.now() - startedAt) / 1000 / kills;
        progress(`${kills} kills, ${each.toFixed(1)} s each, ${clients.intents.length} intents`);
      }
    }
  } finally {
    await lives.close();
  }

  /** Bounded: what is not final by then is found to be unknown. */
  async function untilPeace(): Promise<void> {
    const now = Date.now();
    const deadline = now + (now - startedAt) + RECONCILED_WITHIN_MS;
    while (Date.now() < deadline && !(await isPeace())) await sleep(200);
  }

  /** Not so where the last life is still at its start: everybody may have had their last answer from the one before. */
  async function nothingIsOpen(): Promise<boolean> {
    try {
      return (await countOpen(url)) === 0;
    } catch (error) {
      if (error instanceof NoAnswerError) return false;
      throw error;
    }
  }

  async function isPeace(): Promise<boolean> {
    const sends = accounts.flatMap(({ appId }) => sandbox.sends(appId));
    const isTold = (msgId: string) => faults.lostPushes.has(msgId) || results.get(msgId)?.settled === true;
    return sends.every(({ msgId }) => isTold(msgId)) && (await nothingIsOpen());
  }
}
