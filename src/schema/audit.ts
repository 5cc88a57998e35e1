import { type AuditRow, AuditOutcome as Outcomes } from '../access/audit-entry.ts';
import { badUserInput } from './bad-user-input.ts';
import { builder } from './builder.ts';
import { PageInfo } from './page-info.ts';

const AuditOutcome = builder.enumType('AuditOutcome', {
  description: 'How far something that was asked for has come.',
  values: {
    [Outcomes.ASKED]: {
      description:
        'It was asked for and allowed. Written before anything is done; another entry tells how it ended. Where none does, the gateway ended meanwhile.',
    },
    [Outcomes.DONE]: { description: 'It was answered with success.' },
    [Outcomes.REPLAYED]: { description: 'A massSend whose key was used before: nothing new was sent.' },
    [Outcomes.FORBIDDEN]: { description: 'The key lacks the scope. Nothing was done.' },
    [Outcomes.INVALID_INPUT]: { description: 'The input was refused. WeChat was not called.' },
    [Outcomes.QUOTA_EXCEEDED]: { description: 'A quota would have been exceeded. WeChat was not called.' },
    [Outcomes.IDEMPOTENCY_CONFLICT]: {
      description: 'The key of a massSend was used before with another input.',
    },
    [Outcomes.WECHAT_ERROR]: { description: 'WeChat said no, or said nothing.' },
    [Outcomes.FAILED]: { description: 'Something broke inside. The log has it under the request id.' },
  } as const,
});

const AuditEntry = builder.objectRef<AuditRow>('AuditEntry').implement({
  description: 'An entry of the audit trail. Entries are never changed and never deleted.',
  fields: (t) => ({
    id: t.id({ description: '1, 2, 3 …: none is left out.', resolve: ({ id }) => String(id) }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was written.' }),
    caller: t.exposeString('caller', {
      description:
        'Who: the name of a key, `local` where the gateway has none, `operator` for who holds the process.',
    }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'Where the connection came from. Null for the operator.',
    }),
    action: t.exposeString('action', {
      description:
        'What was asked for: a field of Mutation; or `reloadKeys`, and `resumeSending` of who started the gateway with --resume.',
    }),
    account: t.exposeID('appId', {
      nullable: true,
      description:
        'The app id it was for. Null where it concerns no account, or where one was named that is not configured.',
    }),
    target: t.exposeString('target', {
      nullable: true,
      description:
        'What it was done to: the id of a campaign, of a send, of a material. Null where that is not known.',
    }),
    outcome: t.expose('outcome', {
      type: AuditOutcome,
      description: 'How far it has come.',
    }),
    askedIn: t.id({
      nullable: true,
      description: 'The id of the ASKED entry that this one ends. Null in others.',
      resolve: ({ askedIn }) => (askedIn === null ? null : String(askedIn)),
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description: 'By which the log has more. Null for the operator.',
    }),
    arguments: t.exposeString('arguments', {
      nullable: true,
      description:
        'What was asked for as JSON, without contents, OpenIDs and files: of texts and lists only their length. Null where there was nothing to say.',
    }),
    hash: t.exposeString('hash', {
      description: 'SHA-256 over the entry and the hash of the one before, in hex.',
    }),
  }),
});

export interface AuditPage {
  rows: AuditRow[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** Asked only where the field is selected. */
  head: () => Promise<string>;
}

const cursorOf = ({ id }: AuditRow): string => String(id);

/** The id of the entry that a cursor stands for. */
export function decodeAuditCursor(after: string): number {
  const id = Number(after);
  if (/^[1-9]\d*$/.test(after) && Number.isSafeInteger(id)) return id;
  throw badUserInput('after is not a cursor of this list');
}

const AuditEdge = builder.objectRef<AuditRow>('AuditEdge').implement({
  description: 'An entry with its place in the list.',
  fields: (t) => ({
    cursor: t.string({ description: 'Goes into `after`.', resolve: cursorOf }),
    node: t.field({ type: AuditEntry, description: 'The entry.', resolve: (row) => row }),
  }),
});

export const AuditConnection = builder.objectRef<AuditPage>('AuditConnection').implement({
  description: 'A page of the audit trail, newest first.',
  fields: (t) => ({
    edges: t.expose('rows', {
      type: [AuditEdge],
      description: 'The entries with their cursors.',
    }),
    nodes: t.expose('rows', { type: [AuditEntry], description: 'The entries.' }),
    pageInfo: t.field({
      type: PageInfo,
      description: 'Where the page lies.',
      resolve: ({ rows, hasNextPage, hasPreviousPage }) => {
        const [first, last] = [rows[0], rows.at(-1)];
        return {
          hasNextPage: () => hasNextPage,
          hasPreviousPage: () => hasPreviousPage,
          startCursor: first ? cursorOf(first) : null,
          endCursor: last ? cursorOf(last) : null,
        };
      },
    }),
    head: t.string({
      description:
        'The hash of the last entry there is. Note it elsewhere: `npm run audit:verify -- --head` then tells whether the end of the trail was cut off or written anew.',
      resolve: ({ head }) => head(),
    }),
  }),
});
