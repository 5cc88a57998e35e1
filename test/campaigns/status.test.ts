import { describe, expect, it } from 'vitest';
import { campaignStatus, isFinal, SendStatus } from '../../src/campaigns/status.ts';

/** `SENT` is a job without a msg_id, `SENT+` one that WeChat accepted. */
const over = (...jobs: string[]) =>
  campaignStatus(
    jobs.map((job) => ({
      status: job.replace('+', '') as SendStatus,
      msgId: job.endsWith('+') ? '1000000001' : null,
    })),
  );

describe('a campaign of one job', () => {
  it.each(Object.values(SendStatus))('is %s as its job is', (status) => {
    expect(over(status)).toBe(status);
    expect(over(`${status}+`)).toBe(status);
  });
});

describe('a campaign of several jobs', () => {
  it.each([
    [['UNKNOWN', 'SENDING+'], 'UNKNOWN'],
    [['SENT+', 'SENT+', 'UNKNOWN'], 'UNKNOWN'],
    [['FAILED', 'UNKNOWN', 'PENDING'], 'UNKNOWN'],
    [['SUBMITTING', 'PENDING'], 'SENDING'],
    [['SENT+', 'SUBMITTING'], 'SENDING'],
    [['SENT+', 'SENDING+'], 'SENDING'],
    [['SENT+', 'PENDING'], 'SENDING'],
    [['SENDING+', 'PENDING'], 'SENDING'],
    [['FAILED+', 'PENDING'], 'SENDING'],
    [['PENDING', 'PENDING'], 'PENDING'],
    [['FAILED', 'PENDING'], 'PENDING'],
    [['EXPIRED', 'PENDING'], 'PENDING'],
    [['SENT+', 'FAILED'], 'SENT'],
    [['FAILED', 'SENT+'], 'SENT'],
    [['DELETED+', 'SENT+'], 'SENT'],
    [['FAILED', 'EXPIRED'], 'FAILED'],
    [['EXPIRED', 'FAILED'], 'EXPIRED'],
    [['CANCELED', 'CANCELED'], 'CANCELED'],
    [['DELETED+', 'DELETED+'], 'DELETED'],
    [['DELETED+', 'FAILED'], 'DELETED'],
  ])('%j is %s', (jobs, status) => {
    expect(over(...jobs)).toBe(status);
  });
});

it('knows which states are the end', () => {
  expect(Object.values(SendStatus).filter(isFinal)).toEqual([
    'SENT',
    'FAILED',
    'CANCELED',
    'EXPIRED',
    'DELETED',
  ]);
});

it('does not make up a status for a campaign without jobs', () => {
  expect(() => campaignStatus([])).toThrow();
});
