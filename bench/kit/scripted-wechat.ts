import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A WeChat that takes every mass send at once. It reads no more of HTTP than it must: its time is not what is measured. */
export interface ScriptedWechat extends AsyncDisposable {
  url: string;
  /** How many mass sends it has taken. */
  taken(): number;
}

const LENGTH = /content-length: (\d+)/i;

export async function startScriptedWechat(): Promise<ScriptedWechat> {
  let msgId = Math.floor(Date.now() / 1000);
  let taken = 0;
  const sockets = new Set<Socket>();

  function answer(path: string): object {
    if (path.includes('/message/mass/send')) {
      msgId += 1;
      taken += 1;
      return { errcode: 0, errmsg: 'send job submission success', msg_id: msgId, msg_data_id: msgId };
    }
    if (path.includes('token')) return { access_token: 'a-token-of-the-benchmark', expires_in: 7200 };
    return { errcode: 0, errmsg: 'ok', list: [] };
  }

  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (;;) {
        const head = text.indexOf('\r\n\r\n');
        if (head === -1) return;
        const end = head + 4 + Number(LENGTH.exec(text.slice(0, head))?.[1] ?? 0);
        if (text.length < end) return;
        const body = JSON.stringify(answer(text.slice(0, text.indexOf('\r\n'))));
        text = text.slice(end);
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Type: application/json; encoding=utf-8\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken: () => taken,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
