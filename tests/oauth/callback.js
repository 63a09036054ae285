/** Where the browser ends up. Nobody listens there; what counts is the address. */
const REDIRECT_URI = 'http://localhost:33418/callback';

const MAX_PAGES = 10;

/** A client's memory, and the browser that it opens. */
export class CallbackReceiver {
  #client;
  #tokens;
  #verifier;
  #discovery;

  /** The pages that were visited. */
  pages = [];

  /** @type {URLSearchParams | undefined} what came back with the last redirect */
  answer;

  provider = {
    redirectUrl: REDIRECT_URI,
    clientMetadata: { client_name: 'oauth-client', redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: 'none' },
    state: () => 'state-of-the-client',
    clientInformation: () => this.#client,
    saveClientInformation: client => (this.#client = client),
    tokens: () => this.#tokens,
    saveTokens: tokens => (this.#tokens = tokens),
    codeVerifier: () => this.#verifier,
    saveCodeVerifier: verifier => (this.#verifier = verifier),
    discoveryState: () => this.#discovery,
    saveDiscoveryState: discovery => (this.#discovery = discovery),
    redirectToAuthorization: url => this.#browse(url),
  };

  async #browse(url) {
    let page = new URL(url);
    while (!page.href.startsWith(REDIRECT_URI)) {
      if (this.pages.push(page.origin + page.pathname) > MAX_PAGES) throw new Error('too many redirects');
      const response = await fetch(page, { redirect: 'manual' });
      const location = response.headers.get('location');
      if (!location) throw new Error(`${page.origin + page.pathname} answered ${response.status}: ${await response.text()}`);
      page = new URL(location, page);
    }
    if (page.searchParams.get('state') !== this.provider.state()) throw new Error('another state came back');
    this.answer = page.searchParams;
  }
}
