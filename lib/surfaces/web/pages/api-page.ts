/** The reference of the API, from its OpenAPI document. */
import { html, raw } from 'hono/html';
import { fact } from './facts.ts';
import { type Html, NOTHING } from './html.ts';

/** The part of JSON Schema that the API uses. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly description?: string;
}

interface ApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: Schema }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

export interface ApiDocument {
  readonly info: { readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
}

export function apiPage({ info, paths }: ApiDocument): Html {
  return html`<div class="title"><div><h1>API</h1><p class="faint">${info.description}</p></div>
<div class="actions"><a class="button" href="/api/openapi.json" download>OpenAPI 3.1</a></div></div>
${Object.entries(paths).map(([path, methods]) => html`<section class="card api"><h2><code>${path}</code></h2>${Object.entries(methods).map(([method, operation]) => operationView(method, path, operation))}</section>`)}`;
}

function operationView(method: string, path: string, operation: ApiOperation): Html {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const body = requestBody?.content['application/json']?.schema;
  return html`<details id="${operationId}"><summary><code class="method">${method.toUpperCase()}</code> ${summary}<span class="hidden">: ${path}</span></summary>
${description === undefined ? NOTHING : html`<p>${description}</p>`}
${parameters.length === 0 ? NOTHING : html`<h3>Parameters</h3><dl class="facts">${parameters.map(({ name, in: place, required, schema }) => codeFact(name, html`${typeText(schema)}, in the ${place}${required ? '' : ', optional'}`))}</dl>`}
${body ? html`<h3>Body</h3>${fieldsView(body)}` : NOTHING}
<h3>Answers</h3><dl class="facts">${Object.entries(responses).map(([status, { description: meaning }]) => codeFact(status, meaning))}</dl>
${Object.entries(responses).map(([status, { content }]) => {
  const schema = content?.['application/json']?.schema;
  return schema ? html`<h3>${status}</h3>${fieldsView(schema)}` : NOTHING;
})}</details>`;
}

function fieldsView({ properties, required = [] }: Schema): Html {
  if (!properties) return html`<p class="none">A JSON value.</p>`;
  return html`<dl class="facts">${Object.entries(properties).map(([name, schema]) => {
    const inner = schema.properties ? schema : schema.items;
    return codeFact(
      name,
      html`${typeText(schema)}${required.includes(name) ? '' : ', optional'}${inner?.properties ? fieldsView(inner) : NOTHING}`,
    );
  })}</dl>`;
}

function codeFact(term: string, text: Html | string): Html {
  return fact(html`<code>${term}</code>`, text);
}

function typeText(schema: Schema): Html {
  const { type, items, anyOf, enum: values, const: value } = schema;
  const known = values ?? (value === undefined ? undefined : [value]);
  if (known)
    return html`${known.map((one, index) => html`${index > 0 ? ' or ' : NOTHING}<code>${JSON.stringify(one)}</code>`)}`;
  if (anyOf) return html`${anyOf.map((one, index) => html`${index > 0 ? ' or ' : NOTHING}${typeText(one)}`)}`;
  if (items) return html`list of ${items.properties ? raw('objects') : typeText(items)}`;
  return html`${type === undefined ? 'any value' : [type].flat().join(' or ')}`;
}
