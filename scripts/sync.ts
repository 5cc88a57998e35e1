import './quick-drizzle.ts';
import { parseArgs } from 'node:util';
import { checkSpan } from '../src/campaigns/analytics-span.ts';
import { addDays, dayInBeijing, isDay } from '../src/campaigns/days.ts';
import { systemClock } from '../src/clock.ts';
import { end, settingsOrEnd, WRONG_SETTINGS, WRONG_USE, wordsOrEnd } from './end.ts';

// Fetches article analytics of a span of days, beside the gateway or without it.

const USAGE =
  'npm run sync -- --from 2026-11-01 --to 2026-11-07 [--account wx…]   (both days count; left out: yesterday)';

const yesterday = addDays(dayInBeijing(systemClock.now()), -1);
const { values } = wordsOrEnd(USAGE, () =>
  parseArgs({
    options: {
      from: { type: 'string', default: yesterday },
      to: { type: 'string', default: yesterday },
      account: { type: 'string' },
    },
  }),
);
const { from, to, account } = values;
if (!isDay(from) || !isDay(to)) end(`a day is written YYYY-MM-DD\n${USAGE}`, WRONG_USE);
// However long: what is there already stays, so a span that the quota cuts off is gone on with on the next day.
const issues = checkSpan(from, to, systemClock.now(), Number.POSITIVE_INFINITY);
if (issues.length > 0)
  end(issues.map(({ path, message }) => `--${path.join('.')} ${message}`).join('\n'), WRONG_USE);

const config = settingsOrEnd();
const accounts = config.accounts.filter(({ appId }) => account === undefined || appId === account);
if (accounts.length === 0) {
  end(
    account === undefined
      ? 'no account is configured: the built-in sandbox lives in the gateway alone; use the mutation syncAnalytics'
      : `${account} is not a configured account`,
    WRONG_SETTINGS,
  );
}

// Only now: what it takes to fetch is much to load, and who called it wrongly is told at once.
const { syncSpan } = await import('./sync-span.ts');
await syncSpan({ config, accounts, from, to });
