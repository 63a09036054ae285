import { html } from '../../core/html.js';
import { RawField } from './RawField.js';
import { choicesOf, initialValue, kindOf, resolve } from './values.js';

/** @typedef {{ id: string, schema: any, root: any, value: any, onChange: (value: any) => void, isRequired?: boolean }} FieldProps */

/** Strings that are long as a rule get a field to write in. @param {any} schema */
const isLong = (schema) => (schema.maxLength ?? 0) > 200 || /text|body|content|query|prompt|markdown|html|code|sql/i.test(schema.title ?? '');

const INPUT_TYPES = /** @type {Record<string, string>} */ ({ email: 'email', uri: 'url', date: 'date', password: 'password', color: 'color' });

/** @param {FieldProps} props */
function TextField({ id, schema, value, onChange, isRequired }) {
  const change = (/** @type {any} */ event) => onChange(event.target.value === '' && !isRequired ? undefined : event.target.value);
  const hint = schema.examples?.[0] ?? schema.format ?? '';
  return isLong(schema) || String(value ?? '').includes('\n')
    ? html`<textarea class="area" id=${id} rows="3" placeholder=${hint} value=${value ?? ''} onInput=${change}></textarea>`
    : html`<input class="input" id=${id} type=${INPUT_TYPES[schema.format] ?? 'text'} placeholder=${hint} value=${value ?? ''} onInput=${change} />`;
}

/** @param {FieldProps} props */
function NumberField({ id, schema, value, onChange }) {
  const isWhole = [schema.type].flat().includes('integer');
  return html`
    <input class="input" id=${id} type="number" step=${schema.multipleOf ?? (isWhole ? 1 : 'any')} min=${schema.minimum} max=${schema.maximum} value=${value ?? ''}
      onInput=${(/** @type {any} */ event) => onChange(event.target.value === '' ? undefined : Number(event.target.value))} />
  `;
}

/** @param {FieldProps} props */
function ChoiceField({ id, schema, value, onChange, isRequired }) {
  const choices = choicesOf(schema);
  const at = choices.findIndex(([one]) => one === value);
  return html`
    <select class="select" id=${id} value=${String(at)} onChange=${(/** @type {any} */ event) => onChange(choices[Number(event.target.value)]?.[0])}>
      ${(!isRequired || at < 0) && html`<option value="-1">–</option>`}
      ${choices.map(([, title], index) => html`<option key=${index} value=${index}>${title}</option>`)}
    </select>
  `;
}

/** Some of several, in the order of the schema. @param {FieldProps} props */
function ChoicesField({ id, schema, value, onChange }) {
  const chosen = Array.isArray(value) ? value : [];
  const choices = choicesOf(schema.items);
  const toggle = (/** @type {any} */ one) =>
    onChange(choices.map(([each]) => each).filter((each) => (each === one ? !chosen.includes(each) : chosen.includes(each))));
  return html`
    <div class="line" role="group" id=${id}>
      ${choices.map(([one, title]) => html`<label class="line" key=${title}><input type="checkbox" checked=${chosen.includes(one)} onChange=${() => toggle(one)} /> ${title}</label>`)}
    </div>
  `;
}

/** @param {FieldProps} props */
function ListField({ id, schema, root, value, onChange }) {
  const items = Array.isArray(value) ? value : [];
  const replace = (/** @type {number} */ at, /** @type {any} */ item) => onChange(items.map((one, index) => (index === at ? item : one)));
  return html`
    <div class="inner stack">
      ${items.map(
        (item, at) => html`
          <div class="list-item" key=${at}>
            <${SchemaField} id=${`${id}-${at}`} schema=${schema.items} root=${root} value=${item} isRequired onChange=${(/** @type {any} */ one) => replace(at, one)} />
            <button class="button plain" type="button" aria-label="Remove" onClick=${() => onChange(items.filter((_, index) => index !== at))}>✕</button>
          </div>
        `,
      )}
      <span><button class="button" type="button" onClick=${() => onChange([...items, initialValue(schema.items, root) ?? null])}>+ Add</button></span>
    </div>
  `;
}

/** @param {FieldProps} props */
function ObjectField(props) {
  return html`<div class="inner stack"><${SchemaFields} ...${props} /></div>`;
}

const FIELDS = /** @type {Record<string, any>} */ ({ text: TextField, number: NumberField, choice: ChoiceField, choices: ChoicesField, list: ListField, object: ObjectField, raw: RawField });

/** @param {FieldProps} props */
export function SchemaField(props) {
  const schema = resolve(props.schema, props.root);
  const kind = kindOf(schema);
  if (kind === 'boolean') {
    return html`<input type="checkbox" id=${props.id} checked=${props.value === true} onChange=${(/** @type {any} */ event) => props.onChange(event.target.checked)} />`;
  }
  return html`<${FIELDS[kind]} ...${props} schema=${schema} />`;
}

/**
 * The properties of an object.
 * @param {FieldProps} props
 */
export function SchemaFields({ id, schema, root, value, onChange }) {
  const properties = Object.entries(schema.properties ?? {});
  const set = (/** @type {string} */ name, /** @type {any} */ one) => {
    const { [name]: _, ...rest } = value ?? {};
    onChange(one === undefined ? rest : { ...rest, [name]: one });
  };
  return properties.map(([name, property]) => {
    const isRequired = (schema.required ?? []).includes(name);
    const { title, description } = resolve(property, root);
    return html`
      <div class="field" key=${name}>
        <label for=${`${id}-${name}`}>
          <span class="mono">${name}</span>${isRequired ? html`<span class="is-error" title="needed"> *</span>` : ''}
          ${title && title !== name && html` <span class="soft small">${title}</span>`}
        </label>
        <${SchemaField} id=${`${id}-${name}`} schema=${property} root=${root} value=${value?.[name]} isRequired=${isRequired} onChange=${(/** @type {any} */ one) => set(name, one)} />
        ${description && html`<p class="small soft">${description}</p>`}
      </div>
    `;
  });
}
