/**
 * @typedef {object} Announcements
 * @property {() => void} toolsChanged
 * @property {() => void} promptsChanged
 * @property {(uri: string) => void} resourceUpdated
 */

/**
 * Announcements sent on the connection of this very server. Which resources a peer hears about is
 * its own choice: resources/subscribe in the legacy era, subscriptions/listen in the modern one
 * (there the SDK filters, and no subscribe request ever arrives).
 *
 * @param {import('@modelcontextprotocol/server').McpServer} server
 * @param {import('@modelcontextprotocol/server').ProtocolEra} era
 * @returns {Announcements}
 */
export function announcementsOf(server, era) {
  /** @type {Set<string>} */
  const subscribedUris = new Set();
  server.server.setRequestHandler('resources/subscribe', ({ params }) => {
    subscribedUris.add(params.uri);
    return {};
  });
  server.server.setRequestHandler('resources/unsubscribe', ({ params }) => {
    subscribedUris.delete(params.uri);
    return {};
  });

  return {
    toolsChanged: () => server.sendToolListChanged(),
    promptsChanged: () => server.sendPromptListChanged(),
    resourceUpdated: uri => {
      if (era === 'legacy' && !subscribedUris.has(uri)) return;
      server.server.sendResourceUpdated({ uri });
    },
  };
}
