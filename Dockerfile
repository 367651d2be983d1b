# The MCP server with the three services, for one pattern. Node runs the TypeScript as it is: nothing is compiled.
# Another image, or this one by its digest: docker compose build --build-arg NODE_IMAGE=…
ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /lab
RUN npm install --global pnpm@10
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY framework/package.json framework/
COPY framework/contract/package.json framework/contract/
COPY patterns/package.json patterns/
COPY services/package.json services/
RUN pnpm install --frozen-lockfile --prod --filter '@lab/*'

FROM ${NODE_IMAGE}
# The journal goes to standard output, beside what Keycloak and OPA log there: pnpm run audit --help.
ENV NODE_ENV=production PATTERN=p06 AUDIT_LOG=-
WORKDIR /lab
COPY --from=dependencies /lab ./
COPY keycloak/agent-auth-realm.json keycloak/
COPY opa opa
COPY framework framework
COPY patterns patterns
COPY services services
USER node
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=5s --retries=3 --start-period=60s --start-interval=1s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The port is open to the container's network; what publishes it must do so on loopback (docker-compose.yml does).
CMD ["sh", "-c", "exec node framework/apps/cli/main.ts serve \"$PATTERN\" --stack real --host 0.0.0.0 --port 3000"]
