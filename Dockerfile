# What is shipped, and nothing else. A test copies the same files and starts the gateway from them.
FROM node:24.21.0-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package that is needed here or shipped has an install script, so none is run.
RUN npm ci --ignore-scripts && npm cache clean --force
COPY bin ./bin
COPY src ./src
COPY scripts/bundle.js scripts/bundle-settings.ts ./scripts/
RUN node scripts/bundle.js && npm prune --omit=dev --ignore-scripts

FROM node:24.21.0-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    DATABASE_URL=file:/data/qunfa.sqlite
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json package-lock.json LICENSE ./
COPY bin ./bin
COPY drizzle ./drizzle
COPY src ./src
COPY scripts/audit-verify.ts scripts/backup.ts scripts/end.ts scripts/quick-drizzle.ts scripts/report.ts ./scripts/
# All of /app belongs to root, and the gateway is not root: it can write to /data and nowhere else.
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Not by npm, which does not pass SIGTERM on.
CMD ["node", "bin/qunfa.js"]
