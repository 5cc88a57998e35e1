import type { AuditRecord, AuditTrail } from '../access/audit-trail.ts';
import type { Caller } from '../access/keyring.ts';
import type { AccountProfile } from '../campaigns/account.ts';
import type { AnalyticsReport, ArticleDay, ArticleSourceDay } from '../campaigns/analytics.ts';
import type { Campaign, SendJob, SentArticle } from '../campaigns/campaign.ts';
import type { Day } from '../campaigns/days.ts';
import type { CopyrightResult } from '../campaigns/delivery-result.ts';
import type { Ids } from '../campaigns/ids.ts';
import type { InputIssue } from '../campaigns/input-issue.ts';
import type { MassSendRequest } from '../campaigns/mass-send-request.ts';
import type { FrozenRequest } from '../campaigns/submission.ts';
import type { Clock } from '../clock.ts';
import type { AnalyticsStore, ArticleKey } from '../db/analytics-store.ts';
import type { AuditStore } from '../db/audit-store.ts';
import type { CampaignControlStore } from '../db/campaign-control-store.ts';
import type { CampaignStore } from '../db/campaign-store.ts';
import type { EventRow } from '../db/job-changes.ts';
import type { MaterialStore } from '../db/material-store.ts';
import type { WantedColumns } from '../db/prepared.ts';
import type { QuotaStore } from '../db/quota-store.ts';
import type { RecipientStore } from '../db/recipient-store.ts';
import type { StatusStore } from '../db/status-store.ts';
import type { EventLog } from '../events/event-log.ts';
import type { Soon } from '../soon.ts';
import type { MassStatus, WechatClient } from '../wechat/client.ts';

export interface Account extends AccountProfile {
  /** As a node: `acc_<appId>`. */
  id: string;
  /** It talks to the built-in sandbox. */
  sandbox: boolean;
}

/** Reads what several ask for at once, and remembers it. */
export interface Loader<K, V> {
  load(key: K): Promise<V>;
}

/** As `Loader`, of what is often known before it is asked for. */
export interface NodeLoader<V> {
  load(id: string): Soon<V | null>;
  /** Remembers what was read elsewhere. */
  prime(nodes: readonly V[]): void;
  /** Forgets, because it has changed. */
  clear(id: string): NodeLoader<V>;
}

/** As `Loader`, of what belongs to the rows of a list. */
export interface FamilyLoader<V> {
  load(id: string): Soon<readonly V[]>;
  /** Whoever asks for one of these will ask for the others: they are read together, and at once. */
  expect(ids: readonly string[]): void;
}

/** Each reads for all objects of a request that want the same, in one statement. */
export interface Loaders {
  campaign: NodeLoader<Campaign>;
  job: Loader<string, SendJob | null>;
  jobsOfCampaign: FamilyLoader<SendJob>;
  articlesOfJob: FamilyLoader<SentArticle>;
  copyrightOfJob: Loader<string, CopyrightResult[]>;
  articleDays: Loader<ArticleKey, (ArticleDay & { fetchedAt: Date })[]>;
  articleSources: Loader<ArticleKey, ArticleSourceDay[]>;
  /** None for what was sent elsewhere. */
  campaignsOfArticle: Loader<ArticleKey, { campaignId: string }[]>;
  massStatus: Loader<{ appId: string; msgId: string }, MassStatus>;
}

/** What came of fetching analytics. */
export interface SyncedAnalytics {
  days: number;
  calls: number;
  rows: number;
  failures: { day: Day; report: AnalyticsReport; message: string }[];
}

/** What the parts of the gateway offer to the resolvers of every request. */
export interface Services {
  accounts: readonly Account[];
  wechat: (appId: string) => WechatClient;
  delivery: {
    submit(request: MassSendRequest, record: AuditRecord): Promise<{ campaignId: string; replayed: boolean }>;
    plan(
      request: MassSendRequest,
    ): Promise<{ issues: InputIssue[]; requests: FrozenRequest[]; openIds: string[] | null }>;
    askForResults(appId: string): void;
  };
  recipients: RecipientStore;
  /** Whether anything is sent, and the way back where not. */
  sending: { heldSince(): Date | null; resume(): Promise<void> };
  campaigns: CampaignStore;
  control: CampaignControlStore;
  statuses: StatusStore;
  materials: MaterialStore;
  quotas: QuotaStore;
  analytics: AnalyticsStore & { sync(appId: string, from: Day, to: Day): Promise<SyncedAnalytics> };
  audit: AuditTrail & Pick<AuditStore, 'page' | 'head'>;
  events: EventLog<EventRow>;
  ids: Ids;
  clock: Clock;
}

export interface Context extends Services {
  /** New for every request and for every event of a subscription: a loader remembers what it has read. */
  loaders: Loaders;
  /** Who asks. */
  caller: Caller;
  /** Of the mutation under way; null outside of one. */
  record: AuditRecord | null;
  /** By which log lines and masked errors of the request find each other. */
  requestId: string;
  /** What this operation was seen to look at. Null: anything may be. */
  wanted: WantedColumns | null;
  /** Closes the connection of a subscriber that does not read. */
  disconnect: () => void;
  /** Aborted when the connection is gone. Made when it is asked for: telling of an end costs much even where nobody listens. */
  closed: () => AbortSignal;
}
