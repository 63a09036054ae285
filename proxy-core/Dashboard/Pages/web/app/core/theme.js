// Colours of the style sheets, for what is drawn by scripts.

import { signal } from '@preact/signals';

const dark = window.matchMedia('(prefers-color-scheme: dark)');

export const isDark = signal(dark.matches);
dark.addEventListener('change', () => {
  isDark.value = dark.matches;
});

/** @param {string} name such as `--error` */
export const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
