import { setParams } from '../../core/location.js';
import { log } from '../log.js';
import { variablesOf } from './hosts.js';
import { maxWidth } from './settings.js';

/**
 * @typedef {object} BridgeOptions
 * @property {HTMLIFrameElement} frame the sandbox
 * @property {import('../McpConnection.js').McpConnection} connection
 * @property {import('./widgetResource.js').Widget} widget
 * @property {import('./settings.js').Settings} settings
 * @property {any} tool
 * @property {(violation: any) => void} onViolation
 * @property {(height: number, isWanted: boolean) => void} onHeight
 */

/** @param {any} settings */
const contextOf = (settings) => ({
  theme: settings.theme,
  displayMode: settings.mode,
  availableDisplayModes: settings.host.modes,
  locale: settings.locale,
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  userAgent: settings.host.userAgent,
  platform: settings.viewport === 'phone' ? 'mobile' : 'web',
  deviceCapabilities: { touch: settings.viewport === 'phone', hover: settings.viewport !== 'phone' },
  containerDimensions: { maxWidth: maxWidth(settings) ?? undefined, maxHeight: 2000 },
  styles: { variables: variablesOf(settings.theme) },
});

/** What a widget finds at `window.openai`. @param {any} settings @param {import('../Workbench.js').Call | null} call */
const globalsOf = (settings, call) => ({
  theme: settings.theme,
  displayMode: settings.mode,
  locale: settings.locale,
  maxHeight: 2000,
  userAgent: { device: { type: settings.viewport === 'phone' ? 'mobile' : 'desktop' }, capabilities: { hover: settings.viewport !== 'phone', touch: settings.viewport === 'phone' } },
  safeArea: { insets: { top: 0, bottom: 0, left: 0, right: 0 } },
  toolInput: call?.args ?? null,
  toolOutput: call?.result?.structuredContent ?? null,
  toolResponseMetadata: call?.result?._meta ?? null,
});

/** The host's side of a widget: the official bridge of MCP Apps, and ChatGPT's own way beside it. */
export class WidgetBridge {
  /** @param {BridgeOptions} options */
  constructor(options) {
    this.options = options;
    this.settings = options.settings;
    this.call = /** @type {import('../Workbench.js').Call | null} */ (null);
    this.isReady = false;
    this.listen = (/** @type {MessageEvent} */ event) => {
      if (event.source !== options.frame.contentWindow || !event.data?.mcpr) return;
      // The bridge, which listens later, would wonder about it.
      event.stopImmediatePropagation();
      this.hear(event.data);
    };
    window.addEventListener('message', this.listen);
  }

  /** Has to be called before the sandbox is loaded, which speaks first. */
  async open() {
    const { AppBridge, PostMessageTransport } = await import('ext-apps-bridge');
    const window_ = /** @type {Window} */ (this.options.frame.contentWindow);
    const { settings, widget } = this;
    const bridge = new AppBridge(
      null,
      { name: settings.host.title, version: '1' },
      { openLinks: {}, serverTools: {}, serverResources: {}, logging: {}, updateModelContext: { text: {} }, message: { text: {} } },
      { hostContext: /** @type {any} */ ({ ...contextOf(settings), toolInfo: this.options.tool ? { tool: this.options.tool } : undefined }) },
    );
    this.bridge = bridge;
    bridge.onsandboxready = () => {
      if (settings.host.hasOpenAi) this.post({ mcpr: 'globals', globals: { ...globalsOf(this.settings, this.call), widgetState: null } });
      bridge.sendSandboxResourceReady({ html: widget.html });
    };
    bridge.oninitialized = () => {
      log('widget', 'initialized', bridge.getAppVersion());
      this.isReady = true;
      this.tellCall();
    };
    this.takeRequests(bridge);
    await bridge.connect(new PostMessageTransport(window_, window_));
  }

  get widget() {
    return this.options.widget;
  }

  /** @param {any} bridge */
  takeRequests(bridge) {
    bridge.oncalltool = (/** @type {any} */ params) => this.ask('tools/call', params);
    bridge.onreadresource = (/** @type {any} */ params) => this.ask('resources/read', params);
    bridge.onlistresources = (/** @type {any} */ params) => this.ask('resources/list', params ?? {});
    bridge.onlistresourcetemplates = (/** @type {any} */ params) => this.ask('resources/templates/list', params ?? {});
    bridge.onlistprompts = (/** @type {any} */ params) => this.ask('prompts/list', params ?? {});
    bridge.onopenlink = async (/** @type {any} */ params) => this.openLink(params.url);
    bridge.onmessage = async (/** @type {any} */ params) => this.note('message', params);
    bridge.onupdatemodelcontext = async (/** @type {any} */ params) => this.note('update-model-context', params);
    bridge.onrequestdisplaymode = async (/** @type {any} */ { mode }) => ({ mode: this.changeMode(mode) });
    bridge.onloggingmessage = (/** @type {any} */ params) => this.note(`log ${params.level}`, params);
    bridge.onsizechange = (/** @type {any} */ { height }) => height && this.options.onHeight(height, true);
    bridge.onrequestteardown = () => this.note('request-teardown', undefined);
  }

  /** @param {string} method @param {any} params */
  ask(method, params) {
    log('widget', `${method} ${params.name ?? params.uri ?? ''}`, params);
    return this.options.connection.ask(method, params);
  }

  /** @param {string} what @param {any} value */
  note(what, value) {
    log('widget', what, value);
    return {};
  }

  /** A real host asks first, and so do we: nothing is opened, it is written down. @param {string} url */
  openLink(url) {
    return this.note(`open-link ${url}`, { url });
  }

  /** @param {string} wanted */
  changeMode(wanted) {
    this.note(`request-display-mode ${wanted}`, undefined);
    const mode = this.settings.host.modes.find((one) => one === wanted);
    if (mode) setParams({ display: mode }, { replace: true });
    return mode ?? this.settings.mode;
  }

  /** What is ours, and what widgets of ChatGPT ask. @param {any} message */
  hear(message) {
    if (message.mcpr === 'violation') this.options.onViolation(message);
    else if (message.mcpr === 'error') log('widget', message.message, undefined, true);
    else if (message.mcpr === 'height') this.options.onHeight(message.height, true);
    else if (message.mcpr === 'content') this.options.onHeight(message.height, false);
    else if (message.mcpr === 'openai') this.answer(message);
  }

  /** @param {{ id: number, name: string, args: any }} message */
  async answer({ id, name, args }) {
    try {
      this.post({ mcpr: 'answer', id, value: await this.doAsked(name, args) });
    } catch (problem) {
      this.post({ mcpr: 'answer', id, error: /** @type {Error} */ (problem).message });
    }
  }

  /** @param {string} name @param {any} args */
  doAsked(name, args) {
    if (name === 'callTool') return this.ask('tools/call', args);
    if (name === 'openExternal') return this.openLink(args?.href);
    if (name === 'requestDisplayMode') return { mode: this.changeMode(args?.mode) };
    return this.note(name, args);
  }

  /** @param {object} message */
  post(message) {
    this.options.frame.contentWindow?.postMessage(message, '*');
  }

  /** @param {import('./settings.js').Settings} settings */
  change(settings) {
    this.settings = settings;
    this.bridge?.setHostContext(/** @type {any} */ (contextOf(settings)));
    if (settings.host.hasOpenAi) this.post({ mcpr: 'globals', globals: globalsOf(settings, this.call) });
  }

  /** @param {import('../Workbench.js').Call | null} call */
  changeCall(call) {
    this.call = call;
    if (this.settings.host.hasOpenAi) this.post({ mcpr: 'globals', globals: globalsOf(this.settings, call) });
    if (this.isReady) this.tellCall();
  }

  tellCall() {
    if (!this.call) return;
    this.bridge?.sendToolInput({ arguments: this.call.args });
    if (this.call.result) this.bridge?.sendToolResult(this.call.result);
  }

  close() {
    window.removeEventListener('message', this.listen);
    this.bridge?.close();
  }
}
