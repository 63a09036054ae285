import { once } from 'node:events';
import { createServer } from 'node:http';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { createOAuthMetadata, mcpAuthMetadataRouter, mcpAuthRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { Authorization } from './authorization.js';

/**
 * @param {object} options
 * @param {boolean} [options.forAll] whether it gives tokens for other servers too
 * @param {string} [options.elsewhere] the issuer, if it is not the server itself
 * @returns {Promise<string>} the URL of the MCP endpoint
 */
export async function listen({ forAll, elsewhere }) {
  const httpServer = createServer();
  httpServer.listen(0, '127.0.0.1');
  await once(httpServer, 'listening');
  const origin = `http://localhost:${httpServer.address().port}`;
  const resource = `${origin}/mcp`;
  // Host is checked by the SDK, as it is for every server of its kind.
  const app = createMcpExpressApp();
  if (elsewhere) {
    useIssuer(app, elsewhere, resource);
  } else {
    useOwnIssuer(app, new Authorization(origin, forAll ? undefined : resource), resource);
  }
  httpServer.on('request', app);
  return resource;
}

function useOwnIssuer(app, provider, resource) {
  const issuerUrl = new URL(provider.issuer);
  const resourceServerUrl = new URL(resource);
  const oauthMetadata = { ...createOAuthMetadata({ provider, issuerUrl }), authorization_response_iss_parameter_supported: true };
  const noLimits = { authorizationOptions: { rateLimit: false }, tokenOptions: { rateLimit: false }, clientRegistrationOptions: { rateLimit: false } };
  // The first one to answer counts: the SDK's own document does not say that there is an iss.
  app.use(mcpAuthMetadataRouter({ oauthMetadata, resourceServerUrl }));
  app.use(mcpAuthRouter({ provider, issuerUrl, resourceServerUrl, ...noLimits }));
  app.get('/login', (request, response) => response.redirect(provider.login(request.query.ticket)));
  app.get('/introspect', async (request, response) => response.json(await provider.verifyAccessToken(request.query.token)));
  app.post('/mcp', guard(provider, resource, () => resource), answer);
}

function useIssuer(app, issuer, resource) {
  const oauthMetadata = {
    issuer,
    authorization_endpoint: new URL('/authorize', issuer).href,
    token_endpoint: new URL('/token', issuer).href,
    response_types_supported: ['code'],
  };
  app.use(mcpAuthMetadataRouter({ oauthMetadata, resourceServerUrl: new URL(resource) }));
  const verifier = {
    verifyAccessToken: async token => (await fetch(new URL(`/introspect?token=${token}`, issuer))).json(),
  };
  const nameFor = request => `${request.headers['x-forwarded-proto']}://${request.headers['x-forwarded-host']}/mcp`;
  app.post('/mcp', guard(verifier, resource, nameFor), answer);
}

/** @param {(request: import('node:http').IncomingMessage) => string} nameFor what a token has to be for */
function guard(verifier, resource, nameFor) {
  const { origin, pathname } = new URL(resource);
  const resourceMetadataUrl = `${origin}/.well-known/oauth-protected-resource${pathname}`;
  return (request, response, next) =>
    requireBearerAuth({ verifier, resourceMetadataUrl, expectedResource: nameFor(request) })(request, response, next);
}

async function answer(request, response) {
  const server = new McpServer({ name: 'oauth-fixture', version: '1.0.0' });
  server.registerTool('whoami', { description: 'Tells for which resource the token is' }, ({ authInfo }) => ({
    content: [{ type: 'text', text: String(authInfo.resource) }],
  }));
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  response.on('close', () => transport.close());
  await server.connect(transport);
  await transport.handleRequest(request, response, request.body);
}
