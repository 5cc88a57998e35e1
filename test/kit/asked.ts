import { type AuditEntry, AuditOutcome } from '../../src/access/audit-entry.ts';

/** Somebody asks for a mass send. */
export const ASKED: AuditEntry = {
  at: new Date('2026-06-01T00:00:00.000Z'),
  ...{ caller: 'local', address: null, action: 'massSend', appId: null, target: null },
  ...{ outcome: AuditOutcome.ASKED, askedIn: null, requestId: null, arguments: null },
};
