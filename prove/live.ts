import type { Sandbox } from '../src/sandbox/sandbox.ts';
import type { GatewayLives } from './gateway-lives.ts';
import type { Ending } from './kill-plan.ts';
import { wechatPoints } from './wechat-points.ts';

/** Lets the gateway live once and die as it is meant to. Tells whether it did; if not, it was killed in the end. */
export async function live(deps: {
  ending: Ending;
  lives: GatewayLives;
  sandbox: Sandbox;
}): Promise<boolean> {
  const { ending, lives, sandbox } = deps;
  const life = await lives.begin(ending.kind === 'inside' ? { point: ending.name, call: ending.call } : null);
  let asMeant = true;
  let isOver = false;
  const timer = setTimeout(
    () => {
      asMeant = ending.kind === 'moment';
      life.kill();
    },
    ending.kind === 'moment' ? ending.afterMs : ending.patienceMs,
  );
  if (ending.kind === 'wechat') {
    let calls = 0;
    // Also at the end of the life, so that nobody is left waiting.
    const seen = () => isOver || ++calls === ending.call;
    void wechatPoints[ending.name](sandbox, seen).then(() => life.kill());
  }
  await life.ended;
  isOver = true;
  clearTimeout(timer);
  return asMeant;
}
