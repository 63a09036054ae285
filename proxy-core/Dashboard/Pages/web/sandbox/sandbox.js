// Between a page of Studio and a widget: a document of this origin, under the policy of a host, with the widget in a frame that inherits both.
// Messages of MCP Apps go through. Messages that are ours have a field `mcpr`.
(() => {
  const page = new URL(location.href).searchParams.get('page') ?? '';
  const frame = document.createElement('iframe');
  /** @type {Record<string, any> | null} what a widget of ChatGPT finds at window.openai; null where the host has none */
  let globals = null;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  let lastId = 0;

  const tell = (/** @type {object} */ message) => window.parent.postMessage(message, page);

  /** @param {string} name @param {any} [args] */
  const ask = (name, args) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      tell({ mcpr: 'openai', id: lastId, name, args });
    });

  /** @param {any} message */
  function settle({ id, value, error }) {
    const one = waiting.get(id);
    waiting.delete(id);
    if (error) one?.reject(new Error(error));
    else one?.resolve(value);
  }

  /** @param {any} inner the window of the widget */
  function openAiFor(inner) {
    const api = {
      callTool: (/** @type {string} */ name, /** @type {any} */ args) => ask('callTool', { name, arguments: args ?? {} }),
      sendFollowUpMessage: (/** @type {any} */ args) => ask('sendFollowUpMessage', args),
      openExternal: (/** @type {any} */ args) => ask('openExternal', args),
      requestDisplayMode: (/** @type {any} */ args) => ask('requestDisplayMode', args),
      requestClose: () => ask('requestClose'),
      notifyIntrinsicHeight: (/** @type {any} */ height) => tell({ mcpr: 'height', height: Number(height) }),
      setWidgetState: (/** @type {any} */ state) => {
        setGlobals(inner, { widgetState: state });
        return ask('setWidgetState', state);
      },
    };
    return Object.assign(api, globals);
  }

  /** @param {any} inner @param {Record<string, any>} changed */
  function setGlobals(inner, changed) {
    globals = { ...globals, ...changed };
    if (!inner?.openai) return;
    Object.assign(inner.openai, changed);
    inner.dispatchEvent(new inner.CustomEvent('openai:set_globals', { detail: { globals: changed } }));
  }

  /** @param {SecurityPolicyViolationEvent} event */
  function tellViolation(event) {
    tell({
      mcpr: 'violation',
      directive: event.effectiveDirective,
      blocked: event.blockedURI,
      source: event.sourceFile,
      line: event.lineNumber,
      sample: event.sample,
    });
  }

  /** @param {Document} document */
  function watchHeight(document) {
    const measure = () => tell({ mcpr: 'content', height: document.documentElement?.scrollHeight ?? 0 });
    new ResizeObserver(measure).observe(document.documentElement);
    measure();
  }

  /** @param {{ html: string, sandbox?: string }} resource */
  function show({ html, sandbox }) {
    frame.setAttribute('sandbox', sandbox ?? 'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox');
    frame.allow = new URL(location.href).searchParams.get('allow') ?? '';
    Object.assign(frame.style, { position: 'fixed', inset: '0', width: '100%', height: '100%', border: '0' });
    document.body.append(frame);
    const inner = /** @type {any} */ (frame.contentWindow);
    // open() takes every listener away, so ours comes after it and before the first byte of the widget.
    inner.document.open();
    inner.document.addEventListener('securitypolicyviolation', tellViolation);
    inner.addEventListener('error', (/** @type {ErrorEvent} */ event) => tell({ mcpr: 'error', message: event.message }));
    if (globals) inner.openai = openAiFor(inner);
    inner.document.write(html);
    inner.document.close();
    watchHeight(inner.document);
  }

  window.addEventListener('message', ({ data, source, origin }) => {
    if (source === frame.contentWindow) {
      if (!data?.mcpr) tell(data);
    } else if (source !== window.parent || origin !== page) {
      // Nobody else has a say here.
    } else if (data?.method === 'ui/notifications/sandbox-resource-ready') {
      show(data.params);
    } else if (data?.mcpr === 'globals') {
      setGlobals(frame.contentWindow, data.globals);
    } else if (data?.mcpr === 'answer') {
      settle(data);
    } else {
      frame.contentWindow?.postMessage(data, '*');
    }
  });

  tell({ jsonrpc: '2.0', method: 'ui/notifications/sandbox-proxy-ready', params: {} });
})();
