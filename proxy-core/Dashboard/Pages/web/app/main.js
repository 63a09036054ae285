import { render } from 'preact';
import { html } from './core/html.js';
import { followLinks } from './core/location.js';
import { Shell } from './shell/Shell.js';

followLinks();
render(html`<${Shell} />`, document.body);
