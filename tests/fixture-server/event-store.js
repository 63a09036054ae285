/**
 * Keeps the events of one session in memory so that a client can resume a stream.
 *
 * @implements {import('@modelcontextprotocol/server').EventStore}
 */
export class SessionEventStore {
  /** @type {Map<string, { streamId: string, message: object }>} in the order of arrival */
  #events = new Map();

  /**
   * @param {string} streamId
   * @param {object} message
   */
  async storeEvent(streamId, message) {
    const eventId = `${streamId}.${this.#events.size + 1}`;
    this.#events.set(eventId, { streamId, message });
    return eventId;
  }

  /** @param {string} eventId */
  async getStreamIdForEventId(eventId) {
    return this.#events.get(eventId)?.streamId;
  }

  /**
   * @param {string} lastEventId
   * @param {{ send: (eventId: string, message: object) => Promise<void> }} receiver
   */
  async replayEventsAfter(lastEventId, { send }) {
    const streamId = this.#events.get(lastEventId)?.streamId;
    if (streamId === undefined) throw new Error(`unknown event id ${lastEventId}`);

    let isAfterLast = false;
    for (const [eventId, event] of this.#events) {
      if (isAfterLast && event.streamId === streamId && !isPriming(event.message)) await send(eventId, event.message);
      isAfterLast ||= eventId === lastEventId;
    }
    return streamId;
  }
}

/**
 * The transport stores an empty message to obtain the id with which it primes a stream.
 * @param {object} message
 */
function isPriming(message) {
  return Object.keys(message).length === 0;
}
