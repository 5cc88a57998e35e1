import '../schema/errors.ts';
import '../schema/event.ts';
import '../schema/scalars.ts';
import './account-mutations.ts';
import './account-queries.ts';
import './analytics.ts';
import './audit-trail.ts';
import './campaign-queries.ts';
import './cancel-campaign.ts';
import './gateway.ts';
import './message-status.ts';
import './plan-mass-send.ts';
import './send-mutations.ts';
import './settle-send.ts';
import './subscriptions.ts';
import './upload-mutations.ts';
import { builder } from '../schema/builder.ts';
import { guarded } from './guard.ts';

/** Every type and field registers itself with the builder; this is what they make together. */
export const schema = guarded(builder.toSchema());
