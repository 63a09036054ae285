// How the preview is set, from the URL.

import { param } from '../../core/location.js';
import { isDark } from '../../core/theme.js';
import { HOSTS, LOCALES, VIEWPORTS } from './hosts.js';

/** @typedef {{ hostName: string, host: import('./hosts.js').Host, theme: string, mode: string, locale: string, viewport: string, width: number | null }} Settings */

/** @returns {Settings} */
export function readSettings() {
  const hostName = param('host') in HOSTS ? param('host') : 'chatgpt';
  const host = HOSTS[hostName];
  const mode = host.modes.find((one) => one === param('display')) ?? 'inline';
  const viewport = param('viewport') in VIEWPORTS ? param('viewport') : 'fit';
  return {
    hostName,
    host,
    theme: ['light', 'dark'].includes(param('theme')) ? param('theme') : isDark.value ? 'dark' : 'light',
    mode,
    locale: param('locale') || LOCALES[0],
    viewport,
    width: VIEWPORTS[viewport].width,
  };
}

/** The widest that a widget gets. @param {Settings} settings */
export const maxWidth = ({ host, mode, width }) => {
  if (mode === 'pip') return Math.min(400, width ?? Infinity);
  return mode === 'inline' ? Math.min(host.inlineWidth, width ?? Infinity) : width;
};
