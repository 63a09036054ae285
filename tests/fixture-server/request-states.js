import { createRequestStateCodec } from '@modelcontextprotocol/server';

/**
 * Signs the requestState that travels through the client. The key is constant so that a retry may
 * reach another process of this server, as happens behind a bridge that keeps a pool of them.
 */
export const requestStates = createRequestStateCodec({ key: 'the key of a test fixture, nothing secret' });
