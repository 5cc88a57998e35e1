import { eq } from 'drizzle-orm';
import type { Database } from '../../src/db/database.ts';
import type { Alteration } from './gateway-life.ts';
import type { Ledger } from './ledger.ts';

/** Lets the ledger see what an engine sets out to do and what it stores. */
export const watch =
  (ledger: Ledger, { read, tables: t }: Database, isSuperseded: () => boolean): Alteration =>
  ({ store, submit }) => ({
    submit: (jobId, request, ...rest) => {
      ledger.owns(jobId, request.body);
      return submit(jobId, request, ...rest);
    },
    store: {
      ...store,
      async claim(appId, now, ...rest) {
        const claim = await store.claim(appId, now, ...rest);
        if (claim) ledger.claimed(claim.job.id, now);
        return claim;
      },
      async settleOverdue(...args) {
        await store.settleOverdue(...args);
        if (isSuperseded()) ledger.disturbed();
      },
      async retryLater(claim, ...rest) {
        await store.retryLater(claim, ...rest);
        const [job] = await read.select().from(t.jobs).where(eq(t.jobs.id, claim.job.id));
        if (job?.status === 'PENDING' && job.attempts === claim.job.attempts) ledger.cleared(claim.job.id);
      },
    },
  });
