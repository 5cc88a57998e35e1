/** What whoever opens the bare address sees: where to go on. */
export const welcomePage = (graphiql: boolean): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>qunfa 群发</title>
<style>
  body { font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; color: #222 }
  code { background: #f2f2f2; padding: 0.1em 0.3em; border-radius: 3px }
</style>
<h1>qunfa 群发</h1>
<p>A GraphQL gateway over WeChat's mass-send API. What was asked for is sent once, and its outcome is known.</p>
<ul>
  <li><a href="/graphql">/graphql</a>: the API${graphiql ? ', and GraphiQL with operations that are ready to run' : ''}; subscriptions over SSE and WebSocket</li>
  <li><a href="/report">/report</a>: the last 30 days in charts <span lang="zh">最近 30 天的图表</span></li>
  <li><code>/wechat/callback/&lt;app id&gt;</code>: the callback URL to enter on WeChat's platform</li>
  <li><a href="/healthz">/healthz</a> and <a href="/readyz">/readyz</a>: whether it lives, whether it serves</li>
</ul>
</html>
`;
