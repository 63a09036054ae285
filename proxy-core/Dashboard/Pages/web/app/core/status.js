// What runs here. The shell asks; everybody may read.

import { computed, signal } from '@preact/signals';

/** The last answer of /status, null until the first one. */
export const status = signal(/** @type {any} */ (null));

/** @typedef {{ project: string, member: string, role: string }} Team */

/** Who looks at a team's project, null where mcpr's own dashboard is looked at. Servers of a team are elsewhere: no Studio, no bodies. */
export const team = computed(() => /** @type {Team | null} */ (status.value?.team ?? null));
