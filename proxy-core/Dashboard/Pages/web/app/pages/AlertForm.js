import { useAnswer } from '../core/answer.js';
import { postJson } from '../core/api.js';
import { html, useState } from '../core/html.js';
import { param } from '../core/location.js';
import { CopyButton } from '../parts/CopyButton.js';
import { Segments } from '../parts/Segments.js';
import { Problem } from '../parts/Shown.js';

const WINDOWS = /** @type {[string, string][]} */ ([
  ['60', '1 minute'],
  ['300', '5 minutes'],
  ['900', '15 minutes'],
  ['3600', '1 hour'],
  ['21600', '6 hours'],
  ['86400', '24 hours'],
]);

/** Tools are offered that were called in this time. */
const KNOWN = new URLSearchParams({ since: '7d' });

/** @param {{ label: string, children: any }} props */
const Field = ({ label, children }) => html`<label class="field"><span class="small soft">${label}</span>${children}</label>`;

/** @param {{ label: string, all: string, values?: string[], value: string, onChange: (value: string) => void }} props */
function Choice({ label, all, values = [], value, onChange }) {
  const known = value && !values.includes(value) ? [value, ...values] : values;
  return html`
    <${Field} label=${label}>
      <select class="select" value=${value} onChange=${(/** @type {any} */ event) => onChange(event.target.value)}>
        <option value="">${all}</option>
        ${known.map((one) => html`<option key=${one} value=${one}>${one}</option>`)}
      </select>
    <//>
  `;
}

/** @param {{ added: any, onClose: () => void }} props */
function Added({ added, onClose }) {
  return html`
    <div class="sheet stack">
      <h2>The alert is there</h2>
      <p>Its messages are signed, so that the receiver can tell that they are yours. This is the secret for that. It cannot be shown again; chats do without it.</p>
      <div class="line"><code>${added.secret}</code><${CopyButton} text=${added.secret} /></div>
      <div class="line"><button class="button primary" type="button" onClick=${onClose}>Done</button></div>
    </div>
  `;
}

/** @param {{ onAdded: () => void, onClose: () => void }} props */
export function AlertForm({ onAdded, onClose }) {
  const { data: known } = useAnswer('filters', KNOWN);
  const [metric, setMetric] = useState('error_rate');
  const [over, setOver] = useState('5');
  const [tool, setTool] = useState(param('tool'));
  const [server, setServer] = useState(param('server'));
  const [span, setSpan] = useState('300');
  const [minCalls, setMinCalls] = useState('10');
  const [webhook, setWebhook] = useState('');
  const [state, setState] = useState(/** @type {{ isSending?: boolean, added?: any, problem?: Error }} */ ({}));
  const isRate = metric === 'error_rate';
  const choose = (/** @type {string} */ value) => {
    setMetric(value);
    setOver(value === 'error_rate' ? '5' : '2000');
  };
  const add = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setState({ isSending: true });
    try {
      const added = await postJson('alerts', {
        tool: tool || null,
        server: server || null,
        metric,
        over: isRate ? Number(over) / 100 : Number(over),
        window_s: Number(span),
        min_calls: Number(minCalls),
        webhook,
      });
      setState({ added });
      onAdded();
    } catch (problem) {
      setState({ problem: /** @type {Error} */ (problem) });
    }
  };
  if (state.added) return html`<${Added} added=${state.added} onClose=${onClose} />`;
  return html`
    <form class="sheet stack" onSubmit=${add} aria-label="A new alert">
      <div class="fields">
        <${Choice} label="Tool" all="all together" values=${known?.tools} value=${tool} onChange=${setTool} />
        <${Choice} label="Server" all="all" values=${known?.servers} value=${server} onChange=${setServer} />
        <div class="field"><span class="small soft">What is watched</span>
          <${Segments} label="What is watched" chosen=${metric} onChoose=${choose} options=${[['error_rate', 'calls fail'], ['p95', 'p95']]} />
        </div>
        <${Field} label=${isRate ? 'Over, % of calls' : 'Over, ms'}>
          <input class="input" type="number" required min=${isRate ? 0 : 1} max=${isRate ? 99.9 : 3_600_000} step="any" value=${over} onInput=${(/** @type {any} */ e) => setOver(e.target.value)} />
        <//>
        <${Field} label="Of the calls of the last">
          <select class="select" value=${span} onChange=${(/** @type {any} */ e) => setSpan(e.target.value)}>
            ${WINDOWS.map(([value, title]) => html`<option key=${value} value=${value}>${title}</option>`)}
          </select>
        <//>
        <${Field} label="From so many calls on">
          <input class="input" type="number" required min="1" max="1000000" step="1" value=${minCalls} onInput=${(/** @type {any} */ e) => setMinCalls(e.target.value)} />
        <//>
      </div>
      <${Field} label="Webhook that is told, such as one of a chat">
        <input class="input" type="url" required maxlength="2048" autocomplete="off" spellcheck="false" placeholder="https://hooks.example.com/…" value=${webhook} onInput=${(/** @type {any} */ e) => setWebhook(e.target.value)} />
      <//>
      ${state.problem && html`<${Problem} problem=${state.problem} />`}
      <div class="line">
        <button class="button primary" type="submit" disabled=${state.isSending}>Add</button>
        <button class="button" type="button" data-close onClick=${onClose}>Cancel</button>
      </div>
    </form>
  `;
}
