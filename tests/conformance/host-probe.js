import { request } from 'node:http';
import { FAILED, PASSED } from './checks.js';

const PROBE_LIMIT_MS = 10_000;
const FOREIGN_HOST = 'evil.example.com';
const CLIENT_INFO = { name: 'host-probe', version: '1.0.0' };

/** @param {string} protocolVersion */
function openingRequest(protocolVersion) {
  if (protocolVersion < '2026-07-28') {
    return { method: 'initialize', params: { protocolVersion, capabilities: {}, clientInfo: CLIENT_INFO } };
  }
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': protocolVersion,
    'io.modelcontextprotocol/clientInfo': CLIENT_INFO,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  return { method: 'server/discover', params: { _meta } };
}

/**
 * @param {URL} url
 * @param {string} host for the Host header and the Origin
 * @param {string} protocolVersion
 * @returns {Promise<number>} the status code of the answer
 */
function statusFor(url, host, protocolVersion) {
  const message = { jsonrpc: '2.0', id: 1, ...openingRequest(protocolVersion) };
  return new Promise((resolve, reject) => {
    const post = request({
      method: 'POST',
      host: '127.0.0.1',
      port: url.port,
      path: url.pathname,
      headers: {
        Host: host,
        Origin: `${url.protocol}//${host}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'MCP-Protocol-Version': protocolVersion,
        'Mcp-Method': message.method,
      },
      agent: false,
      signal: AbortSignal.timeout(PROBE_LIMIT_MS),
    });
    post.once('response', response => {
      response.destroy();
      resolve(response.statusCode);
    });
    post.once('error', error => reject(new Error(`probe with Host ${host}: ${error.message}`)));
    post.end(JSON.stringify(message));
  });
}

/**
 * Stands in for the scenario dns-rebinding-protection, which the conformance tool runs against the
 * name localhost only and reports as failed for any other.
 *
 * @param {string} url with a name below .localhost
 * @param {string} protocolVersion
 * @returns {Promise<import('./checks.js').Checks>}
 */
export async function probeHosts(url, protocolVersion) {
  const target = new URL(url);
  const foreign = await statusFor(target, FOREIGN_HOST, protocolVersion);
  const own = await statusFor(target, target.host, protocolVersion);
  const statusOf = isGood => (isGood ? PASSED : FAILED);
  return new Map([
    ['dns-rebinding-protection localhost-host-rebinding-rejected', statusOf(foreign >= 400 && foreign < 500)],
    ['dns-rebinding-protection localhost-host-valid-accepted', statusOf(own >= 200 && own < 300)],
  ]);
}
