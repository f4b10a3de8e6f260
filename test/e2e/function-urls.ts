/** Loaded into each process: function URLs lead to the emulator, as their names would if the emulator had a name server. */
const FUNCTION_URL = /^https:\/\/(\w+)\.lambda-url\.[^/]+/;

const { fetch } = globalThis;

globalThis.fetch = (input, init) => {
  const url = input instanceof Request ? input.url : String(input);
  const [origin, id] = FUNCTION_URL.exec(url) ?? [];
  if (origin === undefined) return fetch(input, init);
  const there = url.replace(origin, `${process.env.AWS_ENDPOINT_URL}/_aws/lambda-url/${id}`);
  return fetch(input instanceof Request ? new Request(there, input) : there, init);
};
