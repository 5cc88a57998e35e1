import { deleteSend, getStatus } from './after-send.ts';
import type { Endpoint } from './endpoint.ts';
import { claimClientMsgId, sendToFilter, sendToOpenIds } from './mass-send.ts';
import { articleRead, articleShare, articleTotalDetail, bizSummary } from './new-analytics.ts';
import { uploadNews } from './news.ts';
import { articleSummary, articleTotal } from './old-analytics.ts';
import { preview } from './preview.ts';
import { getSpeed, setSpeed } from './speed-endpoints.ts';
import { plainToken, stableToken } from './token-endpoints.ts';
import { uploadArticleImage, uploadMedia, uploadVideo } from './uploads.ts';

/** Every call the sandbox answers. */
export const endpoints: Readonly<Record<string, Endpoint>> = {
  '/cgi-bin/token': { method: 'GET', open: plainToken },
  '/cgi-bin/stable_token': { method: 'POST', open: stableToken },
  '/cgi-bin/media/upload': { method: 'POST', handle: uploadMedia },
  '/cgi-bin/media/uploadimg': { method: 'POST', handle: uploadArticleImage },
  '/cgi-bin/media/uploadnews': { method: 'POST', handle: uploadNews },
  '/cgi-bin/media/uploadvideo': { method: 'POST', handle: uploadVideo },
  '/cgi-bin/message/mass/sendall': { method: 'POST', handle: sendToFilter, claim: claimClientMsgId },
  '/cgi-bin/message/mass/send': { method: 'POST', handle: sendToOpenIds, claim: claimClientMsgId },
  '/cgi-bin/message/mass/preview': { method: 'POST', handle: preview },
  '/cgi-bin/message/mass/get': { method: 'POST', handle: getStatus },
  '/cgi-bin/message/mass/delete': { method: 'POST', handle: deleteSend },
  '/cgi-bin/message/mass/speed/get': { method: 'POST', handle: getSpeed },
  '/cgi-bin/message/mass/speed/set': { method: 'POST', handle: setSpeed },
  '/datacube/getarticlesummary': { method: 'POST', handle: articleSummary },
  '/datacube/getarticletotal': { method: 'POST', handle: articleTotal },
  '/datacube/getarticleread': { method: 'POST', handle: articleRead },
  '/datacube/getarticleshare': { method: 'POST', handle: articleShare },
  '/datacube/getbizsummary': { method: 'POST', handle: bizSummary },
  '/datacube/getarticletotaldetail': { method: 'POST', handle: articleTotalDetail },
  '/cgi-bin/tags/get': { method: 'GET', handle: (_request, { population }) => ({ tags: population.tags() }) },
};
