import type { SandboxAccount } from '../src/sandbox/account-settings.ts';

const files = {
  image: {
    name: 'picture.jpg',
    bytes: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(96)]),
  },
  // One second of silence: 50 frames of 13 bytes.
  voice: { name: 'voice.amr', bytes: Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(650)]) },
};

/** Uploads to the sandbox behind the gateway's back, so that every campaign can show a material of its own. */
export function createMaterials(sandboxUrl: string) {
  /** By the older token endpoint, which has no faults. A token may be revoked before it is used: then again. */
  async function call({ appId, appSecret }: SandboxAccount, path: string, request: RequestInit) {
    for (;;) {
      const query = new URLSearchParams({ grant_type: 'client_credential', appid: appId, secret: appSecret });
      const token = await fetch(`${sandboxUrl}/cgi-bin/token?${query}`);
      const { access_token } = (await token.json()) as { access_token: string };
      const url = new URL(path, sandboxUrl);
      url.searchParams.set('access_token', access_token);
      const answer = (await (await fetch(url, { method: 'POST', ...request })).json()) as Answer;
      if (answer.media_id) return answer.media_id;
      if (answer.errcode !== 40001) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    }
  }

  return {
    file(account: SandboxAccount, type: keyof typeof files): Promise<string> {
      const { name, bytes } = files[type];
      const body = new FormData();
      body.set('media', new File([bytes], name));
      return call(account, `/cgi-bin/media/upload?type=${type}`, { body });
    },

    news(account: SandboxAccount, articles: readonly { title: string; content: string }[]): Promise<string> {
      const body = { articles: articles.map((article) => ({ ...article, thumb_media_id: 'sandbox_thumb' })) };
      return call(account, '/cgi-bin/media/uploadnews', { body: JSON.stringify(body) });
    },

    video(account: SandboxAccount, title: string): Promise<string> {
      const body = { media_id: 'sandbox_video', title, description: '' };
      return call(account, '/cgi-bin/media/uploadvideo', { body: JSON.stringify(body) });
    },
  };
}
export type Materials = ReturnType<typeof createMaterials>;

interface Answer {
  media_id?: string;
  errcode?: number;
}
