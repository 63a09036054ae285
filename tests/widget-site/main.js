import { message } from './message.js';

const show = (id, text) => {
  document.getElementById(id).textContent = text;
};

show('message', message);
// Relative to this module, not to the page: the page has the origin of the host's sandbox.
const response = await fetch(new URL('./data.json', import.meta.url));
show('data', (await response.json()).text);

import.meta.hot?.accept('./message.js', (changed) => show('message', changed.message));
