// Loaded into a client with --require: it then says in the protocol that it is POSE_AS, as ChatGPT and Claude do of themselves.

const NAME = /("(?:io\.modelcontextprotocol\/)?clientInfo":\{[^{}]*?"name":)"[^"]*"/g;
const { fetch } = globalThis;

globalThis.fetch = (input, init) =>
  fetch(
    input,
    typeof init?.body === 'string'
      ? { ...init, body: init.body.replace(NAME, (_, before) => before + JSON.stringify(process.env.POSE_AS)) }
      : init,
  );
