import { html, useEffect, useRef, useState } from '../../core/html.js';
import { maxWidth } from './settings.js';
import { WidgetBridge } from './WidgetBridge.js';

/** Heights of a widget, in CSS pixels: before it says its own, and the most it gets in a conversation. */
const FIRST_HEIGHT = 240;
const MOST_HEIGHT = 2000;

/** A name for the origin of a server's widgets, the same every time, so that they find what they have stored (FNV-1a). @param {string} server */
const originName = (server) => [...server].reduce((hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0, 0x811c9dc5).toString(36);

/** Safari asks the system for names below localhost, and systems do not know them as a rule. */
const knowsNames = () => !navigator.vendor.startsWith('Apple');

/** Where widgets are shown: an origin that has nothing of ours, not even a cookie. See WidgetSandbox.cs. @param {string} server */
const sandboxOrigin = (server) => `${location.protocol}//${knowsNames() ? `widgets-${originName(server)}.` : ''}localhost${location.port ? `:${location.port}` : ''}`;

/** Leave for cameras and the like, as the widget's metadata asks. @param {any} meta */
function allowOf(meta) {
  const names = /** @type {Record<string, string>} */ ({ camera: 'camera', microphone: 'microphone', geolocation: 'geolocation', clipboardWrite: 'clipboard-write' });
  return Object.keys(meta?.ui?.permissions ?? {}).map((name) => names[name]).filter(Boolean).join('; ');
}

/**
 * A widget in a real sandbox under a real policy.
 * @param {{ connection: import('../McpConnection.js').McpConnection, widget: import('./widgetResource.js').Widget, policy: string,
 *   settings: import('./settings.js').Settings, tool: any, call: import('../Workbench.js').Call | null, onViolation: (violation: any) => void }} props
 */
export function WidgetFrame({ connection, widget, policy, settings, tool, call, onViolation }) {
  const frame = useRef(/** @type {HTMLIFrameElement | null} */ (null));
  const bridge = useRef(/** @type {WidgetBridge | null} */ (null));
  const [height, setHeight] = useState({ value: FIRST_HEIGHT, isWanted: false });
  const allow = allowOf(widget.meta);

  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const onHeight = (/** @type {number} */ value, /** @type {boolean} */ isWanted) =>
      setHeight((before) => (before.isWanted && !isWanted ? before : { value: Math.min(MOST_HEIGHT, Math.max(40, Math.ceil(value))), isWanted }));
    const opened = new WidgetBridge({ frame: element, connection, widget, settings, tool, onViolation, onHeight });
    bridge.current = opened;
    opened.call = call;
    const query = new URLSearchParams({ policy, page: location.origin, allow });
    opened.open().then(() => {
      if (bridge.current === opened) element.src = `${sandboxOrigin(connection.server)}/sandbox?${query}`;
    });
    return () => {
      bridge.current = null;
      opened.close();
    };
  }, []);

  useEffect(() => bridge.current?.change(settings), [settings.theme, settings.mode, settings.locale, settings.viewport]);
  useEffect(() => bridge.current?.changeCall(call), [call]);

  const width = maxWidth(settings);
  const style = { width: width ? `${width}px` : '100%', height: settings.mode === 'fullscreen' ? '70vh' : `${Math.min(height.value, settings.mode === 'pip' ? 360 : MOST_HEIGHT)}px` };
  return html`
    <div class=${`stage on-${settings.theme}`}>
      <iframe
        ref=${frame}
        title=${`Widget ${widget.uri}`}
        allow=${allow}
        sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"
        style=${style}
      ></iframe>
    </div>
  `;
}
