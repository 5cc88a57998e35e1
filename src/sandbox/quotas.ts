import { dayInBeijing } from '../campaigns/days.ts';
import type { Clock } from '../clock.ts';
import type { SandboxLimits } from './account-settings.ts';
import { beijingMonth } from './beijing-time.ts';
import { createPeriodCounter } from './period-counter.ts';
import { refuseIf } from './refusal.ts';

export interface Quotas {
  /**
   * Counts one mass send. A call that is refused counts for the minute only.
   * @throws Refusal 45011 (minute), 45028 (sends to all), 45009 (day)
   */
  takeSend(toAll: boolean): void;
  /** Every call counts, whatever comes of it. @throws Refusal 45011 */
  takeCall(): void;
  /** @throws Refusal 45009 */
  takePreviewByName(): void;
}

const MINUTE = 60_000;
const isSpent = (used: number, limit: number | null) => limit !== null && used >= limit;

export function createQuotas(limits: SandboxLimits, clock: Clock): Quotas {
  const sends = createPeriodCounter(clock, dayInBeijing);
  const toAllToday = createPeriodCounter(clock, dayInBeijing);
  const toAllThisMonth = createPeriodCounter(clock, beijingMonth);
  const previews = createPeriodCounter(clock, dayInBeijing);
  let lastMinute: number[] = [];

  function takeCall(): void {
    const now = clock.now().getTime();
    lastMinute = lastMinute.filter((at) => at > now - MINUTE);
    refuseIf(lastMinute.length >= limits.callsPerMinute, 45011);
    lastMinute.push(now);
  }

  return {
    takeCall,
    takeSend(toAll) {
      refuseIf(toAll && isSpent(toAllToday.used(), limits.sendsToAllPerDay), 45028);
      refuseIf(toAll && isSpent(toAllThisMonth.used(), limits.sendsToAllPerMonth), 45028);
      refuseIf(isSpent(sends.used(), limits.callsPerDay), 45009);
      sends.add();
      if (!toAll) return;
      toAllToday.add();
      toAllThisMonth.add();
    },
    takePreviewByName() {
      refuseIf(isSpent(previews.used(), limits.previewsPerDay), 45009);
      previews.add();
    },
  };
}
