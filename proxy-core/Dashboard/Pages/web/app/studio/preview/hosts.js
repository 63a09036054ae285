// The hosts that Studio can stand in for.

/**
 * @typedef {object} Host
 * @property {string} title
 * @property {string} policy the name of its policy in the API's answer
 * @property {boolean} hasOpenAi whether widgets find `window.openai`
 * @property {('inline' | 'fullscreen' | 'pip')[]} modes
 * @property {number} inlineWidth of a widget in the conversation, in CSS pixels
 * @property {string} userAgent
 */

/** @type {Record<string, Host>} */
export const HOSTS = {
  chatgpt: { title: 'ChatGPT', policy: 'ChatGPT', hasOpenAi: true, modes: ['inline', 'pip', 'fullscreen'], inlineWidth: 720, userAgent: 'ChatGPT' },
  claude: { title: 'Claude', policy: 'Claude', hasOpenAi: false, modes: ['inline', 'fullscreen'], inlineWidth: 680, userAgent: 'Claude' },
  apps: { title: 'MCP Apps', policy: 'specification', hasOpenAi: false, modes: ['inline', 'pip', 'fullscreen'], inlineWidth: 720, userAgent: 'mcpr Studio' },
};

/** Widths of screens, in CSS pixels. */
export const VIEWPORTS = /** @type {Record<string, { title: string, width: number | null }>} */ ({
  fit: { title: 'as here', width: null },
  phone: { title: 'phone 430', width: 430 },
  tablet: { title: 'tablet 820', width: 820 },
  desktop: { title: 'desktop 1280', width: 1280 },
});

export const LOCALES = ['en-US', 'de-DE', 'fr-FR', 'es-ES', 'pt-BR', 'ja-JP', 'zh-CN', 'ar-EG', 'hi-IN'];

const LIGHT = { '--color-background-primary': '#ffffff', '--color-background-secondary': '#f5f5f4', '--color-text-primary': '#1c1917', '--color-text-secondary': '#57534e', '--color-border-primary': '#e7e5e4' };
const DARK = { '--color-background-primary': '#1c1c1c', '--color-background-secondary': '#2a2a2a', '--color-text-primary': '#f5f5f4', '--color-text-secondary': '#a8a29e', '--color-border-primary': '#404040' };

/** What a widget may take its colours from. @param {string} theme */
export const variablesOf = (theme) => ({ ...(theme === 'dark' ? DARK : LIGHT), '--font-sans': 'system-ui, sans-serif', '--border-radius-md': '8px' });
