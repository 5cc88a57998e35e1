/** How a send is counted, and the colour of each: legible on white and on black. */
export const outcomes = [
  { name: 'sent 已发送', statuses: ['SENT'], colour: '#2e9e5b' },
  { name: 'failed 失败', statuses: ['FAILED'], colour: '#d64545' },
  { name: 'under way 进行中', statuses: ['PENDING', 'SUBMITTING', 'SENDING'], colour: '#3d84d6' },
  { name: 'unknown 结果未知', statuses: ['UNKNOWN'], colour: '#d68a1c' },
  { name: 'not sent 未发出', statuses: ['CANCELED', 'EXPIRED'], colour: '#8a8f98' },
  { name: 'deleted 已删除', statuses: ['DELETED'], colour: '#9a63c4' },
] as const;

const types: Record<string, string> = {
  MPNEWS: '图文',
  TEXT: '文本',
  VOICE: '语音',
  MUSIC: '音乐',
  IMAGE: '图片',
  MPVIDEO: '视频',
  WXCARD: '卡券',
};

/** In English and Chinese; a type that is not known here in its own words. */
export const typeName = (type: string): string => [type, types[type]].filter(Boolean).join(' ');
