// Server-sent events of an answer that is being read.

/** How far a stream was read, and when to come back for the rest. @typedef {{ id?: string, retry?: number }} Place */

/**
 * Takes text as it comes and gives whole events (HTML, "Interpreting an event stream").
 * @param {(data: string) => void} onData
 * @param {Place} [place]
 */
export function eventReader(onData, place = {}) {
  let rest = '';
  let data = /** @type {string[]} */ ([]);
  let id = place.id;

  /** @param {string} line */
  function readLine(line) {
    if (line === '') {
      place.id = id;
      if (data.length > 0) onData(data.join('\n'));
      data = [];
      return;
    }
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') data.push(value);
    else if (name === 'id') id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) place.retry = Number(value);
  }

  return (/** @type {string} */ text) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    lines.forEach(readLine);
  };
}

/**
 * The JSON-RPC messages of an answer, as they come.
 * @param {Response} response
 * @param {(message: any) => void} onMessage
 * @param {Place} [place]
 */
export async function readMessages(response, onMessage, place = {}) {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    const text = await response.text();
    messagesIn(text).forEach(onMessage);
    return text.length;
  }
  let size = 0;
  const reader = eventReader((data) => messagesIn(data).forEach(onMessage), place);
  const decoder = new TextDecoder();
  const body = response.body?.getReader();
  for (let piece = await body?.read(); piece && !piece.done; piece = await body?.read()) {
    size += piece.value.length;
    reader(decoder.decode(piece.value, { stream: true }));
  }
  return size;
}

/** One, those of a batch, or none where the text is something else. @param {string} text @returns {any[]} */
function messagesIn(text) {
  try {
    return [JSON.parse(text)].flat().filter((one) => one !== null && typeof one === 'object');
  } catch {
    return [];
  }
}
