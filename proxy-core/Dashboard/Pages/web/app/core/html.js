// What components are written with.

import htm from 'htm';
import { h } from 'preact';

export { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';

/** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */
export const html = htm.bind(/** @type {any} */ (h));
