/** Every endpoint that takes an access token; a new one is a new row. */
export const endpoints = {
  uploadImage: { method: 'POST', path: '/cgi-bin/media/uploadimg' },
  uploadMedia: { method: 'POST', path: '/cgi-bin/media/upload' },
  uploadNews: { method: 'POST', path: '/cgi-bin/media/uploadnews' },
  uploadVideo: { method: 'POST', path: '/cgi-bin/media/uploadvideo' },
  sendToFilter: { method: 'POST', path: '/cgi-bin/message/mass/sendall' },
  sendToOpenIds: { method: 'POST', path: '/cgi-bin/message/mass/send' },
  preview: { method: 'POST', path: '/cgi-bin/message/mass/preview' },
  deleteMass: { method: 'POST', path: '/cgi-bin/message/mass/delete' },
  massStatus: { method: 'POST', path: '/cgi-bin/message/mass/get' },
  getSpeed: { method: 'POST', path: '/cgi-bin/message/mass/speed/get' },
  setSpeed: { method: 'POST', path: '/cgi-bin/message/mass/speed/set' },
  articleSummary: { method: 'POST', path: '/datacube/getarticlesummary' },
  articleTotal: { method: 'POST', path: '/datacube/getarticletotal' },
  articleRead: { method: 'POST', path: '/datacube/getarticleread' },
  articleShare: { method: 'POST', path: '/datacube/getarticleshare' },
  bizSummary: { method: 'POST', path: '/datacube/getbizsummary' },
  articleTotalDetail: { method: 'POST', path: '/datacube/getarticletotaldetail' },
  getTags: { method: 'GET', path: '/cgi-bin/tags/get' },
} as const satisfies Record<string, { method: 'GET' | 'POST'; path: string }>;
export type EndpointName = keyof typeof endpoints;
