import { randomUUID } from 'node:crypto';
import { InvalidGrantError, InvalidRequestError, InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';

const LIFETIME_SECONDS = 3600;

/** Keeps everything in memory, asks nobody for a password, and is strict about the resource (RFC 8707). */
export class Authorization {
  #clients = new Map();
  #tickets = new Map();
  #grants = new Map();
  #tokens = new Map();

  /**
   * @param {string} origin its own
   * @param {string} [resource] the only one it gives tokens for, where there is only one
   */
  constructor(origin, resource) {
    this.origin = origin;
    this.resource = resource;
    this.clientsStore = {
      getClient: id => this.#clients.get(id),
      registerClient: client => {
        this.#clients.set(client.client_id, client);
        return client;
      },
    };
  }

  get issuer() {
    return `${this.origin}/`;
  }

  /** People are sent to a login page first, by its full URL, as most servers do. */
  async authorize(client, params, response) {
    this.#checkResource(params.resource);
    const ticket = randomUUID();
    this.#tickets.set(ticket, { client, params });
    response.redirect(`${this.origin}/login?ticket=${ticket}`);
  }

  /** @returns where the person goes with the grant */
  login(ticket) {
    const { client, params } = this.#tickets.get(ticket) ?? raise(new InvalidRequestError('Unknown ticket'));
    const code = randomUUID();
    this.#grants.set(code, { client, params });
    const location = new URL(params.redirectUri);
    location.search = new URLSearchParams({ code, state: params.state, iss: this.issuer });
    return location.href;
  }

  async challengeForAuthorizationCode(client, code) {
    return this.#grants.get(code)?.params.codeChallenge ?? raise(new InvalidGrantError('Unknown code'));
  }

  async exchangeAuthorizationCode(client, code, verifier, redirectUri, resource) {
    this.#checkResource(resource);
    const { params } = this.#grants.get(code) ?? raise(new InvalidGrantError('Unknown code'));
    this.#grants.delete(code);
    if (redirectUri !== params.redirectUri) throw new InvalidGrantError('Another redirect_uri');
    return this.#issue(client.client_id, resource);
  }

  async exchangeRefreshToken(client, token, scopes, resource) {
    this.#checkResource(resource);
    if (!this.#tokens.delete(token)) throw new InvalidGrantError('Unknown refresh token');
    return this.#issue(client.client_id, resource);
  }

  async verifyAccessToken(token) {
    return this.#tokens.get(token) ?? raise(new InvalidTokenError('Unknown token'));
  }

  #issue(clientId, resource) {
    const [token, refresh] = [randomUUID(), randomUUID()];
    const expiresAt = Math.floor(Date.now() / 1000) + LIFETIME_SECONDS;
    this.#tokens.set(token, { token, clientId, scopes: [], expiresAt, resource: resource.href });
    this.#tokens.set(refresh, {});
    return { access_token: token, refresh_token: refresh, token_type: 'bearer', expires_in: LIFETIME_SECONDS };
  }

  #checkResource(resource) {
    if (!resource || (this.resource && resource.href !== this.resource)) {
      throw new InvalidRequestError(`This server is ${this.resource}, not ${resource}`);
    }
  }
}

function raise(error) {
  throw error;
}
